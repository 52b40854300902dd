/** How sprig turns any value into a number, a text, or a list (spf13/cast). */
import { GoInt, GoObject, goSprint, integerOf, isMap, mapOf, type Value } from '#gotemplate/index.ts'

export const int64 = (value: bigint | number): GoInt => new GoInt('int64', BigInt.asIntN(64, BigInt(value)))

/** A whole number of anything, 0 where there is none. */
export function toInt(value: Value): bigint {
  const integer = integerOf(value)
  if (integer !== null) return integer
  if (typeof value === 'number') return Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value !== 'string') return 0n
  const text = value.replace(/^([+-]?)0+(?=\d)/, '$1')
  return /^[+-]?\d+$/.test(text) ? BigInt(text) : 0n
}

export function toFloat(value: Value): number {
  const integer = integerOf(value)
  if (integer !== null) return Number(integer)
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : 0
}

/** sprig's strval: a text of anything, as `%v` prints it. */
export const toText = (value: Value): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '<nil>' : goSprint([value])

/** sprig's strslice: the texts of a list, nothing for nils; of anything else a list of one. */
export function toTexts(value: Value): string[] {
  if (Array.isArray(value)) return value.filter((one) => one !== null && one !== undefined).map(toText)
  return value === null || value === undefined ? [] : [toText(value)]
}

/** sprig's empty: the zero of its type. */
export function isEmpty(value: Value): boolean {
  if (value === null || value === undefined || value === '' || value === false) return true
  const integer = integerOf(value)
  if (integer !== null) return integer === 0n
  if (typeof value === 'number') return value === 0
  if (Array.isArray(value)) return value.length === 0
  const map = mapOf(value)
  return map ? Object.keys(map).length === 0 : false
}

/** reflect.DeepEqual. */
export function deepEqual(a: Value, b: Value): boolean {
  const [x, y] = [a ?? null, b ?? null]
  if (typeof x === 'bigint' && typeof y === 'bigint') return x === y
  if (x instanceof GoInt && y instanceof GoInt) return x.type === y.type && x.value === y.value
  if (Array.isArray(x) && Array.isArray(y)) return x.length === y.length && x.every((one, i) => deepEqual(one, y[i]))
  if (isMap(x) && isMap(y)) {
    const keys = Object.keys(x)
    return keys.length === Object.keys(y).length && keys.every((key) => Object.hasOwn(y, key) && deepEqual(x[key], y[key]))
  }
  return x === y
}

/** reflect's kind of a value. */
export function kindOf(value: Value): string {
  if (value === null || value === undefined) return 'invalid'
  if (value instanceof GoInt) return value.type
  if (typeof value === 'bigint') return 'int'
  if (typeof value === 'number') return 'float64'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'string'
  if (Array.isArray(value)) return 'slice'
  if (value instanceof GoObject && !value.map) return value.type.startsWith('*') ? 'ptr' : 'struct'
  return 'map'
}
