/** What a kernel remembers: processes, open files, pipes and terminals, as plain data. */
import type { Privileges } from './privileges.ts'
import type { ShellState } from './shell/state.ts'

export type Signal = string

export interface Proc {
  pid: number
  ppid: number
  pgid: number
  sid: number
  /** As `ps` shows it. */
  argv: string[]
  /** Name of its program in the kernel's table. */
  program: string
  /** The program's own state. */
  data: any
  shell: ShellState | null
  env: Record<string, string>
  cwd: string
  umask: number
  uid: number
  /** The one that started it, where a program runs as its owner. */
  realUid?: number
  gid: number
  groups: number[]
  /** Descriptor → number of an open file. */
  fds: Record<number, number>
  state: 'run' | 'wait' | 'stop' | 'zombie'
  /** In the run queue. */
  queued: boolean
  /** What it waits for: a channel's name; empty: nothing but time. */
  wait: string
  /** When it wakes by itself. */
  due: number | null
  pending: Signal[]
  ignored: Signal[]
  status: number
  /** The signal that ended it. */
  killed: Signal | null
  started: number
  /** Steps it has taken, as its share of processor time. */
  ticks: number
  /** Bytes it holds beyond a process' usual few. */
  memory: number
  /** Controlling terminal. */
  tty: number
}

export const newProc = (pid: number, ppid: number, argv: readonly string[], now: number): Proc => ({
  pid,
  ppid,
  pgid: pid,
  sid: pid,
  argv: [...argv],
  program: 'exec',
  data: null,
  shell: null,
  env: {},
  cwd: '/',
  umask: 0o022,
  uid: 0,
  gid: 0,
  groups: [],
  fds: {},
  state: 'run',
  queued: false,
  wait: '',
  due: null,
  pending: [],
  ignored: [],
  status: 0,
  killed: null,
  started: now,
  ticks: 0,
  memory: 0,
  tty: 0,
})

export interface OpenFile {
  id: number
  k: 'null' | 'zero' | 'full' | 'random' | 'file' | 'dir' | 'pr' | 'pw' | 'tty' | 'sink' | 'text'
  refs: number
  read: boolean
  write: boolean
  path: string
  /** Offset in characters of a file or text. */
  at: number
  append: boolean
  disk: string
  ino: number
  pipe: number
  tty: number
  sink: string
  text: string
}

export interface Pipe {
  id: number
  text: string
  readers: number
  writers: number
}

export interface Tty {
  id: number
  /** Whole lines (or, raw, anything) that a reader may take. */
  ready: string
  /** The line being typed. */
  line: string
  eof: boolean
  canonical: boolean
  echo: boolean
  signals: boolean
  rows: number
  columns: number
  foreground: number
  hungUp: boolean
}

/** Something asked of the world outside. */
export interface Call {
  id: number
  pid: number
  request: any
  done: boolean
  reply: any
}

export interface MountState {
  path: string
  disk: string
  /** The node of the disk that is seen at the path. */
  root: number
  readOnly: boolean
  type: string
  source: string
  /** Bytes, where that is less than all of the memory or of the disk. */
  size?: number | undefined
  /** What the machine has at this place, not what the container has. */
  host?: boolean
}

export interface KernelState {
  now: number
  booted: number
  hostname: string
  release: string
  nextPid: number
  /** Number of the container's first process, where it is not 1. */
  first?: number
  serial: number
  seed: number
  procs: Proc[]
  queue: number[]
  opens: Record<number, OpenFile>
  pipes: Record<number, Pipe>
  ttys: Record<number, Tty>
  calls: Record<number, Call>
  mounts: MountState[]
  /** TCP ports that processes listen on. */
  listeners: { port: number; pid: number }[]
  /** Connections from outside, until they are closed. */
  connections: Connection[]
  privileges?: Privileges
  /** Bytes; 0: no limit. */
  memoryLimit: number
  processors: number
  memoryTotal: number
}

/** A TCP connection as one process sees it. */
export interface Connection {
  id: number
  port: number
  from: string
  pid: number
  input: string
  output: string
  /** No more input will come. */
  ended: boolean
  closed: boolean
}

export const PIPE_SIZE = 65_536

export interface Boot {
  now: number
  hostname: string
  seed?: number
  mounts: MountState[]
  memoryLimit?: number
  processors?: number
  memoryTotal?: number
  privileges?: Privileges | undefined
  /** Number of the first process; default 1. */
  first?: number
}

export const newKernelState = (boot: Boot): KernelState => ({
  now: boot.now,
  booted: boot.now,
  hostname: boot.hostname,
  release: '6.8.0-tabernetes',
  nextPid: boot.first ?? 1,
  ...(boot.first !== undefined && boot.first !== 1 ? { first: boot.first } : {}),
  serial: 0,
  seed: boot.seed ?? 1,
  procs: [],
  queue: [],
  opens: {},
  pipes: {},
  ttys: {},
  calls: {},
  mounts: boot.mounts,
  listeners: [],
  connections: [],
  ...(boot.privileges ? { privileges: boot.privileges } : {}),
  memoryLimit: boot.memoryLimit ?? 0,
  processors: boot.processors ?? 2,
  memoryTotal: boot.memoryTotal ?? 4 * 1024 ** 3,
})
