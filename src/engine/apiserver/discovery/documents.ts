/** Everything the API server answers that is no resource: discovery, OpenAPI, version, health, the list of paths. */

import { utf8 } from '#api/base64.ts'
import { hex, sha256 } from '#api/sha256.ts'
import { failure } from '#api/status.ts'
import { publicKey } from '../auth/tokens.ts'
import type { Answer, Call } from '../call.ts'
import { openApiAnswer } from '../openapi/documents.ts'
import { openApiPaths } from '../openapi/published.ts'
import type { Resource } from '../resource.ts'
import type { ApiServer, TokenKey } from '../server.ts'
import { toYaml } from '../yaml-codec.ts'
import { CHECKS, health } from './health.ts'
import { aggregated, coreVersions, groupList, groupOf, resourceList } from './lists.ts'

/** Where the API server says it can be reached. */
export const SERVER_ADDRESS = '172.18.0.5:6443'

export const VERSION = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.3',
  gitCommit: 'tabernetes',
  gitTreeState: 'clean',
  buildDate: '2026-09-01T00:00:00Z',
  goVersion: 'go1.26.8',
  compiler: 'gc',
  platform: 'linux/amd64',
}

const JSON_TYPES = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']
const PRIVATE = { 'cache-control': 'no-cache, private' }
const AGGREGATED_TYPE = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

/** The answer to a path that is none of a resource. */
export function documentFor(call: Call, server: ApiServer): Answer {
  const parts = call.path.split('/').filter((part) => part !== '')
  const [first = ''] = parts
  if (Object.hasOwn(CHECKS, first)) return health(first, parts.slice(1).join('/'), call.query, NO_FAILURES) ?? pathNotFound()
  if (first === 'openapi') return openApiAnswer(call, server) ?? pathNotFound()
  if (first === 'api' || first === 'apis') return discovery(call, server, parts)
  switch (parts.join('/')) {
    case '':
      return call.path.startsWith('/') ? json(call, { paths: allPaths(server.resources) }) : pathNotFound()
    case 'index.html':
      return json(call, { paths: allPaths(server.resources) })
    case 'version':
      return readOnly(call) ?? laidOut(negotiated(call, VERSION, ['application/json']))
    case '.well-known/openid-configuration':
      return readOnly(call) ?? json(call, OPENID)
    case 'openid/v1/jwks':
      return readOnly(call) ?? keys(call, publicKey(server))
    case 'metrics':
      return { status: 200, headers: METRICS_HEADERS, body: METRICS }
    default:
      return first === 'version' ? unknownResource() : pathNotFound()
  }
}

const NO_FAILURES: ReadonlySet<string> = new Set()
const OPENID = {
  issuer: 'https://kubernetes.default.svc.cluster.local',
  jwks_uri: `https://${SERVER_ADDRESS}/openid/v1/jwks`,
  response_types_supported: ['id_token'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
}
const METRICS_HEADERS = { ...PRIVATE, 'content-type': 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores' }
const METRICS = `# HELP apiserver_request_total [STABLE] Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope, component, and HTTP response code.
# TYPE apiserver_request_total counter
`

const pathNotFound = (): Answer => ({
  status: 404,
  headers: { ...PRIVATE, 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
  body: '404 page not found\n',
})

const status = (code: number, reason: string, message: string, details?: object): Answer => ({
  status: code,
  headers: { ...PRIVATE, 'content-type': 'application/json' },
  body: failure(code, reason, message, details),
})

const unknownResource = (): Answer => status(404, 'NotFound', 'the server could not find the requested resource', {})

function readOnly(call: Call): Answer | null {
  if (call.request.method === 'GET') return null
  return status(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})
}

function discovery(call: Call, server: ApiServer, [root, group, version, ...rest]: string[]): Answer {
  const { resources } = server
  const refused = readOnly(call)
  if (rest.length > 0) return unknownResource()
  if (root === 'api') {
    if (version !== undefined) return unknownResource()
    if (group === undefined)
      return refused ?? both(call, () => aggregated(resources, true), coreVersions(resources, SERVER_ADDRESS))
    const list = resourceList(resources, group)
    return list ? (refused ?? negotiated(call, list, JSON_TYPES)) : unknownResource()
  }
  // These two are served whatever the method.
  if (group === undefined) return both(call, () => aggregated(resources, false), groupList(resources))
  if (version === undefined) {
    const found = groupOf(resources, group)
    return found ? negotiated(call, found, JSON_TYPES) : pathNotFound()
  }
  const list = resourceList(resources, `${group}/${version}`)
  if (list) return refused ?? negotiated(call, list, JSON_TYPES)
  return resources.some((r) => r.group === group && !r.custom) ? unknownResource() : pathNotFound()
}

interface Clause {
  type: string
  parameters: Record<string, string>
}

function clausesOf(call: Call): Clause[] {
  const accept = call.request.headers?.['accept'] || '*/*'
  return accept.split(',').map((text) => {
    const [type = '', ...parameters] = text.split(';').map((part) => part.trim())
    return { type, parameters: Object.fromEntries(parameters.map((p) => p.split('=') as [string, string])) }
  })
}

/** `/api` and `/apis` exist in two forms; the client's first wish that can be met decides. */
function both(call: Call, whole: () => object, plain: object): Answer {
  for (const { type, parameters } of clausesOf(call)) {
    const wild = type === '*/*' || type === 'application/*'
    if (parameters['as'] === undefined && (wild || type === 'application/json')) return json(call, plain)
    if (parameters['as'] === undefined && type === 'application/yaml') return yaml(plain)
    const wanted = parameters['as'] === 'APIGroupDiscoveryList' && parameters['g'] === 'apidiscovery.k8s.io'
    if (type === 'application/json' && wanted && parameters['v'] === 'v2') return tagged(call, whole(), AGGREGATED_TYPE)
  }
  return notAcceptable(call, JSON_TYPES)
}

function negotiated(call: Call, document: object, types: readonly string[]): Answer {
  for (const { type, parameters } of clausesOf(call)) {
    if (parameters['as'] !== undefined) continue
    if (type === '*/*' || type === 'application/*' || type === 'application/json') return json(call, document)
    if (type === 'application/yaml' && types.includes(type)) return yaml(document)
  }
  return notAcceptable(call, types)
}

const KEY_SET = 'application/jwk-set+json'

function keys(call: Call, { kid, n, e }: Omit<TokenKey, 'sign'>): Answer {
  if (!clausesOf(call).some(({ type }) => type === '*/*' || type === 'application/*' || type === KEY_SET)) {
    return notAcceptable(call, [KEY_SET])
  }
  const answer = json(call, { keys: [{ use: 'sig', kty: 'RSA', kid, alg: 'RS256', n, e }] })
  return { ...answer, headers: { ...answer.headers, 'content-type': KEY_SET, 'cache-control': 'public, max-age=3600' } }
}

function notAcceptable(call: Call, types: readonly string[]): Answer {
  if (clausesOf(call).some((clause) => clause.parameters['as'] !== undefined)) {
    return status(406, 'NotAcceptable', `only the following media types are accepted: ${types.join(', ')}`)
  }
  return status(406, 'NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${types.join(', ')}`, {})
}

function json(call: Call, document: object): Answer {
  const body = call.accepts?.pretty ? `${JSON.stringify(document, null, 2)}\n` : document
  return { status: 200, headers: { ...PRIVATE, 'content-type': 'application/json' }, body }
}

/** Over several lines, whoever asks, and without a last newline (json.MarshalIndent). */
const laidOut = (answer: Answer): Answer =>
  answer.status === 200 ? { ...answer, body: JSON.stringify(VERSION, null, 2) } : answer

const yaml = (document: object): Answer => ({
  status: 200,
  headers: { ...PRIVATE, 'content-type': 'application/yaml' },
  body: toYaml(document),
})

/** With an ETag, so that a client that has it already is told so. */
function tagged(call: Call, document: object, type: string): Answer {
  const etag = `"${hex(sha256(utf8(JSON.stringify(document))))}"`
  const headers = { ...PRIVATE, etag, vary: 'Accept' }
  if (call.request.headers?.['if-none-match'] === etag) return { status: 304, headers, body: '' }
  return { status: 200, headers: { ...headers, 'content-type': type }, body: document }
}

/** What `/` lists. */
export function allPaths(resources: readonly Resource[]): string[] {
  const groups = new Set(resources.filter((r) => r.group).flatMap((r) => [`/apis/${r.group}`, `/apis/${r.groupVersion}`]))
  const core = new Set(resources.filter((r) => !r.group).map((r) => `/api/${r.version}`))
  const checks = Object.entries(CHECKS).flatMap(([name, all]) => [`/${name}`, ...all.map((check) => `/${name}/${check}`)])
  const fixed = ['/.well-known/openid-configuration', '/api', '/apis', '/apis/', '/flagz', '/metrics', '/metrics/slis']
  const paths = [...fixed, ...openApiPaths, '/openid/v1/jwks', '/statusz', '/version', ...core, ...groups, ...checks]
  return paths.sort()
}
