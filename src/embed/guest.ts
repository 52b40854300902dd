/** The sandbox's side of the frame: answers the calls of hosts whose origin was named, and of nobody else. */
import { type AnswerMessage, type Call, type CallMessage, type EventMessage, type Hello, isOurs } from './protocol.ts'

export type Handlers = Record<Call, (payload: unknown) => Promise<unknown>>

export interface Guest {
  emit(event: EventMessage['event'], payload: unknown): void
  stop(): void
}

/**
 * `origins` are those that may connect; the page's own always may. A host is told `hello` when it is named, so that data
 * never goes to `*`.
 */
export function listen(window: Window, origins: readonly string[], handlers: Handlers, onConnect: (guest: Guest) => void): Guest {
  const ports = new Set<MessagePort>()
  const allowed = new Set([window.location.origin, ...origins])
  const guest: Guest = {
    emit(event, payload) {
      for (const port of ports) port.postMessage({ tabernetes: 1, event, payload } satisfies EventMessage)
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
    for (const origin of origins) window.parent.postMessage({ tabernetes: 1, type: 'hello' } satisfies Hello, origin)
  }
  return guest
}

async function answer(port: MessagePort, data: unknown, handlers: Handlers): Promise<void> {
  if (!isOurs(data) || typeof data.id !== 'number') return
  const { id, type, payload } = data as CallMessage
  const handler = Object.hasOwn(handlers, type) ? handlers[type] : undefined
  const say = (message: Omit<AnswerMessage, 'tabernetes' | 'id'>): void =>
    port.postMessage({ tabernetes: 1, id, ...message } satisfies AnswerMessage)
  if (!handler) return say({ error: { code: 'unknown', message: `unknown call "${type}"` } })
  try {
    say({ payload: await handler(payload) })
  } catch (error) {
    say({ error: { code: 'failed', message: error instanceof Error ? error.message : String(error) } })
  }
}
