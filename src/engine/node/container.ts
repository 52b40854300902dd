/** A container as the runtime keeps it: plain data. */

import type { DiskState } from '#posix/disk.ts'
import type { Privileges } from '#posix/privileges.ts'
import type { KernelState } from '#posix/state.ts'
import type { HttpRequest } from '../machinery/http.ts'
import type { CpuTime } from './cpu-time.ts'
import { firstBytes, lastBytes } from './cut-bytes.ts'
import type { Mount } from './files.ts'
import type { Load } from './meter.ts'
import type { Terminal } from './terminal.ts'

export interface LogLine {
  at: number
  stream: 'stdout' | 'stderr'
  text: string
  /** No newline has ended it. */
  partial?: true
}

/** Requests of one probe: at `first`, and then `every` so many ms until `until` (null: still). */
export interface Visits {
  kind: string
  first: number
  every: number
  until: number | null
  port: number
  request: HttpRequest
}

export interface ProcessState {
  pid: number
  /** Name of its program in `programs/index.ts`. */
  program: string
  argv: string[]
  state: any
  /** Sequence number of its timer in the due-queue. */
  timer: number | null
  /** Signals don't reach it: a shell stands before it. */
  deaf?: boolean
  /** What the kubelet wants to know when it ends: empty for process 1. */
  purpose: string
  /** Output of an exec, which does not go to the log: all of it, and what of it was written to standard error. */
  output: string
  errors: string
  /** What has come on standard input and was not read yet; null: it is /dev/null. */
  stdin: { text: string; ended: boolean } | null
  /** Its standard streams are a terminal. */
  terminal: Terminal | null
  /** The stream of the client that asked for it: output goes there as it comes. */
  stream: number | null
}

export const newProcess = (pid: number, program: string, argv: string[], purpose: string): ProcessState => ({
  pid,
  program,
  argv,
  state: null,
  timer: null,
  purpose,
  output: '',
  errors: '',
  stdin: null,
  terminal: null,
  stream: null,
})

export interface ContainerState {
  id: string
  podUid: string
  name: string
  /** As shown in the status: `docker.io/library/nginx:1.27`. */
  image: string
  imageId: string
  attempt: number
  state: 'created' | 'running' | 'exited'
  createdAt: number
  startedAt: number
  finishedAt: number
  exitCode: number
  reason: string
  message: string
  argv: string[]
  env: Record<string, string>
  hostname: string
  podIp: string
  ports: number[]
  /** MiB; 0 is no limit. */
  memoryLimitMi: number
  /** Milli-CPU that it is given at most; absent: no limit. */
  cpuMost?: number | undefined
  /** Milli-CPU of steady work that it wants, where it is given less. */
  cpuWant?: number
  /** Once its rate has changed. */
  cpu?: CpuTime
  messagePath: string
  messagePolicy: string
  user: number
  /** Process 1 has a standard input, which ends with the first client's if it is for one only; and a terminal. */
  stdin: boolean
  stdinOnce: boolean
  tty: boolean
  /** Streams of the clients attached to process 1. */
  attached: number[]
  /** Streams of those who follow its log. */
  followers: number[]
  /** Process 1 first. */
  processes: ProcessState[]
  nextPid: number
  /** Whose processes its own are numbered with: a Pod's uid, another container's id; absent: only its own. */
  pidSpace?: string | undefined
  /** What was written over the image's files. */
  disk: DiskState | null
  /** Its kernel, once a script runs in it or somebody looks into it. */
  kernel: KernelState | null
  kernelTimer: number | null
  /** How long it last paused because its processes never wait. */
  breath?: number
  oomScoreAdj?: number
  cwd?: string
  gid?: number
  privileges?: Privileges
  groups?: number[]
  /** Volumes that are kept in memory, and the bytes that may be on each. */
  memoryVolumes?: Record<string, number>
  mounts: Mount[]
  readOnlyRoot: boolean
  logs: LogLine[]
  /** Of the present log file: its bytes, and at which of the kubelet's looks it was last written to. */
  logBytes?: number
  logLook?: number
  /** Text of each stream that no newline has ended yet. */
  partial: { stdout: string; stderr: string }
  hits: number
  /** How many of them lately. */
  load?: Load
  /** Probes that come by regularly: their log lines are a formula of time, not kept one by one. */
  visits: Visits[]
  /** What it was last told to use, MiB. */
  memoryMi: number
}

/** Lines kept per container. */
export const LOG_LIMIT = 2000
/** Longest piece that stays in one log line. */
const PARTIAL_LIMIT = 16_384

/** A file that has grown beyond this is set aside at the next look, and a new one begun: logs are read from that alone. */
const ROTATE_BYTES = 10 * 1_048_576
const ROTATE_MS = 10_000
/** Moment, stream and tag before each line's text. */
const PREFIX_BYTES = 40

function rotate(container: ContainerState, now: number): void {
  const look = Math.floor(now / ROTATE_MS)
  if ((container.logBytes ?? 0) > ROTATE_BYTES && look > (container.logLook ?? look)) {
    container.logs = []
    container.logBytes = 0
  }
  container.logLook = look
}

/** Lines said lately: containers of one image say the same when they start, and one text does for all of them. */
const said = new Map<string, string>()
const SAID = 2048
const LONG_LINE = 200

function shared(line: string): string {
  if (line.length > LONG_LINE) return line
  const known = said.get(line)
  if (known !== undefined) return known
  if (said.size === SAID) said.clear()
  said.set(line, line)
  return line
}

/** Adds output to a container's log, line by line. */
export function writeLog(container: ContainerState, stream: 'stdout' | 'stderr', text: string, now: number): void {
  const lines = (container.partial[stream] + text).split('\n')
  container.partial[stream] = (lines.pop() as string).slice(0, PARTIAL_LIMIT)
  if (lines.length > 0) rotate(container, now)
  for (const line of lines) {
    container.logs.push({ at: now, stream, text: shared(line) })
    container.logBytes = (container.logBytes ?? 0) + line.length + PREFIX_BYTES
  }
  // Trimmed by halves, so that the cost per line stays flat.
  if (container.logs.length > LOG_LIMIT * 2) container.logs = container.logs.slice(-LOG_LIMIT)
}

/** A last line without newline belongs to the log when the process ends, and stays without. */
export function flushLog(container: ContainerState, now: number): void {
  for (const stream of ['stdout', 'stderr'] as const) {
    const text = container.partial[stream]
    container.partial[stream] = ''
    if (text) container.logs.push({ at: now, stream, text, partial: true })
  }
}

const MESSAGE_BYTES = 4096
const FALLBACK_BYTES = 2048
const FALLBACK_LINES = 80

/** `terminated.message`: what was written to the message file, or the end of the log. */
export function terminationMessage(container: ContainerState, file: string | undefined): string {
  if (file) return firstBytes(file, MESSAGE_BYTES)
  if (container.messagePolicy !== 'FallbackToLogsOnError' || container.exitCode === 0) return ''
  const text = container.logs
    .slice(-FALLBACK_LINES)
    .map(({ text, partial }) => (partial ? text : `${text}\n`))
    .join('')
  return lastBytes(text, FALLBACK_BYTES)
}
