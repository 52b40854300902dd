/** Events: each component's recorder, which counts repetitions instead of writing them again (client-go tools/record). */
import { Ascii, flat } from '#api/ascii.ts'
import type { AnyObject, KubeObject } from '#api/meta.ts'
import { ApiError } from '#api/status.ts'
import { formatMicroTime, formatTime } from '#api/time.ts'
import type { Part, World } from '../sim/world.ts'
import type { Api } from './client.ts'
import { EventMemory, type Known, subjectOf } from './event-memory.ts'
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

/** Stands for all messages that are told in one event. */
const COMBINED = '\u0001'

const STAMP = new Ascii(16)
const LOW = 65_536

/** Milliseconds and nanoseconds as nanoseconds, sixteen digits: more than a number holds, so the last four go by themselves. */
function hexadecimal(ms: number, nanos: number): string {
  const low = (ms % LOW) * 1_000_000 + nanos
  const high = Math.floor(ms / LOW) * 1_000_000 + Math.floor(low / LOW)
  return STAMP.hex(Math.floor(high / 2 ** 32), 4)
    .hex(high % 2 ** 32, 8)
    .hex(low % LOW, 4)
    .take()
}

interface Waiting {
  /** Whom it is about, as the memory knows it. */
  subject: string
  /** What tells it from others of its reason. */
  which: string
  event: AnyObject
}

/** While the API server can't be reached: sleepDuration, and how many are kept. */
const RETRY_MS = 10_000
const HELD = 200

/** A series without a new event for so long has ended; the next begins a new event (client-go tools/events finishTime). */
const SERIES_MS = 360_000

const NEW_EVENTS = 'events.events.k8s.io'

/** Events of the new API have an action. */
const apiOf = (event: AnyObject): string => (event['action'] ? NEW_EVENTS : 'events')

/** What an event is about; of a Node it does not say which version. */
const reference = ({ apiVersion, kind, metadata }: KubeObject, fieldPath?: string): Record<string, string> => ({
  kind,
  ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
  name: metadata.name,
  ...(metadata.uid ? { uid: metadata.uid } : {}),
  apiVersion,
  ...(metadata.resourceVersion && kind !== 'Node' ? { resourceVersion: metadata.resourceVersion } : {}),
  ...(fieldPath ? { fieldPath } : {}),
})

export class EventRecorder implements Part {
  readonly name: string
  readonly #world: World
  readonly #api: Api
  readonly #component: string
  readonly #host: string
  readonly #instance: string
  #memory = new EventMemory()
  #waiting: Waiting[] = []
  #nanos = 0
  #nanosAt = 0

  /** `component` is `source.component`: `deployment-controller`, `kubelet`; `host` the node for kubelets. */
  constructor(component: string, world: World, api: Api, host = '', part = component) {
    this.name = `events/${part}${host ? `/${host}` : ''}`
    this.#world = world
    this.#api = api
    this.#component = component
    this.#host = host
    this.#instance = flat(`${component}-${CONTROL_PLANE_HOST}`)
    world.join(this)
  }

  /** Records that something happened to `object`; written a moment later, like the real recorder's broadcaster does. */
  record(object: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string, options: EventOptions = {}): void {
    const { now } = this.#world
    const { action } = options
    const subject = subjectOf(object)
    // Series of the new API have neither (client-go tools/events).
    const heard = action ? 'new' : this.#memory.hear(subject, type, reason, message, now)
    if (heard === 'flood') return
    if (this.#waiting.length === 0) this.#world.after(1, this.name, 'write')
    const combined = heard === 'one of many'
    const told = flat(combined ? `(combined from similar events): ${message}` : message)
    // With an action it is the version of the object that tells events apart, not the message.
    const which = action ? [action, object.metadata.resourceVersion, options.related?.uid].join('\u0001') : told
    const event = action ? this.#newWords(object, type, reason, told, options) : this.#words(object, type, reason, told, options)
    // The aggregator makes its event anew, and does not say who reports it.
    if (combined) Object.assign(event, { reportingComponent: '', reportingInstance: '' })
    this.#waiting.push({ subject, which: combined ? COMBINED : which, event })
  }

  /** Nanoseconds since 1970 in hexadecimal: names of events sort by time, also within one simulated millisecond. */
  #stamp(): string {
    const { now } = this.#world
    const step = 1000 + (this.#world.random('events').word() % 10_000)
    this.#nanos = this.#nanosAt === now ? this.#nanos + step : step
    this.#nanosAt = now
    return hexadecimal(Math.floor(now), this.#nanos)
  }

  #metadata({ metadata }: KubeObject): AnyObject['metadata'] {
    return { name: flat(`${metadata.name}.${this.#stamp()}`), namespace: metadata.namespace || 'default' }
  }

  #words(object: KubeObject, type: string, reason: string, message: string, { fieldPath, related }: EventOptions): AnyObject {
    const now = formatTime(this.#world.now)
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: this.#metadata(object),
      involvedObject: reference(object, fieldPath),
      reason,
      message,
      source: this.#host ? { component: this.#component, host: this.#host } : { component: this.#component },
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      type,
      eventTime: null,
      ...(related ? { related } : {}),
      reportingComponent: this.#component,
      reportingInstance: this.#host,
    } as AnyObject
  }

  /** In the words of events.k8s.io/v1, in which the scheduler writes. */
  #newWords(object: KubeObject, type: string, reason: string, note: string, { action, related }: EventOptions): AnyObject {
    return {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: this.#metadata(object),
      regarding: reference(object),
      reason,
      note,
      type,
      eventTime: formatMicroTime(this.#world.now),
      action,
      ...(related ? { related } : {}),
      reportingController: this.#component,
      reportingInstance: this.#host || this.#instance,
      deprecatedSource: {},
      deprecatedFirstTimestamp: null,
      deprecatedLastTimestamp: null,
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

  #write({ subject, which, event }: Waiting): void {
    const { now } = this.#world
    const path: string = which === COMBINED ? '' : (event['involvedObject']?.fieldPath ?? '')
    const like = { type: event['type'], reason: event['reason'], path, which }
    const known = this.#memory.find(subject, like)
    const over = known && event['action'] && now - known.last > SERIES_MS
    if (known && !over) {
      known.count += 1
      known.last = now
      if (this.#repeat(known, event)) return
    }
    const created = this.#api.create(apiOf(event), event, { because: '' })
    const { type, reason } = like
    // Written out: spread with more keys, each would have a hidden class of its own.
    this.#memory.remember(subject, { type, reason, path, which, name: created.metadata.name, count: 1, last: now })
  }

  /** Counts up an event that stands there already; false when it has expired meanwhile. */
  #repeat(known: Known, event: AnyObject): boolean {
    // A series is written when it begins; from then on it is only counted.
    if (event['action'] && known.count > 2) return true
    const patch = event['action']
      ? { series: { count: known.count, lastObservedTime: event.eventTime } }
      : { count: known.count, lastTimestamp: event.lastTimestamp, message: event.message }
    try {
      this.#api.patch(apiOf(event), event.metadata.namespace ?? 'default', known.name, 'strategic', patch)
      return true
    } catch (error) {
      if (error instanceof ApiError && error.reason === 'NotFound') return false
      throw error
    }
  }

  save(): unknown {
    return { memory: this.#memory.save(), waiting: this.#waiting, nanos: this.#nanos, nanosAt: this.#nanosAt }
  }
  load(saved: any): void {
    this.#memory.load(saved.memory)
    this.#waiting = saved.waiting
    this.#nanos = saved.nanos
    this.#nanosAt = saved.nanosAt
  }
}
