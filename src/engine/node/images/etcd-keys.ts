/** The keys of an etcd that runs in a Pod: plain data of its process, with all history since it was compacted. */

import { type Change, inRange, type Keyspace, type Lease, type Stored } from '../../machinery/etcd-keyspace.ts'
import type { Database } from '../../machinery/etcd-snapshot.ts'

interface Kept {
  key: string
  value: string
  created: number
  modified: number
  version: number
  lease: string
}

interface KeptChange {
  revision: number
  sub: number
  key: string
  now: Kept | null
  before: Kept | null
}

export interface EtcdData {
  revision: number
  compacted: number
  keys: Record<string, Kept>
  history: KeptChange[]
  leases: Record<string, Lease>
  proposals: number
}

export const newData = (): EtcdData => ({ revision: 1, compacted: 0, keys: {}, history: [], leases: {}, proposals: 0 })

/** What a snapshot holds: the history before it is no more, and leases begin anew when somebody grants them. */
export function dataOf({ revision, keys = [] }: Pick<Database, 'revision' | 'keys'>): EtcdData {
  const kept = keys.map(({ key, value = '', create_revision: created, mod_revision: modified, version }) => {
    return [key, { key, value, created, modified, version, lease: '0' }] as const
  })
  return { ...newData(), revision, compacted: revision, keys: Object.fromEntries(kept) }
}

const stored = (kept: Kept): Stored => ({ ...kept, value: () => kept.value })

/** Works on a copy, from the first write on: `data` is the next state, the same one if nothing was written. */
export class OwnKeys implements Keyspace {
  data: EtcdData
  readonly #first: EtcdData
  #sub = -1

  constructor(data: EtcdData) {
    this.#first = data
    this.data = data
  }

  get revision(): number {
    return this.data.revision
  }
  get compacted(): number {
    return this.data.compacted
  }
  get proposals(): number {
    return this.data.proposals
  }
  get leases(): Readonly<Record<string, Lease>> {
    return this.data.leases
  }
  lease(id: string, lease: Lease | null): void {
    const { leases } = this.#own()
    if (lease) leases[id] = lease
    else delete leases[id]
  }

  #own(): EtcdData {
    if (this.data === this.#first) {
      const { keys, history, leases } = this.#first
      this.data = { ...this.#first, keys: { ...keys }, history: [...history], leases: { ...leases } }
    }
    return this.data
  }

  proposed(): void {
    this.#own().proposals += 1
  }

  find(key: string, end: string): Stored[] {
    const { keys } = this.data
    if (end === '') return Object.hasOwn(keys, key) ? [stored(keys[key] as Kept)] : []
    const names = Object.keys(keys).filter((name) => inRange(name, key, end))
    return names.sort((a, b) => (a < b ? -1 : 1)).map((name) => stored(keys[name] as Kept))
  }

  since(revision: number): Change[] {
    return this.data.history
      .filter((change) => change.revision > revision)
      .map(({ now, before, ...rest }) => ({ ...rest, now: now && stored(now), before: before && stored(before) }))
  }

  together(write: () => void): void {
    this.#sub = 0
    write()
    this.#sub = -1
  }

  /** The revision of the next write, and its place in it. */
  #next(): { revision: number; sub: number } {
    const data = this.#own()
    if (this.#sub <= 0) data.revision += 1
    const sub = Math.max(0, this.#sub)
    if (this.#sub >= 0) this.#sub += 1
    return { revision: data.revision, sub }
  }

  put(key: string, value: string, lease: string): void {
    const { revision, sub } = this.#next()
    const { keys, history } = this.#own()
    const before = Object.hasOwn(keys, key) ? (keys[key] as Kept) : null
    const now = {
      key,
      value,
      created: before?.created ?? revision,
      modified: revision,
      version: (before?.version ?? 0) + 1,
      lease,
    }
    keys[key] = now
    history.push({ revision, sub, key, now, before })
  }

  delete(key: string): void {
    const { revision, sub } = this.#next()
    const { keys, history } = this.#own()
    const before = keys[key] ?? null
    delete keys[key]
    history.push({ revision, sub, key, now: null, before })
  }

  compact(revision: number): void {
    const data = this.#own()
    data.compacted = revision
    data.history = data.history.filter((change) => change.revision > revision)
  }
}
