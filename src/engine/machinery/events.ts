/** Events: each component's recorder, which counts repetitions instead of writing them again (client-go tools/record). */
import type { AnyObject, KubeObject } from '#api/meta.ts'
import { ApiError } from '#api/status.ts'
import { formatMicroTime, formatTime } from '#api/time.ts'
import type { Part, World } from '../sim/world.ts'
import type { Api } from './client.ts'
import { isUnreached } from './links.ts'

export interface EventOptions {
  /** `spec.containers{web}`. */
  fieldPath?: string
  /** Written as events.k8s.io/v1 does it, with an action and without counts (the scheduler's way). */
  action?: string
  related?: { apiVersion?: string; kind: string; namespace?: string; name: string; uid?: string }
}

/** The machine that the control plane's processes run on: part of the name they report as. */
const CONTROL_PLANE_HOST = 'vm'

interface Known {
  name: string
  namespace: string
  count: number
  last: number
}

interface Waiting {
  key: string
  namespace: string
  event: AnyObject
}

/** Different messages about one thing and reason, lately. */
interface Similar {
  messages: string[]
  last: number
}

/** While the API server can't be reached: sleepDuration, and how many are kept. */
const RETRY_MS = 10_000
const HELD = 200

const SIMILAR = 10
const SIMILAR_MS = 600_000

/** An object may have this many events of one source at once, and one more every five minutes (EventSourceObjectSpamFilter). */
const BURST = 25
const REFILL_MS = 300_000

interface Allowance {
  left: number
  at: number
}

/** How many different events of one recorder are remembered for counting. */
const MEMORY = 4096

/** A series without a new event for so long has ended; the next begins a new event (client-go tools/events finishTime). */
const SERIES_MS = 360_000

export class EventRecorder implements Part {
  readonly name: string
  readonly #world: World
  readonly #api: Api
  readonly #component: string
  readonly #host: string
  #known = new Map<string, Known>()
  #waiting: Waiting[] = []
  #similar = new Map<string, Similar>()
  #allowances = new Map<string, Allowance>()
  #nanos = 0
  #nanosAt = 0

  /** `component` is `source.component`: `deployment-controller`, `kubelet`; `host` the node for kubelets. */
  constructor(component: string, world: World, api: Api, host = '', part = component) {
    this.name = `events/${part}${host ? `/${host}` : ''}`
    this.#world = world
    this.#api = api
    this.#component = component
    this.#host = host
    world.join(this)
  }

  /** Records that something happened to `object`; written a moment later, like the real recorder's broadcaster does. */
  record(object: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string, options: EventOptions = {}): void {
    const { namespace, name, uid, resourceVersion } = object.metadata
    // With an action it is the version of the object that tells events apart, not the message (client-go tools/events).
    const which = options.action ? [options.action, resourceVersion, options.related?.uid] : [message]
    const about = [object.kind, namespace, name, uid, type, reason].join('\u0001')
    const combined = !options.action && this.#isOneOfMany(about, message)
    if (combined) message = `(combined from similar events): ${message}`
    if (!options.action && this.#isSpam(object)) return
    const key = combined ? about : [about, options.fieldPath, ...which].join('\u0001')
    if (this.#waiting.length === 0) this.#world.after(1, this.name, 'write')
    this.#waiting.push({ key, namespace: namespace || 'default', event: this.#event(object, type, reason, message, options) })
  }

  /** The tenth message about one thing within ten minutes, and each one after it, goes into one event (EventAggregator). */
  #isOneOfMany(about: string, message: string): boolean {
    const { now } = this.#world
    const known = this.#similar.get(about)
    const fresh = known && now - known.last <= SIMILAR_MS
    const messages = fresh ? known.messages : []
    if (!messages.includes(message)) messages.push(message)
    const many = messages.length >= SIMILAR
    if (many) messages.shift()
    this.#similar.delete(about)
    this.#similar.set(about, { messages, last: now })
    if (this.#similar.size > MEMORY) this.#similar.delete(this.#similar.keys().next().value as string)
    return many
  }

  #isSpam({ kind, metadata: { namespace, name, uid } }: KubeObject): boolean {
    const key = [kind, namespace, name, uid].join('\u0001')
    const { now } = this.#world
    const known = this.#allowances.get(key)
    const refilled = known ? Math.min(BURST, known.left + (now - known.at) / REFILL_MS) : BURST
    const spam = refilled < 1
    this.#allowances.delete(key)
    this.#allowances.set(key, { left: spam ? refilled : refilled - 1, at: now })
    if (this.#allowances.size > MEMORY) this.#allowances.delete(this.#allowances.keys().next().value as string)
    return spam
  }

  /** Nanoseconds since 1970 in hexadecimal: names of events sort by time, also within one simulated millisecond. */
  #stamp(): string {
    const { now } = this.#world
    const step = 1000 + (this.#world.random('events').word() % 10_000)
    this.#nanos = this.#nanosAt === now ? this.#nanos + step : step
    this.#nanosAt = now
    return (BigInt(Math.floor(now)) * 1_000_000n + BigInt(this.#nanos)).toString(16).padStart(16, '0')
  }

  #event(object: KubeObject, type: string, reason: string, message: string, options: EventOptions): AnyObject {
    const { metadata } = object
    const now = formatTime(this.#world.now)
    const series = options.action !== undefined
    const hash = this.#stamp()
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${metadata.name}.${hash}`, namespace: metadata.namespace || 'default' },
      involvedObject: {
        kind: object.kind,
        ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
        name: metadata.name,
        ...(metadata.uid ? { uid: metadata.uid } : {}),
        apiVersion: object.apiVersion,
        ...(metadata.resourceVersion && !(object.kind === 'Node') ? { resourceVersion: metadata.resourceVersion } : {}),
        ...(options.fieldPath ? { fieldPath: options.fieldPath } : {}),
      },
      reason,
      message,
      source: series ? {} : { component: this.#component, ...(this.#host ? { host: this.#host } : {}) },
      firstTimestamp: series ? null : now,
      lastTimestamp: series ? null : now,
      ...(series ? {} : { count: 1 }),
      type,
      eventTime: series ? formatMicroTime(this.#world.now) : null,
      ...(options.action ? { action: options.action } : {}),
      ...(options.related ? { related: options.related } : {}),
      reportingComponent: this.#component,
      reportingInstance: this.#host || (series ? `${this.#component}-${CONTROL_PLANE_HOST}` : ''),
    } as AnyObject
  }

  due(): void {
    const batch = this.#waiting.splice(0, 100)
    if (this.#waiting.length > 0) this.#world.after(1, this.name, 'write')
    for (const [i, waiting] of batch.entries()) {
      try {
        this.#write(waiting)
      } catch (error) {
        // Events are best effort: a namespace that is going away refuses them, as on a real cluster.
        if (!(error instanceof ApiError)) throw error
        if (!isUnreached(error)) continue
        this.#holdBack(batch.slice(i))
        return
      }
    }
  }

  /** Nobody takes them now: the next try comes in ten seconds, with the latest of them. */
  #holdBack(batch: readonly Waiting[]): void {
    if (this.#waiting.length === 0) this.#world.after(RETRY_MS, this.name, 'write')
    this.#waiting = [...batch, ...this.#waiting].slice(-HELD)
  }

  #write({ key, namespace, event }: Waiting): void {
    const known = this.#known.get(key)
    const over = known && event['action'] && this.#world.now - known.last > SERIES_MS
    if (known && !over) {
      known.count += 1
      known.last = this.#world.now
      if (this.#repeat(known, event)) return
    }
    const created = this.#api.create('events', event, { because: '' })
    this.#known.delete(key)
    this.#known.set(key, { name: created.metadata.name, namespace, count: 1, last: this.#world.now })
    if (this.#known.size > MEMORY) this.#known.delete(this.#known.keys().next().value as string)
  }

  /** Counts up an event that stands there already; false when it has expired meanwhile. */
  #repeat(known: Known, event: AnyObject): boolean {
    // A series is written when it begins; from then on it is only counted.
    if (event['action'] && known.count > 2) return true
    const patch = event.source?.component
      ? { count: known.count, lastTimestamp: event.lastTimestamp, message: event.message }
      : { series: { count: known.count, lastObservedTime: event.eventTime } }
    try {
      this.#api.patch('events', known.namespace, known.name, 'merge', patch)
      return true
    } catch (error) {
      if (error instanceof ApiError && error.reason === 'NotFound') return false
      throw error
    }
  }

  save(): unknown {
    const { nanos, nanosAt } = { nanos: this.#nanos, nanosAt: this.#nanosAt }
    const allowances = [...this.#allowances]
    return { known: [...this.#known], waiting: this.#waiting, similar: [...this.#similar], allowances, nanos, nanosAt }
  }
  load(saved: any): void {
    this.#known = new Map(saved.known)
    this.#waiting = saved.waiting
    this.#similar = new Map(saved.similar)
    this.#allowances = new Map(saved.allowances)
    this.#nanos = saved.nanos
    this.#nanosAt = saved.nanosAt
  }
}
