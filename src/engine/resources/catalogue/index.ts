/** The catalogue: what Kubernetes 1.36 publishes about its kinds, unpacked for the engine. */
import { assert } from '#api/assert.ts'
import type { Subresource } from '../../apiserver/resource.ts'
import { ALL_VERBS } from '../../apiserver/resource.ts'
import { PackedSchemas, SchemaSet } from '../../apiserver/schema/packed.ts'
import { COLUMNS } from './columns.data.ts'
import { KINDS } from './kinds.data.ts'
import { KNOWN_GROUP_VERSIONS, OTHER_KINDS, SCHEMAS } from './schemas.data.ts'

/** A served resource as discovery tells of it. */
export interface KindFacts {
  group: string
  version: string
  /** `apps/v1`. */
  groupVersion: string
  plural: string
  singular: string
  kind: string
  scope: 'Namespaced' | 'Cluster'
  verbs: readonly string[]
  short: readonly string[]
  categories: readonly string[]
  subresources: readonly Subresource[]
}

export interface ColumnFacts {
  name: string
  type: 'string' | 'integer' | 'date' | 'boolean' | 'number'
  format: string
  priority: number
}

/** What the published definitions do not say. */
const KEEPS_EMPTY = { 'io.k8s.api.autoscaling.v2.HPAScalingRules': ['policies'] }

const packed = (more: string): PackedSchemas => new PackedSchemas(SCHEMAS + more, KNOWN_GROUP_VERSIONS, OTHER_KINDS, KEEPS_EMPTY)
let all: PackedSchemas | undefined

/** All definitions; every call makes its own set, for custom resources add theirs. */
export const catalogueSchemas = (more = ''): SchemaSet => new SchemaSet(more === '' ? (all ??= packed('')) : packed(more))

const VERBS: Record<string, string> = {
  c: 'create',
  d: 'delete',
  D: 'deletecollection',
  g: 'get',
  l: 'list',
  p: 'patch',
  u: 'update',
  w: 'watch',
}
const verbsOf = (code: string): readonly string[] => (code === '*' ? ALL_VERBS : [...code].map((c) => VERBS[c] as string))
const listOf = (text = ''): string[] => (text === '' ? [] : text.split(','))

/** Every served resource, in the order of aggregated discovery. */
export function catalogueKinds(): KindFacts[] {
  const kinds: KindFacts[] = []
  let [group, version] = ['', '']
  for (const line of KINDS.split('\n')) {
    if (line.startsWith('@')) {
      ;[group = '', version = ''] = line.slice(1).split(' ')
      continue
    }
    const [plural = '', kind = '', scope, verbs = '', short, categories, subresources, singular] = line.split('|')
    kinds.push({
      group,
      version,
      groupVersion: group ? `${group}/${version}` : version,
      plural,
      singular: singular || kind.toLowerCase(),
      kind,
      scope: scope === 'N' ? 'Namespaced' : 'Cluster',
      verbs: verbsOf(verbs),
      short: listOf(short),
      categories: listOf(categories),
      subresources: listOf(subresources).map(subresourceOf),
    })
  }
  return kinds
}

function subresourceOf(code: string): Subresource {
  const [name = '', type = '', verbs = ''] = code.split(':')
  const parts = type.split('/')
  const kind = parts.pop()
  const [group, version] = parts
  return { name, verbs: verbsOf(verbs), ...(kind ? { kind } : {}), ...(version ? { group: group ?? '', version } : {}) }
}

/** The columns of a resource (`apps/v1`, `deployments`) as `kubectl get` shows them; undefined when it has no table. */
export function catalogueColumns(groupVersion: string, plural: string): ColumnFacts[] | undefined {
  const start = `${groupVersion}|${plural}|`
  const line = COLUMNS.split('\n').find((l) => l.startsWith(start))
  return line?.slice(start.length).split('|').map(columnOf)
}

function columnOf(code: string): ColumnFacts {
  const [, name = '', type = 'string', format = '', plus = ''] = /^(.+?)(?::(\w+))?(?:\((name)\))?(\+*)$/.exec(code) ?? []
  assert(name !== '', `catalogue column: ${code}`)
  return { name, type: type as ColumnFacts['type'], format, priority: plus.length }
}
