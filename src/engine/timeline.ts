/** The timeline of a session: moments kept along the way, so that one can go back, look, go on from there, and undo. */
import type { ApiRequest, Deed, Goal, SessionInput } from '#api/request.ts'
import { Cluster, type Moment } from './cluster.ts'
import type { Watchman } from './goals.ts'
import { later } from './sim/later.ts'

/** What time can run towards comes with the rest of the engine (`goals.ts`). */
export const goals = later<(goal: Goal, cluster: Cluster) => Watchman>('goals')

/** A moment is kept after so many entries of the due-queue, or after so long with something happening in it. */
const EVERY_STEPS = 400
const EVERY_MS = 2000
/** In a long life, and on the way of a long jump, they stand further apart: most of them would go again before anybody looks back. */
const PART_OF_LIFE = 250
const PART_OF_JUMP = 32
/** When there are more, every second one of the older half goes: the past becomes coarser with age, never shorter. */
const MOMENTS = 96

/**
 * There is one life, recorded as inputs, and a present at its end. Looking back means living a part of it again in another
 * cluster, while the present waits untouched; from there one may return, or go on differently (then that life is left).
 */
export class Timeline {
  #cluster: Cluster
  /** Set while the past is shown. */
  #present: Cluster | null = null
  /** The life that was left by the last fork. */
  #left: { present: Cluster; moments: Moment[] } | null = null
  #moments: Moment[] = []
  /** While time jumps: how far apart moments stand. */
  #stride = 0
  #branch = 0
  #spare: Cluster | null = null
  /** Another cluster has taken the place of the one that was shown. */
  onSwap: (() => void) | null = null

  constructor(cluster: Cluster) {
    this.#cluster = cluster
    this.#moments.push(cluster.moment())
  }

  /** The cluster that is shown: the present one, or the past as it was. */
  get cluster(): Cluster {
    return this.#cluster
  }
  /** The cluster that stands in the present, whatever is shown. */
  get life(): Cluster {
    return this.#present ?? this.#cluster
  }
  /** Simulated ms since the beginning at which the present stands; `null` at the present. */
  get present(): number | null {
    return this.#present?.elapsed ?? null
  }
  /** The earliest moment one can go back to. */
  get earliest(): number {
    return this.#moments[0]?.elapsed ?? 0
  }
  /** Counts the forks: what was known of later times holds no longer. */
  get branch(): number {
    return this.#branch
  }
  get canRejoin(): boolean {
    return this.#left !== null
  }

  // ——— letting time pass (what the pacer needs)

  get now(): number {
    return this.#cluster.world.now
  }
  get steps(): number {
    return this.#cluster.world.steps
  }
  nextAt(): number | null {
    const present = this.#present?.world.now
    const at = this.#cluster.nextAt()
    return present !== undefined && (at === null || at > present) ? present : at
  }
  step(): boolean {
    const present = this.#present
    if (present) {
      const at = this.#cluster.nextAt()
      if (at === null || at > present.world.now || this.#cluster.world.steps >= present.world.steps) {
        this.resume()
        return true
      }
    }
    const more = this.#cluster.step()
    this.#keep()
    return more
  }
  skipTo(time: number): void {
    const present = this.#present
    if (!present || time < present.world.now) this.#cluster.world.skipTo(time)
    else this.resume()
  }

  /** Everything that happens within so many simulated ms; arriving in the present ends it. */
  run(ms: number): void {
    const end = this.now + ms
    const past = this.#present
    this.#stride = ms / PART_OF_JUMP
    for (let at = this.nextAt(); at !== null && at <= end; at = this.nextAt()) {
      this.step()
      if (past && !this.#present) break
    }
    this.#stride = 0
    if (!past || this.#present) this.skipTo(end)
  }

  /** Runs until the goal is reached: what ended it. `null` when it was not, within the limit or before the present. */
  runUntil(goal: Goal, limitMs: number): string | null {
    const { cluster } = this
    const end = this.now + limitMs
    const watchman = goals.get()(goal, cluster)
    try {
      for (;;) {
        const found = watchman.look()
        if (found !== null || this.#cluster !== cluster) return found
        const at = this.nextAt()
        // Goals of quiet are reached between two steps.
        const next = Math.min(at ?? end, end, goal.kind === 'stable' ? this.now + STABLE_LOOK_MS : end)
        if (next >= end && (at === null || at > end)) {
          this.skipTo(end)
          return watchman.look()
        }
        if (at !== null && at <= next) this.step()
        else this.skipTo(next)
      }
    } finally {
      watchman.leave()
    }
  }

  #keep(): void {
    const last = this.#moments.at(-1)
    const { world } = this.#cluster
    if (!last || this.#present) return
    const steps = world.steps - last.steps
    const { elapsed } = this.#cluster
    const far = elapsed - last.elapsed >= Math.max(EVERY_MS, this.#stride, elapsed / PART_OF_LIFE)
    if (far ? steps < 8 : steps < EVERY_STEPS || this.#stride > EVERY_MS) return
    this.#moments.push(this.#cluster.moment())
    if (this.#moments.length > MOMENTS) this.#moments = this.#moments.filter((_, i) => i === 0 || i > MOMENTS / 2 || i % 2 === 0)
  }

  // ——— looking back

  /** Shows the cluster as it was at this time (simulated ms since the beginning); the present when that is not over yet. */
  seek(elapsed: number): void {
    const present = this.#present ?? this.#cluster
    if (elapsed >= present.elapsed) return this.resume()
    this.#go(Math.max(this.earliest, elapsed), Number.POSITIVE_INFINITY)
    this.onSwap?.()
  }

  /** Back to the present. */
  resume(): void {
    if (!this.#present) return
    this.#cluster = this.#present
    this.#present = null
    this.onSwap?.()
  }

  /** The shown moment becomes the present; what came after it is left, and can be rejoined. */
  fork(): void {
    if (!this.#present) return
    this.#left = { present: this.#present, moments: this.#moments }
    this.#present = null
    this.#cluster.expect([])
    const { world, inputs } = this.#cluster
    this.#moments = this.#moments.filter((m) => m.steps <= world.steps && m.inputs <= inputs.length)
    this.#branch += 1
  }

  /** Back into the life that was left last; the one lived since is left in its place. */
  rejoin(): void {
    const left = this.#left
    if (!left) return
    this.#left = { present: this.#present ?? this.#cluster, moments: this.#moments }
    this.#present = null
    this.#cluster = left.present
    this.#moments = left.moments
    this.#branch += 1
    this.onSwap?.()
  }

  /** Goes back to just before the last deed, and on from there. What was undone, or `null` when nothing was done. */
  undo(): Deed | null {
    const deed = this.deeds().at(-1)
    const input = deed && this.#cluster.inputs[deed.first]
    if (!deed || !input) return null
    this.#go(input.at, deed.first)
    this.fork()
    this.onSwap?.()
    return deed
  }

  /** What was done so far, oldest first: what stands after one mark, or what arrived together. */
  deeds(): Deed[] {
    const deeds: Deed[] = []
    let marked = false
    let last: SessionInput | null = null
    this.#cluster.inputs.forEach((input, i) => {
      // What is typed into a running command belongs to what began it.
      if ('stream' in input) return
      if ('mark' in input) {
        // A mark that nothing followed was about a command that changed nothing.
        if (marked && last && 'mark' in last) deeds.pop()
        deeds.push({ first: i, text: input.mark, elapsed: input.at })
        marked = true
      } else if (!last || (input.at - last.at > TOGETHER_MS && !(marked && input.at - last.at <= MARKED_MS))) {
        deeds.push({ first: i, text: nameOf(input), elapsed: input.at })
        marked = false
      }
      last = input
    })
    if (marked && last && 'mark' in last) deeds.pop()
    return deeds
  }

  /** Puts a cluster in front that has lived until `elapsed`, but through no more than so many inputs. */
  #go(elapsed: number, inputs: number): void {
    const here = this.#cluster
    const present = this.#present ?? here
    const isBehind = this.#present && here.elapsed <= elapsed && here.inputs.length <= inputs
    const cluster = isBehind ? here : this.#restored(elapsed, inputs, present)
    this.#present = present
    this.#cluster = cluster
    const end = present.world.epoch + elapsed
    const isOver = (): boolean => {
      const at = cluster.nextAt()
      return at === null || at > end || (cluster.inputs.length >= inputs && cluster.isInputNext())
    }
    while (!isOver()) cluster.step()
    cluster.world.skipTo(Math.max(cluster.world.now, end))
  }

  #restored(elapsed: number, inputs: number, present: Cluster): Cluster {
    const known = this.#moments.filter((m) => m.elapsed <= elapsed && m.inputs <= inputs)
    const moment = (known.at(-1) ?? this.#moments[0]) as Moment
    const cluster = this.#spare ?? Cluster.blank(present.options)
    this.#spare = null
    cluster.server.descriptions = present.server.descriptions
    cluster.become(moment, present.inputs)
    cluster.expect(present.inputs.slice(moment.inputs))
    return cluster
  }

  /** Makes ready what the next look back will need; for when there is nothing better to do. */
  prepare(): void {
    this.#spare ??= Cluster.blank(this.#cluster.options)
  }

  /** A timeline that has lived through a session, its moments kept. */
  static replay(session: Parameters<typeof Cluster.replay>[0], from?: Cluster): Timeline {
    const { epoch, inputs, until, version: _version, ...making } = session
    const timeline = new Timeline(from ?? new Cluster({ ...making, epoch }))
    const { cluster } = timeline
    cluster.expect(inputs.slice(cluster.inputs.length))
    const end = epoch + until
    for (let at = timeline.nextAt(); at !== null && at <= end; at = timeline.nextAt()) timeline.step()
    cluster.world.skipTo(Math.max(end, cluster.world.now))
    return timeline
  }
}

const STABLE_LOOK_MS = 100

/** Requests this close to one another, in simulated ms, belong to one deed; after a mark they may take longer. */
const TOGETHER_MS = 400
const MARKED_MS = 10_000

function nameOf(input: SessionInput): string {
  if ('request' in input) return named(input.request)
  if ('open' in input) return named(input.open)
  if ('stream' in input) return `stream ${input.stream}`
  return 'fault' in input ? input.fault.kind : input.mark
}

const named = ({ method, path }: ApiRequest): string => `${method} ${path.split('?')[0]}`
