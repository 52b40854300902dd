/** Streams over SPDY: one SPDY stream per channel, named in its headers. */
import { bytesOf } from '#api/bytes.ts'
import type { ApiRequest, StreamEvent } from '#api/request.ts'
import type { StreamSession } from '#engine'
import type { Open, Opened } from './opened.ts'
import { plainStatus } from './plain-status.ts'
import { Spdy, type SpdyStream } from './spdy.ts'
import { TextReader } from './text-reader.ts'

/** Where the bytes of the connection go. */
export interface Bytes {
  write(data: Uint8Array): void
  end(): void
}

export interface SpdyEnd {
  push(data: Uint8Array): void
  /** The connection has been lost. */
  gone(): void
}

const CHANNELS: Record<string, number> = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 }
/** After the last frame the client gets this long to read it. */
const LINGER_MS = 50

/** exec and attach: what comes for the client waits until it has made all its streams. */
export function serveSpdyCommand(bytes: Bytes, request: ApiRequest, { session, events }: Opened, protocol: string): SpdyEnd {
  const streams = new Map<number, SpdyStream>()
  const before4 = protocol !== 'v4.channel.k8s.io'
  const tell = (event: StreamEvent): void => {
    if ('data' in event) {
      const text = event.channel === 3 && before4 ? plainStatus(event.data) : event.data
      streams.get(event.channel)?.write(bytesOf(text))
    } else if ('end' in event) {
      for (const channel of [1, 2, 3]) streams.get(channel)?.end()
      setTimeout(() => bytes.end(), LINGER_MS)
    }
  }
  const flush = (): void => {
    for (const event of session.take()) tell(event)
  }
  const begin = (): void => {
    for (const event of events) tell(event)
    session.onReady = () => setImmediate(flush)
    flush()
  }
  const wanted = expected(request, protocol)
  const spdy = new Spdy(bytes.write, (stream) => {
    const channel = CHANNELS[stream.headers['streamtype'] ?? '']
    if (channel === undefined) return
    streams.set(channel, stream)
    receive(stream, session, channel)
    if (streams.size === wanted) begin()
  })
  return { push: (data) => spdy.push(data), gone: () => session.stop() }
}

function receive(stream: SpdyStream, session: StreamSession, channel: number): void {
  const text = new TextReader()
  stream.onData = (data) => session.send(channel, text.push(data))
  stream.onEnd = () => {
    session.send(channel, text.end())
    session.close(channel)
  }
}

/** How many streams the client will make. */
function expected({ path }: ApiRequest, protocol: string): number {
  const query = new URLSearchParams(path.slice(path.indexOf('?') + 1))
  const wants = (name: string): boolean => ['true', '1'].includes(query.get(name) ?? '')
  const tty = wants('tty')
  const resizes = tty && (protocol.startsWith('v4') || protocol.startsWith('v3'))
  return 1 + Number(wants('stdin')) + Number(wants('stdout')) + Number(wants('stderr') && !tty) + Number(resizes)
}

/** Port-forward: a pair of streams per connection, which opens a stream of the engine of its own. */
export function serveSpdyForward(bytes: Bytes, request: ApiRequest, { session, events }: Opened, open: Open): SpdyEnd {
  const pairs = new Map<string, { data?: SpdyStream; error?: SpdyStream }>()
  const connections = new Set<StreamSession>()
  const spdy = new Spdy(bytes.write, (stream) => {
    const { streamtype, requestid } = stream.headers
    if (streamtype !== 'data' && streamtype !== 'error') return
    // Old clients count: the error stream's number is the pair's.
    const key = requestid ?? String(streamtype === 'error' ? stream.id : stream.id - 2)
    const pair = { ...pairs.get(key), [streamtype]: stream }
    pairs.set(key, pair)
    if (!pair.data || !pair.error) return
    pairs.delete(key)
    connect(spdy, pair.data, pair.error, request, open, connections)
  })
  const over = (event: StreamEvent): void => {
    if ('end' in event) bytes.end()
  }
  session.onReady = () => {
    for (const event of session.take()) over(event)
  }
  for (const event of events) over(event)
  return {
    push: (data) => spdy.push(data),
    gone() {
      session.stop()
      for (const connection of connections) connection.stop()
    },
  }
}

function connect(
  spdy: Spdy,
  data: SpdyStream,
  error: SpdyStream,
  request: ApiRequest,
  open: Open,
  connections: Set<StreamSession>,
): void {
  const path = request.path.slice(0, request.path.indexOf('?') < 0 ? undefined : request.path.indexOf('?'))
  const session = open({ ...request, path: `${path}?ports=${data.headers['port'] ?? ''}` })
  connections.add(session)
  const ended = new Set<SpdyStream>()
  const end = (stream: SpdyStream): void => {
    if (!ended.has(stream)) stream.end()
    ended.add(stream)
  }
  let refused = false
  const tell = (event: StreamEvent): void => {
    if ('open' in event) refused = event.open.status !== 101
    else if ('data' in event) (refused || event.channel === 1 ? error : data).write(bytesOf(event.data))
    else if ('closed' in event) end(event.closed === 0 ? data : error)
    else {
      end(error)
      end(data)
      connections.delete(session)
      spdy.forget(data)
      spdy.forget(error)
    }
  }
  const flush = (): void => {
    for (const event of session.take()) tell(event)
  }
  receive(data, session, 0)
  session.onReady = () => setImmediate(flush)
  flush()
}
