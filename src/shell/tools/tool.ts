/** A text tool of the terminal: standard input in, standard output out. */
import type { Files } from '../files.ts'
import type { Streams } from '../shell.ts'

export interface Surroundings {
  files: Files
  now(): number
  sleep(ms: number): Promise<void>
  /** Runs a script with its `$0`, `$1` …, in a shell of its own. */
  run(script: string, parameters: readonly string[]): Promise<number>
}

export interface Tool {
  name: string
  run(args: string[], streams: Streams, around: Surroundings): Promise<number>
}

/** Flags (letters, with values where `valued` says so) and the rest. */
export function letters(args: string[], valued = ''): { flags: Map<string, string>; rest: string[] } {
  const flags = new Map<string, string>()
  const rest: string[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string
    if (arg === '--') {
      rest.push(...args.slice(i + 1))
      break
    }
    if (!arg.startsWith('-') || arg === '-') {
      rest.push(arg)
      continue
    }
    for (let j = 1; j < arg.length; j++) {
      const letter = arg[j] as string
      if (valued.includes(letter)) {
        flags.set(letter, arg.slice(j + 1) || (args[++i] ?? ''))
        break
      }
      flags.set(letter, '')
    }
  }
  return { flags, rest }
}

/** The text of the named files, or standard input when there are none; undefined after a complaint. */
export function texts(name: string, paths: string[], streams: Streams, { files }: Surroundings): string | undefined {
  if (paths.length === 0) return streams.input
  let all = ''
  for (const path of paths) {
    const text = path === '-' ? streams.input : files.find(path)
    if (text === undefined) {
      streams.err(`${name}: ${path}: No such file or directory\n`)
      return undefined
    }
    all += text
  }
  return all
}

export const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'))
export const joined = (lines: string[]): string => lines.map((line) => `${line}\n`).join('')
