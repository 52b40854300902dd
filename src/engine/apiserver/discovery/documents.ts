/** Everything the API server answers that is no resource: discovery, OpenAPI, version, health, the list of paths. */

import { RELEASE } from '#api/release.ts'
import { fail } from '#api/status.ts'
import { API_SERVER } from '../../machinery/address.ts'
import { JSON_TYPE, OBJECT_TYPES, onlyThese, writtenBy, YAML_TYPE } from '../accept.ts'
import type { RemoteVersion } from '../aggregation/port.ts'
import { publicKey } from '../auth/tokens.ts'
import type { Answer, Call } from '../call.ts'
import { clausesOf, refusedByRoute, servedBy } from '../negotiation.ts'
import { openApiAnswer } from '../openapi/documents.ts'
import { openApiPaths } from '../openapi/published.ts'
import { written } from '../projection.ts'
import type { Resource } from '../resource.ts'
import type { ApiServer } from '../server.ts'
import { debugPage } from './debug.ts'
import { CHECKS, health, sliMetrics } from './health.ts'
import { coreVersions, groupList, groupOf, resourceList } from './lists.ts'
import { serverMetrics } from './metrics.ts'
import { type Whole, wholeOf } from './whole.ts'
import { type Facts, flagz, statusz } from './zpages.ts'

/** Where the API server says it can be reached. */
export const SERVER_ADDRESS = `${API_SERVER.ip}:${API_SERVER.port}`

export const VERSION = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: RELEASE,
  gitCommit: 'tabernetes',
  gitTreeState: 'clean',
  buildDate: '2026-09-01T00:00:00Z',
  goVersion: 'go1.26.8',
  compiler: 'gc',
  platform: 'linux/amd64',
}

/** As what it was built; the release is what runs just now. */
const versionOf = ({ release }: ApiServer) => ({ ...VERSION, gitVersion: release })

const PRIVATE = { 'cache-control': 'no-cache, private' }
const AGGREGATED_TYPE = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

/** The answer to a path that is none of a resource. */
export function documentFor(call: Call, server: ApiServer): Answer {
  const parts = call.path.split('/').filter((part) => part !== '')
  const [first = ''] = parts
  if (call.path.includes('//')) return pathNotFound()
  if (Object.hasOwn(CHECKS, first)) return checked(first, call)
  if (first === 'openapi') return openApiAnswer(call, server) ?? pathNotFound()
  if (first === 'api' || first === 'apis') return discovery(call, server, parts)
  if (first === 'debug') return debugPage(call, server) ?? pathNotFound()
  const found = EXACT[call.path]
  if (found) return found(call, server)
  const { [parts.join('/')]: routed } = ROUTES
  if (routed) {
    readOnly(call)
    return routed(call, server)
  }
  return first === 'version' ? unknownResource() : pathNotFound()
}

function checked(endpoint: string, { path, query }: Call): Answer {
  const check = path.slice(endpoint.length + 2)
  if (path.endsWith('/')) return pathNotFound()
  return health(endpoint, check, query, NO_FAILURES) ?? pathNotFound()
}

type Page = (call: Call, server: ApiServer) => Answer

const index: Page = (call, server) => json(call, server, { paths: allPaths(server.resources, server.aggregation?.versions) })

/** Pages of the mux: their path is this one and no other. */
const EXACT: Readonly<Record<string, Page>> = {
  '/': index,
  '/index.html': index,
  '/metrics': (call, server) => {
    if (call.request.method === 'DELETE') {
      server.requests?.reset()
      server.flows?.reset()
    }
    return metrics(call, serverMetrics(server, versionOf(server), call))
  },
  '/metrics/slis': (call) => metrics(call, sliMetrics()),
  '/statusz': (call, server) => statusz(call, server, FACTS),
  '/flagz': (call, server) => flagz(call, server, FACTS),
}

/** Routes of go-restful: a slash may follow. */
const ROUTES: Readonly<Record<string, Page>> = {
  version: (call, server) => laidOut(negotiated(call, server, versionOf(server), true, [JSON_TYPE]), versionOf(server)),
  '.well-known/openid-configuration': (call, server) => json(call, server, OPENID),
  'openid/v1/jwks': (call, server) => keys(call, server),
}

/** Counters can be set back; whatever else is asked of them is answered with nothing. */
function metrics({ request: { method } }: Call, body: string): Answer {
  if (method === 'GET' || method === 'HEAD' || method === 'POST') return { status: 200, headers: METRICS_HEADERS, body }
  const headers = { ...PRIVATE, 'content-type': 'text/plain; charset=utf-8' }
  return { status: 200, headers: method === 'DELETE' ? headers : PRIVATE, body: method === 'DELETE' ? 'metrics reset\n' : '' }
}

const FACTS: Facts = { address: API_SERVER.ip, goVersion: VERSION.goVersion }
const NO_FAILURES: ReadonlySet<string> = new Set()
const OPENID = {
  issuer: 'https://kubernetes.default.svc.cluster.local',
  jwks_uri: `https://${SERVER_ADDRESS}/openid/v1/jwks`,
  response_types_supported: ['id_token'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
}
const METRICS_HEADERS = { ...PRIVATE, 'content-type': 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores' }
const pathNotFound = (): Answer => ({
  status: 404,
  headers: { ...PRIVATE, 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
  body: '404 page not found\n',
})

const unknownResource = (): never => {
  throw fail(404, 'NotFound', 'the server could not find the requested resource', {})
}

function readOnly(call: Call): void {
  if (call.request.method === 'GET') return
  throw fail(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})
}

function discovery(call: Call, server: ApiServer, [root, group, version, ...rest]: string[]): Answer {
  const { resources } = server
  if (rest.length > 0) return unknownResource()
  if (root === 'api') {
    if (version !== undefined) return unknownResource()
    if (group !== undefined) return listed(call, server, group) ?? unknownResource()
    readOnly(call)
    return both(call, server, () => wholeOf(resources, true), coreVersions(resources, SERVER_ADDRESS))
  }
  // These two are served whatever the method.
  const remote = server.aggregation?.versions
  if (group === undefined) return both(call, server, () => wholeOf(resources, false, remote), groupList(resources, remote))
  if (version === undefined) {
    const found = groupOf(resources, group, remote)
    return found ? negotiated(call, server, found, false) : pathNotFound()
  }
  const list = listed(call, server, `${group}/${version}`)
  return list ?? (resources.some((r) => r.group === group && !r.custom) ? unknownResource() : pathNotFound())
}

/** The resources of a group version; undefined when there are none. */
function listed(call: Call, server: ApiServer, groupVersion: string): Answer | undefined {
  const list = resourceList(server.resources, groupVersion)
  if (!list) return undefined
  readOnly(call)
  return negotiated(call, server, list, isRoute(server, groupVersion.split('/')[0] as string))
}

/** Groups of custom kinds have no route of their own, which would refuse what it can't produce in words of its own. */
const isRoute = ({ resources }: ApiServer, group: string): boolean => !resources.some((r) => r.group === group && r.custom)

const acceptOf = (call: Call): string => call.request.headers?.['accept'] || '*/*'

/** `/api` and `/apis` exist in two forms; the client's first wish that can be met decides. */
function both(call: Call, server: ApiServer, whole: () => Whole, plain: object): Answer {
  for (const { type, parameters } of clausesOf(acceptOf(call))) {
    if (parameters['as'] === undefined && typeFor(type, parameters, writtenBy(server))) break
    const wanted = parameters['as'] === 'APIGroupDiscoveryList' && parameters['g'] === 'apidiscovery.k8s.io'
    if (type === JSON_TYPE && wanted && parameters['v'] === 'v2') return tagged(call, whole(), AGGREGATED_TYPE)
  }
  return negotiated(call, server, plain, call.path.startsWith('/api/') || call.path === '/api')
}

/** The first of the client's wishes that can be met, without a transform. */
function negotiated(call: Call, server: ApiServer, document: object, isRoute: boolean, types = OBJECT_TYPES): Answer {
  const header = acceptOf(call)
  const refused = isRoute ? refusedByRoute(header, types) : null
  if (refused) throw fail(406, 'NotAcceptable', refused, {})
  const written = writtenBy(server).filter((type) => types.includes(type))
  for (const { type, parameters } of clausesOf(header)) {
    const found = parameters['as'] === undefined ? typeFor(type, parameters, written) : undefined
    if (found) return shown(call, server, document, found)
  }
  throw fail(406, 'NotAcceptable', onlyThese(types))
}

function typeFor(type: string, { stream, sv }: Record<string, string>, types: readonly string[]): string | undefined {
  const found = servedBy(type, types)
  return (stream && (stream !== 'watch' || found === YAML_TYPE)) || sv ? undefined : found
}

const KEY_SET = 'application/jwk-set+json'

function keys(call: Call, server: ApiServer): Answer {
  const { kid, n, e } = publicKey(server)
  if (!clausesOf(acceptOf(call)).some(({ type }) => servedBy(type, [KEY_SET]))) {
    throw fail(406, 'NotAcceptable', refusedByRoute(acceptOf(call), [KEY_SET]) ?? '', {})
  }
  const answer = json(call, server, { keys: [{ use: 'sig', kty: 'RSA', kid, alg: 'RS256', n, e }] })
  return { ...answer, headers: { ...answer.headers, 'content-type': KEY_SET, 'cache-control': 'public, max-age=3600' } }
}

const shown = (call: Call, server: ApiServer, document: object, type: string): Answer => ({
  status: 200,
  headers: { ...PRIVATE, 'content-type': type },
  body: written(server, document, type, call.accepts?.pretty ?? false),
})

const json = (call: Call, server: ApiServer, document: object): Answer => shown(call, server, document, JSON_TYPE)

/** Over several lines, whoever asks, and without a last newline (json.MarshalIndent). */
const laidOut = (answer: Answer, version: object): Answer =>
  answer.status === 200 ? { ...answer, body: JSON.stringify(version, null, 2) } : answer

/** With an ETag, so that a client that has it already is told so. */
function tagged(call: Call, { document, etag }: Whole, type: string): Answer {
  const headers = { ...PRIVATE, etag, vary: 'Accept' }
  if (call.request.headers?.['if-none-match'] === etag) return { status: 304, headers, body: '' }
  return { status: 200, headers: { ...headers, 'content-type': type }, body: document }
}

/** What `/` lists. */
export function allPaths(resources: readonly Resource[], remote: readonly RemoteVersion[] = []): string[] {
  const own = resources.filter((r) => r.group).flatMap((r) => [`/apis/${r.group}`, `/apis/${r.groupVersion}`])
  const others = remote.flatMap((each) => [`/apis/${each.group}`, `/apis/${each.group}/${each.version}`])
  const groups = new Set([...own, ...others])
  const core = new Set(resources.filter((r) => !r.group).map((r) => `/api/${r.version}`))
  const checks = Object.entries(CHECKS).flatMap(([name, all]) => [`/${name}`, ...all.map((check) => `/${name}/${check}`)])
  const fixed = ['/.well-known/openid-configuration', '/api', '/apis', '/apis/', '/flagz', '/metrics', '/metrics/slis']
  const paths = [...fixed, ...openApiPaths, '/openid/v1/jwks', '/statusz', '/version', ...core, ...groups, ...checks]
  return paths.sort()
}
