/** A shell in front of a screen: it asks for lines that the screen's editor gives, and what else is typed goes to its programs. */
import { GIVEN_UP } from '#posix/shell/main-loop.ts'
import type { Call, Proc } from '#posix/state.ts'
import type { Machine } from './machine.ts'

/** Where a terminal is seen. */
export interface Screen {
  size(): { rows: number; columns: number }
  /** Text with its control sequences. */
  write(text: string): void
  /** A line is wanted: show the prompt and edit one. `typed`: keys that came before anybody asked for them. */
  ask(prompt: string, more: boolean, typed: string): void
}

/** What a screen tells. */
export interface Terminal {
  /** The line that was asked for; null: end of file. */
  line(text: string | null): void
  /** The line that was asked for is given up. */
  giveUp(): void
  /** Keys while a program has the terminal. */
  keys(text: string): void
  resize(): void
  close(): void
}

export class TerminalSession implements Terminal {
  readonly #machine: Machine
  readonly #screen: Screen
  readonly #login: () => Proc
  #proc: Proc | null = null
  #asks: Call | null = null
  #closed = false

  constructor(machine: Machine, screen: Screen, login: () => Proc) {
    this.#machine = machine
    this.#screen = screen
    this.#login = login
  }

  get proc(): Proc | undefined {
    return this.#proc ?? undefined
  }
  get sink(): string {
    return `tty:${this.#proc?.tty}`
  }
  owns(proc: Proc): boolean {
    return this.#proc === proc
  }

  begin(): void {
    this.#proc = this.#login()
    this.#machine.pump()
  }

  show(text: string): void {
    if (!this.#closed) this.#screen.write(text)
  }

  /** The shell is ready: the terminal is as it should be, whatever the last program did to it. */
  asked(call: Call): void {
    this.#asks = call
    const tty = this.#machine.kernel.state.ttys[this.#proc?.tty ?? 0]
    let typed = ''
    if (tty) {
      Object.assign(tty, { canonical: true, echo: true, signals: true, eof: false })
      typed = tty.ready + tty.line
      tty.ready = ''
      tty.line = ''
    }
    const { prompt, more } = call.request
    this.#screen.ask(prompt, more, typed.replaceAll('\n', '\r'))
  }

  /** The shell was left: the next one begins. */
  ended(): void {
    if (this.#closed) return
    this.#proc = null
    this.#asks = null
    void Promise.resolve().then(() => this.begin())
  }

  line(text: string | null): void {
    this.#answer(text === null ? null : `${text}\n`)
  }
  giveUp(): void {
    this.#answer(GIVEN_UP)
  }
  #answer(reply: string | null): void {
    const call = this.#asks
    if (!call) return
    this.#asks = null
    this.#machine.answer(call, reply)
  }

  keys(text: string): void {
    if (!this.#proc) return
    this.#machine.kernel.terminals.type(this.#proc.tty, text)
    this.#machine.pump()
  }

  resize(): void {
    if (!this.#proc) return
    const { rows, columns } = this.#screen.size()
    this.#machine.kernel.terminals.resize(this.#proc.tty, rows, columns)
    this.#machine.pump()
  }

  close(): void {
    this.#closed = true
    if (this.#proc) this.#machine.kernel.terminals.hangUp(this.#proc.tty)
    this.#machine.pump()
  }
}
