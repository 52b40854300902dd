/** The page's side of the port: a Transport and a SimulationPort over a worker that runs the engine. */
import type {
  ApiRequest,
  ApiResponse,
  SessionInput,
  SimulationNews,
  SimulationPort,
  Stop,
  Stream,
  StreamEvent,
  StreamHandlers,
  Transport,
  WatchHandlers,
} from '#api/request.ts'
import { answered } from './answered.ts'
import { handOver } from './hand-over.ts'
import type { Beginning, FromWorker, SimulationCall, ToWorker } from './port-messages.ts'

/** What is needed of a Worker; a MessagePort or a test's pair will do. */
export interface PortLike {
  postMessage(message: unknown): void
  onmessage: ((event: MessageEvent) => void) | null
}

export interface WorkerTransport extends Transport {
  readonly simulation: SimulationPort
  /** Makes the cluster; resolves when it is there. */
  begin(beginning: Beginning): Promise<void>
  setDescriptions(descriptions: Record<string, Record<string, string>>): void
  /** Told of every input to the session, before the answer to it. */
  onInputs: ((from: number, inputs: readonly SessionInput[]) => void) | null
}

interface Waiting {
  resolve(value: any): void
  reject(error: Error): void
}

/** `drawn` is called with a callback after each batch: call it when the page has drawn (requestAnimationFrame). */
export function connectWorker(port: PortLike, drawn: (then: () => void) => void): WorkerTransport {
  return new PortTransport(port, drawn)
}

class PortTransport implements WorkerTransport {
  readonly simulation: SimulationPort
  readonly #port: PortLike
  readonly #drawn: (then: () => void) => void
  #nextId = 1
  #waiting = new Map<number, Waiting>()
  #watches = new Map<number, WatchHandlers>()
  #streams = new Map<number, StreamHandlers>()
  #subscribers = new Set<(news: SimulationNews) => void>()
  #ready: (() => void) | null = null
  /** One word per frame, however many batches came: else each answer would bring one more for ever. */
  #drawing = false
  onInputs: WorkerTransport['onInputs'] = null

  constructor(port: PortLike, drawn: (then: () => void) => void) {
    this.#port = port
    this.#drawn = drawn
    this.simulation = portSimulation(
      (call, args) => this.#ask((id) => ({ type: 'simulation', id, call, args })),
      (onNews) => this.#subscribe(onNews),
    )
    port.onmessage = (event) => this.#receive(event.data as FromWorker[])
  }

  #send(message: ToWorker): void {
    this.#port.postMessage(message)
  }

  #ask(make: (id: number) => ToWorker): Promise<any> {
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#send(make(id))
    })
  }

  begin(beginning: Beginning): Promise<void> {
    return new Promise((resolve) => {
      this.#ready = resolve
      this.#send({ type: 'begin', beginning })
    })
  }

  setDescriptions(descriptions: Record<string, Record<string, string>>): void {
    this.#send({ type: 'descriptions', descriptions })
  }

  request(request: ApiRequest): Promise<ApiResponse> {
    return this.#ask((id) => ({ type: 'request', id, request })).then(answered)
  }

  watch(request: ApiRequest, handlers: WatchHandlers): Stop {
    const id = this.#nextId++
    this.#watches.set(id, handlers)
    this.#send({ type: 'watch', id, request })
    return () => {
      this.#watches.delete(id)
      this.#send({ type: 'stop', id })
    }
  }

  stream(request: ApiRequest, handlers: StreamHandlers): Stream {
    const id = this.#nextId++
    this.#streams.set(id, handlers)
    this.#send({ type: 'stream', id, request })
    return {
      send: (channel, data) => this.#send({ type: 'send', id, channel, data }),
      close: (channel) => this.#send({ type: 'send', id, channel }),
      stop: () => {
        this.#streams.delete(id)
        this.#send({ type: 'stop', id })
      },
    }
  }

  #streamed(id: number, events: StreamEvent[]): void {
    for (const event of events) {
      const handlers = this.#streams.get(id)
      if ('end' in event) this.#streams.delete(id)
      if (handlers) handOver(event, handlers)
    }
  }

  #subscribe(onNews: (news: SimulationNews) => void): Stop {
    if (this.#subscribers.size === 0) this.#send({ type: 'news' })
    this.#subscribers.add(onNews)
    return () => this.#subscribers.delete(onNews)
  }

  #receive(batch: FromWorker[]): void {
    for (const message of batch) this.#take(message)
    if (this.#drawing) return
    this.#drawing = true
    this.#drawn(() => {
      this.#drawing = false
      this.#send({ type: 'drawn' })
    })
  }

  #take(message: FromWorker): void {
    switch (message.type) {
      case 'ready':
        return this.#ready?.()
      case 'answer':
        return this.#settle(message.id, (w) => w.resolve(message.response))
      case 'value':
        return this.#settle(message.id, (w) => w.resolve(message.value))
      case 'failed':
        return this.#settle(message.id, (w) => w.reject(new Error(message.message)))
      case 'open':
        return this.#watches.get(message.id)?.onOpen?.(message.response)
      case 'events':
        return this.#watches.get(message.id)?.onEvents(message.events)
      case 'streamed':
        return this.#streamed(message.id, message.events)
      case 'end':
        return this.#watches.get(message.id)?.onEnd?.()
      case 'inputs':
        return this.onInputs?.(message.from, message.inputs)
      case 'news':
        for (const tell of this.#subscribers) tell(message.news)
    }
  }

  #settle(id: number, how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (waiting) how(waiting)
  }
}

const CALLS: readonly SimulationCall[] = [
  'status',
  'setSpeed',
  'step',
  'advance',
  'settle',
  'runUntil',
  'fault',
  'seek',
  'resume',
  'fork',
  'rejoin',
  'undo',
  'deeds',
  'mark',
  'explain',
  'session',
  'save',
]

/** Each call of the port travels by its name. */
function portSimulation(
  call: (call: SimulationCall, args: unknown[]) => Promise<any>,
  subscribe: SimulationPort['subscribe'],
): SimulationPort {
  const calls = CALLS.map((name) => [name, (...args: unknown[]) => call(name, args)])
  return { ...(Object.fromEntries(calls) as Omit<SimulationPort, 'subscribe'>), subscribe }
}
