/** A shell's own memory: variables, functions, jobs, traps, and the stack of what it is doing, as plain data. */

export interface Variable {
  /** Null: declared, but without a value. */
  value: string | null
  exported: boolean
  readOnly?: boolean
  integer?: boolean
  /** Indexed (`kind: 'list'`) or named values; the plain value is the one at 0. */
  list?: Record<string, string>
  named?: boolean
}

export interface Job {
  id: number
  pgid: number
  pids: number[]
  /** Statuses of those that have ended. */
  ended: Record<number, number>
  command: string
  told: boolean
  stopped: boolean
}

export type Flavour = 'ash' | 'dash' | 'bash'

/** Where the stack stands: the source text, the node in it, and what the step has done so far. */
export interface Frame {
  t: string
  /** Source text. */
  c: string
  /** Number of the node in it. */
  n: number
  /** Place within the step. */
  i: number
  [more: string]: any
}

export interface ShellState {
  flavour: Flavour
  name: string
  vars: Record<string, Variable>
  functions: Record<string, { c: string; n: number }>
  aliases: Record<string, string>
  args: string[]
  status: number
  /** Single letters of `set`. */
  options: string
  pipefail: boolean
  /** shopt and `set -o` names that are on. */
  named: string[]
  traps: Record<string, string>
  /** Signals that have come and have a trap. */
  caught: string[]
  stack: Frame[]
  jobs: Job[]
  nextJob: number
  /** Number of the last job in the background. */
  background: number
  /** `$$`. */
  self: number
  interactive: boolean
  /** A forked part of a shell. */
  sub: boolean
  /** It waits in `wait`, which a trapped signal ends. */
  waiting: boolean
  getopts: { index: number; at: number }
  line: number
  /** Status of the last command substitution of an assignment without a command. */
  substituted: number | null
  history: string[]
  directories: string[]
  /** Statuses of the last pipeline. */
  pipeStatus: number[]
  /** Its end has begun: the EXIT trap runs. */
  ending: number | null
  began: number
  hashed: Record<string, string>
}
