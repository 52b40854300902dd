/** The host's side of the frame: connects to a sandbox, calls it, and hears its events. */
import { type Call, type Calls, type Envelope, type EventName, type Events, isOurs } from './protocol.ts'

export interface Sandbox {
  /** Rejects with an Error that has the refusal's `code`. */
  call<C extends Call>(
    type: C,
    ...payload: Calls[C]['ask'] extends undefined ? [] : [Calls[C]['ask']]
  ): Promise<Calls[C]['answer']>
  close(): void
}

export type OnEvent = <E extends EventName>(event: E, payload: Events[E]) => void

const TRY_EVERY_MS = 500
const TRIES = 60

/** Connects to the frame, whose origin must be known; rejects when nobody answers for half a minute. */
export function connect(frame: HTMLIFrameElement, origin: string, onEvent: OnEvent): Promise<Sandbox> {
  const line = new Line(onEvent)
  return new Promise((resolve, reject) => {
    let tries = 0
    const attempt = (): void => {
      const { port1, port2 } = new MessageChannel()
      line.over(port1)
      frame.contentWindow?.postMessage({ k8sbox: 1, type: 'connect' } satisfies Envelope, origin, [port2])
    }
    const timer = setInterval(() => {
      tries += 1
      if (tries <= TRIES) return attempt()
      clearInterval(timer)
      reject(new Error('the sandbox does not answer'))
    }, TRY_EVERY_MS)
    // A sandbox that begins anew is another guest behind the same frame: it says so, and is connected again.
    const onHello = ({ source, origin: from, data }: MessageEvent): void => {
      if (source === frame.contentWindow && from === origin && isOurs(data) && data.type === 'hello') attempt()
    }
    addEventListener('message', onHello)
    line.onReady = () => {
      clearInterval(timer)
      resolve({
        call: (type, ...payload) => line.call(type, payload[0]) as Promise<never>,
        close() {
          removeEventListener('message', onHello)
          line.close()
        },
      })
    }
  })
}

interface Waiting {
  resolve(value: unknown): void
  reject(error: Error): void
}

/** Calls and events over whichever port is the present one. */
class Line {
  onReady: () => void = () => {}
  readonly #onEvent: OnEvent
  #port: MessagePort | null = null
  #waiting = new Map<number, Waiting>()
  #serial = 0

  constructor(onEvent: OnEvent) {
    this.#onEvent = onEvent
  }

  over(port: MessagePort): void {
    port.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (isOurs(data)) this.#take(port, data)
    }
  }

  call(type: string, payload: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (!this.#port) return reject(new Error('not connected'))
      this.#serial += 1
      this.#waiting.set(this.#serial, { resolve, reject })
      this.#port.postMessage({ k8sbox: 1, id: this.#serial, type, payload } satisfies Envelope)
    })
  }

  close(): void {
    this.#port?.close()
    this.#port = null
    this.#giveUp()
  }

  #giveUp(): void {
    for (const { reject } of this.#waiting.values()) reject(new Error('the sandbox has gone'))
    this.#waiting.clear()
  }

  #take(port: MessagePort, { id, type, payload, error }: Envelope): void {
    if (type === 'ready' && port !== this.#port) {
      this.#port?.close()
      this.#port = port
      this.#giveUp()
      this.onReady()
    }
    if (id === undefined) return this.#onEvent(type as EventName, payload as never)
    const asked = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (error) asked?.reject(Object.assign(new Error(error.message), { code: error.code }))
    else asked?.resolve(payload)
  }
}
