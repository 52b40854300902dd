/** The worker's side of the port: answers at once, sends watch events and news in one message per frame of the page. */
import type { Stop } from '#api/request.ts'
import { Cluster } from '#engine'
import { openWatch } from './in-process.ts'
import { Pacer, type PacerClock } from './pacer.ts'
import type { Beginning, FromWorker, ToWorker } from './port-messages.ts'
import { Simulation } from './simulation.ts'

/** When the page is hidden it draws nothing: then batches go out this often all the same. */
const UNDRAWN_MS = 250

export class WorkerHost {
  readonly #clock: PacerClock
  readonly #post: (batch: FromWorker[]) => void
  #cluster: Cluster | null = null
  #pacer: Pacer | null = null
  #simulation: Simulation | null = null
  #watches = new Map<number, Stop>()
  #batch: FromWorker[] = []
  #drawn = true
  #cancelTimer: (() => void) | null = null
  #descriptions: Record<string, Record<string, string>> | null = null

  constructor(clock: PacerClock, post: (batch: FromWorker[]) => void) {
    this.#clock = clock
    this.#post = post
  }

  receive(message: ToWorker): void {
    if (message.type === 'begin') return this.#begin(message.beginning)
    if (message.type === 'drawn') return this.#pageDrew()
    if (message.type === 'descriptions') {
      this.#descriptions = message.descriptions
      if (this.#cluster) this.#cluster.server.descriptions = message.descriptions
      return
    }
    const [cluster, pacer, simulation] = [this.#cluster, this.#pacer, this.#simulation]
    if (!cluster || !pacer || !simulation) throw new Error('the worker has no cluster yet')
    pacer.catchUp()
    if (message.type === 'request') this.#answer({ type: 'answer', id: message.id, response: cluster.request(message.request) })
    else if (message.type === 'watch') this.#watch(cluster, message.id, message.request)
    else if (message.type === 'stop') this.#stop(message.id)
    else if (message.type === 'news') simulation.subscribe((news) => this.#queue({ type: 'news', news }))
    else void this.#simulate(simulation, message)
  }

  #begin(beginning: Beginning): void {
    const cluster = create(beginning)
    cluster.server.descriptions = this.#descriptions
    this.#cluster = cluster
    this.#pacer = new Pacer(cluster, this.#clock, 1)
    this.#simulation = new Simulation(cluster, this.#pacer)
    this.#pacer.onSlice = () => {
      if (this.#drawn) this.#simulation?.publish()
    }
    this.#answer({ type: 'ready' })
  }

  #watch(cluster: Cluster, id: number, request: Parameters<typeof openWatch>[1]): void {
    const stop = openWatch(
      cluster,
      request,
      {
        onOpen: (response) => this.#queue({ type: 'open', id, response }),
        onEvents: (events) => this.#queue({ type: 'events', id, events }),
        onEnd: () => this.#queue({ type: 'end', id }),
      },
      (flush) => queueMicrotask(flush),
    )
    this.#watches.set(id, stop)
  }

  #stop(id: number): void {
    this.#watches.get(id)?.()
    this.#watches.delete(id)
  }

  async #simulate(simulation: Simulation, { id, call, args }: Extract<ToWorker, { type: 'simulation' }>): Promise<void> {
    try {
      const run = simulation[call] as (...args: unknown[]) => Promise<unknown>
      this.#answer({ type: 'value', id, value: await run.apply(simulation, args) })
    } catch (error) {
      this.#answer({ type: 'failed', id, message: error instanceof Error ? error.message : String(error) })
    }
  }

  /** Answers go out now, with whatever waited before them, so that order is kept. */
  #answer(message: FromWorker): void {
    this.#batch.push(message)
    this.#flush()
  }

  #queue(message: FromWorker): void {
    this.#batch.push(message)
    if (this.#drawn) this.#flush()
    else this.#cancelTimer ??= this.#clock.later(() => this.#flush(), UNDRAWN_MS)
  }

  #flush(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = null
    if (this.#batch.length === 0) return
    const batch = this.#batch
    this.#batch = []
    this.#drawn = false
    this.#post(batch)
  }

  #pageDrew(): void {
    this.#drawn = true
    this.#simulation?.publish()
    this.#flush()
  }
}

function create(beginning: Beginning): Cluster {
  if (beginning.kind === 'replay') return Cluster.replay(beginning.session)
  if (beginning.kind === 'load') return Cluster.load(beginning.text)
  const { kind: _kind, ...options } = beginning
  return new Cluster(options)
}
