/** CustomResourceDefinitions as plain types, and their spec in the internal form whose paths errors name. */

import { equal } from '#api/equal.ts'
import type { AnyObject } from '#api/meta.ts'
import type { PrinterColumn } from '../../apiserver/custom/columns.ts'
import type { JsonSchema } from '../../apiserver/custom/json-schema.ts'

export interface Names {
  plural?: string
  singular?: string
  kind?: string
  listKind?: string
  shortNames?: string[]
  categories?: string[]
}
export interface Scale {
  specReplicasPath?: string
  statusReplicasPath?: string
  labelSelectorPath?: string
}
export interface Subresources {
  status?: object
  scale?: Scale
}
export interface Selectable {
  jsonPath?: string
}
export interface Version {
  name?: string
  served?: boolean
  storage?: boolean
  deprecated?: boolean
  deprecationWarning?: string
  schema?: { openAPIV3Schema?: JsonSchema }
  subresources?: Subresources
  additionalPrinterColumns?: PrinterColumn[]
  selectableFields?: Selectable[]
}
export interface WebhookConversion {
  clientConfig?: {
    url?: string
    service?: { namespace?: string; name?: string; path?: string; port?: number }
    caBundle?: string
  }
  conversionReviewVersions?: string[]
}
export interface Conversion {
  strategy?: string
  webhook?: WebhookConversion
}
export interface DefinitionSpec {
  group?: string
  scope?: string
  names?: Names
  versions?: Version[]
  conversion?: Conversion
  preserveUnknownFields?: boolean
}
export interface Definition extends AnyObject {
  spec: DefinitionSpec
  status?: { conditions?: { type: string; status: string }[] | null; acceptedNames?: Names; storedVersions?: string[] | null }
}

/** What versions have in common stands at the top in the internal form, and is missing from them. */
export interface InternalSpec {
  version: string
  versions: Version[]
  validation?: Version['schema']
  subresources?: Subresources
  columns?: PrinterColumn[]
  selectable?: Selectable[]
}

type Shared = 'schema' | 'subresources' | 'additionalPrinterColumns' | 'selectableFields'

export function internalSpec(spec: DefinitionSpec): InternalSpec {
  const versions = spec.versions ?? []
  const [first] = versions
  if (!first) return { version: '', versions: [] }
  const isCommon = (key: Shared): boolean => versions.every((version) => equal(version[key], first[key]))
  const common = new Set(
    (['schema', 'subresources', 'additionalPrinterColumns', 'selectableFields'] as const).filter((key) => isCommon(key)),
  )
  const pick = <K extends Shared>(key: K) => (common.has(key) ? first[key] : undefined)
  const own = (version: Version): Version =>
    Object.fromEntries(Object.entries(version).filter(([key]) => !common.has(key as Shared))) as Version
  const [validation, subresources] = [pick('schema'), pick('subresources')]
  const [columns, selectable] = [pick('additionalPrinterColumns'), pick('selectableFields')]
  return {
    version: first.name ?? '',
    versions: versions.map(own),
    ...(validation ? { validation } : {}),
    ...(subresources ? { subresources } : {}),
    ...(columns ? { columns } : {}),
    ...(selectable ? { selectable } : {}),
  }
}

export const isEstablished = ({ status }: Definition): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'Established' && is === 'True') === true
