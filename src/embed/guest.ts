/** The sandbox's side of the frame: answers the calls of hosts whose origin was named, and of nobody else. */
import { type Call, type Calls, type Envelope, type EventName, type Events, isOurs } from './protocol.ts'

export type Handlers = { [C in Call]: (payload: any) => Promise<Calls[C]['answer']> }

/** A refusal with a code that a program can tell apart. */
export class CallError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export interface Guest {
  emit<E extends EventName>(event: E, payload: Events[E]): void
  stop(): void
}

/**
 * `handlers` gives those of the moment, once there are any. `origins` are those that may connect; the page's own always may. A host is told `hello` when it is named, so that data
 * never goes to `*`.
 */
export function listen(
  window: Window,
  origins: readonly string[],
  handlers: () => Promise<Handlers>,
  onConnect: (guest: Guest) => void,
): Guest {
  const ports = new Set<MessagePort>()
  const allowed = new Set([window.location.origin, ...origins])
  const guest: Guest = {
    emit(type, payload) {
      for (const port of ports) port.postMessage({ k8sbox: 1, type, payload } satisfies Envelope)
    },
    stop() {
      window.removeEventListener('message', onMessage)
      for (const port of ports) port.close()
    },
  }
  const onMessage = (event: MessageEvent): void => {
    const [port] = event.ports
    if (!allowed.has(event.origin) || !isOurs(event.data) || event.data.type !== 'connect' || !port) return
    ports.add(port)
    port.onmessage = ({ data }: MessageEvent<unknown>) => void answer(port, data, handlers)
    onConnect(guest)
  }
  window.addEventListener('message', onMessage)
  if (window.parent !== window) {
    for (const origin of origins) window.parent.postMessage({ k8sbox: 1, type: 'hello' } satisfies Envelope, origin)
  }
  return guest
}

async function answer(port: MessagePort, data: unknown, present: () => Promise<Handlers>): Promise<void> {
  if (!isOurs(data) || typeof data.id !== 'number') return
  const { id, type, payload } = data
  const handlers = await present()
  const handler = Object.hasOwn(handlers, type) ? handlers[type as Call] : undefined
  const say = (message: Pick<Envelope, 'payload' | 'error'>): void =>
    port.postMessage({ k8sbox: 1, id, type: 'answer', ...message } satisfies Envelope)
  if (!handler) return say({ error: { code: 'unknown', message: `unknown call "${type}"` } })
  try {
    say({ payload: (await handler(payload)) ?? null })
  } catch (error) {
    const code = error instanceof CallError ? error.code : 'failed'
    say({ error: { code, message: error instanceof Error ? error.message : String(error) } })
  }
}
