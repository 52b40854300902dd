/** Where the daemons of a machine listen; what they answer comes with the rest of the engine. */
import type { Node } from '#api/kinds.ts'
import type { HttpReply, HttpRequest } from '../machinery/http.ts'
import type { Daemon } from '../machinery/node-end.ts'
import { later } from '../sim/later.ts'

export const KUBELET = 10_250
export const PROXY_HEALTH = 10_256
/** These two speak to who is on the machine only. */
export const KUBELET_HEALTH = 10_248
export const PROXY_STATUS = 10_249

export interface Daemons {
  now(): number
  node(): Node
  kubelet(request: HttpRequest): HttpReply
}

/** Asked only where {@link isDaemon}. */
export const daemonPages = later<(port: number, request: HttpRequest, daemons: Daemons) => Daemon>('daemons of machines')

export const isDaemon = (port: number, local: boolean): boolean =>
  port === KUBELET || port === PROXY_HEALTH || (local && (port === KUBELET_HEALTH || port === PROXY_STATUS))
