/** Port-forward: connections from outside into a pod's network, to whatever listens there: bytes for who reads them itself, else HTTP. */
import { byteLength } from '#api/bytes.ts'
import type { ApiResponse } from '#api/request.ts'
import type { HttpOutcome, HttpRequest } from '../machinery/http.ts'
import { readRequest, wantedBytes, writeReply } from '../machinery/http-wire.ts'
import type { OpenStream, Road, Streams } from '../machinery/streams.ts'
import type { World } from '../sim/world.ts'
import type { PodRecord } from './pod-record.ts'
import type { ConnectionEvent } from './programs/program.ts'

/** One connection: plain data. */
interface Connection {
  port: number
  /** What has come and is not a whole request yet. */
  text: string
  /** How many bytes that is, and how many the request comes to: a long one is not read again with every piece. */
  bytes: number
  wanted: number
  open: boolean
  /** A reply is on its way; what comes meanwhile waits. */
  busy: boolean
  /** The client has sent all it had. */
  done: boolean
  /** The container whose program reads it itself; empty: it carries requests. */
  container: string
}

interface Forward {
  kind: 'portforward'
  uid: string
  connections: Connection[]
}

export interface ForwardingPorts {
  readonly part: string
  readonly world: World
  readonly streams: Streams
  listens(uid: string, port: number): boolean
  http(uid: string, port: number, request: HttpRequest): HttpOutcome
  /** The container that takes it; null: what listens there knows only requests. */
  connection(uid: string, port: number, event: ConnectionEvent): string | null
}

const UPGRADED: ApiResponse = { status: 101, headers: {}, body: null }

export class Forwarding {
  readonly #ports: ForwardingPorts

  constructor(ports: ForwardingPorts) {
    this.#ports = ports
  }

  open(road: Road & { kind: 'portforward' }, record: PodRecord): ApiResponse {
    const { streams, part } = this.#ports
    const { metadata } = record.pod
    const body = `pod not found ("${metadata.name}_${metadata.namespace}")`
    if (!record.sandbox?.ready) return { status: 500, headers: { 'content-type': 'text/plain; charset=utf-8' }, body }
    const connections = road.ports.map((port) => ({
      port,
      text: '',
      bytes: 0,
      wanted: 0,
      open: true,
      busy: false,
      done: false,
      container: '',
    }))
    streams.take(road.stream, part, { kind: 'portforward', uid: record.uid, connections } satisfies Forward)
    streams.head(road.stream, UPGRADED)
    for (const [i, connection] of connections.entries()) {
      if (this.#ports.listens(record.uid, connection.port)) {
        connection.container = this.#tell(record.uid, connection.port, road.stream, i, 'come') ?? ''
        continue
      }
      streams.out(road.stream, 2 * i + 1, refused(record.sandbox.id, connection.port))
      this.#shut(road.stream, i)
    }
    return UPGRADED
  }

  #tell(uid: string, port: number, stream: number, i: number, what: ConnectionEvent['what'], text = ''): string | null {
    return this.#ports.connection(uid, port, { id: `${stream}/${i}`, what, text })
  }

  /** What a program that reads its connections itself has to say to a client; null: no more. */
  say(connection: string, text: string | null): void {
    const [id, i] = connection.split('/').map(Number) as [number, number]
    if (text === null) this.#shut(id, i)
    else if ((this.#ports.streams.get(id)?.data as Forward | undefined)?.connections[i]?.open)
      this.#ports.streams.out(id, 2 * i, text)
  }

  /** With a container go the connections that it reads. */
  exited(container: string): void {
    for (const { id, data } of this.#ports.streams.of(this.#ports.part))
      if (data.kind === 'portforward')
        for (const [i, one] of (data as Forward).connections.entries()) if (one.container === container) this.#shut(id, i)
  }

  #shut(id: number, i: number): void {
    const { streams } = this.#ports
    const forward: Forward | undefined = streams.get(id)?.data
    const connection = forward?.connections[i]
    if (!forward || !connection?.open) return
    connection.open = false
    streams.shut(id, 2 * i)
    streams.shut(id, 2 * i + 1)
    if (forward.connections.every(({ open }) => !open)) streams.end(id)
  }

  sent(stream: OpenStream, channel: number, data: string): void {
    const forward: Forward = stream.data
    const connection = forward.connections[channel >> 1]
    if (!connection?.open || channel % 2 === 1) return
    if (connection.container !== '') {
      this.#tell(forward.uid, connection.port, stream.id, channel >> 1, 'sent', data)
      return
    }
    connection.text += data
    connection.bytes += byteLength(data)
    if (!connection.busy && connection.bytes >= connection.wanted) this.#read(stream, channel >> 1)
  }

  #read(stream: OpenStream, i: number): void {
    const forward: Forward = stream.data
    const connection = forward.connections[i]
    if (!connection || connection.text === '') return
    const read = readRequest(connection.text)
    connection.wanted = 0
    if (read === 'more') {
      connection.wanted = wantedBytes(connection.text)
      return
    }
    if (read === 'bad') {
      const said = this.#ports.http(forward.uid, connection.port, {
        method: '',
        transport: 'TCP',
        path: '',
        body: connection.text,
      })
      connection.text = ''
      if (said.ok) this.#ports.streams.out(stream.id, 2 * i, said.reply.body)
      this.#shut(stream.id, i)
      return
    }
    connection.text = read.rest
    connection.bytes = byteLength(read.rest)
    const { method } = read.request
    const outcome = this.#ports.http(forward.uid, connection.port, { ...read.request, from: '127.0.0.1' })
    if (!outcome.ok) {
      this.#shut(stream.id, i)
      return
    }
    connection.busy = true
    const { reply } = outcome
    const data = { stream: stream.id, i, text: writeReply(reply, method, read.close), close: read.close }
    this.#ports.world.after(reply.ms ?? 1, this.#ports.part, 'forward', data)
  }

  due({ stream: id, i, text, close }: { stream: number; i: number; text: string; close: boolean }): void {
    const stream = this.#ports.streams.get(id)
    const forward: Forward | undefined = stream?.data
    const connection = forward?.connections[i]
    if (!stream || !connection?.open) return
    this.#ports.streams.out(id, 2 * i, text)
    connection.busy = false
    if (!close) this.#read(stream, i)
    if (close || (connection.done && !connection.busy)) this.#shut(id, i)
  }

  /** The client has sent all it had: once it is answered the connection is over. */
  closed(stream: OpenStream, channel: number): void {
    const connection = (stream.data as Forward).connections[channel >> 1]
    if (channel % 2 === 1 || !connection) return
    connection.done = true
    const { uid } = stream.data as Forward
    if (connection.container !== '') this.#tell(uid, connection.port, stream.id, channel >> 1, 'ended')
    else if (!connection.busy) this.#shut(stream.id, channel >> 1)
  }

  left(stream: OpenStream): void {
    for (const connection of (stream.data as Forward).connections) connection.open = false
  }
}

function refused(sandbox: string, port: number): string {
  const inside = `failed to execute portforward in network namespace "/var/run/netns/cni-${namespaceOf(sandbox)}"`
  const why = `IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused IPv6 dial tcp6 [::1]:${port}: connect: connection refused `
  return `error forwarding port ${port} to pod ${sandbox}, uid : ${inside}: failed to connect to localhost:${port} inside namespace "${sandbox}", ${why}`
}

/** A name as CNI gives it, made of the sandbox's id. */
const namespaceOf = (id: string): string =>
  [id.slice(0, 8), id.slice(8, 12), id.slice(12, 16), id.slice(16, 20), id.slice(20, 32)].join('-')
