/** How clients and servers in images speak protocols of their own: by values, so that nothing that others send is taken for them. */
import type { HttpReply, NoReply } from '../../machinery/http.ts'
import type { Host } from '../programs/program.ts'

/** An answer; the bytes of somebody who does not speak the protocol (none: the connection was closed); or why nobody is reached. */
export type Heard<T> = { message: T } | { bytes: string } | { why: NoReply }

/** `first`: the bytes with which a client begins; empty where it waits for the server's. */
export function speak<T>(host: Host, to: string, port: number, protocol: string, message: unknown, first = ''): Heard<T> {
  const outcome = host.fetch(to, port, { method: '', transport: 'TCP', path: '', body: first, protocol, message })
  if (!outcome.ok) return outcome.why === 'empty reply' ? { bytes: '' } : { why: outcome.why }
  const { reply } = outcome
  if (reply.protocol === protocol) return { message: reply.message as T }
  // What some give as a reply would begin like this on the wire.
  const isHttp = reply.headers !== undefined || (reply.status >= 300 && !reply.body.startsWith('HTTP/'))
  return { bytes: !isHttp ? reply.body : first === '' ? '' : `HTTP/1.1 ${reply.status} \r\n` }
}

export const said = (protocol: string, message: unknown): HttpReply => ({ status: 200, body: '', protocol, message })

/** The connection is closed without a word. */
export const CLOSED: HttpReply = { status: 0, body: '' }
