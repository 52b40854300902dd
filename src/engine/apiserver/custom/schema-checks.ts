/** What a definition's schema may not say, node by node (validation.go ValidateCustomResourceDefinitionOpenAPISchema). */
import { type FieldError, forbiddenField, invalid, notListed, notSupported, required } from '#api/field-error.ts'
import { internalSchema } from './internal-form.ts'
import { embeds, isMap, isMetaField, itemsOf, type JsonSchema, propertyOf, valuesOf } from './json-schema.ts'
import { ruleShapeProblems } from './rule-checks.ts'

/** Told of every node with rules whose schema is sound: `below` is what is known of the way to it. */
export interface Place {
  path: string
  root: boolean
  /** Why defaults are not allowed here; null where they are. */
  noDefaults: string | null
  insideMeta: boolean
  /** The nearest part of the schema in which old and new can't be told apart; null where they can. */
  uncorrelatable: string | null
  /** How often values can stand here; null for any number of times, undefined where rules are not looked at. */
  cardinality: number | null | undefined
}

export interface SchemaErrors {
  errors: FieldError[]
  /** Of rules: after all others. */
  ruleErrors: FieldError[]
}

export type RuleChecks = (schema: JsonSchema, place: Place) => FieldError[]

export const ROOT: Omit<Place, 'path'> = {
  root: true,
  noDefaults: null,
  insideMeta: false,
  uncorrelatable: null,
  cardinality: 1,
}

export function schemaErrors(schema: JsonSchema, path: string, rules: RuleChecks | null): SchemaErrors {
  const found: SchemaErrors = { errors: [], ruleErrors: [] }
  visit(schema, { path, ...ROOT, cardinality: rules ? 1 : undefined }, rules, found)
  return found
}

function visit(schema: JsonSchema | undefined, place: Place, rules: RuleChecks | null, into: SchemaErrors): void {
  if (!isMap(schema)) return
  const found: SchemaErrors = { errors: [], ruleErrors: [] }
  const { path } = place
  found.errors.push(...ownErrors(schema as JsonSchema, place))
  children(schema as JsonSchema, place, rules, found)
  found.errors.push(...kindErrors(schema as JsonSchema, path), ...keyErrors(schema as JsonSchema, path))
  found.errors.push(...ruleShapeProblems(schema as JsonSchema, path))
  const has = (schema as JsonSchema)['x-kubernetes-validations']?.length
  if (has && rules && place.cardinality !== undefined && found.errors.length === 0) {
    found.ruleErrors.push(...rules(schema as JsonSchema, place))
  }
  into.errors.push(...found.errors)
  into.ruleErrors.push(...found.ruleErrors)
}

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string']

function ownErrors(schema: JsonSchema, { path, noDefaults, insideMeta }: Place): FieldError[] {
  const errors: FieldError[] = []
  const forbid = (name: string, why: string) => errors.push(forbiddenField(`${path}.${name}`, why))
  const { type } = schema
  if (type && !TYPES.includes(type)) errors.push(notSupported(`${path}.type`, type, TYPES))
  if (schema.default !== undefined && schema.default !== null && noDefaults !== null) {
    forbid('default', `must not be set${noDefaults ? ` ${noDefaults}` : ''}`)
  }
  if (schema.id) forbid('id', 'id is not supported')
  if (schema.additionalItems !== undefined) forbid('additionalItems', 'additionalItems is not supported')
  if (Object.keys(schema.patternProperties ?? {}).length > 0) forbid('patternProperties', 'patternProperties is not supported')
  if (Object.keys(schema.definitions ?? {}).length > 0) forbid('definitions', 'definitions is not supported')
  if (schema.dependencies !== undefined) forbid('dependencies', 'dependencies is not supported')
  if (schema.$ref !== undefined) forbid('$ref', '$ref is not supported')
  if (type === 'null') forbid('type', 'type cannot be set to null, use nullable as an alternative')
  if (Array.isArray(schema.items) && schema.items.length > 0) forbid('items', 'items must be a schema object and not an array')
  if (insideMeta && embeds(schema)) forbid('x-kubernetes-embedded-resource', 'must not be used inside of resource meta')
  if (schema.uniqueItems) {
    forbid('uniqueItems', 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic')
  }
  const open = schema.additionalProperties
  if (open !== undefined && open !== true && Object.keys(schema.properties ?? {}).length > 0) {
    forbid('additionalProperties', 'additionalProperties and properties are mutual exclusive')
  }
  return errors
}

/** How much a list or map multiplies what stands in it; null for without limit. */
function factorOf(schema: JsonSchema): number | null {
  if (schema.type === 'object' && schema.additionalProperties !== undefined) {
    return schema.maxProperties === undefined ? null : Math.max(0, schema.maxProperties)
  }
  if (schema.type === 'array') return schema.maxItems === undefined ? null : Math.max(0, schema.maxItems)
  return 1
}

function children(schema: JsonSchema, place: Place, rules: RuleChecks | null, found: SchemaErrors): void {
  const { path, insideMeta, uncorrelatable } = place
  const factor = factorOf(schema)
  const known = typeof place.cardinality === 'number' && factor !== null
  const cardinality = place.cardinality === undefined ? undefined : known ? (place.cardinality as number) * factor : null
  const below: Place = { ...place, root: false, cardinality }
  const go = (each: JsonSchema | undefined, at: string, how: Partial<Place> = {}): void =>
    visit(each, { ...below, path: `${path}.${at}`, ...how }, rules, found)
  const inMap = insideMeta ? { noDefaults: 'inside additionalProperties applying to object metadata' } : {}
  go(valuesOf(schema), 'additionalProperties', inMap)
  const mapType = schema['x-kubernetes-map-type']
  const loose = mapType !== undefined && mapType !== 'granular' && mapType !== 'atomic'
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const meta = (place.root || embeds(schema)) && isMetaField(key)
    go(property, `properties[${key}]`, {
      ...(loose ? { uncorrelatable: uncorrelatable ?? path } : {}),
      ...(meta ? { insideMeta: true } : {}),
      ...(meta && place.root ? { noDefaults: `in top-level ${key}` } : {}),
    })
  }
  const aside = { cardinality: undefined }
  go(schema.not, 'not', aside)
  schema.allOf?.forEach((each, i) => go(each, `allOf[${i}]`, aside))
  schema.oneOf?.forEach((each, i) => go(each, `oneOf[${i}]`, aside))
  schema.anyOf?.forEach((each, i) => go(each, `anyOf[${i}]`, aside))
  for (const [key, each] of Object.entries(schema.definitions ?? {})) go(each, `definitions[${key}]`, aside)
  const keyed = schema['x-kubernetes-list-type'] === 'map'
  const inList = keyed ? {} : { uncorrelatable: uncorrelatable ?? path }
  if (Array.isArray(schema.items)) schema.items.forEach((each, i) => go(each, `items[${i}]`, inList))
  else go(schema.items, 'items', inList)
  for (const [key, each] of Object.entries(schema.dependencies ?? {})) {
    if (each && !Array.isArray(each)) go(each, `dependencies[${key}]`, aside)
  }
}

const LIST = 'x-kubernetes-list-type'
const MAP = 'x-kubernetes-map-type'
const KEYS = 'x-kubernetes-list-map-keys'

/** A type that an extension asks for. */
function typeError(schema: JsonSchema, path: string, why: string): FieldError {
  return schema.type ? invalid(`${path}.type`, schema.type, why) : required(`${path}.type`, why)
}

function kindErrors(schema: JsonSchema, path: string): FieldError[] {
  const errors: FieldError[] = []
  const { [LIST]: list, [MAP]: map, type } = schema
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
    errors.push(invalid(`${path}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined'))
  }
  if (map !== undefined && type !== 'object') {
    errors.push(typeError(schema, path, 'must be object if x-kubernetes-map-type is specified'))
  }
  if (map !== undefined && map !== 'atomic' && map !== 'granular') {
    errors.push(notSupported(`${path}.${MAP}`, map, ['atomic', 'granular']))
  }
  if (list !== undefined && type !== 'array') {
    errors.push(typeError(schema, path, 'must be array if x-kubernetes-list-type is specified'))
  } else if (list === 'set') errors.push(...setErrors(itemsOf(schema), path))
  if (list !== undefined && list !== 'atomic' && list !== 'set' && list !== 'map') {
    errors.push(notListed(`${path}.${LIST}`, list, ['atomic', 'set', 'map']))
  }
  return errors
}

/** What is in a set is compared as a whole. */
function setErrors(items: JsonSchema | undefined, path: string): FieldError[] {
  const why = 'must be atomic as item of a list with x-kubernetes-list-type=set'
  const list = items?.[LIST]
  if (items?.type === 'array' && list !== undefined && list !== 'atomic') return [invalid(`${path}.items.${LIST}`, list, why)]
  if (items?.type === 'object' && items[MAP] !== 'atomic') return [invalid(`${path}.items.${MAP}`, list ?? null, why)]
  return []
}

function keyErrors(schema: JsonSchema, path: string): FieldError[] {
  const errors: FieldError[] = []
  const keys = schema[KEYS] ?? []
  const list = schema[LIST]
  if (keys.length > 0 && list !== 'map') {
    const why = 'must be map if x-kubernetes-list-map-keys is non-empty'
    errors.push(list === undefined ? required(`${path}.${LIST}`, why) : invalid(`${path}.${LIST}`, list, why))
  }
  if (list === 'map') errors.push(...keyedErrors(schema, keys, path))
  return [...errors, ...entryErrors(schema, keys, path)]
}

function keyedErrors(schema: JsonSchema, keys: string[], path: string): FieldError[] {
  const errors: FieldError[] = []
  const items = itemsOf(schema)
  if (keys.length === 0) errors.push(required(`${path}.${KEYS}`, 'must not be empty if x-kubernetes-list-type is map'))
  if (schema.items === undefined) errors.push(required(`${path}.items`, 'must have a schema if x-kubernetes-list-type is map'))
  if (Array.isArray(schema.items)) {
    const shown = { Schema: null, JSONSchemas: schema.items.map(internalSchema) }
    errors.push(invalid(`${path}.items`, shown, 'must only have a single schema if x-kubernetes-list-type is map'))
  }
  if (!items) return errors
  if (items.type !== 'object') {
    const why = "must be object if parent array's x-kubernetes-list-type is map"
    return [...errors, invalid(`${path}.items.type`, items.type ?? '', why)]
  }
  keys.forEach((key, i) => {
    const property = propertyOf(items, key)
    if (!property) errors.push(invalid(`${path}.${KEYS}`, keys, 'entries must all be names of item properties'))
    else if (property.type === 'array' || property.type === 'object') {
      const why = "must be a scalar type if parent array's x-kubernetes-list-type is map"
      errors.push(invalid(`${path}.items.properties[${key}].type`, items.type, why))
    }
    if (keys.indexOf(key) < i) errors.push(invalid(`${path}.${KEYS}`, keys, 'must not contain duplicate entries'))
  })
  return errors
}

/** Entries of sets and keyed lists are never null, and have their keys. */
function entryErrors(schema: JsonSchema, keys: string[], path: string): FieldError[] {
  const errors: FieldError[] = []
  const list = schema[LIST]
  const items = itemsOf(schema)
  if (!items || (list !== 'set' && list !== 'map')) return errors
  if (items.nullable) {
    errors.push(forbiddenField(`${path}.items.nullable`, `cannot be nullable when x-kubernetes-list-type is ${list}`))
  }
  if (list === 'set') return errors
  for (const key of keys) {
    const property = propertyOf(items, key)
    if (!property) continue
    const at = `${path}.items.properties[${key}]`
    if (!items.required?.includes(key) && (property.default === undefined || property.default === null)) {
      const why = 'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property'
      errors.push(required(`${at}.default`, why))
    }
    const why = 'this property is in x-kubernetes-list-map-keys, so it cannot be nullable'
    if (property.nullable) errors.push(forbiddenField(`${at}.nullable`, why))
  }
  return errors
}
