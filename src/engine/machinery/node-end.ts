/** Where the network ends: what it may ask of a machine, and the machine answers. */
import type { Pod } from '#api/kinds.ts'
import type { HttpOutcome, HttpReply, HttpRequest } from './http.ts'

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
  /** What its own daemons answer on a port, if they listen there; `local`: to who is on the machine. */
  daemon(port: number, request: HttpRequest, local: boolean): Daemon | null
}

export interface Daemon {
  name: string
  reply: HttpReply
}
