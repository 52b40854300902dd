/** Where an ingress controller sends a request: the Ingresses of its class as one table of hosts and paths (ingress-nginx). */
import type { AnyObject } from '#api/meta.ts'
import { type Forwarder, type Onward, type OwnReply, page } from '../machinery/forwarder.ts'
import type { HttpReply, HttpRequest } from '../machinery/http.ts'
import type { Cache, Informers } from '../machinery/informer.ts'
import { later } from '../sim/later.ts'

const CONTROLLER = 'k8s.io/ingress-nginx'
const OLD_CLASS = 'kubernetes.io/ingress.class'
const NGINX = 'nginx.ingress.kubernetes.io'
const INGRESSES = 'ingresses.networking.k8s.io'
const CLASSES = 'ingressclasses.networking.k8s.io'
const HTTPS = 443

interface Backend {
  service?: { name: string; port: { name?: string; number?: number } }
}

interface Location {
  path: string
  type: string
  backend: Backend
  ingress: AnyObject
}

interface Server {
  locations: Location[]
  tls: boolean
}

export class IngressRoutes implements Forwarder {
  readonly #ingresses: Cache<AnyObject>
  readonly #classes: Cache<AnyObject>
  /** Made again when something has changed. */
  #servers: Map<string, Server> | null = null
  #fallback: Location | null = null

  constructor(informers: Informers) {
    this.#ingresses = informers.cache(INGRESSES)
    this.#classes = informers.cache(CLASSES)
    for (const resource of [INGRESSES, CLASSES]) {
      informers.on(resource, () => {
        this.#servers = null
      })
    }
  }

  /** After a load the table is made anew. */
  forget(): void {
    this.#servers = null
  }

  #isOurs({ metadata, ...ingress }: AnyObject): boolean {
    const name = ingress['spec']?.ingressClassName ?? metadata.annotations?.[OLD_CLASS]
    return name !== undefined && this.#classes.get('', name)?.['spec']?.controller === CONTROLLER
  }

  #table(): Map<string, Server> {
    if (this.#servers) return this.#servers
    const servers = new Map<string, Server>()
    this.#fallback = null
    const ours = [...this.#ingresses.all()].filter((each) => this.#isOurs(each))
    // Of two that want the same place the older one has it.
    ours.sort((a, b) => order(ageOf(a), ageOf(b)) || order(nameOf(a), nameOf(b)))
    for (const ingress of ours) {
      const { rules = [], tls = [], defaultBackend } = ingress['spec']
      if (defaultBackend && !this.#fallback) this.#fallback = { path: '/', type: 'Prefix', backend: defaultBackend, ingress }
      for (const { host = '', http } of rules) {
        const server = servers.get(host) ?? { locations: [], tls: false }
        servers.set(host, server)
        server.tls ||= tls.some(({ hosts = [] }: { hosts?: string[] }) => hosts.includes(host))
        for (const { path = '/', pathType, backend } of http?.paths ?? []) {
          const taken = server.locations.some((each) => each.path === path && each.type === pathType)
          if (!taken) server.locations.push({ path, type: pathType, backend, ingress })
        }
        if (defaultBackend && !http) server.locations.push({ path: '/', type: 'Prefix', backend: defaultBackend, ingress })
      }
    }
    // Exact paths first, then the longest.
    for (const { locations } of servers.values()) {
      locations.sort((a, b) => Number(b.type === 'Exact') - Number(a.type === 'Exact') || b.path.length - a.path.length)
    }
    this.#servers = servers
    return servers
  }

  route({ headers, path }: HttpRequest, { port }: { port: number }): Onward | OwnReply {
    const secure = port === HTTPS
    const host = (headers?.['host'] ?? '').toLowerCase().replace(/:\d+$/, '')
    const servers = this.#table()
    const server = servers.get(host) ?? servers.get(`*.${host.slice(host.indexOf('.') + 1)}`) ?? servers.get('')
    const [bare = '/'] = path.split('?')
    const found = server?.locations.find((each) => fits(each, bare)) ?? this.#fallback
    if (!found) return own(page(404, 'Not Found'))
    if (server?.tls && !secure && annotated(found.ingress, 'ssl-redirect') !== 'false') {
      const { body } = page(308, 'Permanent Redirect')
      const headers = { 'content-type': 'text/html', location: `https://${host}${path}` }
      return own({ status: 308, body, headers }, 'it is to be asked for in a secure way')
    }
    const { service } = found.backend
    if (!service) return own(page(503, 'Service Temporarily Unavailable'), 'its rule names no Service')
    const { namespace, name } = found.ingress.metadata
    return {
      service: `${namespace}/${service.name}`,
      port: service.port,
      path: rewritten(found, path),
      why: `Ingress ${namespace}/${name}: ${host || 'any host'}${found.path}`,
    }
  }
}

const own = (reply: HttpReply, why = 'no rule of an Ingress sends this host and path on'): OwnReply => ({ reply, why })

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const ageOf = ({ metadata }: AnyObject): string => metadata.creationTimestamp ?? ''
const nameOf = ({ metadata }: AnyObject): string => `${metadata.namespace}/${metadata.name}`
const annotated = ({ metadata }: AnyObject, name: string): string | undefined => metadata.annotations?.[`${NGINX}/${name}`]

/** Patterns that never take long. */
export const pathPatterns = later<(source: string, flags: string) => RegExp>('patterns of paths')

function pattern({ path, ingress }: Location): RegExp | null {
  if (annotated(ingress, 'use-regex') !== 'true' && annotated(ingress, 'rewrite-target') === undefined) return null
  try {
    return pathPatterns.get()(`^${path}`, 'i')
  } catch {
    return null
  }
}

function fits(location: Location, path: string): boolean {
  const expression = pattern(location)
  if (expression) return expression.test(path)
  if (location.type === 'Exact') return path === location.path
  const prefix = location.path.replace(/\/$/, '')
  return path === prefix || path.startsWith(`${prefix}/`)
}

function rewritten(location: Location, path: string): string {
  const target = annotated(location.ingress, 'rewrite-target')
  if (target === undefined) return path
  const [bare = '/', ...query] = path.split('?')
  const found = pattern(location)?.exec(bare)
  const next = target.replace(/\$(\d)/g, (_all, at: string) => found?.[Number(at)] ?? '')
  return [next, ...query].join('?')
}
