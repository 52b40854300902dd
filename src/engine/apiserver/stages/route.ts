/** Route: what the path and the method ask for. Unknown groups are plain text, unknown resources a Status, as in Kubernetes. */
import { Query } from '#api/query.ts'
import { badRequest, fail, notFound } from '#api/status.ts'
import type { Answer, Call, Verb } from '../call.ts'
import type { Resource, Subresource } from '../resource.ts'
import type { ApiServer } from '../server.ts'
import { stage } from '../stage.ts'

export const plainText = (status: number, body: string): Answer => ({
  status,
  headers: {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-cache, private',
    'x-content-type-options': 'nosniff',
  },
  body,
})

const pathNotFound = () => plainText(404, '404 page not found\n')
const unknownResource = () => fail(404, 'NotFound', 'the server could not find the requested resource', {})
const methodNotAllowed = () =>
  fail(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})

export const route = stage({
  name: 'route',
  step(call, server) {
    const { path, query } = split(call.request.path)
    call.path = decode(path)
    call.query = query
    const parts = call.path.replace(/\/+$/, '').split('/').slice(1)
    if (path.startsWith('//')) return { reply: pathNotFound() }
    const api = parts[0] === 'api' && parts.length > 2
    const apis = parts[0] === 'apis' && parts.length > 3
    if (!api && !apis) return document(call, parts, server)
    const [group, version] = api ? ['', parts[1] as string] : [parts[1] as string, parts[2] as string]
    const { method } = call.request
    if (!isServed(server, group, version, method, parts.slice(3))) return { reply: pathNotFound() }
    find(call, server, group, version, parts.slice(api ? 2 : 3))
    call.verb = verbOf(call)
    checkName(call.name)
    allow(call)
    return 'on'
  },
})

/** Custom kinds that aren't there are no resources at all: their path is unknown. */
function isServed(server: ApiServer, group: string, version: string, method: string, path: string[]): boolean {
  const own = server.resources.filter((r) => r.group === group)
  if (own.length === 0 || own.some((r) => !r.custom)) return own.length > 0
  const rest = path[0] === 'watch' ? path.slice(1) : path
  const scoped = rest[0] === 'namespaces' && rest.length > 2
  const [plural, name] = scoped ? rest.slice(2) : rest
  const found = own.find((r) => r.version === version && r.plural === plural)
  if (!found) return false
  if (!found.namespaced) return !scoped
  return scoped || (name === undefined && (method === 'GET' || method === 'HEAD'))
}

function split(url: string): { path: string; query: Query } {
  const cut = url.indexOf('?')
  return cut < 0 ? { path: url, query: new Query() } : { path: url.slice(0, cut), query: new Query(url.slice(cut + 1)) }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** Anything that is no resource: discovery, OpenAPI, version, health. The `documents` stage answers it. */
function document(call: Call, parts: string[], server: ApiServer): 'on' | { reply: Answer } {
  call.resource = null
  call.verb = 'get'
  const [first, group] = parts
  const known = (name: string) => server.resources.some((r) => r.group === name) || server.aggregation?.hasGroup(name)
  if (first === 'apis' && group && !known(group)) return { reply: pathNotFound() }
  return 'on'
}

/** `[namespaces NS] RESOURCE [NAME [SUBRESOURCE [REST…]]]`, with `namespaces` itself being a resource too. */
function find(call: Call, server: ApiServer, group: string, version: string, parts: string[]): void {
  let rest = parts[0] === 'watch' && parts.length > 1 ? parts.slice(1) : parts
  if (rest !== parts) call.query.set(LEGACY_WATCH, '1')
  // In no namespace is in all of them.
  if (rest[0] === 'namespaces' && rest[1] === '' && rest.length > 2) rest = rest.slice(2)
  let [plural = '', name = '', subresource = ''] = rest
  call.namespace = ''
  const scoped = plural === 'namespaces' && rest.length > 2 && !(group === '' && NAMESPACE_PARTS.has(rest[2] as string))
  if (scoped) {
    call.namespace = name
    ;[plural = '', name = '', subresource = ''] = rest.slice(2)
  }
  const resource = server.find(group, version, plural)
  if (!resource || (name && resource.namespaced !== scoped) || (!name && scoped && !resource.namespaced)) throw unknownResource()
  call.resource = resource
  call.name = name
  call.subresource = subresource ? findSubresource(resource, subresource, call) : null
  // What comes after a proxy is its own affair.
  const own = call.subresource?.name === 'proxy' ? rest.slice(0, rest.indexOf('proxy')) : rest
  const tooLong = own === rest && !resource.custom && rest.length > (scoped ? 5 : 3)
  if (tooLong || own.some((part) => part === '')) throw unknownResource()
}

/** How `/watch/` in a path is remembered. */
const LEGACY_WATCH = '\u0000watch'

function checkName(name: string): void {
  if (name.includes('%')) throw badRequest(`Name parameter invalid: ${JSON.stringify(name)}: may not contain '%'`)
}

const NAMESPACE_PARTS = new Set(['status', 'finalize'])

function findSubresource(resource: Resource, name: string, call: Call): Subresource {
  const found = resource.subresources?.find((s) => s.name === name)
  if (!found && resource.deprecated) call.warnings.push(resource.deprecated)
  if (!found && resource.custom) throw notFound({ group: resource.group, resource: resource.plural }, call.name)
  if (!found) throw unknownResource()
  return found
}

function verbOf(call: Call): Verb {
  const { method } = call.request
  if (call.subresource?.name === 'proxy') return 'connect'
  switch (method) {
    // Custom kinds are not routed by method.
    case 'HEAD':
      if (!call.resource?.custom) throw methodNotAllowed()
      return call.name ? 'get' : 'list'
    case 'GET':
      if (call.query.has(LEGACY_WATCH)) return 'watch'
      // `?watch=1` on one object's URL is ignored.
      return call.name ? 'get' : isTrue(call.query.get('watch')) ? 'watch' : 'list'
    case 'POST':
      if (call.query.has(LEGACY_WATCH)) throw methodNotAllowed()
      return 'create'
    case 'PUT':
      return 'update'
    case 'PATCH':
      return 'patch'
    case 'DELETE':
      return call.name ? 'delete' : 'deletecollection'
    default:
      throw methodNotAllowed()
  }
}

/** Go's conversion of query values: 0 and false say no, everything else yes, nothing at all too. */
export const isTrue = (value: string | null): boolean => value !== null && value !== '0' && value.toLowerCase() !== 'false'

function allow(call: Call): void {
  const { verb, resource, subresource, name, namespace } = call
  if (!resource) return
  const collection = !name
  if (resource.custom && verb === 'update' && collection) throw badRequest('name must be provided')
  const wrongPlace =
    ((verb === 'update' || verb === 'patch') && collection) ||
    (verb === 'create' && !collection && !subresource && !resource.custom) ||
    ((verb === 'create' || verb === 'deletecollection') && collection && resource.namespaced && !namespace && !subresource)
  if (wrongPlace) throw methodNotAllowed()
  const verbs = subresource ? subresource.verbs : resource.verbs
  if (verb === 'watch' && verbs.includes('list') && !verbs.includes(verb)) {
    const kind = resource.plural
    if (resource.deprecated) call.warnings.push(resource.deprecated)
    throw fail(405, 'MethodNotAllowed', `watch is not supported on resources of kind "${kind}"`, { kind })
  }
  if (verb !== 'connect' && !verbs.includes(verb)) throw methodNotAllowed()
}
