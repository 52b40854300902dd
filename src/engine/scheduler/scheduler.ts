/** kube-scheduler: takes Pods from the queue one by one, finds each a node, binds it there, or says why it cannot. */
import { assert } from '#api/assert.ts'
import type { Pod } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import type { Explanation } from '#api/request.ts'
import { ApiError } from '#api/status.ts'
import type { Api, Connect } from '../machinery/client.ts'
import { EventRecorder } from '../machinery/events.ts'
import { Informers, type WatchSource } from '../machinery/informer.ts'
import { Throttle } from '../machinery/throttle.ts'
import type { Part, World } from '../sim/world.ts'
import { ClusterCache } from './cache.ts'
import { type Decision, Scheduling } from './cycle.ts'
import { Explanations } from './explain.ts'
import { type Binding, CycleError, type Plugin } from './framework.ts'
import { Lookups, type Objects } from './lookups.ts'
import { defaultPlugins } from './plugins/index.ts'
import { PodInfo } from './pod-info.ts'
import { type QueuedPod, SchedulingQueue } from './queue.ts'
import { clearNomination, evict, reportBound, reportExpected, reportFailure, reportLeaving } from './reporting.ts'
import { forget, refill, watchCluster } from './watching.ts'

export interface SchedulerOptions {
  world: World
  connect: Connect
  source: WatchSource
}

export interface SchedulerPart extends Part {
  /** Why the Pod is where it is, or why it waits: the last cycle's word on every node. O(nodes shown). */
  explain(namespace: string, name: string): Explanation | undefined
  /** How many Pods are to be tried, back off, or wait for a change. */
  pending(): { active: number; backoff: number; unschedulable: number }
  /** Nobody schedules while it is stopped; the queue grows. */
  stop(): void
  start(): void
}

/** How late the scheduler's caches are, and how long one cycle takes. */
const LAG_MS = 1
const CYCLE_MS = 1
/** How long claims may take to be bound before the Pod is tried anew (VolumeBindingArgs.bindTimeoutSeconds). */
const BIND_TIMEOUT_MS = 600_000
/** Its client's (ClientConnectionConfiguration); events have one of their own. */
const PACE = { qps: 50, burst: 100 }
const NO_NODES = 'no nodes available to schedule pods'

/** A Pod that is placed, but waits for its volumes before it is bound: plain data. */
interface PendingBinding {
  queued: QueuedPod
  node: string
  since: number
}

export const createScheduler = (options: SchedulerOptions): SchedulerPart => new Scheduler(options)

class Scheduler implements SchedulerPart {
  readonly name = 'kube-scheduler'
  readonly assumed = new Map<string, string>()
  cluster: ClusterCache
  queue: SchedulingQueue
  readonly #world: World
  readonly #api: Api
  readonly #events: EventRecorder
  readonly #informers: Informers
  readonly #objects: Objects
  readonly #plugins: readonly Plugin[] = defaultPlugins
  readonly #scheduling: Scheduling
  readonly #explanations = new Explanations()
  readonly #pace: Throttle
  readonly #pending = new Map<string, PendingBinding>()
  /** Those that only wait until their request may be made. */
  readonly #inLine = new Map<string, PendingBinding>()
  /** Sequence numbers of what is due: the next cycle and its time, and the next look through the pool. */
  #cycle: { seq: number; at: number } | null = null
  #flush = false
  #stopped = false

  constructor({ world, connect, source }: SchedulerOptions) {
    this.#world = world
    this.#api = connect({ user: 'system:kube-scheduler', manager: 'kube-scheduler' })
    this.#pace = new Throttle(world, PACE)
    this.#informers = new Informers('kube-scheduler', world, source, LAG_MS)
    this.#events = new EventRecorder('default-scheduler', world, this.#api)
    const informers = this.#informers
    this.#objects = {
      get: (resource, namespace, name) => informers.cache(resource).get(namespace, name),
      all: (resource) => informers.cache(resource).all(),
    }
    this.#scheduling = new Scheduling(this.#plugins, () => world.random('scheduler'))
    this.cluster = this.#newCluster()
    this.queue = this.#newQueue()
    world.join(this)
    watchCluster(this.#informers, () => this)
  }

  #newCluster(): ClusterCache {
    return new ClusterCache(new Lookups(this.#objects))
  }
  #newQueue(): SchedulingQueue {
    return new SchedulingQueue(this.#plugins, (key) => this.#informers.cache<Pod>('pods').byKey(key), this.#objects)
  }

  get now(): number {
    return this.#world.now
  }

  wake(): void {
    if (this.#stopped) return
    if (!this.#flush && this.queue.counts().pool > 0) this.#planFlush()
    const next = this.queue.nextPop(this.now)
    if (next === null) return
    const at = Math.max(next, this.now + CYCLE_MS)
    if (this.#cycle) {
      if (this.#cycle.at <= at) return
      this.#world.cancel(this.#cycle.seq)
    }
    this.#cycle = { seq: this.#world.at(at, this.name, 'cycle'), at }
  }

  #planFlush(): void {
    const at = this.queue.nextFlush(this.now)
    if (at === null) return
    this.#flush = true
    this.#world.at(at, this.name, 'flush')
  }

  due(what: string, data: unknown): void {
    if (what === 'cycle') {
      this.#cycle = null
      if (this.#stopped) return
      const queued = this.queue.pop(this.now)
      if (queued) this.#scheduleOne(queued)
    } else if (what === 'flush') {
      this.#flush = false
      this.queue.flush(this.now)
    } else if (what === 'bind') this.#bindPending(data as string)
    else if (what === 'turn') this.#bindPending(data as string, this.#inLine)
    this.wake()
  }

  #scheduleOne(queued: QueuedPod): void {
    const pod = this.#informers.cache<Pod>('pods').byKey(queued.key)
    if (!pod || pod.spec.nodeName || (pod.metadata.uid ?? queued.key) !== queued.uid || this.assumed.has(queued.key)) return
    if (pod.metadata.deletionTimestamp) {
      reportLeaving(this.#events, pod)
      return
    }
    const decision = this.#decide(queued, pod)
    if (decision === undefined) return
    if (!decision) this.#failed(queued, pod, [], 'Unschedulable', NO_NODES, '')
    else if (!decision.node) this.#nowhere(queued, pod, decision)
    else {
      this.#explanations.record(queued.key, this.now, decision)
      this.#assume(queued, decision.pod, decision.node.name)
    }
  }

  /** Absent when something went wrong. */
  #decide(queued: QueuedPod, pod: Pod): Decision | null | undefined {
    try {
      return this.#scheduling.schedule(new PodInfo(pod, queued.key), this.cluster, this.now)
    } catch (error) {
      if (!(error instanceof CycleError)) throw error
      this.#failed(queued, pod, [], 'SchedulerError', error.message, undefined)
      return undefined
    }
  }

  #nowhere(queued: QueuedPod, pod: Pod, decision: Decision): void {
    const { diagnosis, postFilter } = decision
    const message = diagnosis.message()
    this.#explanations.record(queued.key, this.now, decision, message)
    const { nominated, victims = [], perform } = postFilter ?? {}
    perform?.(this.#api)
    this.#failed(queued, pod, [...diagnosis.plugins], 'Unschedulable', message, nominated)
    if (nominated) this.#driveOut(decision.pod, nominated, victims)
  }

  #driveOut(preemptor: PodInfo, node: string, victims: readonly PodInfo[]): void {
    for (const waiting of [...(this.cluster.nominator.on(node) ?? [])]) {
      if (waiting.priority >= preemptor.priority) continue
      const pod = this.#informers.cache<Pod>('pods').byKey(waiting.key)
      if (pod) clearNomination(this.#api, pod)
    }
    for (const victim of victims) evict(this.#api, this.#events, victim, preemptor, node, this.now)
  }

  /** Back into the queue, and say why. `plugins` turned it down; none means that something went wrong. */
  #failed(
    queued: QueuedPod,
    tried: Pod,
    plugins: readonly string[],
    reason: 'Unschedulable' | 'SchedulerError',
    message: string,
    nominated: string | undefined,
  ): void {
    const pod = this.#informers.cache<Pod>('pods').byKey(queued.key)
    if (pod?.metadata.uid === tried.metadata.uid && pod && !pod.spec.nodeName) {
      this.queue.putBack(queued, plugins, this.now)
      const node = nominated ?? pod.status?.nominatedNodeName ?? ''
      this.cluster.nominator.set(new PodInfo(pod), node)
    }
    reportFailure(this.#api, this.#events, pod ?? tried, { reason, message, nominated, now: this.now })
  }

  #assume(queued: QueuedPod, pod: PodInfo, node: string): void {
    this.cluster.addPod(pod, node)
    this.assumed.set(queued.key, node)
    this.cluster.nominator.remove(queued.key)
    const binding = this.#binding(pod, node)
    let refusal: string | null = null
    for (const plugin of this.#plugins) refusal ??= plugin.reserve?.(binding) ?? null
    if (refusal === null) this.#bind({ queued, node, since: this.now })
    else this.#bindingFailed(queued, pod.pod, node, refusal)
  }

  #binding(pod: PodInfo, node: string, again = false): Binding {
    return { pod, node, cluster: this.cluster, api: this.#api, now: this.now, again }
  }

  #bind(pending: PendingBinding, isReady = false): void {
    const { queued, node, since } = pending
    const pod = this.#informers.cache<Pod>('pods').byKey(queued.key)
    if (!pod || this.assumed.get(queued.key) !== node) return
    const binding = this.#binding(this.#infoOf(pod, queued.key), node, since < this.now)
    const begins = since === this.now
    if (begins && this.#plugins.some((plugin) => plugin.delays?.(binding))) reportExpected(this.#api, pod, node)
    const state = isReady ? 'done' : this.#preBind(binding, this.now - since >= BIND_TIMEOUT_MS)
    if (state === 'wait') {
      this.#pending.set(queued.key, pending)
      if (begins) this.#world.after(BIND_TIMEOUT_MS, this.name, 'bind', queued.key)
      return
    }
    if (state === 'done' && !isReady && !this.#isItsTurn(pending)) return
    const trouble = state === 'done' ? this.#bindNow(binding) : state.error
    if (trouble === null) reportBound(this.#events, pod, node)
    else this.#bindingFailed(queued, pod, node, trouble)
  }

  /** Whether its request may be made; if not, it will be when its turn comes. */
  #isItsTurn(pending: PendingBinding): boolean {
    const ms = this.#pace.reserve()
    if (ms === 0) return true
    this.#inLine.set(pending.queued.key, pending)
    this.#world.after(ms, this.name, 'turn', pending.queued.key)
    return false
  }

  #preBind(binding: Binding, late: boolean): 'done' | 'wait' | { error: string } {
    for (const plugin of this.#plugins) {
      if (!plugin.preBind) continue
      const failed = (text: string) => ({ error: `running PreBind plugin "${plugin.name}": ${text}` })
      try {
        const answer = plugin.preBind(binding)
        if (answer === 'wait') return late ? failed('binding volumes: context deadline exceeded') : 'wait'
        if (answer !== 'done') return failed(answer.error)
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        return failed(error.message)
      }
    }
    return 'done'
  }

  /** What went wrong, or `null`. */
  #bindNow(binding: Binding): string | null {
    const binder = this.#plugins.find((plugin) => plugin.bind)
    assert(binder?.bind, 'no plugin binds')
    try {
      binder.bind(binding)
      return null
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return `running Bind plugin "${binder.name}": ${error.message}`
    }
  }

  /** The Pod as it counts, if this is its newest version. */
  #infoOf(pod: Pod, key: string): PodInfo {
    const placed = this.cluster.pod(key)
    return placed?.pod === pod ? placed : new PodInfo(pod, key)
  }

  #bindingFailed(queued: QueuedPod, pod: Pod, node: string, message: string): void {
    const binding = this.#binding(new PodInfo(pod, queued.key), node)
    for (const plugin of this.#plugins) plugin.unreserve?.(binding)
    forget(this, pod)
    this.#failed(queued, pod, [], 'SchedulerError', message, '')
  }

  #bindPending(key: string, among = this.#pending): void {
    const pending = among.get(key)
    if (!pending) return
    among.delete(key)
    this.#bind(pending, among === this.#inLine)
  }

  volumesChanged(): void {
    for (const key of this.#pending.keys()) this.#world.after(0, this.name, 'bind', key)
  }

  gone(key: string): void {
    this.#explanations.forget(key)
    this.#pending.delete(key)
    this.#inLine.delete(key)
  }

  explain(namespace: string, name: string): Explanation | undefined {
    return this.#explanations.explain(keyOf({ namespace, name }))
  }
  pending(): { active: number; backoff: number; unschedulable: number } {
    const { active, backoff, pool } = this.queue.counts()
    return { active: active + this.#inLine.size, backoff, unschedulable: pool }
  }

  stop(): void {
    this.#stopped = true
  }
  start(): void {
    this.#stopped = false
    this.wake()
  }

  save(): unknown {
    return {
      queue: this.queue.save(),
      order: this.cluster.save(),
      nominations: this.cluster.nominator.save(),
      claims: this.cluster.claims.save(),
      nextStart: this.#scheduling.nextStart,
      assumed: [...this.assumed],
      pending: [...this.#pending],
      inLine: [...this.#inLine],
      pace: this.#pace.save(),
      explanations: this.#explanations.save(),
      cycle: this.#cycle,
      flush: this.#flush,
      stopped: this.#stopped,
    }
  }

  /** The informers must have been loaded before. */
  load(saved: any): void {
    this.cluster = this.#newCluster()
    this.cluster.loadOrder(saved.order)
    this.cluster.claims.load(saved.claims)
    replace(this.assumed, saved.assumed)
    replace(this.#pending, saved.pending)
    replace(this.#inLine, saved.inLine ?? [])
    if (saved.pace) this.#pace.load(saved.pace)
    refill(this.#informers, this)
    for (const [key, node] of saved.nominations) {
      const pod = this.#informers.cache<Pod>('pods').byKey(key)
      if (pod) this.cluster.nominator.set(new PodInfo(pod), node)
    }
    this.queue = this.#newQueue()
    this.queue.load(saved.queue)
    this.#scheduling.nextStart = saved.nextStart
    this.#explanations.load(saved.explanations)
    this.#cycle = saved.cycle
    this.#flush = saved.flush
    this.#stopped = saved.stopped
  }
}

function replace<V>(map: Map<string, V>, entries: [string, V][]): void {
  map.clear()
  for (const [key, value] of entries) map.set(key, value)
}
