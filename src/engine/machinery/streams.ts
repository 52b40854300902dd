/** Streams: the roads between outside clients and whatever answers them below: numbered, and plain data as far as they live in the world. */
import type { ApiResponse, StreamEvent } from '#api/request.ts'
import type { Part, World } from '../sim/world.ts'

/** Whoever answers streams: a kubelet, the proxy of the API server. Found by name, so that a saved stream finds it again. */
export interface StreamServer {
  /** The client has sent something. */
  sent(stream: OpenStream, channel: number, data: string): void
  /** The client will send nothing more on this channel. */
  closed(stream: OpenStream, channel: number): void
  /** The client has gone. */
  left(stream: OpenStream): void
}

export interface OpenStream {
  id: number
  /** Name of its server; empty until somebody has taken it. */
  server: string
  /** What its server remembers of it: plain data. */
  data: any
}

/** How the last Status is put: as version 5 of the protocol has it (a translator on the way repeats some words), or as before. */
export type Style = 'v5' | 'v4'

/** A road that the API server asks a kubelet for: it goes on over the stream, once the kubelet has agreed. */
export type Road = { stream: number; node: string; namespace: string; pod: string; style: Style } & (
  | { kind: 'exec'; container: string; command: string[]; stdin: boolean; stdout: boolean; stderr: boolean; tty: boolean }
  | { kind: 'attach'; container: string; stdin: boolean; stdout: boolean; stderr: boolean }
  | { kind: 'portforward'; ports: number[] }
  | { kind: 'log'; container: string; options: Record<string, string> }
)

/** What a transport holds of a stream. Everything it does is an input of the world. */
export interface StreamSession {
  /** What has come since the last call. */
  take(): StreamEvent[]
  /** Told when there is something to take. */
  onReady: (() => void) | null
  /** `end` is, or was, the last event. */
  readonly ended: boolean
  send(channel: number, data: string): void
  close(channel: number): void
  /** The client goes away. */
  stop(): void
}

/** Where what comes for a client waits for its transport. Not part of the world: nobody below can see it. */
interface Outlet {
  events: StreamEvent[]
  size: number
  onReady: (() => void) | null
  ended: boolean
}

/** A client that doesn't take what it asked for is cut off when so many characters wait for it. */
const LIMIT = 64 * 1024 * 1024

export class Streams implements Part {
  readonly name = 'streams'
  readonly #world: World
  #next = 1
  #open = new Map<number, OpenStream>()
  readonly #servers = new Map<string, StreamServer>()
  readonly #outlets = new Map<number, Outlet>()

  constructor(world: World) {
    this.#world = world
    world.join(this)
  }

  serve(name: string, server: StreamServer): void {
    this.#servers.set(name, server)
  }

  // ——— for the outside

  create(): number {
    const id = this.#next++
    this.#open.set(id, { id, server: '', data: null })
    return id
  }

  /** The client's end of the stream that is created next; `input` is told what the client does. */
  session(input: (what: { stream: number; channel?: number; data?: string }) => void): StreamSession {
    const id = this.#next
    const outlet: Outlet = { events: [], size: 0, onReady: null, ended: false }
    this.#outlets.set(id, outlet)
    return {
      take: () => {
        const { events } = outlet
        outlet.events = []
        outlet.size = 0
        return events
      },
      get onReady() {
        return outlet.onReady
      },
      set onReady(tell) {
        outlet.onReady = tell
      },
      get ended() {
        return outlet.ended
      },
      send: (channel, data) => {
        if (!outlet.ended && data !== '') input({ stream: id, channel, data })
      },
      close: (channel) => {
        if (!outlet.ended) input({ stream: id, channel })
      },
      stop: () => {
        this.#outlets.delete(id)
        if (!outlet.ended) input({ stream: id })
        outlet.ended = true
      },
    }
  }

  /** What the client has done reaches the server. */
  input({ stream: id, channel, data }: { stream: number; channel?: number; data?: string }): void {
    const stream = this.#open.get(id)
    if (!stream) return
    const server = this.#servers.get(stream.server)
    if (channel === undefined) {
      this.#open.delete(id)
      server?.left(stream)
    } else if (data === undefined) server?.closed(stream, channel)
    else server?.sent(stream, channel, data)
  }

  // ——— for servers

  /** The stream is `server`'s from now on. */
  take(id: number, server: string, data: unknown): void {
    const stream = this.#open.get(id)
    if (stream) Object.assign(stream, { server, data })
  }
  get(id: number): OpenStream | undefined {
    return this.#open.get(id)
  }

  of(server: string): OpenStream[] {
    return [...this.#open.values()].filter((stream) => stream.server === server)
  }

  head(id: number, response: ApiResponse): void {
    this.#emit(id, { open: response })
  }
  out(id: number, channel: number, data: string): void {
    if (data !== '') this.#emit(id, { channel, data })
  }
  shut(id: number, channel: number): void {
    this.#emit(id, { closed: channel })
  }
  end(id: number): void {
    this.#emit(id, { end: true })
    this.#open.delete(id)
  }

  /** An answer that takes this long, as a whole. */
  answerLater(id: number, response: ApiResponse, ms: number): void {
    this.take(id, this.name, null)
    this.#world.after(ms, this.name, 'answer', { id, response })
  }

  #emit(id: number, event: StreamEvent): void {
    const outlet = this.#outlets.get(id)
    if (!outlet || outlet.ended || !this.#open.has(id)) return
    outlet.events.push(event)
    if ('end' in event) {
      outlet.ended = true
      this.#outlets.delete(id)
    }
    if ('data' in event) {
      outlet.size += event.data.length
      // Nobody below may notice: to them it is as if the client read on.
      if (outlet.size > LIMIT) outlet.events = [{ end: true }]
      outlet.ended ||= outlet.size > LIMIT
    }
    outlet.onReady?.()
  }

  due(what: string, data: any): void {
    if (what !== 'answer' || !this.#open.has(data.id)) return
    const { id, response } = data
    this.answer(id, response)
  }

  /** A plain answer: head, body, end. A refusal's head holds its body. */
  answer(id: number, response: ApiResponse): void {
    this.head(id, response)
    const { status, body } = response
    if (status < 300) this.out(id, 1, typeof body === 'string' ? body : body ? JSON.stringify(body) : '')
    this.end(id)
  }

  save(): unknown {
    return { next: this.#next, open: [...this.#open.values()] }
  }
  load(saved: any): void {
    this.#next = saved.next
    this.#open = new Map(saved.open.map((stream: OpenStream) => [stream.id, stream]))
  }
}
