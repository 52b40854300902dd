/** A stage of the request path: it reads and fills the call, and says how it goes on. */

import type { Answer, Call } from './call.ts'
import type { ApiServer } from './server.ts'

/** `on` to the next stage, `reply` to the client now, or `wait` for the store's quorum and then come back to this stage. */
export type Step = 'on' | { reply: Answer } | { wait: number }

export interface Stage {
  readonly name: string
  step(call: Call, server: ApiServer): Step
}

/** Refusals are thrown as `ApiError`; the path turns them into the Status that goes back. */
export const stage = (declaration: Stage): Stage => declaration
