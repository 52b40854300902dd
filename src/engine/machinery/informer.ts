/** Informers: one process's caches of the objects it watches, filled by watch events that arrive a little late. */
import type { AnyObject, KubeObject } from '#api/meta.ts'
import { keyOf } from '#api/meta.ts'
import type { Part, World } from '../sim/world.ts'

export type Change = 'added' | 'modified' | 'deleted'

/** `object` is the new version (for a deletion the last one), `old` the version the cache held before. */
export type Handler = (change: Change, object: AnyObject, old: AnyObject | null) => void

/** What the API server offers to in-process watchers: present state, and events from then on. */
export interface WatchSource {
  /** Current objects. */
  snapshot(resource: string, node?: string): AnyObject[]
  /**
   * Calls back on each event of the resource, at once and in order. With `node`, only Pods bound to that node
   * (index, not scan); a Pod that arrives on or leaves the node is added or deleted.
   */
  subscribe(resource: string, node: string | undefined, push: (change: Change, object: AnyObject) => void): () => void
  /** Whether events reach this process now. What it misses comes when they do again. Absent: always. */
  isOpen?(process: string): boolean
  onOpen?(listener: () => void): void
}

type Indexer = (object: AnyObject) => string[]

interface Index {
  of: Indexer
  /** Keys by value, in the order in which objects came to it. */
  buckets: Map<string, Set<string>>
}

const NOWHERE: readonly string[] = []

/** A key that stays keeps its place. */
function file({ buckets }: Index, key: string, values: readonly string[]): void {
  for (const value of values) {
    const bucket = buckets.get(value)
    if (bucket) bucket.add(key)
    else buckets.set(value, new Set([key]))
  }
}

function unfile({ buckets }: Index, key: string, value: string): void {
  const bucket = buckets.get(value)
  if (bucket?.delete(key) && bucket.size === 0) buckets.delete(value)
}

function ascends(keys: Iterable<string>, rank: Map<string, number>): boolean {
  let last = -1
  for (const key of keys) {
    const at = rank.get(key) as number
    if (at < last) return false
    last = at
  }
  return true
}

/** The cache of one resource. Objects are shared and immutable. */
export class Cache<T extends KubeObject = AnyObject> {
  #objects = new Map<string, T>()
  /** Keys by namespace. */
  #namespaces = new Map<string, Set<string>>()
  #indexes = new Map<string, Index>()

  get size(): number {
    return this.#objects.size
  }
  get(namespace: string, name: string): T | undefined {
    return this.#objects.get(namespace ? `${namespace}/${name}` : name)
  }
  byKey(key: string): T | undefined {
    return this.#objects.get(key)
  }
  all(): IterableIterator<T> {
    return this.#objects.values()
  }
  inNamespace(namespace: string): Iterable<T> {
    return this.#found(this.#namespaces.get(namespace))
  }
  /** Objects for which the index named so (see {@link Informers.index}) gives this value. O(result). */
  by(index: string, value: string): T[] {
    return this.#found(this.#indexes.get(index)?.buckets.get(value))
  }
  countBy(index: string, value: string): number {
    return this.#indexes.get(index)?.buckets.get(value)?.size ?? 0
  }

  index(name: string, of: Indexer): void {
    if (this.#indexes.has(name)) return
    const index: Index = { of, buckets: new Map() }
    this.#indexes.set(name, index)
    for (const [key, object] of this.#objects) file(index, key, of(object as unknown as AnyObject))
  }

  #found(keys: Iterable<string> | undefined): T[] {
    const objects: T[] = []
    for (const key of keys ?? []) objects.push(this.#objects.get(key) as T)
    return objects
  }

  set(object: T): T | null {
    const key = keyOf(object.metadata)
    const old = this.#objects.get(key) ?? null
    this.#objects.set(key, object)
    if (!old) this.#arrive(key, object.metadata.namespace)
    for (const index of this.#indexes.values()) {
      const values = index.of(object as unknown as AnyObject)
      const before = old ? index.of(old as unknown as AnyObject) : NOWHERE
      if (values.length === before.length && values.every((value, i) => value === before[i])) continue
      for (const value of before) if (!values.includes(value)) unfile(index, key, value)
      file(index, key, values)
    }
    return old
  }

  remove(object: T): T | null {
    const key = keyOf(object.metadata)
    const old = this.#objects.get(key) ?? null
    this.#objects.delete(key)
    const { namespace = '' } = object.metadata
    const keys = this.#namespaces.get(namespace)
    if (keys?.delete(key) && keys.size === 0) this.#namespaces.delete(namespace)
    if (!old) return old
    for (const index of this.#indexes.values()) {
      for (const value of index.of(old as unknown as AnyObject)) unfile(index, key, value)
    }
    return old
  }

  #arrive(key: string, namespace = ''): void {
    if (!namespace) return
    const keys = this.#namespaces.get(namespace)
    if (keys) keys.add(key)
    else this.#namespaces.set(namespace, new Set([key]))
  }

  /** Buckets whose order is not the cache's own, for an object came to them late: index, value, keys. */
  save(): { objects: T[]; late: [string, string, string[]][] } {
    const rank = new Map<string, number>()
    for (const key of this.#objects.keys()) rank.set(key, rank.size)
    const late: [string, string, string[]][] = []
    for (const [name, { buckets }] of this.#indexes) {
      const values = [...buckets].filter(([, bucket]) => !ascends(bucket, rank)).sort(([a], [b]) => (a < b ? -1 : 1))
      for (const [value, bucket] of values) late.push([name, value, [...bucket]])
    }
    return { objects: [...this.#objects.values()], late }
  }
  load({ objects, late }: { objects: T[]; late: [string, string, string[]][] }): void {
    this.clear()
    for (const object of objects) this.set(object)
    for (const [name, value, keys] of late) this.#indexes.get(name)?.buckets.set(value, new Set(keys))
  }

  clear(): void {
    this.#objects.clear()
    this.#namespaces.clear()
    for (const index of this.#indexes.values()) index.buckets.clear()
  }
}

interface Pending {
  resource: string
  change: Change
  object: AnyObject
}

/** Events applied per due-queue entry: keeps one step short however many objects change at once. */
const BATCH = 100

/**
 * All caches of one process (kube-controller-manager, kube-scheduler, one kubelet), shared by its loops.
 * Events arrive `lagMs` after the write, in order, and handlers run after the cache has been updated.
 */
export class Informers implements Part {
  readonly name: string
  readonly #world: World
  readonly #source: WatchSource
  readonly #lagMs: number
  readonly #node: string | undefined
  #caches = new Map<string, Cache<any>>()
  #handlers = new Map<string, Handler[]>()
  #stops: (() => void)[] = []
  #pending: Pending[] = []
  #scheduled = false

  /** `node`: Pods are only those of this node. */
  constructor(process: string, world: World, source: WatchSource, lagMs: number, node?: string) {
    this.name = `${process}/informers`
    this.#world = world
    this.#source = source
    this.#lagMs = lagMs
    this.#node = node
    world.join(this)
    source.onOpen?.(() => this.#reopened())
  }

  /** The cache of a resource; the first call begins the watch. */
  cache<T extends KubeObject = AnyObject>(resource: string): Cache<T> {
    let cache = this.#caches.get(resource)
    if (!cache) {
      cache = new Cache<T>()
      this.#caches.set(resource, cache)
      this.#handlers.set(resource, [])
      const node = resource === 'pods' ? this.#node : undefined
      for (const object of this.#source.snapshot(resource, node)) this.#push(resource, 'added', object)
      this.#stops.push(this.#source.subscribe(resource, node, (change, object) => this.#push(resource, change, object)))
    }
    return cache
  }

  /** Runs on every change from now on; for what the cache holds already, at once as `added`. */
  on(resource: string, handler: Handler): void {
    const cache = this.cache(resource)
    ;(this.#handlers.get(resource) as Handler[]).push(handler)
    for (const object of cache.all()) handler('added', object as AnyObject, null)
  }

  /** An index by any values of the object: `owner` → uids, `node` → name. */
  index(resource: string, name: string, of: Indexer): void {
    this.cache(resource).index(name, of)
  }

  #push(resource: string, change: Change, object: AnyObject): void {
    this.#pending.push({ resource, change, object })
    if (!this.#scheduled && this.#source.isOpen?.(this.name) !== false) {
      this.#scheduled = true
      this.#world.after(this.#lagMs, this.name, 'deliver')
    }
  }

  /** What was held back while nothing got through. */
  #reopened(): void {
    if (this.#pending.length === 0 || this.#scheduled) return
    this.#scheduled = true
    this.#world.after(this.#lagMs, this.name, 'deliver')
  }

  due(): void {
    if (this.#source.isOpen?.(this.name) === false) {
      this.#scheduled = false
      return
    }
    const batch = this.#pending.splice(0, BATCH)
    this.#scheduled = this.#pending.length > 0
    if (this.#scheduled) this.#world.after(0, this.name, 'deliver')
    for (const { resource, change, object } of batch) {
      const cache = this.#caches.get(resource) as Cache
      const old = change === 'deleted' ? cache.remove(object) : cache.set(object)
      const kind: Change = change === 'deleted' ? 'deleted' : old ? 'modified' : 'added'
      for (const handler of this.#handlers.get(resource) ?? []) handler(kind, object, old)
    }
  }

  /** Ends the watches: the process is gone. */
  close(): void {
    for (const stop of this.#stops) stop()
    this.#stops = []
    this.#pending = []
    this.#world.leave(this.name)
  }

  save(): unknown {
    return {
      caches: [...this.#caches].map(([resource, cache]) => [resource, cache.save()]),
      pending: this.#pending,
      scheduled: this.#scheduled,
    }
  }

  load(saved: any): void {
    for (const [resource, cache] of saved.caches) this.cache(resource).load(cache)
    this.#pending = saved.pending
    this.#scheduled = saved.scheduled
  }
}
