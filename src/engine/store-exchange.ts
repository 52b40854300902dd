/** Another state takes the place of the cluster's store: whoever follows it is told what is different, as a client that lists anew finds it. */
import type { AnyObject } from '#api/meta.ts'
import type { StoreExchange } from './addons/addon.ts'
import type { Server } from './apiserver/api-server.ts'
import type { Entry, StoreEvent } from './etcd/etcd.ts'

type Entries = Map<string, Entry<AnyObject>>

interface Saved {
  entries: [directory: string, entries: Entry<AnyObject>[]][]
  leases: [id: number, lease: { keys: string[] }][]
  clientLeases?: Record<string, { ttl: number }>
}

/** What has a lease has it anew, from its beginning: an hour, which is what events live. */
const LEASE_SECONDS = 3600
const NOTHING: Saved = { entries: [], leases: [] }

const entriesOf = ({ entries }: Saved): Entries => new Map(entries.flatMap(([, all]) => all.map((entry) => [entry.key, entry])))

const same = (a: Entry<AnyObject>, b: Entry<AnyObject>): boolean =>
  a.modified === b.modified && JSON.stringify(a.value) === JSON.stringify(b.value)

/** What somebody who knew `before` would find changed. */
function differences(before: Entries, after: Entries, revision: number): StoreEvent<AnyObject>[] {
  const events: StoreEvent<AnyObject>[] = []
  for (const { key, value, created, version } of before.values()) {
    if (!after.has(key)) events.push({ revision, type: 'DELETE', key, value: null, previous: value, created, version })
  }
  for (const entry of after.values()) {
    const { key, value, created, version, modified } = entry
    const old = before.get(key)
    if (!old || !same(old, entry))
      events.push({ revision: modified, type: 'PUT', key, value, previous: old?.value ?? null, created, version })
  }
  return events
}

function put(server: Server, state: Saved, revision: number): void {
  const { store, hub, world } = server
  const before = entriesOf(store.save() as Saved)
  const lease = server.leaseFor(LEASE_SECONDS)
  const keys = state.leases.flatMap(([, { keys }]) => keys)
  const clientLeases = Object.entries(state.clientLeases ?? {}).map(([id, { ttl }]) => [
    id,
    { ttl, until: world.now + ttl * 1000 },
  ])
  store.load({
    ...state,
    revision,
    compacted: revision,
    log: [],
    leases: [[lease, { until: world.now + LEASE_SECONDS * 1000, keys }]],
    nextLease: lease + 1,
    clientLeases: Object.fromEntries(clientLeases),
  })
  for (const event of differences(before, entriesOf(state), revision)) hub.publish(event)
}

export const exchangeOf = (server: Server, bootstrap: () => void): StoreExchange => ({
  save: () => ({ state: server.store.save(), revision: server.store.revision }),
  put: ({ state, revision }) => put(server, (state as Saved | null) ?? NOTHING, revision),
  bootstrap,
})
