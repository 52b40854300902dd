/** Upgraded connections on the bridge: streams of the engine over WebSocket and SPDY, in every dialect that clients speak. */
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ApiRequest, ApiResponse } from '#api/request.ts'
import { reasonOf } from '#engine/machinery/http-wire.ts'
import type { Open, Opened } from './opened.ts'
import { serveSpdyCommand, serveSpdyForward } from './spdy-roads.ts'
import { TUNNEL, WebSocketConnection } from './websocket-roads.ts'

const KIND = /\/(exec|attach|portforward|log)(?:\?|$)/
const COMMANDS = ['v4.channel.k8s.io', 'v3.channel.k8s.io', 'v2.channel.k8s.io', 'channel.k8s.io']
const CHANNELS = [
  'v5.channel.k8s.io',
  'v4.channel.k8s.io',
  'v4.base64.channel.k8s.io',
  'channel.k8s.io',
  'base64.channel.k8s.io',
  '',
]
const FORWARDS = [TUNNEL, 'v4.channel.k8s.io', 'v4.base64.channel.k8s.io', '']
const READERS = ['binary.k8s.io', 'base64.binary.k8s.io', '']

const listed = (header: string | undefined): string[] => (header ?? '').split(',').map((word) => word.trim())

/** Answers an HTTP/1.1 request that wants to upgrade: 101 and what follows, or the refusal. */
export function serveUpgrade(request: ApiRequest, incoming: IncomingMessage, socket: Duplex, head: Buffer, open: Open): void {
  // Clients come and go as they like.
  socket.on('error', () => socket.destroy())
  const kind = KIND.exec(request.path)?.[1]
  const upgrade = (request.headers?.['upgrade'] ?? '').toLowerCase()
  if (upgrade === 'websocket' && kind) websocket(kind, request, socket, head, open)
  else if (upgrade === 'spdy/3.1' && kind && kind !== 'log') spdy(kind, request, socket, head, open)
  else refuse(socket, plain(400, `unable to upgrade to ${incoming.headers.upgrade}`))
}

const plain = (status: number, body: string): ApiResponse => ({ status, headers: { 'content-type': 'text/plain' }, body })

/** Opens the stream; null when it was refused, and the client has been told. */
function opened(request: ApiRequest, socket: Duplex, open: Open): Opened | null {
  const session = open(request)
  const [first, ...events] = session.take()
  if (first && 'open' in first && first.open.status < 300) return { session, events }
  refuse(socket, first && 'open' in first ? first.open : plain(500, ''))
  return null
}

function refuse(socket: Duplex, { status, headers, body }: ApiResponse): void {
  const text = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  const lines = Object.entries({ ...headers, 'content-length': String(text.length), connection: 'close' })
  const head = lines.map(([name, value]) => `${name}: ${value.replace(/\n/g, ', ')}\r\n`).join('')
  socket.end(Buffer.concat([Buffer.from(`HTTP/1.1 ${status} ${reasonOf(status)}\r\n${head}\r\n`), text]))
}

function switched(socket: Duplex, headers: Record<string, string>): void {
  const lines = Object.entries({ Connection: 'Upgrade', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`)
}

function websocket(kind: string, request: ApiRequest, socket: Duplex, head: Buffer, open: Open): void {
  const offered = listed(request.headers?.['sec-websocket-protocol'])
  const served = kind === 'portforward' ? FORWARDS : kind === 'log' ? READERS : CHANNELS
  // The client's order decides, but for version 5, which is meant for whoever knows it.
  const protocol = offered.includes('v5.channel.k8s.io') ? served.find((each) => offered.includes(each)) : undefined
  const chosen = protocol ?? offered.find((each) => served.includes(each))
  if (chosen === undefined) return refuse(socket, plain(403, ''))
  const found = opened(request, socket, open)
  if (!found) return
  const key = request.headers?.['sec-websocket-key'] ?? ''
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  const named: Record<string, string> = chosen === '' ? {} : { 'Sec-WebSocket-Protocol': chosen }
  switched(socket, { Upgrade: 'websocket', 'Sec-WebSocket-Accept': accept, ...named })
  const connection = new WebSocketConnection(socket, chosen)
  if (chosen === TUNNEL) {
    const bytes = { write: (data: Uint8Array) => connection.binary(data), end: () => connection.close(1000) }
    const spdyEnd = serveSpdyForward(bytes, request, found, open)
    connection.start({ onMessage: (data) => spdyEnd.push(data), onEnd: () => spdyEnd.gone() }, head)
  } else connection.serve(kind, request, found, head)
}

function spdy(kind: string, request: ApiRequest, socket: Duplex, head: Buffer, open: Open): void {
  const offered = listed(request.headers?.['x-stream-protocol-version'])
  const served = kind === 'portforward' ? ['portforward.k8s.io'] : COMMANDS
  const chosen = offered.find((each) => served.includes(each))
  if (chosen === undefined && offered.some((each) => each !== '')) {
    return refuse(
      socket,
      plain(
        403,
        `unable to upgrade: unable to negotiate protocol: client supports [${offered.join(' ')}], server accepts [${served.join(' ')}]`,
      ),
    )
  }
  const found = opened(request, socket, open)
  if (!found) return
  switched(socket, { Upgrade: 'SPDY/3.1', ...(chosen ? { 'X-Stream-Protocol-Version': chosen } : {}) })
  const bytes = { write: (data: Uint8Array) => void (socket.writable && socket.write(data)), end: () => void socket.end() }
  const end =
    kind === 'portforward'
      ? serveSpdyForward(bytes, request, found, open)
      : serveSpdyCommand(bytes, request, found, chosen ?? 'channel.k8s.io')
  if (head.length > 0) end.push(head)
  socket.on('data', (data: Buffer) => end.push(data))
  socket.once('close', () => end.gone())
}
