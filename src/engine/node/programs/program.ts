/** A program that a container runs: a state machine whose state is plain data, told when it starts, wakes, or gets a signal. */
import type { HttpOutcome, HttpReply, HttpRequest } from '../../machinery/http.ts'
import type { Files } from '../files.ts'
import type { Image } from '../image.ts'
import type { Terminal } from '../terminal.ts'

export type Signal = 'TERM' | 'INT' | 'QUIT' | 'HUP' | 'KILL' | 'USR1'

/** What becomes of a client's connection: it has come, brings something, or will bring nothing more. */
export interface ConnectionEvent {
  /** Its name, for `host.say`. */
  id: string
  what: 'come' | 'sent' | 'ended'
  text: string
}

/** What a program can see and do while it runs. */
export interface Host {
  /** Simulated ms since 1970. */
  readonly now: number
  readonly image: Image
  /** The image's tag and repository, as pulled: `2.0`, `google-samples/hello-app`. */
  readonly tag: string
  readonly repository: string
  readonly argv: readonly string[]
  /** The number of its process. */
  readonly pid: number
  readonly env: Readonly<Record<string, string>>
  readonly hostname: string
  readonly podIp: string
  readonly nodeName: string
  /** The user it runs as. */
  readonly user: number
  /** It has a standard input: one that may bring something, now or later. */
  readonly stdin: boolean
  /** Its standard streams are a terminal: its size; set `raw` for every key as it is pressed, without echo. */
  readonly terminal: Terminal | null
  /** Takes what has come on standard input; empty while there is nothing. */
  read(): string
  /** Standard input has ended, and all of it has been read. */
  readonly inputEnded: boolean
  /** Command line of process 1. */
  readonly mainArgv: readonly string[]
  /** TCP ports that the container declares. */
  readonly declaredPorts: readonly number[]
  readonly files: Files
  /** A piece of standard output (or error); lines end with a newline. */
  out(text: string, stream?: 'stdout' | 'stderr'): void
  /** Likewise, on process 1's own streams: into the container's log. */
  mainOut(text: string, stream: 'stdout' | 'stderr'): void
  /** Sends a signal to process 1, once this process has acted. */
  signalMain(signal: Signal): void
  /** Calls `wake` after so long; one timer per process, a new one replaces it. */
  wake(delayMs: number): void
  exit(code: number): void
  /** Uses this much memory from now on, in MiB; above the container's limit the kernel kills it. */
  memory(mi: number): void
  /** An HTTP request over the cluster's network. */
  fetch(host: string, port: number, request: HttpRequest): HttpOutcome
  /** A request to something in its own pod; null when nothing listens there. */
  local(port: number, request: HttpRequest): HttpOutcome | null
  /** Something for the client of a connection that came with a `ConnectionEvent`; null: nothing more will come. */
  say(connection: string, text: string | null): void
  /** Addresses of a name, as the pod's resolver answers. */
  resolve(name: string): string[]
  random(below: number): number
  /** How many requests the container has answered, without probes. */
  readonly served: number
  /** Whether process 1 has a capability: `CHOWN`. */
  capable(name: string): boolean
  /** Below this path all is as the image has it: nothing was written there, nothing mounted, and it can be written to. */
  untouched(path: string): boolean
  /** What kind of file system a path lies on: `tmpfs`, `ext4`, `overlay`. */
  mountType(path: string): string
  /** Runs a command in the container, to its end and at once. */
  run(argv: readonly string[]): { output: string; code: number }
}

export interface Program<S = any> {
  start(host: Host): S
  wake?(state: S, host: Host): S
  /** Something has come on standard input, or it has ended, or the terminal has another size. */
  input?(state: S, host: Host): S
  /** Absent: as process 1 it ignores every signal but KILL. */
  signal?(state: S, signal: Signal, host: Host): S
  listens?(state: S, host: Host): readonly number[]
  http?(request: HttpRequest, state: S, host: Host, port: number): [HttpReply, S]
  /** Reads a connection itself, byte for byte; absent, or null: it only knows requests. */
  connection?(event: ConnectionEvent, state: S, host: Host, port: number): S | null
  nextChange?(state: S, host: Host): number
}
