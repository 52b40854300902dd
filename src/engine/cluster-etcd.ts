/** The cluster's etcd for its clients: what Pods of etcd's members answer, and a door for hosts that let clients in. */
import type { Pod } from '#api/kinds.ts'
import type { Server } from './apiserver/api-server.ts'
import type { Cluster } from './cluster.ts'
import { ClusterKeys } from './cluster-keys.ts'
import { type ControlMachines, ETCD, type Standing } from './control-machines.ts'
import { gateway } from './machinery/etcd-gateway.ts'
import { clusterId, memberId } from './machinery/etcd-identity.ts'
import { EtcdKv, type EtcdMember, type EtcdServer } from './machinery/etcd-kv.ts'
import type { Forwarder, OwnReply } from './machinery/forwarder.ts'
import type { HttpReply, HttpRequest } from './machinery/http.ts'

export { fromBytes, latin1, methodOf, toBytes } from './machinery/etcd-bytes.ts'
export { gateway, watched } from './machinery/etcd-gateway.ts'
export { EtcdError } from './machinery/etcd-keyspace.ts'
export type { EtcdKv, EtcdServer } from './machinery/etcd-kv.ts'
export type { Said } from './machinery/etcd-messages.ts'

/** A machine of the control plane that etcd runs on. */
export interface EtcdHost {
  name: string
  ip: string
  /** Decimal; reckoned from its address when absent. */
  id?: string
  /** Who leads; the first one that runs when nobody says so. */
  leader?: boolean
  started: boolean
  /** Where it is one of several. */
  standing?: Standing
}

/** What an answer may set in motion among the members. */
export type Acts = Pick<NonNullable<ControlMachines['ring']>, 'propose' | 'transfer'>

/** What would be an entry of the log. */
const WRITES = /^KV\/(?:Put|DeleteRange|Txn)$/

const VERSION = '3.6.7'

function memberOf({ name, ip, id }: EtcdHost): EtcdMember {
  const peerURLs = [`https://${ip}:2380`]
  return { id: id ?? memberId(peerURLs), name, peerURLs, clientURLs: [`https://${ip}:2379`] }
}

/** The answers of one member, as things stand now. */
export function memberServer(
  hosts: readonly EtcdHost[],
  name: string,
  now: number,
  version = VERSION,
  acts: Acts | null = null,
): EtcdServer {
  const members = hosts.map(memberOf)
  const idOf = (host: EtcdHost | undefined): string => (host ? (members[hosts.indexOf(host)]?.id ?? '0') : '0')
  const running = hosts.filter(({ started }) => started)
  // Without most of its members a cluster has no leader.
  const leader = running.length * 2 > hosts.length ? (running.find((each) => each.leader) ?? running[0]) : undefined
  const self = hosts.find((each) => each.name === name) ?? hosts[0]
  const own = idOf(self)
  const standing = self?.standing
  const apart = standing ? !standing.hears : !leader && hosts.length > 1
  return {
    now,
    clusterId: clusterId(members.map(({ id }) => id)),
    memberId: own,
    leader: idOf(standing ? hosts.find((each) => each.name === standing.leader) : leader),
    term: standing?.term ?? 2,
    members,
    version,
    ...(apart ? { apart: standing?.revision ?? 0 } : {}),
    ...(standing ? { committed: standing.commit } : {}),
    proposed: (method, said) => WRITES.test(method) && acts?.propose(name, { method, said }),
    transfer: (id) => acts?.transfer(hosts.find((each) => idOf(each) === id)?.name ?? name),
  }
}

export interface EtcdForwarderOptions {
  server: Server
  members(): readonly EtcdHost[]
  acts?(): Acts | null
}

const SNAPSHOT = '/v3/maintenance/snapshot'
const STATIC_POD = /^etcd-(.+)$/

/** Answers for the Pods that are the cluster's etcd; what others have said holds. */
export class EtcdForwarder implements Forwarder {
  readonly #options: EtcdForwarderOptions
  readonly #keys: ClusterKeys

  constructor(options: EtcdForwarderOptions) {
    this.#options = options
    this.#keys = new ClusterKeys(options.server)
  }

  route(request: HttpRequest, { pod, told }: { pod: Pod | undefined; port: number; told: HttpReply }): OwnReply {
    const hosts = this.#options.members()
    const [, name = ''] = STATIC_POD.exec(pod?.metadata.name ?? '') ?? []
    if (pod?.metadata.namespace !== 'kube-system' || !hosts.some((each) => each.name === name)) return { reply: told, why: '' }
    const [, version = VERSION] = /:v?(\d+\.\d+\.\d+)/.exec(pod.spec.containers[0]?.image ?? '') ?? []
    const server = memberServer(hosts, name, this.#options.server.world.now, version, this.#options.acts?.() ?? null)
    const reply = gateway(new EtcdKv(this.#keys, server), server, request)
    if (request.path === SNAPSHOT && reply.status === 200) this.#noted(name)
    return { reply, why: 'it is the etcd of the cluster' }
  }

  /** For those who look on: a snapshot was taken. */
  #noted(name: string): void {
    const { world, store } = this.#options.server
    const because = `all that etcd holds at revision ${store.revision}`
    world.trace({ by: 'system:etcd', verb: 'save', resource: 'snapshots', namespace: '', name, code: 200, because })
  }

  forget(): void {}
}

/** The control plane's machines as members: all of them are, whether their etcd runs or not. */
export function etcdHosts(machines: ControlMachines): EtcdHost[] {
  return machines.addresses().map(({ name, ip }) => ({
    name,
    ip,
    leader: machines.leader === name,
    started: machines.runs(ETCD, name),
    ...(machines.ring ? { standing: machines.ring.standing(name) } : {}),
  }))
}

/** The cluster's etcd as its clients outside see it now: the first member that can answer does. */
export interface EtcdView {
  kv: EtcdKv
  server: EtcdServer
}

/** A door for a host that lets clients in: each time it is asked, things as they stand. */
export function etcdDoor(cluster: Cluster): () => EtcdView {
  const keys = new ClusterKeys(cluster.server)
  return () => {
    const hosts = etcdHosts(cluster.faults.machines)
    const heard = hosts.find(({ standing }) => standing?.hears) ?? hosts[0]
    const server = memberServer(hosts, heard?.name ?? '', cluster.now, VERSION, cluster.faults.machines.ring)
    return { kv: new EtcdKv(keys, server), server }
  }
}

export const etcdOf = (cluster: Cluster): EtcdView => etcdDoor(cluster)()
