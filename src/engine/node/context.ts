/** What the parts of one kubelet share, and what it is given from outside (ports). */
import { flat } from '#api/ascii.ts'
import type { Container, Pod, Volume } from '#api/kinds.ts'
import type { DiskState } from '#posix/disk.ts'
import type { Api } from '../machinery/client.ts'
import type { Asker, Fetch } from '../machinery/http.ts'
import type { Registries } from '../machinery/registries.ts'
import type { World } from '../sim/world.ts'
import type { ContainerState } from './container.ts'
import type { PodRecord } from './pod-record.ts'
import type { Reporter } from './reporter.ts'
import type { Runtime } from './runtime.ts'
import type { StaticPods } from './static-pods.ts'
import type { Tally } from './tally.ts'

/** What became of a look-up (network/resolver.ts). */
export interface Resolved {
  name: string
  /** `TIMEOUT`: no name server has answered. */
  rcode: 'NOERROR' | 'NXDOMAIN' | 'TIMEOUT'
  records: readonly { name: string; type: string; ttl: number; data: string }[]
  addresses: string[]
  names: string[]
  canonical?: string
  server: string
  tried: string[]
  why: string
}

/** The cluster's network as a node sees it. */
export interface NetworkPort {
  /** An address for a pod on this node; null while the node has no range or it is used up. */
  attach(node: string, podUid: string): string | null
  detach(podUid: string): void
  /** Calls back once the node has its range of pod addresses (at once if it has). */
  onRange(node: string, ready: (range: string) => void): void
  /** A request from a pod (or, with an empty uid, from the node itself) to a name or address. */
  fetch: Fetch
  /** What a pod's resolver finds: records of a type (`A`, `SRV`, `PTR`…), by its search path and name servers. */
  lookUp(from: Asker, name: string, type: string): Resolved
  /** `WEB_SERVICE_HOST` and its kin for the Services of a namespace. */
  serviceEnv(namespace: string): Record<string, string>
}

/** Volumes that outlive their Pods. */
export interface StoragePort {
  /**
   * Files (from a node of theirs on; `grouped`: they are given to a pod's group), shared and changed in place; or why there are none yet (empty: it is being
   * attached), or why it can't be mounted. Null: none of its volumes.
   */
  of(
    node: string,
    pod: Pod,
    volume: Volume,
  ): { files: DiskState; root?: number; grouped?: boolean } | { waits: string } | { fails: string; volume: string } | null
}

export interface Context {
  readonly storage: StoragePort | null
  /** How a registry is, and whether it lets somebody pull with one of these logins. */
  readonly registries: Pick<Registries, 'of' | 'admits' | 'build'>
  /** `isUnplugged`: the runtime says that the network plugin is not ready. */
  readonly status: { readonly isUnplugged: boolean }
  /** Whether the API server can be reached. */
  reaches(): boolean
  /** A container has begun or ended: told to whoever of the machine's owners wants to know. */
  ran(container: ContainerState, runs: boolean): void
  readonly world: World
  readonly api: Api
  readonly network: NetworkPort
  readonly runtime: Runtime
  readonly reporter: Reporter
  readonly tally: Tally
  /** Pods of the machine's own manifests. */
  readonly statics: StaticPods
  /** `kubelet/NAME`: the part that due entries are for. */
  readonly part: string
  readonly nodeName: string
  readonly hostIp: string
  /** When the containers' states are next compared (the kubelet's relist, once a second). */
  relist(): number
  /** 1 to 1.5 times so long: what the kubelet adds to its waits. */
  jitter(ms: number): number
  /** Records an event about a pod or one of its containers; dropped when the pod has caused too many. */
  event(record: PodRecord, type: 'Normal' | 'Warning', reason: string, message: string, container?: string): void
  /** Syncs the pod at this time, or earlier if that was wanted already. */
  wake(record: PodRecord, at: number): void
  /** Its containers have ended: what they took of the node is free, whoever comes next. */
  freed(record: PodRecord): void
  /** Nothing more is to be done for a pod. */
  forget(record: PodRecord): void
}

/** `spec.containers{web}`: where in the pod an event belongs. */
export function fieldPath(record: PodRecord, name: string): string {
  const { spec } = record.pod
  const has = (list: readonly { name: string }[] | undefined) => list?.some((c) => c.name === name)
  const kind = has(spec.containers) ? 'containers' : has(spec.initContainers) ? 'initContainers' : 'ephemeralContainers'
  return flat(`spec.${kind}{${name}}`)
}

/** A port of a container by number or name. */
export function portOf(container: Container, port: number | string): number | undefined {
  if (typeof port === 'number') return port
  if (/^\d+$/.test(port)) return Number(port)
  return container.ports?.find((p) => p.name === port)?.containerPort
}
