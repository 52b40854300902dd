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

/** The event in the words of events.k8s.io/v1, in which the scheduler writes. */
function inNewWords({ involvedObject, message, source, reportingComponent, ...event }: AnyObject): AnyObject {
  const { firstTimestamp, lastTimestamp, ...rest } = event
  return {
    ...rest,
    apiVersion: 'events.k8s.io/v1',
    reportingController: reportingComponent,
    regarding: involvedObject,
    note: message,
    deprecatedSource: source,
    deprecatedFirstTimestamp: firstTimestamp,
    deprecatedLastTimestamp: lastTimestamp,
  } as AnyObject
}

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
    const combined = !action && this.#memory.isOneOfMany(object, type, reason, message, now)
    if (combined) message = `(combined from similar events): ${message}`
    if (!action && this.#memory.isSpam(object, now)) return
    if (this.#waiting.length === 0) this.#world.after(1, this.name, 'write')
    // With an action it is the version of the object that tells events apart, not the message (client-go tools/events).
    const which = action ? [action, object.metadata.resourceVersion, options.related?.uid].join('\u0001') : message
    const event = this.#event(object, type, reason, flat(message), options)
    // The aggregator makes its event anew, and does not say who reports it.
    if (combined) Object.assign(event, { reportingComponent: '', reportingInstance: '' })
    this.#waiting.push({ subject: subjectOf(object), which: combined ? COMBINED : which, event })
  }

  /** Nanoseconds since 1970 in hexadecimal: names of events sort by time, also within one simulated millisecond. */
  #stamp(): string {
    const { now } = this.#world
    const step = 1000 + (this.#world.random('events').word() % 10_000)
    this.#nanos = this.#nanosAt === now ? this.#nanos + step : step
    this.#nanosAt = now
    return hexadecimal(Math.floor(now), this.#nanos)
  }

  #event(object: KubeObject, type: string, reason: string, message: string, options: EventOptions): AnyObject {
    const { metadata } = object
    const now = formatTime(this.#world.now)
    const series = options.action !== undefined
    const hash = this.#stamp()
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: flat(`${metadata.name}.${hash}`), namespace: metadata.namespace || 'default' },
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
      reportingInstance: this.#host || (series ? this.#instance : ''),
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
    const path: string = which === COMBINED ? '' : (event['involvedObject'].fieldPath ?? '')
    const like = { type: event['type'], reason: event['reason'], path, which }
    const known = this.#memory.find(subject, like)
    const over = known && event['action'] && now - known.last > SERIES_MS
    if (known && !over) {
      known.count += 1
      known.last = now
      if (this.#repeat(known, event)) return
    }
    const created = event['action']
      ? this.#api.create(NEW_EVENTS, inNewWords(event), { because: '' })
      : this.#api.create('events', event, { because: '' })
    this.#memory.remember(subject, { ...like, name: created.metadata.name, count: 1, last: now })
  }

  /** Counts up an event that stands there already; false when it has expired meanwhile. */
  #repeat(known: Known, event: AnyObject): boolean {
    // A series is written when it begins; from then on it is only counted.
    if (event['action'] && known.count > 2) return true
    const patch = event['action']
      ? { series: { count: known.count, lastObservedTime: event.eventTime } }
      : { count: known.count, lastTimestamp: event.lastTimestamp, message: event.message }
    try {
      const resource = event['action'] ? NEW_EVENTS : 'events'
      this.#api.patch(resource, event.metadata.namespace ?? 'default', known.name, 'strategic', patch)
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
