/** Labels by which the use of tokens in Secrets is noted (serviceaccount/legacy.go); days are `2026-01-31`. */
import { formatTime } from './time.ts'

export const LAST_USED = 'kubernetes.io/legacy-token-last-used'
export const INVALID_SINCE = 'kubernetes.io/legacy-token-invalid-since'

export const dayOf = (ms: number): string => formatTime(ms).slice(0, 10)
