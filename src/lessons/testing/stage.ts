/** A cluster in virtual time for proofs of lessons: the commands drive the clock, in slices or one step at a time. */
import type { AnyObject } from '#api/meta.ts'
import type { SessionInput, Transport } from '#api/request.ts'
import { Cluster, type ClusterOptions, type Moment, Timeline } from '#engine'
import { enableYaml } from '#engine/yaml.ts'
import { preloadKubectl } from '#kubectl/kubectl.ts'
import { createShell, type Shell } from '#shell/shell.ts'
import { inProcess } from '#transport/in-process.ts'
import { Pacer } from '#transport/pacer.ts'
import { Simulation } from '#transport/simulation.ts'
import type { Lesson } from '../lesson.ts'
import { createLessonRun, type LessonRun, type SavedRun } from '../run.ts'
import { isWithout } from '../without.ts'

/** How the clock moves: `stepped` runs one due entry at a time, a number is the length of a slice in simulated ms. */
export type Pace = 'stepped' | number

// As in the page, where a lesson's cluster reads and writes it.
enableYaml()

const COMMAND_LIMIT_MS = 120_000
/** The clock moves at least this far when a command waits and nothing is due. */
const IDLE_MS = 250

/** Lets every promise that can go on do so: a macrotask later all microtasks have run. */
const breathe = (): Promise<void> => new Promise((done) => setImmediate(done))

/** A cluster at a moment, in memory: what nobody changes is shared with it. */
interface Kept {
  options: ClusterOptions
  moment: Moment
  inputs: readonly SessionInput[]
}

/** A stage to go on from more than once. */
export interface Saved {
  seed: string
  /** As text, or kept in memory. */
  cluster: string | Kept
  run: string
  /** The learner's files. */
  files: Record<string, string>
}

/** Nobody looks back in a proof: the moments that the past is shown from would only cost. */
class Forgetful extends Timeline {
  override step(): boolean {
    return this.cluster.step()
  }
}

function clusterFrom(saved: Saved['cluster']): Cluster {
  if (typeof saved === 'string') return Cluster.load(saved)
  const cluster = Cluster.blank(saved.options)
  cluster.become(saved.moment, saved.inputs)
  return cluster
}

export class Stage {
  readonly run: LessonRun
  readonly seed: string
  readonly #lesson: Lesson
  readonly #pace: Pace
  readonly #cluster: Cluster
  readonly #simulation: Simulation
  readonly #shell: Shell
  #timers: { at: number; wake(): void }[] = []
  /** What the last command printed. */
  printed = ''

  constructor(lesson: Lesson, pace: Pace, from: string | Saved) {
    const saved = typeof from === 'string' ? undefined : from
    const seed = typeof from === 'string' ? from : from.seed
    const { nodes, controlPlanes, scene, addons } = lesson.prose.meta
    this.#lesson = lesson
    this.seed = seed
    this.#pace = pace
    this.#cluster = saved
      ? clusterFrom(saved.cluster)
      : new Cluster({ seed, nodes, controlPlanes, scene, ...(addons.length > 0 ? { addons } : {}) })
    // A pacer that never moves: the clock of a proof is moved by hand.
    const still = new Pacer(this.#cluster, { now: () => 0, later: () => () => {} }, 'paused')
    this.#simulation = new Simulation(new Forgetful(this.#cluster), still)
    const transport: Transport = { ...inProcess(this.#cluster), simulation: this.#simulation }
    const { without } = lesson.prose.meta
    this.#shell = createShell({
      transport,
      now: () => this.#cluster.world.now,
      sleep: (ms) => this.#sleep(ms),
      refuse: (words) => (isWithout(without, words) ? 'this lesson does without it' : null),
    })
    for (const [name, text] of Object.entries(saved?.files ?? lesson.files ?? {})) this.#shell.files.write(name, text)
    const type = async (command: string): Promise<string> => {
      let out = ''
      const write = (text: string): void => void (out += text)
      await this.#shell.run(command, { write, error: write, signal: new AbortController().signal, columns: 80 })
      this.printed = out
      return out
    }
    this.run = createLessonRun(lesson, {
      transport,
      seed,
      shell: type,
      write: (file, text) => this.#shell.files.write(file, text),
      saved: saved && (JSON.parse(saved.run) as SavedRun),
    })
  }

  get now(): number {
    return this.#cluster.world.now
  }

  /** Until the lesson's mark. */
  async begin(): Promise<void> {
    await preloadKubectl()
    await this.while(this.run.start())
  }

  /** Time passes while something is under way. */
  async while(work: Promise<unknown>): Promise<void> {
    let over = false
    let trouble: unknown
    work.then(
      () => {
        over = true
      },
      (error) => {
        over = true
        trouble = error
      },
    )
    let left = COMMAND_LIMIT_MS
    for (;;) {
      await breathe()
      if (over) break
      if (left < 0) throw new Error('a command takes more than two minutes')
      // Time that it skips itself is its own.
      const { now } = this.#cluster.world
      this.#tick()
      left -= this.#cluster.world.now - now
    }
    if (trouble) throw trouble
    await this.#tell()
  }

  /** Runs on until the lesson has come so far, or the limit; `pace`: where looking less often is enough. */
  async until(so: () => boolean, limitMs: number, pace: Pace = this.#pace): Promise<boolean> {
    const end = this.#cluster.world.now + limitMs
    await this.#tell()
    while (!so() && this.#cluster.world.now < end) {
      if (typeof pace === 'number') this.#cluster.run(pace)
      else if (!this.#cluster.world.step()) this.#cluster.run(IDLE_MS)
      this.#wake()
      await this.#tell()
    }
    return so()
  }

  /** As in the page: watches first, then the news of the frame. */
  async #tell(): Promise<void> {
    await Promise.resolve()
    await Promise.resolve()
    this.#simulation.publish()
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((wake) => this.#timers.push({ at: this.#cluster.world.now + ms, wake }))
  }

  #tick(): void {
    const { world } = this.#cluster
    const due = world.nextDue()?.at ?? Number.POSITIVE_INFINITY
    const next = Math.min(due, world.now + IDLE_MS, ...this.#timers.map((t) => t.at))
    if (due <= next) world.step()
    else world.skipTo(next)
    this.#wake()
    this.#simulation.publish()
  }

  #wake(): void {
    const due = this.#timers.filter((timer) => timer.at <= this.#cluster.world.now)
    this.#timers = this.#timers.filter((timer) => timer.at > this.#cluster.world.now)
    for (const timer of due) timer.wake()
  }

  /** Far cheaper than as text. */
  keep(): Saved {
    const { options, inputs } = this.#cluster
    return this.#saved({ options, inputs: [...inputs], moment: this.#cluster.moment() })
  }

  #saved(cluster: Saved['cluster']): Saved {
    return { seed: this.seed, cluster, run: JSON.stringify(this.run.save()), files: this.#shell.files.all() }
  }

  /** Everything as text, and another stage that goes on from it. */
  reborn(): Stage {
    const saved = this.#saved(this.#cluster.save())
    this.run.stop()
    return new Stage(this.#lesson, this.#pace, saved)
  }

  /** Reasons and messages of the events there are. */
  events(): string[] {
    return this.#cluster.server.readAll('events').map((event: AnyObject) => `${event['reason']}: ${event['message']}`)
  }
}
