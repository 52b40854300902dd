/** Flags of a command line: their values as given or by default. */
import type { Flag } from './catalogue/index.ts'

/** Flags as given: the last wins, lists collect. */
export class Flags {
  readonly #values: Map<string, string[]>
  readonly #declared: ReadonlyMap<string, Flag>
  constructor(values: Map<string, string[]>, declared: ReadonlyMap<string, Flag>) {
    this.#values = values
    this.#declared = declared
  }
  set(name: string, value: string): void {
    this.#values.set(name, [value])
  }
  has(name: string): boolean {
    return this.#values.has(name)
  }
  /** What was given, in order. */
  get given(): [name: string, value: string][] {
    return [...this.#values].flatMap(([name, values]) => values.map((value): [string, string] => [name, value]))
  }
  /** Whether the command takes this flag at all. */
  knows(name: string): boolean {
    return this.#declared.has(name)
  }
  text(name: string): string {
    const given = this.#values.get(name)
    if (given) return given.at(-1) ?? ''
    const { type = '', default: value = '' } = this.#declared.get(name) ?? {}
    return value === '[]' && type.startsWith('string') ? '' : value
  }
  /** Whether it was given another value than its default. */
  asks(name: string): boolean {
    return this.#values.has(name) && this.text(name) !== (this.#declared.get(name)?.default ?? '')
  }
  /** Only the flags of kubectl itself: a command's own flag may bear the same name (`create rolebinding --user`). */
  get global(): Flags {
    const declared = new Map([...this.#declared].filter(([, flag]) => flag.persistent))
    return new Flags(new Map([...this.#values].filter(([name]) => declared.has(name))), declared)
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
  /** Milliseconds of a Go duration (`1m30s`). */
  ms(name: string): number {
    return durationMs(this.text(name))
  }
}

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, us: 0.001, µs: 0.001, ns: 0.000001 }

/** A Go duration in milliseconds; NaN when it is none. Bare numbers are seconds, where kubectl takes them so. */
export function durationMs(text: string): number {
  if (/^-?\d+$/.test(text)) return Number(text) * 1000
  if (!/^[-+]?(\d+(\.\d*)?(ms|us|µs|ns|s|m|h)|\.\d+(ms|us|µs|ns|s|m|h))+$/.test(text)) return Number.NaN
  const parts = [...text.matchAll(/(\d*\.?\d*)(ms|us|µs|ns|s|m|h)/g)]
  const ms = parts.reduce((sum, [, n, unit]) => sum + Number(n) * (UNITS[unit as string] as number), 0)
  return text.startsWith('-') ? -ms : ms
}
