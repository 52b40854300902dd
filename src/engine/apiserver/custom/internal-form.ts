/** Definitions as Go's internal types print them in messages: all fields, capitalised (apis/apiextensions/types.go). */
import { isMap, type Json, type JsonSchema, type ValidationRule } from './json-schema.ts'
import { inOrder } from './problem.ts'

const or = <T>(value: T | undefined, zero: T): T => value ?? zero
const orNull = (value: unknown): unknown => value ?? null
const list = (schemas: JsonSchema[] | undefined) => (schemas?.length ? schemas.map(internalSchema) : null)

function map(schemas: Record<string, JsonSchema> | undefined): Json | null {
  if (!schemas) return null
  return Object.fromEntries(
    Object.keys(schemas)
      .sort()
      .map((key) => [key, internalSchema(schemas[key] as JsonSchema)]),
  )
}

const orBool = (value: JsonSchema | boolean | undefined) =>
  value === undefined
    ? null
    : isMap(value)
      ? { Allows: true, Schema: internalSchema(value as JsonSchema) }
      : { Allows: value, Schema: null }

const orArray = (items: JsonSchema['items']) =>
  items === undefined
    ? null
    : Array.isArray(items)
      ? { Schema: null, JSONSchemas: items.map(internalSchema) }
      : { Schema: internalSchema(items), JSONSchemas: null }

const dependencies = (given: JsonSchema['dependencies']) =>
  given === undefined
    ? null
    : Object.fromEntries(
        Object.keys(given)
          .sort()
          .map((key) => {
            const each = given[key]
            if (Array.isArray(each)) return [key, { Schema: null, Property: each }]
            return [key, { Schema: each ? internalSchema(each) : null, Property: null }]
          }),
      )

export const internalRule = (rule: ValidationRule): Json => ({
  Rule: or(rule.rule, ''),
  Message: or(rule.message, ''),
  MessageExpression: or(rule.messageExpression, ''),
  Reason: orNull(rule.reason),
  FieldPath: or(rule.fieldPath, ''),
  OptionalOldSelf: orNull(rule.optionalOldSelf),
})

export function internalSchema(schema: JsonSchema): Json {
  return { ...scalars(schema), ...nested(schema), ...extensions(schema) }
}

const scalars = (schema: JsonSchema): Json => ({
  ID: or(schema.id, ''),
  Schema: or(schema.$schema, ''),
  Ref: orNull(schema.$ref),
  Description: or(schema.description, ''),
  Type: or(schema.type, ''),
  Nullable: or(schema.nullable, false),
  Format: or(schema.format, ''),
  Title: or(schema.title, ''),
  Default: orNull(inOrder(schema.default)),
  Maximum: orNull(schema.maximum),
  ExclusiveMaximum: or(schema.exclusiveMaximum, false),
  Minimum: orNull(schema.minimum),
  ExclusiveMinimum: or(schema.exclusiveMinimum, false),
  MaxLength: orNull(schema.maxLength),
  MinLength: orNull(schema.minLength),
  Pattern: or(schema.pattern, ''),
  MaxItems: orNull(schema.maxItems),
  MinItems: orNull(schema.minItems),
  UniqueItems: or(schema.uniqueItems, false),
  MultipleOf: orNull(schema.multipleOf),
  Enum: schema.enum?.length ? inOrder(schema.enum) : null,
  MaxProperties: orNull(schema.maxProperties),
  MinProperties: orNull(schema.minProperties),
  Required: schema.required?.length ? schema.required : null,
})

const nested = (schema: JsonSchema): Json => ({
  Items: orArray(schema.items),
  AllOf: list(schema.allOf),
  OneOf: list(schema.oneOf),
  AnyOf: list(schema.anyOf),
  Not: schema.not ? internalSchema(schema.not) : null,
  Properties: map(schema.properties),
  AdditionalProperties: orBool(schema.additionalProperties),
  PatternProperties: map(schema.patternProperties),
  Dependencies: dependencies(schema.dependencies),
  AdditionalItems: orBool(schema.additionalItems),
  Definitions: map(schema.definitions),
  ExternalDocs: schema.externalDocs
    ? { Description: or(schema.externalDocs.description, ''), URL: or(schema.externalDocs.url, '') }
    : null,
  Example: orNull(inOrder(schema.example)),
})

const extensions = (schema: JsonSchema): Json => ({
  XPreserveUnknownFields: orNull(schema['x-kubernetes-preserve-unknown-fields']),
  XEmbeddedResource: or(schema['x-kubernetes-embedded-resource'], false),
  XIntOrString: or(schema['x-kubernetes-int-or-string'], false),
  XListMapKeys: schema['x-kubernetes-list-map-keys']?.length ? schema['x-kubernetes-list-map-keys'] : null,
  XListType: orNull(schema['x-kubernetes-list-type']),
  XMapType: orNull(schema['x-kubernetes-map-type']),
  XValidations: schema['x-kubernetes-validations']?.length ? schema['x-kubernetes-validations'].map(internalRule) : null,
})
