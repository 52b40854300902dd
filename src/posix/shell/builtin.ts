/** What a builtin of the shell is. */
import type { Interpreter } from './interpreter.ts'
import type { Frame } from './state.ts'

/** The builtin has changed the stack itself. */
export const CONTROL = -1

export interface Builtin {
  /** One of POSIX's special ones: its mistakes end a script. */
  special?: boolean
  /** A status; undefined: it waits; CONTROL: it has dealt with its frame. */
  run(it: Interpreter, argv: string[], data: any, frame: Frame): number | undefined
}
