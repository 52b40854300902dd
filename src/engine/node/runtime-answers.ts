/** What a container answers: its own server, servers that its scripts have started, and what it uses doing so. */
import { isOverflow } from '#posix/overflow.ts'
import type { Proc } from '#posix/state.ts'
import type { HttpOutcome, HttpRequest } from '../machinery/http.ts'
import type { World } from '../sim/world.ts'
import type { ContainerState, ProcessState } from './container.ts'
import type { ContainerKernel, KernelOwner } from './container-kernel.ts'
import { Processors } from './cpu-scarcity.ts'
import type { Image } from './image.ts'
import { countRequest, workOf } from './meter.ts'
import { ProcessHost } from './process-host.ts'
import type { ConnectionEvent, Program } from './programs/program.ts'
import { server } from './programs/server.ts'
import type { RuntimeOwner } from './runtime-types.ts'

/** 128 and the number of SIGSEGV. */
const SEGFAULT = 139
/** A server that does not say how long it takes takes so long. */
export const USUAL_MS = 2

/** A program that answers, and its process. */
interface Server {
  process: ProcessState
  program: Program
  host: ProcessHost
  /** Of one that a script has started. */
  proc?: Proc
}

export abstract class Answers {
  protected readonly world: World
  protected readonly owner: RuntimeOwner
  protected readonly processors: Processors

  constructor(world: World, owner: RuntimeOwner) {
    this.world = world
    this.owner = owner
    this.processors = new Processors({
      now: () => world.now,
      milli: () => owner.processors,
      rank: (container) => owner.rank(container),
      all: () => this.all(),
      image: (container) => this.image(container),
      luck: () => world.random('overload').fraction(),
    })
  }

  abstract kernel(container: ContainerState): ContainerKernel
  abstract all(): Iterable<ContainerState>
  abstract image(container: ContainerState): Image
  abstract finish(container: ContainerState, code: number, reason: string): void
  protected abstract end(container: ContainerState, process: ProcessState, code: number): void
  protected abstract get around(): KernelOwner

  siblings(container: ContainerState): ContainerState[] {
    return this.owner.siblings(container)
  }
  send(stream: number, to: 'stdout' | 'stderr', text: string): void {
    this.owner.send(stream, to, text)
  }
  say(connection: string, text: string | null): void {
    this.owner.say(connection, text)
  }

  /** What answers in a container: its own server, or those that scripts have started. */
  servers(container: ContainerState): Server[] {
    if (container.state !== 'running') return []
    const [process] = container.processes
    if (process?.program === 'server')
      return [{ process, program: server, host: new ProcessHost(this.around, this.world, container, process) }]
    return container.kernel ? [...this.kernel(container).servers()] : []
  }

  listens(container: ContainerState, port: number): boolean {
    if (this.#listener(container, port)) return true
    return container.kernel !== null && this.kernel(container).listens(port) !== undefined
  }
  #listener(container: ContainerState, port: number) {
    return this.servers(container).find(({ program, process, host }) => program.listens?.(process.state, host).includes(port))
  }
  /** What is listened on in the network that its pod's containers share. */
  ports(container: ContainerState): number[] {
    return this.siblings(container).flatMap((each) => [
      ...this.servers(each).flatMap(({ program, process, host }) => [...(program.listens?.(process.state, host) ?? [])]),
      ...(each.kernel?.listeners.map(({ port }) => port) ?? []),
    ])
  }

  /** An HTTP request that has reached the container. `quiet`: a probe's, whose log lines are not written one by one. */
  http(container: ContainerState, port: number, request: HttpRequest, quiet = false): HttpOutcome {
    const main = this.#listener(container, port)
    if (!main) {
      const proc = container.kernel ? this.kernel(container).listens(port) : undefined
      return proc ? this.kernel(container).serve(proc, port, request) : { ok: false, why: 'connection refused' }
    }
    if (!main.program.http) return { ok: true, reply: { status: 200, body: '' } }
    main.host.quiet = quiet
    const answered = this.#played(container, main, () => main.program.http?.(request, main.process.state, main.host, port))
    if (!answered) return { ok: false, why: 'connection refused' }
    const [reply, state] = answered
    if (!quiet) countRequest(container, main.host.image, request, this.world.now)
    const late = quiet ? 0 : this.processors.delay(container, main.host.image)
    this.#acted(container, main, state)
    if (reply.status === 0 && request.transport !== 'UDP') return { ok: false, why: 'empty reply' }
    return { ok: true, reply: late > 0 ? { ...reply, ms: (reply.ms ?? USUAL_MS) + late } : reply }
  }

  /** A connection from outside, for a program that reads it itself; false: what listens there knows only requests. */
  connection(container: ContainerState, port: number, event: ConnectionEvent): boolean {
    const main = this.#listener(container, port)
    if (!main) return false
    const act = () => main.program.connection?.(event, main.process.state, main.host, port)
    const state = this.#played(container, main, act) ?? null
    if (state === null) return false
    this.#acted(container, main, state)
    return true
  }

  /** Undefined: it was too much for the program, whose process has died of it. */
  #played<T>(container: ContainerState, main: Server, act: () => T): T | undefined {
    try {
      return act()
    } catch (error) {
      if (!isOverflow(error)) throw error
      this.#endServer(container, main, SEGFAULT)
      return undefined
    }
  }

  #acted(container: ContainerState, main: Server, state: unknown): void {
    const changed = main.process.state !== state
    main.process.state = state
    if (changed) this.paced(container)
    if (main.host.starved) this.finish(container, 137, 'OOMKilled')
    else if (main.host.ended !== null) this.#endServer(container, main, main.host.ended)
    else if (changed) this.owner.changed(container)
  }

  #endServer(container: ContainerState, { process, proc }: Server, code: number): void {
    if (!proc) return this.end(container, process, code)
    const kernel = this.kernel(container)
    kernel.kernel.exit(proc, code)
    kernel.run()
  }

  /** When the container's answers will change by themselves. */
  nextChange(container: ContainerState): number {
    const times = this.servers(container).map(
      ({ program, process, host }) => program.nextChange?.(process.state, host) ?? Infinity,
    )
    return Math.min(Number.POSITIVE_INFINITY, ...times)
  }

  /** What it uses now; for metrics. */
  usage(container: ContainerState): { cpuMilli: number; memoryMi: number } {
    if (container.state !== 'running') return { cpuMilli: 0, memoryMi: 0 }
    const image = this.image(container)
    const kernelMi = container.kernel ? Math.ceil(this.kernel(container).kernel.memory() / 1_048_576) : 0
    const [main] = this.servers(container)
    const cpuMilli = this.#steady(container) + workOf(container, image, this.world.now)
    return {
      // More than its limit a container is not given, nor more than its share of what there is.
      cpuMilli: Math.min(cpuMilli, this.processors.granted(container)),
      memoryMi: Math.max(container.memoryMi, kernelMi, main ? (image.memoryMi?.(main.process.state, container.hits) ?? 5) : 1),
    }
  }

  /** Milli-CPU besides what requests cost. */
  #steady(container: ContainerState): number {
    const [main] = this.servers(container)
    const busy = (container.breath ?? 0) > 0 ? 1000 : 0
    return main ? busy + (main.host.image.cpuMilli?.(main.process.state) ?? 1) : busy
  }

  /** It may work otherwise than before. */
  paced(container: ContainerState): void {
    this.processors.paced(container, this.#steady(container))
  }

  /** Null: none of its pod's containers listens; on the machine's network somebody else may. */
  local(container: ContainerState, port: number, request: HttpRequest): HttpOutcome | null {
    const found = this.siblings(container).find((each) => this.listens(each, port))
    return found ? this.http(found, port, { ...request, from: request.from ?? '127.0.0.1' }) : null
  }
  connects(container: ContainerState, host: string, port: number): { ok: boolean; why?: string; address?: string } {
    if (host === 'localhost' || host === '127.0.0.1' || host === container.podIp) {
      if (this.siblings(container).some((each) => this.listens(each, port))) return { ok: true, address: host }
    }
    const address = /^\d+(\.\d+){3}$/.test(host) ? host : this.owner.resolve(container, host)[0]
    if (address === undefined) return { ok: false, why: 'no such host' }
    const outcome = this.owner.fetch(container, host, port, { method: '', transport: 'CONNECT', path: '/', times: 0 })
    return outcome.ok ? { ok: true, address } : { ok: false, why: outcome.why, address }
  }
}
