/** Visitors: requests from outside to a Service, so many per second, evenly spaced; each counted as served or lost. */
import type { World } from '../sim/world.ts'
import type { Walk } from './packet.ts'

export interface Source {
  namespace: string
  service: string
  perSecond: number
  served: number
  lost: number
  /** Why the last one was lost. */
  why: string
  /** Requests owed, as a fraction. */
  owed: number
  /** Due-queue entry of the next tick. */
  seq: number | null
}

/** Above this rate several requests share one tick. */
const SHORTEST_TICK_MS = 50
/** Above this number of requests per tick one walk stands for several. */
const WALKS_PER_TICK = 32

export class Traffic {
  readonly #world: World
  readonly #part: string
  readonly #send: (source: Source, times: number, turn?: number) => Walk | null
  #sources = new Map<string, Source>()

  constructor(world: World, part: string, send: (source: Source, times: number, turn?: number) => Walk | null) {
    this.#world = world
    this.#part = part
    this.#send = send
  }

  /** Zero ends it; the counts stay. */
  set(namespace: string, service: string, perSecond: number): void {
    const key = `${namespace}/${service}`
    const old = this.#sources.get(key)
    if (old && old.seq !== null) this.#world.cancel(old.seq)
    const source: Source = { ...(old ?? { namespace, service, served: 0, lost: 0, why: '', owed: 0, seq: null }), perSecond }
    source.seq = null
    this.#sources.set(key, source)
    if (perSecond > 0) this.#arm(key, source)
  }

  #tickMs(source: Source): number {
    return Math.max(SHORTEST_TICK_MS, 1000 / source.perSecond)
  }

  #arm(key: string, source: Source): void {
    source.seq = this.#world.after(this.#tickMs(source), this.#part, 'visit', key)
  }

  tick(key: string): void {
    const source = this.#sources.get(key)
    if (!source || source.perSecond <= 0) return
    this.#arm(key, source)
    source.owed += (this.#tickMs(source) * source.perSecond) / 1000
    const count = Math.floor(source.owed + 1e-9)
    source.owed -= count
    const walks = Math.min(count, WALKS_PER_TICK)
    for (let i = 0; i < walks; i++) {
      const share = Math.floor(((i + 1) * count) / walks) - Math.floor((i * count) / walks)
      this.#count(source, this.#send(source, share), share)
    }
  }

  #count(source: Source, walk: Walk | null, requests: number, patienceMs = Number.POSITIVE_INFINITY): void {
    if (walk?.outcome.ok && walk.outcome.reply.status < 500 && walk.ms <= patienceMs) source.served += requests
    else {
      source.lost += requests
      source.why = walk?.hops.at(-1)?.why || 'no node takes visitors'
    }
  }

  /** Many at once, by a few who stand for them; who is not answered within `patienceMs` has gone. How many were lost. */
  crowd(key: string, requests: number, walks: number, patienceMs: number): number {
    const [namespace = '', service = ''] = key.split('/')
    const source = this.#sources.get(key) ?? { namespace, service, perSecond: 0, served: 0, lost: 0, why: '', owed: 0, seq: null }
    this.#sources.set(key, source)
    const before = source.lost
    for (let i = 0; i < walks; i++) {
      const share = Math.floor(((i + 1) * requests) / walks) - Math.floor((i * requests) / walks)
      if (share > 0) this.#count(source, this.#send(source, share, i), share, patienceMs)
    }
    return source.lost - before
  }

  all(): Source[] {
    return [...this.#sources.values()]
  }

  save(): unknown {
    return [...this.#sources]
  }
  load(saved: any): void {
    this.#sources = new Map(saved)
  }
}
