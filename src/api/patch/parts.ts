/** Small tools over plain JSON that the patches share: type tests, safe keys, equality, and Go's way of printing. */
export type Dict = { [key: string]: unknown }

export const isDict = (value: unknown): value is Dict => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Own properties only: a key like `constructor` or `__proto__` is a key like any other. */
export const valueAt = (object: Dict, key: string): unknown => (Object.hasOwn(object, key) ? object[key] : undefined)

/** Sets a property of an object that is still being built; `__proto__` becomes an ordinary key. */
export function setKey(object: Dict, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
  else object[key] = value
}

/** The same object with one property more or other; the very same when it is there already. */
export const withKey = (object: Dict, key: string, value: unknown): Dict =>
  Object.hasOwn(object, key) && object[key] === value ? object : { ...object, [key]: value }

/** The same object without a property; the very same when it isn't there. */
export function withoutKey(object: Dict, key: string): Dict {
  if (!Object.hasOwn(object, key)) return object
  const next = { ...object }
  delete next[key]
  return next
}

/** Deep equality of plain JSON; unlike the store's, a property that is `null` is not one that is absent. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => same(item, b[i]))
  if (!isDict(a) || !isDict(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
}

/** Go's name for the kind of a decoded JSON value: `map`, `slice`, `string` …: two values differ in type when these differ. */
export function goKind(value: unknown): string {
  if (value === null || value === undefined) return 'nil'
  if (Array.isArray(value)) return 'slice'
  if (typeof value === 'object') return 'map'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  return typeof value === 'boolean' ? 'bool' : 'string'
}

const GO_TYPES: Record<string, string> = { map: 'map[string]interface {}', slice: '[]interface {}', nil: '%!s(<nil>)' }

/** Go's name for the type of a decoded JSON value, as `%s` of reflect.TypeOf prints it. */
export const goType = (value: unknown): string => GO_TYPES[goKind(value)] ?? goKind(value)

/** Go's `%v` of a decoded JSON value: `map[a:1 b:[x y]]`. */
export function goPrint(value: unknown): string {
  if (value === null || value === undefined) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(goPrint).join(' ')}]`
  if (isDict(value)) {
    const keys = Object.keys(value).sort()
    return `map[${keys.map((key) => `${key}:${goPrint(value[key])}`).join(' ')}]`
  }
  return String(value)
}
