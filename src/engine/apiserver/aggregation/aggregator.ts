/** kube-aggregator: which group versions APIServices give to Services, what is known of them, and requests on their way there. */
import type { Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import type { UserInfo } from '#api/request.ts'
import type { StoreEvent } from '../../etcd/etcd.ts'
import type { HttpReply, HttpRequest } from '../../machinery/http.ts'
import type { World } from '../../sim/world.ts'
import type { Server } from '../api-server.ts'
import type { Answer, Call } from '../call.ts'
import { resolveService } from '../reach.ts'
import type { Resource } from '../resource.ts'
import { plainText } from '../stages/route.ts'
import type { WatchSession } from '../watching.ts'
import { type Discovered, discover } from './discover.ts'
import type { GuestApi } from './guest.ts'
import { Guests } from './guests.ts'
import { answerInner, remoteResource } from './inner.ts'
import type { AggregationPort, RemoteVersion } from './port.ts'
import { type ApiServiceSpec, headersFor, type Passed, pass, type Reach, specOf } from './remote.ts'

const API_SERVICES = 'apiservices.apiregistration.k8s.io'
/** How late it hears of an APIService. */
const LAG_MS = 5
/** discoveryRefreshInterval, and where its back-off begins. */
const REFRESH_MS = 60_000
const FIRST_RETRY_MS = 500
const AGGREGATOR: UserInfo = { name: 'system:kube-aggregator', groups: ['system:masters'] }

export interface AggregatorParts {
  readonly world: World
  readonly server: Server
  readonly reach: Reach
  /** The part that is told what is due. */
  readonly part: string
  /** What programs in Pods serve, by the name they say. */
  readonly programs: Readonly<Record<string, GuestApi>>
  /** Group versions that this server answers itself while their APIService is there. */
  isOwn(name: string): boolean
}

interface Remote extends RemoteVersion {
  readonly spec: ApiServiceSpec
  readonly available: boolean
}

/** What was found out of a group version, and when it is looked at again: plain data. */
interface Known {
  found: Discovered | null
  tries: number
  due: number
}

const available = (object: AnyObject): boolean =>
  object['status']?.conditions?.some(
    (each: { type: string; status: string }) => each.type === 'Available' && each.status === 'True',
  ) ?? false

export class Aggregator implements AggregationPort {
  readonly guests: Guests
  readonly #parts: AggregatorParts
  #known = new Map<string, Known>()
  #remotes = new Map<string, Remote>()
  #versions: readonly Remote[] = []
  #resources: readonly Resource[] = []

  constructor(parts: AggregatorParts) {
    this.#parts = parts
    const { server, programs } = parts
    this.guests = new Guests(server, programs)
    server.listen(server.resource(API_SERVICES), (event) => this.#see(event))
    this.#rebuild()
  }

  // ——— APIServices

  #see({ value, previous }: StoreEvent<AnyObject>): void {
    const service = (value ?? previous) as AnyObject
    const { name } = service.metadata
    const before = this.#known.get(name)
    if (!this.#isRemote(value) && !before) return
    const { world, part } = this.#parts
    if (before) world.cancel(before.due)
    if (this.#isRemote(value)) {
      const due = world.after(LAG_MS, part, 'discover', name)
      this.#known.set(name, { found: before?.found ?? null, tries: before?.tries ?? 0, due })
    } else this.#known.delete(name)
    this.#rebuild()
  }

  #isRemote(object: AnyObject | null | undefined): boolean {
    return specOf(object)?.service !== undefined && !this.#parts.isOwn(object?.metadata.name ?? '')
  }

  /** Everything that follows from the APIServices and from what is known. */
  #rebuild(): void {
    const { server } = this.#parts
    this.#remotes.clear()
    for (const object of server.readAll(API_SERVICES)) {
      if (!this.#isRemote(object)) continue
      const spec = specOf(object) as ApiServiceSpec
      const { group = '', version = '', groupPriorityMinimum: groupPriority, versionPriority } = spec
      const found = this.#known.get(object.metadata.name)?.found ?? null
      const about = { group, version, groupPriority, versionPriority, fresh: found !== null, resources: found?.resources ?? [] }
      this.#remotes.set(object.metadata.name, { ...about, spec, available: available(object) })
    }
    this.#versions = [...this.#remotes.values()].sort(
      (a, b) =>
        b.groupPriority - a.groupPriority ||
        compare(a.group, b.group) ||
        b.versionPriority - a.versionPriority ||
        compare(b.version, a.version),
    )
    this.#resources = this.#versions.flatMap((version) =>
      version.resources.map((facts) =>
        remoteResource(version, facts, (to, request, user) => this.#send(to as Remote, request, user)),
      ),
    )
    server.aggregation = this.#remotes.size > 0 ? this : null
  }

  due(what: string, name: string): void {
    const known = this.#known.get(name)
    const remote = this.#remotes.get(name)
    if (what !== 'discover' || !known || !remote) return
    const { world, part } = this.#parts
    const found = discover(remote.group, remote.version, (path, accept) => {
      const passed = this.#pass(remote, { method: 'GET', path, headers: { accept } }, AGGREGATOR)
      return passed?.ok ? passed.reply : null
    })
    const tries = found ? 0 : known.tries + 1
    const wait = found ? REFRESH_MS : Math.min(REFRESH_MS, FIRST_RETRY_MS * 2 ** Math.min(known.tries, 20))
    this.#known.set(name, { found, tries, due: world.after(wait, part, 'discover', name) })
    this.#rebuild()
  }

  /** Why the API can't be had: the discovery check of the availability controller; null when it can. */
  probe(spec: ApiServiceSpec): string | null {
    const to = resolveService(spec.service ?? {}, this.#parts.server)
    if (typeof to === 'string') return to
    const path = `/apis/${spec.group}/${spec.version}`
    const url = `https://${to.host}:${to.port}${path}`
    const passed = pass(spec, to, { method: 'GET', path, headers: headersFor({}, AGGREGATOR, path) }, this.#parts.reach)
    const failing = `failing or missing response from ${url}: `
    if (!passed.ok) return `${failing}Get "${url}": ${passed.error}`
    const { status } = passed.reply
    return status >= 200 && status < 300 ? null : `${failing}bad status from ${url}: ${status}`
  }

  // ——— requests

  /** Null: nobody knows the way. */
  #pass({ spec }: Remote, request: HttpRequest, user: UserInfo): Passed | null {
    const to = resolveService(spec.service ?? {}, this.#parts.server)
    if (typeof to === 'string') return null
    const headers = headersFor(request.headers ?? {}, user, request.path)
    return pass(spec, to, { ...request, headers }, this.#parts.reach)
  }

  #send(remote: Remote, request: HttpRequest, user: UserInfo): HttpReply {
    if (!remote.available) return { status: 503, body: 'service unavailable' }
    const passed = this.#pass(remote, request, user)
    if (!passed) return { status: 503, body: 'service unavailable' }
    return passed.ok ? passed.reply : { status: 503, body: `error trying to reach service: ${passed.error}` }
  }

  answer(call: Call): Answer | null {
    const { path } = call.request
    if (path === '') {
      if (!call.resource?.remote) return null
      const { group, version } = call.resource
      return answerInner(call, this.#remotes.get(`${version}.${group}`) as Remote, (to, request, user) =>
        this.#send(to as Remote, request, user),
      )
    }
    const [, group, version] = /^\/apis\/([^/?]+)\/([^/?]+)(?:[/?]|$)/.exec(path) ?? []
    const remote = this.#remotes.get(`${version}.${group}`)
    return remote ? this.#forward(remote, call) : null
  }

  #forward(remote: Remote, call: Call): Answer {
    const { method, path, headers = {}, body } = call.request
    const sent = body === undefined || body === null ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
    const typed =
      sent.body !== undefined && !headers['content-type'] ? { ...headers, 'content-type': 'application/json' } : headers
    return answerOf(this.#send(remote, { method, path, headers: typed, ...sent }, call.user), call)
  }

  // ——— what is known

  get versions(): readonly RemoteVersion[] {
    return this.#versions
  }
  get resources(): readonly Resource[] {
    return this.#resources
  }
  hasGroup(name: string): boolean {
    return this.#versions.some(({ group }) => group === name)
  }
  known(id: string): Resource | undefined {
    return this.#resources.find((each) => each.id === id)
  }

  get openApi(): Record<string, { serverRelativeURL: string }> {
    return Object.assign({}, ...[...this.#known.values()].map(({ found }) => found?.openApi ?? {}))
  }
  openApiDocument(name: string, call: Call): Answer | null {
    for (const [service, { found }] of this.#known) {
      if (found && Object.hasOwn(found.openApi, name)) return this.#forward(this.#remotes.get(service) as Remote, call)
    }
    return null
  }
  openApi2(): { paths: Record<string, unknown>; definitions: Record<string, unknown> }[] {
    return this.#versions.flatMap((remote) => {
      const headers = { accept: 'application/json' }
      const { status, body } = this.#send(remote, { method: 'GET', path: '/openapi/v2', headers }, AGGREGATOR)
      if (status !== 200) return []
      const { paths = {}, definitions = {} } = JSON.parse(body)
      const root = `/apis/${remote.group}/${remote.version}/`
      return [{ paths: Object.fromEntries(Object.entries(paths).filter(([path]) => path.startsWith(root))), definitions }]
    })
  }

  // ——— state

  route(request: HttpRequest, at: { pod: Pod | undefined; port: number; told: HttpReply }) {
    return this.guests.route(request, at)
  }

  save(): unknown {
    const guests = this.guests.save()
    return guests.length === 0 && this.#known.size === 0 ? null : { known: [...this.#known], guests }
  }
  load(saved: any): void {
    this.#known = new Map(saved?.known ?? [])
    this.guests.load(saved?.guests ?? [])
    this.#rebuild()
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** What came back, for a client: a watch is read from where it goes on. */
function answerOf({ status, headers = {}, body, session }: HttpReply, call: Call): Answer {
  if (session) {
    call.session = session as WatchSession
    return { status, headers, body: null }
  }
  if (!headers['content-type']) return plainText(status, status < 300 ? body : `${body}\n`)
  const compact = /^application\/json\b/.test(headers['content-type']) && body !== '' && body[1] !== '\n'
  return { status, headers, body: compact ? JSON.parse(body) : body }
}
