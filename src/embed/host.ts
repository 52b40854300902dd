/** The host's side of the frame: connects to a sandbox, calls it, and hears its events. */
import { type AnswerMessage, type Call, type CallMessage, type Connect, type EventMessage, isOurs } from './protocol.ts'

export interface Sandbox {
  call(type: Call, payload?: unknown): Promise<unknown>
  close(): void
}

const TRY_EVERY_MS = 500
const TRIES = 40

/** Connects to the frame, whose origin must be known; rejects when nobody answers for twenty seconds. */
export function connect(frame: HTMLIFrameElement, origin: string, onEvent: (event: EventMessage) => void): Promise<Sandbox> {
  return new Promise((resolve, reject) => {
    let tries = 0
    let channel: MessageChannel | null = null
    const attempt = (): void => {
      channel?.port1.close()
      if (tries++ >= TRIES) {
        clearInterval(timer)
        reject(new Error('the sandbox does not answer'))
        return
      }
      channel = new MessageChannel()
      const { port1, port2 } = channel
      port1.onmessage = ({ data }: MessageEvent<unknown>) => {
        if (!isOurs(data) || data.event !== 'ready') return
        clearInterval(timer)
        resolve(sandboxOver(port1, onEvent))
        onEvent(data as EventMessage)
      }
      frame.contentWindow?.postMessage({ tabernetes: 1, type: 'connect' } satisfies Connect, origin, [port2])
    }
    const timer = setInterval(attempt, TRY_EVERY_MS)
  })
}

function sandboxOver(port: MessagePort, onEvent: (event: EventMessage) => void): Sandbox {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let serial = 0
  port.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (!isOurs(data)) return
    if (data.event) return onEvent(data as EventMessage)
    const { id, payload, error } = data as AnswerMessage
    const asked = waiting.get(id)
    waiting.delete(id)
    if (error) asked?.reject(new Error(error.message))
    else asked?.resolve(payload)
  }
  return {
    call: (type, payload) =>
      new Promise((resolve, reject) => {
        serial += 1
        waiting.set(serial, { resolve, reject })
        port.postMessage({ tabernetes: 1, id: serial, type, payload } satisfies CallMessage)
      }),
    close: () => port.close(),
  }
}
