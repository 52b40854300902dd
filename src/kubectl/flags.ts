/** Flags of a command line: their values as given or by default. */
import { readDuration } from '#api/go-duration.ts'
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

/** A Go duration in milliseconds; NaN when it is none. Bare numbers are seconds, where kubectl takes them so. */
export const durationMs = (text: string): number =>
  /^-?\d+$/.test(text) ? Number(text) * 1000 : (readDuration(text) ?? Number.NaN)
