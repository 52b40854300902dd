/** Places in values: reading, writing and deleting by path. */
import type { Value } from './syntax.ts'
import { compare, described, get, isObject, JqError, kindOf, type Obj, put } from './values.ts'

export type Path = Value[]

const clamp = (n: number, length: number): number => Math.max(0, Math.min(length, n < 0 ? n + length : n))

/** Where a slice begins and ends. */
function bounds(slice: Obj, length: number): [number, number] {
  const { start, end } = slice
  const from = start === null || start === undefined ? 0 : clamp(Math.floor(Number(start)), length)
  const to = end === null || end === undefined ? length : clamp(Math.ceil(Number(end)), length)
  return [from, Math.max(from, to)]
}

const isSlice = (key: Value): key is Obj => isObject(key) && ('start' in key || 'end' in key)

/** `value[key]`. */
export function at(value: Value, key: Value): Value {
  if (isObject(value) && typeof key === 'string') return get(value, key)
  if (Array.isArray(value) && typeof key === 'number') {
    const i = Math.floor(key)
    return value[i < 0 ? i + value.length : i] ?? null
  }
  if (isSlice(key) && (value === null || Array.isArray(value) || typeof value === 'string')) {
    for (const edge of [key['start'], key['end']])
      if (edge !== null && edge !== undefined && typeof edge !== 'number')
        throw new JqError('Start and end indices of an array slice must be numbers')
    if (value === null) return null
    const units = typeof value === 'string' ? [...value] : value
    const [from, to] = bounds(key, units.length)
    const part = units.slice(from, to)
    return typeof value === 'string' ? part.join('') : (part as Value[])
  }
  if (Array.isArray(value) && Array.isArray(key)) return indices(value, key)
  if (value === null && (typeof key === 'string' || typeof key === 'number' || key === null)) return null
  throw new JqError(`Cannot index ${kindOf(value)} with ${typeof key === 'string' ? `string "${key}"` : kindOf(key)}`)
}

export function indices(value: Value, key: Value): Value {
  if (value === null) return null
  if (typeof value === 'string' && typeof key === 'string') {
    const found: number[] = []
    if (key === '') return null
    for (let i = value.indexOf(key); i >= 0; i = value.indexOf(key, i + 1)) found.push([...value.slice(0, i)].length)
    return found
  }
  if (Array.isArray(value) && Array.isArray(key)) {
    const found: number[] = []
    if (key.length === 0) return null
    for (let i = 0; i + key.length <= value.length; i++)
      if (key.every((each, k) => compare(each, value[i + k] as Value) === 0)) found.push(i)
    return found
  }
  if (Array.isArray(value)) return value.flatMap((each, i) => (compare(each, key) === 0 ? [i] : []))
  return at(value, key)
}

export function getPath(value: Value, path: Path): Value {
  let here = value
  for (const key of path) {
    if (here === null) return null
    here = at(here, key)
  }
  return here
}

/** A copy with another value at a path. */
export function setPath(value: Value, path: Path, next: Value): Value {
  const [key, ...rest] = path
  if (key === undefined) return next
  if (typeof key === 'string') {
    if (value !== null && !isObject(value)) throw new JqError(`Cannot index ${kindOf(value)} with "${key}"`)
    const copy: Obj = { ...value }
    put(copy, key, setPath(value === null ? null : get(value, key), rest, next))
    return copy
  }
  if (typeof key === 'number') {
    if (value !== null && !Array.isArray(value)) throw new JqError(`Cannot index ${kindOf(value)} with number`)
    const copy = value === null ? [] : [...value]
    let i = Math.floor(key)
    if (i < 0) {
      i += copy.length
      if (i < 0) throw new JqError('Out of bounds negative array index')
    }
    if (i > 10_000_000) throw new JqError('Array index too large')
    while (copy.length < i) copy.push(null)
    copy[i] = setPath(copy[i] ?? null, rest, next)
    return copy
  }
  if (isSlice(key)) {
    if (value !== null && !Array.isArray(value)) throw new JqError(`Cannot update field at object index of ${kindOf(value)}`)
    const list = value ?? []
    const [from, to] = bounds(key, list.length)
    const part = setPath(list.slice(from, to), rest, next)
    if (!Array.isArray(part)) throw new JqError('A slice of an array can only be assigned another array')
    return [...list.slice(0, from), ...part, ...list.slice(to)]
  }
  if (Array.isArray(value)) throw new JqError('Cannot update field at array index of array')
  throw new JqError(`Invalid path component ${described(key)}`)
}

export function deletePaths(value: Value, paths: Path[]): Value {
  // From the end, so that places before stay where they are.
  const sorted = [...paths].sort(compare).reverse()
  return sorted.reduce<Value>((here, path) => deletePath(here, path), value)
}

function deletePath(value: Value, path: Path): Value {
  if (value === null || path.length === 0) return null
  const [key, ...rest] = path as [Value, ...Value[]]
  if (rest.length > 0) {
    const below = at(value, key)
    return below === null ? value : setPath(value, [key], deletePath(below, rest))
  }
  if (isObject(value) && typeof key === 'string') {
    const { [key]: _gone, ...others } = value
    return others
  }
  if (Array.isArray(value) && typeof key === 'number') {
    const i = key < 0 ? key + value.length : key
    return value.filter((_, n) => n !== i)
  }
  if (Array.isArray(value) && isSlice(key)) {
    const [from, to] = bounds(key, value.length)
    return [...value.slice(0, from), ...value.slice(to)]
  }
  throw new JqError(
    `Cannot delete field at ${isObject(value) ? 'object' : 'array'} index of ${kindOf(value) === 'object' ? 'array' : kindOf(value)}`,
  )
}
