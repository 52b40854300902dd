/** Plain JSON as values of CEL, by the type its schema gives it, and back. */

import { decodeBytes, encodeBytes } from '#api/base64.ts'
import { bytesOf } from '#api/bytes.ts'
import { escapeField, unescapeField } from './escape.ts'
import { parseDuration, parseTimestamp, writeDuration, writeTimestamp } from './time.ts'
import { type CelType, DYN } from './types.ts'
import { CelMap, Duration, keyText, Optional, Raw, Timestamp, Uint } from './value.ts'

/** A JSON value as the type says; what doesn't fit its type is read by its own looks. */
export function celValue(data: unknown, type: CelType = DYN): unknown {
  if (data === null || data === undefined) return null
  if (typeof data === 'number') return numberOf(data, type)
  if (typeof data === 'string') return textValue(data, type)
  if (typeof data !== 'object') return data
  if (Array.isArray(data)) {
    const of = type.kind === 'list' ? type.params[0] : DYN
    return data.map((one) => celValue(one, of))
  }
  if (isPlain(data)) return new Raw(data as Record<string, unknown>, type)
  return data
}

const isPlain = (data: object): boolean => {
  const proto = Object.getPrototypeOf(data)
  return proto === Object.prototype || proto === null
}

function numberOf(data: number, { kind }: CelType): unknown {
  if (kind === 'double') return data
  if (kind === 'int') return Number.isFinite(data) ? BigInt(Math.trunc(data)) : data
  return Number.isSafeInteger(data) ? BigInt(data) : data
}

function textValue(data: string, { kind }: CelType): unknown {
  if (kind === 'timestamp') return parseTimestamp(/^\d{4}-\d\d-\d\d$/.test(data) ? `${data}T00:00:00Z` : data) ?? data
  if (kind === 'duration') return parseDuration(data) ?? data
  if (kind === 'bytes') return decodeBytes(data) ?? bytesOf(data)
  return data
}

/** The property behind a field's name, and the type of what it holds. */
function property({ data, type }: Raw, name: string): { value: unknown; type: CelType } {
  if (type.kind !== 'object') return { value: own(data, name), type: type.kind === 'map' ? (type.params[1] as CelType) : DYN }
  return { value: own(data, unescapeField(name)), type: type.field?.(name) ?? DYN }
}

const own = (data: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.hasOwn(data, name) ? data[name] : undefined

/** What a map holds under a key; undefined when it has no such key. */
export function find(map: CelMap | Raw, key: unknown): unknown {
  if (map instanceof CelMap) return map.entries.get(keyText(key))?.[1]
  if (typeof key !== 'string') return undefined
  const { value, type } = property(map, key)
  return value === undefined ? undefined : celValue(value, type)
}

export const sizeOfMap = (map: CelMap | Raw): number => (map instanceof CelMap ? map.entries.size : Object.keys(map.data).length)

/** Keys and values; keys of stored maps in the order of their names, so that every run sees the same. */
export function entries(map: CelMap | Raw): (readonly [unknown, unknown])[] {
  if (map instanceof CelMap) return [...map.entries.values()]
  const { type, data } = map
  const names = Object.keys(data).sort()
  return names.map((name) => [name, find(map, type.kind === 'object' ? escapeField(name) : name)] as const)
}

/** A value as plain JSON: what mutations and audit annotations are made of. */
export function plainOf(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Uint) return Number(value.value)
  if (value instanceof Timestamp) return writeTimestamp(value)
  if (value instanceof Duration) return writeDuration(value)
  if (value instanceof Uint8Array) return encodeBytes(value)
  if (Array.isArray(value)) return value.map(plainOf)
  if (value instanceof Raw) return value.data
  if (value instanceof Optional) return value.has ? plainOf(value.value) : null
  if (value instanceof CelMap)
    return Object.fromEntries([...value.entries.values()].map(([key, one]) => [String(key), plainOf(one)]))
  return value
}
