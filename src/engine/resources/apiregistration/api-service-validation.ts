/** Validation of APIServices (kube-aggregator, pkg/apis/apiregistration/validation). */
import { type FieldError, goQuote, invalid, notListed, required } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { isDns1035Label, isDns1123Subdomain, isPathSegment, isPortNumber } from '#api/names.ts'
import { type Found, flag } from '../pod/checks.ts'

type Fields = Record<string, any>

const MAX_GROUP = 20_000
const MAX_VERSION = 1000
const STATUSES = ['True', 'False', 'Unknown']

function bundleSize(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  return (text.length / 4) * 3 - padding
}

/** Served by the API server itself: there is nobody to trust. */
function local(found: Found, { caBundle, insecureSkipTLSVerify }: Fields): void {
  if (caBundle) {
    found.push(invalid('spec.caBundle', `${bundleSize(caBundle)} bytes`, 'local APIServices may not have a caBundle'))
  }
  if (insecureSkipTLSVerify) {
    found.push(invalid('spec.insecureSkipTLSVerify', true, 'local APIServices may not have insecureSkipTLSVerify'))
  }
}

function remote(found: Found, { service, caBundle, insecureSkipTLSVerify }: Fields): void {
  if (!service.namespace) found.push(required('spec.service.namespace'))
  if (!service.name) found.push(required('spec.service.name'))
  const port = service.port ?? 0
  const wrong = isPortNumber(port)
  if (wrong.length > 0) found.push(invalid('spec.service.port', port, `port is not valid: ${wrong.join(', ')}`))
  if (insecureSkipTLSVerify && caBundle) {
    found.push(invalid('spec.insecureSkipTLSVerify', true, 'may not be true if caBundle is present'))
  }
}

/** An APIService is called after what it serves. */
export function apiServiceName(name: string, { spec = {} }: AnyObject & Fields): string[] {
  const problems = isPathSegment(name)
  const wanted = `${spec['version'] ?? ''}.${spec['group'] ?? ''}`
  return problems.length > 0 || name === wanted ? problems : [`must be \`spec.version+"."+spec.group\`: ${goQuote(wanted)}`]
}

export function validateApiService({ spec = {} }: AnyObject & Fields): FieldError[] {
  const found: Found = []
  const { group = '', version = '', groupPriorityMinimum: groups = 0, versionPriority: versions = 0 } = spec as Fields
  if (group === '' && version !== 'v1') {
    found.push(required('spec.group', 'only v1 may have an empty group and it better be legacy kube'))
  }
  if (group !== '') flag(found, 'spec.group', group, isDns1123Subdomain(group))
  flag(found, 'spec.version', version, isDns1035Label(version))
  if (groups <= 0 || groups > MAX_GROUP) {
    found.push(invalid('spec.groupPriorityMinimum', groups, `must be positive and less than ${MAX_GROUP}`))
  }
  if (versions <= 0 || versions > MAX_VERSION) {
    found.push(invalid('spec.versionPriority', versions, `must be positive and less than ${MAX_VERSION}`))
  }
  if (spec.service) remote(found, spec)
  else local(found, spec)
  return found
}

export function validateApiServiceStatus({ status }: AnyObject): FieldError[] {
  const found: Found = []
  for (const [i, condition] of (status?.conditions ?? []).entries()) {
    const value = condition.status ?? ''
    if (!STATUSES.includes(value)) found.push(notListed(`status.conditions[${i}].status`, value, STATUSES))
  }
  return found
}
