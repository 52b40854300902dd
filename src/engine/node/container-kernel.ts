/** The kernel of one container: its scripts and executed commands as processes, in simulated time. */
import { Kernel } from '#posix/kernel.ts'
import type { Ports } from '#posix/ports.ts'
import { standardPrograms } from '#posix/programs.ts'
import type { Proc } from '#posix/state.ts'
import { Sys } from '#posix/sys.ts'
import type { HttpOutcome, HttpRequest } from '../machinery/http.ts'
import type { World } from '../sim/world.ts'
import { type ContainerState, newProcess, type ProcessState } from './container.ts'
import { type DiskSources, diskNamed, rootDisk } from './container-disk.ts'
import type { Image } from './image.ts'
import { bootedKernel } from './kernel-boot.ts'
import { type NativeContext, type NativeData, nativeData, nativeHost, tableFor } from './native-programs.ts'
import { type Around, ProcessHost } from './process-host.ts'
import { askProcess } from './process-requests.ts'
import { diskBeside, firstNumber, spacePorts } from './process-space.ts'
import type { Program, Signal } from './programs/program.ts'
import { server } from './programs/server.ts'
import { standIn } from './stand-in.ts'

/** What it asks of the runtime around it. */
export interface KernelOwner extends Around, DiskSources {
  changed(container: ContainerState): void
  paced(container: ContainerState): void
  connects(container: ContainerState, host: string, port: number): { ok: boolean; why?: string; address?: string }
  ports(container: ContainerState): number[]
  lookUp(container: ContainerState, name: string, type: string): unknown
  /** Process 1 has ended. */
  mainEnded(container: ContainerState, code: number, reason: string): void
  executed(container: ContainerState, process: ProcessState, code: number): void
  /** What runs in its Pod, itself among it, and the kernel of one of them. */
  siblings(container: ContainerState): ContainerState[]
  kernel(container: ContainerState): ContainerKernel
  /** A volume's file was written: others may wait for it. */
  volumeChanged(container: ContainerState, volume: string, ino: number): void
}

/** Steps of one slice, and the pause before the next one when that was not enough: it grows as long as nothing ever waits. */
const SLICE = 20_000
const FIRST_PAUSE_MS = 20
const LONGEST_PAUSE_MS = 30_000
/** An exec that is run at once takes at most so many slices. */
const INSTANT_SLICES = 40

export class ContainerKernel implements NativeContext {
  readonly container: ContainerState
  readonly kernel: Kernel
  readonly #world: World
  readonly #owner: KernelOwner
  #ended: Proc[] = []
  #starved = false
  #wrote = false
  #running = false

  constructor(world: World, owner: KernelOwner, container: ContainerState) {
    this.container = container
    this.#world = world
    this.#owner = owner
    const fresh = !container.kernel
    container.kernel ??= bootedKernel(container, 1 + world.random(owner.part).below(2 ** 31), world.now)
    rootDisk(container, owner, true)
    this.kernel = new Kernel(
      container.kernel,
      this.#ports(),
      tableFor(this, standardPrograms, Object.keys({ ...this.#image.commands, ...this.#image.errands })),
    )
    if (fresh) this.#standIn()
  }

  get #image(): Image {
    return this.#owner.image(this.container)
  }

  /** A server that is process 1 without a kernel shows in it all the same. */
  #standIn(): void {
    const main = this.container.processes.find(({ purpose }) => !purpose)
    if (!main) return
    const { opens } = this.kernel
    const out = (stream: string): number =>
      opens.keep(opens.make('sink', { sink: `main:${stream}`, path: `pipe:[${stream}]` })).id
    const fds = { 0: opens.keep(opens.make('null', { path: '/dev/null' })).id, 1: out('stdout'), 2: out('stderr') }
    const proc = this.kernel.spawn({ pid: main.pid, argv: main.argv, fds, env: this.container.env, ...this.#identity() })
    standIn(this.kernel, proc, this.#image)
    proc.started = this.container.startedAt
    this.kernel.state.booted = this.container.startedAt
    this.kernel.state.nextPid = Math.max(this.kernel.state.nextPid, main.pid + 1, this.container.nextPid)
  }

  #identity(): { uid: number; gid: number; groups: number[]; cwd: string } {
    const { user, gid = 0, groups = [], cwd = '' } = this.container
    return { uid: user, gid, groups, cwd: cwd || '/' }
  }

  #ports(): Ports {
    const owner = this.#owner
    const { container } = this
    return {
      output: (sink, text) => this.#output(sink, text),
      ended: (proc) => void this.#ended.push(proc),
      call: (call) => this.#call(call.request),
      ...spacePorts(owner, container, () => !this.#running && this.#schedule(this.#world.now)),
      disk: (name) => {
        const beside = diskBeside(owner, container, name)
        if (beside) return beside
        const disk = diskNamed(container, owner, name, true)
        disk.changed = (ino) => {
          this.#wrote = true
          if (name !== 'root') owner.volumeChanged(container, name, ino)
        }
        return disk
      },
      made: (path) => owner.managed(container, path),
      group: (path) => owner.hostGroup(container, path),
      starved: () => {
        this.#starved = true
      },
    }
  }

  // ——— the others of its process space

  static firstNumber(owner: KernelOwner, container: ContainerState): number {
    return firstNumber(owner, container)
  }

  // ——— output and questions

  #output(sink: string, text: string): void {
    const [kind = '', rest = ''] = sink.split(':')
    if (kind === 'main') {
      this.#owner.mainOut(this.container, text, rest as 'stdout')
      return
    }
    const process = this.container.processes.find((p) =>
      kind === 'tty' ? p.state?.tty === Number(rest) : p.pid === Number(rest),
    )
    if (!process) return
    const stream = sink.endsWith(':stderr') ? 'stderr' : 'stdout'
    if (process.purpose === '') this.#owner.mainOut(this.container, text, 'stdout', true)
    else if (process.stream !== null) this.#owner.send(process.stream, stream, text)
    else {
      // Nobody reads what a hook or a probe prints beyond this.
      if (process.output.length < MOST_OUTPUT) process.output += text
      if (stream === 'stderr' && process.errors.length < MOST_OUTPUT) process.errors += text
    }
  }

  #call(request: any): unknown {
    const { container } = this
    switch (request.kind) {
      case 'http': {
        if (isLocal(request.host, container) && request.request.transport !== 'UDP') {
          const local = this.#owner.local(container, request.port, request.request)
          if (local) return local
        }
        return this.#owner.fetch(container, request.host, request.port, { ...request.request, ...(request.tls && { tls: true }) })
      }
      case 'resolve':
        return this.#owner.lookUp(container, String(request.name), request.type ?? 'A')
      case 'connect':
        return this.#owner.connects(container, request.host, request.port)
      case 'ports':
        return this.#owner.ports(container)
      case 'ping':
        return true
    }
    return null
  }

  // ——— processes

  /** Standard streams of a process: a terminal, or a pipe (if it has an input) and sinks. */
  #streams(process: ProcessState, main: boolean): { fds: Record<number, number>; tty: number } {
    const { opens, terminals } = this.kernel
    if (process.terminal) {
      const tty = terminals.create(process.terminal.rows, process.terminal.columns)
      process.state = { tty: tty.id }
      const file = opens.make('tty', { tty: tty.id, path: '/dev/pts/0' })
      for (let i = 0; i < 3; i++) opens.keep(file)
      return { fds: { 0: file.id, 1: file.id, 2: file.id }, tty: tty.id }
    }
    const sink = (stream: string): number =>
      opens.keep(
        opens.make('sink', {
          sink: main ? `main:${stream}` : `exec:${process.pid}:${stream}`,
          path: `pipe:[${process.pid}${stream}]`,
        }),
      ).id
    let stdin = opens.make('null', { path: '/dev/null' })
    process.state = {}
    if (process.stdin) {
      const { read, write } = opens.pipe()
      opens.keep(write)
      process.state = { input: write.id }
      stdin = read
    }
    return { fds: { 0: opens.keep(stdin).id, 1: sink('stdout'), 2: sink('stderr') }, tty: 0 }
  }

  /** Starts a process from outside. */
  start(process: ProcessState, main: boolean): Proc {
    process.pid = this.kernel.number()
    const { fds, tty } = this.#streams(process, main)
    const { env } = this.container
    const proc = this.kernel.spawn({
      pid: process.pid,
      argv: process.argv,
      env: process.terminal ? { ...env, TERM: 'xterm' } : env,
      fds,
      tty,
      ...this.#identity(),
    })
    const terminal = tty ? this.kernel.state.ttys[tty] : undefined
    if (terminal) terminal.foreground = proc.pid
    this.container.nextPid = this.kernel.state.nextPid
    return proc
  }

  /** Something has been typed, or has come on the input, or it has ended, or the terminal has another size. */
  tell(process: ProcessState): void {
    const { terminal, stdin, state } = process
    if (terminal && state?.tty) {
      const tty = this.kernel.state.ttys[state.tty]
      if (tty && (tty.rows !== terminal.rows || tty.columns !== terminal.columns))
        this.kernel.terminals.resize(tty.id, terminal.rows, terminal.columns)
    } else if (stdin && state?.input) {
      const file = this.kernel.opens.get(state.input)
      const pipe = file ? this.kernel.state.pipes[file.pipe] : undefined
      if (pipe && stdin.text !== '') {
        pipe.text += stdin.text
        this.kernel.wake(`pipe:${pipe.id}`)
      }
      stdin.text = ''
      if (stdin.ended && file) {
        this.kernel.opens.drop(file)
        process.state = {}
      }
    }
    this.run()
  }

  typed(process: ProcessState, keys: string): void {
    if (process.state?.tty) this.kernel.terminals.type(process.state.tty, keys)
    this.run()
  }

  signal(pid: number, signal: Signal): void {
    const proc = this.kernel.find(pid)
    if (proc) this.kernel.signal(proc, signal, null)
    this.run()
  }

  /** Wakes who follows a file of a volume. */
  volumeChanged(volume: string, ino: number): void {
    const before = this.kernel.state.queue.length
    this.kernel.wake(`file:${volume}:${ino}`)
    if (this.kernel.state.queue.length > before && !this.#running) this.#schedule(this.#world.now)
  }

  // ——— time

  /** Lets everything go on that can, and comes back when there is more to do. */
  run(): void {
    if (this.#running || this.container.state !== 'running') return
    this.#running = true
    const rest = this.kernel.run(this.#world.now, SLICE)
    this.#running = false
    this.#settle()
    if (this.container.state !== 'running') return
    const due = this.kernel.due()
    if (!rest) {
      const busy = Math.min(LONGEST_PAUSE_MS, (this.container.breath ?? 0) * 1.5 || FIRST_PAUSE_MS)
      this.container.breath = busy
      this.#owner.paced(this.container)
      this.#schedule(this.#world.now + Math.ceil(busy))
      return
    }
    this.container.breath = 0
    this.#owner.paced(this.container)
    if (due === null) this.cancel()
    else this.#schedule(due)
  }

  #schedule(at: number): void {
    this.cancel()
    const { id } = this.container
    this.container.kernelTimer = this.#world.at(Math.max(at, this.#world.now), this.#owner.part, 'wake', { id, pid: 0 })
  }

  cancel(): void {
    const { kernelTimer } = this.container
    if (kernelTimer !== null && kernelTimer !== undefined) this.#world.cancel(kernelTimer)
    this.container.kernelTimer = null
  }

  /** Ends of processes, and changes that others want to know. */
  #settle(): void {
    const { container } = this
    if (this.#starved) {
      this.#starved = false
      this.#owner.mainEnded(container, 137, 'OOMKilled')
      return
    }
    for (const proc of this.#ended.splice(0)) {
      if (proc.pid === this.kernel.first) {
        this.#owner.mainEnded(container, proc.status, proc.status === 0 ? 'Completed' : 'Error')
        return
      }
      const process = container.processes.find((p) => p.pid === proc.pid && p.program === 'kernel')
      if (!process) continue
      container.processes = container.processes.filter((p) => p !== process)
      if (process.purpose !== 'run') this.#owner.executed(container, process, proc.status)
    }
    if (this.#wrote) {
      this.#wrote = false
      this.#owner.changed(container)
    }
  }

  /** Runs a command to its end at once: for its processes, and no others, time jumps ahead. */
  instant(argv: readonly string[], timeoutMs: number): { code: number | null; output: string; errors: string; ms: number } {
    const process = newProcess(this.container.nextPid, 'kernel', [...argv], 'run')
    this.container.processes = [...this.container.processes, process]
    const proc = this.start(process, false)
    const over = (): boolean => (proc as Proc).state === 'zombie'
    const { now } = this.#world
    let at = now
    this.#running = true
    for (let slices = 0; slices < INSTANT_SLICES && !over(); slices++) {
      const waits = this.kernel.runFamily(proc.pid, at, SLICE)
      if (over() || waits === 'for ever') break
      if (waits === 'busy') continue
      if (waits - now > timeoutMs) break
      at = waits
    }
    this.kernel.state.now = now
    const ended = over()
    if (!ended) this.kernel.endFamily(proc.pid)
    this.#running = false
    this.container.processes = this.container.processes.filter((p) => p !== process)
    this.#ended = this.#ended.filter((p) => p !== proc)
    this.run()
    return { code: ended ? proc.status : null, output: process.output, errors: process.errors, ms: at - now }
  }

  // ——— the NativeContext

  host(process: ProcessState): ProcessHost {
    return new ProcessHost(this.#owner, this.#world, this.container, process)
  }
  command(name: string): ReturnType<NativeContext['command']> {
    return ownOf(this.#image.commands, name)
  }
  prompt(name: string): ReturnType<NativeContext['prompt']> {
    return ownOf(this.#image.prompts, name)
  }
  errand(name: string): ReturnType<NativeContext['errand']> {
    return ownOf(this.#image.errands, name)
  }
  signalMain(signal: Signal): void {
    this.#world.after(0, this.#owner.part, 'signal', { id: this.container.id, signal })
  }
  changed(): void {
    this.#wrote = true
  }

  /** The servers that run as processes here. */
  *servers(): Generator<{ process: ProcessState; program: Program; host: ProcessHost; proc: Proc }> {
    for (const proc of this.kernel.state.procs) {
      const data: NativeData | null = proc.state === 'zombie' ? null : nativeData(proc)
      if (data) yield { process: data.process, program: server, host: nativeHost(this, new Sys(this.kernel, proc), data), proc }
    }
  }

  /** Whether a process (busybox's httpd, nc) listens. */
  listens(port: number): Proc | undefined {
    const listener = this.kernel.state.listeners.find((l) => l.port === port)
    return listener ? this.kernel.find(listener.pid) : undefined
  }

  serve(proc: Proc, port: number, request: HttpRequest): HttpOutcome {
    return askProcess(this.kernel, proc, port, request, () => this.run())
  }
}

const MOST_OUTPUT = 1_000_000
const ownOf = <T>(all: Readonly<Record<string, T>> = {}, name: string): T | undefined =>
  Object.hasOwn(all, name) ? all[name] : undefined

const isLocal = (host: string, container: ContainerState): boolean =>
  host === 'localhost' || host === '127.0.0.1' || host === container.podIp
