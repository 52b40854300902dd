/** A kubectl command: its name, its flags, and what it does as a client of the API. One file per command in `commands/`. */
import type { Client } from '#client/client.ts'

/** What a command may use of its surroundings: a terminal in the page, Node, or a story in virtual time. */
export interface Io {
  out(text: string): void
  err(text: string): void
  /** All of standard input. */
  stdin(): Promise<string>
  /** Files of the working directory; throws an error whose message is the system's (`no such file or directory`). */
  read(path: string): Promise<string>
  /** Names in a directory, or null when it is none. */
  list(path: string): Promise<string[] | null>
  /** Lets somebody edit a text; undefined when there is no editor. */
  edit?(text: string): Promise<string>
  /** Milliseconds since 1970, by the clock that ages are told by. */
  now(): number
  sleep(ms: number): Promise<void>
  /** Remembers the context's namespace (`config set-context --current --namespace`); undefined where nothing can. */
  useNamespace?(namespace: string): void
  readonly signal: AbortSignal
}

export interface Flag {
  name: string
  short?: string
  /** `bool` flags take no separate value; `optional` flags have a value only after `=`; `strings` are split at commas, an `array` isn't. */
  type: 'string' | 'bool' | 'int' | 'duration' | 'strings' | 'array' | 'optional'
  /** Cobra refuses the command without it. */
  required?: true
  default?: string
  /** The value of an `optional` flag that stands alone. */
  alone?: string
  help: string
}

/** Flags as given: the last wins, `strings` and `array`s collect. */
export class Flags {
  readonly #values: Map<string, string[]>
  readonly #declared: Map<string, Flag>
  constructor(values: Map<string, string[]>, declared: Map<string, Flag>) {
    this.#values = values
    this.#declared = declared
  }
  set(name: string, value: string): void {
    this.#values.set(name, [value])
  }
  has(name: string): boolean {
    return this.#values.has(name)
  }
  /** Whether the command takes this flag at all. */
  knows(name: string): boolean {
    return this.#declared.has(name)
  }
  text(name: string): string {
    return this.#values.get(name)?.at(-1) ?? this.#declared.get(name)?.default ?? ''
  }
  all(name: string): string[] {
    return this.#values.get(name) ?? []
  }
  is(name: string): boolean {
    return /^(true|t|1)$/i.test(this.text(name))
  }
  int(name: string): number {
    return Number(this.text(name) || Number.NaN)
  }
  /** Milliseconds of a Go duration (`1m30s`); bare numbers count as seconds where kubectl takes them so. */
  ms(name: string): number {
    return durationMs(this.text(name))
  }
}

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, us: 0.001, ns: 0.000001 }

/** A Go duration in milliseconds; NaN when it is none. */
export function durationMs(text: string): number {
  if (/^-?\d+$/.test(text)) return Number(text) * 1000
  if (!/^-?(\d+(\.\d*)?(ms|us|ns|s|m|h))+$/.test(text)) return Number.NaN
  const parts = [...text.matchAll(/(\d+(?:\.\d*)?)(ms|us|ns|s|m|h)/g)]
  const ms = parts.reduce((sum, [, n, unit]) => sum + Number(n) * (UNITS[unit as string] as number), 0)
  return text.startsWith('-') ? -ms : ms
}

export interface Context {
  readonly client: Client
  readonly io: Io
  readonly flags: Flags
  readonly args: readonly string[]
  /** Everything behind `--`. */
  readonly rest: readonly string[]
  /** All words behind the command's name, as given. */
  readonly words: readonly string[]
  /** The namespace to work in. */
  readonly namespace: string
  /** Whether the namespace was named on the command line. */
  readonly explicitNamespace: boolean
  /** Makes another namespace the context's own, where the surroundings can remember it. */
  useNamespace(namespace: string): void
}

export interface Command {
  name: string
  aliases?: readonly string[]
  /** One line for the list of commands. */
  short: string
  /** `scale [--replicas=COUNT] TYPE NAME`, for help and usage errors. */
  usage: string
  flags?: readonly Flag[]
  /** Takes any flags and arguments without looking at them. */
  lenient?: true
  /** `rollout status` and its like. */
  subcommands?: readonly Command[]
  /** What completion offers for the arguments: kinds of resources, names, or nothing. */
  completes?: 'resources' | 'nodes' | 'pods' | 'files' | 'nothing'
  /** Exit status; nothing means 0. May throw `ApiError` or `KubectlError`. */
  run?(context: Context): Promise<number | undefined | void>
}

export const command = (declaration: Command): Command => declaration

/** An error of kubectl's own, printed as `error: MESSAGE`. */
export class KubectlError extends Error {
  override name = 'KubectlError'
  readonly status: number
  /** Printed as it is, without `error: ` in front. */
  readonly bare: boolean
  /** What stands on standard output before the error is told. */
  written = ''
  constructor(message: string, status = 1, bare = false) {
    super(message)
    this.status = status
    this.bare = bare
  }
}

/** `See 'kubectl X -h' for help and examples`, as cobra's usage errors end. */
export const usageError = (name: string, message: string): KubectlError =>
  new KubectlError(`${message}\nSee 'kubectl ${name} -h' for help and examples`)
