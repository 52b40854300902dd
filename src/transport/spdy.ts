/** SPDY/3.1 as Kubernetes speaks it, the server's side: many streams over one connection, with headers compressed by a dictionary. */
import { constants, createDeflate, createInflate } from 'node:zlib'

export interface SpdyStream {
  readonly id: number
  readonly headers: Readonly<Record<string, string>>
  onData: ((data: Buffer) => void) | null
  /** The client will send no more, or has reset the stream. */
  onEnd: (() => void) | null
  write(data: Uint8Array): void
  /** Nothing more will be sent. */
  end(): void
}

/** Words with their lengths in front, then a tail of what else is common: the dictionary that SPDY/3 fixes. */
const WORDS =
  'options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age allow authorization cache-control connection content-base content-encoding content-language content-length content-location content-md5 content-range content-type date etag expect expires from host if-match if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards pragma proxy-authenticate proxy-authorization range referer retry-after server te trailer transfer-encoding upgrade user-agent vary via warning www-authenticate method get status 200_OK version HTTP/1.1 url public set-cookie keep-alive origin'
const TAIL =
  '100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.'

export const dictionary = (): Buffer =>
  Buffer.concat([
    ...WORDS.split(' ').flatMap((word) => {
      const length = Buffer.alloc(4)
      length.writeUInt32BE(word.length)
      return [length, Buffer.from(word.replace('_', ' '))]
    }),
    Buffer.from(TAIL),
  ])

const SYN_STREAM = 1
const SYN_REPLY = 2
const RST_STREAM = 3
const PING = 6
const GOAWAY = 7
const WINDOW_UPDATE = 9
const FIN = 1
const CHUNK = 16_384

export class Spdy {
  readonly #write: (bytes: Uint8Array) => void
  readonly #onStream: (stream: SpdyStream) => void
  readonly #inflate = createInflate({ dictionary: dictionary(), finishFlush: constants.Z_SYNC_FLUSH })
  readonly #deflate = createDeflate({ dictionary: dictionary(), flush: constants.Z_SYNC_FLUSH })
  #rest = Buffer.alloc(0)
  #streams = new Map<number, SpdyStream>()
  #turn: Promise<void> = Promise.resolve()
  #last = 0
  /** The client has said that it goes. */
  onGoAway: (() => void) | null = null

  constructor(write: (bytes: Uint8Array) => void, onStream: (stream: SpdyStream) => void) {
    this.#write = write
    this.#onStream = onStream
  }

  push(bytes: Uint8Array): void {
    this.#rest = Buffer.concat([this.#rest, bytes])
    for (;;) {
      const length = this.#rest.length < 8 ? Number.POSITIVE_INFINITY : this.#rest.readUInt32BE(4) & 0xff_ffff
      if (this.#rest.length < 8 + length) return
      const frame = this.#rest.subarray(0, 8 + length)
      this.#rest = this.#rest.subarray(8 + length)
      // Headers are inflated asynchronously: frames wait for their turn.
      this.#turn = this.#turn.then(() => this.#frame(frame))
    }
  }

  async #frame(frame: Buffer): Promise<void> {
    const flags = frame[4] as number
    const body = frame.subarray(8)
    if (((frame[0] as number) & 0x80) === 0) return this.#data(frame.readUInt32BE(0), flags, body)
    switch (frame.readUInt16BE(2)) {
      case SYN_STREAM:
        return this.#opened(flags, body)
      case RST_STREAM:
        this.#streams.get(body.readUInt32BE(0))?.onEnd?.()
        return
      case PING:
        return this.#control(PING, 0, body)
      case GOAWAY:
        this.onGoAway?.()
    }
  }

  #data(id: number, flags: number, body: Buffer): void {
    const stream = this.#streams.get(id)
    if (body.length > 0) {
      for (const of of [id, 0]) {
        const update = Buffer.alloc(8)
        update.writeUInt32BE(of, 0)
        update.writeUInt32BE(body.length, 4)
        this.#control(WINDOW_UPDATE, 0, update)
      }
      stream?.onData?.(body)
    }
    if ((flags & FIN) !== 0) stream?.onEnd?.()
  }

  async #opened(flags: number, body: Buffer): Promise<void> {
    const id = body.readUInt32BE(0)
    const headers = headersOf(await flushed(this.#inflate, body.subarray(10)))
    const none = await flushed(this.#deflate, Buffer.alloc(4))
    this.#control(SYN_REPLY, 0, Buffer.concat([body.subarray(0, 4), none]))
    const stream: SpdyStream = {
      id,
      headers,
      onData: null,
      onEnd: null,
      write: (data) => this.#send(id, data, 0),
      end: () => this.#send(id, Buffer.alloc(0), FIN),
    }
    this.#last = Math.max(this.#last, id)
    this.#streams.set(id, stream)
    this.#onStream(stream)
    if ((flags & FIN) !== 0) stream.onEnd?.()
  }

  forget(stream: SpdyStream): void {
    this.#streams.delete(stream.id)
  }

  /** Tells the client that no more streams are taken. */
  goAway(): void {
    const body = Buffer.alloc(8)
    body.writeUInt32BE(this.#last, 0)
    this.#control(GOAWAY, 0, body)
  }

  #send(id: number, data: Uint8Array, flags: number): void {
    for (let at = 0; at === 0 || at < data.length; at += CHUNK) {
      const piece = data.subarray(at, at + CHUNK)
      const head = Buffer.alloc(8)
      head.writeUInt32BE(id, 0)
      head.writeUInt32BE(((at + CHUNK >= data.length ? flags : 0) * 0x100_0000 + piece.length) >>> 0, 4)
      this.#write(Buffer.concat([head, piece]))
    }
  }

  #control(type: number, flags: number, body: Uint8Array): void {
    const head = Buffer.alloc(8)
    head.writeUInt16BE(0x8003, 0)
    head.writeUInt16BE(type, 2)
    head.writeUInt32BE((flags * 0x100_0000 + body.length) >>> 0, 4)
    this.#write(Buffer.concat([head, body]))
  }
}

function headersOf(bytes: Buffer): Record<string, string> {
  const headers: Record<string, string> = {}
  let at = 4
  const text = (): string => {
    const length = bytes.readUInt32BE(at)
    at += 4 + length
    return bytes.toString('latin1', at - length, at)
  }
  for (let left = bytes.readUInt32BE(0); left > 0; left--) {
    const name = text()
    headers[name.toLowerCase()] = text()
  }
  return headers
}

/** What a zlib stream makes of some bytes. */
function flushed(
  stream: ReturnType<typeof createInflate> | ReturnType<typeof createDeflate>,
  bytes: Uint8Array,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const out: Buffer[] = []
    const take = (piece: Buffer): void => void out.push(piece)
    stream.on('data', take)
    stream.once('error', reject)
    stream.write(bytes)
    stream.flush(constants.Z_SYNC_FLUSH, () => {
      stream.off('data', take)
      stream.off('error', reject)
      resolve(Buffer.concat(out))
    })
  })
}
