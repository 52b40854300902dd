/** `'%d of %s'.format([…])`: clauses, and cel-go's words for what they don't take. */
import { bytesOf } from '#api/bytes.ts'
import { goQuote } from '#api/field-error.ts'
import { CelError } from '../errors.ts'
import { fail } from '../operate.ts'
import { entries } from '../raw.ts'
import { Duration, isMap, Raw, Timestamp, typeName, Uint } from '../value.ts'
import { exactly, inScience } from './numbers.ts'
import { toText } from './standard.ts'

/** What a clause says of a type that is none of its own. */
export const REFUSALS: Readonly<Record<string, string>> = {
  s: 'string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps',
  d: 'decimal clause can only be used on integers',
  f: 'fixed-point clause can only be used on doubles',
  e: 'scientific clause can only be used on doubles',
  b: 'only integers and bools can be formatted as binary',
  x: 'only integers, byte buffers, and strings can be formatted as hex',
  o: 'octal clause can only be used on integers',
}

/** One clause and the argument it takes; an undefined precision is the usual one. */
type Put = (letter: string, precision: number | undefined, argument: number) => string

/** Puts the clauses of a pattern into words. */
export function interpolate(pattern: string, count: number, put: Put): string {
  let [out, next] = ['', 0]
  for (let i = 0; i < pattern.length; ) {
    if (pattern[i] !== '%') out += pattern[i++]
    else if (pattern[i + 1] === '%') {
      out += '%'
      i += 2
    } else {
      if (next >= count) fail(`index ${next} out of range`)
      if (i + 1 >= pattern.length) fail('unexpected end of string')
      const { letter, precision, length } = clauseAt(pattern, i + 1)
      out += put(letter, precision, next++)
      i += 1 + length
    }
  }
  return out
}

function clauseAt(pattern: string, at: number) {
  const [dot = '', digits = ''] = /^(?:\.(\d*))?/.exec(pattern.slice(at)) ?? []
  const letter = pattern[at + dot.length]
  const wrong = 'could not parse formatting clause: '
  if (letter === undefined) return fail(`${wrong}error while parsing precision: could not find end of precision specifier`)
  if (dot === '.') {
    const why = 'error while converting precision to integer: strconv.Atoi: parsing "": invalid syntax'
    return fail(`${wrong}error while parsing precision: ${why}`)
  }
  if (!REFUSALS[letter.replace('X', 'x')]) return fail(`${wrong}unrecognized formatting clause ${goQuote(letter)}`)
  return { letter, precision: dot ? Number(digits) : undefined, length: dot.length + 1 }
}

const refuse = (letter: string, value: unknown): never => fail(`${REFUSALS[letter]}, was given ${typeName(value)}`)
const isObject = (value: unknown): boolean => value instanceof Raw && value.type.kind === 'object'

/** `%s`. */
function text(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (isMap(value) && !isObject(value)) return mapText(entries(value))
  const name = typeName(value)
  if (name === 'type') return (value as { name: string }).name
  if (!/^(string|bool|bytes|u?int|double|google\.protobuf\.(Timestamp|Duration))$/.test(name)) return refuse('s', value)
  return toText(value)
}

function mapText(pairs: readonly (readonly [unknown, unknown])[]): string {
  const written = pairs.map(([key, value]) => [literal(key), literal(value)] as const)
  return `{${written
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}:${value}`)
    .join(', ')}}`
}

/** As it would be written in an expression: what lists and maps hold. */
function literal(value: unknown): string {
  if (typeof value === 'string') return goQuote(value)
  if (typeof value === 'number') return Number.isFinite(value) ? exactly(value, 6) : goQuote(toText(value))
  if (value instanceof Uint8Array) return `b${goQuote(toText(value))}`
  if (value instanceof Timestamp) return `timestamp(${goQuote(toText(value))})`
  if (value instanceof Duration) return `duration(${goQuote(toText(value))})`
  if (isObject(value)) return fail(`no formatting function for ${typeName(value)}`)
  try {
    return text(value)
  } catch (error) {
    if (!(error instanceof CelError) || !error.message.startsWith(REFUSALS['s'] as string)) throw error
    return fail(`no formatting function for ${typeName(value)}`)
  }
}

const whole = (value: unknown): bigint | null => (typeof value === 'bigint' ? value : value instanceof Uint ? value.value : null)
const NAMED: Record<string, number> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
}

function fraction(letter: 'f' | 'e', precision = 6, value: unknown): string {
  const number = typeof value === 'string' ? NAMED[value] : value
  if (typeof number !== 'number') return refuse(letter, value)
  const rare = Number.isNaN(number) ? 'NaN' : number > 0 ? '∞' : '-∞'
  // A slip of cel-go's: what is meant as precision is the width here.
  if (letter === 'e') return (Number.isFinite(number) ? inScience(number) : rare).padStart(precision)
  if (!Number.isFinite(number)) return rare
  const [front = '', back] = exactly(number, precision).split('.')
  const grouped = front.replace(/\B(?=(\d{3})+$)/g, ',')
  return back === undefined ? grouped : `${grouped}.${back}`
}

function based(letter: 'd' | 'b' | 'o' | 'x', base: number, value: unknown): string {
  if (letter === 'b' && typeof value === 'boolean') return value ? '1' : '0'
  const number = whole(value)
  if (number !== null) return number.toString(base)
  const bytes = typeof value === 'string' ? bytesOf(value) : value
  if (letter !== 'x' || !(bytes instanceof Uint8Array)) return refuse(letter, value)
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

function clause(letter: string, precision: number | undefined, value: unknown): string {
  switch (letter) {
    case 's':
      return text(value)
    case 'f':
    case 'e':
      return fraction(letter, precision, value)
    case 'd':
      return based(letter, 10, value)
    case 'b':
      return based(letter, 2, value)
    case 'o':
      return based(letter, 8, value)
  }
  const hex = based('x', 16, value)
  return letter === 'X' ? hex.toUpperCase() : hex
}

export function format(pattern: string, args: readonly unknown[]): string {
  return interpolate(pattern, args.length, (letter, precision, i) => {
    try {
      return clause(letter, precision, args[i])
    } catch (error) {
      if (!(error instanceof CelError)) throw error
      return fail(`error during formatting: ${error.message}`)
    }
  })
}
