/** The values of CEL beside plain JavaScript ones: int is bigint, double is number, bytes are Uint8Array, lists are arrays. */
import type { CelType } from './types.ts'

export class Uint {
  readonly value: bigint
  constructor(value: bigint) {
    this.value = value
  }
}
/** Nanoseconds since 1970. */
export class Timestamp {
  readonly ns: bigint
  constructor(ns: bigint) {
    this.ns = ns
  }
}
export class Duration {
  readonly ns: bigint
  constructor(ns: bigint) {
    this.ns = ns
  }
}
export class TypeValue {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}
export class Optional {
  readonly has: boolean
  readonly value: unknown
  constructor(has: boolean, value?: unknown) {
    this.has = has
    this.value = value
  }
}
export const NONE = new Optional(false)

/** A map made by an expression: keys by their canonical text. */
export class CelMap {
  readonly entries = new Map<string, readonly [key: unknown, value: unknown]>()
  set(key: unknown, value: unknown): void {
    this.entries.set(keyText(key), [key, value])
  }
}
/** An object or map as it stands in the store; its fields become values when they are asked for. */
export class Raw {
  readonly data: Readonly<Record<string, unknown>>
  readonly type: CelType
  constructor(data: Readonly<Record<string, unknown>>, type: CelType) {
    this.data = data
    this.type = type
  }
}
/** A value that an expression built field by field. */
export class Built extends Raw {
  readonly fields: readonly (readonly [string, unknown])[]
  constructor(data: Readonly<Record<string, unknown>>, type: CelType, fields: readonly (readonly [string, unknown])[]) {
    super(data, type)
    this.fields = fields
  }
}
/** A value of a library's own type: a quantity, a URL, an authorizer … */
export abstract class Custom {
  abstract readonly typeName: string
  abstract equals(other: unknown): boolean
}

/** Numbers that are equal are the same key, whatever their type. */
export function keyText(key: unknown): string {
  if (typeof key === 'string') return `s${key}`
  if (typeof key === 'bigint') return `n${key}`
  if (key instanceof Uint) return `n${key.value}`
  if (typeof key === 'number') return `n${Number.isInteger(key) ? BigInt(key) : key}`
  return `b${String(key)}`
}

export const isMap = (value: unknown): value is CelMap | Raw => value instanceof CelMap || value instanceof Raw
export const isNumber = (value: unknown): boolean =>
  typeof value === 'bigint' || typeof value === 'number' || value instanceof Uint

/** The runtime type's name, as `type(x)` and messages tell it. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'null_type'
  switch (typeof value) {
    case 'bigint':
      return 'int'
    case 'number':
      return 'double'
    case 'string':
      return 'string'
    case 'boolean':
      return 'bool'
  }
  if (Array.isArray(value)) return 'list'
  if (value instanceof Uint8Array) return 'bytes'
  if (value instanceof Uint) return 'uint'
  if (value instanceof Raw) return value.type.kind === 'object' ? value.type.name : 'map'
  if (value instanceof CelMap) return 'map'
  if (value instanceof Timestamp) return 'google.protobuf.Timestamp'
  if (value instanceof Duration) return 'google.protobuf.Duration'
  if (value instanceof TypeValue) return 'type'
  if (value instanceof Optional) return 'optional_type'
  if (value instanceof Custom) return value.typeName
  return 'unknown'
}

/** What the size of a value is for costs; 1 for what has none. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return pointCount(value)
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length
  if (value instanceof CelMap) return value.entries.size
  if (value instanceof Raw) return Object.keys(value.data).length
  if (value instanceof Optional && value.has) return sizeOf(value.value)
  return 1
}

export function pointCount(text: string): number {
  let count = text.length
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xfc00) === 0xd800) count--
  return count
}

/** Fields worked out when they are first asked for: a policy's `variables`. */
export abstract class Lazy {
  abstract has(name: string): boolean
  /** Undefined when there is none; throws what working it out threw. */
  abstract find(name: string): unknown
}
