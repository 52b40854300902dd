/** Where API Priority and Fairness comes in; the first scene does without it. */
import type { Family } from '../machinery/prometheus.ts'
import { later } from '../sim/later.ts'
import type { Answer, Call } from './call.ts'
import type { ApiServer } from './server.ts'

export interface FlowPort {
  /** The answer, and in its headers to which flow the request belonged. */
  mark(call: Call, answer: Answer): Answer
  /** The seats of each level, as `/metrics` tells of them. */
  seats(): Family
}

export const flowPorts = later<(server: ApiServer) => FlowPort>('flow control')
