/** Validation of FlowSchemas (pkg/apis/flowcontrol/validation). */
import { duplicate, type FieldError, forbiddenField, invalid, notSupported, required } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { isDns1123Label, isDns1123Subdomain } from '#api/names.ts'
import { type Found, flag } from '../pod/checks.ts'
import { internal } from '../pod/internal.ts'

type Fields = Record<string, any>

const MAX_PRECEDENCE = 10_000
const METHODS = ['ByNamespace', 'ByUser']
const SUBJECTS: Record<string, string> = { Group: 'group', ServiceAccount: 'serviceAccount', User: 'user' }
const VERBS = 'get list create update delete deletecollection patch watch proxy'.split(' ')

function account(found: Found, path: string, { name, namespace }: Fields): void {
  if (!name) found.push(required(`${path}.name`))
  else if (name !== '*') flag(found, `${path}.name`, name, isDns1123Subdomain(name))
  if (namespace) flag(found, `${path}.namespace`, namespace, isDns1123Label(namespace))
  else found.push(required(`${path}.namespace`, 'must specify namespace for service account'))
}

function subject(found: Found, path: string, one: Fields): void {
  const kind: string = one['kind'] ?? ''
  const field = SUBJECTS[kind]
  if (!field) {
    found.push(notSupported(`${path}.kind`, kind, Object.keys(SUBJECTS)))
    return
  }
  const own = one[field]
  if (!own) found.push(required(`${path}.${field}`, `${field} is required when subject kind is '${kind}'`))
  else if (kind === 'ServiceAccount') account(found, `${path}.${field}`, own)
  else if (!own.name) found.push(required(`${path}.${field}.name`))
  for (const other of ['ServiceAccount', 'User', 'Group']) {
    const name = SUBJECTS[other] as string
    if (other === kind || !one[name]) continue
    found.push(forbiddenField(`${path}.${name}`, `${name} is forbidden when subject kind is not '${other}'`))
  }
}

/** A list that isn't empty, in which `*` stands alone. False when `*` is in it. */
function choices(found: Found, path: string, list: readonly string[], empty: string, others: string): boolean {
  if (list.length === 0) found.push(required(path, empty))
  if (!list.includes('*')) return list.length > 0
  if (list.length > 1) found.push(invalid(path, list, `if '*' is present, must not specify other ${others}`))
  return false
}

function verbs(found: Found, path: string, list: string[]): void {
  if (!choices(found, path, list, 'verbs must contain at least one value', 'verbs')) return
  if (list.some((verb) => !VERBS.includes(verb))) found.push(notSupported(path, list, VERBS))
}

function resourceRule(found: Found, path: string, rule: Fields): void {
  const namespaces: string[] = rule['namespaces'] ?? []
  verbs(found, `${path}.verbs`, rule['verbs'] ?? [])
  const supply = (what: string): string => `resource rules must supply at least one ${what}`
  choices(found, `${path}.apiGroups`, rule['apiGroups'] ?? [], supply('api group'), 'api groups')
  choices(found, `${path}.resources`, rule['resources'] ?? [], supply('resource'), 'resources')
  const at = `${path}.namespaces`
  if (namespaces.length === 0 && rule['clusterScope']) return
  const none = 'resource rules that are not cluster scoped must supply at least one namespace'
  if (!choices(found, at, namespaces, none, 'namespaces')) return
  for (const [i, name] of namespaces.entries()) {
    const wrong = isDns1123Label(name).map((why) => `each member of this list must be '*' or a DNS-1123 label; ${why}`)
    flag(found, `${at}[${i}]`, name, wrong)
  }
}

/** ValidateNonResourceURLPath. */
function urlProblem(url: string): string | null {
  if (url === '') return 'must not be empty'
  if (url === '/') return null
  if (!url.startsWith('/')) return 'must start with slash'
  if (url.includes(' ')) return 'must not contain white-space'
  if (url.includes('//')) return 'must not contain double slash'
  const star = url.indexOf('*')
  return star >= 0 && (star !== url.length - 1 || !url.endsWith('/*')) ? 'wildcard can only do suffix matching' : null
}

function urlRule(found: Found, path: string, rule: Fields): void {
  verbs(found, `${path}.verbs`, rule['verbs'] ?? [])
  const urls: string[] = rule['nonResourceURLs'] ?? []
  const at = `${path}.nonResourceURLs`
  if (!choices(found, at, urls, 'nonResourceURLs must contain at least one value', 'non-resource URLs')) return
  for (const [i, url] of urls.entries()) {
    const wrong = urlProblem(url)
    if (wrong) found.push(invalid(`${at}[${i}]`, url, wrong))
  }
}

function rule(found: Found, path: string, one: Fields): void {
  const listed = (field: string): Fields[] => one[field] ?? []
  const [subjects, resourceRules, nonResourceRules] = ['subjects', 'resourceRules', 'nonResourceRules'].map(listed) as [
    Fields[],
    Fields[],
    Fields[],
  ]
  if (subjects.length === 0) found.push(required(`${path}.subjects`, 'subjects must contain at least one value'))
  for (const [i, one] of subjects.entries()) subject(found, `${path}.subjects[${i}]`, one)
  if (resourceRules.length === 0 && nonResourceRules.length === 0) {
    found.push(required(path, 'at least one of resourceRules and nonResourceRules has to be non-empty'))
  }
  for (const [i, one] of resourceRules.entries()) resourceRule(found, `${path}.resourceRules[${i}]`, one)
  for (const [i, one] of nonResourceRules.entries()) urlRule(found, `${path}.nonResourceRules[${i}]`, one)
}

export function validateFlowSchema({ metadata, spec = {}, status }: AnyObject & Fields): FieldError[] {
  const found: Found = []
  const { matchingPrecedence: place = 0, distinguisherMethod: method, priorityLevelConfiguration: level } = spec as Fields
  const wrong = (why: string) => found.push(invalid('spec.matchingPrecedence', place, why))
  if (place <= 0) wrong('must be a positive value')
  if (place > MAX_PRECEDENCE) wrong(`must not be greater than ${MAX_PRECEDENCE}`)
  if (place === 1 && metadata.name !== 'exempt') wrong("only the schema named 'exempt' may have matchingPrecedence 1")
  if (method && !METHODS.includes(method.type ?? '')) {
    found.push(notSupported('spec.distinguisherMethod.type', internal('FlowDistinguisherMethod', method), METHODS))
  }
  const path = 'spec.priorityLevelConfiguration.name'
  if (level?.name) flag(found, path, level.name, isDns1123Subdomain(level.name))
  else found.push(required(path, 'must reference a priority level'))
  for (const [i, one] of (spec.rules ?? []).entries()) rule(found, `spec.rules[${i}]`, one)
  conditions(found, status?.conditions ?? [])
  return found
}

/** Each type once, and none without. */
export function conditions(found: Found, list: { type?: string }[]): void {
  const seen = new Set<string>()
  for (const [i, { type = '' }] of list.entries()) {
    const path = `status.conditions[${i}].type`
    if (seen.has(type)) found.push(duplicate(path, type))
    seen.add(type)
    if (type === '') found.push(required(path))
  }
}

export function validateFlowStatus({ status }: AnyObject): FieldError[] {
  const found: Found = []
  conditions(found, status?.conditions ?? [])
  return found
}
