/** Where a Gateway's proxy sends a request: the routes that are attached to its listeners, as one table for each port. */
import type { AnyObject } from '#api/meta.ts'
import { type Forwarder, type Onward, type OwnReply, page } from '../../machinery/forwarder.ts'
import type { HttpReply, HttpRequest } from '../../machinery/http.ts'
import type { Informers } from '../../machinery/informer.ts'
import type { World } from '../../sim/world.ts'
import { ANY, attach, covers, type Host } from './attachment.ts'
import { type Asked, modified, newPath, redirection } from './filters.ts'
import { isOurs, judgeGateway } from './gateways.ts'
import { type Caches, CLASSES, GATEWAYS, type Gateway, GRANTS, HTTP_ROUTES, INDEXES, parentKey, type Route } from './kinds.ts'
import { judgeListeners } from './listeners.ts'
import { type Entry, fits, precedence } from './matching.ts'
import { judgeRoute } from './rules.ts'

/** Label of a proxy's pods. */
export const GATEWAY_LABEL = 'gateway.networking.k8s.io/gateway-name'
const WATCHED = [CLASSES, GATEWAYS, HTTP_ROUTES, GRANTS, 'services', 'secrets', 'namespaces']

interface Door {
  secure: boolean
  /** By host; {@link ANY}: every other. */
  servers: Map<string, Entry[]>
}

/** By port. */
type Table = Map<number, Door>

export class GatewayRoutes implements Forwarder {
  readonly #caches: Caches
  readonly #world: World
  /** Made again when something has changed. */
  readonly #tables = new Map<string, Table>()

  constructor(informers: Informers, world: World) {
    this.#caches = { cache: (resource) => informers.cache(resource) }
    this.#world = world
    for (const { resource, name, of } of INDEXES) informers.index(resource, name, of)
    for (const resource of WATCHED) informers.on(resource, () => this.#tables.clear())
  }

  forget(): void {
    this.#tables.clear()
  }

  #tableOf(key: string): Table {
    let table = this.#tables.get(key)
    if (!table) this.#tables.set(key, (table = tableOf(key, this.#caches)))
    return table
  }

  route(request: HttpRequest, { pod, port }: Parameters<Forwarder['route']>[1]): Onward | OwnReply {
    const { namespace = '', labels = {} } = pod?.metadata ?? {}
    const key = `${namespace}/${labels[GATEWAY_LABEL] ?? ''}`
    const door = this.#tableOf(key).get(port)
    const host = hostOf(request)
    const [path = '/', ...search] = request.path.split('?')
    const question = { method: request.method, path, query: queryOf(search.join('?')), headers: request.headers ?? {} }
    const found = door && serverFor(door, host).find(({ match }) => fits(match, question))
    if (!found) return { reply: page(404, 'Not Found'), why: `no route of Gateway ${key} takes this host and path` }
    const { type, value = '/' } = found.match.path ?? {}
    const asked: Asked = {
      scheme: door.secure ? 'https' : 'http',
      host,
      port,
      path: request.path,
      prefix: type === undefined || type === 'PathPrefix' ? value : '',
    }
    return this.#follow(found, asked, request)
  }

  #follow({ route, rule }: Entry, asked: Asked, request: HttpRequest): Onward | OwnReply {
    const { namespace, name } = route.metadata
    const why = `HTTPRoute ${namespace}/${name}`
    const { filters = [] } = rule.rule
    const redirect = filters.find(({ requestRedirect }) => requestRedirect)?.requestRedirect
    if (redirect) return { reply: redirection(asked, redirect), why: `${why} redirects it` }
    const total = rule.backends.reduce((sum, { weight }) => sum + weight, 0)
    if (total === 0) return { reply: FAILED, why: `${why} names nothing to send it to` }
    let left = this.#world.random('gateway').below(total)
    const chosen = rule.backends.find(({ weight }) => (left -= weight) < 0)
    if (!chosen?.service) return { reply: FAILED, why: `${why}: its reference is not resolved` }
    let headers = onItsWay(asked, request)
    let { path } = asked
    const rewrite = filters.find(({ urlRewrite }) => urlRewrite)?.urlRewrite
    if (rewrite?.path) path = newPath(asked, rewrite.path)
    if (rewrite?.hostname) headers['host'] = rewrite.hostname
    for (const { requestHeaderModifier } of filters) if (requestHeaderModifier) headers = modified(headers, requestHeaderModifier)
    const share = rule.backends.length > 1 ? `, ${chosen.weight} of ${total}` : ''
    const answers = filters.flatMap(({ responseHeaderModifier }) => responseHeaderModifier ?? [])
    return {
      service: chosen.service,
      port: { number: chosen.port },
      path,
      headers,
      why: `${why}: ${asked.host || 'any host'}${asked.prefix}${share}`,
      answer: (reply: HttpReply) => ({
        ...reply,
        headers: answers.reduce((all, each) => modified(all, each), reply.headers ?? {}),
      }),
    }
  }
}

const FAILED = page(500, 'Internal Server Error')

const hostOf = ({ headers }: HttpRequest): string => (headers?.['host'] ?? '').toLowerCase().replace(/:\d+$/, '')

function queryOf(search: string): Map<string, string> {
  const query = new Map<string, string>()
  for (const part of search.split('&')) {
    const [name = '', value = ''] = part.split('=')
    if (name !== '' && !query.has(name)) query.set(name, decoded(value))
  }
  return query
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

/** What the proxy tells of whom the request is from. */
function onItsWay({ scheme, host, port }: Asked, { headers, from = '' }: HttpRequest): Record<string, string> {
  const before = headers?.['x-forwarded-for']
  return {
    ...headers,
    'x-real-ip': from,
    'x-forwarded-for': before === undefined ? from : `${before}, ${from}`,
    'x-forwarded-proto': scheme,
    'x-forwarded-host': host,
    'x-forwarded-port': String(port),
  }
}

/** The server of the name that fits best; no other is tried. */
function serverFor({ servers }: Door, host: string): Entry[] {
  const exact = servers.get(host)
  if (exact) return exact
  const wild = [...servers.keys()].filter((name) => name.startsWith('*.') && covers(name, host))
  const best = wild.sort((a, b) => b.length - a.length)[0]
  return servers.get(best ?? ANY) ?? []
}

function tableOf(key: string, caches: Caches): Table {
  const table: Table = new Map()
  const gateway = caches.cache<AnyObject>(GATEWAYS).byKey(key) as Gateway | undefined
  if (!gateway || !isOurs(gateway, caches)) return table
  const { valid } = judgeGateway(gateway, caches)
  const listeners = judgeListeners(gateway, caches)
  if (!valid) return table
  for (const { listener, valid: isWell } of listeners) {
    if (!isWell) continue
    const door = table.get(listener.port) ?? { secure: listener.protocol === 'HTTPS', servers: new Map() }
    table.set(listener.port, door)
    door.servers.set(listener.hostname ?? ANY, [])
  }
  for (const each of caches.cache<AnyObject>(HTTP_ROUTES).by('parent', key)) {
    const route = each as unknown as Route
    const rules = judgeRoute(route, caches)
    if (!rules.valid) continue
    const entries = entriesOf(route, rules)
    for (const [port, hosts] of placesOf(route, { gateway, valid, listeners }, caches)) {
      const servers = table.get(port)?.servers
      for (const host of hosts) servers?.set(host, [...(servers.get(host) ?? []), ...entries])
    }
  }
  for (const { servers } of table.values()) for (const entries of servers.values()) entries.sort(precedence)
  return table
}

/** By port: the hosts for which a route stands there. A name that another listener has for its own is that one's. */
function placesOf(route: Route, host: Host, caches: Caches): Map<number, Set<string>> {
  const { gateway, listeners } = host
  const own = `${gateway.metadata.namespace}/${gateway.metadata.name}`
  const places = new Map<number, Set<string>>()
  for (const ref of route.spec.parentRefs ?? []) {
    if (parentKey(ref, route.metadata.namespace ?? '') !== own) continue
    for (const [name, hosts] of attach(route, ref, host, caches).hosts) {
      const at = listeners.find(({ listener, valid }) => valid && listener.name === name)?.listener
      if (!at) continue
      const others = listeners.filter(({ listener }) => listener.port === at.port && listener.name !== name)
      const free = hosts.filter((each) => each === ANY || !others.some(({ listener }) => listener.hostname === each))
      places.set(at.port, new Set([...(places.get(at.port) ?? []), ...free]))
    }
  }
  return places
}

const EVERYTHING = [{ path: { type: 'PathPrefix', value: '/' } }]

function entriesOf(route: Route, { rules }: ReturnType<typeof judgeRoute>): Entry[] {
  return rules.flatMap((rule, i) =>
    rule.valid
      ? (rule.rule.matches?.length ? rule.rule.matches : EVERYTHING).map((match, k) => ({ route, rule, match, at: i * 1000 + k }))
      : [],
  )
}
