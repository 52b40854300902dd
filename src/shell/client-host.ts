/** Runs kubectl, helm and ssh for a process of the machine: its descriptors, files, terminal and end are the process' own. */
import type { Transport, UserInfo } from '#api/request.ts'
import type { HelmIo } from '#helm/io.ts'
import { editorOf, editorTrouble, opening } from '#kubectl/editor.ts'
import type { Io, Tty } from '#kubectl/io.ts'
import { kubectl } from '#kubectl/kubectl.ts'
import type { Call, Proc } from '#posix/state.ts'
import { Sys } from '#posix/sys.ts'
import { allowed, failed } from '#posix/vfs.ts'
import type { ClientData, ClientName } from './clients.ts'
import { download } from './downloads.ts'
import type { Machine } from './machine.ts'
import { ssh } from './ssh.ts'

export interface ClientSurroundings {
  transport: Transport
  user?: UserInfo
  namespace: string
  now(): number
  sleep(ms: number): Promise<void>
  random(): number
  useNamespace(name: string): void
  refuse?: Refuse
}

/** Why a command line of kubectl, helm or ssh may not be run here; `null`: it may. */
export type Refuse = (words: readonly string[]) => string | null

export class ClientHost {
  readonly #machine: Machine
  readonly #call: Call
  readonly #proc: Proc
  readonly #around: ClientSurroundings
  readonly #abort = new AbortController()
  readonly #resizes = new Set<() => void>()
  #read: ((piece: string | null) => void) | null = null
  #ended: ((status: number) => void) | null = null

  constructor(machine: Machine, call: Call, proc: Proc, around: ClientSurroundings) {
    this.#machine = machine
    this.#call = call
    this.#proc = proc
    this.#around = around
    const data = proc.data as ClientData
    data.told = {
      read: (piece) => this.#read?.(piece),
      ended: (status) => this.#ended?.(status),
      signal: (name) => {
        if (name === 'WINCH') for (const see of this.#resizes) see()
      },
    }
  }

  /** The process has gone: a signal, or nobody reads what it prints. */
  abandon(): void {
    this.#abort.abort()
    this.#read?.(null)
  }

  /** Who has gone is not woken: it would go on in nobody's name. */
  #sleep = async (ms: number): Promise<void> => {
    await this.#around.sleep(ms)
    if (this.#abort.signal.aborted) await new Promise<never>(() => {})
  }

  async run(name: ClientName): Promise<number> {
    const { argv } = this.#proc
    const { transport, user, namespace } = this.#around
    const words = argv.slice(1)
    const refused = this.#around.refuse?.([name, ...words]) ?? null
    if (refused !== null) {
      this.#write(2, `${refused}\n`)
      return 1
    }
    if (name === 'ssh') return ssh(words, transport, this.#io())
    if (name === 'kubectl') return kubectl(words, { transport, namespace, ...(user ? { user } : {}) }, this.#io())
    // Loaded with its first use: most sessions never need it.
    const { helm } = await import('#helm/helm.ts')
    return helm(words, { transport, namespace }, this.#helmIo())
  }

  get #sys(): Sys {
    return new Sys(this.#machine.kernel, this.#proc)
  }
  get #data(): ClientData | null {
    return this.#proc.state === 'zombie' ? null : (this.#proc.data as ClientData)
  }

  #write(fd: number, text: string): void {
    if (!this.#data || text === '') return
    this.#sys.write(fd, text)
    this.#machine.pump()
  }

  /** Has the process do something for it. */
  #wake(): void {
    this.#machine.kernel.ready(this.#proc)
    this.#machine.pump()
  }

  /** The next piece of what comes in; null at the end. */
  #piece(fd: number): Promise<string | null> {
    return new Promise((resolve) => {
      const data = this.#data
      if (!data) return resolve(null)
      this.#read = (piece) => {
        this.#read = null
        resolve(piece)
      }
      data.reading = fd
      this.#wake()
    })
  }

  async #all(fd: number): Promise<string> {
    let text = ''
    for (let piece = await this.#piece(fd); piece !== null; piece = await this.#piece(fd)) text += piece
    return text
  }

  async *#input(): AsyncIterable<string> {
    for (let piece = await this.#piece(0); piece !== null; piece = await this.#piece(0)) yield piece
  }

  // ——— files

  async #text(path: string): Promise<string> {
    const open = /^\/dev\/(?:fd\/(\d+)|stdin)$/.exec(path)
    if (open) return this.#all(Number(open[1] ?? 0))
    const read = this.#sys.text(path)
    if (!failed(read)) return read.text
    throw new Error(`${read === 'Is a directory' ? 'read' : 'open'} ${path}: ${lower(read)}`)
  }

  #list(path: string): string[] | null {
    const names = this.#sys.names(path)
    return failed(names) ? null : names
  }

  #put(path: string, text: string): void {
    const above = path.split('/').slice(0, -1)
    for (let i = 1; i <= above.length; i++) {
      const folder = above.slice(0, i).join('/')
      if (folder !== '' && !this.#sys.exists(folder)) this.#sys.mkdir(folder)
    }
    const why = this.#sys.put(path, text)
    if (why) throw new Error(`open ${path}: ${lower(why)}`)
  }

  /** The status of a program of the machine, in front of the same terminal. */
  #spawned(argv: readonly string[], otherwise = 1): Promise<number> {
    return new Promise((resolve) => {
      const data = this.#data
      const child = data ? this.#sys.spawn(argv, this.#proc.env) : undefined
      if (!data || !child) return resolve(otherwise)
      this.#ended = resolve
      data.child = child.pid
      this.#wake()
    })
  }

  #kind(path: string): 'program' | 'file' | null {
    const place = this.#sys.at(path)
    if (failed(place) || place.node.k === 'd') return null
    return allowed(place.node, this.#proc, 1) ? 'program' : 'file'
  }

  /** An editor of the machine, in front of the same terminal. */
  async #edit(text: string, name: string): Promise<string> {
    const editor = editorOf(this.#proc.env, 'sh')
    const path = `/tmp/kubectl-${name.replace('edit', `edit-${this.#call.id}`)}`
    this.#put(path, text)
    const status = await this.#spawned(opening(editor, path), NOT_FOUND)
    if (status !== 0) throw editorTrouble(editor, editor.shell || status !== NOT_FOUND)
    const after = await this.#text(path)
    this.#sys.unlink(path)
    return after
  }

  // ——— terminal

  get #tty(): Tty | undefined {
    const { kernel } = this.#machine
    const file = this.#sys.file(0)
    if (file?.k !== 'tty') return undefined
    const tty = kernel.state.ttys[file.tty]
    if (!tty) return undefined
    return {
      size: () => ({ columns: tty.columns, rows: tty.rows }),
      onResize: (see) => {
        this.#resizes.add(see)
        return () => void this.#resizes.delete(see)
      },
      raw(on) {
        tty.canonical = !on
        tty.echo = !on
        tty.signals = !on
      },
    }
  }

  #io(): Io {
    const { now, useNamespace } = this.#around
    const tty = this.#tty
    return {
      ...this.#common(),
      ...(tty ? { tty, input: () => this.#input() } : {}),
      ...(tty ? {} : { input: () => this.#input() }),
      remove: async (path) => void this.#sys.unlink(path),
      edit: (text, name) => this.#edit(text, name),
      programs: { kind: async (path) => this.#kind(path), run: (argv) => this.#spawned(argv) },
      fetch: download,
      listen: this.#machine.ports.listen,
      serve: this.#machine.ports.serve,
      env: (name) => (name === 'PWD' ? this.#proc.cwd : this.#proc.env[name]),
      now,
      sleep: this.#sleep,
      useNamespace,
      signal: this.#abort.signal,
    }
  }

  #helmIo(): HelmIo {
    const { now, random } = this.#around
    return { ...this.#common(), now, sleep: this.#sleep, random, signal: this.#abort.signal }
  }

  #common() {
    return {
      out: (text: string) => this.#write(1, text),
      err: (text: string) => this.#write(2, text),
      stdin: () => this.#all(0),
      read: (path: string) => this.#text(path),
      list: async (path: string) => this.#list(path),
      write: async (path: string, text: string) => this.#put(path, text),
    }
  }
}

/** What a shell answers for a program that is not there. */
const NOT_FOUND = 127

const lower = (why: string): string => why.charAt(0).toLowerCase() + why.slice(1)
