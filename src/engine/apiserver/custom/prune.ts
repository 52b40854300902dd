/** Drops from a custom resource what its structural schema doesn't specify, and nulls that mean nothing (schema/pruning, defaulting). */
import { setKey } from '#api/set-key.ts'
import {
  allowsValues,
  embeds,
  isMap,
  isMetaField,
  itemsOf,
  type Json,
  type JsonSchema,
  preserves,
  propertyOf,
  valuesOf,
} from './json-schema.ts'

export interface Pruned<T> {
  value: T
  /** Paths of the dropped fields (`spec.parts[0].x`), sorted. */
  unknown: string[]
}

/** Prunes a whole object; apiVersion, kind and metadata stay whatever the schema says. Shares what is complete. */
export function prune<T>(object: T, schema: JsonSchema | undefined): Pruned<T> {
  const unknown: string[] = []
  const root: JsonSchema = { ...schema, 'x-kubernetes-embedded-resource': true }
  const value = inside(object, root, '', unknown) as T
  return { value, unknown: unknown.sort() }
}

/** Prunes a value that is no resource, as a default inside a schema is. */
export const pruneValue = (value: unknown, schema: JsonSchema): unknown => inside(value, schema, '', [])

function inside(value: unknown, schema: JsonSchema | undefined, path: string, unknown: string[]): unknown {
  if (Array.isArray(value)) {
    const items = itemsOf(schema)
    // Below a list that keeps what it doesn't know, elements without a schema are kept as they are.
    if (preserves(schema) && !items) return value
    const own = preserves(schema) && items ? { ...items, ...KEEPS } : items
    return mapped(value, (each, i) => inside(each, own, `${path}[${i}]`, unknown))
  }
  return isMap(value) ? fields(value, schema, path, unknown) : value
}

const KEEPS = { 'x-kubernetes-preserve-unknown-fields': true }

function mapped(list: unknown[], change: (each: unknown, i: number) => unknown): unknown[] {
  const next = list.map(change)
  return next.every((each, i) => each === list[i]) ? list : next
}

function fields(value: Json, schema: JsonSchema | undefined, path: string, unknown: string[]): Json {
  const out: Json = {}
  let same = true
  for (const [key, each] of Object.entries(value)) {
    const at = path ? `${path}.${key}` : key
    const property = propertyOf(schema, key)
    if (embeds(schema) && isMetaField(key)) setKey(out, key, each)
    else if (property || allowsValues(schema)) {
      const next = inside(each, property ?? valuesOf(schema), at, unknown)
      setKey(out, key, next)
      same &&= next === each
    } else if (preserves(schema)) setKey(out, key, each)
    else {
      if (!isMetaField(key) || path) unknown.push(at)
      same = false
    }
  }
  return same ? value : out
}

/** Nulls whose schema allows none and gives no default are absent; those with a default wait for it. */
export function dropNulls<T>(value: T, schema: JsonSchema | undefined): T {
  if (Array.isArray(value)) return mapped(value, (each) => dropNulls(each, itemsOf(schema))) as T
  if (!isMap(value)) return value
  const out: Json = {}
  let same = true
  for (const [key, each] of Object.entries(value)) {
    const own = propertyOf(schema, key) ?? valuesOf(schema)
    if (each === null && own && !own.nullable && (own.default === undefined || own.default === null)) {
      same = false
      continue
    }
    const next = dropNulls(each, own)
    setKey(out, key, next)
    same &&= next === each
  }
  return same ? value : (out as T)
}
