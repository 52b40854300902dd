/** Whether a patched object still fits its Go types, in the words of runtime's unstructured converter. */
import { goKind, isDict } from '#api/patch/parts.ts'
import { readBase64, readQuantity, readTime } from '../schema/go-values.ts'
import { resolved, type Schema, type Schemas } from '../schema/schema.ts'

/** The first thing that does not fit, or null. `known` are parts that fitted before and need no look. */
export function restoreProblem(schema: Schema, value: unknown, schemas: Schemas, known?: unknown): string | null {
  if (value === known || value === null || value === undefined) return null
  const facts = resolved(schema, schemas)
  switch (facts.type) {
    case 'object':
      return restoreMap(facts, value, schemas, known)
    case 'array':
      return restoreList(facts, value, schemas)
    case 'string':
      return restoreText(facts, value, schema.goType)
    case 'integer':
      return restoreInteger(facts.format ?? 'int64', value)
    case 'number':
      return typeof value === 'number' ? null : 'unrecognized type: float64'
    case 'boolean':
      return typeof value === 'boolean' ? null : 'unrecognized type: bool'
    default:
      return facts.format === 'int-or-string' ? restoreEither(value) : null
  }
}

/** An IntOrString reads its own JSON, outside of the struct it is in. */
function restoreEither(value: unknown): string | null {
  if (typeof value === 'string' || (Number.isInteger(value) && (value as number) === lowerBits(value as number))) return null
  const json = Array.isArray(value) ? 'array' : isDict(value) ? 'object' : typeof value === 'boolean' ? 'bool' : `number ${value}`
  return `json: cannot unmarshal ${json} into Go value of type int32`
}

/** Whole numbers too large for int64 have become the least of them, whose lower half is empty. */
const lowerBits = (value: number): number => (Math.abs(value) < 2 ** 63 ? value | 0 : 0)

/** Go keeps the lower half of a number that its int32 does not hold (reflect's SetInt). */
export function inFields(schema: Schema, value: unknown, schemas: Schemas, known?: unknown): unknown {
  if (value === known || value === null || value === undefined) return value
  const facts = resolved(schema, schemas)
  if (facts.type === 'integer') {
    return facts.format === 'int32' && typeof value === 'number' ? lowerBits(value) : value
  }
  if (Array.isArray(value)) {
    const { items } = facts
    const next = items ? value.map((item) => inFields(items, item, schemas)) : value
    return next.some((item, i) => item !== value[i]) ? next : value
  }
  if (!isDict(value)) return value
  const before = isDict(known) ? known : {}
  let out = value
  for (const key of Object.keys(value)) {
    const inner = facts.properties ? facts.properties[key] : facts.values
    const next = inner ? inFields(inner, value[key], schemas, before[key]) : value[key]
    if (next !== value[key]) out = { ...out, [key]: next }
  }
  return out
}

function restoreMap(schema: Schema, value: unknown, schemas: Schemas, known: unknown): string | null {
  if (!isDict(value))
    return schema.properties ? `cannot restore struct from: ${goKind(value)}` : `cannot restore map from ${goKind(value)}`
  const before = isDict(known) ? known : {}
  const fields = schema.properties
  for (const key of fields ? Object.keys(fields) : Object.keys(value)) {
    const inner = fields ? fields[key] : schema.values
    const problem = inner && Object.hasOwn(value, key) ? restoreProblem(inner, value[key], schemas, before[key]) : null
    if (problem) return problem
  }
  return null
}

function restoreList(schema: Schema, value: unknown, schemas: Schemas): string | null {
  if (!Array.isArray(value)) return `cannot restore slice from ${goKind(value)}`
  for (const item of value) {
    const problem = schema.items ? restoreProblem(schema.items, item, schemas) : null
    if (problem) return problem
  }
  return null
}

/** Go converts between its numbers, but not a fraction into a whole one. */
function restoreInteger(type: string, value: unknown): string | null {
  if (typeof value !== 'number') return `unrecognized type: ${type}`
  return Number.isInteger(value) ? null : `cannot convert float64 to ${type}`
}

/** Times read their own JSON; a whole number could be a string in Go (a character), and is refused in other words. */
function notText(value: unknown, isTime: boolean, type = 'string'): string {
  const json = Array.isArray(value) ? 'array' : isDict(value) ? 'object' : typeof value === 'boolean' ? 'bool' : 'number'
  if (isTime) return `json: cannot unmarshal ${json} into Go value of type string`
  return Number.isInteger(value) ? `cannot convert int64 to ${type}` : 'unrecognized type: string'
}

function restoreText({ format }: Schema, value: unknown, type?: string): string | null {
  if (format === 'byte') {
    if (typeof value !== 'string') return `cannot restore slice from ${goKind(value)}`
    const read = readBase64(value)
    return 'error' in read ? `error decoding from json: ${read.error}` : null
  }
  if (format === 'quantity') {
    const read =
      typeof value === 'string' || typeof value === 'number'
        ? readQuantity(String(value))
        : { error: 'unrecognized type: struct' }
    return 'error' in read ? read.error : null
  }
  if (typeof value !== 'string') return notText(value, format?.endsWith('time') === true, type)
  const read = format?.endsWith('time') && value !== '' ? readTime(value, format === 'micro-time') : { value }
  return 'error' in read ? read.error : null
}
