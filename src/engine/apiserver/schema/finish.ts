/** Adds to a decoded object what Go always prints: empty structs, required zeros, nulls for lists that aren't there. */
import { resolved, type Schema, type Schemas } from './schema.ts'

/**
 * To be called after defaulting, which still has to see what is absent. Shares whatever is complete already;
 * remembers per definition which fields can need it, so that a complete object costs one walk along those.
 */
export function finish<T extends object>(object: T, definition: string, schemas: Schemas): T {
  const schema = schemas.get(definition)
  return schema ? (struct(object as Record<string, unknown>, schema, schemas) as T) : object
}

interface Field {
  key: string
  schema: Schema
  own: Schema
  always: boolean
}

/** Fields to look at: printed always, or leading to some that are. */
const plans = new WeakMap<Schema, Field[]>()

function planOf(schema: Schema, schemas: Schemas): Field[] {
  const known = plans.get(schema)
  if (known) return known
  const plan: Field[] = []
  plans.set(schema, plan)
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const own = resolved(property, schemas)
    const deep = own.properties ?? own.items?.ref ?? own.values?.ref
    if (property.always || deep) plan.push({ key, schema: property, own, always: property.always === true })
  }
  return plan
}

function struct(object: Record<string, unknown>, schema: Schema, schemas: Schemas): Record<string, unknown> {
  let out: Record<string, unknown> | null = null
  for (const field of planOf(schema, schemas)) {
    const now = object[field.key]
    const next = now === undefined || now === null ? (field.always ? zero(field, schemas) : now) : inside(now, field.own, schemas)
    if (next !== now && next !== undefined) {
      out ??= { ...object }
      out[field.key] = next
    }
  }
  return out ?? object
}

function inside(value: unknown, own: Schema, schemas: Schemas): unknown {
  if (own.properties) return typeof value === 'object' ? struct(value as Record<string, unknown>, own, schemas) : value
  const element = own.items ?? own.values
  const target = element?.ref === undefined ? undefined : schemas.get(element.ref)
  if (!target?.properties) return value
  if (Array.isArray(value)) return list(value, target, schemas)
  return typeof value === 'object' && value !== null ? map(value as Record<string, unknown>, target, schemas) : value
}

function list(value: unknown[], element: Schema, schemas: Schemas): unknown[] {
  let out: unknown[] | null = null
  for (let i = 0; i < value.length; i++) {
    const next = struct(value[i] as Record<string, unknown>, element, schemas)
    if (next !== value[i]) {
      out ??= [...value]
      out[i] = next
    }
  }
  return out ?? value
}

function map(value: Record<string, unknown>, element: Schema, schemas: Schemas): Record<string, unknown> {
  let out: Record<string, unknown> | null = null
  for (const key of Object.keys(value)) {
    const next = struct(value[key] as Record<string, unknown>, element, schemas)
    if (next !== value[key]) {
      out ??= { ...value }
      out[key] = next
    }
  }
  return out ?? value
}

function zero({ schema, own }: Field, schemas: Schemas): unknown {
  if (schema.pointer) return null
  if (own.properties) return struct({}, own, schemas)
  if (own.format === 'quantity') return '0'
  if (own.format === 'int-or-string') return 0
  if (own.type === 'string' && own.format === undefined) return ''
  if (own.type === 'boolean') return false
  return own.type === 'integer' || own.type === 'number' ? 0 : null
}
