/** What serving reads of a definition: its versions, names and state. */
import type { AnyObject } from '#api/meta.ts'
import type { PrinterColumn } from './columns.ts'
import type { JsonSchema } from './json-schema.ts'
import type { ScalePaths } from './scale.ts'

export interface DefinitionVersion {
  name: string
  served: boolean
  storage: boolean
  deprecated?: boolean
  deprecationWarning?: string
  schema?: { openAPIV3Schema?: JsonSchema }
  subresources?: { status?: object; scale?: ScalePaths }
  additionalPrinterColumns?: PrinterColumn[]
  selectableFields?: { jsonPath: string }[]
}

export interface WebhookSettings {
  clientConfig?: { url?: string; service?: { namespace: string; name: string; path?: string; port?: number }; caBundle?: string }
  conversionReviewVersions?: string[]
}

export interface Definition extends AnyObject {
  spec: {
    group: string
    scope: 'Namespaced' | 'Cluster'
    versions: DefinitionVersion[]
    conversion?: { strategy: string; webhook?: WebhookSettings }
  }
  status?: {
    acceptedNames: {
      plural: string
      singular?: string
      kind: string
      listKind?: string
      shortNames?: string[]
      categories?: string[]
    }
    conditions?: { type: string; status: string }[] | null
  }
}

export const hasCondition = ({ status }: Definition, type: string): boolean =>
  status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') === true

/** `v2` before `v1`, `v1` before `v1beta1`, and names that are no versions last (version.CompareKubeAwareVersionStrings). */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [rankOf(a), rankOf(b)]
  if (!x || !y) return x ? -1 : y ? 1 : a < b ? -1 : a > b ? 1 : 0
  for (let i = 0; i < 3; i++) if (x[i] !== y[i]) return (y[i] as number) - (x[i] as number)
  return 0
}

const LEVELS: Record<string, number> = { alpha: 0, beta: 1 }

function rankOf(name: string): number[] | null {
  const [, major, level, minor] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(name) ?? []
  if (major === undefined) return null
  return [level === undefined ? 2 : (LEVELS[level] as number), Number(major), Number(minor ?? 0)]
}

export function deprecationOf(
  definition: Definition,
  { name, deprecated, deprecationWarning }: DefinitionVersion,
): string | null {
  if (!deprecated) return null
  if (deprecationWarning !== undefined) return deprecationWarning
  const { group, versions } = definition.spec
  const { kind = '' } = definition.status?.acceptedNames ?? {}
  const better = versions
    .filter((version) => version.served && !version.deprecated && compareVersions(version.name, name) < 0)
    .map((version) => version.name)
    .sort(compareVersions)[0]
  const text = `${group}/${name} ${kind} is deprecated`
  return better === undefined ? text : `${text}; use ${group}/${better} ${kind}`
}
