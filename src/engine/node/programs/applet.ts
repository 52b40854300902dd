/** What a small command is given, and how it ends. */
import { normalPath } from '../files.ts'
import type { Host } from './program.ts'

export interface Io {
  host: Host
  input: string
  cwd: string
  env: Record<string, string>
  out(text: string): void
  err(text: string): void
  /** Runs another command line to its end. */
  run(words: string[], input: string): { text: string; status: number }
}

/** An exit status, or how long it takes (Infinity: it never ends by itself); then it has succeeded. */
export type AppletEnd = number | { sleep: number }
export type Applet = (args: string[], io: Io) => AppletEnd

export const forever: AppletEnd = { sleep: Number.POSITIVE_INFINITY }
export const fail = (io: Io, text: string, status = 1): number => {
  io.err(`${text}\n`)
  return status
}
export const pathOf = (word: string, io: Io): string => normalPath(word, io.cwd)
export const operands = (args: readonly string[]): string[] => args.filter((word) => !word.startsWith('-') || word === '-')
