/** The types of CEL: what the checker reasons with, what schemas are turned into, and how messages write them. */

export type Kind =
  | 'bool'
  | 'int'
  | 'uint'
  | 'double'
  | 'string'
  | 'bytes'
  | 'null'
  | 'timestamp'
  | 'duration'
  | 'dyn'
  | 'error'
  | 'list'
  | 'map'
  | 'type'
  | 'object'
  | 'opaque'
  | 'param'

export interface CelType {
  readonly kind: Kind
  /** Of objects, opaque types and type parameters. */
  readonly name: string
  /** Of lists (element), maps (key, value), types and opaque types. */
  readonly params: readonly CelType[]
  /** Of objects: the fields by their name in expressions. */
  readonly field?: (name: string) => CelType | undefined
  /** How large a value can be: what costs are estimated from. */
  readonly max?: number | undefined
  /** How a plain JSON value is read as this type, when the kind alone doesn't say. */
  readonly read?: 'int-or-string'
}

const plain = (kind: Kind, name: string = kind): CelType => ({ kind, name, params: [] })

export const BOOL = plain('bool')
export const INT = plain('int')
export const UINT = plain('uint')
export const DOUBLE = plain('double')
export const STRING = plain('string')
export const BYTES = plain('bytes')
export const NULL = plain('null')
export const TIMESTAMP = plain('timestamp')
export const DURATION = plain('duration')
export const DYN = plain('dyn')
export const ERROR = plain('error', '!error!')

export const listOf = (of: CelType, max?: number): CelType => ({ kind: 'list', name: 'list', params: [of], max })
export const mapOf = (key: CelType, value: CelType, max?: number): CelType => ({
  kind: 'map',
  name: 'map',
  params: [key, value],
  max,
})
export const typeOf = (of: CelType): CelType => ({ kind: 'type', name: 'type', params: [of] })
export const opaque = (name: string, ...params: CelType[]): CelType => ({ kind: 'opaque', name, params })
export const optionalOf = (of: CelType): CelType => opaque('optional_type', of)
export const param = (name: string): CelType => plain('param', name)
export const objectType = (name: string, field: (name: string) => CelType | undefined, max?: number): CelType => ({
  kind: 'object',
  name,
  params: [],
  field,
  max,
})
export const withMax = (type: CelType, max: number): CelType => ({ ...type, max })

export const isOptional = (type: CelType): boolean => type.kind === 'opaque' && type.name === 'optional_type'
/** What an optional holds; the type itself when it is none. */
export const unwrapped = (type: CelType): CelType => (isOptional(type) ? (type.params[0] as CelType) : type)
export const isLoose = (type: CelType): boolean => type.kind === 'dyn' || type.kind === 'error'

/** As messages write it: `list(int)`, `map(string, dyn)`, `optional_type(string)`. */
export function typeText(type: CelType): string {
  if (type.kind === 'type' && type.params.length === 0) return 'type'
  if (type.params.length === 0) return type.name
  return `${type.name}(${type.params.map(typeText).join(', ')})`
}

/** The same type, letter by letter. */
export function sameType(a: CelType, b: CelType): boolean {
  if (a === b) return true
  if (a.kind !== b.kind || a.name !== b.name || a.params.length !== b.params.length) return false
  return a.params.every((one, i) => sameType(one, b.params[i] as CelType))
}
