/** What a running program sees of its kernel: its arguments, descriptors, files, children and the time. */
import { load, locate } from './exec.ts'
import { FileCalls, type OpenMode } from './file-calls.ts'
import type { Kernel } from './kernel.ts'
import type { Read } from './opens.ts'
import type { Step } from './program.ts'
import type { OpenFile, Proc } from './state.ts'
import { type Errno, failed } from './vfs.ts'

export class Sys extends FileCalls {
  /** The words it was called with. */
  readonly argv: readonly string[]
  /** Steps left before others have their turn. */
  left = 400

  constructor(kernel: Kernel, proc: Proc, argv: readonly string[] = proc.argv) {
    super(kernel, proc)
    this.argv = argv
  }

  get args(): string[] {
    return this.argv.slice(1)
  }
  get name(): string {
    return (this.argv[0] ?? '').split('/').pop() as string
  }
  get now(): number {
    return this.kernel.now
  }
  env(name: string): string | undefined {
    const { shell, env } = this.proc
    if (shell) return Object.hasOwn(shell.vars, name) ? (shell.vars[name]?.value ?? undefined) : undefined
    return Object.hasOwn(env, name) ? env[name] : undefined
  }
  /** The image's tools speak as GNU's do, not as busybox's. */
  get gnu(): boolean {
    return this.env('TOOLS') === 'gnu' || this.proc.env['TOOLS'] === 'gnu'
  }

  // ——— descriptors

  file(fd: number): OpenFile | undefined {
    return this.kernel.opens.get(this.proc.fds[fd])
  }

  /** The lowest free descriptor. */
  free(from = 3): number {
    let fd = from
    while (this.proc.fds[fd] !== undefined) fd++
    return fd
  }

  /** Puts an open file at a descriptor; what was there is closed. */
  attach(file: OpenFile, fd: number): number {
    this.kernel.opens.keep(file)
    this.close(fd)
    this.proc.fds[fd] = file.id
    return fd
  }

  open(path: string, mode: OpenMode = {}): number | Errno {
    const file = this.openFile(path, mode)
    return failed(file) ? file : this.attach(file, this.free())
  }

  close(fd: number): void {
    const file = this.file(fd)
    if (!file) return
    delete this.proc.fds[fd]
    this.kernel.opens.drop(file)
  }

  isTty(fd: number): boolean {
    return this.file(fd)?.k === 'tty'
  }

  /** Nothing yet: it waits, or gives others their turn. Also when its own output has no room. */
  read(fd: number, most?: number): Read {
    if (!this.ready()) return undefined
    const file = this.file(fd)
    return file ? this.kernel.opens.read(this.proc, file, most) : null
  }

  line(fd: number): Read {
    if (!this.ready()) return undefined
    const file = this.file(fd)
    return file ? this.kernel.opens.line(this.proc, file) : null
  }

  /** Whether it may go on: its share is not used up and there is room for output. Loops without reads ask this. */
  ready(): boolean {
    if (this.left-- <= 0 || this.proc.state !== 'run') return false
    const out = this.file(1)
    const channel = out ? this.kernel.opens.choked(out) : null
    if (channel === null) return true
    this.kernel.park(this.proc, channel)
    return false
  }

  write(fd: number, text: string): string {
    if (text === '') return ''
    const file = this.file(fd)
    if (!file) return 'Bad file descriptor'
    return this.kernel.opens.write(this.proc, file, text)
  }
  out(text: string): void {
    this.write(1, text)
  }
  err(text: string): void {
    this.write(2, text)
  }

  /** `name: message`, and a status to return. */
  fail(message: string, status = 1): number {
    this.err(`${this.name}: ${message}\n`)
    return status
  }

  /** Wrong use, in busybox's way. */
  misuse(message = ''): number {
    const program = this.kernel.programs[this.name]
    if (message) this.err(`${this.name}: ${message}\n`)
    this.err(
      `BusyBox v1.36.1 (2023-05-18 22:34:17 UTC) multi-call binary.\n\nUsage: ${this.name}${program?.usage ? ` ${program.usage}` : ''}\n`,
    )
    return 1
  }

  // ——— time

  /** Waits until a time; true once it has come. */
  until(at: number): boolean {
    if (this.now >= at) return true
    this.kernel.park(this.proc, '', Number.isFinite(at) ? at : null)
    return false
  }

  /** Waits for ever (a signal may end it). */
  forever(): Step {
    this.kernel.park(this.proc, '')
    return undefined
  }

  // ——— processes

  /** Becomes another program; an exit status when that cannot be. The words of why not go to `said`. */
  exec(argv: readonly string[], said: (name: string, why: string) => void): Step {
    const [name = ''] = argv
    const found = locate(this.kernel, this.proc, name, this.env('PATH'))
    if (found.path === undefined) {
      said(name, found.why === 'not found' ? 'No such file or directory' : found.why)
      return found.why === 'Permission denied' || found.why === 'Is a directory' ? 126 : 127
    }
    return this.become(found.path, argv, said)
  }

  become(path: string, argv: readonly string[], said: (name: string, why: string) => void): Step {
    let loaded = load(this.kernel, this.proc, path, argv)
    // Text without a first line of its own is taken for a shell's.
    if ('why' in loaded && loaded.why === 'Exec format error')
      loaded = load(this.kernel, this.proc, '/bin/sh', ['sh', path, ...argv.slice(1)])
    if ('why' in loaded) {
      said(argv[0] ?? '', loaded.why === 'not found' ? 'No such file or directory' : loaded.why)
      return loaded.why === 'Permission denied' ? 126 : 127
    }
    if (loaded.owner !== undefined && loaded.owner !== this.proc.uid && !this.kernel.state.privileges?.noNewPrivs) {
      this.proc.realUid ??= this.proc.uid
      this.proc.uid = loaded.owner
    }
    this.proc.program = loaded.program
    this.proc.argv = loaded.argv
    this.proc.data = {}
    this.proc.shell = null
    return undefined
  }

  /** Starts a child; its number, or 0 when there are too many processes. `fds`: others than the parent's. */
  spawn(argv: readonly string[], env?: Record<string, string>): Proc | undefined {
    const child = this.kernel.fork(this.proc)
    if (!child) return undefined
    if (env) child.env = env
    child.program = 'exec'
    child.argv = [...argv]
    child.data = {}
    this.kernel.ready(child)
    return child
  }

  /** The status of a child that has ended; undefined: not yet, it waits. */
  reap(pid: number): number | undefined {
    const child = this.kernel.find(pid)
    if (!child || child.ppid !== this.proc.pid) return 127
    if (child.state !== 'zombie') {
      this.kernel.park(this.proc, `child:${this.proc.pid}`)
      return undefined
    }
    this.kernel.reap(child)
    return child.status
  }

  // ——— the world outside

  /** Asks the host for something; undefined until it has answered. `slot` remembers the call between steps. */
  call<R>(slot: { call?: number }, request: { kind: string; [key: string]: unknown }): R | undefined {
    const { state, ports } = this.kernel
    if (slot.call === undefined) {
      const call = { id: ++state.serial, pid: this.proc.pid, request, done: false, reply: null as unknown }
      state.calls[call.id] = call
      slot.call = call.id
      const reply = ports.call(call, this.proc)
      if (reply !== undefined) {
        call.done = true
        call.reply = reply
      }
    }
    const call = state.calls[slot.call]
    if (!call?.done) {
      this.kernel.park(this.proc, `call:${slot.call}`)
      return undefined
    }
    delete state.calls[slot.call]
    delete slot.call
    return call.reply as R
  }
}
