/** The containers' small shell: runs scripts and single commands; its whole state is plain data, so that it can sleep for hours. */
import type { Io } from './applet.ts'
import { applets } from './applets.ts'
import { begin, newThread, quote } from './begin.ts'
import { builtins } from './builtins.ts'
import { startsServer } from './command-line.ts'
import { control, group } from './control.ts'
import { globRegExp } from './expand.ts'
import { ask, interrupt, READING } from './interactive.ts'
import { type Node, parse, SyntaxProblem } from './parse.ts'
import type { Host, Program, Signal } from './program.ts'
import { Streams } from './streams.ts'
import { type Frame, NeedsInput, type ShellState, type Thread } from './thread.ts'

export type { ShellState } from './thread.ts'

/** Commands in one go before others get their turn. */
const BUDGET = 5000
/** A script that never pauses gets on this much later. */
const BREATH_MS = 1000
const NESTING = 40

export const script: Program<ShellState> = {
  start(host) {
    const state = begin(host)
    if (state) return new Shell(state, host).resume()
    return { main: newThread(host), jobs: [], traps: {}, pending: [], isShell: true, input: '', interactive: false }
  },
  input(state, host) {
    for (const thread of [state.main, ...state.jobs]) if (thread.until === READING) thread.until = null
    return new Shell(state, host).resume()
  },
  wake: (state, host) => new Shell(state, host).resume(),
  signal(state, signal, host) {
    if (host.terminal && signal === 'INT' && state.interactive) return interrupt(new Shell(state, host))
    return state.isShell ? new Shell(state, host).signal(signal) : state
  },
}

export class Shell extends Streams {
  readonly state: ShellState
  #budget = BUDGET
  #depth = 0

  constructor(state: ShellState, host: Host) {
    super(host)
    this.state = state
  }

  /** Lets everything run that can, and asks to be woken for the rest. */
  resume(): ShellState {
    const { state, host } = this
    for (let again = true; again && this.#budget > 0; ) {
      again = false
      for (const thread of [...state.jobs, state.main]) {
        if (thread.until !== null && thread.until >= 0 && thread.until <= host.now) thread.until = null
        if (thread === state.main) this.#signals()
        if (thread.waits && state.jobs.every((job) => job.ended)) thread.waits = false
        if (this.#runnable(thread)) {
          this.#run(thread)
          again = true
        }
      }
      state.jobs = state.jobs.filter((job) => !job.ended)
      if (state.main.ended) return this.#end()
    }
    if (this.#budget <= 0) host.wake(BREATH_MS)
    else this.#sleep()
    return state
  }

  #runnable(thread: Thread): boolean {
    return !thread.ended && thread.until === null && !thread.waits
  }

  #sleep(): void {
    const times = [this.state.main, ...this.state.jobs].flatMap((t) => (t.until !== null && t.until >= 0 ? [t.until] : []))
    if (times.length > 0) this.host.wake(Math.max(0, Math.min(...times) - this.host.now))
  }

  #end(): ShellState {
    const { main, traps } = this.state
    const last = traps['EXIT']
    if (last) {
      delete traps['EXIT']
      const { status } = main
      this.runNow(last, main)
      main.status = status
    }
    this.host.exit(main.status)
    return this.state
  }

  signal(signal: Signal): ShellState {
    this.state.pending.push(signal)
    // `wait` is interrupted; a command in the foreground ends first.
    if (this.state.main.waits || this.state.main.until === null) return this.resume()
    return this.state
  }

  #signals(): void {
    const { main, pending, traps } = this.state
    if (main.until !== null || main.ended) return
    for (const signal of pending.splice(0)) {
      const source = traps[signal]
      if (source === undefined) continue
      main.waits = false
      main.stack.push({ n: parse(source), i: 0, call: true })
    }
  }

  #run(thread: Thread): void {
    while (this.#runnable(thread) && this.#budget > 0) {
      if (thread.stack.length === 0) {
        if (this.#depth === 0 && thread === this.state.main && this.state.interactive) ask(this, thread)
        else thread.ended = true
        if (thread.stack.length === 0) return
      }
      this.#budget -= 1
      this.#careful(thread)
      if (thread === this.state.main && this.state.pending.length > 0) this.#signals()
    }
  }

  // ——— running something to its end at once

  /** Runs a source with the thread's variables; its streams stay the thread's own. */
  runNow(source: string, thread: Thread): number {
    const own: Thread = { ...thread, stack: [{ n: parse(source), i: 0 }], ended: false, until: null, waits: false }
    this.#finish(own)
    thread.status = own.status
    thread.cwd = own.cwd
    return own.status
  }

  #finish(thread: Thread): void {
    this.#depth += 1
    try {
      while (!thread.ended && this.#budget > 0 && this.#depth < NESTING) {
        thread.until = null
        thread.waits = false
        this.#run(thread)
        if (thread.until === -1) break
      }
    } finally {
      this.#depth -= 1
    }
  }

  #sub(node: Node, thread: Thread, streams: Thread['streams']): Thread {
    const own: Thread = {
      ...thread,
      vars: { ...thread.vars },
      args: [...thread.args],
      stack: [{ n: node, i: 0 }],
      streams,
      ended: false,
      until: null,
      waits: false,
    }
    this.#finish(own)
    return own
  }

  /** Output of a node that is run at once. */
  protected captured(node: Node, thread: Thread, input: string): { text: string; status: number } {
    const before = this.buffer
    this.buffer = ''
    try {
      const own = this.#sub(node, thread, { in: input, out: { to: 'buffer' }, err: thread.streams.err })
      return { text: this.buffer, status: own.status }
    } finally {
      this.buffer = before
    }
  }

  // ——— one step

  /** A script may come upon a mistake only while it runs (`eval`, `$(…)`). */
  #careful(thread: Thread): void {
    try {
      this.#step(thread)
    } catch (error) {
      if (error instanceof NeedsInput && this.#depth === 0) {
        thread.until = READING
        return
      }
      if (!(error instanceof SyntaxProblem)) throw error
      this.write(thread.streams.err, `sh: ${error.message}\n`)
      if (this.state.interactive && thread === this.state.main) thread.stack = []
      else this.exit(thread, 2)
    }
  }

  #step(thread: Thread): void {
    const frame = thread.stack.at(-1) as Frame
    const { n } = frame
    switch (n.k) {
      case 'seq':
        this.#seq(thread, frame, n)
        return
      case 'and':
      case 'or':
      case 'not':
      case 'if':
      case 'while':
      case 'for':
        control(thread, frame, n, this)
        return
      case 'case': {
        this.pop(thread)
        const word = this.text(n.word, thread)
        const item = n.items.find((it) => it.patterns.some((p) => globRegExp(this.text(p, thread)).test(word)))
        if (item) this.push(thread, item.b)
        return
      }
      case 'fn':
        thread.functions = { ...thread.functions, [n.name]: n.b }
        thread.status = 0
        this.pop(thread)
        return
      case 'group':
        group(this, thread, frame, n)
        return
      case 'pipe':
        this.#pipe(thread, n.list)
        return
      case 'cmd':
        this.#command(thread, frame, n)
        return
    }
  }

  push(thread: Thread, n: Node): void {
    thread.stack.push({ n, i: 0 })
  }
  pop(thread: Thread): void {
    const frame = thread.stack.pop()
    if (frame?.streams) thread.streams = frame.streams
    if (frame?.args) thread.args = frame.args
    if (frame?.outer) Object.assign(thread, frame.outer)
  }

  #seq(thread: Thread, frame: Frame, n: Node & { k: 'seq' }): void {
    const item = n.list[frame.i]
    if (!item) {
      this.pop(thread)
      return
    }
    frame.i += 1
    if (!item.bg) {
      this.push(thread, item.n)
      return
    }
    this.state.jobs.push({ ...thread, vars: { ...thread.vars }, stack: [{ n: item.n, i: 0 }] })
    thread.vars['!'] = String(100 + this.state.jobs.length)
    thread.status = 0
  }

  #pipe(thread: Thread, list: Node[]): void {
    let input = thread.streams.in
    for (const [i, node] of list.entries()) {
      if (i < list.length - 1) input = this.captured(node, thread, input).text
      else thread.status = this.#sub(node, thread, { ...thread.streams, in: input }).status
    }
    this.pop(thread)
    this.#strict(thread)
  }

  #command(thread: Thread, frame: Frame, n: Node & { k: 'cmd' }): void {
    if (frame.i > 0) {
      // It slept, and has now ended.
      this.pop(thread)
      this.#strict(thread)
      return
    }
    const words = this.words(n.words, thread)
    const name = words[0]
    if (name === undefined) {
      thread.status = 0
      for (const [key, word] of n.assigns) thread.vars[key] = this.text(word, thread)
      if (n.redirects.length > 0 && !this.redirected(thread, n.redirects)) thread.status = 1
      this.pop(thread)
      return
    }
    const streams = this.redirected(thread, n.redirects)
    if (!streams) {
      thread.status = 1
      this.pop(thread)
      this.#strict(thread)
      return
    }
    const assigned = Object.fromEntries(n.assigns.map(([key, word]) => [key, this.text(word, thread)]))
    const body = thread.functions[name]
    if (body) {
      this.pop(thread)
      thread.stack.push({ n: body, i: 0, call: true, args: thread.args, streams: thread.streams })
      thread.args = words.slice(1)
      thread.streams = streams
      return
    }
    this.#execute(thread, frame, words, streams, assigned)
  }

  #execute(thread: Thread, frame: Frame, words: string[], streams: Thread['streams'], assigned: Record<string, string>): void {
    const name = words[0] as string
    const builtin = builtins[name]
    if (builtin) {
      const own = thread.streams
      thread.streams = streams
      const depth = thread.stack.length
      const frameWas = thread.stack.at(-1)
      builtin(words.slice(1), thread, this)
      thread.streams = own
      // Builtins that unwind the stack have taken this command's frame with them.
      if (thread.stack.length === depth && thread.stack.at(-1) === frameWas) this.pop(thread)
      else thread.stack = thread.stack.filter((f) => f !== frame)
      if (name !== 'exit' && name !== 'return') this.#strict(thread)
      return
    }
    const own = this.host.image.commands?.[name.slice(name.lastIndexOf('/') + 1)]
    if (own && !(this.#isMain(thread) && startsServer(this.host.image, words) && words.some((word) => /daemon off/.test(word)))) {
      const { out, code } = own(words, this.host)
      this.write(streams.out, out)
      thread.status = code
      this.pop(thread)
      this.#strict(thread)
      return
    }
    const applet = applets[name.slice(name.lastIndexOf('/') + 1)]
    if (!applet && this.#isMain(thread) && startsServer(this.host.image, words)) {
      this.host.become(words, !this.state.replaced)
      thread.until = -1
      return
    }
    if (!applet) {
      const found = name.includes('/') && this.host.files.read(name) !== undefined
      this.write(streams.err, `sh: ${name}: ${found ? 'Permission denied' : 'not found'}\n`)
      thread.status = found ? 126 : 127
      this.pop(thread)
      this.#strict(thread)
      return
    }
    const result = applet(words.slice(1), this.#io(thread, streams, assigned))
    if (typeof result === 'number') {
      thread.status = result
      this.pop(thread)
      this.#strict(thread)
      return
    }
    thread.status = 0
    frame.i = 1
    thread.until = Number.isFinite(result.sleep) ? this.host.now + result.sleep : -1
  }

  /** The foreground of process 1, where a server may take over. */
  #isMain(thread: Thread): boolean {
    return thread === this.state.main && this.#depth === 0
  }

  #io(thread: Thread, streams: Thread['streams'], assigned: Record<string, string>): Io {
    const shell = this
    return {
      host: this.host,
      get input() {
        return shell.inputOf(streams.in)
      },
      cwd: thread.cwd,
      env: { ...thread.vars, ...assigned },
      out: (text) => this.write(streams.out, text),
      err: (text) => this.write(streams.err, text),
      run: (words, input) => this.captured({ k: 'cmd', assigns: [], words: words.map(quote), redirects: [] }, thread, input),
    }
  }

  /** `set -e`: a failure ends the shell, unless somebody asks for it. */
  #strict(thread: Thread): void {
    if (!thread.strict || thread.status === 0) return
    const asked = thread.stack.some(
      ({ n, i }) =>
        (n.k === 'if' && i === 1) ||
        (n.k === 'while' && i === 1) ||
        ((n.k === 'and' || n.k === 'or') && i === 1) ||
        n.k === 'not',
    )
    if (!asked) this.exit(thread, thread.status)
  }

  exit(thread: Thread, status: number): void {
    thread.status = status & 255
    const subshell = [...thread.stack].reverse().find((frame) => frame.outer)
    if (!subshell) thread.stack = []
    while (subshell && thread.stack.includes(subshell)) this.pop(thread)
  }
}
