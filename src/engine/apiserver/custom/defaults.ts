/** Fills a custom resource with the defaults of its schema (schema/defaulting). */
import { setKey } from '#api/set-key.ts'
import { isMap, itemsOf, type Json, type JsonSchema, propertyOf, valuesOf } from './json-schema.ts'

const lacks = (value: unknown, schema: JsonSchema | undefined): boolean => value === null && schema?.nullable !== true

const isSet = (value: unknown): boolean => value !== undefined && value !== null

/** Shares whatever is complete; a literal null takes the default unless the schema allows it. */
export function withDefaults<T>(value: T, schema: JsonSchema | undefined): T {
  if (!schema) return value
  if (Array.isArray(value)) return list(value, schema) as T
  return isMap(value) ? (map(value, schema) as T) : value
}

function list(value: unknown[], schema: JsonSchema): unknown[] {
  const items = itemsOf(schema)
  if (!items) return value
  const next = value.map((each) => withDefaults(lacks(each, items) ? (items.default ?? null) : each, items))
  return next.every((each, i) => each === value[i]) ? value : next
}

function map(value: Json, schema: JsonSchema): Json {
  let out: Json | null = null
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    if (!isSet(property.default)) continue
    if (Object.hasOwn(value, key) && value[key] !== undefined && !lacks(value[key], property)) continue
    out ??= { ...value }
    setKey(out, key, property.default)
  }
  const given = out ?? value
  const values = valuesOf(schema)
  for (const key of Object.keys(given)) {
    const property = propertyOf(schema, key) ?? values
    if (!property) continue
    const now = given[key]
    const start = !propertyOf(schema, key) && lacks(now, values) ? (values?.default ?? null) : now
    const next = withDefaults(start, property)
    if (next === now) continue
    out ??= { ...value }
    setKey(out, key, next)
  }
  return out ?? value
}
