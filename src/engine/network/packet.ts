/** What travels: where it comes from, the way it takes, and what the network asks of the machines. */
import type { Pod } from '#api/kinds.ts'
import type { FlightHop } from '#api/request.ts'
import type { HttpOutcome, HttpRequest } from '../machinery/http.ts'

export type Protocol = 'TCP' | 'UDP' | 'SCTP'

/** What the network asks of a node. */
export interface NodeEnd {
  readonly name: string
  readonly ip: string
  readonly isPowered: boolean
  /** Hands a request to whatever listens on this port of a pod. */
  answer(podUid: string, port: number, request: HttpRequest): HttpOutcome
  /** Whether anything in a pod listens on a port (UDP's: see machinery/http.ts). */
  listens(podUid: string, port: number): boolean
  /** `namespace/name` of a pod it runs. */
  podName(podUid: string): string
  pod(podUid: string): Pod | undefined
  /** Pods that are reached by the machine's own address: on its network, or with host ports. */
  hostPods(): readonly Pod[]
  /** Its kubelet's own answer. */
  kubelet(request: HttpRequest): HttpOutcome
}

export interface Origin {
  /** The node whose proxy handles it; empty: outside of all of them. */
  node: string
  ip: string
  namespace: string
  /** How the first hop is called. */
  label: string
  /** Absent: it is no pod's. */
  podUid?: string
}

export interface Walk {
  outcome: HttpOutcome
  hops: FlightHop[]
  /** `namespace/name`, or empty when no Service was in the way. */
  service: string
  pod: string
  node: string
  ms: number
}

/** On its way: who sent it, what it is, and the walk so far. */
export interface Packet {
  readonly origin: Origin
  readonly protocol: Protocol
  readonly request: HttpRequest
  readonly walk: Walk
}

export const protocolOf = ({ method }: HttpRequest): Protocol => (method === 'UDP' || method === 'SCTP' ? method : 'TCP')
