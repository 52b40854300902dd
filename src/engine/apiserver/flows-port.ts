/** Where API Priority and Fairness comes in; the first scene does without it. */
import { later } from '../sim/later.ts'
import type { Answer, Call } from './call.ts'
import type { ApiServer } from './server.ts'

export interface FlowPort {
  /** The answer, and in its headers to which flow the request belonged. */
  mark(call: Call, answer: Answer): Answer
  /** What `/metrics` tells of it. */
  metrics(): string
}

export const flowPorts = later<(server: ApiServer) => FlowPort>('flow control')
