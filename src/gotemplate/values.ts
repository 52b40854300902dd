/** Go's values in a template: what a JavaScript value counts as, its type's name, its truth, and objects with methods. */
import { bytesOf } from '#api/bytes.ts'

/**
 * `undefined` is no value at all, `null` a nil interface, a bigint an `int`, a number a `float64`; arrays are
 * `[]interface {}`, plain objects `map[string]interface {}`, and whatever else has a type's name is a {@link GoObject}.
 */
export type Value = unknown

/** An integer of another type than int: what `--set` gives is an `int64`. */
export class GoInt {
  readonly type: string
  readonly value: bigint
  constructor(type: string, value: bigint) {
    this.type = type
    this.value = value
  }
}

/** A struct, or a map with methods: fields by name, methods by name, and a type's name for messages. */
export class GoObject {
  readonly type: string
  /** Fields of a struct; null for none. */
  readonly fields: Readonly<Record<string, Value>> | null
  readonly methods: Readonly<Record<string, GoFunction>>
  /** A map's entries, when it is one. */
  readonly map: Readonly<Record<string, Value>> | null
  constructor(
    type: string,
    parts: { fields?: Record<string, Value>; methods?: Record<string, GoFunction>; map?: Record<string, Value> },
  ) {
    this.type = type
    this.fields = parts.fields ?? null
    this.methods = parts.methods ?? {}
    this.map = parts.map ?? null
  }
}

/** Types that a parameter may have; `value` takes anything as it is, `any` anything that is a value or nil. */
export type ParameterType = 'value' | 'any' | 'string' | 'bool' | 'int' | 'int64' | 'float64' | 'map' | 'list'

/** A function that templates may call. An error it throws is told as Go's `error calling NAME: …`. */
export interface GoFunction {
  parameters: readonly ParameterType[]
  /** The type of all further arguments. */
  rest?: ParameterType
  call(...args: any[]): Value
}

/** Declares a function: `fn(['string', '...any'], …)`. */
export function fn(parameters: readonly (ParameterType | `...${ParameterType}`)[], call: (...args: any[]) => Value): GoFunction {
  const last = parameters.at(-1)
  const rest = last?.startsWith('...') ? (last.slice(3) as ParameterType) : undefined
  const fixed = (rest ? parameters.slice(0, -1) : parameters) as ParameterType[]
  return { parameters: fixed, ...(rest ? { rest } : {}), call }
}

export const isMap = (value: Value): value is Record<string, Value> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof GoObject) &&
  !(value instanceof GoInt)

/** A map's entries, whether it is plain or has methods. */
export function mapOf(value: Value): Readonly<Record<string, Value>> | null {
  if (value instanceof GoObject) return value.map
  return isMap(value) ? value : null
}

/** The name of a value's Go type. */
export function typeName(value: Value): string {
  if (value === null || value === undefined) return 'interface {}'
  if (value instanceof GoObject || value instanceof GoInt) return value.type
  if (Array.isArray(value)) return '[]interface {}'
  switch (typeof value) {
    case 'bigint':
      return 'int'
    case 'number':
      return 'float64'
    case 'boolean':
      return 'bool'
    case 'string':
      return 'string'
    default:
      return 'map[string]interface {}'
  }
}

export const TYPE_NAMES: Record<ParameterType, string> = {
  value: 'reflect.Value',
  any: 'interface {}',
  string: 'string',
  bool: 'bool',
  int: 'int',
  int64: 'int64',
  float64: 'float64',
  map: 'map[string]interface {}',
  list: '[]interface {}',
}

/** An integer of whatever type; null for all else. */
export const integerOf = (value: Value): bigint | null =>
  typeof value === 'bigint' ? value : value instanceof GoInt ? value.value : null

/** Go's truth: not the zero of its type. */
export function truth(value: Value): boolean {
  if (value === null || value === undefined) return false
  const integer = integerOf(value)
  if (integer !== null) return integer !== 0n
  if (Array.isArray(value)) return value.length > 0
  const map = mapOf(value)
  if (map) return Object.keys(map).length > 0
  return value instanceof GoObject || Boolean(value)
}

/** Order of Go's maps when printed or ranged over: by the keys' bytes. */
export function sortedEntries(map: Readonly<Record<string, Value>>): [string, Value][] {
  return Object.entries(map).sort(([a], [b]) => compareBytes(a, b))
}

export function compareBytes(a: string, b: string): number {
  if (a === b) return 0
  const [x, y] = [bytesOf(a), bytesOf(b)]
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const difference = (x[i] as number) - (y[i] as number)
    if (difference !== 0) return difference
  }
  return x.length - y.length
}
