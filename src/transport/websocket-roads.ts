/** Streams over WebSocket: one message is a channel's number and its data, as bytes or in base64; or the bytes of a log alone. */
import type { Duplex } from 'node:stream'
import { bytesOf } from '#api/bytes.ts'
import type { ApiRequest, StreamEvent } from '#api/request.ts'
import type { StreamSession } from '#engine'
import type { Opened } from './opened.ts'
import { plainStatus } from './plain-status.ts'
import { TextReader } from './text-reader.ts'
import { closeFrame, concat, FrameReader, frame } from './websocket.ts'

/** SPDY inside of a WebSocket, for port-forward. */
export const TUNNEL = 'SPDY/3.1+portforward.k8s.io'

const CLOSE_CHANNEL = 255
const DIGIT = 48

export class WebSocketConnection {
  readonly #socket: Duplex
  readonly #protocol: string
  readonly #reader = new FrameReader()
  readonly #texts = new Map<number, TextReader>()
  #closed = false

  constructor(socket: Duplex, protocol: string) {
    this.#socket = socket
    this.#protocol = protocol
  }

  binary(data: Uint8Array): void {
    this.#write(frame('binary', data))
  }
  close(code: number): void {
    if (this.#closed) return
    this.#write(closeFrame(code))
    this.#closed = true
    this.#socket.end()
  }
  #write(bytes: Uint8Array): void {
    if (!this.#closed && this.#socket.writable) this.#socket.write(bytes)
  }

  start({ onMessage, onEnd }: { onMessage(data: Uint8Array): void; onEnd(): void }, head: Buffer): void {
    const take = (bytes: Buffer): void => {
      for (const { type, data } of this.#reader.push(bytes)) {
        if (type === 'ping') this.#write(frame('pong', data))
        else if (type === 'close') this.close(1000)
        else if (type !== 'pong') onMessage(data)
      }
    }
    if (head.length > 0) take(head)
    this.#socket.on('data', take)
    this.#socket.once('close', onEnd)
  }

  /** `kind`: exec, attach, portforward or log. */
  serve(kind: string, request: ApiRequest, { session, events }: Opened, head: Buffer): void {
    if (kind === 'log') this.#socket.on('data', () => {})
    if (kind === 'portforward') this.#ports(request)
    else if (kind !== 'log') this.#channel(lowest(request), new Uint8Array(0))
    const tell = (event: StreamEvent): void => {
      if ('data' in event) this.#out(kind, event.channel, event.data)
      else if ('end' in event) this.close(1000)
    }
    const flush = (): void => {
      for (const event of session.take()) tell(event)
    }
    for (const event of events) tell(event)
    session.onReady = () => setImmediate(flush)
    this.start({ onMessage: (data) => this.#in(session, data), onEnd: () => session.stop() }, head)
    flush()
  }

  /** Each port's two channels begin with its number. */
  #ports({ path }: ApiRequest): void {
    const ports = new URLSearchParams(path.slice(path.indexOf('?') + 1)).getAll('ports').flatMap((list) => list.split(','))
    for (const [i, port] of ports.map(Number).entries()) {
      const bytes = Uint8Array.of(port & 255, port >> 8)
      this.#channel(2 * i, bytes)
      this.#channel(2 * i + 1, bytes)
    }
  }

  #out(kind: string, channel: number, data: string): void {
    const before4 = this.#protocol === 'channel.k8s.io' || this.#protocol === 'base64.channel.k8s.io' || this.#protocol === ''
    if (kind === 'log') this.#plain(bytesOf(data))
    else if (kind !== 'portforward' && channel === 3 && before4) this.#channel(3, bytesOf(plainStatus(data)))
    else this.#channel(channel, bytesOf(data))
  }

  get #base64(): boolean {
    return this.#protocol.includes('base64.')
  }
  #plain(data: Uint8Array): void {
    if (this.#base64) this.#write(frame('text', Buffer.from(Buffer.from(data).toString('base64'))))
    else this.binary(data)
  }
  #channel(channel: number, data: Uint8Array): void {
    if (this.#base64) {
      const text = `${String.fromCharCode(DIGIT + channel)}${Buffer.from(data).toString('base64')}`
      this.#write(frame('text', Buffer.from(text)))
    } else this.binary(concat([Uint8Array.of(channel), data]))
  }

  #in(session: StreamSession, message: Uint8Array): void {
    const first = message[0]
    if (first === undefined) return
    if (first === CLOSE_CHANNEL) {
      const channel = message[1]
      if (!this.#protocol.startsWith('v5.') || channel === undefined) return
      session.send(channel, this.#text(channel).end())
      session.close(channel)
      return
    }
    const rest = message.subarray(1)
    const channel = this.#base64 ? first - DIGIT : first
    const data = this.#base64 ? Buffer.from(Buffer.from(rest).toString('latin1'), 'base64') : rest
    session.send(channel, this.#text(channel).push(data))
  }
  #text(channel: number): TextReader {
    const known = this.#texts.get(channel) ?? new TextReader()
    this.#texts.set(channel, known)
    return known
  }
}

/** The channel that an empty message goes out on first, to tell the client that all is well. */
function lowest({ path }: ApiRequest): number {
  const query = new URLSearchParams(path.slice(path.indexOf('?') + 1))
  const wants = (name: string): boolean => ['true', '1'].includes(query.get(name) ?? '')
  return wants('stdout') ? 1 : wants('stderr') ? 2 : 3
}
