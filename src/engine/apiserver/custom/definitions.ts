/** A custom kind's schema in the API server's own form: field ownership, documents and `explain` read that. */
import type { Schema } from '../schema/schema.ts'
import { embeds, itemsOf, type JsonSchema, valuesOf } from './json-schema.ts'
import { type PublishedKind, publishedKind, publishedList } from './published.ts'

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1'
const TEXT: Schema = { type: 'string' }

/** The definition's name: `com.example.stable.v1.CronTab`. */
export const definitionName = (group: string, version: string, kind: string): string =>
  `${group.split('.').reverse().join('.')}.${version}.${kind}`

const identity = (): Record<string, Schema> => ({ apiVersion: TEXT, kind: TEXT, metadata: { ref: `${META}.ObjectMeta` } })

const TYPES = new Set(['object', 'array', 'string', 'integer', 'number', 'boolean'])

function inner(schema: JsonSchema): Schema {
  const items = itemsOf(schema)
  const values = valuesOf(schema)
  const properties = { ...schema.properties }
  const own = Object.fromEntries(Object.entries(properties).map(([key, each]) => [key, inner(each)]))
  const all = embeds(schema) ? { ...own, ...identity() } : own
  const list = schema['x-kubernetes-list-type']
  const map = schema['x-kubernetes-map-type']
  const keys = schema['x-kubernetes-list-map-keys']
  return {
    ...(schema.type && TYPES.has(schema.type) ? { type: schema.type as Schema['type'] } : {}),
    ...(Object.keys(all).length > 0 ? { properties: all } : {}),
    ...(values ? { values: inner(values) } : {}),
    ...(items ? { items: inner(items) } : {}),
    ...(schema.default === undefined ? {} : { default: schema.default }),
    ...(list === 'set' || list === 'map' || list === 'atomic' ? { listType: list } : {}),
    ...(keys ? { listKeys: keys } : {}),
    ...(map === 'atomic' || map === 'granular' ? { mapType: map } : {}),
    ...(schema['x-kubernetes-preserve-unknown-fields'] ? { preserveUnknown: true } : {}),
    ...(schema.nullable ? { nullable: true } : {}),
  }
}

/** The definitions of a kind and of its lists, by their names. */
export function definitionsOf(kind: PublishedKind): [string, Schema][] {
  const { group, version, schema } = kind
  const own = inner(schema ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true })
  const forms = { kind: [2, 3].map((form) => publishedKind(kind, form as 2 | 3)) }
  const lists = [2, 3].map((form) => publishedList(kind, form as 2 | 3))
  return [
    [
      kind.name,
      {
        ...own,
        type: 'object',
        properties: { ...own.properties, ...identity() },
        kinds: [{ group, kind: kind.kind, version }],
        published: { 2: forms.kind[0] as object, 3: forms.kind[1] as object },
      },
    ],
    [
      definitionName(group, version, kind.listKind),
      {
        type: 'object',
        properties: {
          apiVersion: TEXT,
          items: { type: 'array', items: { ref: kind.name } },
          kind: TEXT,
          metadata: { ref: `${META}.ListMeta` },
        },
        published: { 2: lists[0] as object, 3: lists[1] as object },
      },
    ],
  ]
}
