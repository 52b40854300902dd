/** The API server: registry, store and hub put together, with the doors for outside requests, watches and parts. */

import { assert } from '#api/assert.ts'
import type { AnyObject } from '#api/meta.ts'
import { RELEASE } from '#api/release.ts'
import type { ApiRequest, ApiResponse, UserInfo } from '#api/request.ts'
import { ApiError, conflict, notFound, OBJECT_MODIFIED } from '#api/status.ts'
import type { StoreEvent } from '../etcd/etcd.ts'
import { Store } from '../etcd/store.ts'
import { Links } from '../machinery/links.ts'
import type { Part, World } from '../sim/world.ts'
import { JSON_TYPE, PROTOBUF_TYPE, STREAM_TYPES } from './accept.ts'
import { reviewDelete } from './admission/index.ts'
import type { AggregationPort } from './aggregation/port.ts'
import type { Answer, Call } from './call.ts'
import { CustomKinds, DEFINITIONS } from './custom/registry.ts'
import { documents } from './discovery/slot.ts'
import { type FlowPort, flowPorts } from './flows-port.ts'
import { Hub } from './hub.ts'
import { keyFor, prefixFor } from './keys.ts'
import { newCall, travel, walk } from './path.ts'
import { type RequestPort, requestPorts } from './requests-port.ts'
import { type Hooks, type Resource, resourceId } from './resource.ts'
import { scaled, scaleOf } from './scale.ts'
import type { Schemas } from './schema/schema.ts'
import type { ApiServer, Auditor, ChangeRequest, RuntimePort, TokenKey } from './server.ts'
import type { Stage } from './stage.ts'
import { innerStages, stages, writeStages } from './stages/index.ts'
import { warningHeader } from './stages/respond.ts'
import { trackChange } from './tracking.ts'
import { Watching, type WatchSession } from './watching.ts'
import type { WebhookPort } from './webhook/port.ts'

/** Leases of expiring objects are shared within a window, so that one due-queue entry drops many. */
const LEASE_WINDOW_MS = 60_000
/** How long watches on a custom kind outlive a change of its definition (customresource_handler.go tearDown). */
const TEAR_DOWN_MS = 1000
/** kube-apiserver --etcd-compaction-interval. */
const COMPACTION_MS = 300_000
const COMPACT_REV_KEY = '/registry/compact_rev_key/'

export class Server implements ApiServer, Part {
  readonly name = 'kube-apiserver'
  readonly world: World
  readonly store: Store<AnyObject>
  readonly schemas: Schemas
  readonly hub = new Hub()
  readonly links: Links
  requests: RequestPort | null = null
  readonly custom: CustomKinds
  readonly host: Server | null
  descriptions: Record<string, Record<string, string>> | null = null
  goOrder: ((object: AnyObject) => AnyObject) | null = null
  protobuf: ((object: object) => Uint8Array) | null = null
  authority = ''
  tokenKey: TokenKey | null = null
  freshLease: ((lease: AnyObject) => AnyObject) | null = null
  stopped: (() => readonly string[]) | null = null
  release = RELEASE
  runtime: RuntimePort | null = null
  webhooks: WebhookPort | null = null
  aggregation: AggregationPort | null = null
  flows: FlowPort | null = null
  /** Who keeps an audit log is told of every call, from outside or from a part, once it is answered. */
  auditor: Auditor | null = null
  /** Those that are no custom kinds. */
  #own: readonly Resource[]
  #resources: readonly Resource[]
  #byId = new Map<string, Resource>()
  #byPath = new Map<string, Resource>()
  #leases = new Map<number, { lease: number; until: number }>()
  /** Open watches on custom kinds, which end when their definition changes; with the number of changes before them. */
  readonly #watches = new Set<Watching>()
  #customWatches = new Map<Watching, number>()
  #customChanges = 0

  /** `host`: the cluster's own server, whose guest this one is: what it knows is kept by somebody else. */
  constructor(world: World, resources: readonly Resource[], schemas: Schemas, host: Server | null = null) {
    this.world = world
    this.host = host
    this.schemas = schemas
    this.#own = resources
    this.#resources = resources
    this.links = host?.links ?? new Links(world)
    this.links.onShut(() => this.endWatches())
    this.store = new Store<AnyObject>()
    this.store.onEvent = (event) => this.hub.publish(event)
    this.#index(resources)
    this.custom = new CustomKinds({
      schemas,
      isBuiltIn: (group, plural) => this.#byId.has(resourceId(group, plural)),
      changed: (ended) => this.#customChanged(ended),
    })
    const definitions = this.#byId.get(DEFINITIONS)
    if (definitions) this.hub.listen(definitions, (event) => this.custom.see(event))
    if (host) return
    requestPorts.when((Counts) => {
      this.requests = new Counts()
    })
    flowPorts.when((make) => {
      this.flows = make(this)
    })
    world.join(this)
    world.after(COMPACTION_MS, this.name, 'compact', 0)
  }

  #index(resources: readonly Resource[]): void {
    for (const resource of resources) {
      if (!this.#byId.has(resource.id)) this.#byId.set(resource.id, resource)
      this.#byPath.set(`${resource.group}/${resource.version}/${resource.plural}`, resource)
    }
  }

  /** Serves these too, from now on. */
  extend(resources: readonly Resource[]): void {
    this.#own = [...this.#own, ...resources]
    this.#resources = [...this.#own, ...this.custom.resources]
    this.#index(resources)
  }
  /** Serves these no longer: `metrics.k8s.io/v1beta1/pods`. */
  withdraw(paths: readonly string[]): void {
    this.#own = this.#own.filter(({ groupVersion, plural }) => !paths.includes(`${groupVersion}/${plural}`))
    this.#resources = [...this.#own, ...this.custom.resources]
    this.#byId.clear()
    this.#byPath.clear()
    this.#index(this.#own)
  }

  get resources(): readonly Resource[] {
    return this.#resources
  }

  resource(id: string): Resource {
    const found = this.known(id)
    assert(found, `no resource ${id}`)
    return found
  }
  /** Undefined when it is not served. */
  known(id: string): Resource | undefined {
    return this.#byId.get(id) ?? this.custom.find(id) ?? this.aggregation?.known(id)
  }
  find(group: string, version: string, plural: string): Resource | undefined {
    const path = `${group}/${version}/${plural}`
    return this.#byPath.get(path) ?? this.custom.at(path)
  }

  #customChanged(ended: readonly string[]): void {
    this.#resources = [...this.#own, ...this.custom.resources]
    this.#customChanges += 1
    if (![...this.#customWatches.keys()].some(({ directory }) => ended.includes(directory))) return
    this.world.after(TEAR_DOWN_MS, this.name, 'tear down', { ended, change: this.#customChanges })
  }

  /** Ends the watches that began before a definition changed. */
  #tearDown({ ended, change }: { ended: string[]; change: number }): void {
    for (const [watch, began] of [...this.#customWatches]) {
      if (began < change && ended.includes(watch.directory)) watch.end()
    }
  }

  /** A request from outside: text in, text out. Watches go through {@link watch}. */
  request(request: ApiRequest): ApiResponse {
    const outage = this.links.answer(request)
    if (outage) return outage
    const call = newCall(this.links.aged(request))
    if (this.auditor) call.audit = {}
    const answer = walk(call, this, stages)
    this.#answered(call, answer)
    return this.flows?.mark(call, answer) ?? answer
  }

  /** A request whose answer goes on over the stream; the head of the answer. */
  open(request: ApiRequest, stream: number): ApiResponse {
    const outage = this.links.answer(request)
    if (outage) return outage
    const call = newCall(request)
    call.stream = stream
    const answer = walk(call, this, stages)
    this.requests?.count(call, answer.status)
    return answer
  }

  #answered(call: Call, answer: Answer): void {
    this.requests?.count(call, answer.status)
    this.auditor?.(call, answer)
  }

  /** Opens a watch; the refusal when it may not be opened. */
  watch(request: ApiRequest): { response: ApiResponse; session: WatchSession | null } {
    return this.watchBy(request, stages)
  }

  protected watchBy(request: ApiRequest, stages: readonly Stage[]): { response: ApiResponse; session: WatchSession | null } {
    const outage = this.links.answer(request)
    if (outage) return { response: outage, session: null }
    const call = newCall(request)
    let session: Watching | null = null
    const open = {
      name: 'watch',
      step: (c: Call) => {
        if (c.verb !== 'watch' || !c.resource) return 'on' as const
        session = this.#opened(this.#watching(c, c.resource))
        const type = c.accepts.type === PROTOBUF_TYPE ? (STREAM_TYPES[1] as string) : JSON_TYPE
        return {
          reply: {
            status: 200,
            headers: { 'content-type': type, 'cache-control': 'no-cache, private', ...warningHeader(c) },
            body: null,
          },
        }
      },
    }
    const at = stages.findIndex((stage) => stage.name === 'read')
    if (this.auditor) call.audit = {}
    const response = walk(call, this, [...stages.slice(0, at), open, ...stages.slice(at)])
    this.#answered(call, response)
    return { response: this.flows?.mark(call, response) ?? response, session: session ?? call.session ?? null }
  }

  watches(): readonly Call[] {
    return [...this.#watches].map(({ call }) => call)
  }
  endWatches(): void {
    for (const watch of [...this.#watches]) watch.end()
  }

  /** It ends with the server. */
  #opened(watch: Watching): Watching {
    const before = watch.onStop
    this.#watches.add(watch)
    watch.onStop = () => {
      before?.()
      this.#watches.delete(watch)
    }
    return watch
  }

  #watching(call: Call, resource: Resource): Watching {
    const watch = new Watching(call, resource, this)
    if (!resource.custom) return watch
    this.#customWatches.set(watch, this.#customChanges)
    watch.onStop = () => void this.#customWatches.delete(watch)
    return watch
  }

  /** A call from a part: structured, synchronous; refusals are thrown. */
  inner(fields: Partial<Call>): Answer {
    return this.innerCall(Object.assign(newCall(INNER), fields))
  }

  /** Likewise, with a call that is the caller's own. */
  innerCall(call: Call): Answer {
    if (this.auditor) call.audit = {}
    try {
      const answer = travel(call, this, innerStages)
      this.#answered(call, answer)
      return answer
    } catch (error) {
      if (error instanceof ApiError) {
        this.#answered(call, { status: error.code, headers: {}, body: error.status })
        if (call.resource) this.#traceRefusal(call, error)
      }
      throw error
    }
  }

  #traceRefusal(call: Call, error: ApiError): void {
    const { resource, subresource, namespace, name, verb, user } = call
    if (!resource || verb === 'get' || verb === 'list') return
    const id = subresource ? `${resource.id}/${subresource.name}` : resource.id
    const { code, message: because, stage } = error
    this.world.trace({ by: user.name, verb, resource: id, namespace, name, code, because, stage })
  }

  readonly #read = (id: string, namespace: string, name: string): AnyObject | undefined => this.read(id, namespace, name)
  readonly #readAll = (id: string, namespace?: string): AnyObject[] => this.readAll(id, namespace)

  read(id: string, namespace: string, name: string): AnyObject | undefined {
    return this.store.get(keyFor(this.resource(id), namespace, name))?.value
  }
  readAll(id: string, namespace = ''): AnyObject[] {
    return this.store.range(prefixFor(this.resource(id), namespace)).map((entry) => entry.value)
  }

  hooks(dryRun: boolean, warn: (text: string) => void, user?: UserInfo): Hooks {
    // Made several times per request: a plain literal, without spreads before its fields.
    const { world, store } = this
    const [read, readAll] = [this.#read, this.#readAll]
    return user ? { user, world, store, dryRun, warn, read, readAll } : { world, store, dryRun, warn, read, readAll }
  }

  change(request: ChangeRequest, change: (object: AnyObject) => AnyObject): AnyObject {
    const { resource, namespace, name } = request
    const entry = this.store.get(keyFor(resource, namespace, name))
    if (!entry) throw notFound({ group: resource.group, resource: resource.plural }, name)
    const now = resource.stored ? resource.stored.fromStored(entry.value) : entry.value
    const next = change(now)
    if (next === now) return now
    const tracked = trackChange(this, resource, now, next, request.manager, request.subresource)
    if (request.dryRun) return tracked
    const stored = this.replace(resource, now, tracked)
    const id = request.subresource ? `${resource.id}/${request.subresource}` : resource.id
    this.world.trace({ by: request.by, verb: request.verb, resource: id, namespace, name, code: 200, because: request.because })
    return stored
  }

  replace(resource: Resource, old: AnyObject, next: AnyObject): AnyObject {
    const { namespace = '', name } = old.metadata
    const result = this.store.put({
      key: keyFor(resource, namespace, name),
      expect: Number(old.metadata.resourceVersion),
      make: (revision) => {
        const stored = resource.stored ? resource.stored.toStored(next) : next
        return { ...stored, metadata: { ...stored.metadata, resourceVersion: String(revision) } }
      },
    })
    if (!result.ok) throw conflict({ group: resource.group, resource: resource.plural }, name, OBJECT_MODIFIED)
    const value = result.entry?.value as AnyObject
    return resource.stored ? resource.stored.fromStored(value) : value
  }

  remove(resource: Resource, last: AnyObject, expect?: number): void {
    const { namespace = '', name } = last.metadata
    const result = this.store.delete(keyFor(resource, namespace, name), expect)
    if (!result.ok) throw notFound({ group: resource.group, resource: resource.plural }, name)
    const other = resource.takesAlong && this.read(resource.takesAlong, namespace, name)
    if (other && !other.metadata.finalizers?.length) this.remove(this.resource(resource.takesAlong as string), other)
  }

  deleteAs(call: Call, resource: Resource, namespace: string, name: string, options: Record<string, unknown>): Answer {
    const { user, because, dryRun } = call
    // Who may evict may not therefore delete: the right to the one deletion at hand is not asked for again.
    const inner = { verb: 'delete' as const, resource, namespace, name, body: options, user, because, dryRun }
    return travel(Object.assign(newCall(INNER), inner), this, writeStages)
  }

  admitDelete(call: Call, resource: Resource, object: AnyObject): void {
    reviewDelete(call, resource, object, this)
  }

  scaleOf(resource: Resource, object: AnyObject): AnyObject {
    return scaleOf(resource, object)
  }
  scaled(resource: Resource, object: AnyObject, scale: AnyObject): AnyObject {
    return scaled(resource, object, scale)
  }

  leaseFor(seconds: number): number {
    const window = Math.floor(this.world.now / LEASE_WINDOW_MS)
    const known = this.#leases.get(window)
    if (known) return known.lease
    const until = (window + 1) * LEASE_WINDOW_MS + seconds * 1000
    const lease = this.store.grant(until - this.world.now, this.world.now)
    this.#leases.set(window, { lease, until })
    this.world.at(until, this.name, 'expire', window)
    return lease
  }

  due(what: string, data: any): void {
    if (what === 'tear down') this.#tearDown(data)
    else if (what === 'compact') this.#compact(data)
    else this.#expire(data)
  }

  /** Forgets what was history already when it was called last; what happened since stays for the next time. */
  #compact(revision: number): void {
    // As etcd3's compactor does, it writes the key by which several servers agree: so the revision moves on in an idle cluster, too.
    const metadata = { name: 'compact_rev_key' }
    this.store.put({ key: COMPACT_REV_KEY, make: () => ({ apiVersion: '', kind: '', metadata, rev: revision }) })
    this.store.compact(revision)
    this.world.after(COMPACTION_MS, this.name, 'compact', this.store.revision)
  }

  #expire(window: number): void {
    const known = this.#leases.get(window)
    if (!known) return
    this.#leases.delete(window)
    this.store.revoke(known.lease)
  }

  listen(resource: Resource, listen: (event: StoreEvent<AnyObject>) => void): () => void {
    return this.hub.listen(resource, listen)
  }

  document(call: Call): Answer {
    return documents.get()(call, this)
  }

  save(): unknown {
    return { store: this.store.save(), leases: [...this.#leases] }
  }
  load(saved: any): void {
    this.store.load(saved.store)
    this.custom.rebuild(this.readAll(DEFINITIONS))
    this.#leases = new Map(saved.leases)
  }
}

const INNER: ApiRequest = { method: 'POST', path: '' }
