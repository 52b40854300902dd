/** Requests over HTTP with fetch: any API server that speaks JSON, `kubectl proxy` or our bridge among them. */
import type { ApiRequest, ApiResponse, Stream, StreamHandlers, Transport, WatchEvent } from '#api/request.ts'
import { failure } from '#api/status.ts'
import { answerStream, isUpgrade, type OpenSocket, socketStream, unreachable } from './http-stream.ts'
import { watchBySocket } from './http-watch.ts'

export interface HttpOptions {
  /** `http://127.0.0.1:8001`, without a slash at the end. */
  server: string
  /** Sent with every request: a bearer token, for example. */
  headers?: Record<string, string>
  /** Another fetch: one that knows the server's certificate, for example. */
  fetch?: typeof globalThis.fetch
  /** Another WebSocket, for the same reason. */
  socket?: OpenSocket
  /** Watches travel over WebSockets, for browsers that speak HTTP/1.1 to the server. */
  watchBySocket?: boolean
}

const platformSocket: OpenSocket = (address, protocols) => new WebSocket(address, protocols)

/** A header of several lines is sent once per line. */
const sentAs = (headers: Record<string, string>): [string, string][] =>
  Object.entries(headers).flatMap(([name, value]) => value.split('\n').map((one): [string, string] => [name, one]))

export function http(options: HttpOptions): Transport {
  const { server, headers = {}, fetch = globalThis.fetch, socket = platformSocket } = options
  const send = (request: ApiRequest, signal?: AbortSignal): Promise<Response> => {
    const { method, path, body } = request
    const type: Record<string, string> =
      body === undefined || request.headers?.['content-type'] ? {} : { 'content-type': 'application/json' }
    return fetch(server + path, {
      method,
      headers: sentAs({ ...headers, ...type, ...request.headers }),
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    })
  }
  const ask = async (request: ApiRequest, told?: Response): Promise<ApiResponse> => {
    const response = told ?? (await send(request))
    const text = await response.text()
    const answer = answerOf(response, text)
    return request.verbatim && response.ok ? { ...answer, body: text } : answer
  }
  return {
    // As browsers do it, and Node's own fetch.
    joinsHeaders: options.fetch === undefined,
    request: (request) => ask(request),
    stream(request, handlers) {
      if (!isUpgrade(request)) return answerStream((signal) => send(request, signal), handlers, answerOf)
      if (socket === platformSocket && actsAs(request)) return refused(handlers)
      return socketStream(socket, server, request, handlers, (told) =>
        ask({ ...request, method: 'GET' }, told).catch(unreachable),
      )
    },
    watch(request, handlers) {
      if (options.watchBySocket && !actsAs(request)) return watchBySocket(socket, server, request, handlers)
      const abort = new AbortController()
      const run = async (): Promise<void> => {
        const response = await send(request, abort.signal)
        if (!response.ok || !response.body) {
          handlers.onOpen?.(answerOf(response, await response.text()))
          return
        }
        handlers.onOpen?.(answerOf(response, ''))
        await readLines(response.body, (events) => handlers.onEvents(events))
      }
      void run()
        .catch((error: unknown) => {
          if (!abort.signal.aborted) handlers.onOpen?.(unreachable(error))
        })
        .finally(() => {
          if (!abort.signal.aborted) handlers.onEnd?.()
        })
      return () => abort.abort()
    },
  }
}

/** The platform's WebSockets carry no headers: who acts as somebody else would act as themselves. */
const actsAs = ({ headers = {} }: ApiRequest): boolean =>
  Object.keys(headers).some((name) => name.toLowerCase().startsWith('impersonate-'))

function refused(handlers: StreamHandlers): Stream {
  const body = failure(400, 'BadRequest', 'a browser cannot say over a WebSocket whom to act as')
  void Promise.resolve().then(() => {
    handlers.onOpen?.({ status: 400, headers: { 'content-type': 'application/json' }, body })
    handlers.onEnd?.()
  })
  return { send() {}, close() {}, stop() {} }
}

function answerOf(response: Response, text: string): ApiResponse {
  const headers = Object.fromEntries(response.headers)
  // Several warnings arrive as one header, joined by commas between quoted texts.
  if (headers['warning']) headers['warning'] = headers['warning'].replace(/",\s*(?=\d{3} )/g, '"\n')
  const isJson = /\bjson\b/.test(headers['content-type'] ?? '')
  return { status: response.status, headers, body: isJson && text !== '' ? JSON.parse(text) : text }
}

/** One event per line; those of one chunk come as one batch. */
async function readLines(body: ReadableStream<Uint8Array>, onEvents: (events: WatchEvent[]) => void): Promise<void> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const lines = (rest + decoder.decode(value, { stream: true })).split('\n')
    rest = lines.pop() as string
    const events = lines.filter(Boolean).map((line) => JSON.parse(line) as WatchEvent)
    if (events.length > 0) onEvents(events)
  }
}
