/** A process's turn, and how it ends when it was too much for it. */
import { isOverflow } from './overflow.ts'
import { signalNumber } from './signals.ts'
import type { Proc } from './state.ts'

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
