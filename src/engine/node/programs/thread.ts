/** A running script as plain data: threads with a stack of frames, and where their streams go. */
import type { Node } from './parse.ts'
import type { Signal } from './program.ts'

/** Where output goes. `main`: to process 1's own streams. */
export type Sink = { to: 'stdout' | 'stderr' | 'null' | 'main' | 'main-error' | 'buffer' } | { to: 'file'; path: string }

export interface Frame {
  n: Node
  /** Where it stands. */
  i: number
  /** Items of a `for`, or the streams and arguments to be restored. */
  items?: string[]
  streams?: Thread['streams']
  args?: string[]
  /** A subshell: what it had before. */
  outer?: Pick<Thread, 'vars' | 'cwd' | 'functions'>
  /** A trap's or function's body: a `return` ends here. */
  call?: boolean
}

export interface Thread {
  stack: Frame[]
  status: number
  /** When it goes on, ms since 1970; -1: never by itself; null: it runs. */
  until: number | null
  /** It waits for background jobs, not for time. */
  waits: boolean
  vars: Record<string, string>
  functions: Record<string, Node>
  args: string[]
  cwd: string
  /** Input is a text, or `LIVE`: the process' own, as it comes. */
  streams: { in: string; out: Sink; err: Sink }
  /** `set -e`. */
  strict: boolean
  ended: boolean
}

export interface ShellState {
  main: Thread
  jobs: Thread[]
  traps: Record<string, string>
  pending: Signal[]
  /** A command that is not a shell has no traps and dies of nothing. */
  isShell: boolean
  /** `exec` has put a command in the shell's place. */
  replaced?: boolean
  /** What has come on standard input and was not read yet. */
  input: string
  /** It reads its commands from there; at a terminal it asks for them. */
  interactive: boolean
  /** It has asked for the next command. */
  asked?: boolean
}

/** Stands for standard input itself. */
export const LIVE = '\u0000stdin'

/** Thrown by whatever cannot go on without (the end of) standard input: the command begins anew when more has come. */
export class NeedsInput extends Error {}
