/** Where API Priority and Fairness comes in; the first scene does without it. */
import { later } from '../sim/later.ts'
import type { Answer, Call } from './call.ts'
import type { ApiServer } from './server.ts'

export interface FlowName {
  schema: string
  level: string
  /** By what it tells its flows apart: ByUser, ByNamespace, or not at all. */
  distinguisher: string
}
export interface Dispatched {
  schema: string
  level: string
  count: number
}

export interface FlowPort {
  /** The answer, and in its headers to which flow the request belonged. */
  mark(call: Call, answer: Answer): Answer
  /** Undefined for those that no flow holds: streams. */
  of(call: Call): FlowName | undefined
  /** How many requests each has had: those that have been answered. */
  dispatched(): Dispatched[]
  reset(): void
}

export const flowPorts = later<(server: ApiServer) => FlowPort>('flow control')
