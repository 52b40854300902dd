/** What Go always prints of an object: empty structs, required zeros, nulls for lists that aren't there; and for those that are empty, once they were stored. */
import { resolved, type Schema, type Schemas } from './schema.ts'

/**
 * To be called after defaulting, which still has to see what is absent. Shares whatever is complete already;
 * remembers per definition which fields can need it, so that a complete object costs one walk along those.
 */
export function finish<T extends object>(object: T, definition: string, schemas: Schemas): T {
  const schema = schemas.get(definition)
  return schema ? (struct(object as Record<string, unknown>, schema, schemas, absentIsZero) as T) : object
}

/** As it comes back from the store: protobuf knows no empty lists and maps, only none. */
export function unpacked<T extends object>(object: T, definition: string, schemas: Schemas): T {
  const schema = schemas.get(definition)
  return schema ? (struct(object as Record<string, unknown>, schema, schemas, emptyIsNone) as T) : object
}

/** What becomes of a field's value; what it gives back as it was is looked into. */
type Rule = (now: unknown, field: Field, schemas: Schemas) => unknown

const absentIsZero: Rule = (now, field, schemas) =>
  (now === undefined || now === null) && field.always ? zero(field, schemas) : now

const emptyIsNone: Rule = (now, { always, own }) => {
  // What no type looks into is kept as it was sent.
  if (!always || typeof now !== 'object' || now === null || own.properties || own.type === undefined) return now
  for (const _ in now) return now
  return null
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

function struct(object: Record<string, unknown>, schema: Schema, schemas: Schemas, rule: Rule): Record<string, unknown> {
  let out: Record<string, unknown> | null = null
  for (const field of planOf(schema, schemas)) {
    const now = object[field.key]
    const ruled = rule(now, field, schemas)
    const next = ruled === now && now !== undefined && now !== null ? inside(now, field.own, schemas, rule) : ruled
    if (next !== now && next !== undefined) {
      out ??= { ...object }
      out[field.key] = next
    }
  }
  return out ?? object
}

function inside(value: unknown, own: Schema, schemas: Schemas, rule: Rule): unknown {
  if (own.properties) return typeof value === 'object' ? struct(value as Record<string, unknown>, own, schemas, rule) : value
  const element = own.items ?? own.values
  const target = element?.ref === undefined ? undefined : schemas.get(element.ref)
  if (!target?.properties) return value
  const one = (item: unknown) => struct(item as Record<string, unknown>, target, schemas, rule)
  if (Array.isArray(value)) return list(value, one)
  return typeof value === 'object' && value !== null ? map(value as Record<string, unknown>, one) : value
}

function list(value: unknown[], one: (item: unknown) => unknown): unknown[] {
  let out: unknown[] | null = null
  for (let i = 0; i < value.length; i++) {
    const next = one(value[i])
    if (next !== value[i]) {
      out ??= [...value]
      out[i] = next
    }
  }
  return out ?? value
}

function map(value: Record<string, unknown>, one: (item: unknown) => unknown): Record<string, unknown> {
  let out: Record<string, unknown> | null = null
  for (const key of Object.keys(value)) {
    const next = one(value[key])
    if (next !== value[key]) {
      out ??= { ...value }
      out[key] = next
    }
  }
  return out ?? value
}

function zero({ schema, own }: Field, schemas: Schemas): unknown {
  if (schema.pointer) return null
  if (own.properties) return struct({}, own, schemas, absentIsZero)
  if (own.format === 'quantity') return '0'
  if (own.format === 'int-or-string') return 0
  if (own.type === 'string' && own.format === undefined) return ''
  if (own.type === 'boolean') return false
  return own.type === 'integer' || own.type === 'number' ? 0 : null
}
