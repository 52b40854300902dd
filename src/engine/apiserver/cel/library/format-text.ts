/** `'%d of %s'.format([…])`: clauses and their words for what they don't take. */
import { bytesOf, textOf } from '#api/bytes.ts'
import { fail } from '../operate.ts'
import { entries } from '../raw.ts'
import { writeDuration, writeTimestamp } from '../time.ts'
import { Duration, isMap, Timestamp, TypeValue, typeName, Uint } from '../value.ts'
import { plainDigits } from './numbers.ts'

const LONGEST_PRECISION = 100

function double(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity'
  return plainDigits(value)
}

/** `%s`. */
function text(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === null) return 'null'
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return double(value)
  if (value instanceof Uint) return String(value.value)
  if (value instanceof Uint8Array) return textOf(value)
  if (value instanceof Timestamp) return writeTimestamp(value)
  if (value instanceof Duration) return writeDuration(value)
  if (value instanceof TypeValue) return value.name
  if (Array.isArray(value)) return `[${value.map(text).join(', ')}]`
  if (isMap(value)) {
    const pairs = entries(value).map(([key, one]) => [text(key), text(one)] as const)
    return `{${pairs
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => `${key}: ${one}`)
      .join(', ')}}`
  }
  const kinds = 'strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps'
  return fail(`error during formatting: string clause can only be used on ${kinds}, was given ${typeName(value)}`)
}

const refuse = (what: string, value: unknown): never => fail(`error during formatting: ${what}, was given ${typeName(value)}`)

const whole = (value: unknown): bigint | null => (typeof value === 'bigint' ? value : value instanceof Uint ? value.value : null)

function decimal(value: unknown): string {
  const number = whole(value)
  if (number !== null) return String(number)
  return typeof value === 'number' ? double(value) : refuse('decimal clause can only be used on ints, uints, and doubles', value)
}

function fraction(value: unknown, clause: 'f' | 'e', precision: number): string {
  const name = clause === 'f' ? 'fixed-point' : 'scientific'
  const number = typeof value === 'number' ? value : whole(value)
  if (number === null) return refuse(`${name} clause can only be used on ints, uints, and doubles`, value)
  const size = Number(number)
  if (!Number.isFinite(size)) return double(size)
  if (clause === 'f') return size.toFixed(precision)
  const [digits = '', exponent = ''] = size.toExponential(precision).split('e')
  return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`
}

function based(value: unknown, base: 2 | 8): string {
  if (base === 2 && typeof value === 'boolean') return value ? '1' : '0'
  const number = whole(value)
  if (number !== null) return number.toString(base)
  return refuse(
    base === 2 ? 'only ints, uints, and bools can be formatted as binary' : 'octal clause can only be used on ints and uints',
    value,
  )
}

function hex(value: unknown): string {
  const number = whole(value)
  if (number !== null) return number.toString(16)
  const bytes = typeof value === 'string' ? utf8(value) : value instanceof Uint8Array ? [...value] : null
  if (!bytes) return refuse('only ints, uints, bytes, and strings can be formatted as hex', value)
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

const utf8 = (value: string): number[] => [...bytesOf(value)]

function clause(letter: string, precision: number, value: unknown): string {
  switch (letter) {
    case 's':
      return text(value)
    case 'd':
      return decimal(value)
    case 'f':
    case 'e':
      return fraction(value, letter, precision)
    case 'b':
      return based(value, 2)
    case 'o':
      return based(value, 8)
    case 'x':
      return hex(value)
    case 'X':
      return hex(value).toUpperCase()
  }
  return fail(`could not parse formatting clause: unrecognized formatting clause "${letter}"`)
}

export function format(pattern: string, args: readonly unknown[]): string {
  let [out, next] = ['', 0]
  for (let i = 0; i < pattern.length; i++) {
    if (pattern[i] !== '%') {
      out += pattern[i]
      continue
    }
    if (pattern[i + 1] === '%') {
      out += '%'
      i++
      continue
    }
    const found = /^%(?:\.(\d+))?(.)/s.exec(pattern.slice(i, i + 16))
    if (!found) return fail('unexpected end of string')
    if (next >= args.length) return fail(`index ${next} out of range`)
    const precision = Math.min(LONGEST_PRECISION, Number(found[1] ?? 6))
    out += clause(found[2] as string, precision, args[next++])
    i += found[0].length - 1
  }
  return out
}
