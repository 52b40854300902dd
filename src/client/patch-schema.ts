/** How a kind's lists merge, read from the server's OpenAPI v3 (strategicpatch.PatchMetaFromOpenAPIV3). */
import type { PatchField, PatchSchema } from '#api/patch/strategic-words.ts'
import type { Client } from './client.ts'
import type { ResourceInfo } from './discovery.ts'

interface OpenApiSchema {
  $ref?: string
  type?: string
  allOf?: OpenApiSchema[]
  properties?: Record<string, OpenApiSchema>
  items?: OpenApiSchema
  additionalProperties?: OpenApiSchema | boolean
  'x-kubernetes-patch-merge-key'?: string
  'x-kubernetes-patch-strategy'?: string
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[]
}

type Operation = { requestBody?: { content?: Record<string, unknown> }; 'x-kubernetes-group-version-kind'?: { kind: string } }

interface OpenApiDocument {
  paths?: Record<string, { patch?: Operation }>
  components?: { schemas?: Record<string, OpenApiSchema> }
}

const STRATEGIC = 'application/strategic-merge-patch+json'
const PREFIX = '#/components/schemas/'

/** The kind's schema, or undefined when its patches merge plainly (custom resources) or the server publishes none. */
export async function patchSchemaOf(client: Client, info: ResourceInfo): Promise<PatchSchema | undefined> {
  const root = info.group ? `apis/${info.group}/${info.version}` : `api/${info.version}`
  const answer = await client.send('GET', `/openapi/v3/${root}`, undefined, { accept: 'application/json' })
  if (answer.status !== 200) return undefined
  const document = (typeof answer.body === 'string' ? JSON.parse(answer.body) : answer.body) as OpenApiDocument
  const patches = Object.values(document.paths ?? {}).flatMap(({ patch }) => patch ?? [])
  const own = patches.find((patch) => patch['x-kubernetes-group-version-kind']?.kind === info.kind)
  if (!own?.requestBody?.content || !(STRATEGIC in own.requestBody.content)) return undefined
  const schemas = document.components?.schemas ?? {}
  const isOurs = ({ group, version, kind }: { group: string; version: string; kind: string }): boolean =>
    group === info.group && version === info.version && kind === info.kind
  const schema = Object.values(schemas).find((s) => s['x-kubernetes-group-version-kind']?.some(isOurs))
  return schema ? reader(schema, schemas) : undefined
}

function reader(schema: OpenApiSchema | undefined, all: Record<string, OpenApiSchema>): PatchSchema {
  const at = resolve(schema, all)
  return {
    name: at?.type ?? 'Struct',
    field(key): PatchField {
      const values = typeof at?.additionalProperties === 'object' ? at.additionalProperties : undefined
      const field = at?.properties && Object.hasOwn(at.properties, key) ? at.properties[key] : values
      const strategies = field?.['x-kubernetes-patch-strategy']?.split(',') ?? []
      return {
        schema: reader(resolve(field, all)?.items ?? field, all),
        strategy: strategies.find((s) => s !== 'retainKeys') ?? '',
        retainKeys: strategies.includes('retainKeys'),
        mergeKey: field?.['x-kubernetes-patch-merge-key'] ?? '',
      }
    },
  }
}

function resolve(schema: OpenApiSchema | undefined, all: Record<string, OpenApiSchema>): OpenApiSchema | undefined {
  const inner = schema?.allOf?.[0] ?? schema
  return inner?.$ref?.startsWith(PREFIX) ? all[inner.$ref.slice(PREFIX.length)] : inner
}
