/** The learner's shell: the posix machine beside the cluster, driven line by line, by a terminal or by whoever runs scripts. */
import type { Transport, UserInfo } from '#api/request.ts'
import type { ShellState } from '#posix/shell/state.ts'
import type { Call, Proc } from '#posix/state.ts'
import { ClientHost, type Refuse } from './client-host.ts'
import type { ClientName } from './clients.ts'
import { type Candidates, candidates } from './completion.ts'
import { Files, HOME } from './files.ts'
import { Machine } from './machine.ts'
import { network } from './network.ts'
import { type Screen, type Terminal, TerminalSession } from './terminal.ts'

export type { Screen, Terminal } from './terminal.ts'

export interface ShellIo {
  write(text: string): void
  error(text: string): void
  readonly signal: AbortSignal
  columns: number
}

export interface ShellOptions {
  transport: Transport
  namespace?: string
  user?: UserInfo
  /** Milliseconds since 1970 by which ages are told. */
  now(): number
  sleep(ms: number): Promise<void>
  /** What a lesson does without. */
  refuse?: Refuse
}

export interface Shell {
  readonly files: Files
  /** Programs compute: they go on without the cluster's clock. */
  readonly computes: boolean
  /** Runs a line (or a script); resolves with its exit status. Lines may run beside each other, each in a shell of its own. */
  run(line: string, io: ShellIo): Promise<number>
  /** A shell in front of a screen, with a terminal of its own. */
  open(screen: Screen): Terminal
  /** Words that could stand at the cursor, whole. */
  complete(line: string, cursor: number): Promise<string[]>
}

export const createShell = (options: ShellOptions): Shell => new LearnersShell(options)

/** A shell that runs lines one after another. */
interface Runner {
  proc: Proc
  /** Its question for the next line, while it has nothing to do. */
  asks: Call | null
  io: ShellIo | null
  done: ((status: number) => void) | null
  fail: ((error: unknown) => void) | null
}

const ENVIRONMENT: Readonly<Record<string, string>> = {
  HOME,
  USER: 'root',
  SHELL: '/bin/bash',
  TERM: 'xterm-256color',
  PS1: '\\[\\e[38;5;75m\\]$\\[\\e[0m\\] ',
  LANG: 'C.UTF-8',
  TOOLS: 'gnu',
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
}

class LearnersShell implements Shell {
  readonly files: Files
  readonly #options: ShellOptions
  readonly #machine: Machine
  #namespace: string
  /** Those that run lines: the one that began last is the one that goes on. */
  #runners: Runner[] = []
  #terminals: TerminalSession[] = []
  readonly #clients = new Map<number, ClientHost>()

  constructor(options: ShellOptions) {
    this.#options = options
    this.#namespace = options.namespace ?? 'default'
    this.#machine = new Machine({
      now: options.now,
      sleep: options.sleep,
      output: (sink, text) => this.#output(sink, text),
      line: (call, proc) => this.#asked(call, proc),
      client: (name, call, proc) => void this.#client(name, call, proc),
      network: (call) => network(this.#machine, options.transport, call),
      abandoned: ({ id }) => this.#clients.get(id)?.abandon(),
      ended: (proc) => this.#ended(proc),
    })
    this.files = new Files(this.#machine.disk, options.now)
  }

  // ——— scripts

  run(line: string, io: ShellIo): Promise<number> {
    const runner = this.#idle()
    const { proc } = runner
    const tty = this.#machine.kernel.state.ttys[proc.tty]
    if (tty) tty.columns = io.columns
    const stop = (): void => {
      this.#interrupt(proc)
      this.#machine.pump()
    }
    io.signal.addEventListener('abort', stop, { once: true })
    return new Promise<number>((done, fail) => {
      Object.assign(runner, { io, done, fail })
      if (runner.asks) this.#answer(runner, line)
      else this.#machine.pump()
    }).finally(() => io.signal.removeEventListener('abort', stop))
  }

  #answer(runner: Runner, line: string | null): void {
    const { asks } = runner
    if (!asks) return
    runner.asks = null
    this.#machine.answer(asks, line)
  }

  /** A runner that has nothing to do: the last one, or (when that is busy) a shell forked from it. */
  #idle(): Runner {
    const last = this.#runners.at(-1)
    if (last?.asks) return last
    const id = this.#runners.length + this.#machine.kernel.state.serial
    const proc = this.#machine.login(this.#environment(), { out: `out:${id}`, err: `err:${id}` }, { rows: 24, columns: 80 })
    const parent = last?.proc.shell
    const runner: Runner = { proc, asks: null, io: null, done: null, fail: null }
    this.#runners.push(runner)
    this.#sinks.set(`out:${id}`, runner).set(`err:${id}`, runner)
    this.#machine.pump()
    if (parent && proc.shell) inherit(proc.shell, parent)
    if (last) proc.cwd = last.proc.cwd
    return runner
  }

  readonly #sinks = new Map<string, Runner>()

  #environment(): Record<string, string> {
    return this.#options.namespace === undefined ? { ...ENVIRONMENT } : { ...ENVIRONMENT, NS: this.#options.namespace }
  }

  // ——— terminals

  open(screen: Screen): Terminal {
    const session = new TerminalSession(this.#machine, screen, () =>
      this.#machine.login(this.#environment(), null, screen.size()),
    )
    this.#terminals.push(session)
    session.begin()
    return session
  }

  #interrupt(proc: Proc): void {
    const { kernel } = this.#machine
    const tty = kernel.state.ttys[proc.tty]
    if (tty) kernel.signalGroup(tty.foreground, 'INT', null)
  }

  get computes(): boolean {
    return this.#machine.computes
  }

  // ——— what the machine tells

  #output(sink: string, text: string): void {
    const terminal = this.#terminals.find((each) => each.sink === sink)
    if (terminal) return terminal.show(text)
    const runner = this.#sinks.get(sink)
    if (sink.startsWith('err:')) runner?.io?.error(text)
    else runner?.io?.write(text)
  }

  #asked(call: Call, proc: Proc): void {
    const terminal = this.#terminals.find((each) => each.owns(proc))
    if (terminal) return terminal.asked(call)
    const runner = this.#runners.find((each) => each.proc === proc)
    if (!runner) return
    runner.asks = call
    const { more, status } = call.request
    // A script that ends in the middle of something: it is told so.
    if (more) return void Promise.resolve().then(() => this.#answer(runner, null))
    this.#finish(runner, status)
  }

  #finish(runner: Runner, status: number): void {
    const { done } = runner
    Object.assign(runner, { io: null, done: null, fail: null })
    done?.(status)
  }

  #ended(proc: Proc): void {
    const terminal = this.#terminals.find((each) => each.owns(proc))
    if (terminal) return terminal.ended()
    const runner = this.#runners.find((each) => each.proc === proc)
    if (!runner) return
    this.#runners = this.#runners.filter((each) => each !== runner)
    this.#finish(runner, proc.status)
  }

  async #client(name: ClientName, call: Call, proc: Proc): Promise<void> {
    const { transport, user, now, sleep, refuse } = this.#options
    const around = {
      transport,
      ...(user ? { user } : {}),
      ...(refuse ? { refuse } : {}),
      namespace: this.#namespace,
      now,
      sleep,
      random: this.#random,
      useNamespace: (chosen: string) => {
        this.#namespace = chosen
      },
    }
    const host = new ClientHost(this.#machine, call, proc, around)
    this.#clients.set(call.id, host)
    // The kernel is in the middle of something: the client begins when it is not.
    await Promise.resolve()
    try {
      this.#machine.answer(call, await host.run(name))
    } catch (error) {
      for (const { fail } of this.#runners) fail?.(error)
      for (const terminal of this.#terminals) terminal.show(`${error instanceof Error ? error.message : String(error)}\r\n`)
      this.#machine.answer(call, 1)
    } finally {
      this.#clients.delete(call.id)
    }
  }

  /** For passwords that charts make up: the same in every session, as nothing here is a secret. */
  #seed = 1
  readonly #random = (): number => {
    this.#seed = (this.#seed * 48_271) % 0x7fffffff
    return this.#seed / 0x7fffffff
  }

  complete(line: string, cursor: number): Promise<string[]> {
    const proc = this.#terminals.at(-1)?.proc ?? this.#runners.at(-1)?.proc ?? this.#idle().proc
    const from: Candidates = { machine: this.#machine, proc, transport: this.#options.transport, namespace: this.#namespace }
    return candidates(from, line.slice(0, cursor))
  }
}

/** What a shell forked from another one knows of it. */
function inherit(child: ShellState, parent: ShellState): void {
  const { vars, functions, aliases } = structuredClone({
    vars: parent.vars,
    functions: parent.functions,
    aliases: parent.aliases,
  })
  Object.assign(child, { vars, functions, aliases })
}
