/** One process' view of the world while it acts. */
import { bitOf, hasBit } from '#posix/privileges.ts'
import type { HttpOutcome, HttpRequest } from '../machinery/http.ts'
import type { World } from '../sim/world.ts'
import type { ContainerState, LogLine, ProcessState } from './container.ts'
import type { Files } from './files.ts'
import type { Image } from './image.ts'
import { parseImageName } from './image-name.ts'
import type { Host, Signal } from './programs/program.ts'
import { shown, type Terminal } from './terminal.ts'

/** What a process needs of the runtime around it. */
export interface Around {
  readonly part: string
  readonly nodeName: string
  image(container: ContainerState): Image
  files(container: ContainerState): Files
  /** Output of process 1: into the log, and to whoever is attached. */
  /** `ready`: lines end as a terminal's do already. */
  mainOut(container: ContainerState, text: string, stream: 'stdout' | 'stderr', ready?: boolean): void
  /** Output to the client of a stream. */
  send(stream: number, to: 'stdout' | 'stderr', text: string): void
  setTimer(container: ContainerState, process: ProcessState, delayMs: number): void
  fetch(container: ContainerState, host: string, port: number, request: HttpRequest): HttpOutcome
  resolve(container: ContainerState, name: string): string[]
  run(container: ContainerState, argv: readonly string[], timeoutMs: number): { output: string; code: number }
  /** Something for the client of a connection, or (null) its end. */
  say(connection: string, text: string | null): void
  /** A request to something in the container's own pod. */
  local(container: ContainerState, port: number, request: HttpRequest): HttpOutcome | null
}

/** A server's own commands may take so long. */
const COMMAND_MS = 60_000

export class ProcessHost implements Host {
  readonly #around: Around
  readonly #world: World
  readonly #container: ContainerState
  readonly #process: ProcessState
  /** Exit code, once it has called `exit`. */
  ended: number | null = null
  quiet = false
  /** It has taken more memory than the container may have. */
  starved = false
  /** It acts as if it were this time, and its output goes here: a look at what it said once. */
  at: number | null = null
  lines: LogLine[] | null = null
  /** Where output goes instead, and who sets the timer: for a process of the container's kernel. */
  write: ((text: string, stream: 'stdout' | 'stderr') => void) | null = null
  timer: ((delayMs: number) => void) | null = null
  environment: Readonly<Record<string, string>> | null = null
  /** A process that is somebody else than its container. */
  uid: number | null = null

  constructor(around: Around, world: World, container: ContainerState, process: ProcessState) {
    this.#around = around
    this.#world = world
    this.#container = container
    this.#process = process
  }

  get now(): number {
    return this.at ?? this.#world.now
  }
  get image(): Image {
    return this.#around.image(this.#container)
  }
  get tag(): string {
    const name = parseImageName(this.#container.image)
    return typeof name === 'string' ? '' : name.tag
  }
  get repository(): string {
    const name = parseImageName(this.#container.image)
    return typeof name === 'string' ? '' : name.repository
  }
  get pid(): number {
    return this.#process.pid
  }
  get argv(): readonly string[] {
    return this.#process.argv
  }
  get env(): Readonly<Record<string, string>> {
    return this.environment ?? this.#container.env
  }
  get hostname(): string {
    return this.#container.hostname
  }
  get podIp(): string {
    return this.#container.podIp
  }
  get nodeName(): string {
    return this.#around.nodeName
  }
  get user(): number {
    return this.uid ?? this.#container.user
  }
  get stdin(): boolean {
    return this.#process.stdin !== null
  }
  get terminal(): Terminal | null {
    return this.#process.terminal
  }
  read(): string {
    const { stdin } = this.#process
    if (!stdin) return ''
    const { text } = stdin
    stdin.text = ''
    return text
  }
  get inputEnded(): boolean {
    const { stdin } = this.#process
    return !stdin || (stdin.ended && stdin.text === '')
  }
  get mainArgv(): readonly string[] {
    return this.#container.argv
  }
  get declaredPorts(): readonly number[] {
    return this.#container.ports
  }
  get files(): Files {
    return this.#around.files(this.#container)
  }

  out(text: string, stream: 'stdout' | 'stderr' = 'stdout'): void {
    if (this.quiet) return
    const process = this.#process
    if (this.lines)
      this.lines.push(
        ...text
          .replace(/\n$/, '')
          .split('\n')
          .map((line) => ({ at: this.now, stream, text: line })),
      )
    else if (this.write) this.write(text, stream)
    else if (process.purpose === '') this.mainOut(text, stream)
    else if (process.stream !== null) {
      if (process.terminal) this.#around.send(process.stream, 'stdout', shown(text))
      else this.#around.send(process.stream, stream, text)
    } else {
      process.output += text
      if (stream === 'stderr') process.errors += text
    }
  }
  mainOut(text: string, stream: 'stdout' | 'stderr'): void {
    this.#around.mainOut(this.#container, text, stream)
  }
  signalMain(signal: Signal): void {
    this.#world.after(0, this.#around.part, 'signal', { id: this.#container.id, signal })
  }
  wake(delayMs: number): void {
    if (this.timer) this.timer(delayMs)
    else this.#around.setTimer(this.#container, this.#process, delayMs)
  }
  exit(code: number): void {
    if (this.lines) return
    this.ended ??= code & 255
  }
  memory(mi: number): void {
    this.#container.memoryMi = mi
    if (this.#container.memoryLimitMi > 0 && mi > this.#container.memoryLimitMi) this.starved = true
  }
  fetch(host: string, port: number, request: HttpRequest): HttpOutcome {
    return this.#around.fetch(this.#container, host, port, request)
  }
  local(port: number, request: HttpRequest): HttpOutcome | null {
    return this.#around.local(this.#container, port, request)
  }
  say(connection: string, text: string | null): void {
    this.#around.say(connection, text)
  }
  resolve(name: string): string[] {
    return this.#around.resolve(this.#container, name)
  }
  get served(): number {
    return this.#container.hits
  }
  capable(name: string): boolean {
    const { user, privileges } = this.#container
    return user === 0 && (!privileges || hasBit(privileges.capabilities, bitOf(name)))
  }
  untouched(path: string): boolean {
    const { disk, readOnlyRoot, mounts } = this.#container
    const meets = (other: string): boolean => other === path || other.startsWith(`${path}/`) || path.startsWith(`${other}/`)
    return disk === null && !readOnlyRoot && !mounts.some((mount) => meets(mount.path))
  }
  mountType(path: string): string {
    const of = (each: { path: string }): boolean => path === each.path || path.startsWith(`${each.path}/`)
    const mount = this.#container.mounts.filter(of).sort((a, b) => b.path.length - a.path.length)[0]
    return !mount ? 'overlay' : this.#container.memoryVolumes?.[mount.volume] !== undefined ? 'tmpfs' : 'ext4'
  }
  run(argv: readonly string[]): { output: string; code: number } {
    return this.#around.run(this.#container, argv, COMMAND_MS)
  }
  random(below: number): number {
    return this.#world.random(this.#around.part).below(below)
  }
}
