/** Whether a schema is structural: every field has a type outside of value validation (apiserver/schema/validation.go). */

import { equal } from '#api/equal.ts'
import { type FieldError, forbiddenField, invalid, required } from '#api/field-error.ts'
import { embeds, isMap, itemsOf, type JsonSchema, preserves, propertyOf, valuesOf } from './json-schema.ts'
import { patternProblem } from './pattern.ts'

type Level = 'root' | 'item' | 'field'

const INT_OR_STRING: JsonSchema[] = [{ type: 'integer' }, { type: 'string' }]

/** What keeps a schema from being turned into a structural one at all; null when nothing does. */
export function unsupported(schema: JsonSchema | undefined): string | null {
  if (!schema) return null
  const uses = (name: keyof JsonSchema): string => `OpenAPIV3Schema '${name}' is not supported`
  for (const name of ['id', '$schema', '$ref'] as const) if (schema[name]) return uses(name).replace("'$schema'", "'schema'")
  if (Object.keys(schema.patternProperties ?? {}).length > 0) return uses('patternProperties')
  if (Object.keys(schema.dependencies ?? {}).length > 0) return uses('dependencies')
  if (schema.additionalItems !== undefined) return uses('additionalItems')
  if (Object.keys(schema.definitions ?? {}).length > 0) return uses('definitions')
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
    return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined"
  }
  if (Array.isArray(schema.items)) return "OpenAPIV3Schema 'items' must be a schema, but is an array"
  const nested = [schema.not, ...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  for (const each of [...nested, schema.items, ...Object.values(schema.properties ?? {}), valuesOf(schema)]) {
    const why = unsupported(each)
    if (why !== null) return why
  }
  return null
}

/** All that is wrong, sorted as Go sorts it. */
export function structuralProblems(schema: JsonSchema, path: string): FieldError[] {
  const errors: FieldError[] = []
  invariants(schema, 'root', path, errors)
  complete(schema, schema, path, path, errors)
  const text = ({ field, message }: FieldError): string => `${field}: ${message}`
  return errors.sort((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0))
}

function invariants(schema: JsonSchema | undefined, level: Level, path: string, errors: FieldError[]): void {
  if (!schema) return
  const items = itemsOf(schema)
  if (schema.type === 'array' && !items) errors.push(required(`${path}.items`, 'must be specified'))
  invariants(items, 'item', `${path}.items`, errors)
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    invariants(property, 'field', `${path}.properties[${key}]`, errors)
  }
  if (schema.additionalProperties !== undefined) {
    const at = `${path}.additionalProperties`
    if (level === 'root') errors.push(forbiddenField(at, 'must not be used at the root'))
    invariants(valuesOf(schema), 'field', at, errors)
  }
  extensions(schema, path, errors)
  const first = schema.allOf?.[0]
  valueRules(schema, isIntOrString(schema.anyOf), first !== undefined && isIntOrString(first.anyOf), path, errors)
  typeRules(schema, level, path, errors)
  metaRules(schema, level, path, errors)
  if (embeds(schema) && !preserves(schema) && Object.keys(schema.properties ?? {}).length === 0) {
    const why = 'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields'
    errors.push(required(`${path}.properties`, why))
  }
}

const isIntOrString = (anyOf: JsonSchema[] | undefined): boolean => anyOf?.length === 2 && equal(anyOf, INT_OR_STRING)

function extensions(schema: JsonSchema, path: string, errors: FieldError[]): void {
  if (!schema['x-kubernetes-int-or-string']) return
  const why = 'must be false if x-kubernetes-int-or-string is true'
  if (preserves(schema)) errors.push(invalid(`${path}.x-kubernetes-preserve-unknown-fields`, true, why))
  if (embeds(schema)) errors.push(invalid(`${path}.x-kubernetes-embedded-resource`, true, why))
}

const WHERE: Record<Level, string> = {
  root: 'at the root',
  item: 'for specified array items',
  field: 'for specified object fields',
}

function typeRules(schema: JsonSchema, level: Level, path: string, errors: FieldError[]): void {
  const { type = '' } = schema
  const at = `${path}.type`
  if (embeds(schema) && type !== 'object') {
    const why = 'must be object if x-kubernetes-embedded-resource is true'
    errors.push(type === '' ? required(at, why) : invalid(at, type, why))
  } else if (type === '' && !schema['x-kubernetes-int-or-string'] && !preserves(schema)) {
    errors.push(required(at, `must not be empty ${WHERE[level]}`))
  }
  if (embeds(schema) && schema.additionalProperties !== undefined) {
    errors.push(forbiddenField(`${path}.additionalProperties`, 'must not be used if x-kubernetes-embedded-resource is set'))
  }
  if (level === 'root' && type !== '' && type !== 'object') errors.push(invalid(at, type, 'must be object at the root'))
}

function metaRules(schema: JsonSchema, level: Level, path: string, errors: FieldError[]): void {
  const checked = level === 'root' || embeds(schema)
  for (const key of ['kind', 'apiVersion']) {
    const property = propertyOf(schema, key)
    const type = property?.type ?? ''
    if (property && checked && type !== 'string') errors.push(invalid(`${path}.properties[${key}].type`, type, 'must be string'))
  }
  const metadata = propertyOf(schema, 'metadata')
  if (!metadata) return
  const at = `${path}.properties[metadata]`
  if (checked && metadata.type !== 'object') errors.push(invalid(`${at}.type`, metadata.type ?? '', 'must be object'))
  if (level !== 'root') return
  const { type: _type, default: _default, properties = {}, ...rest } = metadata
  const names = Object.keys(properties)
  const bare = names.every((name) => name === 'name' || name === 'generateName')
  const why = 'must not specify anything other than name and generateName, but metadata is implicitly specified'
  if (!bare || Object.values(rest).some((value) => value !== undefined && value !== false && value !== '')) {
    errors.push(forbiddenField(at, why))
  }
}

/** `skipAny`, `skipFirst`: the two ways in which int-or-string may be spelled out. */
function valueRules(schema: JsonSchema, skipAny: boolean, skipFirst: boolean, path: string, errors: FieldError[]): void {
  if (!skipAny) schema.anyOf?.forEach((each, i) => nested(each, false, `${path}.anyOf[${i}]`, errors))
  schema.allOf?.forEach((each, i) => nested(each, skipFirst && i === 0, `${path}.allOf[${i}]`, errors))
  schema.oneOf?.forEach((each, i) => nested(each, false, `${path}.oneOf[${i}]`, errors))
  if (schema.not) nested(schema.not, false, `${path}.not`, errors)
  const problem = schema.pattern ? patternProblem(schema.pattern) : null
  if (problem === null) return
  const why = `must be a valid regular expression, but isn't: ${problem}`
  errors.push(invalid(`${path}.pattern`, schema.pattern, why))
}

const MUST_BE: [keyof JsonSchema, string, 'any' | 'list' | 'set'][] = [
  ['type', 'empty', 'any'],
  ['additionalProperties', 'undefined', 'set'],
  ['default', 'undefined', 'set'],
  ['title', 'empty', 'any'],
  ['description', 'empty', 'any'],
  ['nullable', 'false', 'any'],
  ['x-kubernetes-preserve-unknown-fields', 'false', 'any'],
  ['x-kubernetes-embedded-resource', 'false', 'any'],
  ['x-kubernetes-int-or-string', 'false', 'any'],
  ['x-kubernetes-list-map-keys', 'empty', 'list'],
  ['x-kubernetes-list-type', 'undefined', 'set'],
  ['x-kubernetes-map-type', 'undefined', 'set'],
  ['x-kubernetes-validations', 'empty', 'list'],
]

const isGiven = (value: unknown, how: 'any' | 'list' | 'set'): boolean =>
  how === 'set'
    ? value !== undefined && value !== false && value !== null
    : how === 'list'
      ? (value as unknown[])?.length > 0
      : Boolean(value)

/** A schema inside allOf, anyOf, oneOf or not may restrict values, but not shape them. */
function nested(schema: JsonSchema, skipAny: boolean, path: string, errors: FieldError[]): void {
  valueRules(schema, skipAny, false, path, errors)
  const items = itemsOf(schema)
  if (items) nested(items, false, `${path}.items`, errors)
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    nested(property, false, `${path}.properties[${key}]`, errors)
  }
  for (const [key, what, how] of MUST_BE) {
    if (isGiven(schema[key], how)) errors.push(forbiddenField(`${path}.${key}`, `must be ${what} to be structural`))
  }
  if (propertyOf(schema, 'metadata')) {
    errors.push(forbiddenField(`${path}.properties[metadata]`, 'must not be specified in a nested context'))
  }
}

/** Every field that a nested schema speaks of must have its place in the structure. */
function complete(value: JsonSchema, structure: JsonSchema, at: string, from: string, errors: FieldError[]): void {
  const all: [JsonSchema | undefined, string][] = [
    [value.not, 'not'],
    ...(value.allOf ?? []).map((each, i): [JsonSchema, string] => [each, `allOf[${i}]`]),
    ...(value.anyOf ?? []).map((each, i): [JsonSchema, string] => [each, `anyOf[${i}]`]),
    ...(value.oneOf ?? []).map((each, i): [JsonSchema, string] => [each, `oneOf[${i}]`]),
  ]
  for (const [each, name] of all) if (isMap(each)) nestedComplete(each as JsonSchema, structure, at, `${from}.${name}`, errors)
}

function nestedComplete(
  value: JsonSchema | undefined,
  structure: JsonSchema | undefined,
  at: string,
  from: string,
  errors: FieldError[],
): void {
  if (!value) return
  if (!structure) {
    errors.push(required(at, `because it is defined in ${from}`))
    return
  }
  complete(value, structure, at, from, errors)
  nestedComplete(itemsOf(value), itemsOf(structure), `${at}.items`, `${from}.items`, errors)
  for (const [key, property] of Object.entries(value.properties ?? {})) {
    const place = `properties[${key}]`
    nestedComplete(property, propertyOf(structure, key), `${at}.${place}`, `${from}.${place}`, errors)
  }
}
