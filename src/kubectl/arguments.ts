/** Arguments as pflag reads them: flags anywhere, `-n x`, `-nx`, `--name=x`, and everything behind `--` left alone. */
import type { Flag } from './catalogue/index.ts'
import { KubectlError } from './error.ts'
import { durationMs, Flags } from './flags.ts'

export interface Parsed {
  flags: Flags
  args: string[]
  rest: string[]
  /** What deprecated flags have to say. */
  notes: string[]
}

const quoted = (text: string): string => JSON.stringify(text)

/** Throws a bare complaint; who calls says where to read more. */
export function parseArguments(words: readonly string[], declared: ReadonlyMap<string, Flag>): Parsed {
  return new Reader(words, declared).read()
}

class Reader {
  readonly #words: readonly string[]
  readonly #declared: ReadonlyMap<string, Flag>
  readonly #byLetter = new Map<string, Flag>()
  readonly #values = new Map<string, string[]>()
  readonly #notes: string[] = []
  #at = 0

  constructor(words: readonly string[], declared: ReadonlyMap<string, Flag>) {
    this.#words = words
    this.#declared = declared
    for (const flag of declared.values()) if (flag.short) this.#byLetter.set(flag.short, flag)
  }

  read(): Parsed {
    const args: string[] = []
    let rest: string[] = []
    while (this.#at < this.#words.length) {
      const word = this.#words[this.#at++] as string
      if (word === '--') {
        rest = this.#words.slice(this.#at)
        break
      }
      if (word.startsWith('--')) this.#long(word)
      else if (word.startsWith('-') && word.length > 1) this.#letters(word)
      else args.push(word)
    }
    return { flags: new Flags(this.#values, this.#declared), args, rest, notes: this.#notes }
  }

  #long(word: string): void {
    const cut = word.indexOf('=')
    const name = word.slice(2, cut < 0 ? undefined : cut).replaceAll('_', '-')
    if (name === '' || name.startsWith('-')) throw new KubectlError(`bad flag syntax: ${word}`)
    const flag = this.#declared.get(name)
    if (!flag) throw new KubectlError(`unknown flag: --${name}`)
    if (cut >= 0) this.#add(flag, word.slice(cut + 1))
    else if (flag.alone) this.#add(flag, flag.alone)
    else this.#add(flag, this.#following(`flag needs an argument: --${name}`))
  }

  #letters(word: string): void {
    for (let i = 1; i < word.length; i++) {
      const letter = word[i] as string
      const flag = this.#byLetter.get(letter)
      if (!flag)
        throw new KubectlError(`unknown shorthand flag: '${letter}' in ${word.startsWith('-') ? `-${word.slice(i)}` : word}`)
      if (word.length > i + 2 && word[i + 1] === '=') return this.#add(flag, word.slice(i + 2))
      if (flag.alone) {
        this.#add(flag, flag.alone)
        continue
      }
      if (word.length > i + 1) return this.#add(flag, word.slice(i + 1))
      return this.#add(flag, this.#following(`flag needs an argument: '${letter}' in -${word.slice(i)}`))
    }
  }

  #following(complaint: string): string {
    const next = this.#words[this.#at]
    if (next === undefined) throw new KubectlError(complaint)
    this.#at += 1
    return next
  }

  #add(flag: Flag, value: string): void {
    const why = problem(flag, value)
    if (why) {
      const shown = flag.short ? `-${flag.short}, --${flag.name}` : `--${flag.name}`
      throw new KubectlError(`invalid argument ${quoted(value)} for ${quoted(shown)} flag: ${why}`)
    }
    if (flag.deprecated && !this.#values.has(flag.name))
      this.#notes.push(`Flag --${flag.name} has been deprecated, ${flag.deprecated}`)
    const list = this.#values.get(flag.name) ?? []
    list.push(...(flag.type === 'stringSlice' ? (value === '' ? [] : commaSeparated(value)) : [value]))
    this.#values.set(flag.name, list)
  }
}

const RANGES: Record<string, bigint> = { int: 2n ** 63n, int64: 2n ** 63n, int32: 2n ** 31n, Level: 2n ** 31n }

/** What is wrong with a value, in Go's words. */
function problem({ name, type }: Flag, value: string): string | null {
  const most = RANGES[type]
  if (most !== undefined) {
    const whole = integer(value)
    const parse = type === 'Level' || type === 'int' || type === 'int64' || type === 'int32' ? 'strconv.ParseInt' : ''
    if (whole === null) return `${parse}: parsing ${quoted(value)}: invalid syntax`
    return whole >= most || whole < -most ? `${parse}: parsing ${quoted(value)}: value out of range` : null
  }
  if (type === 'bool' && !/^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value))
    return `strconv.ParseBool: parsing ${quoted(value)}: invalid syntax`
  if (type === 'tristate' && !/^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value))
    return `strconv.ParseBool: parsing ${quoted(value)}: invalid syntax`
  if (type !== 'duration' || value === '0') return null
  if (/^[-+]?(\d+\.?\d*|\.\d+)$/.test(value)) return `time: missing unit in duration ${quoted(value)}`
  if (!Number.isNaN(durationMs(value))) return null
  const [, unit] = /^[-+]?(?:\d+\.?\d*(?:ns|us|µs|ms|s|m|h))*\d+\.?\d*([^\d.]+)/.exec(value) ?? []
  if (name === 'log-flush-frequency') return 'parse error'
  return unit ? `time: unknown unit ${quoted(unit)} in duration ${quoted(value)}` : `time: invalid duration ${quoted(value)}`
}

/** Go's ParseInt in base 0. */
function integer(value: string): bigint | null {
  const [, sign = '', digits = ''] = /^([-+]?)(\w+)$/.exec(value) ?? []
  if (!/^(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]*|[1-9]\d*)$/.test(digits)) return null
  const plain = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits
  return sign === '-' ? -BigInt(plain) : BigInt(plain)
}

/** A line of comma-separated values; quotes hold commas together. */
export function commaSeparated(text: string): string[] {
  if (!text.includes('"')) return text.split(',')
  const fields: string[] = []
  for (const [, quotedField, plain = ''] of text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g))
    fields.push(quotedField === undefined ? plain : quotedField.replaceAll('""', '"'))
  return fields
}
