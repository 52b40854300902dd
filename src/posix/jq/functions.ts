/** jq's functions from one value to one value. */
import { plain } from './formats.ts'
import type { Plain, Value } from './syntax.ts'
import { compare, described, get, isObject, JqError, kindOf, sortedKeys } from './values.ts'

export function lengthOf(v: Value): Value {
  if (v === null) return 0
  if (typeof v === 'boolean') throw new JqError(`${described(v)} has no length`)
  if (typeof v === 'number') return Math.abs(v)
  if (typeof v === 'string') return [...v].length
  return Array.isArray(v) ? v.length : Object.keys(v).length
}

export function keysOf(v: Value, sorted: boolean): Value {
  if (Array.isArray(v)) return v.map((_, i) => i)
  if (isObject(v)) return sorted ? sortedKeys(v) : Object.keys(v)
  throw new JqError(`${described(v)} has no keys`)
}

export function has(v: Value, key: Value): Value {
  if (isObject(v) && typeof key === 'string') return Object.hasOwn(v, key)
  if (Array.isArray(v) && typeof key === 'number') return key >= 0 && key < v.length
  throw new JqError(`Cannot check whether ${kindOf(v)} has a ${kindOf(key) === 'string' ? 'string' : kindOf(key)} key`)
}

export function contains(a: Value, b: Value): boolean {
  if (isObject(a) && isObject(b))
    return Object.keys(b).every((key) => Object.hasOwn(a, key) && contains(get(a, key), get(b, key)))
  if (Array.isArray(a) && Array.isArray(b))
    return b.every((one) => a.some((other) => kindOf(one) === kindOf(other) && contains(other, one)))
  if (typeof a === 'string' && typeof b === 'string') return a.includes(b)
  if (kindOf(a) === kindOf(b)) return compare(a, b) === 0
  throw new JqError(`${described(a)} and ${described(b)} cannot have their containment checked`)
}

export function toNumber(v: Value): Value {
  if (typeof v === 'number') return v
  if (typeof v !== 'string') throw new JqError(`${described(v)} cannot be parsed as a number`)
  if (!/^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/.test(v)) throw new JqError(unreadable(v))
  return Number(v)
}

export function listOf(v: Value, what: string): Value[] {
  if (Array.isArray(v)) return v
  throw new JqError(`${described(v)} cannot be ${what}, as it is not an array`)
}

export function flatten(v: Value, depth: Value): Value {
  if (typeof depth === 'number' && depth < 0) throw new JqError('flatten depth must not be negative')
  const list = Array.isArray(v) ? v : isObject(v) ? Object.values(v) : null
  if (!list) throw new JqError(`Cannot iterate over ${described(v)}`)
  return (list as unknown[]).flat(Math.min(Number(depth), 1000)) as Value
}

export function join(v: Value, by: Value): Value {
  const list = listOf(v, 'joined')
  if (list.length === 0) return ''
  return list
    .map((one) => {
      if (one === null) return ''
      if (typeof one === 'object') throw new JqError(`${described(plain(by))} and ${described(one)} cannot be added`)
      return plain(one)
    })
    .join(plain(by))
}

export const text =
  (f: (s: string) => Value, wrong: (v: Value) => string): Plain =>
  (v) => {
    if (typeof v !== 'string') throw new JqError(wrong(v))
    return f(v)
  }
export const trims = (f: (s: string) => string): Plain => text(f, (v) => `${described(v)} cannot be trimmed`)
const unreadable = (v: string): string => `Invalid numeric literal at EOF at line 1, column ${v.length} (while parsing '${v}')`

export function fromJson(v: Value): Value {
  if (typeof v !== 'string') throw new JqError(`${described(v)} only strings can be parsed`)
  if (v.trim() === 'nan') return null
  try {
    return JSON.parse(v) as Value
  } catch {
    throw new JqError(unreadable(v))
  }
}

export function implode(v: Value): Value {
  if (!Array.isArray(v)) throw new JqError('implode input must be an array')
  if (v.some((code) => typeof code !== 'number' || code < 0 || code > 0x10ffff))
    throw new JqError('Unicode codepoint must be numeric')
  return listOf(v, 'imploded')
    .map((code) => String.fromCodePoint(Number(code)))
    .join('')
}

export function transpose(v: Value): Value {
  const rows = listOf(v, 'transposed') as Value[][]
  const width = Math.max(0, ...rows.map((row) => row.length))
  return Array.from({ length: width }, (_, i) => rows.map((row) => row[i] ?? null))
}

export function bsearch(v: Value, wanted: Value): Value {
  const list = listOf(v, 'searched from')
  let [low, high] = [0, list.length - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    const c = compare(list[middle] as Value, wanted)
    if (c === 0) return middle
    if (c < 0) low = middle + 1
    else high = middle - 1
  }
  return -1 - low
}
