/** The simulation port over a timeline and its pacer: clock, faults, trace, the past and sessions, for the page and for tools. */
import type {
  Deed,
  Explanation,
  Fault,
  Goal,
  GoalOutcome,
  Session,
  SimulationNews,
  SimulationPort,
  SimulationStatus,
  Speed,
  Stop,
} from '#api/request.ts'
import type { Timeline } from '#engine'
import type { Pacer } from './pacer.ts'

export class Simulation implements SimulationPort {
  readonly #timeline: Timeline
  readonly #pacer: Pacer
  #subscribers = new Set<(news: SimulationNews) => void>()
  #traceSeq = 0
  #flightSeq = 0
  #branch = 0
  #error: string | undefined

  constructor(timeline: Timeline, pacer: Pacer) {
    this.#timeline = timeline
    this.#pacer = pacer
    pacer.onError = (error) => {
      this.#error = error instanceof Error ? (error.stack ?? error.message) : String(error)
      this.publish()
    }
  }

  now(): SimulationStatus {
    const { cluster, present, earliest, branch, canRejoin } = this.#timeline
    const { world } = cluster
    const { ring } = cluster.faults.machines
    return {
      now: world.now,
      elapsed: cluster.elapsed,
      speed: this.#pacer.speed,
      seed: world.seed,
      steps: world.steps,
      earliest,
      branch,
      canRejoin,
      off: cluster.machines.off(),
      broken: cluster.broken(),
      ...(ring ? { raft: ring.view() } : {}),
      ...(present === null ? {} : { present }),
      ...(this.#error ? { error: `${this.#error}\nseed ${world.seed}, step ${world.steps}` } : {}),
    }
  }

  /** Sends what is new to the subscribers: the host calls it once per frame. */
  publish(): void {
    if (this.#subscribers.size === 0) return
    const { cluster, branch } = this.#timeline
    const anew = branch !== this.#branch
    if (anew) [this.#branch, this.#traceSeq, this.#flightSeq] = [branch, 0, 0]
    const trace = cluster.trace(this.#traceSeq)
    const flights = cluster.flights(this.#flightSeq)
    this.#traceSeq = trace.at(-1)?.seq ?? this.#traceSeq
    this.#flightSeq = flights.at(-1)?.seq ?? this.#flightSeq
    const news: SimulationNews = { status: this.now(), trace, flights, visitors: cluster.visitors(), ...(anew ? { anew } : {}) }
    for (const tell of this.#subscribers) tell(news)
  }

  #done(): SimulationStatus {
    this.publish()
    return this.now()
  }

  async status(): Promise<SimulationStatus> {
    return this.now()
  }
  async setSpeed(speed: Speed): Promise<void> {
    this.#pacer.setSpeed(speed)
    this.publish()
  }
  async step(): Promise<SimulationStatus> {
    this.#timeline.step()
    return this.#done()
  }
  async advance(ms: number): Promise<SimulationStatus> {
    this.#timeline.run(ms)
    return this.#done()
  }
  async settle(quietMs: number, limitMs: number): Promise<SimulationStatus> {
    this.#timeline.runUntil({ kind: 'stable', quietMs }, limitMs)
    return this.#done()
  }
  async runUntil(goal: Goal, limitMs: number): Promise<GoalOutcome> {
    const what = this.#timeline.runUntil(goal, limitMs)
    return { reached: what !== null, what: what ?? '', status: this.#done() }
  }
  async fault(fault: Fault): Promise<void> {
    if (this.#timeline.present !== null) throw new Error('nothing can be done to the past: resume, or fork here')
    this.#timeline.cluster.fault(fault)
    this.publish()
  }
  async seek(elapsed: number): Promise<SimulationStatus> {
    this.#timeline.seek(elapsed)
    return this.#done()
  }
  async resume(): Promise<SimulationStatus> {
    this.#timeline.resume()
    return this.#done()
  }
  async fork(): Promise<SimulationStatus> {
    this.#timeline.fork()
    return this.#done()
  }
  async rejoin(): Promise<SimulationStatus> {
    this.#timeline.rejoin()
    return this.#done()
  }
  async undo(): Promise<Deed | null> {
    const deed = this.#timeline.undo()
    this.publish()
    return deed
  }
  async deeds(): Promise<Deed[]> {
    return this.#timeline.deeds()
  }
  async mark(text: string): Promise<void> {
    if (this.#timeline.present === null) this.#timeline.cluster.mark(text)
  }
  async explain(namespace: string, pod: string): Promise<Explanation | null> {
    return this.#timeline.cluster.explain(namespace, pod)
  }
  async session(): Promise<Session> {
    return this.#timeline.life.session()
  }
  async save(): Promise<string> {
    return this.#timeline.life.save()
  }
  subscribe(onNews: (news: SimulationNews) => void): Stop {
    this.#subscribers.add(onNews)
    return () => this.#subscribers.delete(onNews)
  }
}
