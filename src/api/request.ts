/** The words both sides of the bridge share: an HTTP request, its answer, watch events, and the ways to send them. */
import type { KubeObject } from './meta.ts'

export interface ApiRequest {
  method: string
  /** Path and query, as on the wire: `/api/v1/pods?limit=5`. */
  path: string
  /** Header names in lower case. */
  headers?: Record<string, string>
  /** Text as it came, or an already parsed JSON value (then it counts as application/json unless a content type says else). */
  body?: unknown
  /** Who the transport knows the caller to be (a client certificate's subject); else the headers decide, else anonymous. */
  user?: UserInfo
}

export interface UserInfo {
  name: string
  groups: string[]
  uid?: string
  extra?: Record<string, string[]>
}

export interface ApiResponse {
  status: number
  /** Header names in lower case; `warning` may hold several values joined by newlines. */
  headers: Record<string, string>
  /** A JSON value (then the content type is a JSON one), or text. Must not be changed: objects are shared with the store. */
  body: unknown
}

export type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'

export interface WatchEvent<T = KubeObject> {
  type: WatchEventType
  object: T
}

/** A running watch on the client's side. */
export interface WatchHandlers {
  /** The answer's status line: 200 before the first event, or the refusal (then no event follows). */
  onOpen?(response: ApiResponse): void
  /** One call per batch, in order. */
  onEvents(events: WatchEvent<any>[]): void
  /** The server ended the stream (timeout, error); not called after `stop()`. */
  onEnd?(): void
}

export type Stop = () => void

/**
 * A request whose answer goes on, seen from the client: exec, attach, port-forward, a log that is followed, a proxied
 * request that takes simulated time. Channels are those of remotecommand: 0 stdin, 1 stdout (or the body of a plain
 * answer), 2 stderr, 3 the final Status as JSON text, 4 terminal size (`{"Width":80,"Height":24}`); for port-forward,
 * 2i is the data and 2i+1 the errors of the i-th port. Data is text in the sense of `bytes.ts`.
 */
export interface StreamHandlers {
  /** The answer's head, once there is one: 101 or 200, or a refusal with its Status (then only `onEnd` follows). */
  onOpen?(response: ApiResponse): void
  onData(channel: number, data: string): void
  /** The server has closed the stream; not called after `stop()`. */
  onEnd?(): void
}

export interface Stream {
  send(channel: number, data: string): void
  /** Nothing more will be sent on this channel (end of file on stdin). */
  close(channel: number): void
  /** The client goes away. */
  stop(): void
}

/** Any way to reach an API server: in process, over a worker's port, over HTTP. */
export interface Transport {
  request(request: ApiRequest): Promise<ApiResponse>
  watch(request: ApiRequest, handlers: WatchHandlers): Stop
  /** Absent where only plain requests and watches are possible. */
  stream?(request: ApiRequest, handlers: StreamHandlers): Stream
  /** Clock, faults, trace and snapshots: only a simulated cluster has them. */
  readonly simulation?: SimulationPort
}

export type Speed = number | 'paused' | 'max'

export interface SimulationStatus {
  /** Simulated milliseconds since 1970. */
  now: number
  /** Simulated milliseconds since the cluster was made. */
  elapsed: number
  speed: Speed
  seed: string
  /** Due-queue entries that have run. */
  steps: number
  error?: string
}

/** A fault, or any other thing that happens to the cluster from outside the API. Recorded as an input. */
export type Fault =
  | { kind: 'node-power'; node: string; on: boolean }
  | { kind: 'node-kubelet'; node: string; on: boolean }
  | { kind: 'node-add'; name?: string; cpu?: string; memory?: string; zone?: string }
  | { kind: 'container-kill'; namespace: string; pod: string; container: string }
  | { kind: 'traffic'; service: string; namespace: string; perSecond: number }

/** One line of the story: who did what to which object, and why. */
export interface TraceLine {
  seq: number
  at: number
  by: string
  verb: string
  resource: string
  namespace: string
  name: string
  code: number
  because: string
}

/** One HTTP request's walk through the simulated network, hop by hop. */
export interface FlightHop {
  at: string
  did: string
  why: string
}
export interface Flight {
  seq: number
  at: number
  from: string
  service: string
  pod: string
  node: string
  status: number
  ms: number
  hops: FlightHop[]
}

/** What the page is sent about the simulation itself, batched per frame. */
export interface SimulationNews {
  status: SimulationStatus
  trace: TraceLine[]
  flights: Flight[]
}

export interface SimulationPort {
  status(): Promise<SimulationStatus>
  setSpeed(speed: Speed): Promise<void>
  /** Runs one due-queue entry. */
  step(): Promise<SimulationStatus>
  /** Runs this many simulated milliseconds as fast as possible. */
  advance(ms: number): Promise<SimulationStatus>
  /** Runs until nothing was written for `quietMs` of simulated time, or `limitMs` have passed. */
  settle(quietMs: number, limitMs: number): Promise<SimulationStatus>
  fault(fault: Fault): Promise<void>
  /** Seed and inputs so far: what a share link carries. */
  session(): Promise<Session>
  /** Everything as text; `load` on a new cluster goes on identically. */
  save(): Promise<string>
  subscribe(onNews: (news: SimulationNews) => void): Stop
}

/** An input, with the moment it arrived: simulated ms since the cluster was made, and due-queue entries run before it. */
export type SessionInput = { at: number; step: number } & ({ request: ApiRequest; anybody?: true } | { fault: Fault })

export interface Session {
  version: 1
  seed: string
  /** Simulated milliseconds since 1970 at which the cluster began. */
  epoch: number
  nodes: number
  scene: string
  inputs: SessionInput[]
  /** How long the session lasted, simulated ms. */
  until: number
}
