/** Where requests are counted; the first scene does without it. */
import { later } from '../sim/later.ts'
import type { Call } from './call.ts'

export interface RequestPort {
  count(call: Call, code: number): void
  entries(): [string, number][]
  reset(): void
}

export const requestPorts = later<new () => RequestPort>('counts of requests')
