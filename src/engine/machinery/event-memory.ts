/**
 * What a recorder remembers of the events about each object, so that it counts repetitions, joins what is alike, and stops what
 * floods (client-go tools/record events_cache.go). Kept by object: no text is made to look something up. Lists are made anew when
 * they grow, for a list that was pushed to keeps room for sixteen more.
 */
import type { KubeObject } from '#api/meta.ts'

/** An event that was written, to be counted up when it happens again. */
export interface Known {
  type: string
  reason: string
  /** Where in the object, and what tells events of one reason apart: the message, or what the new API goes by. */
  path: string
  which: string
  name: string
  count: number
  last: number
}

/** Different messages about one thing and reason, lately. */
interface Similar {
  type: string
  reason: string
  messages: string[]
  last: number
}

interface Past {
  /** How many more events may come at once, as of `at`. */
  left: number
  at: number
  similar: Similar[]
  known: Known[]
}

const SIMILAR = 10
const SIMILAR_MS = 600_000

/** An object may have this many events of one source at once, and one more every five minutes (EventSourceObjectSpamFilter). */
const BURST = 25
const REFILL_MS = 300_000

/** How many different events of one recorder are remembered for counting. */
const MEMORY = 4096

export class EventMemory {
  /** By {@link subjectOf}, the one heard of longest ago first. */
  #objects = new Map<string, Past>()
  #size = 0

  /**
   * One more is to be told: `flood` when there were too many (EventSourceObjectSpamFilter), `one of many` for the tenth message about
   * one thing within ten minutes and each one after it, which go into one event (EventAggregator).
   */
  hear(subject: string, type: string, reason: string, message: string, now: number): 'new' | 'one of many' | 'flood' {
    const past = this.#heard(subject, now)
    const many = isOneOfMany(past, type, reason, message, now)
    const refilled = Math.min(BURST, past.left + (now - past.at) / REFILL_MS)
    past.at = now
    past.left = refilled < 1 ? refilled : refilled - 1
    return refilled < 1 ? 'flood' : many ? 'one of many' : 'new'
  }

  find(subject: string, like: Pick<Known, 'type' | 'reason' | 'path' | 'which'>): Known | undefined {
    return this.#objects.get(subject)?.known.find((one) => isSame(one, like))
  }

  /** In place of what was known of the same event. */
  remember(subject: string, known: Known): void {
    const past = this.#objects.get(subject) ?? this.#begin(subject, known.last)
    const others = past.known.filter((one) => !isSame(one, known))
    this.#size += others.length + 1 - past.known.length
    past.known = [...others, known]
    while (this.#size > MEMORY) this.#forgetOldest()
  }

  #heard(subject: string, now: number): Past {
    const past = this.#objects.get(subject)
    if (!past) return this.#begin(subject, now)
    this.#objects.delete(subject)
    this.#objects.set(subject, past)
    return past
  }

  #begin(subject: string, now: number): Past {
    const past: Past = { left: BURST, at: now, similar: [], known: [] }
    this.#objects.set(subject, past)
    if (this.#objects.size > MEMORY) this.#forgetOldest()
    return past
  }

  #forgetOldest(): void {
    const [subject, past] = this.#objects.entries().next().value as [string, Past]
    this.#objects.delete(subject)
    this.#size -= past.known.length
  }

  save(): unknown {
    return [...this.#objects]
  }
  load(saved: any): void {
    this.#objects = new Map(saved)
    this.#size = 0
    for (const { known } of this.#objects.values()) this.#size += known.length
  }
}

function isOneOfMany(past: Past, type: string, reason: string, message: string, now: number): boolean {
  const similar = past.similar.find((one) => one.reason === reason && one.type === type)
  if (!similar) {
    past.similar = [...past.similar, { type, reason, messages: [message], last: now }]
    return false
  }
  const fresh = now - similar.last <= SIMILAR_MS ? similar.messages : []
  const messages = fresh.includes(message) ? fresh : [...fresh, message]
  const many = messages.length >= SIMILAR
  similar.messages = many ? messages.slice(1) : messages
  similar.last = now
  return many
}

/** What an object is remembered by. */
export const subjectOf = ({ kind, metadata: { namespace, name, uid } }: KubeObject): string =>
  uid ?? [kind, namespace, name].join('\u0001')

const isSame = (one: Known, other: Pick<Known, 'type' | 'reason' | 'path' | 'which'>): boolean =>
  one.which === other.which && one.reason === other.reason && one.path === other.path && one.type === other.type
