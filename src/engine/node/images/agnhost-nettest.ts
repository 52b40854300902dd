/** agnhost's nettest: keeps count of who has written to it. */
import type { HttpReply, HttpRequest } from '../../machinery/http.ts'
import type { Host } from '../programs/program.ts'
import { flag } from '../web.ts'
import type { AgnhostState, Subcommand } from './agnhost.ts'

const PEERS = 8
const text = (body: string): HttpReply => ({ status: 200, body, headers: { 'content-type': 'text/plain; charset=utf-8' } })

function write(request: HttpRequest, state: AgnhostState, host: Host): HttpReply {
  const source = sourceOf(request.body ?? '')
  if (source === '') state.errors = [...(state.errors ?? []), `${host.hostname}: Got request with no source`]
  else state.received = { ...state.received, [source]: (state.received?.[source] ?? 0) + 1 }
  return text(`${JSON.stringify({ Hostname: host.hostname })}\n`)
}

function sourceOf(body: string): string {
  try {
    const { Source: source } = JSON.parse(body) as { Source?: unknown }
    return typeof source === 'string' ? source : ''
  } catch {
    return ''
  }
}

function read({ received = null as AgnhostState['received'] | null, errors = null as string[] | null }, host: Host): HttpReply {
  const state = { Hostname: host.hostname, Sent: null, Received: received, Errors: errors, Log: null, StillContactingPeers: true }
  return text(JSON.stringify(state, null, '\t'))
}

export const nettest: Subcommand = {
  listens: (host) => [Number(flag(host.argv, 'port') ?? 8080)],
  http(request, state, host) {
    switch (request.path.split('?')[0]) {
      case '/read':
        return read(state, host)
      case '/write':
        return write(request, state, host)
      case '/status':
        return text(Object.keys(state.received ?? {}).length >= Number(flag(host.argv, 'peers') ?? PEERS) ? 'pass' : 'running')
      case '/quit':
        host.exit(0)
        return text('')
      default:
        return { status: 404, body: '404 page not found\n' }
    }
  },
}
