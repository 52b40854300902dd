/** Resource quantities (`100m`, `2Gi`, `1e3`): parsing, exact canonical form, arithmetic in milli units. */
import { assert } from './assert.ts'

const DECIMAL: Record<string, number> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }
const BINARY: Record<string, bigint> = {
  Ki: 1n << 10n,
  Mi: 1n << 20n,
  Gi: 1n << 30n,
  Ti: 1n << 40n,
  Pi: 1n << 50n,
  Ei: 1n << 60n,
}
const SHAPE = /^([+-]?)(\d*)(?:\.(\d*))?([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+|)$/

type Format = 'BinarySI' | 'DecimalSI' | 'DecimalExponent'

/** Value in nano units, with the family of suffixes it was written in. */
export interface ParsedQuantity {
  nano: bigint
  format: Format
}

const cache = new Map<string, ParsedQuantity | null>()

/** Parses a quantity; `null` when it is none (apimachinery resource.ParseQuantity). Fractions below a nano round up. */
export function parseQuantity(value: string | number): ParsedQuantity | null {
  const text = typeof value === 'number' ? String(value) : value
  const known = cache.get(text)
  if (known !== undefined) return known
  const parsed = parse(text)
  if (cache.size > 5000) cache.clear()
  cache.set(text, parsed)
  return parsed
}

function parse(text: string): ParsedQuantity | null {
  const m = SHAPE.exec(text)
  if (!m) return null
  const [, sign, whole = '', fraction = '', suffix = ''] = m
  if (whole === '' && fraction === '') return null
  if (text.length > 100) return null
  const digits = BigInt(whole + fraction || '0')
  let up = 1n
  let exponent = -fraction.length
  let format: Format = 'DecimalSI'
  if (suffix in BINARY) {
    up = BINARY[suffix] as bigint
    format = 'BinarySI'
  } else if (/^[eE]./.test(suffix)) {
    exponent += Number(suffix.slice(1))
    format = 'DecimalExponent'
  } else exponent += DECIMAL[suffix] as number
  if (Math.abs(exponent) > 200) return null
  const power = exponent + 9
  const scaled = digits * up
  const nano = power >= 0 ? scaled * 10n ** BigInt(power) : ceilDiv(scaled, 10n ** BigInt(-power))
  return { nano: sign === '-' ? -nano : nano, format }
}

const ceilDiv = (a: bigint, b: bigint): bigint => (a + b - 1n) / b

const must = (value: string | number): ParsedQuantity => {
  const q = parseQuantity(value)
  assert(q !== null, `not a quantity: ${value}`)
  return q
}

/** Whole units, rounded up, as a JS number: bytes of memory, counts. */
export const wholeOf = (value: string | number | undefined): number =>
  value === undefined ? 0 : Number(ceilToward(must(value).nano, 1_000_000_000n))

/** Thousandths, rounded up, as a JS number: milli-CPU. */
export const milliOf = (value: string | number | undefined): number =>
  value === undefined ? 0 : Number(ceilToward(must(value).nano, 1_000_000n))

const ceilToward = (n: bigint, unit: bigint): bigint => (n >= 0n ? ceilDiv(n, unit) : -(-n / unit))

export const compareQuantities = (a: string | number, b: string | number): number => {
  const d = must(a).nano - must(b).nano
  return d < 0n ? -1 : d > 0n ? 1 : 0
}

/** Sum in the format of the first (resource.Quantity.Add keeps the receiver's format, unless it is zero). */
export function addQuantities(a: string | number, b: string | number, sign: 1 | -1 = 1): string {
  const [x, y] = [must(a), must(b)]
  return formatQuantity(x.nano + BigInt(sign) * y.nano, x.nano === 0n ? y.format : x.format)
}

/** The canonical text of a quantity: what the API server stores and prints (Quantity.CanonicalizeBytes). */
export function canonicalQuantity(value: string | number): string {
  const { nano, format } = must(value)
  return formatQuantity(nano, format)
}

const SI = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E']

export function formatQuantity(nano: bigint, format: Format): string {
  if (nano === 0n) return '0'
  const sign = nano < 0n ? '-' : ''
  const size = nano < 0n ? -nano : nano
  if (format === 'BinarySI' && size % 1_000_000_000n === 0n && size >= 1024n * 1_000_000_000n) {
    let n = size / 1_000_000_000n
    let step = 0
    while (n % 1024n === 0n && step < 6) {
      n /= 1024n
      step += 1
    }
    return `${sign}${n}${['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'][step]}`
  }
  let n = size
  let step = 0
  while (n % 1000n === 0n && step < 9) {
    n /= 1000n
    step += 1
  }
  if (format === 'DecimalExponent') return `${sign}${n}${step === 3 ? '' : `e${(step - 3) * 3}`}`
  return `${sign}${n}${SI[step]}`
}
