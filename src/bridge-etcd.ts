/** The bridge's second door: the cluster's etcd on loopback, by gRPC (HTTP/2 without TLS) and by its JSON gateway (HTTP/1.1). */
import { createServer as createPlain, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttp2, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import { createServer, type Server, type Socket } from 'node:net'
import type { Cluster } from '#engine'
import {
  EtcdError,
  type EtcdView,
  etcdDoor,
  fromBytes,
  gateway,
  latin1,
  methodOf,
  type Said,
  toBytes,
} from '#engine/cluster-etcd.ts'

const SERVICE = /^\/etcdserverpb\.(.+)$/
const UNIMPLEMENTED = 12
const INTERNAL = 13
/** So often watches look for news. */
const PACE_MS = 50
const PREFACE = 'PRI * HTTP/2'

/** The cluster's etcd, as it stands now. */
type Door = () => EtcdView

/** Tells the time before anybody is answered. */
type CatchUp = () => void

interface Watch {
  id: number
  request: Said
  /** The revision that it has not seen yet. */
  from: number
}

const frame = (text: string): Buffer => {
  const head = Buffer.alloc(5)
  head.writeUInt32BE(text.length, 1)
  return Buffer.concat([head, Buffer.from(text, 'latin1')])
}

/** Reads messages as they come: a flag, four bytes of length, and as many more. */
function frames(stream: ServerHttp2Stream, each: (text: string) => void): void {
  let held = Buffer.alloc(0)
  stream.on('data', (chunk: Buffer) => {
    held = Buffer.concat([held, chunk])
    while (held.length >= 5 && held.length >= 5 + held.readUInt32BE(1)) {
      const end = 5 + held.readUInt32BE(1)
      each(latin1(held.subarray(5, end)))
      held = held.subarray(end)
    }
  })
}

const HEAD = { ':status': 200, 'content-type': 'application/grpc' }

const escaped = (text: string): string => encodeURIComponent(text).replaceAll('%20', ' ').replaceAll('%3A', ':')

/** A call of gRPC: its head goes out with the first message, its status at the end. */
class Call {
  readonly stream: ServerHttp2Stream
  #open = false
  readonly #gives: NonNullable<ReturnType<typeof methodOf>>['gives']

  constructor(stream: ServerHttp2Stream, gives: Call['gives']) {
    this.stream = stream
    this.#gives = gives
  }
  get gives(): NonNullable<ReturnType<typeof methodOf>>['gives'] {
    return this.#gives
  }

  send(said: Said): void {
    if (this.stream.closed || this.stream.destroyed) return
    this.begin()
    this.stream.write(frame(toBytes(this.#gives, said)))
  }

  begin(): void {
    if (this.#open) return
    this.#open = true
    this.stream.respond(HEAD, { waitForTrailers: true })
    this.stream.once('wantTrailers', () => this.stream.sendTrailers({ 'grpc-status': '0' }))
  }

  end(): void {
    if (this.stream.closed || this.stream.destroyed) return
    this.begin()
    this.stream.end()
  }
}

function refuse(stream: ServerHttp2Stream, error: unknown): void {
  if (stream.closed || stream.destroyed || stream.headersSent) return void stream.close()
  const [code, message] = error instanceof EtcdError ? [error.code, error.message] : [INTERNAL, String(error)]
  stream.respond({ ...HEAD, 'grpc-status': String(code), 'grpc-message': escaped(message) }, { endStream: true })
}

class Watches {
  readonly #door: Door
  readonly #call: Call
  #watches: Watch[] = []
  #next = 0

  constructor(door: Door, call: Call) {
    this.#door = door
    this.#call = call
  }

  asked({ create_request: create, cancel_request: cancel, progress_request: progress }: Said): void {
    const { kv } = this.#door()
    if (create) {
      const id = this.#next++
      this.#watches.push({ id, request: { ...create, key: create.key || '\0' }, from: create.start_revision || kv.revision + 1 })
      this.#call.send({ header: kv.header(), watch_id: id, created: true })
      this.look()
    } else if (cancel) {
      const id = cancel.watch_id ?? 0
      this.#watches = this.#watches.filter((each) => each.id !== id)
      this.#call.send({ header: kv.header(), watch_id: id, canceled: true })
    } else if (progress) this.#call.send({ header: kv.header(), watch_id: -1 })
  }

  /** Sends what has happened since it last looked. */
  look(): void {
    const { kv } = this.#door()
    for (const watch of [...this.#watches]) {
      if (watch.from > kv.revision) continue
      try {
        for (const answer of kv.events({ ...watch.request, start_revision: watch.from }))
          this.#call.send({ ...answer, watch_id: watch.id })
        watch.from = Math.max(watch.from, kv.revision + 1)
      } catch (error) {
        if (!(error instanceof EtcdError)) throw error
        this.#watches = this.#watches.filter((each) => each !== watch)
        const header = { ...kv.header(), revision: 0 }
        this.#call.send({ header, watch_id: watch.id, canceled: true, compact_revision: kv.compacted })
      }
    }
  }
}

function watching(door: Door, call: Call, takes: Call['gives'], catchUp: CatchUp): void {
  const watches = new Watches(door, call)
  const timer = setInterval(() => watches.look(), PACE_MS)
  frames(call.stream, (text) => {
    catchUp()
    watches.asked(fromBytes(takes, text))
  })
  call.begin()
  call.stream.once('close', () => clearInterval(timer))
  call.stream.once('end', () => call.end())
}

function answer(door: Door, stream: ServerHttp2Stream, path: string, catchUp: CatchUp): void {
  const name = SERVICE.exec(path)?.[1] ?? ''
  const method = methodOf(name)
  // A snapshot's file would have to be a database of bbolt's.
  if (!method || name === 'Maintenance/Snapshot') {
    return refuse(
      stream,
      new EtcdError(UNIMPLEMENTED, `unknown method ${name.split('/')[1] ?? ''} for service etcdserverpb.${name.split('/')[0]}`),
    )
  }
  const call = new Call(stream, method.gives)
  if (name === 'Watch/Watch') return watching(door, call, method.takes, catchUp)
  frames(stream, (text) => {
    try {
      catchUp()
      call.send(door().kv.call(name, fromBytes(method.takes, text)))
      if (!method.streams) call.end()
    } catch (error) {
      refuse(stream, error)
    }
  })
  if (method.streams) stream.once('end', () => call.end())
}

async function plain(door: Door, incoming: IncomingMessage, outgoing: ServerResponse, catchUp: CatchUp): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  catchUp()
  const { kv, server } = door()
  const request = { method: incoming.method ?? 'GET', path: incoming.url ?? '/', body: Buffer.concat(chunks).toString('utf8') }
  const { status, headers, body } = gateway(kv, server, request)
  outgoing.writeHead(status, headers).end(body)
}

/** Listens on loopback; what a client begins with tells which protocol it speaks. */
export function serveEtcd(cluster: Cluster, port: number, catchUp: CatchUp): Server {
  const door = etcdDoor(cluster)
  const grpc = createHttp2({ maxSessionMemory: 1024 })
  grpc.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on('error', () => {})
    answer(door, stream, String(headers[':path'] ?? ''), catchUp)
  })
  const web = createPlain((incoming, outgoing) => {
    plain(door, incoming, outgoing, catchUp).catch((error: unknown) => {
      console.error(error)
      outgoing.destroy()
    })
  })
  const server = createServer((socket: Socket) => {
    socket.once('error', () => socket.destroy())
    socket.once('data', (first: Buffer) => {
      socket.pause()
      socket.unshift(first)
      const isGrpc = first.toString('latin1').startsWith(PREFACE.slice(0, first.length))
      ;(isGrpc ? grpc : web).emit('connection', socket)
      if (!isGrpc) socket.resume()
    })
  })
  return server.listen(port, '127.0.0.1')
}
