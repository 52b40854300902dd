/** A work queue of keys: each key at most once, in order of arrival, with per-key exponential back-off (client-go workqueue). */

/** How long a key that failed waits: the first time, and at most; doubled from one time to the next. */
export interface BackOff {
  baseMs: number
  maxMs: number
}

const USUAL: BackOff = { baseMs: 5, maxMs: 1_000_000 }

export class WorkQueue {
  readonly #backOff: BackOff
  #queue: string[] = []
  #head = 0
  #waiting = new Set<string>()
  #failures = new Map<string, number>()

  constructor(backOff: BackOff = USUAL) {
    this.#backOff = backOff
  }

  get length(): number {
    return this.#queue.length - this.#head
  }

  /** False when the key was waiting already. */
  add(key: string): boolean {
    if (this.#waiting.has(key)) return false
    this.#waiting.add(key)
    this.#queue.push(key)
    return true
  }

  take(): string | undefined {
    const key = this.#queue[this.#head]
    if (key === undefined) return undefined
    this.#head += 1
    if (this.#head > 1000 && this.#head * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head)
      this.#head = 0
    }
    this.#waiting.delete(key)
    return key
  }

  /** Milliseconds to wait before trying a failed key again. */
  backOff(key: string): number {
    const failures = this.#failures.get(key) ?? 0
    this.#failures.set(key, failures + 1)
    return Math.min(this.#backOff.maxMs, this.#backOff.baseMs * 2 ** Math.min(failures, 30))
  }
  forget(key: string): void {
    this.#failures.delete(key)
  }

  save(): unknown {
    return { queue: this.#queue.slice(this.#head), failures: [...this.#failures] }
  }
  load(saved: any): void {
    this.#queue = saved.queue
    this.#head = 0
    this.#waiting = new Set(saved.queue)
    this.#failures = new Map(saved.failures)
  }
}
