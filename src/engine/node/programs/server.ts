/** The program that plays an image's own server, as its declaration says. */
import type { HttpReply, HttpRequest } from '../../machinery/http.ts'
import type { Host, Program } from './program.ts'

export const server: Program = {
  start: (host) => host.image.start?.(host) ?? null,
  wake: (state, host) => host.image.wake?.(state, host) ?? state,
  signal(state, signal, host) {
    if (signal === 'HUP' && host.image.reload) return host.image.reload(state, host)
    if (signal === 'TERM' && host.image.term) return host.image.term(state, host)
    const code = host.image.onTerm === undefined ? 0 : host.image.onTerm
    if (code !== null && (signal === 'TERM' || signal === 'INT' || signal === 'QUIT')) host.exit(code)
    return state
  },
  listens: (state, host) => host.image.listens?.(state, host) ?? [],
  http: (request, state, host, port) =>
    request.transport === 'TCP' && request.protocol !== (host.image.speaks ?? '')
      ? talked(request, state, host, port)
      : (host.image.http?.(request, state, host, port) ?? [{ status: 404, body: '' }, state]),
  connection: (event, state, host, port) => host.image.connection?.(event, state, host, port) ?? null,
  nextChange: (state, host) => host.image.nextChange?.(state, host) ?? Number.POSITIVE_INFINITY,
}

/** A connection that does not speak HTTP. */
function talked({ body = '' }: HttpRequest, state: any, host: Host, port: number): [HttpReply, any] {
  const { text } = host.image
  if (!text) return [{ status: 400, body: body === '' ? '' : NO_REQUEST }, state]
  const [answer, next] = text(body, state, host, port)
  return [{ status: 200, body: answer }, next]
}

/** What no request is, a web server refuses in its own words. */
const NO_REQUEST =
  'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request'
