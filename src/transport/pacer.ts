/** The pacer: the one place where wall time becomes simulated time, in slices short enough to stay responsive. */
import type { Speed } from '#api/request.ts'

/** What the pacer moves: a cluster, or a timeline with a past. */
export interface Paced {
  /** Simulated ms since 1970. */
  readonly now: number
  /** Counts what has happened. */
  readonly steps: number
  nextAt(): number | null
  step(): boolean
  skipTo(time: number): void
}

export interface PacerClock {
  /** Wall milliseconds, monotonic. */
  now(): number
  /** Runs `wake` soon after `delayMs` of wall time; returns how to cancel it. */
  later(wake: () => void, delayMs: number): () => void
}

export const SLICE_MS = 8
/** While nothing is due the pacer still looks this often, so that the clock on the screen moves. */
const IDLE_MS = 50
/** After a pause of the machine (a closed lid) the world does not try to catch up more than this. */
const CATCH_UP_MS = 1000
const FREE_RUN_STEP_MS = 60_000

export class Pacer {
  readonly #life: Paced
  readonly #clock: PacerClock
  readonly #catchUpMs: number
  #speed: Speed
  #wallThen: number
  #cancel: (() => void) | null = null
  #stopped = false
  /** Called after each slice in which something happened. */
  onSlice: (() => void) | null = null
  onError: ((error: unknown) => void) | null = null

  /** `catchUpMs`: more for a world whose clock others compare with their own. */
  constructor(life: Paced, clock: PacerClock, speed: Speed, catchUpMs = CATCH_UP_MS) {
    this.#life = life
    this.#clock = clock
    this.#catchUpMs = catchUpMs
    this.#speed = speed
    this.#wallThen = clock.now()
    this.#next(0)
  }

  get speed(): Speed {
    return this.#speed
  }
  setSpeed(speed: Speed): void {
    this.catchUp()
    this.#speed = speed
    this.#wallThen = this.#clock.now()
    this.#next(0)
  }

  /** Brings the world up to now, as far as one slice goes; before each request, so that its time is right. */
  catchUp(): void {
    if (this.#stopped) return
    try {
      this.#slice()
    } catch (error) {
      this.#stopped = true
      this.onError?.(error)
    }
  }

  #slice(): void {
    const life = this.#life
    const wallNow = this.#clock.now()
    const wall = Math.min(this.#catchUpMs, wallNow - this.#wallThen)
    this.#wallThen = wallNow
    if (this.#speed === 'paused') return
    // The world's clock counts whole milliseconds; the fraction stays owed.
    const stretch = this.#speed === 'max' ? FREE_RUN_STEP_MS : Math.floor(wall * this.#speed)
    if (this.#speed !== 'max') this.#wallThen -= wall - stretch / this.#speed
    const target = life.now + stretch
    const deadline = wallNow + SLICE_MS
    let steps = 0
    for (;;) {
      const at = life.nextAt()
      if (at === null || at > target) {
        life.skipTo(Math.max(target, life.now))
        return
      }
      life.step()
      // The rest of this stretch of time is owed, not lost: the clock simply stands where the world got to.
      if ((++steps & 3) === 0 && this.#clock.now() >= deadline) {
        if (this.#speed !== 'max') this.#wallThen -= (target - life.now) / this.#speed
        return
      }
    }
  }

  #next(delayMs: number): void {
    this.#cancel?.()
    if (this.#stopped) return
    this.#cancel = this.#clock.later(() => {
      const before = this.#life.steps
      this.catchUp()
      if (this.#life.steps !== before || this.#speed !== 'paused') this.onSlice?.()
      this.#next(this.#delay())
    }, delayMs)
  }

  #delay(): number {
    if (this.#speed === 'paused') return 1000
    if (this.#speed === 'max') return 0
    const at = this.#life.nextAt()
    if (at === null) return IDLE_MS
    return Math.max(0, Math.min(IDLE_MS, (at - this.#life.now) / this.#speed))
  }

  stop(): void {
    this.#stopped = true
    this.#cancel?.()
  }
}
