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
      return restoreText(facts, value)
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value) ? null : `unrecognized type: ${facts.format ?? 'int64'}`
    case 'number':
      return typeof value === 'number' ? null : 'unrecognized type: float64'
    case 'boolean':
      return typeof value === 'boolean' ? null : 'unrecognized type: bool'
    default:
      return null
  }
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

function restoreText({ format }: Schema, value: unknown): string | null {
  if (format === 'byte') {
    if (typeof value !== 'string') return `cannot restore slice from ${goKind(value)}`
    const read = readBase64(value)
    return 'error' in read ? read.error : null
  }
  if (format === 'quantity') {
    const read =
      typeof value === 'string' || typeof value === 'number'
        ? readQuantity(String(value))
        : { error: 'unrecognized type: struct' }
    return 'error' in read ? read.error : null
  }
  if (typeof value !== 'string') return `unrecognized type: ${format?.endsWith('time') ? 'struct' : 'string'}`
  const read = format?.endsWith('time') && value !== '' ? readTime(value, format === 'micro-time') : { value }
  return 'error' in read ? read.error : null
}
