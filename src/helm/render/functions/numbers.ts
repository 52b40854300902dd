/** sprig's functions on numbers. */
import { fn, type GoFunction, type Value } from '#gotemplate/index.ts'
import { int64, toFloat, toInt, toText } from './cast.ts'

const divided = (a: bigint, b: bigint, by: (a: bigint, b: bigint) => bigint): bigint => {
  if (b === 0n) throw new Error('runtime error: integer divide by zero')
  return by(a, b)
}
const least = (values: bigint[], better: (a: bigint, b: bigint) => boolean): bigint =>
  values.reduce((best, value) => (better(value, best) ? value : best))

/** Rounds half away from zero, at so many digits. */
function rounded(value: number, digits: number, on = 0.5): number {
  const power = 10 ** digits
  const scaled = value * power
  const whole = Math.trunc(scaled)
  const rest = Math.abs(Number((scaled - whole).toFixed(12)))
  return (rest >= on ? whole + Math.sign(value) : whole) / power
}

/** sprig computes in decimals: 0.1 and 0.2 are 0.3. */
const decimal = (value: number): number => Number(value.toPrecision(15))

function range(from: bigint, to: bigint, step: bigint): bigint[] {
  const out: bigint[] = []
  if (step === 0n) return out
  for (let i = from; step > 0n ? i < to : i > to; i += step) {
    out.push(i)
    if (out.length > 1_000_000) throw new Error('too many numbers')
  }
  return out
}

function sequence(...args: bigint[]): string {
  const inclusive = (from: bigint, step: bigint, to: bigint): string => range(from, to + (step > 0n ? 1n : -1n), step).join(' ')
  const [a = 0n, b = 0n, c = 0n] = args
  if (args.length === 1) return inclusive(1n, a < 1n ? -1n : 1n, a)
  if (args.length === 2) return inclusive(a, b < a ? -1n : 1n, b)
  if (args.length !== 3 || (c > a && b < 0n) || (c < a && b > 0n)) return ''
  return inclusive(a, b, c)
}

export const numbers: Record<string, GoFunction> = {
  atoi: fn(['string'], (text: string) => (/^[+-]?\d+$/.test(text) ? BigInt(text) : 0n)),
  int: fn(['any'], (value: Value) => toInt(value)),
  int64: fn(['any'], (value: Value) => int64(toInt(value))),
  float64: fn(['any'], toFloat),
  toDecimal: fn(['any'], (value: Value) => int64(BigInt(Number.parseInt(toText(value), 8) || 0))),
  seq: fn(['...int'], sequence),
  until: fn(['int'], (count: bigint) => range(0n, count, count < 0n ? -1n : 1n)),
  untilStep: fn(['int', 'int', 'int'], (from: bigint, to: bigint, step: bigint) => range(from, to, step)),
  add1: fn(['any'], (value: Value) => int64(toInt(value) + 1n)),
  add: fn(['...any'], (...values: Value[]) => int64(values.reduce<bigint>((sum, value) => sum + toInt(value), 0n))),
  sub: fn(['any', 'any'], (a: Value, b: Value) => int64(toInt(a) - toInt(b))),
  div: fn(['any', 'any'], (a: Value, b: Value) => int64(divided(toInt(a), toInt(b), (x, y) => x / y))),
  mod: fn(['any', 'any'], (a: Value, b: Value) => int64(divided(toInt(a), toInt(b), (x, y) => x % y))),
  mul: fn(['any', '...any'], (...values: Value[]) => int64(values.reduce<bigint>((sum, value) => sum * toInt(value), 1n))),
  max: fn(['any', '...any'], (...values: Value[]) => int64(least(values.map(toInt), (a, b) => a > b))),
  biggest: fn(['any', '...any'], (...values: Value[]) => int64(least(values.map(toInt), (a, b) => a > b))),
  min: fn(['any', '...any'], (...values: Value[]) => int64(least(values.map(toInt), (a, b) => a < b))),
  maxf: fn(['any', '...any'], (...values: Value[]) => Math.max(...values.map(toFloat))),
  minf: fn(['any', '...any'], (...values: Value[]) => Math.min(...values.map(toFloat))),
  add1f: fn(['any'], (value: Value) => decimal(toFloat(value) + 1)),
  addf: fn(['...any'], (...values: Value[]) => decimal(values.reduce<number>((sum, value) => sum + toFloat(value), 0))),
  subf: fn(['any', '...any'], (first: Value, ...values: Value[]) =>
    decimal(values.reduce<number>((sum, value) => sum - toFloat(value), toFloat(first))),
  ),
  mulf: fn(['any', '...any'], (...values: Value[]) => decimal(values.reduce<number>((sum, value) => sum * toFloat(value), 1))),
  divf: fn(['any', '...any'], (first: Value, ...values: Value[]) =>
    decimal(values.reduce<number>((sum, value) => sum / toFloat(value), toFloat(first))),
  ),
  ceil: fn(['any'], (value: Value) => Math.ceil(toFloat(value))),
  floor: fn(['any'], (value: Value) => Math.floor(toFloat(value))),
  round: fn(['any', 'int', '...float64'], (value: Value, digits: bigint, on?: number) =>
    rounded(toFloat(value), Number(digits), on),
  ),
}
