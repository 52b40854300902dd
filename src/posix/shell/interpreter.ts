/** Runs a script step by step: looks at the top of the stack, does one thing, and leaves the rest as data. */
import type { Step } from '../program.ts'
import { defaultAction, signalNumber } from '../signals.ts'
import type { Proc } from '../state.ts'
import type { Sys } from '../sys.ts'
import { codeOf, nodeOf } from './code.ts'
import { Expander, NeedsCommand } from './expand.ts'
import { prefix } from './messages.ts'
import type { Frame, ShellState } from './state.ts'
import type { CommandNode } from './syntax.ts'
import { ShellProblem, Variables } from './variables.ts'

/** Does one thing for the frame on top; false: it has to wait. */
export type Handler = (it: Interpreter, frame: Frame) => boolean

const DEEPEST = 2000

export class Interpreter {
  readonly sys: Sys
  readonly proc: Proc
  readonly st: ShellState
  readonly vars: Variables
  readonly #handlers: Readonly<Record<string, Handler>>

  constructor(sys: Sys, st: ShellState, handlers: Readonly<Record<string, Handler>>) {
    this.sys = sys
    this.proc = sys.proc
    this.st = st
    this.vars = new Variables(sys, st)
    this.#handlers = handlers
  }

  run(): Step {
    const { sys, st, proc } = this
    for (;;) {
      if (sys.left-- <= 0 || proc.state !== 'run' || proc.pending.length > 0) return undefined
      if (st.caught.length > 0) this.#traps()
      const frame = st.stack.at(-1)
      if (!frame) {
        const status = this.#end()
        if (status !== undefined) return status
        continue
      }
      if (!this.#handle(frame)) return undefined
      if (proc.shell !== st) return undefined
    }
  }

  /** False: it has to wait. */
  #handle(frame: Frame): boolean {
    try {
      return (this.#handlers[frame.t] as Handler)(this, frame)
    } catch (error) {
      if (!(error instanceof ShellProblem)) throw error
      this.problem(error)
      return true
    }
  }

  /** The last command is done: what EXIT wants, then the end. */
  #end(): Step {
    const { st } = this
    const trap = Object.hasOwn(st.traps, 'EXIT') ? st.traps['EXIT'] : undefined
    if (st.ending === null && trap) {
      st.ending = st.status
      delete st.traps['EXIT']
      this.pushText(trap)
      return undefined
    }
    return st.ending ?? st.status
  }

  #traps(): void {
    const { st } = this
    // A command in the foreground ends first.
    const top = st.stack.at(-1)
    if (top?.['waits'] && !st.waiting) return
    for (const signal of st.caught.splice(0)) {
      const source = st.traps[signal]
      if (source === undefined) continue
      st.waiting = false
      st.stack.push({ t: 'trap', c: '', n: 0, i: 0, status: st.status })
      this.pushText(source)
    }
  }

  // ——— the stack

  node(frame: Frame): CommandNode {
    return nodeOf(frame.c, frame.n, this.st.flavour)
  }

  /** Puts a node on the stack, its redirections around it. */
  push(c: string, n: number, more: Partial<Frame> = {}): void {
    if (this.st.stack.length > DEEPEST) throw new ShellProblem('maximum function nesting level exceeded', 2)
    pushNode(this.st, c, n, more)
  }

  enter(c: string, node: CommandNode, more: Partial<Frame> = {}): void {
    this.st.stack.push({ t: node.t, c, n: node.id, i: 0, ...more })
  }

  pushText(text: string, more: Partial<Frame> = {}): void {
    pushText(this.st, text, more)
  }

  pop(frame: Frame): void {
    const { stack } = this.st
    if (stack.at(-1) === frame) stack.pop()
  }

  /** Takes frames away down to (not including) this one. */
  unwindTo(index: number): void {
    const { stack } = this.st
    while (stack.length > index) this.drop(stack.pop() as Frame)
  }

  /** What a frame has changed for a while comes back. */
  drop(frame: Frame): void {
    if (frame['saved']) this.restoreFds(frame)
    if (frame.t === 'call') this.leaveFunction(frame)
    if (frame.t === 'subst' && frame['fd']) this.sys.close(frame['fd'])
    for (const fd of frame['extra'] ?? []) this.sys.close(fd)
    if (frame['waits']) this.st.waiting = false
  }

  leaveFunction(frame: Frame): void {
    this.st.args = frame['args']
    for (const [name, old] of Object.entries(frame['locals'] ?? {})) {
      if (old) this.st.vars[name] = old as ShellState['vars'][string]
      else delete this.st.vars[name]
    }
  }

  restoreFds(frame: Frame): void {
    const saved = frame['saved'] as Record<string, number>
    for (const fd of Object.keys(saved)) {
      this.sys.close(Number(fd))
      const old = saved[fd] as number
      if (old) this.proc.fds[Number(fd)] = old
    }
    delete frame['saved']
  }

  // ——— expansion

  /** Expands for a frame; undefined when a command has to run first, or when it went wrong. */
  attempt<T>(frame: Frame, expand: (expander: Expander) => T): T | undefined {
    frame['memo'] ??= []
    try {
      const done = expand(new Expander(this.vars, frame['memo']))
      frame['memo'] = undefined
      return done
    } catch (error) {
      if (error instanceof NeedsCommand) this.st.stack.push({ t: 'subst', c: error.src, n: 0, i: 0, process: error.process })
      else if (error instanceof ShellProblem) this.problem(error)
      else throw error
      return undefined
    }
  }

  // ——— what goes wrong

  say(message: string): void {
    this.sys.err(`${prefix(this.st)}${message}\n`)
  }

  /** A mistake that ends the shell, or the line somebody typed. */
  problem(error: ShellProblem): void {
    this.say(error.message)
    this.st.status = error.status
    this.abandon()
  }

  /** Gives up the current line; a shell that nobody types to ends. */
  abandon(): void {
    const { st } = this
    const main = st.interactive && !st.sub ? st.stack.findIndex((frame) => frame.t === 'main') : -1
    if (main < 0) this.exit(st.status)
    else this.unwindTo(main + 1)
  }

  exit(status: number): void {
    this.st.status = status & 255
    if (this.st.ending !== null) this.st.ending = this.st.status
    this.unwindTo(0)
  }

  /** `set -e`: whether a failure ends the shell here. Also the ERR trap. */
  check(): void {
    const { st } = this
    if (st.status === 0) return
    if (!st.options.includes('e') && !Object.hasOwn(st.traps, 'ERR')) return
    if (st.stack.some((frame) => frame['quiet'])) return
    const trap = st.traps['ERR']
    if (Object.hasOwn(st.traps, 'ERR') && trap && !st.stack.some((frame) => frame.t === 'trap')) {
      const exits = st.options.includes('e')
      st.stack.push({ t: 'trap', c: '', n: 0, i: 0, status: st.status, exits })
      this.pushText(trap)
      return
    }
    if (st.options.includes('e')) this.exit(st.status)
  }

  // ——— signals

  signal(signal: string): 'handled' | 'default' {
    const { st } = this
    if (Object.hasOwn(st.traps, signal) && st.traps[signal] !== '') {
      st.caught.push(signal)
      if (st.waiting || !st.stack.at(-1)?.['waits']) this.sys.kernel.ready(this.proc)
      return 'handled'
    }
    if (!st.interactive || st.sub) return 'default'
    if (signal === 'INT') {
      const waits = st.stack.at(-1)?.['waits'] && !st.waiting
      if (!waits) {
        st.status = 130
        this.abandon()
        const main = st.stack.at(-1)
        if (main?.t === 'main') Object.assign(main, { i: 0, text: '' })
        this.sys.err('\n')
        this.sys.kernel.ready(this.proc)
      }
      return 'handled'
    }
    return signal === 'TERM' || signal === 'QUIT' || defaultAction(signal) === 'stop' ? 'handled' : 'default'
  }
}

export function pushNode(st: ShellState, c: string, n: number, more: Partial<Frame> = {}): void {
  const node = nodeOf(c, n, st.flavour)
  const t = node.redirs.length > 0 && node.t !== 'simple' ? 'redir' : node.t
  st.stack.push({ t, c, n, i: 0, ...more })
}

export function pushText(st: ShellState, text: string, more: Partial<Frame> = {}): void {
  st.stack.push({ t: 'list', c: text, n: codeOf(text, st.flavour).root, i: 0, ...more })
}

/** What `$?` becomes for a child that a signal has ended. */
export const statusOf = (child: Proc): number => (child.killed ? 128 + signalNumber(child.killed) : child.status)
