/** The world: clock, due-queue, random streams, trace, and the parts that are told when something is due. */
import { assert } from '#api/assert.ts'
import type { TraceLine } from '#api/request.ts'
import { formatMicroTime, formatTime } from '#api/time.ts'
import { type Due, DueQueue } from './queue.ts'
import { Random, type RandomState } from './random.ts'

/**
 * Anything that acts. All its state must be plain data, returned by `save` and taken back by `load`:
 * after `load(save())` it must go on exactly as if nothing had happened.
 */
export interface Part {
  readonly name: string
  /** Something this part scheduled is due. Runs to completion; what it wants later it schedules. */
  due(what: string, data: any): void
  save(): unknown
  load(state: any): void
}

export interface WorldOptions {
  seed: string
  /** Simulated milliseconds since 1970 at the beginning. */
  epoch: number
}

const TRACE_LIMIT = 2000

export class World {
  readonly seed: string
  readonly epoch: number
  #now: number
  #seq = 0
  #steps = 0
  #queue = new DueQueue()
  #random = new Map<string, Random>()
  #parts = new Map<string, Part>()
  #trace: TraceLine[] = []
  #traceSeq = 0
  /** The reason given to writes that say none of their own: set by whoever handles an event. */
  because = ''

  constructor(options: WorldOptions) {
    this.seed = options.seed
    this.epoch = options.epoch
    this.#now = options.epoch
  }

  /** Simulated milliseconds since 1970. */
  get now(): number {
    return this.#now
  }
  get steps(): number {
    return this.#steps
  }
  get traceSeq(): number {
    return this.#traceSeq
  }
  timestamp(): string {
    return formatTime(this.#now)
  }
  microTimestamp(): string {
    return formatMicroTime(this.#now)
  }

  random(stream: string): Random {
    let random = this.#random.get(stream)
    if (!random) {
      random = Random.seeded(this.seed, stream)
      this.#random.set(stream, random)
    }
    return random
  }

  join(part: Part): void {
    assert(!this.#parts.has(part.name), `two parts are named ${part.name}`)
    this.#parts.set(part.name, part)
  }
  leave(name: string): void {
    this.#parts.delete(name)
  }
  part(name: string): Part | undefined {
    return this.#parts.get(name)
  }

  /** Tells `part` `what` after `delayMs`; the number returned cancels it. */
  after(delayMs: number, part: string, what: string, data: unknown = null): number {
    return this.at(this.#now + Math.max(0, delayMs), part, what, data)
  }
  at(time: number, part: string, what: string, data: unknown = null): number {
    const seq = ++this.#seq
    this.#queue.push({ at: Math.max(time, this.#now), seq, part, what, data })
    return seq
  }
  cancel(seq: number): void {
    this.#queue.cancel(seq)
  }

  nextDue(): Due | undefined {
    return this.#queue.peek()
  }

  /** Runs the earliest entry. False when nothing is waiting. */
  step(): boolean {
    const due = this.#queue.pop()
    if (!due) return false
    // After a jump of the clock things are late.
    this.#now = Math.max(this.#now, due.at)
    this.#steps += 1
    // A part that has left (a removed node) is told nothing any more.
    this.#parts.get(due.part)?.due(due.what, due.data)
    return true
  }

  /** Runs everything due up to and including `time`, then the clock stands at `time`. */
  runUntil(time: number): void {
    for (let due = this.#queue.peek(); due && due.at <= time; due = this.#queue.peek()) this.step()
    this.#now = Math.max(this.#now, time)
  }

  /** Moves the clock without running anything; nothing may be due before `time`. */
  skipTo(time: number): void {
    const due = this.#queue.peek()
    assert(!due || due.at >= time || time <= this.#now, 'skipTo would jump over something due')
    this.#now = Math.max(this.#now, time)
  }

  /** The clock jumps ahead: what was due meanwhile is late, and happens next. */
  jump(ms: number): void {
    this.#now += Math.max(0, ms)
  }

  trace(line: Omit<TraceLine, 'seq' | 'at' | 'because'> & { because?: string }): void {
    this.#traceSeq += 1
    const { by, verb, resource, namespace, name, code, because = this.because, stage } = line
    const record = { seq: this.#traceSeq, at: this.#now, by, verb, resource, namespace, name, code, because }
    // Frozen: snapshots share it.
    this.#trace.push(Object.freeze(stage ? { ...record, stage } : record))
    if (this.#trace.length > TRACE_LIMIT * 2) this.#trace = this.#trace.slice(-TRACE_LIMIT)
  }
  /** Trace lines after this sequence number, as far as they are still kept. */
  traceSince(seq: number): TraceLine[] {
    const first = this.#trace[0]?.seq ?? 0
    return this.#trace.slice(Math.max(0, seq + 1 - first))
  }

  save(): unknown {
    return {
      now: this.#now,
      seq: this.#seq,
      steps: this.#steps,
      queue: this.#queue.entries(),
      random: [...this.#random].map(([name, r]) => [name, r.state]),
      trace: this.#trace.slice(-TRACE_LIMIT),
      traceSeq: this.#traceSeq,
      parts: [...this.#parts].map(([name, part]) => [name, part.save()]),
    }
  }

  /** The same parts must have joined before. */
  load(saved: any): void {
    this.#now = saved.now
    for (const [name, state] of saved.parts) this.#parts.get(name)?.load(state)
    // Last, so that whatever loading parts scheduled or drew is undone.
    this.#seq = saved.seq
    this.#steps = saved.steps
    this.#queue = DueQueue.of(saved.queue)
    this.#random = new Map(saved.random.map(([name, s]: [string, RandomState]) => [name, new Random([...s])]))
    this.#trace = saved.trace
    this.#traceSeq = saved.traceSeq
  }
}
