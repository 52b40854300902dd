/** What JavaScript says when something is too deep for its stack, too long for a text, or too large for a regular expression. */
import { signalNumber } from './signals.ts'
import type { Proc } from './state.ts'

export const isOverflow = (error: unknown): boolean =>
  error instanceof RangeError || (error instanceof SyntaxError && error.message.startsWith('Invalid regular expression'))

/**
 * What is too deep or too long for the engine that plays a process would have been too much for the process itself: it dies of it,
 * as of a stack that overflows, and nobody else does.
 */
export function overflowing(proc: Proc, step: () => number | undefined): number | undefined {
  try {
    return step()
  } catch (error) {
    if (!isOverflow(error)) throw error
    proc.killed = 'SEGV'
    return 128 + signalNumber('SEGV')
  }
}
