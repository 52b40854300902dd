/** Declarations of functions: each overload is one line, `string.(string): bool` for a method, `(int, int): int` for a function. */
import {
  BOOL,
  BYTES,
  type CelType,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  NULL,
  opaque,
  optionalOf,
  param,
  STRING,
  TIMESTAMP,
  typeOf,
  UINT,
} from './types.ts'
import { type CelMap, Custom, Duration, isMap, Optional, Timestamp, TypeValue, Uint } from './value.ts'

/** What a function may ask of the evaluation it runs in. */
export interface Context {
  /** Adds to the cost; throws when that is too much. */
  charge(cost: number): void
}

/** The arguments as the library's own types; the receiver of a method is the first. */
export type Impl = (args: readonly any[], context: Context) => unknown

export interface Overload {
  readonly id: string
  readonly fn: string
  readonly member: boolean
  readonly args: readonly CelType[]
  readonly result: CelType
  readonly params: readonly string[]
  readonly impl: Impl
}

export interface Library {
  readonly overloads: readonly Overload[]
  /** Names that stand for types or values: `int`, `optional_type`. */
  readonly constants?: Readonly<Record<string, { type: CelType; value: unknown }>>
}

const NAMED: Record<string, CelType> = {
  bool: BOOL,
  int: INT,
  uint: UINT,
  double: DOUBLE,
  string: STRING,
  bytes: BYTES,
  null: NULL,
  timestamp: TIMESTAMP,
  duration: DURATION,
  dyn: DYN,
}

/** Reads `map(string, list(A))`. */
export function readType(text: string): CelType {
  const open = text.indexOf('(')
  if (open < 0) return NAMED[text] ?? (/^[A-Z]$/.test(text) ? param(text) : opaque(text))
  const name = text.slice(0, open)
  const params = splitTypes(text.slice(open + 1, -1)).map(readType)
  const [first = DYN, second = DYN] = params
  if (name === 'list') return listOf(first)
  if (name === 'map') return mapOf(first, second)
  if (name === 'type') return typeOf(first)
  return name === 'optional' ? optionalOf(first) : opaque(name, ...params)
}

/** Splits at the commas that no parenthesis holds. */
function splitTypes(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let part = ''
  for (const char of text) {
    if (char === '(') depth++
    if (char === ')') depth--
    if (char === ',' && depth === 0) {
      parts.push(part.trim())
      part = ''
    } else part += char
  }
  if (part.trim() !== '') parts.push(part.trim())
  return parts
}

function paramsOf(types: readonly CelType[], found = new Set<string>()): Set<string> {
  for (const type of types) {
    if (type.kind === 'param') found.add(type.name)
    paramsOf(type.params, found)
  }
  return found
}

export function overload(fn: string, id: string, signature: string, impl: Impl): Overload {
  const cut = signature.lastIndexOf('): ')
  const result = readType(signature.slice(cut + 3))
  const dot = signature.indexOf('.(')
  const nested = signature.indexOf('(')
  const member = dot >= 0 && (dot < nested || balanced(signature.slice(0, dot)))
  const open = member ? dot + 1 : 0
  const args = splitTypes(signature.slice(open + 1, cut)).map(readType)
  const all = member ? [readType(signature.slice(0, dot)), ...args] : args
  return { fn, id, member, args: all, result, params: [...paramsOf([...all, result])], impl }
}

const balanced = (text: string): boolean => text.length > 0 && text.split('(').length === text.split(')').length

/** Whether a value may be given where a type is declared; what lists and maps hold is not looked at. */
export function accepts(type: CelType, value: unknown): boolean {
  switch (type.kind) {
    case 'dyn':
    case 'param':
    case 'error':
      return true
    case 'bool':
      return typeof value === 'boolean'
    case 'int':
      return typeof value === 'bigint'
    case 'uint':
      return value instanceof Uint
    case 'double':
      return typeof value === 'number'
    case 'string':
      return typeof value === 'string'
    case 'bytes':
      return value instanceof Uint8Array
    case 'null':
      return value === null
    case 'timestamp':
      return value instanceof Timestamp
    case 'duration':
      return value instanceof Duration
    case 'list':
      return Array.isArray(value)
    case 'map':
      return isMap(value)
    case 'type':
      return value instanceof TypeValue
    case 'object':
      return isMap(value) || value instanceof Custom
    case 'opaque':
      return type.name === 'optional_type' ? value instanceof Optional : value instanceof Custom && value.typeName === type.name
  }
}

/** A map as its entries, for functions that walk it. */
export const entriesOf = (value: CelMap): (readonly [unknown, unknown])[] => [...value.entries.values()]
