/** Structural schemas and OpenAPI definitions as types, with how large their values may be (k8s.io/apiserver/pkg/cel/common/schemas.go). */
import { escapable } from './escape.ts'
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
  objectType,
  STRING,
  TIMESTAMP,
  withMax,
} from './types.ts'

/** What is looked at of a schema; structural schemas and catalogue definitions both look like this. */
export interface SchemaLike {
  type?: string
  format?: string
  nullable?: boolean
  properties?: Record<string, SchemaLike>
  required?: readonly string[]
  items?: SchemaLike
  additionalProperties?: SchemaLike | boolean
  enum?: readonly unknown[]
  maxLength?: number
  maxItems?: number
  maxProperties?: number
  'x-kubernetes-int-or-string'?: boolean
  'x-kubernetes-preserve-unknown-fields'?: boolean
  'x-kubernetes-embedded-resource'?: boolean
}

/** A request's body can't be longer. */
const LARGEST_REQUEST = 3 * 1024 * 1024
const LONGEST_FORMATTED: Record<string, number> = { duration: 20, date: 10, 'date-time': 30 }

/** The least bytes that a value takes in JSON (minSerializedSize). */
export function leastSize(schema: SchemaLike | undefined): number {
  if (!schema || schema['x-kubernetes-int-or-string']) return 1
  switch (schema.type) {
    case 'string':
      return schema.format === 'date' || schema.format === 'date-time' || schema.format === 'duration' ? 12 : 2
    case 'boolean':
      return 4
    case 'integer':
    case 'number':
      return 1
    case 'array':
      return 2
    case 'object': {
      const required = new Set(schema.required ?? [])
      const fields = Object.entries(schema.properties ?? {}).filter(([name]) => required.has(name))
      return fields.reduce((sum, [name, field]) => sum + name.length + 3 + leastSize(field), 2)
    }
  }
  return 1
}

const mostItems = (least: number): number => Math.floor((LARGEST_REQUEST - 2) / (least + 1))

function listType({ items, maxItems }: SchemaLike, name: string): CelType | null {
  const item = items ? knownType(items, `${name}.@items`) : null
  return item && listOf(item, maxItems ?? mostItems(leastSize(items)))
}

function mapType(item: SchemaLike, most: number | undefined, name: string): CelType | null {
  // Nothing says how long keys may be: the real estimate takes them for empty.
  const key = withMax(STRING, 0)
  const value = knownType(item, `${name}.@values`)
  return value && mapOf(key, value, most ?? mostItems(leastSize(item) + 3))
}

function objectSchema(schema: SchemaLike, name: string): CelType | null {
  const { properties, additionalProperties, maxProperties } = schema
  if (properties) {
    const known = new Map<string, string>()
    for (const field of Object.keys(properties)) {
      const escaped = escapable(field)
      if (escaped !== null) known.set(escaped, field)
    }
    const types = new Map<string, CelType | null>()
    return objectType(
      name,
      (field) => {
        // A word of the language's own is escaped, but need not be behind a dot.
        const real = known.get(field) ?? known.get(`__${field}__`)
        if (real === undefined) return undefined
        let type = types.get(field)
        if (type === undefined) {
          type = knownType(properties[real] as SchemaLike, `${name}.${real}`)
          types.set(field, type)
        }
        return type ?? undefined
      },
      LARGEST_REQUEST,
    )
  }
  if (typeof additionalProperties === 'object') return mapType(additionalProperties, maxProperties, name)
  // Fields that no schema tells of are out of reach, also where they are kept.
  return objectType(name, () => undefined, LARGEST_REQUEST)
}

function longest(schema: SchemaLike): number {
  if (schema.maxLength !== undefined) return schema.maxLength
  if (schema.enum?.length) return Math.max(...schema.enum.map((value) => String(value).length))
  return LARGEST_REQUEST - 2
}

function textType(schema: SchemaLike): CelType {
  switch (schema.format) {
    case 'byte':
      return withMax(BYTES, schema.maxLength ?? LARGEST_REQUEST - 2)
    case 'duration':
      return withMax(DURATION, LONGEST_FORMATTED['duration'] as number)
    case 'date':
    case 'date-time':
      return withMax(TIMESTAMP, LONGEST_FORMATTED[schema.format] as number)
  }
  return withMax(STRING, longest(schema))
}

/** The type of values of a schema. `name` stands in messages for objects without one of their own. */
export const schemaType = (schema: SchemaLike, name = 'object'): CelType =>
  knownType(schema, name) ?? withMax(DYN, LARGEST_REQUEST)

/** Null for what has none: rules can't reach it. */
function knownType(schema: SchemaLike, name: string): CelType | null {
  if (schema['x-kubernetes-int-or-string']) return withMax(DYN, LARGEST_REQUEST - 2)
  const whole = schema['x-kubernetes-embedded-resource'] ? withResource(schema) : schema
  switch (schema.type) {
    case 'boolean':
      return withMax(BOOL, 5)
    case 'integer':
      return withMax(INT, 1)
    case 'number':
      return withMax(DOUBLE, 1)
    case 'string':
      return textType(schema)
    case 'array':
      return listType(schema, name)
    case 'object':
      return objectSchema(whole, name)
  }
  return null
}

const META: SchemaLike = { type: 'object', properties: { name: { type: 'string' }, generateName: { type: 'string' } } }

/** What every resource has, as the root of a CustomResource's rules sees it (WithTypeAndObjectMeta). */
export function withResource(schema: SchemaLike): SchemaLike {
  const { properties = {} } = schema
  const { apiVersion, kind, metadata } = properties
  if (apiVersion && kind && metadata?.properties?.['name']) return schema
  return { ...schema, properties: { ...properties, apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: META } }
}
