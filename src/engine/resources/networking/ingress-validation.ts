/** Validation of Ingresses (pkg/apis/networking/validation). */
import { type FieldError, invalid, notSupported, required } from '#api/field-error.ts'
import { legacyIpErrors, parseIp } from '#api/ip.ts'
import type { AnyObject } from '#api/meta.ts'
import {
  isDns1035Label,
  isDns1123Label,
  isDns1123Subdomain,
  isPathSegment,
  isPortName,
  isPortNumber,
  regexProblem,
} from '#api/names.ts'
import { type Found, flag } from '../pod/checks.ts'

type Fields = Record<string, any>

const CLASS = 'kubernetes.io/ingress.class'
const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix']
const FORBIDDEN = ['//', '/./', '/../', '%2f', '%2F']
const FORBIDDEN_ENDS = ['/..', '/.']
const WILDCARD = '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*'
const WILDCARD_SHAPE = new RegExp(`^${WILDCARD}$`)
const WILDCARD_WORDS =
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character"

const isWildcard = (name: string): string[] => [
  ...(name.length > 253 ? ['must be no more than 253 characters'] : []),
  ...(WILDCARD_SHAPE.test(name) ? [] : [regexProblem(WILDCARD_WORDS, WILDCARD, '*.example.com')]),
]

const hostProblems = (host: string): string[] => (host.includes('*') ? isWildcard(host) : isDns1123Subdomain(host))

/** A reference by group, kind and name. */
export function typedReference(found: Found, path: string, { apiGroup, kind, name }: Fields): void {
  if (apiGroup !== undefined && apiGroup !== null) flag(found, `${path}.apiGroup`, apiGroup, isDns1123Subdomain(apiGroup))
  if (!kind) found.push(required(`${path}.kind`))
  else flag(found, `${path}.kind`, kind, isPathSegment(kind))
  if (!name) found.push(required(`${path}.name`))
  else flag(found, `${path}.name`, name, isPathSegment(name))
}

/** What objects stored before may go on having. */
interface Tolerated {
  secretNames: boolean
  wildcardRules: boolean
  serviceName(name: string): string[]
}

function service(found: Found, path: string, { name, port = {} }: Fields, { serviceName }: Tolerated): void {
  if (!name) found.push(required(`${path}.service.name`))
  else flag(found, `${path}.service.name`, name, serviceName(name))
  if (port.name && port.number) found.push(invalid(path, '', 'cannot set both port name & port number'))
  else if (port.name) flag(found, `${path}.service.port.name`, port.name, isPortName(port.name))
  else if (port.number) flag(found, `${path}.service.port.number`, port.number, isPortNumber(port.number))
  else found.push(required(path, 'port name or number is required'))
}

function backend(found: Found, path: string, one: Fields, tolerated: Tolerated): void {
  if (one['resource'] && one['service']) found.push(invalid(path, '', 'cannot set both resource and service backends'))
  else if (one['resource']) typedReference(found, `${path}.resource`, one['resource'])
  else if (one['service']) service(found, path, one['service'], tolerated)
  else found.push(invalid(path, '', 'resource or service backend is required'))
}

function httpPath(found: Found, at: string, { pathType, path = '', ...rest }: Fields, tolerated: Tolerated): void {
  if (pathType === undefined || pathType === null) {
    found.push(required(`${at}.pathType`, 'pathType must be specified'))
    return
  }
  const wrong = (detail: string) => found.push(invalid(`${at}.path`, path, detail))
  if (pathType === 'Exact' || pathType === 'Prefix') {
    if (!path.startsWith('/')) wrong('must be an absolute path')
    for (const text of FORBIDDEN) if (path.includes(text)) wrong(`must not contain '${text}'`)
    for (const end of FORBIDDEN_ENDS) if (path.endsWith(end)) wrong(`cannot end with '${end}'`)
  } else if (pathType === 'ImplementationSpecific') {
    if (path !== '' && !path.startsWith('/')) wrong('must be an absolute path')
  } else found.push(notSupported(`${at}.pathType`, pathType, PATH_TYPES))
  backend(found, `${at}.backend`, rest['backend'] ?? {}, tolerated)
}

function ruleValue(found: Found, path: string, { http }: Fields, tolerated: Tolerated): void {
  if (!http) return
  const paths: Fields[] = http.paths ?? []
  if (paths.length === 0) found.push(required(`${path}.http.paths`))
  for (const [i, one] of paths.entries()) httpPath(found, `${path}.http.paths[${i}]`, one, tolerated)
}

function rules(found: Found, path: string, list: Fields[], tolerated: Tolerated): void {
  for (const [i, rule] of list.entries()) {
    const host: string = rule['host'] ?? ''
    const at = `${path}[${i}]`
    if (host !== '') {
      if (parseIp(host)) found.push(invalid(`${at}.host`, host, 'must be a DNS name, not an IP address'))
      flag(found, `${at}.host`, host, hostProblems(host))
    }
    if (!host.includes('*') || !tolerated.wildcardRules) ruleValue(found, at, rule, tolerated)
  }
}

const secretProblems = (name: string | undefined): string[] => (name ? isDns1123Subdomain(name) : [])

function tls(found: Found, path: string, list: Fields[], tolerated: Tolerated): void {
  for (const [i, { hosts = [], secretName }] of list.entries()) {
    for (const [j, host] of hosts.entries()) flag(found, `${path}[${i}].hosts[${j}]`, host, hostProblems(host))
    if (!tolerated.secretNames) flag(found, `${path}[${i}].secretName`, secretName, secretProblems(secretName))
  }
}

const STRICT: Tolerated = { secretNames: false, wildcardRules: false, serviceName: isDns1123Label }

function toleratedOf(spec: Fields): Tolerated {
  const brokenRule = (rule: Fields): boolean => {
    const found: Found = []
    ruleValue(found, '', rule, { ...STRICT, serviceName: isDns1035Label })
    return rule['host']?.includes('*') && found.length > 0
  }
  return {
    secretNames: (spec['tls'] ?? []).some(({ secretName }: Fields) => secretProblems(secretName).length > 0),
    wildcardRules: (spec['rules'] ?? []).some(brokenRule),
    serviceName: isDns1123Label,
  }
}

export function validateIngress({ metadata, spec }: AnyObject, old: AnyObject | null): FieldError[] {
  const found: Found = []
  const tolerated = old ? toleratedOf(old['spec']) : STRICT
  const { rules: list = [], defaultBackend, ingressClassName } = spec as Fields
  if (list.length === 0 && !defaultBackend) {
    found.push(invalid('spec', spec.rules, 'either `defaultBackend` or `rules` must be specified'))
  }
  if (defaultBackend) backend(found, 'spec.defaultBackend', defaultBackend, tolerated)
  rules(found, 'spec.rules', list, tolerated)
  tls(found, 'spec.tls', spec.tls ?? [], tolerated)
  if (ingressClassName !== undefined) {
    flag(found, 'spec.ingressClassName', ingressClassName, isDns1123Subdomain(ingressClassName))
  }
  const annotated = metadata.annotations?.[CLASS]
  if (!old && annotated !== undefined && ingressClassName !== undefined && annotated !== ingressClassName) {
    const why = 'must match `ingressClassName` when both are specified'
    found.push(invalid(`annotations.${CLASS}`, annotated, why))
  }
  return found
}

export function validateIngressStatus({ status }: AnyObject, old: AnyObject): FieldError[] {
  const found: Found = []
  const known = new Set((old['status']?.loadBalancer?.ingress ?? []).map(({ ip }: Fields) => ip))
  for (const [i, { ip, hostname }] of (status?.loadBalancer?.ingress ?? []).entries()) {
    const at = `status.loadBalancer.ingress[${i}]`
    if (ip && !known.has(ip)) found.push(...legacyIpErrors(`${at}.ip`, ip))
    if (!hostname) continue
    flag(found, `${at}.hostname`, hostname, isDns1123Subdomain(hostname))
    if (parseIp(hostname)) found.push(invalid(`${at}.hostname`, hostname, 'must be a DNS name, not an IP address'))
  }
  return found
}
