/** Proxies: requests that the API server passes on to a pod, an endpoint of a service, or a node. */

import { assert } from '#api/assert.ts'
import type { Node, Pod, Service } from '#api/kinds.ts'
import { badRequest, fail, notFound } from '#api/status.ts'
import type { Answer, Call } from '../../apiserver/call.ts'
import { dialled, type Place } from '../../apiserver/reach.ts'
import type { ApiServer, HttpOutcome, HttpRequest } from '../../apiserver/server.ts'
import { rewriteLinks, rewriteLocation } from './proxy-links.ts'
import type { Handlers } from './roads.ts'

interface Target {
  ip: string
  port: number
}

/** `scheme:name:port`, `name:port` or `name`. */
function split(id: string, what: string): { scheme: string; name: string; port: string } {
  const parts = id.split(':')
  const [scheme, name, port] = parts.length === 3 ? parts : ['', ...parts]
  const fits = parts.length <= 3 && name !== '' && (scheme === '' || scheme === 'http' || scheme === 'https')
  if (!fits) throw badRequest(`invalid ${what} request ${JSON.stringify(id)}`)
  return { scheme: scheme as string, name: name as string, port: port ?? '' }
}

const unavailable = (message: string) => fail(503, 'ServiceUnavailable', message)

const PATH = /^(\/api\/v1\/(?:namespaces\/[^/]+\/)?[^/]+\/[^/]+\/proxy)([^?]*)(.*)$/

/** Up to `/proxy`, what comes after, and the query with its question mark. */
function cut({ request: { path } }: Call): { prefix: string; rest: string; query: string } {
  const [, prefix = '', rest = '', query = ''] = PATH.exec(path) ?? []
  return { prefix, rest, query }
}

const DROPPED = new Set(['connection', 'upgrade', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'authorization'])

function requestOf(call: Call, prefix: string, rest: string, query: string): HttpRequest {
  const { method, headers = {}, body } = call.request
  const kept = Object.entries(headers).filter(([name]) => !DROPPED.has(name) && !name.startsWith(':'))
  return {
    method,
    path: `${rest || '/'}${query}`,
    headers: { ...Object.fromEntries(kept), 'x-forwarded-uri': `${prefix}${rest}` },
    ...(body === undefined || body === null ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  }
}

/** Passes the call on; on a stream the answer comes when it does. */
function pass(call: Call, server: ApiServer, { ip, port }: Target): Answer {
  const { prefix, rest, query } = cut(call)
  if (rest === '' && (call.request.method === 'GET' || call.request.method === 'HEAD')) {
    return { status: 301, headers: { location: `${prefix}/${query}` }, body: '' }
  }
  assert(server.runtime, 'the API server has not been told of the machines')
  const { outcome, ms } = server.runtime.reach(ip, port, requestOf(call, prefix, rest, query))
  const answer = answerOf(outcome, { host: ip, port }, prefix)
  if (call.stream === undefined) return answer
  server.runtime.answerLater(call.stream, answer, ms)
  return answer
}

function answerOf(outcome: HttpOutcome, to: Place, prefix: string): Answer {
  const address = `${to.host}:${to.port}`
  if (!outcome.ok) {
    const { status } = unavailable(`error trying to reach service: ${dialled(outcome.why, to)}`)
    return { status: 503, headers: { 'content-type': 'application/json' }, body: status }
  }
  const { status, body, headers = {} } = outcome.reply
  const type = headers['content-type'] ?? 'text/plain; charset=utf-8'
  const { 'content-length': _length, connection: _connection, ...shown } = headers
  // Who is sent on is not shown links.
  const moved = shown['location'] !== undefined
  if (shown['location'] !== undefined) shown['location'] = rewriteLocation(shown['location'], address, prefix)
  const html = !moved && /^text\/html\b/.test(type)
  return { status, headers: { 'content-type': type, ...shown }, body: html ? rewriteLinks(body, address, prefix) : body }
}

function pod(call: Call, server: ApiServer): Answer {
  const { name, port } = split(call.name, 'pod')
  const found = server.read('pods', call.namespace, name) as Pod | undefined
  if (!found) throw notFound({ group: '', resource: 'pods' }, name)
  const first = found.spec.containers.flatMap((container) => container.ports ?? [])[0]?.containerPort
  const ip = found.status?.podIP
  if (!ip) throw badRequest('address not allowed')
  return pass(call, server, { ip, port: portNumber(port === '' ? (first ?? 80) : port, ip) })
}

function portNumber(port: string | number, ip: string): number {
  const number = Number(port)
  if (Number.isInteger(number) && number > 0 && number < 65_536) return number
  throw unavailable(`error trying to reach service: dial tcp: lookup tcp/${port}: unknown port (${ip})`)
}

interface Subset {
  addresses?: { ip: string; targetRef?: { kind: string; name: string; namespace: string } }[]
  ports?: { name?: string; port: number }[]
}

function service(call: Call, server: ApiServer): Answer {
  const { name, port: asked } = split(call.name, 'service')
  let port = asked
  if (/^[+-]?\d+$/.test(asked)) {
    const found = server.read('services', call.namespace, name) as Service | undefined
    if (!found) throw notFound({ group: '', resource: 'services' }, name)
    const declared = found.spec.ports?.find((each) => each.port === Number(asked))
    if (!declared) throw unavailable(`no service port ${Number(asked)} found for service ${JSON.stringify(name)}`)
    port = declared.name ?? ''
  }
  const endpoints = server.read('endpoints', call.namespace, name)
  if (!endpoints) throw notFound({ group: '', resource: 'services' }, name)
  const subsets: Subset[] = endpoints['subsets'] ?? []
  if (subsets.length === 0) throw unavailable(`no endpoints available for service ${JSON.stringify(name)}`)
  const targets = subsets.flatMap(({ addresses = [], ports = [] }) =>
    addresses
      .filter(({ ip, targetRef }) => targetRef && isPod(ip, targetRef, server))
      .flatMap(({ ip }) => ports.filter((each) => (each.name ?? '') === port).map((each) => ({ ip, port: each.port }))),
  )
  if (targets.length === 0) throw unavailable(`no endpoints available for service ${JSON.stringify(call.name)}`)
  return pass(call, server, server.world.random('service-proxy').pick(targets))
}

/** The API server passes nothing on to addresses that are no pod's. */
function isPod(
  ip: string,
  { kind, name, namespace }: { kind: string; name: string; namespace: string },
  server: ApiServer,
): boolean {
  const found = kind === 'Pod' ? (server.read('pods', namespace, name) as Pod | undefined) : undefined
  return found?.status?.podIPs?.some((each) => each.ip === ip) ?? false
}

const KUBELET_PORT = 10_250

function node(call: Call, server: ApiServer): Answer {
  const { name, port } = split(call.name, 'node')
  const found = server.read('nodes', '', name) as Node | undefined
  if (!found) throw notFound({ group: '', resource: 'nodes' }, name)
  const ip = found.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address
  if (!ip) throw badRequest('address not allowed')
  return pass(call, server, { ip, port: portNumber(port === '' ? KUBELET_PORT : port, ip) })
}

export const proxies: Handlers = { podProxy: pod, serviceProxy: service, nodeProxy: node }
