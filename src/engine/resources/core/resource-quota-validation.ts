/** Validation of ResourceQuotas (core validation). */
import { type FieldError, invalid, required } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import type { QuotaScope } from '#api/quota-usage.ts'
import type { Found } from '../pod/checks.ts'
import { internal } from '../pod/internal.ts'
import { isQuotaName, quantityValue, quotaResourceName } from './quantity-checks.ts'

type Fields = Record<string, any>

const SCOPES = [
  'Terminating',
  'NotTerminating',
  'BestEffort',
  'NotBestEffort',
  'PriorityClass',
  'VolumeAttributesClass',
  'CrossNamespacePodAffinity',
]
const POD_NAMES = ['pods', 'cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory']
const FLAGS = ['BestEffort', 'NotBestEffort', 'Terminating', 'NotTerminating', 'CrossNamespacePodAffinity']
const OPPOSITES = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const

/** IsResourceQuotaScopeValidForResource. */
function fits(scope: string, name: string): boolean {
  if (scope === 'BestEffort') return name === 'pods'
  if (scope === 'VolumeAttributesClass') return name === 'persistentvolumeclaims' || name === 'requests.storage'
  return !SCOPES.includes(scope) || POD_NAMES.includes(name)
}

const misfits = (scope: string, hard: Fields): string[] =>
  Object.keys(hard)
    .sort()
    .filter((name) => isQuotaName(name) && !fits(scope, name))

function opposites(found: Found, path: string, names: readonly string[], shown: unknown): void {
  for (const [one, other] of OPPOSITES) {
    if (names.includes(one) && names.includes(other)) found.push(invalid(path, shown, 'conflicting scopes'))
  }
}

function scopes(found: Found, path: string, list: string[], hard: Fields): void {
  for (const scope of list) {
    if (!SCOPES.includes(scope)) found.push(invalid(path, list, 'unsupported scope'))
    for (const _name of misfits(scope, hard)) found.push(invalid(path, list, 'unsupported scope applied to resource'))
  }
  opposites(found, path, list, list)
}

const ONLY_EXISTS =
  "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity"

function operator(found: Found, path: string, { scopeName, operator: op, values = [] }: QuotaScope): void {
  if (FLAGS.includes(scopeName) && op !== 'Exists') found.push(invalid(`${path}.operator`, op ?? '', ONLY_EXISTS))
  if (op === 'In' || op === 'NotIn') {
    const why = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"
    if (values.length === 0) found.push(required(`${path}.values`, why))
  } else if (op === 'Exists' || op === 'DoesNotExist') {
    const why = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"
    if (values.length > 0) found.push(invalid(`${path}.values`, values, why))
  } else found.push(invalid(`${path}.operator`, op ?? '', 'not a valid selector operator'))
}

function selector(found: Found, { scopeSelector, hard = {}, scopes: list }: Fields): void {
  const path = 'spec.scopeSelector.matchExpressions'
  const all: QuotaScope[] = scopeSelector.matchExpressions ?? []
  for (const one of all) {
    const { scopeName = '' } = one
    if (!SCOPES.includes(scopeName)) found.push(invalid(`${path}.scopeName`, scopeName, 'unsupported scope'))
    for (const _name of misfits(scopeName, hard)) {
      found.push(invalid(path, internal('ScopeSelector', scopeSelector), 'unsupported scope applied to resource'))
    }
    operator(found, path, one)
  }
  const names = all.map(({ scopeName }) => scopeName)
  opposites(found, path, names, list)
}

function amounts(found: Found, path: string, list: Fields | undefined): void {
  for (const name in list) {
    quotaResourceName(found, `${path}[${name}]`, name)
    quantityValue(found, `${path}[${name}]`, name, list[name])
  }
}

export function validateQuota(quota: AnyObject, old: AnyObject | null): FieldError[] {
  const found: Found = []
  const spec: Fields = quota['spec'] ?? {}
  const list: string[] = spec['scopes'] ?? []
  amounts(found, 'spec.hard', spec['hard'])
  scopes(found, 'spec.scopes', list, spec['hard'] ?? {})
  if (spec['scopeSelector']) selector(found, spec)
  if (!old) return found
  const [now, before] = [new Set(list), new Set<string>(old['spec']?.scopes ?? [])]
  if (now.size !== before.size || [...now].some((scope) => !before.has(scope))) {
    found.push(invalid('spec.scopes', spec['scopes'], 'field is immutable'))
  }
  return found
}

export function validateQuotaStatus({ status }: AnyObject, _old: AnyObject): FieldError[] {
  const found: Found = []
  amounts(found, 'status.hard', status?.hard)
  amounts(found, 'status.used', status?.used)
  return found
}
