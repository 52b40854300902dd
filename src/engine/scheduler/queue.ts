/** The scheduling queue: Pods to try now, Pods that wait out a back-off, and Pods that wait for something to change. */
import type { Pod } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import type { ClusterEvent, Happening } from './cluster-event.ts'
import type { Plugin, Queued } from './framework.ts'
import { Heap } from './heap.ts'
import type { Objects } from './lookups.ts'

type Place = 'active' | 'backoff' | 'pool' | 'out'

/** One waiting Pod: plain data. */
export interface QueuedPod extends Queued {
  readonly key: string
  readonly uid: string
  readonly priority: number
  timestamp: number
  seq: number
  place: Place
  /** How often it was tried. */
  attempts: number
  /** How often it was turned down, and how often in a row something went wrong instead: what back-off grows with. */
  rejections: number
  errors: number
  /** When the back-off ends, ms since 1970; 0: not reckoned yet. */
  until: number
  /** The plugins that turned it down. */
  plugins: string[]
  /** The plugin that does not let it into the queue. */
  gate: string
}

const INITIAL_BACKOFF_MS = 1000
const MAX_BACKOFF_MS = 10_000
/** Back-offs end together at whole seconds, so that they end in the order of priority. */
const WINDOW_MS = 1000
/** How long a Pod stays untried when nothing happens that it waits for, and how often that is looked at. */
const POOL_MS = 300_000
const FLUSH_MS = 30_000

const window = (time: number): number => Math.floor(time / WINDOW_MS) * WINDOW_MS

/** A place in a heap; out of date once the Pod has moved on. */
interface Slot extends Queued {
  readonly pod: QueuedPod
  readonly until: number
}

export class SchedulingQueue {
  readonly #plugins: readonly Plugin[]
  /** The current version of a Pod, by key. */
  readonly #podOf: (key: string) => Pod | undefined
  readonly #objects: Objects
  readonly #pods = new Map<string, QueuedPod>()
  readonly #active: Heap<Slot>
  readonly #backoff: Heap<Slot>
  /** Back-off after errors; only time ends it. */
  readonly #errorBackoff: Heap<Slot>
  #counts: Record<Place, number> = { active: 0, backoff: 0, pool: 0, out: 0 }
  /** The Pods in the pool by the plugins that turned them down. */
  readonly #rejectedBy = new Map<string, Set<QueuedPod>>()
  readonly #interested = new Map<ClusterEvent, Plugin[]>()
  #seq = 0

  constructor(plugins: readonly Plugin[], podOf: (key: string) => Pod | undefined, objects: Objects) {
    this.#plugins = plugins
    this.#objects = objects
    this.#podOf = podOf
    const order = plugins.find((p) => p.queueSort)?.queueSort ?? ((a: Queued, b: Queued) => a.seq - b.seq)
    this.#active = new Heap<Slot>(order)
    this.#backoff = new Heap<Slot>((a, b) => a.until - b.until || order(a, b))
    this.#errorBackoff = new Heap<Slot>((a, b) => a.until - b.until || a.seq - b.seq)
    for (const plugin of plugins) {
      for (const event of Object.keys(plugin.retryOn ?? {}) as ClusterEvent[]) {
        this.#interested.set(event, [...(this.#interested.get(event) ?? []), plugin])
      }
    }
  }

  get length(): number {
    return this.#pods.size
  }
  get(key: string): Readonly<QueuedPod> | undefined {
    return this.#pods.get(key)
  }
  counts(): Readonly<Record<Place, number>> {
    return this.#counts
  }

  add(pod: Pod, now: number): void {
    const { metadata, spec } = pod
    const key = keyOf(metadata)
    this.delete(key)
    const queued: QueuedPod = {
      key,
      uid: metadata.uid ?? key,
      priority: spec.priority ?? 0,
      timestamp: now,
      seq: 0,
      place: 'out',
      attempts: 0,
      rejections: 0,
      errors: 0,
      until: 0,
      plugins: [],
      gate: '',
    }
    this.#pods.set(key, queued)
    this.#toActive(queued)
  }

  delete(key: string): void {
    const queued = this.#pods.get(key)
    if (!queued) return
    this.#move(queued, 'out')
    this.#pods.delete(key)
  }

  #move(queued: QueuedPod, place: Place): void {
    this.#counts[queued.place] -= 1
    if (queued.place === 'pool') for (const name of queued.plugins) this.#rejectedBy.get(name)?.delete(queued)
    queued.place = place
    queued.seq = ++this.#seq
    this.#counts[place] += 1
    if (place === 'pool') this.#file(queued)
    else if (place !== 'out') this.#slot(queued)
  }

  #file(queued: QueuedPod): void {
    for (const name of queued.plugins) {
      const pods = this.#rejectedBy.get(name)
      if (pods) pods.add(queued)
      else this.#rejectedBy.set(name, new Set([queued]))
    }
  }

  #slot(queued: QueuedPod): void {
    const { priority, timestamp, seq, until } = queued
    const heap = queued.place === 'active' ? this.#active : queued.plugins.length > 0 ? this.#backoff : this.#errorBackoff
    heap.push({ pod: queued, priority, timestamp, seq, until })
  }

  /** Runs the plugins that may keep a Pod out; true when one does: then it waits in the pool. */
  #gated(queued: QueuedPod): boolean {
    const pod = this.#podOf(queued.key)
    queued.gate = ''
    for (const plugin of this.#plugins) {
      const verdict = pod && plugin.preEnqueue?.(pod, this.#objects)
      if (!verdict) continue
      this.#move(queued, 'out')
      if (!queued.plugins.includes(plugin.name)) queued.plugins = [...queued.plugins, plugin.name]
      queued.gate = plugin.name
      this.#move(queued, 'pool')
      return true
    }
    return false
  }

  #toActive(queued: QueuedPod): void {
    if (!this.#gated(queued)) this.#move(queued, 'active')
  }

  #backoffEnd(queued: QueuedPod): number {
    const count = queued.errors > 0 ? queued.errors : queued.rejections
    if (count === 0) return 0
    if (queued.until === 0) {
      const duration = Math.min(MAX_BACKOFF_MS, INITIAL_BACKOFF_MS * 2 ** Math.min(count - 1, 10))
      queued.until = window(queued.timestamp + duration)
    }
    return queued.until
  }

  /** Lets it be tried again: at once, or when its back-off has ended. */
  #requeue(queued: QueuedPod, now: number): void {
    const over = this.#backoffEnd(queued) < window(now)
    if (!this.#gated(queued)) this.#move(queued, over ? 'active' : 'backoff')
  }

  /** Takes the next Pod to try; with nothing else to do, one whose back-off has not ended. */
  pop(now: number): QueuedPod | null {
    this.#endBackoffs(now)
    const slot = take(this.#active, 'active') ?? take(this.#backoff, 'backoff')
    if (!slot) return null
    const queued = slot.pod
    this.#move(queued, 'out')
    this.#pods.delete(queued.key)
    queued.attempts += 1
    queued.until = 0
    return queued
  }

  #endBackoffs(now: number): void {
    for (const heap of [this.#backoff, this.#errorBackoff]) {
      for (let slot = first(heap, 'backoff'); slot && slot.until < window(now); slot = first(heap, 'backoff')) {
        heap.pop()
        this.#move(slot.pod, 'active')
      }
    }
  }

  /** When there will be something to pop: `now`, later, or never (`null`). */
  nextPop(now: number): number | null {
    if (first(this.#active, 'active') || first(this.#backoff, 'backoff')) return now
    const slot = first(this.#errorBackoff, 'backoff')
    return slot ? Math.max(now, slot.until + WINDOW_MS) : null
  }

  /** Puts a Pod back that was taken and could not be placed; `plugins` turned it down, none: something went wrong. */
  putBack(queued: QueuedPod, plugins: readonly string[], now: number): void {
    if (this.#pods.has(queued.key)) return
    queued.plugins = [...plugins]
    if (plugins.length === 0) queued.errors += 1
    else {
      queued.rejections += 1
      queued.errors = 0
    }
    queued.timestamp = now
    queued.until = 0
    this.#pods.set(queued.key, queued)
    if (plugins.length === 0) this.#requeue(queued, now)
    else this.#move(queued, 'pool')
  }

  /** Something happened in the cluster: tries again whom it may help. `only` narrows the Pods looked at. */
  happened(happening: Happening, now: number, only?: (queued: QueuedPod) => boolean): void {
    if (this.#counts.pool === 0) return
    const worth = new Set<QueuedPod>()
    for (const plugin of this.#interested.get(happening.event) ?? []) {
      for (const queued of this.#rejectedBy.get(plugin.name) ?? []) {
        if (worth.has(queued) || (queued.gate !== '' && queued.gate !== plugin.name) || (only && !only(queued))) continue
        if (this.#helps(plugin, queued, happening)) worth.add(queued)
      }
    }
    for (const queued of worth) this.#requeue(queued, now)
  }

  #helps(plugin: Plugin, queued: QueuedPod, { event, old, next }: Happening): boolean {
    const hint = plugin.retryOn?.[event]
    if (hint === undefined) return false
    if (hint === true) return true
    const pod = this.#podOf(queued.key)
    return pod !== undefined && hint(pod, old, next)
  }

  /** A waiting Pod itself was updated. */
  updated(key: string, happenings: readonly Happening[], now: number): void {
    const queued = this.#pods.get(key)
    if (queued?.place !== 'pool') return
    for (const happening of happenings) {
      const helps = this.#plugins.some((plugin) => queued.plugins.includes(plugin.name) && this.#helps(plugin, queued, happening))
      if (!helps) continue
      this.#requeue(queued, now)
      if (queued.gate === '') return
    }
  }

  /** When the pool has to be looked through for Pods that have waited too long, later than now; `null` when it is empty. */
  nextFlush(now: number): number | null {
    let oldest: number | null = null
    for (const { place, timestamp } of this.#pods.values()) {
      if (place === 'pool' && (oldest === null || timestamp < oldest)) oldest = timestamp
    }
    // Those that wait at a gate stay, however long ago they came.
    return oldest === null ? null : Math.floor(Math.max(now, oldest + POOL_MS) / FLUSH_MS + 1) * FLUSH_MS
  }

  /** Tries again whoever has waited five minutes. */
  flush(now: number): void {
    for (const queued of [...this.#pods.values()]) {
      if (queued.place === 'pool' && queued.gate === '' && now - queued.timestamp > POOL_MS) this.#requeue(queued, now)
    }
  }

  save(): unknown {
    return { seq: this.#seq, pods: [...this.#pods.values()].map((queued) => ({ ...queued })) }
  }
  /** Into an empty queue. */
  load(saved: any): void {
    this.#seq = saved.seq
    for (const pod of saved.pods) {
      const queued: QueuedPod = { ...pod }
      this.#pods.set(queued.key, queued)
      this.#counts[queued.place] += 1
    }
    for (const queued of [...this.#pods.values()].sort((a, b) => a.seq - b.seq)) {
      if (queued.place === 'pool') this.#file(queued)
      else this.#slot(queued)
    }
  }
}

/** The first slot that is still true, without taking it. */
function first(heap: Heap<Slot>, place: Place): Slot | undefined {
  for (;;) {
    const slot = heap.peek()
    if (!slot || (slot.pod.place === place && slot.pod.seq === slot.seq)) return slot
    heap.pop()
  }
}

function take(heap: Heap<Slot>, place: Place): Slot | undefined {
  const slot = first(heap, place)
  if (slot) heap.pop()
  return slot
}
