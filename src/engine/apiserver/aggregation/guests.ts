/** The API servers that run in Pods: each is kept as long as its Pod, and begins anew when its etcd does. */

import type { Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { failure } from '#api/status.ts'
import type { StoreEvent } from '../../etcd/etcd.ts'
import type { Forwarder, OwnReply } from '../../machinery/forwarder.ts'
import type { HttpReply, HttpRequest } from '../../machinery/http.ts'
import type { Server } from '../api-server.ts'
import { accountGroups } from '../auth/account-groups.ts'
import { Guest, type GuestApi } from './guest.ts'

/** What the program in the container says when it leaves the answer to the server. */
interface Told {
  serves: string
  /** Whose data its etcd has; null when that is not there. */
  data: string | null
}

interface Kept {
  uid: string
  serves: string
  data: string
  account: string
  guest: Guest
}

const json = { 'content-type': 'application/json' }
const NO_STORE =
  'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:2379: connect: connection refused"'
const storeless = (): HttpReply => ({ status: 500, headers: json, body: JSON.stringify(failure(500, '', NO_STORE)) })

const accountOf = ({ metadata, spec }: Pod): string =>
  `system:serviceaccount:${metadata.namespace}:${spec.serviceAccountName || 'default'}`

function userOf(account: string) {
  const namespace = account.split(':')[2] ?? ''
  return { name: account, groups: [...accountGroups(namespace), 'system:authenticated'] }
}

const restarts = (pod: AnyObject | null | undefined): number =>
  ((pod as Pod | null | undefined)?.status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0)

export class Guests implements Forwarder {
  readonly #cluster: Server
  readonly #programs: Readonly<Record<string, GuestApi>>
  #kept = new Map<string, Kept>()

  constructor(cluster: Server, programs: Readonly<Record<string, GuestApi>>) {
    this.#cluster = cluster
    this.#programs = programs
    cluster.listen(cluster.resource('pods'), (event) => this.#see(event))
  }

  route(request: HttpRequest, { pod, told }: { pod: Pod | undefined; told: HttpReply }): OwnReply {
    const { serves, data } = JSON.parse(told.body) as Told
    const why = 'an API server runs in it'
    if (!pod || data === null) return { reply: storeless(), why }
    return { reply: this.#of(pod, serves, data).ask(request), why }
  }

  #of(pod: Pod, serves: string, data: string): Guest {
    const uid = pod.metadata.uid ?? ''
    const known = this.#kept.get(uid)
    if (known?.data === data) return known.guest
    known?.guest.endWatches()
    return this.#keep({ uid, serves, data, account: accountOf(pod) })
  }

  #keep(facts: Omit<Kept, 'guest'>): Guest {
    const guest = new Guest(this.#cluster, this.#programs[facts.serves] as GuestApi, userOf(facts.account))
    this.#kept.set(facts.uid, { ...facts, guest })
    return guest
  }

  /** Connections end with the processes that held them, and what is kept goes with the Pod. */
  #see({ type, value, previous }: StoreEvent<AnyObject>): void {
    if (this.#kept.size === 0) return
    const kept = this.#kept.get((value ?? previous)?.metadata.uid ?? '')
    if (!kept) return
    if (type === 'DELETE') this.#kept.delete(kept.uid)
    if (type === 'DELETE' || restarts(value) !== restarts(previous)) kept.guest.endWatches()
  }

  forget(): void {}

  save(): unknown[] {
    return [...this.#kept.values()].map(({ guest, ...facts }) => ({ ...facts, store: guest.store.save() }))
  }
  load(saved: any[]): void {
    this.#kept.clear()
    for (const { store, ...facts } of saved) this.#keep(facts).store.load(store)
  }
}
