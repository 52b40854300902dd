/** The kernel of one container (or of the learner's terminal): processes that take turns over plain data. */
import { Opens } from './opens.ts'
import { SharedVfs } from './pid-space.ts'
import type { Ports } from './ports.ts'
import { makeNode } from './proc-fs.ts'
import type { Program } from './program.ts'
import { defaultAction, signalNumber } from './signals.ts'
import { type KernelState, newProc, type Proc } from './state.ts'
import { Sys } from './sys.ts'
import { Terminals } from './tty.ts'
import { overflowing } from './turn.ts'
import type { Vfs } from './vfs.ts'

/** Steps a process may take before the next one has its turn. */
const QUANTUM = 400
const MOST_PROCESSES = 1000

export interface NewProc {
  pid?: number
  argv: readonly string[]
  env?: Record<string, string>
  cwd?: string
  uid?: number
  gid?: number
  groups?: number[]
  fds: Record<number, number>
  tty?: number
}

export class Kernel {
  readonly state: KernelState
  readonly ports: Ports
  readonly programs: Readonly<Record<string, Program>>
  readonly vfs: Vfs
  readonly opens: Opens
  readonly terminals: Terminals
  /** Steps left in this slice. */
  budget = 0

  constructor(state: KernelState, ports: Ports, programs: Readonly<Record<string, Program>>) {
    this.state = state
    this.ports = ports
    this.programs = programs
    this.vfs = new SharedVfs(this, (path, asking) => makeNode(this, path, asking))
    this.opens = new Opens(this)
    this.terminals = new Terminals(this)
  }

  get now(): number {
    return this.state.now
  }

  /** A number below `n`: xorshift over the seed. */
  random(n: number): number {
    let x = this.state.seed || 0x9e3779b9
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.state.seed = x >>> 0
    return (this.state.seed >>> 1) % n
  }

  find(pid: number): Proc | undefined {
    for (const proc of this.state.procs) if (proc.pid === pid) return proc
    return undefined
  }
  children(pid: number): Proc[] {
    return this.state.procs.filter((proc) => proc.ppid === pid)
  }

  /** The container's own first process: with it everything here ends. Number 1, but where numbers are shared. */
  get first(): number {
    return this.state.first ?? 1
  }

  number(): number {
    const { nextPid } = this.state
    const pid = this.ports.number?.(nextPid) ?? nextPid
    this.state.nextPid = pid + 1
    return pid
  }

  /** A process from outside: the first one, or a command executed in the container. Its program is chosen when it first runs. */
  spawn(fresh: NewProc): Proc {
    const proc = newProc(fresh.pid ?? this.number(), 0, fresh.argv, this.state.now)
    proc.env = { ...fresh.env }
    proc.cwd = fresh.cwd ?? '/'
    proc.uid = fresh.uid ?? 0
    proc.gid = fresh.gid ?? 0
    proc.groups = (fresh.groups ?? []).toSorted((a, b) => a - b)
    proc.fds = fresh.fds
    proc.tty = fresh.tty ?? 0
    this.state.procs.push(proc)
    this.ready(proc)
    return proc
  }

  /** A child that shares the parent's files; undefined when there are too many processes. */
  fork(parent: Proc, pid = this.number()): Proc | undefined {
    if (this.state.procs.length >= MOST_PROCESSES) return undefined
    const child = newProc(pid, parent.pid, parent.argv, this.state.now)
    child.pgid = parent.pgid
    child.sid = parent.sid
    child.program = parent.program
    child.env = parent.env
    child.cwd = parent.cwd
    child.umask = parent.umask
    child.uid = parent.uid
    if (parent.realUid !== undefined) child.realUid = parent.realUid
    child.gid = parent.gid
    child.groups = parent.groups
    child.ignored = parent.ignored
    child.tty = parent.tty
    child.fds = { ...parent.fds }
    this.opens.keepAll(child.fds)
    this.state.procs.push(child)
    return child
  }

  // ——— waiting and waking

  ready(proc: Proc): void {
    if (proc.state === 'zombie' || proc.state === 'stop') return
    proc.state = 'run'
    proc.wait = ''
    proc.due = null
    if (proc.queued) return
    proc.queued = true
    this.state.queue.push(proc.pid)
  }

  /** Wakes who waits for this. */
  wake(channel: string): void {
    for (const proc of this.state.procs) if (proc.wait === channel) this.ready(proc)
  }

  park(proc: Proc, channel: string, due: number | null = null): void {
    if (proc.state !== 'run') return
    proc.state = 'wait'
    proc.wait = channel
    proc.due = due
  }

  /** Lets everything run that can, within a number of steps. True when all of it has come to rest. */
  run(now: number, budget = 20_000): boolean {
    this.state.now = now
    for (const proc of this.state.procs) if (proc.due !== null && proc.due <= now) this.ready(proc)
    this.budget = budget
    while (this.state.queue.length > 0) {
      if (this.budget <= 0) return false
      const pid = this.state.queue.shift() as number
      const proc = this.find(pid)
      if (!proc) continue
      proc.queued = false
      if (proc.state === 'run') this.#turn(proc)
    }
    return true
  }

  /** Lets the others run until a child has ended (or nothing more can be done now): for programs that cannot put themselves aside. */
  runUntilEnded(child: Proc): boolean {
    for (let turns = 0; turns < 20_000 && child.state !== 'zombie' && this.state.queue.length > 0; turns++) {
      const proc = this.find(this.state.queue.shift() as number)
      if (!proc) continue
      proc.queued = false
      if (proc.state === 'run') this.#turn(proc)
    }
    return child.state === 'zombie'
  }

  #isOf(proc: Proc, root: number): boolean {
    for (let at: Proc | undefined = proc; at; at = this.find(at.ppid)) if (at.pid === root) return true
    return false
  }

  /** Lets only a process and its descendants run, at a time of their own: `busy`, when they will go on, or that they wait for ever. */
  runFamily(root: number, now: number, budget: number): 'busy' | 'for ever' | number {
    this.state.now = now
    const family = (): Proc[] => this.state.procs.filter((proc) => proc.state !== 'zombie' && this.#isOf(proc, root))
    for (const proc of family()) if (proc.due !== null && proc.due <= now) this.ready(proc)
    for (let left = budget; left > 0; ) {
      const pid = this.state.queue.find((each) => {
        const proc = this.find(each)
        return proc !== undefined && this.#isOf(proc, root)
      })
      if (pid === undefined) {
        const dues = family().flatMap((proc) => proc.due ?? [])
        return dues.length > 0 ? Math.min(...dues) : 'for ever'
      }
      this.state.queue.splice(this.state.queue.indexOf(pid), 1)
      const proc = this.find(pid) as Proc
      proc.queued = false
      const before = this.budget
      if (proc.state === 'run') this.#turn(proc)
      left -= Math.max(1, before - this.budget)
    }
    return 'busy'
  }

  endFamily(root: number): void {
    for (const proc of this.state.procs.filter((each) => each.state !== 'zombie' && this.#isOf(each, root))) {
      proc.killed = 'KILL'
      this.exit(proc, 137)
    }
  }

  /** When something will go on by itself; null: only from outside. */
  due(): number | null {
    let due: number | null = null
    for (const proc of this.state.procs) if (proc.due !== null && (due === null || proc.due < due)) due = proc.due
    return due
  }

  #turn(proc: Proc): void {
    const sys = new Sys(this, proc)
    if (proc.pending.length > 0 && !this.#deliver(sys, proc)) return
    const program = this.programs[proc.program]
    sys.left = QUANTUM
    const status = program ? overflowing(proc, () => program.run(sys, proc.data)) : 127
    const used = Math.max(1, QUANTUM - sys.left)
    proc.ticks += used
    this.budget -= used
    if (status !== undefined && proc.state !== 'zombie') this.exit(proc, status)
    else if (proc.state === 'run') this.ready(proc)
  }

  // ——— signals

  /** From inside (`from` is who sends it) or from outside (null). */
  signal(proc: Proc, signal: string, from: Proc | null): void {
    if (proc.state === 'zombie') return
    if (signal === 'KILL' || signal === 'STOP') {
      // Nobody inside can harm process 1 with these.
      if (proc.pid === 1 && from !== null) return
      if (signal === 'KILL') {
        proc.killed = 'KILL'
        this.exit(proc, 137)
        return
      }
    }
    if (signal === 'CONT' || signal === 'KILL') {
      proc.pending = proc.pending.filter((s) => defaultAction(s) !== 'stop')
      if (proc.state === 'stop') {
        proc.state = 'run'
        this.ready(proc)
        this.wake(`child:${proc.ppid}`)
      }
      if (signal === 'CONT') return
    }
    if (proc.ignored.includes(signal) && signal !== 'STOP') return
    if (!proc.pending.includes(signal)) proc.pending.push(signal)
    // It looks at its signals at once, even if it then goes on waiting.
    this.#interrupt(proc)
  }

  #interrupt(proc: Proc): void {
    if (proc.state !== 'wait') return
    const { wait, due } = proc
    const sys = new Sys(this, proc)
    proc.state = 'run'
    if (!this.#deliver(sys, proc)) return
    if (proc.state !== 'run' || proc.queued) return
    proc.state = 'wait'
    proc.wait = wait
    proc.due = due
  }

  /** Acts on pending signals; false when the process has ended or stopped. */
  #deliver(sys: Sys, proc: Proc): boolean {
    for (const signal of proc.pending.splice(0)) {
      if (signal !== 'STOP' && this.programs[proc.program]?.signal?.(sys, proc.data, signal) === 'handled') continue
      const action = defaultAction(signal)
      if (action === 'ignore') continue
      if (proc.pid === 1) continue
      if (action === 'stop') {
        proc.state = 'stop'
        this.wake(`child:${proc.ppid}`)
        return false
      }
      proc.killed = signal
      this.exit(proc, 128 + signalNumber(signal))
      return false
    }
    return proc.state !== 'zombie'
  }

  signalGroup(pgid: number, signal: string, from: Proc | null): boolean {
    const group = this.state.procs.filter((proc) => proc.pgid === pgid && proc.state !== 'zombie')
    for (const proc of group) this.signal(proc, signal, from)
    return group.length > 0
  }

  // ——— ends

  exit(proc: Proc, status: number): void {
    if (proc.state === 'zombie') return
    proc.state = 'zombie'
    proc.status = status & 255
    proc.wait = ''
    proc.due = null
    proc.shell = null
    proc.data = null
    this.opens.dropAll(proc.fds)
    proc.fds = {}
    if (this.state.listeners.length > 0) this.state.listeners = this.state.listeners.filter((l) => l.pid !== proc.pid)
    for (const connection of this.state.connections) if (connection.pid === proc.pid) connection.closed = true
    for (const call of Object.values(this.state.calls)) {
      if (call.pid !== proc.pid) continue
      delete this.state.calls[call.id]
      this.ports.abandoned?.(call)
    }
    for (const child of this.state.procs) {
      if (child.ppid !== proc.pid) continue
      child.ppid = proc.pid === this.first ? 0 : 1
      if (child.state === 'zombie') this.reap(child)
    }
    if (proc.ppid === 0) {
      this.reap(proc)
      this.ports.ended(proc)
      if (proc.pid === this.first) this.#endAll()
      return
    }
    const parent = this.find(proc.ppid)
    if (!parent || (parent.pid === this.first && !this.#waitsForOrphans(parent))) this.reap(proc)
    else this.wake(`child:${parent.pid}`)
  }

  /** A shell or another parent collects its children; servers as process 1 are taken to do so at once. */
  #waitsForOrphans(parent: Proc): boolean {
    return parent.shell !== null || parent.data?.children !== undefined
  }

  /** With process 1 everything ends. */
  #endAll(): void {
    for (const proc of [...this.state.procs]) {
      if (proc.state === 'zombie') continue
      proc.killed = 'KILL'
      this.exit(proc, 137)
    }
    this.state.procs = []
    this.state.queue = []
  }

  reap(proc: Proc): void {
    const at = this.state.procs.indexOf(proc)
    if (at >= 0) this.state.procs.splice(at, 1)
  }

  // ——— the world outside

  answer(id: number, reply: unknown): void {
    const call = this.state.calls[id]
    if (!call) return
    call.done = true
    call.reply = reply
    const proc = this.find(call.pid)
    if (proc) this.ready(proc)
  }

  /** Memory that processes hold beyond the usual, in bytes. */
  memory(): number {
    let sum = 0
    for (const proc of this.state.procs) if (proc.state !== 'zombie') sum += 700_000 + proc.memory
    for (const pipe of Object.values(this.state.pipes)) sum += pipe.text.length
    return sum
  }

  /** A process takes more memory (or gives some back); above the limit somebody has to go. */
  use(proc: Proc, bytes: number): boolean {
    proc.memory += bytes
    const limit = this.state.memoryLimit || this.state.memoryTotal
    if (bytes <= 0 || this.memory() <= limit) return true
    proc.killed = 'KILL'
    this.ports.starved?.(proc)
    this.exit(proc, 137)
    return false
  }
}
