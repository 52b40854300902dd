/** The simulation port over a cluster and its pacer: clock, faults, trace and sessions, for the page and for tools. */
import type { Fault, Session, SimulationNews, SimulationPort, SimulationStatus, Speed, Stop } from '#api/request.ts'
import type { Cluster } from '#engine'
import type { Pacer } from './pacer.ts'

export class Simulation implements SimulationPort {
  readonly #cluster: Cluster
  readonly #pacer: Pacer
  #subscribers = new Set<(news: SimulationNews) => void>()
  #traceSeq = 0
  #flightSeq = 0
  #error: string | undefined

  constructor(cluster: Cluster, pacer: Pacer) {
    this.#cluster = cluster
    this.#pacer = pacer
    pacer.onError = (error) => {
      this.#error = error instanceof Error ? (error.stack ?? error.message) : String(error)
      this.publish()
    }
  }

  now(): SimulationStatus {
    const { world } = this.#cluster
    return {
      now: world.now,
      elapsed: world.now - world.epoch,
      speed: this.#pacer.speed,
      seed: world.seed,
      steps: world.steps,
      ...(this.#error ? { error: `${this.#error}\nseed ${world.seed}, step ${world.steps}` } : {}),
    }
  }

  /** Sends what is new to the subscribers: the host calls it once per frame. */
  publish(): void {
    if (this.#subscribers.size === 0) return
    const trace = this.#cluster.trace(this.#traceSeq)
    const flights = this.#cluster.flights(this.#flightSeq)
    this.#traceSeq = trace.at(-1)?.seq ?? this.#traceSeq
    this.#flightSeq = flights.at(-1)?.seq ?? this.#flightSeq
    const news = { status: this.now(), trace, flights }
    for (const tell of this.#subscribers) tell(news)
  }

  async status(): Promise<SimulationStatus> {
    return this.now()
  }
  async setSpeed(speed: Speed): Promise<void> {
    this.#pacer.setSpeed(speed)
    this.publish()
  }
  async step(): Promise<SimulationStatus> {
    this.#cluster.world.step()
    this.publish()
    return this.now()
  }
  async advance(ms: number): Promise<SimulationStatus> {
    this.#cluster.run(ms)
    this.publish()
    return this.now()
  }
  async settle(quietMs: number, limitMs: number): Promise<SimulationStatus> {
    this.#cluster.settle(quietMs, limitMs)
    this.publish()
    return this.now()
  }
  async fault(fault: Fault): Promise<void> {
    this.#cluster.fault(fault)
    this.publish()
  }
  async session(): Promise<Session> {
    return this.#cluster.session()
  }
  async save(): Promise<string> {
    return this.#cluster.save()
  }
  subscribe(onNews: (news: SimulationNews) => void): Stop {
    this.#subscribers.add(onNews)
    return () => this.#subscribers.delete(onNews)
  }
}
