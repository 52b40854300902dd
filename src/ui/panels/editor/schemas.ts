/** The editor's schemas: Kubernetes' own from an asset, and those of the installed CRDs as the server publishes them. */
import type { Transport } from '#api/request.ts'
import { Client } from '#client/client.ts'

export interface Definition {
  properties?: Record<string, unknown>
  [rest: string]: unknown
}
export interface Schema {
  allOf: unknown[]
  definitions: Record<string, Definition>
  properties: Record<string, { defaultSnippets?: { label: string; body: string }[] }>
  [rest: string]: unknown
}

let base: Promise<Schema | null> | null = null

/** The schema travels as an asset: no parse cost in the bundle. Without it the editor still edits. */
export function baseSchema(): Promise<Schema | null> {
  base ??= fetch(new URL('../../../generated/monaco-schema.json', import.meta.url)).then(
    (answer) => (answer.ok ? (answer.json() as Promise<Schema>) : null),
    () => null,
  )
  return base
}

export const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

interface Crd {
  spec: { group: string; names: { kind: string }; versions: { name: string; served: boolean }[] }
}

/** What `/openapi/v3` says of each served version of each CRD, added to the base. */
export async function withCustom(transport: Transport, schema: Schema): Promise<Schema> {
  const client = new Client(transport, { agent: 'tabernetes-editor' })
  const { items } = (await client.raw('GET', CRDS)) as { items: Crd[] }
  const versions = items.flatMap(({ spec }) =>
    spec.versions.filter((v) => v.served).map((v) => ({ group: spec.group, version: v.name, kind: spec.names.kind })),
  )
  const paths = [...new Set(versions.map((v) => `/openapi/v3/apis/${v.group}/${v.version}`))]
  const documents = await Promise.all(paths.map((path) => client.raw('GET', path).catch(() => null)))
  return merged(schema, versions, documents)
}

export interface Served {
  group: string
  version: string
  kind: string
}

export function merged(schema: Schema, versions: readonly Served[], documents: readonly unknown[]): Schema {
  if (versions.length === 0) return schema
  const found: Record<string, Definition> = {}
  for (const document of documents) {
    const schemas = (document as { components?: { schemas?: Record<string, Definition> } } | null)?.components?.schemas ?? {}
    for (const [name, definition] of Object.entries(schemas)) if (!schema.definitions[name]) found[name] = rooted(definition)
  }
  const rules = versions.flatMap((served) => {
    const name = Object.keys(found).find((key) => isOf(found[key] ?? {}, served))
    if (!name) return []
    const { group, version, kind } = served
    found[name] = closed(found[name]) as Definition
    return [
      {
        if: {
          properties: { kind: { const: kind }, apiVersion: { const: `${group}/${version}` } },
          required: ['kind', 'apiVersion'],
        },
        // biome-ignore lint/suspicious/noThenProperty: JSON Schema calls it so.
        then: { $ref: `#/definitions/${name}` },
      },
    ]
  })
  const hint = (field: string, values: string[]) => ({
    ...schema.properties[field],
    defaultSnippets: [
      ...(schema.properties[field]?.defaultSnippets ?? []),
      ...[...new Set(values)].map((label) => ({ label, body: label })),
    ],
  })
  return {
    ...schema,
    properties: {
      ...schema.properties,
      apiVersion: hint(
        'apiVersion',
        versions.map(({ group, version }) => `${group}/${version}`),
      ),
      kind: hint(
        'kind',
        versions.map(({ kind }) => kind),
      ),
    },
    allOf: [...schema.allOf, ...rules],
    definitions: { ...schema.definitions, ...found },
  }
}

/** What a structural schema does not name is pruned, so the editor marks it; where it says to keep everything, nothing. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const inside = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)])) as Definition
  const open = inside['additionalProperties'] !== undefined || inside['x-kubernetes-preserve-unknown-fields'] === true
  return inside['type'] === 'object' && inside.properties && !open ? { ...inside, additionalProperties: false } : inside
}

const isOf = (definition: Definition, { group, version, kind }: Served): boolean =>
  ((definition['x-kubernetes-group-version-kind'] as Served[] | undefined) ?? []).some(
    (gvk) => gvk.group === group && gvk.version === version && gvk.kind === kind,
  )

/** References into an OpenAPI document become references into ours. */
const rooted = (definition: Definition): Definition =>
  JSON.parse(JSON.stringify(definition).replaceAll('#/components/schemas/', '#/definitions/')) as Definition
