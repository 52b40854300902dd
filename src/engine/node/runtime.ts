/** The container runtime of one node: containers, their processes, timers and logs. The kubelet is told of ends. */

import { assert } from '#api/assert.ts'
import type { DiskState } from '#posix/disk.ts'
import type { HttpOutcome, HttpRequest } from '../machinery/http.ts'
import {
  type ContainerState,
  flushLog,
  type LogLine,
  newProcess,
  type ProcessState,
  terminationMessage,
  writeLog,
} from './container.ts'
import { DiskFiles, executable } from './container-disk.ts'
import type { ContainerKernel, KernelOwner } from './container-kernel.ts'
import type { Files } from './files.ts'
import type { Image } from './image.ts'
import { parseImageName } from './image-name.ts'
import { imageFor } from './images/known.ts'
import { kernels } from './kernels.ts'
import { answerOf } from './look-up.ts'
import { cannotExec, cannotStart } from './oci-errors.ts'
import { ProcessHost } from './process-host.ts'
import { isOpen, startsServer } from './programs/command-line.ts'
import type { Host, Signal } from './programs/program.ts'
import { server } from './programs/server.ts'
import { Answers } from './runtime-answers.ts'
import type { NewContainer, RunEnd } from './runtime-types.ts'
import { newTerminal, shown } from './terminal.ts'
import { visitedLog } from './visited-log.ts'

const OOM_SCORE = '/proc/oom_score_adj'

export class Runtime extends Answers implements KernelOwner {
  #containers = new Map<string, ContainerState>()
  /** Those at work; each is made again from its container's state when it is needed. */
  #kernels = new Map<string, ContainerKernel>()

  protected get around(): KernelOwner {
    return this
  }

  get part(): string {
    return this.owner.part
  }
  get nodeName(): string {
    return this.owner.nodeName
  }
  fetch(container: ContainerState, host: string, port: number, request: HttpRequest): HttpOutcome {
    return this.owner.fetch(container, host, port, request)
  }
  lookUp(container: ContainerState, name: string, type: string): ReturnType<typeof answerOf> {
    return answerOf(this.owner.lookUp(container, name, type), type)
  }
  resolve(container: ContainerState, name: string): string[] {
    return this.owner.resolve(container, name)
  }

  get(id: string | null | undefined): ContainerState | undefined {
    return id ? this.#containers.get(id) : undefined
  }
  all(): Iterable<ContainerState> {
    return this.#containers.values()
  }
  image(container: ContainerState): Image {
    const name = parseImageName(container.image)
    assert(typeof name !== 'string', `a container has the unreadable image ${container.image}`)
    return imageFor(name)
  }

  create(spec: NewContainer): ContainerState {
    // Its own fields first: see `extend`.
    const container: ContainerState = {
      state: 'created',
      createdAt: this.world.now,
      startedAt: 0,
      finishedAt: 0,
      exitCode: 0,
      reason: '',
      message: '',
      processes: [],
      nextPid: 1,
      disk: null,
      kernel: null,
      kernelTimer: null,
      logs: [],
      partial: { stdout: '', stderr: '' },
      hits: 0,
      visits: [],
      memoryMi: 0,
      attached: [],
      followers: [],
      ...spec,
    }
    this.#containers.set(container.id, container)
    return container
  }

  /** Starts process 1; the error's text when there is no such program, then the container has ended with code 128. */
  start(container: ContainerState): string {
    const program = this.#programFor(container, container.argv)
    if (program === null) {
      const error = cannotStart(container.argv)
      container.state = 'exited'
      container.exitCode = 128
      container.reason = 'StartError'
      container.message = error
      // As containerd reports it: the task never began.
      container.startedAt = 0
      container.finishedAt = this.world.now
      return error
    }
    Object.assign(container, { state: 'running', startedAt: this.world.now })
    this.processors.begun(container)
    if (container.pidSpace) container.nextPid = kernels.get().firstNumber(this, container)
    const main = newProcess(container.nextPid, program, container.argv, '')
    if (container.stdin) main.stdin = { text: '', ended: false }
    if (container.tty) main.terminal = newTerminal()
    if (program === 'kernel') {
      const kernel = this.kernel(container)
      container.processes = [main]
      kernel.start(main, true)
      kernel.run()
    } else {
      container.nextPid += 1
      this.#begin(container, main)
    }
    this.#bind(container)
    if (container.state === 'running') this.owner.started(container)
    return ''
  }

  /** The image's own server runs by itself; everything else in the container's kernel. Null: there is no such program. */
  #programFor(container: ContainerState, argv: readonly string[]): 'server' | 'kernel' | null {
    const image = this.image(container)
    const [word = ''] = argv
    const found = executable(container, this, word)
    if (found === 'native' && startsServer(image, argv)) return 'server'
    if (found !== null) return 'kernel'
    return isOpen(image) ? 'server' : null
  }

  kernel(container: ContainerState): ContainerKernel {
    let kernel = this.#kernels.get(container.id)
    if (!kernel) {
      kernel = new (kernels.get())(this.world, this, container)
      this.#kernels.set(container.id, kernel)
    }
    return kernel
  }

  /** Containers of a pod share its ports: who comes second finds its own taken, and gives up. */
  #bind(container: ContainerState): void {
    const [main] = this.servers(container)
    if (!main || main.proc) return
    const taken = (main.program.listens?.(main.process.state, main.host) ?? []).find((port) =>
      this.siblings(container).some((other) => other !== container && this.listens(other, port)),
    )
    if (taken === undefined) return
    main.host.out(
      `[emerg] ${main.host.pid}#${main.host.pid}: bind() to 0.0.0.0:${taken} failed (98: Address already in use)\n`,
      'stderr',
    )
    this.end(container, main.process, 1)
  }

  /** Runs a command in a running container; `purpose` comes back when it ends. Empty, or why it could not be started. */
  exec(container: ContainerState, argv: readonly string[], purpose: string): string {
    return this.#spawn(container, argv, newProcess(container.nextPid, 'kernel', [...argv], purpose))
  }

  /** Runs a command whose standard streams are a client's. Empty (it may have ended already), or why it could not be started. */
  open(
    container: ContainerState,
    argv: readonly string[],
    { stream, stdin, tty }: { stream: number; stdin: boolean; tty: boolean },
  ): string {
    const process = newProcess(container.nextPid, 'kernel', [...argv], 'stream')
    process.stream = stream
    if (stdin) process.stdin = { text: '', ended: false }
    if (tty) process.terminal = newTerminal()
    return this.#spawn(container, argv, process)
  }

  #spawn(container: ContainerState, argv: readonly string[], process: ProcessState): string {
    if (executable(container, this, argv[0] ?? '') === null) return this.execError(argv)
    const kernel = this.kernel(container)
    container.processes = [...container.processes, process]
    kernel.start(process, false)
    kernel.run()
    return ''
  }

  /** Something has come on standard input. */
  tell(container: ContainerState, process: ProcessState): void {
    if (process.program === 'kernel' && container.processes.includes(process)) this.kernel(container).tell(process)
  }
  /** Keys for a terminal that the container's kernel keeps; false: it is not one. */
  typed(container: ContainerState, process: ProcessState, keys: string): boolean {
    if (process.program !== 'kernel' || !process.terminal) return false
    this.kernel(container).typed(process, keys)
    return true
  }
  /** Echo goes to the terminal's screen, and with process 1 into its log. */
  show(container: ContainerState, process: ProcessState, text: string): void {
    if (process.stream !== null) this.owner.send(process.stream, 'stdout', text)
    else this.#written(container, text, 'stdout')
  }

  mainOut(container: ContainerState, text: string, stream: 'stdout' | 'stderr', ready = false): void {
    if (container.tty && !ready) this.#written(container, shown(text), 'stdout')
    else this.#written(container, text, stream)
  }
  #written(container: ContainerState, text: string, stream: 'stdout' | 'stderr'): void {
    writeLog(container, stream, text, this.world.now)
    for (const id of container.attached) this.owner.send(id, stream, text)
    if (container.followers.length > 0) this.owner.logged(container)
  }

  /** Runs a command to its end at once; time it would spend waiting only counts against `timeoutMs`. */
  run(container: ContainerState, argv: readonly string[], timeoutMs: number): RunEnd {
    if (executable(container, this, argv[0] ?? '') === null)
      return { end: 'error', code: 126, output: this.execError(argv), errors: '', ms: 0 }
    const { code, output, errors, ms } = this.kernel(container).instant(argv, timeoutMs)
    if (code === null) return { end: 'timeout', code: 137, output, errors, ms: timeoutMs }
    return { end: 'exit', code, output, errors, ms }
  }

  execError(argv: readonly string[]): string {
    return cannotExec(this.newId(), argv)
  }

  #begin(container: ContainerState, process: ProcessState): void {
    container.processes = [...container.processes, process]
    this.#run(container, process, (host) => server.start(host))
  }

  /** Lets a server act; what it returns is its next state. */
  #run(container: ContainerState, process: ProcessState, act: (host: Host) => unknown): void {
    const host = new ProcessHost(this, this.world, container, process)
    const before = container.memoryMi
    process.state = act(host)
    this.paced(container)
    if (container.memoryMi !== before && !host.starved) this.owner.memory()
    if (host.starved) this.finish(container, 137, 'OOMKilled')
    else if (host.ended !== null) this.end(container, process, host.ended)
    else this.owner.changed(container)
  }

  /** Only for hosts: after `act` the process ends. */
  protected end(container: ContainerState, process: ProcessState, code: number): void {
    if (process.timer !== null) this.world.cancel(process.timer)
    process.timer = null
    container.processes = container.processes.filter((p) => p !== process)
    if (!process.purpose) this.finish(container, code, code === 0 ? 'Completed' : 'Error')
  }

  /** Process 1 is gone, and everything else with it. */
  finish(container: ContainerState, code: number, reason: string): void {
    if (container.state !== 'running') return
    const orphans = container.processes.filter((p) => p.purpose !== '' && p.purpose !== 'run')
    const message = this.files(container, 'kubelet').read(container.messagePath)
    flushLog(container, this.world.now)
    this.#leave(container)
    this.#drop(container)
    container.state = 'exited'
    container.finishedAt = this.world.now
    container.exitCode = code
    container.reason = reason
    container.message = terminationMessage(container, message)
    this.processors.ended()
    // Who shares its numbers without a first process of the Pod's own ends with it.
    for (const other of this.siblings(container)) if (other.pidSpace === container.id) this.finish(other, 137, 'Error')
    for (const orphan of orphans) this.owner.executed(container, orphan, 137)
    this.owner.exited(container)
  }

  /** Its processes are gone, and their kernel with them. */
  #drop(container: ContainerState): void {
    for (const process of container.processes) if (process.timer !== null) this.world.cancel(process.timer)
    if (container.kernelTimer !== null) this.world.cancel(container.kernelTimer)
    container.kernelTimer = null
    container.processes = []
    container.kernel = null
    this.#kernels.delete(container.id)
  }

  /** Nobody visits a container that has ended: what its log shows of them is settled. */
  #leave(container: ContainerState): void {
    if (container.visits.length > 0) container.logs = this.log(container)
    container.visits = []
  }

  log(container: ContainerState): LogLine[] {
    return visitedLog(this, this.world, container, this.servers(container)[0] ?? null)
  }

  /** The machine has lost its power: every process is gone, and nobody is told. */
  crash(): void {
    for (const container of this.#containers.values()) {
      if (container.state !== 'running') continue
      this.owner.crashed(container)
      this.#leave(container)
      this.#drop(container)
      container.state = 'exited'
      container.finishedAt = this.world.now
      container.exitCode = 255
      container.reason = 'Unknown'
    }
  }

  /** Sends a signal to process 1. KILL always works. */
  signal(container: ContainerState, signal: Signal): void {
    if (container.state !== 'running') return
    if (signal === 'KILL') {
      this.finish(container, 137, 'Error')
      return
    }
    const process = container.processes.find((p) => !p.purpose)
    if (process) this.signalProcess(container, process, signal)
  }

  signalProcess(container: ContainerState, process: ProcessState, signal: Signal): void {
    if (!container.processes.includes(process)) return
    if (process.program === 'kernel') this.kernel(container).signal(process.pid, signal)
    else this.#run(container, process, (host) => server.signal?.(process.state, signal, host))
  }

  /** A process' timer went off, or (0) its kernel's. */
  wake(id: string, pid: number): void {
    const container = this.#containers.get(id)
    if (container?.state !== 'running') return
    if (pid === 0) {
      container.kernelTimer = null
      this.kernel(container).run()
      return
    }
    const process = container.processes.find((p) => p.pid === pid)
    if (!process) return
    process.timer = null
    this.#run(container, process, (host) => server.wake?.(process.state, host))
  }

  setTimer(container: ContainerState, process: ProcessState, delayMs: number): void {
    if (process.timer !== null) this.world.cancel(process.timer)
    process.timer = this.world.after(delayMs, this.owner.part, 'wake', { id: container.id, pid: process.pid })
  }

  files(container: ContainerState, user: 'its own' | 'kubelet' = 'its own'): Files {
    return new DiskFiles(container, this, () => this.owner.changed(container), user)
  }

  // ——— for the containers' kernels

  volume(container: ContainerState, name: string): DiskState {
    return this.owner.volume(container.podUid, name)
  }
  hostGroup(container: ContainerState, path: string): string | readonly string[] | undefined {
    return this.owner.hostGroup(container, path)
  }
  managed(container: ContainerState, path: string): string | undefined {
    return path === OOM_SCORE ? `${container.oomScoreAdj ?? 0}\n` : this.owner.managedFile(container, path)
  }
  now(): number {
    return this.world.now
  }
  changed(container: ContainerState): void {
    this.owner.changed(container)
  }
  executed(container: ContainerState, process: ProcessState, code: number): void {
    this.owner.executed(container, process, code)
  }
  mainEnded(container: ContainerState, code: number, reason: string): void {
    this.finish(container, code, reason)
  }
  volumeChanged(container: ContainerState, volume: string, ino: number): void {
    for (const other of this.siblings(container))
      if (other !== container && other.kernel) this.kernel(other).volumeChanged(volume, ino)
  }

  remove(id: string | null): void {
    if (!id) return
    this.#containers.delete(id)
    this.#kernels.delete(id)
  }

  newId(): string {
    return this.world.random(this.owner.part).hex64()
  }

  save(): unknown {
    return [...this.#containers]
  }
  load(saved: any): void {
    this.#containers = new Map(saved)
    this.#kernels.clear()
    this.processors.forget()
  }
}
