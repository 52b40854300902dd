/** Schemas as OpenAPI writes them, in version 2 and version 3. */
import type { GroupVersionKind, Schema, Schemas } from '../schema/schema.ts'

export type OpenApiNode = Record<string, unknown>

/** Texts per definition: `''` is the definition's own, the others are its fields'. */
export type Descriptions = Record<string, Record<string, string>>

export interface DefinitionOptions {
  version: 2 | 3
  schemas: Schemas
  descriptions?: Descriptions | undefined
  /** Keeps, of the kinds that belong to every group, those of this document's group. */
  kinds?(kind: GroupVersionKind): boolean
}

const QUANTITY = 'io.k8s.apimachinery.pkg.api.resource.Quantity'
const INT_OR_STRING = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString'
const AS_OBJECT = /^io\.k8s\.apimachinery\.pkg\.(runtime\.RawExtension|apis\.meta\.v1\.FieldsV1)$/

/** One definition; undefined when there is none of this name. */
export function definition(name: string, options: DefinitionOptions): OpenApiNode | undefined {
  const schema = options.schemas.get(name)
  if (!schema) return undefined
  if (schema.published) return schema.published[options.version] as OpenApiNode
  const texts = options.descriptions?.[name]
  const about = texts?.[''] ? { description: texts[''] } : {}
  const own = ownForm(name, options.version)
  if (own) return { ...about, ...own }
  const several = (schema.kinds?.length ?? 0) > 1
  const kinds = several ? schema.kinds?.filter((kind) => options.kinds?.(kind) ?? true) : schema.kinds
  return {
    ...about,
    ...node(schema, options, texts),
    ...(kinds ? { 'x-kubernetes-group-version-kind': kinds } : {}),
    ...(schema.unions ? { 'x-kubernetes-unions': schema.unions } : {}),
  }
}

/** The few types whose OpenAPI form their Go type says itself. */
function ownForm(name: string, version: 2 | 3): OpenApiNode | null {
  if (name === QUANTITY) return version === 3 ? { oneOf: [{ type: 'string' }, { type: 'number' }] } : { type: 'string' }
  if (name === INT_OR_STRING) {
    const two = [{ type: 'integer' }, { type: 'string' }]
    return version === 3 ? { format: 'int-or-string', oneOf: two } : { type: 'string', format: 'int-or-string' }
  }
  return AS_OBJECT.test(name) ? { type: 'object' } : null
}

/** Where a node stands: elements of lists and maps have no description beside a reference. */
interface Place {
  element?: boolean
  text?: string | undefined
}

/** A schema that stands inside a definition; `texts` are the descriptions of its properties. */
export function node(schema: Schema, options: DefinitionOptions, texts?: Record<string, string>, place: Place = {}): OpenApiNode {
  const out: OpenApiNode = place.text ? { description: place.text } : {}
  const withDefault = options.version === 3 && schema.default !== undefined
  if (schema.ref !== undefined) reference(out, schema, withDefault || !(schema.bare || place.element), options)
  if (schema.type !== undefined) out['type'] = schema.type
  if (schema.format !== undefined) out['format'] = schema.format === 'micro-time' ? 'date-time' : schema.format
  if (schema.enum) out['enum'] = schema.enum
  if (withDefault) out['default'] = schema.default
  if (schema.required) out['required'] = schema.required
  if (schema.properties) {
    const properties = Object.entries(schema.properties)
    out['properties'] = Object.fromEntries(
      properties.map(([key, value]) => [key, node(value, options, undefined, { text: texts?.[key] })]),
    )
  }
  if (schema.items) out['items'] = node(schema.items, options, undefined, { element: true })
  if (schema.values) out['additionalProperties'] = node(schema.values, options, undefined, { element: true })
  extensions(out, schema)
  return out
}

function reference(out: OpenApiNode, schema: Schema, siblings: boolean, { version }: DefinitionOptions): void {
  const $ref = `${version === 3 ? '#/components/schemas/' : '#/definitions/'}${schema.ref}`
  if (version === 3 && siblings) out['allOf'] = [{ $ref }]
  else out['$ref'] = $ref
}

function extensions(out: OpenApiNode, schema: Schema): void {
  if (schema.listType) out['x-kubernetes-list-type'] = schema.listType
  if (schema.listKeys) out['x-kubernetes-list-map-keys'] = schema.listKeys
  if (schema.mapType) out['x-kubernetes-map-type'] = schema.mapType
  if (schema.patchKey) out['x-kubernetes-patch-merge-key'] = schema.patchKey
  if (schema.patchStrategy) out['x-kubernetes-patch-strategy'] = schema.patchStrategy.join(',')
  if (schema.preserveUnknown) out['x-kubernetes-preserve-unknown-fields'] = true
  if (schema.embedded) out['x-kubernetes-embedded-resource'] = true
  if (schema.format === 'int-or-string' && schema.ref === undefined) out['x-kubernetes-int-or-string'] = true
  if (schema.nullable) out['nullable'] = true
}
