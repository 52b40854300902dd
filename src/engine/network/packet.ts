/** What travels: where it comes from, and the way it takes. */
import type { FlightHop } from '#api/request.ts'
import type { HttpOutcome, HttpRequest } from '../machinery/http.ts'

export type Protocol = 'TCP' | 'UDP' | 'SCTP'

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

export const protocolOf = ({ transport }: HttpRequest): Protocol =>
  transport === 'UDP' || transport === 'SCTP' ? transport : 'TCP'

/** What the sender did, in words. */
export function askedFor(request: HttpRequest, host: string, port: number): string {
  const { method, path, transport, protocol = transport } = request
  if (transport === undefined) return `${method} http://${host}:${port}${path}`
  return `${transport === 'CONNECT' ? 'connection' : protocol} to ${host}:${port}`
}
