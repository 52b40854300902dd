/** What operators do: equality across number types, order, arithmetic with its overflows. */
import { byBytes } from '#api/text-order.ts'
import { CelError } from './errors.ts'
import { entries, find, sizeOfMap } from './raw.ts'
import { type CelMap, Custom, Duration, isMap, isNumber, Optional, type Raw, Timestamp, TypeValue, Uint } from './value.ts'

export const MAX_INT = 2n ** 63n - 1n
export const MIN_INT = -(2n ** 63n)
const MAX_UINT = 2n ** 64n - 1n
/** Seconds of year 1 and of year 9999. */
const FIRST_SECOND = -62_135_596_800n
const LAST_SECOND = 253_402_300_799n
export const SECOND = 1_000_000_000n

export const NO_OVERLOAD = 'no such overload'
export const fail = (message: string): never => {
  throw new CelError(message)
}

export const int = (value: bigint): bigint => (value > MAX_INT || value < MIN_INT ? fail('integer overflow') : value)
export const uint = (value: bigint): Uint =>
  value > MAX_UINT || value < 0n ? fail('unsigned integer overflow') : new Uint(value)
export const durationOf = (ns: bigint): Duration => (ns > MAX_INT || ns < MIN_INT ? fail('duration overflow') : new Duration(ns))
export function timestampOf(ns: bigint): Timestamp {
  const seconds = floorDiv(ns, SECOND)
  return seconds < FIRST_SECOND || seconds > LAST_SECOND ? fail('timestamp overflow') : new Timestamp(ns)
}
export const floorDiv = (a: bigint, b: bigint): bigint => (a >= 0n || a % b === 0n ? a / b : a / b - 1n)

const numeric = (value: unknown): bigint | number => (value instanceof Uint ? value.value : (value as bigint | number))

/** Compares numbers of any two types; NaN with anything is null. */
function order(a: bigint | number, b: bigint | number): number | null {
  if (Number.isNaN(a) || Number.isNaN(b)) return null
  return a < b ? -1 : a > b ? 1 : 0
}

export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (isNumber(a)) return isNumber(b) && order(numeric(a), numeric(b)) === 0
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((one, i) => equal(one, b[i]))
  if (isMap(a)) return isMap(b) && equalMaps(a, b)
  if (a instanceof Uint8Array) return b instanceof Uint8Array && compareBytes(a, b) === 0
  if (a instanceof Timestamp) return b instanceof Timestamp && a.ns === b.ns
  if (a instanceof Duration) return b instanceof Duration && a.ns === b.ns
  if (a instanceof TypeValue) return b instanceof TypeValue && a.name === b.name
  if (a instanceof Optional) return b instanceof Optional && a.has === b.has && (!a.has || equal(a.value, b.value))
  return a instanceof Custom && a.equals(b)
}

function equalMaps(a: CelMap | Raw, b: CelMap | Raw): boolean {
  if (sizeOfMap(a) !== sizeOfMap(b)) return false
  for (const [key, value] of entries(a)) {
    const found = find(b, key)
    if (found === undefined || !equal(value, found)) return false
  }
  return true
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return (a[i] as number) < (b[i] as number) ? -1 : 1
  return Math.sign(a.length - b.length)
}

export function compare(a: unknown, b: unknown): number {
  if (isNumber(a) && isNumber(b)) return order(numeric(a), numeric(b)) ?? fail('NaN values cannot be ordered')
  if (typeof a === 'string' && typeof b === 'string') return byBytes(a, b)
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
  if (a instanceof Timestamp && b instanceof Timestamp) return Number(order(a.ns, b.ns))
  if (a instanceof Duration && b instanceof Duration) return Number(order(a.ns, b.ns))
  if (a instanceof Uint8Array && b instanceof Uint8Array) return compareBytes(a, b)
  return fail(NO_OVERLOAD)
}

/** Lists grow by addition only so far; beyond, an expression would hold more than it ever could use. */
const LONGEST_LIST = 1_000_000

export function add(a: unknown, b: unknown): unknown {
  if (typeof a === 'bigint' && typeof b === 'bigint') return int(a + b)
  if (typeof a === 'string' && typeof b === 'string') return a + b
  if (typeof a === 'number' && typeof b === 'number') return a + b
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length + b.length > LONGEST_LIST ? fail('list is too long') : [...a, ...b]
  }
  if (a instanceof Uint && b instanceof Uint) return uint(a.value + b.value)
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Uint8Array.from([...a, ...b])
  if (a instanceof Duration && b instanceof Duration) return durationOf(a.ns + b.ns)
  if (a instanceof Duration && b instanceof Timestamp) return timestampOf(a.ns + b.ns)
  if (a instanceof Timestamp && b instanceof Duration) return timestampOf(a.ns + b.ns)
  return fail(NO_OVERLOAD)
}

export function subtract(a: unknown, b: unknown): unknown {
  if (typeof a === 'bigint' && typeof b === 'bigint') return int(a - b)
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (a instanceof Uint && b instanceof Uint) return uint(a.value - b.value)
  if (a instanceof Duration && b instanceof Duration) return durationOf(a.ns - b.ns)
  if (a instanceof Timestamp && b instanceof Duration) return timestampOf(a.ns - b.ns)
  if (a instanceof Timestamp && b instanceof Timestamp) return durationOf(a.ns - b.ns)
  return fail(NO_OVERLOAD)
}

export function multiply(a: unknown, b: unknown): unknown {
  if (typeof a === 'bigint' && typeof b === 'bigint') return int(a * b)
  if (typeof a === 'number' && typeof b === 'number') return a * b
  if (a instanceof Uint && b instanceof Uint) return uint(a.value * b.value)
  return fail(NO_OVERLOAD)
}

export function divide(a: unknown, b: unknown): unknown {
  if (typeof a === 'bigint' && typeof b === 'bigint') return b === 0n ? fail('division by zero') : int(a / b)
  if (typeof a === 'number' && typeof b === 'number') return a / b
  if (a instanceof Uint && b instanceof Uint) return b.value === 0n ? fail('division by zero') : uint(a.value / b.value)
  return fail(NO_OVERLOAD)
}

export function modulo(a: unknown, b: unknown): unknown {
  if (typeof a === 'bigint' && typeof b === 'bigint') return b === 0n ? fail('modulus by zero') : int(a % b)
  if (a instanceof Uint && b instanceof Uint) return b.value === 0n ? fail('modulus by zero') : uint(a.value % b.value)
  return fail(NO_OVERLOAD)
}

export function negate(a: unknown): unknown {
  if (typeof a === 'bigint') return int(-a)
  if (typeof a === 'number') return -a
  return fail(NO_OVERLOAD)
}
