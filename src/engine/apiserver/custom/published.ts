/** A custom kind's schema as OpenAPI publishes it (apiextensions' controller/openapi/builder). */
import { equal } from '#api/equal.ts'
import { isMap, itemsOf, type Json, type JsonSchema, preserves, valuesOf } from './json-schema.ts'

const CONVENTIONS = 'https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md'
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1'

const API_VERSION = `APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: ${CONVENTIONS}#resources`
const KIND = `Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: ${CONVENTIONS}#types-kinds`
const METADATA = `Standard object's metadata. More info: ${CONVENTIONS}#metadata`
const LIST_METADATA = `Standard list metadata. More info: ${CONVENTIONS}#types-kinds`
const INNER_VERSION = `apiVersion defines the versioned schema of this representation of an object. More info: ${CONVENTIONS}#resources`
const INNER_KIND = `kind is a string value representing the type of this object. In CamelCase. More info: ${CONVENTIONS}#types-kinds`

export interface PublishedKind {
  group: string
  version: string
  kind: string
  listKind: string
  plural: string
  /** The definition's name: `com.example.v1.Boat`. */
  name: string
  schema: JsonSchema | undefined
  /** `spec.color`. */
  selectable: readonly string[]
}

type OpenApi = 2 | 3

const text = (description: string): Json => ({ description, type: 'string' })

function reference(name: string, description: string, version: OpenApi): Json {
  if (version === 2) return { description, $ref: `#/definitions/${name}` }
  return { description, allOf: [{ $ref: `#/components/schemas/${name}` }] }
}

const extensions = ({ group, version, selectable }: PublishedKind, kind: string): Json => ({
  'x-kubernetes-group-version-kind': [{ group, kind, version }],
  ...(selectable.length > 0 ? { 'x-kubernetes-selectable-fields': selectable.map((fieldPath) => ({ fieldPath })) } : {}),
})

/** The kind itself. Where anything goes, version 2 says nothing at all: old clients would refuse the rest. */
export function publishedKind(kind: PublishedKind, version: OpenApi): Json {
  const { schema } = kind
  const own = extensions(kind, kind.kind)
  if (!schema || (version === 2 && preserves(schema))) return { type: 'object', ...own }
  const out = node(schema, version)
  const properties = {
    ...(out['properties'] as Json | undefined),
    apiVersion: text(API_VERSION),
    kind: text(KIND),
    metadata: reference(`${META}.ObjectMeta`, METADATA, version),
  }
  return { ...out, properties, ...own }
}

export function publishedList(kind: PublishedKind, version: OpenApi): Json {
  const $ref = `${version === 2 ? '#/definitions/' : '#/components/schemas/'}${kind.name}`
  const description = `List of ${kind.plural}. More info: ${CONVENTIONS}`
  return {
    description: `${kind.listKind} is a list of ${kind.kind}`,
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion: text(API_VERSION),
      items: { description, type: 'array', items: { $ref } },
      kind: text(KIND),
      metadata: reference(`${META}.ListMeta`, LIST_METADATA, version),
    },
    ...extensions(kind, kind.listKind),
  }
}

const INT_OR_STRING: JsonSchema[] = [{ type: 'integer' }, { type: 'string' }]

/** `x-kubernetes-int-or-string` spelled out. */
function unfolded(schema: JsonSchema): JsonSchema {
  if (!schema['x-kubernetes-int-or-string']) return schema
  const spelled = equal(schema.anyOf, INT_OR_STRING) || equal(schema.allOf?.[0]?.anyOf, INT_OR_STRING)
  if (spelled) return schema
  if (!schema.anyOf) return { ...schema, anyOf: INT_OR_STRING }
  return { ...schema, allOf: [{ anyOf: INT_OR_STRING }, ...(schema.allOf ?? [])] }
}

/** What version 2 can't say, or old clients can't read, is left out. */
function reduced(given: JsonSchema): JsonSchema {
  const { allOf: _all, oneOf: _one, anyOf: _any, not: _not, default: _default, nullable, ...schema } = given
  if (nullable) for (const key of ['type', 'items', 'properties'] as const) delete schema[key]
  if (preserves(schema)) for (const key of ['items', 'properties'] as const) delete schema[key]
  if (schema.type === 'array' && !schema.items) delete schema.type
  if (preserves(schema) && schema.type === 'object') delete schema.type
  const required = schema.required?.filter((name) => !schema.properties?.[name]?.nullable)
  if (valuesOf(schema)?.nullable || required?.length === 0) delete schema.required
  else if (required) schema.required = required
  return schema
}

const isPlain = (key: string): boolean =>
  !['properties', 'items', 'additionalProperties', 'allOf', 'anyOf', 'oneOf', 'not'].includes(key)

function node(given: JsonSchema, version: OpenApi): Json {
  const schema = version === 2 ? reduced(unfolded(given)) : unfolded(given)
  const out: Json = Object.fromEntries(Object.entries(schema).filter(([key, value]) => isPlain(key) && value !== undefined))
  const items = itemsOf(schema)
  if (items) out['items'] = node(items, version)
  if (schema.properties && Object.keys(schema.properties).length > 0) {
    out['properties'] = Object.fromEntries(Object.entries(schema.properties).map(([key, each]) => [key, node(each, version)]))
  }
  if (schema.additionalProperties !== undefined) {
    const values = valuesOf(schema)
    out['additionalProperties'] = values ? node(values, version) : schema.additionalProperties
  }
  for (const key of ['allOf', 'anyOf', 'oneOf'] as const) {
    if (schema[key]?.length) out[key] = schema[key].map((each) => node(each, version))
  }
  if (isMap(schema.not)) out['not'] = node(schema.not as JsonSchema, version)
  return embedded(out, schema, version)
}

function embedded(out: Json, schema: JsonSchema, version: OpenApi): Json {
  if (!schema['x-kubernetes-embedded-resource'] || (version === 2 && preserves(schema))) return out
  const required = [...(schema.required ?? [])]
  for (const name of ['kind', 'apiVersion']) if (!required.includes(name)) required.push(name)
  const properties = {
    ...(out['properties'] as Json | undefined),
    apiVersion: text(INNER_VERSION),
    kind: text(INNER_KIND),
    metadata: reference(`${META}.ObjectMeta`, METADATA, version),
  }
  return { ...out, required, properties }
}
