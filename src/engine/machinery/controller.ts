/** The one loop: a controller names what it watches, receives keys, and reconciles one key at a time against its caches. */
import type { AnyObject, KubeObject } from '#api/meta.ts'
import { ApiError } from '#api/status.ts'
import type { Part, World } from '../sim/world.ts'
import type { Api, Identity } from './client.ts'
import type { EventRecorder } from './events.ts'
import { Expectations } from './expectations.ts'
import type { Cache, Change, Informers } from './informer.ts'
import { type Pace, PacedApi, Throttle } from './throttle.ts'
import { type BackOff, WorkQueue } from './work-queue.ts'

/** What a controller works with while it reconciles. All of it is the controller's own, but the caches, which its process shares. */
export interface Context {
  readonly world: World
  readonly api: Api
  readonly events: EventRecorder
  readonly expectations: Expectations
  /** Simulated ms since 1970. */
  readonly now: number
  /** How many requests may be made now; one at least. */
  allowance(): number
  cache<T extends KubeObject = AnyObject>(resource: string): Cache<T>
  /** Reconciles this key (again) after so long. */
  later(key: string, delayMs: number): void
  /** Looks again which resources `more` asks for. */
  watchMore(): void
  /** Plain data that outlives a reconcile and is saved with the world. */
  readonly memory: Map<string, any>
}

export interface Watch {
  resource: string
  /** The keys that this change makes worth a look. `old` is the version the cache held before. */
  keys(change: Change, object: AnyObject, old: AnyObject | null, context: Context): Iterable<string>
}

/** Watches on resources that are known at run time only. */
export interface MoreWatches {
  resources(): readonly string[]
  index?: { name: string; of(object: AnyObject): string[] }
  keys(resource: string, change: Change, object: AnyObject, old: AnyObject | null, context: Context): Iterable<string>
}

export interface ControllerDeclaration {
  /** As in Kubernetes: `replicaset-controller`; its user is `system:serviceaccount:kube-system:NAME`. */
  name: string
  /** Who it is, where it is not one of the controller manager's service accounts. */
  identity?: Identity
  /** The service account it works under, where that is not its name: `node-controller`. */
  account?: string
  /** How often its client may ask, where that is not the controller manager's usual. */
  pace?: Pace
  /** How failures are waited for, where that is not 5 ms, doubled up to 1,000 s. */
  backOff?: BackOff
  /** What its events give as their source, where that is not its name: `endpoint-slice-controller`. */
  component?: string
  watches: readonly Watch[]
  /** Indexes its caches need: resource, name, values. */
  indexes?: readonly { resource: string; name: string; of(object: AnyObject): string[] }[]
  /**
   * Moves the world one step closer for this key. Throwing an error retries with back-off; conflicts are ordinary.
   * Must touch at most about 100 objects: do the rest by asking for the key again (`context.later(key, 0)`).
   */
  reconcile(key: string, context: Context): void
  /**
   * Resources known only at run time (the garbage collector watches all there are). Asked for at the beginning, after a load,
   * and whenever a reconcile calls `context.watchMore()`; what is watched already stays so.
   */
  more?: MoreWatches
  /** Ports and listeners that need the running context: called once, when the loop is made. */
  begin?(context: Context): void
  /** A periodic look at the world (`--node-monitor-period` and its kin): key to reconcile and period. */
  every?: readonly { key: string; ms: number }[]
}

export const controller = (declaration: ControllerDeclaration): ControllerDeclaration => declaration

/** --kube-api-qps and --kube-api-burst of the controller manager: each of its controllers has a client of its own. */
export const USUAL_PACE: Pace = { qps: 20, burst: 30 }

/** The time a worker takes over one key before it takes the next. */
const WORK_MS = 1

/** Runs one controller: a part of the world. */
export class ControllerLoop implements Part {
  readonly name: string
  readonly #declaration: ControllerDeclaration
  readonly #context: Context
  readonly #queue: WorkQueue
  readonly #expectations: Expectations
  readonly #throttle: Throttle
  #scheduled = false
  #memory = new Map<string, any>()
  /** A stopped controller's keys wait (a fault: "stop the controller manager"). */
  #stopped = false
  readonly #informers: Informers
  /** Keys that wait for their time: of several waits for one key the earliest counts, as in client-go's delaying queue. */
  #waits = new Map<string, { at: number; seq: number }>()
  #more = new Set<string>()

  constructor(declaration: ControllerDeclaration, world: World, informers: Informers, api: Api, events: EventRecorder) {
    this.name = declaration.name
    this.#declaration = declaration
    this.#expectations = new Expectations(world)
    this.#queue = new WorkQueue(declaration.backOff)
    this.#throttle = new Throttle(world, declaration.pace ?? USUAL_PACE)
    this.#informers = informers
    this.#context = {
      world,
      api: this.inManager ? new PacedApi(api, this.#throttle) : api,
      events,
      expectations: this.#expectations,
      memory: this.#memory,
      get now() {
        return world.now
      },
      cache: (resource) => informers.cache(resource),
      allowance: () => (this.inManager ? this.#throttle.allowance() : Number.POSITIVE_INFINITY),
      later: (key, delayMs) => this.#later(key, delayMs),
      watchMore: () => this.#watchMore(),
    }
    world.join(this)
    for (const { resource, name, of } of declaration.indexes ?? []) informers.index(resource, name, of)
    for (const { resource, keys } of declaration.watches) this.#watch(resource, keys)
    this.#watchMore()
    declaration.begin?.(this.#context)
    for (const { key, ms } of declaration.every ?? []) world.after(ms, this.name, 'tick', { key, ms })
  }

  #watch(resource: string, keys: Watch['keys']): void {
    this.#informers.on(resource, (change, object, old) => {
      for (const key of keys(change, object, old, this.#context)) this.#add(key)
    })
  }

  #watchMore(): void {
    const { more } = this.#declaration
    if (!more) return
    for (const resource of more.resources()) {
      if (this.#more.has(resource)) continue
      this.#more.add(resource)
      if (more.index) this.#informers.index(resource, more.index.name, more.index.of)
      this.#watch(resource, (...change) => more.keys(resource, ...change))
    }
  }

  #add(key: string): void {
    this.#queue.add(key)
    this.#wake()
  }

  #wake(): void {
    if (this.#scheduled || this.#stopped || this.#queue.length === 0) return
    this.#scheduled = true
    this.#context.world.after(Math.max(WORK_MS, this.#throttle.waitMs()), this.name, 'work')
  }

  #later(key: string, delayMs: number): void {
    if (delayMs <= 0) {
      this.#add(key)
      return
    }
    const { world } = this.#context
    const at = world.now + delayMs
    const waiting = this.#waits.get(key)
    if (waiting && waiting.at <= at) return
    if (waiting) world.cancel(waiting.seq)
    this.#waits.set(key, { at, seq: world.at(at, this.name, 'add', key) })
  }

  due(what: string, data: any): void {
    if (what === 'add') {
      this.#waits.delete(data)
      this.#add(data)
      return
    }
    if (what === 'tick') {
      this.#context.world.after(data.ms, this.name, 'tick', data)
      this.#add(data.key)
      return
    }
    this.#scheduled = false
    if (this.#stopped) return
    const key = this.#queue.take()
    if (key !== undefined) this.#work(key)
    this.#wake()
  }

  #work(key: string): void {
    try {
      this.#declaration.reconcile(key, this.#context)
      this.#queue.forget(key)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.#later(key, this.#queue.backOff(key))
    }
  }

  /** Whether it runs in the controller manager's process. */
  get inManager(): boolean {
    const user = this.#declaration.identity?.user
    return user === undefined || user === 'system:kube-controller-manager'
  }

  stop(): void {
    this.#stopped = true
  }
  start(): void {
    this.#stopped = false
    this.#wake()
  }

  save(): unknown {
    return {
      queue: this.#queue.save(),
      scheduled: this.#scheduled,
      memory: [...this.#memory],
      stopped: this.#stopped,
      waits: [...this.#waits],
      expectations: this.#expectations.save(),
      throttle: this.#throttle.save(),
    }
  }
  load(saved: any): void {
    // First, for what the new watches put into the queue does not count.
    this.#watchMore()
    this.#queue.load(saved.queue)
    this.#scheduled = saved.scheduled
    this.#stopped = saved.stopped
    this.#waits = new Map(saved.waits)
    this.#memory.clear()
    for (const [key, value] of saved.memory) this.#memory.set(key, value)
    this.#watchMore()
    this.#expectations.load(saved.expectations)
    this.#throttle.load(saved.throttle)
  }
}
