/** The container runtime of one node: containers, their processes, timers and logs. The kubelet is told of ends. */

import { assert } from '#api/assert.ts'
import { extend } from '#api/extend.ts'
import type { HttpOutcome, HttpRequest } from '../machinery/http.ts'
import type { World } from '../sim/world.ts'
import { type ContainerState, flushLog, LOG_LIMIT, type LogLine, type ProcessState, terminationMessage } from './container.ts'
import { ContainerFiles, type FileMap, type Files } from './files.ts'
import type { Image } from './image.ts'
import { parseImageName } from './image-name.ts'
import { imageFor } from './images/index.ts'
import { countRequest, workOf } from './meter.ts'
import { type Around, ProcessHost } from './process-host.ts'
import { programFor } from './programs/command-line.ts'
import { programs } from './programs/index.ts'
import type { Host, Program, Signal } from './programs/program.ts'

/** What the runtime needs from its kubelet. */
export interface RuntimeOwner {
  readonly part: string
  readonly nodeName: string
  /** Process 1 ended. */
  exited(container: ContainerState): void
  /** A command executed in the container ended. */
  executed(container: ContainerState, process: ProcessState, code: number): void
  /** Something in the container changed that may change what probes find. */
  changed(container: ContainerState): void
  /** The running containers of its pod. */
  siblings(container: ContainerState): ContainerState[]
  /** Files of a pod's volume, changed in place. */
  volume(podUid: string, name: string): FileMap
  fetch(container: ContainerState, host: string, port: number, request: HttpRequest): HttpOutcome
  resolve(container: ContainerState, name: string): string[]
}

export type NewContainer = Omit<
  ContainerState,
  | 'state'
  | 'createdAt'
  | 'startedAt'
  | 'finishedAt'
  | 'exitCode'
  | 'reason'
  | 'message'
  | 'processes'
  | 'nextPid'
  | 'files'
  | 'logs'
  | 'partial'
  | 'hits'
  | 'visits'
  | 'memoryMi'
>

/** How a command that was run at once came to its end. */
export type RunEnd = { end: 'exit' | 'timeout' | 'error'; code: number; output: string; errors: string; ms: number }

/** A command that wakes more often than this is taken to run forever. */
const RUN_TURNS = 1000

const OCI =
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init'

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
      ...spec,
    }
    this.#containers.set(container.id, container)
    return container
  }

  /** Starts process 1; the error's text when there is no such program, then the container has ended with code 128. */
  start(container: ContainerState): string {
    const program = programFor(this.image(container), container.argv)
    if (program === null) {
      const error = `${OCI}: exec: "${container.argv[0] ?? ''}": ${missing(container.argv[0])}`
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
    this.#begin(container, program, container.argv, '')
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
    this.#begin(container, program, [...argv], purpose)
    return ''
  }

  /** Runs a command to its end at once; time it would spend waiting only counts against `timeoutMs`. */
  run(container: ContainerState, argv: readonly string[], timeoutMs: number): RunEnd {
    const name = programFor(this.image(container), argv, true)
    const program = name === null ? undefined : programs[name]
    if (name === null || !program) return { end: 'error', code: 126, output: this.execError(argv), errors: '', ms: 0 }
    const process: ProcessState = {
      pid: container.nextPid++,
      program: name,
      argv: [...argv],
      state: null,
      timer: null,
      purpose: 'run',
      output: '',
      errors: '',
    }
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
    const id = this.#hex()
    return `rpc error: code = Unknown desc = failed to exec in container: failed to start exec "${id}": OCI runtime exec failed: exec failed: unable to start container process: exec: "${argv[0] ?? ''}": ${missing(argv[0])}`
  }

  #begin(container: ContainerState, program: string, argv: string[], purpose: string): void {
    const pid = container.nextPid++
    const process: ProcessState = { pid, program, argv, state: null, timer: null, purpose, output: '', errors: '' }
    container.processes.push(process)
    this.#run(container, process, (p, host) => p.start(host))
  }

  /** Lets a program act; what it returns is its next state. */
  #run(container: ContainerState, process: ProcessState, act: (program: Program, host: Host) => unknown): void {
    const program = programs[process.program]
    assert(program, `no program is named ${process.program}`)
    const host = new ProcessHost(this, this.#world, container, process)
    process.state = act(program, host)
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

  /** The log with the lines of probes, which were never written. */
  log(container: ContainerState): LogLine[] {
    const main = this.#main(container)
    const http = main?.program.http
    if (!main || !http || container.visits.length === 0) return container.logs
    const lines: LogLine[] = []
    for (const visit of container.visits) {
      const end = Math.min(visit.until ?? this.#world.now, this.#world.now)
      const count = Math.floor((end - visit.first) / visit.every)
      for (let k = Math.max(0, count - LOG_LIMIT); k <= count; k++) {
        const host = new ProcessHost(this, this.#world, container, main.process)
        host.at = visit.first + k * visit.every
        host.lines = lines
        http(visit.request, main.process.state, host, visit.port)
      }
    }
    return [...container.logs, ...lines].sort((a, b) => a.at - b.at).slice(-LOG_LIMIT)
  }

  /** The machine has lost its power: every process is gone, and nobody is told. */
  crash(): void {
    for (const container of this.#containers.values()) {
      if (container.state !== 'running') continue
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
    if (!process || process.deaf) return
    this.#run(container, process, (program, host) =>
      program.signal ? program.signal(process.state, signal, host) : process.state,
    )
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
    const mounts = container.mounts.map((mount) => extend(mount, { files: this.#owner.volume(container.podUid, mount.volume) }))
    return new ContainerFiles(this.image(container).files ?? {}, container.files, mounts, () => this.#owner.changed(container))
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

const missing = (word: string | undefined): string =>
  (word ?? '').includes('/') ? `stat ${word}: no such file or directory` : 'executable file not found in $PATH'
