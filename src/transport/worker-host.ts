/** The worker's side of the port: answers at once, sends watch events and news in one message per frame of the page. */
import type { ApiRequest, ApiResponse, Stop } from '#api/request.ts'
import { failure } from '#api/status.ts'
import { Cluster, type StreamSession, Timeline } from '#engine/first.ts'
import { EXPIRED } from './first-looks.ts'
import { openWatch } from './in-process.ts'
import { laidOut } from './laid-out.ts'
import { Pacer, type PacerClock } from './pacer.ts'
import type { Beginning, FromWorker, ToWorker } from './port-messages.ts'
import { Simulation } from './simulation.ts'

/** When the page is hidden it draws nothing: then batches go out this often all the same. */
const UNDRAWN_MS = 250
/** Making a blank cluster takes a moment: not right after something was asked for. */
const PREPARE_AFTER_MS = 700
/** What may be asked before all of the engine is there: the lists and watches that the page begins with. */
const FIRST = /^\/api(?:s\/[^/?]+)?\/v\w+\/[a-z]+(?:\?|$)/

export class WorkerHost {
  readonly #clock: PacerClock
  readonly #post: (batch: FromWorker[]) => void
  #timeline: Timeline | null = null
  #pacer: Pacer | null = null
  #simulation: Simulation | null = null
  #watches = new Map<number, Stop>()
  #idle: (() => void) | null = null
  #streams = new Map<number, StreamSession>()
  #batch: FromWorker[] = []
  /** Which inputs the page has been told of. */
  #told = { branch: 0, inputs: 0 }
  #drawn = true
  #cancelTimer: (() => void) | null = null
  #descriptions: Record<string, Record<string, string>> | null = null
  #whole = true
  /** What must wait until the engine is whole, in its order. */
  #held: ToWorker[] = []
  /** When all of the engine is there, and what waited for it has been done; rejected when that went wrong. */
  readonly complete: Promise<unknown> = Promise.resolve()

  /** `rest`: what is left to load of the engine; until then the world stands still, and only first looks are answered. */
  constructor(clock: PacerClock, post: (batch: FromWorker[]) => void, rest?: Promise<unknown>) {
    this.#clock = clock
    this.#post = post
    if (!rest) return
    this.#whole = false
    this.complete = rest.then(() => this.#complete())
  }

  #complete(): void {
    this.#whole = true
    this.#pacer?.setSpeed(1)
    if (this.#timeline) this.#prepare()
    for (const message of this.#held.splice(0)) this.receive(message)
  }

  receive(message: ToWorker): void {
    if (!this.#whole && (this.#held.length > 0 ? message.type !== 'drawn' : !isFirst(message)))
      return void this.#held.push(message)
    if (message.type === 'begin') return this.#begin(message.beginning)
    if (message.type === 'drawn') return this.#pageDrew()
    if (message.type === 'descriptions') {
      this.#descriptions = message.descriptions
      this.#describe()
      return
    }
    const [timeline, pacer, simulation] = [this.#timeline, this.#pacer, this.#simulation]
    if (!timeline || !pacer || !simulation) throw new Error('the worker has no cluster yet')
    pacer.catchUp()
    if (message.type === 'request') {
      const { id, request } = message
      const response = answerOf(timeline, request)
      if (request.verbatim) void laidOut(request, response).then((laid) => this.#answer({ type: 'answer', id, response: laid }))
      else this.#answer({ type: 'answer', id, response })
    } else if (message.type === 'watch') this.#watch(timeline.cluster, message.id, message.request)
    else if (message.type === 'stop') this.#stop(message.id)
    else if (message.type === 'stream') this.#stream(timeline, message.id, message.request)
    else if (message.type === 'send') this.#send(message)
    else if (message.type === 'news') simulation.subscribe((news) => this.#queue({ type: 'news', news }))
    else void this.#simulate(simulation, message)
  }

  #begin(beginning: Beginning): void {
    const timeline = create(beginning)
    timeline.onSwap = () => this.#startWatchesAnew()
    this.#timeline = timeline
    this.#describe()
    this.#pacer = new Pacer(timeline, this.#clock, this.#whole ? 1 : 'paused')
    this.#simulation = new Simulation(timeline, this.#pacer)
    if (this.#whole) this.#prepare()
    this.#pacer.onSlice = () => {
      if (this.#drawn) this.#simulation?.publish()
    }
    this.#answer({ type: 'ready' })
  }

  /** What the page keeps, so that nothing is lost with this worker. */
  #tellInputs(): void {
    if (!this.#timeline) return
    const { branch, life } = this.#timeline
    const from = branch === this.#told.branch ? this.#told.inputs : 0
    const { inputs } = life
    if (from === inputs.length && branch === this.#told.branch) return
    this.#told = { branch, inputs: inputs.length }
    this.#batch.push({ type: 'inputs', from, inputs: inputs.slice(from) })
  }

  #describe(): void {
    if (!this.#timeline) return
    for (const { server } of [this.#timeline.cluster, this.#timeline.life]) server.descriptions = this.#descriptions
  }

  /** The blank cluster that the next look back will need, made while nothing else is to be done. */
  #prepare(): void {
    this.#idle?.()
    this.#idle = this.#clock.later(() => this.#timeline?.prepare(), PREPARE_AFTER_MS)
  }

  /** Another cluster has taken the place of the one that was watched: what a client knows of it is to be asked for anew. */
  #startWatchesAnew(): void {
    for (const [id, stop] of this.#watches) {
      stop()
      this.#queue({ type: 'events', id, events: [EXPIRED] })
      this.#queue({ type: 'end', id })
    }
    this.#watches.clear()
    for (const [id, session] of this.#streams) {
      session.stop()
      this.#queue({ type: 'streamed', id, events: [{ end: true }] })
    }
    this.#streams.clear()
    this.#prepare()
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

  #stream(timeline: Timeline, id: number, request: ApiRequest): void {
    if (timeline.present !== null) {
      const answer = answerOf(timeline, request)
      const data = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)
      return this.#queue({ type: 'streamed', id, events: [{ open: answer }, { channel: 1, data }, { end: true }] })
    }
    const session = timeline.cluster.open(request)
    const flush = (): void => {
      const events = session.take()
      if (events.length > 0) this.#queue({ type: 'streamed', id, events })
      if (session.ended) this.#streams.delete(id)
    }
    this.#streams.set(id, session)
    session.onReady = () => queueMicrotask(flush)
    flush()
  }

  #send({ id, channel, data }: Extract<ToWorker, { type: 'send' }>): void {
    if (data === undefined) this.#streams.get(id)?.close(channel)
    else this.#streams.get(id)?.send(channel, data)
  }

  #stop(id: number): void {
    this.#streams.get(id)?.stop()
    this.#streams.delete(id)
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
    this.#tellInputs()
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

/** What only looks at the cluster: a request that is passed on to a container may change what is in it. */
const looks = ({ method, path }: ApiRequest): boolean => method === 'GET' && !path.includes('/proxy')

/** The past can be read, not changed. */
function answerOf(timeline: Timeline, request: ApiRequest): ApiResponse {
  if (timeline.present === null || looks(request)) return timeline.cluster.request(request)
  const message = 'this is the past: resume, or fork here, to change anything'
  return { status: 409, headers: { 'content-type': 'application/json' }, body: failure(409, 'Conflict', message) }
}

/** Whether the first part of the engine can do this alone: the usual scene, and looking at it. */
function isFirst(message: ToWorker): boolean {
  if (message.type === 'begin') {
    const { beginning } = message
    if (beginning.kind !== 'fresh' || beginning.addons || beginning.controlPlanes) return false
    return beginning.scene === 'shop' && beginning.nodes === 3
  }
  if (message.type === 'request' || message.type === 'watch')
    return message.request.method === 'GET' && message.request.headers === undefined && FIRST.test(message.request.path)
  return message.type === 'drawn' || message.type === 'descriptions' || message.type === 'news' || message.type === 'stop'
}

function create(beginning: Beginning): Timeline {
  if (beginning.kind === 'replay') return Timeline.replay(beginning.session)
  if (beginning.kind === 'load') {
    const cluster = Cluster.load(beginning.text)
    return beginning.session ? Timeline.replay(beginning.session, cluster) : new Timeline(cluster)
  }
  const { kind: _kind, ...options } = beginning
  return new Timeline(new Cluster(options))
}
