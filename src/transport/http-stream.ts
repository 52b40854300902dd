/** Streams over HTTP: exec, attach and port-forward as a WebSocket, everything else as an answer that is read piece by piece. */
import { bytesOf } from '#api/bytes.ts'
import type { ApiRequest, ApiResponse, Stream, StreamHandlers } from '#api/request.ts'
import { TextReader } from './text-reader.ts'
import { concat } from './websocket.ts'

/** What is needed of a WebSocket; the platform's own will do. */
export interface SocketLike {
  binaryType: string
  onopen: ((event: any) => void) | null
  onmessage: ((event: any) => void) | null
  onclose: ((event: any) => void) | null
  onerror: ((event: any) => void) | null
  readonly protocol: string
  /** What the server answered instead of opening it, where the platform tells. */
  readonly refusal?: Response
  send(data: Uint8Array<ArrayBuffer>): void
  close(): void
}

/** `headers` are what a browser's own cannot send: whom to act as. */
export type OpenSocket = (address: string, protocols: string[], headers?: Readonly<Record<string, string>>) => SocketLike

const UPGRADES = /\/(exec|attach|portforward)(\?|$)/
const COMMANDS = ['v5.channel.k8s.io', 'v4.channel.k8s.io']
const FORWARDS = ['v4.channel.k8s.io']

export const isUpgrade = ({ path }: ApiRequest): boolean => UPGRADES.test(path)

/** `refused` reads why there is no WebSocket, or asks the server in the ordinary way. */
export function socketStream(
  openSocket: OpenSocket,
  server: string,
  request: ApiRequest,
  handlers: StreamHandlers,
  refused: (told?: Response) => Promise<ApiResponse>,
): Stream {
  const forwards = /\/portforward(\?|$)/.test(request.path)
  const socket = openSocket(server.replace(/^http/, 'ws') + request.path, forwards ? FORWARDS : COMMANDS, request.headers)
  socket.binaryType = 'arraybuffer'
  const readers = new Map<number, TextReader>()
  const early: Uint8Array<ArrayBuffer>[] = []
  let state: 'opening' | 'open' | 'over' = 'opening'
  const send = (bytes: Uint8Array): void => {
    const own = new Uint8Array(bytes)
    if (state === 'open') socket.send(own)
    else if (state === 'opening') early.push(own)
  }
  const take = (message: Uint8Array): void => {
    const channel = message[0]
    if (channel === undefined) return
    const known = readers.get(channel)
    const reader = known ?? new TextReader()
    readers.set(channel, reader)
    // A port's channels begin with its number.
    const text = reader.push(message.subarray(forwards && !known ? 3 : 1))
    if (text !== '') handlers.onData(channel, text)
  }
  const end = async (): Promise<void> => {
    if (state === 'over') return
    const failed = state === 'opening'
    state = 'over'
    if (failed) handlers.onOpen?.(await refused(socket.refusal))
    for (const [channel, reader] of readers) {
      const rest = reader.end()
      if (rest !== '') handlers.onData(channel, rest)
    }
    handlers.onEnd?.()
  }
  socket.onopen = () => {
    state = 'open'
    handlers.onOpen?.({ status: 101, headers: {}, body: null })
    for (const bytes of early.splice(0)) send(bytes)
  }
  socket.onmessage = ({ data }) => take(new Uint8Array(data as ArrayBuffer))
  socket.onclose = () => void end()
  socket.onerror = () => void end()
  return {
    send: (channel, data) => send(concat([Uint8Array.of(channel), bytesOf(data)])),
    // Before version 5 an input has no end.
    close: (channel) => {
      if (!forwards) send(Uint8Array.of(255, channel))
    },
    stop() {
      state = 'over'
      socket.close()
    },
  }
}

/** `send` makes the request; `head` is the answer, as far as it has been read. */
export function answerStream(
  send: (signal: AbortSignal) => Promise<Response>,
  handlers: StreamHandlers,
  head: (response: Response, text: string) => ApiResponse,
): Stream {
  const abort = new AbortController()
  const run = async (): Promise<void> => {
    const response = await send(abort.signal)
    if (!response.ok) return handlers.onOpen?.(head(response, await response.text()))
    handlers.onOpen?.(head(response, ''))
    const reader = new TextReader()
    for (const body = response.body?.getReader(); body; ) {
      const { done, value } = await body.read()
      const text = done ? reader.end() : reader.push(value)
      if (text !== '') handlers.onData(1, text)
      if (done) break
    }
  }
  void run()
    .catch((error: unknown) => {
      if (!abort.signal.aborted) handlers.onOpen?.(unreachable(error))
    })
    .finally(() => {
      if (!abort.signal.aborted) handlers.onEnd?.()
    })
  return { send() {}, close() {}, stop: () => abort.abort() }
}

export const unreachable = (error: unknown): ApiResponse => ({
  status: 503,
  headers: { 'content-type': 'text/plain' },
  body: error instanceof Error ? error.message : String(error),
})
