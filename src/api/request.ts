/** The words both sides of the bridge share: an HTTP request, its answer, watch events, and the ways to send them. */
import type { AnyObject, KubeObject } from './meta.ts'
import type { Raft } from './raft.ts'

export interface ApiRequest {
  method: string
  /** Path and query, as on the wire: `/api/v1/pods?limit=5`. */
  path: string
  /** Header names in lower case. */
  headers?: Record<string, string>
  /** Text as it came, or an already parsed JSON value (then it counts as application/json unless a content type says else). */
  body?: unknown
  /** Who the transport knows the caller to be; else a certificate decides, else the headers, else it is anonymous. */
  user?: UserInfo
  /** PEM of the client certificate that was shown: whose it is, and whether it holds, the server finds out. */
  certificate?: string
  /** The answer as the very text that came, where the transport has it as text. */
  verbatim?: true
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
  /** Nothing more will come on this channel. */
  onClose?(channel: number): void
  /** The server has closed the stream; not called after `stop()`. */
  onEnd?(): void
}

/** What a stream brings, in order; `open` comes first, `end` last. */
export type StreamEvent = { open: ApiResponse } | { channel: number; data: string } | { closed: number } | { end: true }

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
  /** Set where a header with several values (lines) would reach the server as one. */
  readonly joinsHeaders?: boolean
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
  /** Set while the past is shown: simulated ms since the beginning at which the present stands. */
  present?: number
  /** The earliest moment one can go back to, likewise. */
  earliest?: number
  /** Counts the forks: when it changes, what was known of later times holds no longer. */
  branch?: number
  /** Machines without power. */
  off?: readonly string[]
  broken?: Broken
  /** etcd's members, where the control plane has several. */
  raft?: Raft
  /** A life that was left by a fork, and can be taken up again. */
  canRejoin?: boolean
  error?: string
}

/** A fault, or any other thing that happens to the cluster from outside the API. Recorded as an input. */
export type Fault =
  /** With `graceSeconds` a machine that is switched off ends its pods first. */
  | { kind: 'node-power'; node: string; on: boolean; graceSeconds?: number }
  | { kind: 'node-kubelet'; node: string; on: boolean }
  /** `bare`: it runs, and has the packages, but nobody has joined it to the cluster. `kubelet`: the version it has. */
  | { kind: 'node-add'; name?: string; cpu?: string; memory?: string; zone?: string; bare?: boolean; kubelet?: string }
  | { kind: 'container-kill'; namespace: string; pod: string; container: string }
  | { kind: 'pod-kill'; namespace: string; pod: string }
  /** A machine and the control plane can't reach each other; Pods still can. */
  | { kind: 'node-link'; node: string; on: boolean }
  /** The wire between two machines: so much later each way, so many of 100 packets lost (100: cut); none of both: well. */
  | ({ kind: 'wire' } & Wire)
  | { kind: 'node-disk'; node: string; full: boolean }
  /** The configuration of a machine's network plugin is gone, or back. */
  | { kind: 'node-plugin'; node: string; on: boolean }
  /** A manifest in the folder of static pods of a machine's kubelet; `null` takes it away. */
  | { kind: 'node-manifest'; node: string; file: string; manifest: AnyObject | null }
  /** `docker.io`; empty: all of them. */
  | { kind: 'registry'; registry: string; state: 'well' | 'slow' | 'down' }
  /** A base image (`debian`, `alpine`) is mended, and every image built on it is there anew, under the tags it had. */
  | { kind: 'base-image'; base: string }
  /** A registry becomes a private one: users and passwords. */
  | { kind: 'registry-accounts'; registry: string; accounts: Record<string, string> }
  /**
   * `kube-apiserver`, `etcd`, `kube-scheduler`, `kube-controller-manager`, or one of its controllers. With several machines
   * `etcd-control-plane-2` and so on, and `control-plane-2` for the machine itself.
   */
  | { kind: 'component'; component: string; on: boolean }
  /** These machines of the control plane and its other machines can't reach each other; empty: all their wires are whole. */
  | { kind: 'partition'; machines: readonly string[] }
  /** All clocks jump ahead; what should have happened meanwhile happens at once. */
  | { kind: 'clock-jump'; ms: number }
  | { kind: 'traffic'; service: string; namespace: string; perSecond: number }

export interface Wire {
  a: string
  b: string
  ms: number
  loss: number
}

/** What was broken on purpose, and is so still. */
export interface Broken {
  /** Parts of the control plane that were stopped. */
  components: readonly string[]
  /** The control plane's machines, where it has several. */
  controlPlanes?: readonly string[]
  /** Machines whose kubelet can't reach the control plane. */
  cut: readonly string[]
  /** Machines whose kubelet was stopped. */
  kubelets: readonly string[]
  /** Machines whose disk is full. */
  disks: readonly string[]
  /** Machines whose network plugin is not configured. */
  plugins: readonly string[]
  /** Registries that are slow or down; an empty name stands for all. */
  registries: readonly { registry: string; state: 'well' | 'slow' | 'down' }[]
  wires: readonly Wire[]
}

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
  /** For refusals: the stage of the API server's path that said no. */
  stage?: string
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

/** Requests from outside to one Service, and what became of them so far. */
export interface Visitors {
  namespace: string
  service: string
  perSecond: number
  served: number
  lost: number
}

/** What the page is sent about the simulation itself, batched per frame. */
export interface SimulationNews {
  status: SimulationStatus
  trace: TraceLine[]
  flights: Flight[]
  visitors?: Visitors[]
  /** The trace and the flights are of another life than those before: they replace them. */
  anew?: boolean
}

/** What the scheduler's last cycle said about one node. */
export interface NodeVerdict {
  node: string
  /** Who turned it down and why; absent when the Pod would fit. */
  rejected?: { plugin: string; reasons: string[]; preemptionMayHelp: boolean }
  /** Weighted points per plugin, and their sum; absent when there was nothing to choose between. */
  scores?: Record<string, number>
  total?: number
}

/** Why a Pod is where it is, or why it waits. */
export interface Explanation {
  /** `namespace/name`. */
  pod: string
  /** When it was last tried, ms since 1970. */
  at: number
  /** Where it was put; absent while it waits. */
  node?: string
  /** Why it could not be put anywhere. */
  message?: string
  /** The node it drove other Pods from, and waits for. */
  nominated?: string
  nodes: NodeVerdict[]
  /** Nodes that were not looked at, because enough others fit. */
  unseen: number
}

/** Something done to the cluster in one go, as a person would count: what `undo` takes back. */
export interface Deed {
  /** Place of its first input in the session. */
  first: number
  text: string
  elapsed: number
}

/** What one may let time run until. */
export type Goal =
  /** Every Pod is ready or done, every workload as large as asked for. */
  | { kind: 'ready' }
  /** Nothing has been written for so long. */
  | { kind: 'stable'; quietMs?: number }
  /** A Pod falls into trouble, or a node falls silent. */
  | { kind: 'failure' }
  /** Somebody writes something. */
  | { kind: 'write' }
  /** A controller, the scheduler or a kubelet takes up one thing. */
  | { kind: 'reconcile' }
  | { kind: 'condition'; resource: string; namespace: string; name: string; type: string; status: string }

export interface GoalOutcome {
  reached: boolean
  /** What ended it, in a few words. */
  what: string
  status: SimulationStatus
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
  /** Runs until the goal is reached, or `limitMs` have passed. */
  runUntil(goal: Goal, limitMs: number): Promise<GoalOutcome>
  fault(fault: Fault): Promise<void>
  /** Shows the past as it was; writes are refused there until one resumes or forks. */
  seek(elapsed: number): Promise<SimulationStatus>
  /** Back to the present. */
  resume(): Promise<SimulationStatus>
  /** The shown moment becomes the present; what came after it is left. */
  fork(): Promise<SimulationStatus>
  /** Back into the life that was left last. */
  rejoin(): Promise<SimulationStatus>
  /** Takes the last deed back; what it was, or `null` when there was none. */
  undo(): Promise<Deed | null>
  deeds(): Promise<Deed[]>
  /** Says what the writes that follow are about: the command as it was typed. */
  mark(text: string): Promise<void>
  /** The scheduler's last word on a Pod. */
  explain(namespace: string, pod: string): Promise<Explanation | null>
  /** Seed and inputs so far: what a share link carries. */
  session(): Promise<Session>
  /** Everything as text; `load` on a new cluster goes on identically. */
  save(): Promise<string>
  subscribe(onNews: (news: SimulationNews) => void): Stop
}

/** An input, with the moment it arrived: simulated ms since the cluster was made, and due-queue entries run before it. */
export type SessionInput = { at: number; step: number } & (
  | { request: ApiRequest; anybody?: true }
  | { fault: Fault }
  /** What the inputs that follow are about: a command as it was typed, a button as it was pressed. */
  | { mark: string }
  /** A stream is opened; streams are numbered in the order in which they are. */
  | { open: ApiRequest; anybody?: true }
  /** Its client sends something, has no more to send on a channel (`data` absent), or goes away (`channel` absent). */
  | { stream: number; channel?: number; data?: string }
)

export interface Session {
  version: 1
  seed: string
  /** Simulated milliseconds since 1970 at which the cluster began. */
  epoch: number
  nodes: number
  scene: string
  /** What was added to the bare cluster: `metrics-server`. */
  addons?: readonly string[]
  /** How many machines the control plane has, where it is not one. */
  controlPlanes?: number
  inputs: SessionInput[]
  /** How long the session lasted, simulated ms. */
  until: number
  /** What a lesson came to in it, as its sender's page had it: by the ids of what it counts. */
  score?: { lesson: string; board: Readonly<Record<string, string>> }
}
