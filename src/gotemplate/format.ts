/** Go's fmt: `%v` and its kin, Sprint, Sprintln and Sprintf, for the values of templates. */
import { bytesOf } from '#api/bytes.ts'
import { floatText } from './float.ts'
import { goQuote } from './quote.ts'
import { GoInt, type GoObject, integerOf, mapOf, sortedEntries, typeName, type Value } from './values.ts'

/** `%v`. */
export const shown = (value: Value): string => valueText(value, 'v', NO_FLAGS, false)

/** Sprint: a space between operands when neither is a string. */
export function goSprint(args: readonly Value[]): string {
  return args
    .map((arg, i) => (i > 0 && typeof arg !== 'string' && typeof args[i - 1] !== 'string' ? ' ' : '') + shown(arg))
    .join('')
}

export const goSprintln = (args: readonly Value[]): string => `${args.map(shown).join(' ')}\n`

interface Flags {
  minus: boolean
  /** `%+v`: structs with the names of their fields. */
  names: boolean
  plus: boolean
  sharp: boolean
  space: boolean
  zero: boolean
  width: number | null
  precision: number | null
}
const NO_FLAGS: Flags = {
  minus: false,
  names: false,
  plus: false,
  sharp: false,
  space: false,
  zero: false,
  width: null,
  precision: null,
}

export function goSprintf(format: string, args: readonly Value[]): string {
  return new Printer(format, args).text()
}

class Printer {
  readonly #format: string
  readonly #args: readonly Value[]
  #at = 0
  #arg = 0
  #reordered = false
  #goodIndex = true

  constructor(format: string, args: readonly Value[]) {
    this.#format = format
    this.#args = args
  }

  text(): string {
    let out = ''
    while (this.#at < this.#format.length) {
      const percent = this.#format.indexOf('%', this.#at)
      const end = percent < 0 ? this.#format.length : percent
      out += this.#format.slice(this.#at, end)
      if (percent < 0) break
      this.#at = percent + 1
      out += this.#verb()
    }
    if (this.#reordered || this.#arg >= this.#args.length) return out
    const extra = this.#args
      .slice(this.#arg)
      .map((arg) => (arg === null || arg === undefined ? '<nil>' : `${typeName(arg)}=${shown(arg)}`))
    return `${out}%!(EXTRA ${extra.join(', ')})`
  }

  #verb(): string {
    const flags: Flags = { ...NO_FLAGS }
    this.#goodIndex = true
    this.#flags(flags)
    let indexed = this.#index()
    let out = ''
    if (this.#format[this.#at] === '*') {
      this.#at += 1
      const width = this.#number()
      if (width === null) out += '%!(BADWIDTH)'
      else {
        flags.width = Math.abs(width)
        if (width < 0) flags.minus = true
      }
      indexed = false
    } else {
      flags.width = this.#digits()
      if (indexed && flags.width !== null) this.#goodIndex = false
    }
    if (this.#format[this.#at] === '.') out += this.#precision(flags, indexed)
    this.#index()
    const letter = this.#format.slice(this.#at)[Symbol.iterator]().next().value
    if (letter === undefined) return `${out}%!(NOVERB)`
    this.#at += letter.length
    if (letter === '%') return `${out}%`
    if (!this.#goodIndex) return `${out}%!${letter}(BADINDEX)`
    if (this.#arg >= this.#args.length) return `${out}%!${letter}(MISSING)`
    return out + formatted(this.#args[this.#arg++], letter, flags)
  }

  #flags(flags: Flags): void {
    for (; ; this.#at++) {
      const letter = this.#format[this.#at]
      if (letter === '-') flags.minus = true
      else if (letter === '+') flags.plus = true
      else if (letter === '#') flags.sharp = true
      else if (letter === ' ') flags.space = true
      else if (letter === '0') flags.zero = true
      else return
    }
  }

  #precision(flags: Flags, indexed: boolean): string {
    this.#at += 1
    if (indexed) this.#goodIndex = false
    const again = this.#index()
    if (this.#format[this.#at] !== '*') {
      flags.precision = this.#digits() ?? 0
      if (again && /\d/.test(this.#format[this.#at - 1] ?? '')) this.#goodIndex = false
      return ''
    }
    this.#at += 1
    const precision = this.#number()
    if (precision === null || precision < 0) return '%!(BADPREC)'
    flags.precision = precision
    return ''
  }

  #digits(): number | null {
    const [digits] = /^\d+/.exec(this.#format.slice(this.#at, this.#at + 8)) ?? []
    if (!digits) return null
    this.#at += digits.length
    return Number(digits)
  }

  /** The integer argument of a `*`. */
  #number(): number | null {
    const value = integerOf(this.#args[this.#arg++])
    return value === null || value > 1_000_000n || value < -1_000_000n ? null : Number(value)
  }

  /** `[n]`: which argument comes next. */
  #index(): boolean {
    if (this.#format[this.#at] !== '[') return false
    this.#reordered = true
    const [all, digits] = /^\[(\d*)\]/.exec(this.#format.slice(this.#at)) ?? []
    if (!all) {
      const close = this.#format.indexOf(']', this.#at)
      this.#at = close < 0 ? this.#at + 1 : close + 1
      this.#goodIndex = false
      return false
    }
    this.#at += all.length
    const index = Number(digits) - 1
    if (digits === '' || index < 0 || index >= this.#args.length) this.#goodIndex = false
    else this.#arg = index
    return true
  }
}

/** One argument by one verb. */
function formatted(value: Value, verb: string, flags: Flags): string {
  if (verb === 'T') return padded(value === null || value === undefined ? '<nil>' : typeName(value), flags)
  if (verb === 'v' && flags.plus) flags = { ...flags, plus: false, names: true }
  if (value === null || value === undefined) return verb === 'v' ? padded('<nil>', flags) : `%!${verb}(<nil>)`
  return valueText(value, verb, flags, true)
}

const bad = (value: Value, verb: string): string =>
  `%!${verb}(${value === null || value === undefined ? '<nil>' : `${typeName(value)}=${shown(value)}`})`

function valueText(value: Value, verb: string, flags: Flags, top: boolean): string {
  if (value === null || value === undefined)
    return flags.sharp && verb === 'v' ? 'interface {}(nil)' : top ? bad(value, verb) : '<nil>'
  const integer = integerOf(value)
  if (integer !== null) return integerText(value, integer, verb, flags)
  if (typeof value === 'boolean') return verb === 't' || verb === 'v' ? padded(String(value), flags) : bad(value, verb)
  if (typeof value === 'string') return stringText(value, verb, flags)
  if (typeof value === 'number') return numberText(value, verb, flags)
  return compound(value, verb, flags)
}

function compound(value: Value, verb: string, flags: Flags): string {
  const go = flags.sharp && verb === 'v'
  const inner = (one: Value): string =>
    one === null || one === undefined ? (go ? 'interface {}(nil)' : '<nil>') : valueText(one, verb, flags, false)
  if (Array.isArray(value)) {
    const items = value.map(inner)
    return go ? `${typeName(value)}{${items.join(', ')}}` : `[${items.join(' ')}]`
  }
  const map = mapOf(value)
  if (map) {
    const entries = sortedEntries(map).map(([key, one]) => `${valueText(key, verb, flags, false)}:${inner(one)}`)
    return go ? `${typeName(value)}{${entries.join(', ')}}` : `map[${entries.join(' ')}]`
  }
  const text = (value as GoObject).methods['String']?.call()
  if (typeof text === 'string' && !go) return stringText(text, verb === 'v' ? 's' : verb, flags)
  const fields = Object.entries((value as GoObject).fields ?? {})
  const parts = fields.map(([name, one]) => (go || flags.names ? `${name}:${inner(one)}` : inner(one)))
  return go ? `${typeName(value)}{${parts.join(', ')}}` : `{${parts.join(' ')}}`
}

const RADIX: Record<string, number> = { b: 2, o: 8, O: 8, x: 16, X: 16, d: 10, v: 10 }

function integerText(value: Value, integer: bigint, verb: string, flags: Flags): string {
  const radix = RADIX[verb]
  if (radix !== undefined) return digitsText(integer, radix, verb, flags, value instanceof GoInt && value.type.startsWith('uint'))
  const code = integer >= 0n && integer <= 0x10ffffn ? Number(integer) : 0xfffd
  if (verb === 'c') return padded(String.fromCodePoint(code), flags)
  if (verb === 'q') return padded(goQuote(String.fromCodePoint(code), "'"), flags)
  if (verb === 'U')
    return padded(
      `U+${integer.toString(16).toUpperCase().padStart(4, '0')}${flags.sharp ? ` '${String.fromCodePoint(code)}'` : ''}`,
      flags,
    )
  return bad(value, verb)
}

function digitsText(integer: bigint, radix: number, verb: string, flags: Flags, unsigned: boolean): string {
  const negative = integer < 0n
  let digits = (negative ? -integer : integer).toString(radix)
  if (verb === 'X') digits = digits.toUpperCase()
  if (flags.precision !== null) digits = integer === 0n && flags.precision === 0 ? '' : digits.padStart(flags.precision, '0')
  const goHex = flags.sharp && verb === 'v' && unsigned
  const prefix = goHex
    ? '0x'
    : verb === 'O'
      ? '0o'
      : !flags.sharp
        ? ''
        : verb === 'b'
          ? '0b'
          : verb === 'o'
            ? '0'
            : verb === 'x'
              ? '0x'
              : verb === 'X'
                ? '0X'
                : ''
  const sign = negative ? '-' : flags.plus ? '+' : flags.space ? ' ' : ''
  if (flags.zero && !flags.minus && flags.precision === null && flags.width !== null) {
    digits = digits.padStart(flags.width - sign.length, '0')
  }
  return padded(sign + prefix + (goHex ? integer.toString(16) : digits), { ...flags, zero: false })
}

function stringText(value: string, verb: string, flags: Flags): string {
  const cut = flags.precision === null ? value : [...value].slice(0, flags.precision).join('')
  if (verb === 'v') return padded(flags.sharp ? goQuote(value) : cut, flags)
  if (verb === 's') return padded(cut, flags)
  if (verb === 'q')
    return padded(
      flags.sharp && !cut.includes('`') && !/[\x00-\x08\x0a-\x1f\x7f]/.test(cut)
        ? `\`${cut}\``
        : flags.plus
          ? asciiQuote(cut)
          : goQuote(cut),
      flags,
    )
  if (verb !== 'x' && verb !== 'X') return bad(value, verb)
  const hex = [...bytesOf(value)].slice(0, flags.precision ?? undefined).map((b) => b.toString(16).padStart(2, '0'))
  const prefix = flags.sharp ? '0x' : ''
  const text = flags.space ? hex.map((one) => prefix + one).join(' ') : (hex.length > 0 ? prefix : '') + hex.join('')
  return padded(verb === 'X' ? text.toUpperCase() : text, flags)
}

/** `%+q`: only ASCII. */
const asciiQuote = (text: string): string =>
  goQuote(text).replace(/[^\x20-\x7e]/gu, (c) => {
    const code = (c.codePointAt(0) as number).toString(16)
    return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`
  })

function numberText(value: number, verb: string, flags: Flags): string {
  const format = verb === 'v' ? 'g' : verb
  if (!'eEfFgGxXb'.includes(format) || format.length !== 1) return bad(value, verb)
  const precision = flags.precision ?? (/[eEfF]/.test(format) ? 6 : null)
  const text = floatText(Math.abs(value), format, precision)
  const negative = value < 0 || Object.is(value, -0)
  const infinite = !Number.isFinite(value)
  const sign = negative
    ? '-'
    : flags.plus || (value === Number.POSITIVE_INFINITY && flags.plus)
      ? '+'
      : flags.space
        ? ' '
        : infinite && !Number.isNaN(value)
          ? '+'
          : ''
  if (flags.zero && !flags.minus && !infinite && flags.width !== null) return sign + text.padStart(flags.width - sign.length, '0')
  return padded(sign + text, { ...flags, zero: false })
}

function padded(text: string, { width, minus, zero }: Flags): string {
  const missing = (width ?? 0) - [...text].length
  if (missing <= 0) return text
  return minus ? text + ' '.repeat(missing) : (zero ? '0' : ' ').repeat(missing) + text
}
