/** A custom resource's schema as its definition carries it (JSONSchemaProps), and the little that every walk over it needs. */

export interface ValidationRule {
  rule?: string
  message?: string
  messageExpression?: string
  reason?: string
  fieldPath?: string
  optionalOldSelf?: boolean
}

export interface JsonSchema {
  id?: string
  $schema?: string
  $ref?: string
  description?: string
  type?: string
  nullable?: boolean
  format?: string
  title?: string
  default?: unknown
  maximum?: number
  exclusiveMaximum?: boolean
  minimum?: number
  exclusiveMinimum?: boolean
  maxLength?: number
  minLength?: number
  pattern?: string
  maxItems?: number
  minItems?: number
  uniqueItems?: boolean
  multipleOf?: number
  enum?: unknown[]
  maxProperties?: number
  minProperties?: number
  required?: string[]
  items?: JsonSchema | JsonSchema[]
  allOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  anyOf?: JsonSchema[]
  not?: JsonSchema
  properties?: Record<string, JsonSchema>
  additionalProperties?: JsonSchema | boolean
  patternProperties?: Record<string, JsonSchema>
  dependencies?: Record<string, JsonSchema | string[] | null>
  additionalItems?: JsonSchema | boolean
  definitions?: Record<string, JsonSchema>
  externalDocs?: { description?: string; url?: string }
  example?: unknown
  'x-kubernetes-preserve-unknown-fields'?: boolean
  'x-kubernetes-embedded-resource'?: boolean
  'x-kubernetes-int-or-string'?: boolean
  'x-kubernetes-list-map-keys'?: string[]
  'x-kubernetes-list-type'?: string
  'x-kubernetes-map-type'?: string
  'x-kubernetes-validations'?: ValidationRule[]
}

export type Json = Record<string, unknown>

export const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The schema of a list's elements; a list of schemas is none. */
export const itemsOf = (schema: JsonSchema | undefined): JsonSchema | undefined =>
  schema?.items && !Array.isArray(schema.items) ? schema.items : undefined

/** The schema of a map's values; `true` and `false` are none. */
export const valuesOf = (schema: JsonSchema | undefined): JsonSchema | undefined =>
  isMap(schema?.additionalProperties) ? (schema.additionalProperties as JsonSchema) : undefined

export const allowsValues = (schema: JsonSchema | undefined): boolean => schema?.additionalProperties !== undefined

export const propertyOf = (schema: JsonSchema | undefined, name: string): JsonSchema | undefined =>
  schema?.properties && Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined

export const preserves = (schema: JsonSchema | undefined): boolean => schema?.['x-kubernetes-preserve-unknown-fields'] === true
export const embeds = (schema: JsonSchema | undefined): boolean => schema?.['x-kubernetes-embedded-resource'] === true

/** Every schema below this one and itself, in the order of Go's SchemaHas; stops when `found` says yes. */
export function someSchema(schema: JsonSchema | undefined, found: (schema: JsonSchema) => boolean): boolean {
  if (schema === undefined) return false
  if (found(schema)) return true
  const lists = [Array.isArray(schema.items) ? schema.items : schema.items ? [schema.items] : [], schema.allOf, schema.anyOf]
  for (const list of [...lists, schema.oneOf]) {
    for (const each of list ?? []) if (someSchema(each, found)) return true
  }
  if (someSchema(schema.not, found)) return true
  for (const each of Object.values(schema.properties ?? {})) if (someSchema(each, found)) return true
  if (someSchema(valuesOf(schema), found)) return true
  for (const map of [schema.patternProperties, schema.definitions, schema.dependencies]) {
    for (const each of Object.values(map ?? {})) if (isMap(each) && someSchema(each as JsonSchema, found)) return true
  }
  return isMap(schema.additionalItems) && someSchema(schema.additionalItems as JsonSchema, found)
}

const META_FIELDS = new Set(['apiVersion', 'kind', 'metadata'])
export const isMetaField = (name: string): boolean => META_FIELDS.has(name)

/** A path of fields as Go's field.Path prints it. */
export const child = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`)
