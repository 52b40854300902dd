/** The container runtime of one node: containers, their processes, timers and logs. The kubelet is told of ends. */

import { assert } from '#api/assert.ts'
import { extend } from '#api/extend.ts'
import type { HttpOutcome, HttpRequest } from '../machinery/http.ts'
import type { World } from '../sim/world.ts'
import {
  type ContainerState,
  flushLog,
  type LogLine,
  newProcess,
  type ProcessState,
  terminationMessage,
  writeLog,
} from './container.ts'
import { DiskMount } from './disk-mount.ts'
import { ContainerFiles, type Files } from './files.ts'
import type { Image } from './image.ts'
import { parseImageName } from './image-name.ts'
import { imageFor } from './images/index.ts'
import { countRequest, workOf } from './meter.ts'
import { cannotExec, cannotStart } from './oci-errors.ts'
import { type Around, ProcessHost } from './process-host.ts'
import { programFor } from './programs/command-line.ts'
import { programs } from './programs/index.ts'
import type { Host, Program, Signal } from './programs/program.ts'
import type { NewContainer, RunEnd, RuntimeOwner } from './runtime-types.ts'
import { newTerminal, shown } from './terminal.ts'
import { visitedLog } from './visited-log.ts'

/** A command that wakes more often than this is taken to run forever. */
const RUN_TURNS = 1000

const NUMBERS: Record<Signal, number> = { HUP: 1, INT: 2, QUIT: 3, KILL: 9, USR1: 10, TERM: 15 }

export class Runtime implements Around {
  readonly #world: World
  readonly #owner: RuntimeOwner
  #containers = new Map<string, ContainerState>()

  constructor(world: World, owner: RuntimeOwner) {
    this.#world = world
    this.#owner = owner
  }

  get part(): string {
    return this.#owner.part
  }
  get nodeName(): string {
    return this.#owner.nodeName
  }
  fetch(container: ContainerState, host: string, port: number, request: HttpRequest): HttpOutcome {
    return this.#owner.fetch(container, host, port, request)
  }
  resolve(container: ContainerState, name: string): string[] {
    return this.#owner.resolve(container, name)
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
      createdAt: this.#world.now,
      startedAt: 0,
      finishedAt: 0,
      exitCode: 0,
      reason: '',
      message: '',
      processes: [],
      nextPid: 1,
      files: {},
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
    const program = programFor(this.image(container), container.argv)
    if (program === null) {
      const error = cannotStart(container.argv)
      container.state = 'exited'
      container.exitCode = 128
      container.reason = 'StartError'
      container.message = error
      // As containerd reports it: the task never began.
      container.startedAt = 0
      container.finishedAt = this.#world.now
      return error
    }
    container.state = 'running'
    container.startedAt = this.#world.now
    const main = newProcess(container.nextPid++, program, container.argv, '')
    if (container.stdin) main.stdin = { text: '', ended: false }
    if (container.tty) main.terminal = newTerminal()
    this.#begin(container, main)
    this.#bind(container)
    return ''
  }

  /** Containers of a pod share its ports: who comes second finds its own taken, and gives up. */
  #bind(container: ContainerState): void {
    const main = this.#main(container)
    if (main?.process.program !== 'server') return
    const taken = (main.program.listens?.(main.process.state, main.host) ?? []).find((port) =>
      this.#owner.siblings(container).some((other) => other !== container && this.listens(other, port)),
    )
    if (taken === undefined) return
    main.host.out(`[emerg] 1#1: bind() to 0.0.0.0:${taken} failed (98: Address already in use)\n`, 'stderr')
    this.#end(container, main.process, 1)
  }

  /** Runs a command in a running container; `purpose` comes back when it ends. Empty, or why it could not be started. */
  exec(container: ContainerState, argv: readonly string[], purpose: string): string {
    const program = programFor(this.image(container), argv, true)
    if (program === null) return this.execError(argv)
    this.#begin(container, newProcess(container.nextPid++, program, [...argv], purpose))
    return ''
  }

  /** Runs a command whose standard streams are a client's. Empty (it may have ended already), or why it could not be started. */
  open(
    container: ContainerState,
    argv: readonly string[],
    { stream, stdin, tty }: { stream: number; stdin: boolean; tty: boolean },
  ): string {
    const program = programFor(this.image(container), argv, true)
    if (program === null) return this.execError(argv)
    const process = newProcess(container.nextPid++, program, [...argv], 'stream')
    process.stream = stream
    if (stdin) process.stdin = { text: '', ended: false }
    if (tty) process.terminal = newTerminal()
    this.#begin(container, process)
    return ''
  }

  /** Something has come on standard input. */
  tell(container: ContainerState, process: ProcessState): void {
    if (!container.processes.includes(process)) return
    this.#run(container, process, (program, host) => (program.input ? program.input(process.state, host) : process.state))
  }
  /** Echo goes to the terminal's screen, and with process 1 into its log. */
  show(container: ContainerState, process: ProcessState, text: string): void {
    if (process.stream !== null) this.#owner.send(process.stream, 'stdout', text)
    else this.#written(container, text, 'stdout')
  }

  mainOut(container: ContainerState, text: string, stream: 'stdout' | 'stderr'): void {
    if (container.tty) this.#written(container, shown(text), 'stdout')
    else this.#written(container, text, stream)
  }
  #written(container: ContainerState, text: string, stream: 'stdout' | 'stderr'): void {
    writeLog(container, stream, text, this.#world.now)
    for (const id of container.attached) this.#owner.send(id, stream, text)
    if (container.followers.length > 0) this.#owner.logged(container)
  }
  send(stream: number, to: 'stdout' | 'stderr', text: string): void {
    this.#owner.send(stream, to, text)
  }

  /** Runs a command to its end at once; time it would spend waiting only counts against `timeoutMs`. */
  run(container: ContainerState, argv: readonly string[], timeoutMs: number): RunEnd {
    const name = programFor(this.image(container), argv, true)
    const program = name === null ? undefined : programs[name]
    if (name === null || !program) return { end: 'error', code: 126, output: this.execError(argv), errors: '', ms: 0 }
    const process = newProcess(container.nextPid++, name, [...argv], 'run')
    const host = new ProcessHost(this, this.#world, container, process)
    host.instant = true
    process.state = program.start(host)
    for (let turns = 0; host.ended === null && turns < RUN_TURNS; turns++) {
      if (host.waits === null || host.elapsed + host.waits > timeoutMs)
        return { end: 'timeout', code: 137, output: process.output, errors: process.errors, ms: timeoutMs }
      host.elapsed += host.waits
      host.waits = null
      if (program.wake) process.state = program.wake(process.state, host)
    }
    return { end: 'exit', code: host.ended ?? 137, output: process.output, errors: process.errors, ms: host.elapsed }
  }

  execError(argv: readonly string[]): string {
    return cannotExec(this.#hex(), argv)
  }

  #begin(container: ContainerState, process: ProcessState): void {
    container.processes.push(process)
    this.#run(container, process, (p, host) => p.start(host))
  }

  /** Lets a program act; what it returns is its next state. */
  #run(container: ContainerState, process: ProcessState, act: (program: Program, host: Host) => unknown): void {
    const program = programs[process.program]
    assert(program, `no program is named ${process.program}`)
    const host = new ProcessHost(this, this.#world, container, process)
    const before = container.memoryMi
    process.state = act(program, host)
    if (container.memoryMi !== before && !host.starved) this.#owner.memory()
    if (host.starved) {
      this.finish(container, 137, 'OOMKilled')
      return
    }
    if (host.next && process.purpose === '') {
      Object.assign(process, { program: 'server', ...host.next, state: null })
      this.#run(container, process, (p, next) => p.start(next))
      this.#bind(container)
      return
    }
    if (host.ended !== null) this.#end(container, process, host.ended)
    else if (process.program === 'server') this.#owner.changed(container)
  }

  /** Only for hosts: after `act` the process ends. */
  #end(container: ContainerState, process: ProcessState, code: number): void {
    if (process.timer !== null) this.#world.cancel(process.timer)
    process.timer = null
    container.processes = container.processes.filter((p) => p !== process)
    if (process.purpose !== '') {
      this.#owner.executed(container, process, code)
      return
    }
    if (process.pid === 1) this.finish(container, code, code === 0 ? 'Completed' : 'Error')
  }

  /** Process 1 is gone, and everything else with it. */
  finish(container: ContainerState, code: number, reason: string): void {
    if (container.state !== 'running') return
    for (const process of container.processes) if (process.timer !== null) this.#world.cancel(process.timer)
    const orphans = container.processes.filter((p) => p.purpose !== '')
    container.processes = []
    flushLog(container, this.#world.now)
    this.#leave(container)
    container.state = 'exited'
    container.finishedAt = this.#world.now
    container.exitCode = code
    container.reason = reason
    container.message = terminationMessage(container, this.files(container).read(container.messagePath))
    for (const orphan of orphans) this.#owner.executed(container, orphan, 137)
    this.#owner.exited(container)
  }

  /** Nobody visits a container that has ended: what its log shows of them is settled. */
  #leave(container: ContainerState): void {
    if (container.visits.length > 0) container.logs = this.log(container)
    container.visits = []
  }

  log(container: ContainerState): LogLine[] {
    return visitedLog(this, this.#world, container, this.#main(container))
  }

  /** The machine has lost its power: every process is gone, and nobody is told. */
  crash(): void {
    for (const container of this.#containers.values()) {
      if (container.state !== 'running') continue
      this.#owner.crashed(container)
      for (const process of container.processes) if (process.timer !== null) this.#world.cancel(process.timer)
      container.processes = []
      this.#leave(container)
      container.state = 'exited'
      container.finishedAt = this.#world.now
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
    const process = container.processes.find((p) => p.pid === 1)
    if (process) this.signalProcess(container, process, signal)
  }

  /** Process 1 is deaf to what it has no handler for; others end. */
  signalProcess(container: ContainerState, process: ProcessState, signal: Signal): void {
    const program = programs[process.program]
    if (process.deaf || !container.processes.includes(process)) return
    if (program?.signal) this.#run(container, process, (_, host) => program.signal?.(process.state, signal, host))
    else if (process.pid !== 1) this.#end(container, process, 128 + NUMBERS[signal])
  }

  /** A process' timer went off. */
  wake(id: string, pid: number): void {
    const container = this.#containers.get(id)
    const process = container?.processes.find((p) => p.pid === pid)
    if (!container || !process) return
    process.timer = null
    this.#run(container, process, (program, host) => (program.wake ? program.wake(process.state, host) : process.state))
  }

  setTimer(container: ContainerState, process: ProcessState, delayMs: number): void {
    if (process.timer !== null) this.#world.cancel(process.timer)
    process.timer = this.#world.after(delayMs, this.#owner.part, 'wake', { id: container.id, pid: process.pid })
  }

  #main(container: ContainerState): { process: ProcessState; program: Program; host: ProcessHost } | null {
    if (container.state !== 'running') return null
    const process = container.processes[0]
    const program = process ? programs[process.program] : undefined
    if (!process || !program) return null
    return { process, program, host: new ProcessHost(this, this.#world, container, process) }
  }

  listens(container: ContainerState, port: number): boolean {
    const main = this.#main(container)
    return main?.program.listens?.(main.process.state, main.host).includes(port) ?? false
  }

  /** An HTTP request that has reached the container. `quiet`: a probe's, whose log lines are not written one by one. */
  http(container: ContainerState, port: number, request: HttpRequest, quiet = false): HttpOutcome {
    const main = this.#main(container)
    if (!main?.program.listens?.(main.process.state, main.host).includes(port)) return { ok: false, why: 'connection refused' }
    if (!main.program.http) return { ok: true, reply: { status: 200, body: '' } }
    main.host.quiet = quiet
    const [reply, state] = main.program.http(request, main.process.state, main.host, port)
    if (!quiet) countRequest(container, request, this.#world.now)
    const changed = main.process.state !== state
    main.process.state = state
    if (main.host.ended !== null) this.#end(container, main.process, main.host.ended)
    else if (changed) this.#owner.changed(container)
    return { ok: true, reply }
  }

  /** When the container's answers will change by themselves. */
  nextChange(container: ContainerState): number {
    const main = this.#main(container)
    return main?.program.nextChange?.(main.process.state, main.host) ?? Number.POSITIVE_INFINITY
  }

  /** What it uses now; for metrics. */
  usage(container: ContainerState): { cpuMilli: number; memoryMi: number } {
    const main = this.#main(container)
    if (!main) return { cpuMilli: 0, memoryMi: 0 }
    const image = this.image(container)
    const own = main.process.program === 'server'
    return {
      cpuMilli: own ? (image.cpuMilli?.(main.process.state) ?? 1) + workOf(container, image, this.#world.now) : 0,
      memoryMi: Math.max(container.memoryMi, own ? (image.memoryMi?.(main.process.state, container.hits) ?? 5) : 1),
    }
  }

  files(container: ContainerState): Files {
    const mounts = container.mounts.map((mount) =>
      extend(mount, { open: () => new DiskMount(this.#owner.volume(container.podUid, mount.volume), mount.root) }),
    )
    const { now } = this.#world
    return new ContainerFiles(this.image(container).files ?? {}, container.files, mounts, () => this.#owner.changed(container), {
      now: () => now,
      readOnly: container.readOnlyRoot,
      managed: (path) => (path.startsWith('/etc/') ? this.#owner.managedFile(container, path) : undefined),
    })
  }

  remove(id: string | null): void {
    if (id) this.#containers.delete(id)
  }

  #hex(): string {
    const random = this.#world.random(this.#owner.part)
    let hex = ''
    for (let i = 0; i < 8; i++) hex += random.word().toString(16).padStart(8, '0')
    return hex
  }
  newId(): string {
    return this.#hex()
  }

  save(): unknown {
    return [...this.#containers]
  }
  load(saved: any): void {
    this.#containers = new Map(saved)
  }
}
