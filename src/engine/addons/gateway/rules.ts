/** What of an HTTPRoute's rules can be done, and what its references lead to (nginx-gateway-fabric's graph/httproute.go and backend_refs.go). */

import {
  type FieldError,
  forbiddenField,
  invalid,
  notFoundField,
  notListed,
  notSupported,
  required,
  tooMany,
} from '#api/field-error.ts'
import type { Service, ServicePort } from '#api/kinds.ts'
import { compileRegexp } from '#api/regexp/index.ts'
import { asOne } from '#api/several-errors.ts'
import { isGranted } from './grants.ts'
import type { BackendRef, Caches, Condition, Filter, Route, RouteMatch, RouteRule } from './kinds.ts'
import { notAccepted, partlyInvalid, routeIgnores, unresolved } from './words.ts'

/** Where a share of a rule's requests goes; no Service: they fail. */
export interface Backend {
  weight: number
  service: string
  port: number
}

export interface JudgedRule {
  rule: RouteRule
  /** It is left out. */
  valid: boolean
  backends: Backend[]
}

export interface JudgedRoute {
  rules: JudgedRule[]
  conditions: Condition[]
  /** Any of its rules can be served. */
  valid: boolean
}

const FILTERS = ['ResponseHeaderModifier', 'RequestHeaderModifier', 'RequestRedirect', 'URLRewrite']
const REDIRECTS = ['http', 'https']
const NAME = /^[-A-Za-z0-9!#$%&'*+.^_`|~]+$/

const text = ({ field, message }: FieldError): string => `${field}: ${message}`

export function judgeRoute(route: Route, caches: Caches): JudgedRoute {
  const conditions: Condition[] = []
  const ignored: FieldError[] = []
  const wrong: FieldError[] = []
  const rules = (route.spec.rules ?? []).map((rule, i): JudgedRule => {
    const path = `spec.rules[${i}]`
    ignored.push(...unsupportedFields(rule, path))
    const errors = problems(rule, path)
    wrong.push(...errors)
    return { rule, valid: errors.length === 0, backends: [] }
  })
  const valid = rules.length === 0 || rules.some((each) => each.valid)
  if (ignored.length > 0) conditions.push(routeIgnores(asOne(ignored.map(text))))
  if (wrong.length > 0) {
    const message = asOne(wrong.map(text))
    conditions.push(valid ? partlyInvalid(message) : notAccepted('UnsupportedValue', `All rules are invalid: ${message}`))
  }
  if (!valid) return { rules, conditions, valid }
  for (const [i, each] of rules.entries()) {
    if (!each.valid) continue
    for (const [k, ref] of (each.rule.backendRefs ?? []).entries()) {
      const found = resolve(ref, route, caches, `spec.rules[${i}].backendRefs[${k}]`)
      each.backends.push(found.backend)
      if (found.condition) conditions.push(found.condition)
    }
  }
  return { rules, conditions, valid }
}

function unsupportedFields({ name, timeouts, retry, sessionPersistence }: RouteRule, path: string): FieldError[] {
  const found: FieldError[] = []
  if (name !== undefined) found.push(forbiddenField(`${path}.name`, 'Name'))
  if (timeouts) found.push(forbiddenField(`${path}.timeouts`, 'Timeouts'))
  if (retry) found.push(forbiddenField(`${path}.retry`, 'Retry'))
  if (sessionPersistence) found.push(forbiddenField(`${path}.sessionPersistence`, 'SessionPersistence'))
  return found
}

function problems({ matches = [], filters = [] }: RouteRule, path: string): FieldError[] {
  return [
    ...matches.flatMap((match, i) => matchProblems(match, `${path}.matches[${i}]`)),
    ...filters.flatMap((filter, i) => filterProblems(filter, `${path}.filters[${i}]`)),
  ]
}

function pattern(value: string, path: string): FieldError[] {
  const compiled = compileRegexp(value)
  return typeof compiled === 'string' ? [invalid(path, value, compiled)] : []
}

function matchProblems({ path: at, headers = [], queryParams = [] }: RouteMatch, path: string): FieldError[] {
  const found: FieldError[] = []
  if (at?.type === 'RegularExpression') found.push(...pattern(at.value ?? '/', `${path}.path.value`))
  for (const [i, { type, value }] of headers.entries())
    if (type === 'RegularExpression') found.push(...pattern(value, `${path}.headers[${i}].value`))
  for (const [i, { type, value }] of queryParams.entries())
    if (type === 'RegularExpression') found.push(...pattern(value, `${path}.queryParams[${i}].value`))
  return found
}

function filterProblems(filter: Filter, path: string): FieldError[] {
  if (!FILTERS.includes(filter.type)) return [notListed(`${path}.type`, filter.type, FILTERS)]
  const { requestRedirect, requestHeaderModifier, responseHeaderModifier } = filter
  if (filter.type === 'RequestRedirect') {
    if (!requestRedirect) return [required(`${path}.requestRedirect`, 'requestRedirect cannot be nil')]
    const { scheme } = requestRedirect
    return scheme === undefined || REDIRECTS.includes(scheme)
      ? []
      : [notSupported(`${path}.requestRedirect.scheme`, scheme, REDIRECTS)]
  }
  if (filter.type === 'URLRewrite') return filter.urlRewrite ? [] : [required(`${path}.urlRewrite`, 'urlRewrite cannot be nil')]
  const modifier = filter.type === 'RequestHeaderModifier' ? requestHeaderModifier : responseHeaderModifier
  if (!modifier) return [required(`${path}.${filter.type}`, 'cannot be nil')]
  const names = [...(modifier.set ?? []), ...(modifier.add ?? [])].map(({ name }) => name).concat(modifier.remove ?? [])
  return names.filter((name) => !NAME.test(name)).map((name) => invalid(`${path}.${filter.type}`, name, 'is no name of a header'))
}

interface Resolved {
  backend: Backend
  condition?: Condition
}

function resolve(ref: BackendRef, { metadata }: Route, caches: Caches, path: string): Resolved {
  const own = metadata.namespace ?? ''
  const { group = '', kind = 'Service', namespace = own, name, port, weight = 1, filters = [] } = ref
  const nowhere = (reason: string, message: string): Resolved => ({
    backend: { weight, service: '', port: 0 },
    condition: unresolved(reason, message),
  })
  if (filters.length > 0) return nowhere('UnsupportedValue', text(tooMany(`${path}.filters`, filters.length, 0)))
  if (group !== '' && group !== 'core') return nowhere('InvalidKind', text(notSupported(`${path}.group`, group, ['core', ''])))
  if (kind !== 'Service') return nowhere('InvalidKind', text(notSupported(`${path}.kind`, kind, ['Service'])))
  if (namespace !== own && !isGranted(caches, { kind: 'HTTPRoute', namespace: own }, { kind, namespace, name })) {
    const message = `Backend ref to Service ${namespace}/${name} not permitted by any ReferenceGrant`
    return nowhere('RefNotPermitted', text(forbiddenField(`${path}.namespace`, message)))
  }
  if (port === undefined) return nowhere('UnsupportedValue', text(required(`${path}.port`, 'port cannot be nil')))
  const service = caches.cache<any>('services').get(namespace, name) as Service | undefined
  if (!service) return nowhere('BackendNotFound', text(notFoundField(`${path}.name`, name)))
  if (!service.spec.ports?.some((each: ServicePort) => each.port === port))
    return nowhere('BackendNotFound', `No matching port for Service ${name} and port ${port}`)
  if (service.spec.type === 'ExternalName') {
    const message = "ExternalName service requires DNS resolver configuration in Gateway's NginxProxy"
    return nowhere('UnsupportedValue', message)
  }
  return { backend: { weight, service: `${namespace}/${name}`, port } }
}
