/** One terminal session: prompt, typed line, a running command, Ctrl-C; drives xterm and asks the shell. */
import type { Shell } from '#shell/shell.ts'
import type { Storage } from '../../state/storage.ts'
import type { TerminalLine } from '../../state/terminal-log.ts'
import { completeWith, emptyLine, type Line, press } from './line.ts'

/** What is needed of xterm. */
export interface Screen {
  readonly cols: number
  write(text: string): void
  clear(): void
}

const PROMPT = '\x1b[38;5;75m$\x1b[0m '
const PROMPT_WIDTH = 2
const GHOST = 'kubectl get pods'
const REMEMBER = 200
const MOST_CHOICES = 100

export class Session {
  readonly #screen: Screen
  readonly #shell: Pick<Shell, 'run' | 'complete'>
  readonly #storage: Storage
  readonly #history: string[]
  #line: Line
  #running: AbortController | null = null
  /** Rows between the prompt and the cursor: a long line wraps. */
  #rows = 0
  /** Keys typed while Tab was looking for candidates. */
  #typedAhead: string[] | null = null
  /** What clicks wrote while a command was running. */
  #held: TerminalLine[] = []

  /** Tells that what follows is about this command: undo takes it back as one. */
  readonly #mark: (text: string) => Promise<void>

  constructor(
    screen: Screen,
    shell: Pick<Shell, 'run' | 'complete'>,
    storage: Storage,
    mark: (text: string) => Promise<void> = async () => {},
  ) {
    this.#mark = mark
    this.#screen = screen
    this.#shell = shell
    this.#storage = storage
    this.#history = remembered(storage)
    this.#line = emptyLine(this.#history)
    this.#draw()
  }

  /** Keys and pasted text, as xterm gives them. */
  data(text: string): void {
    for (const key of keysIn(text)) this.#key(key)
  }

  /** A command that a click has already run, and its answer. */
  show(line: TerminalLine): void {
    if (this.#running) {
      this.#held.push(line)
      return
    }
    const { command, answer, failed } = line
    this.#screen.write(`\r\x1b[J${PROMPT}\x1b[2m${printable(command)}\x1b[0m\r\n`)
    if (answer) this.#screen.write(`${failed ? '\x1b[38;5;210m' : ''}${printable(answer)}\x1b[0m\r\n`)
    this.#rows = 0
    this.#draw()
  }

  dispose(): void {
    this.#running?.abort()
  }

  #draw(): void {
    const { cols } = this.#screen
    const ghost = this.#history.length === 0 && this.#line.text === '' ? `\x1b[2m${GHOST}\x1b[0m` : ''
    const up = this.#rows > 0 ? `\x1b[${this.#rows}A` : ''
    const at = PROMPT_WIDTH + this.#line.cursor
    const end = PROMPT_WIDTH + Math.max(this.#line.text.length, ghost ? GHOST.length : 0)
    this.#rows = Math.floor(at / cols)
    const back = Math.floor(end / cols) - this.#rows
    const right = at % cols
    this.#screen.write(
      `${up}\r\x1b[J${PROMPT}${this.#line.text}${ghost}${back > 0 ? `\x1b[${back}A` : ''}\r${right > 0 ? `\x1b[${right}C` : ''}`,
    )
  }

  #fresh(): void {
    this.#line = emptyLine(this.#history)
    this.#rows = 0
    this.#draw()
    for (const line of this.#held.splice(0)) this.show(line)
  }

  #key(key: string): void {
    if (this.#typedAhead) {
      this.#typedAhead.push(key)
    } else if (this.#running) {
      if (key === '\x03') this.#interrupt()
    } else if (key === '\r') void this.#submit()
    else if (key === '\t') void this.#complete()
    else if (key === '\x03') {
      this.#screen.write('^C\r\n')
      this.#fresh()
    } else if (key === '\x0c') {
      this.#screen.clear()
      this.#rows = 0
      this.#draw()
    } else {
      this.#edit(press(this.#line, key, this.#history))
    }
  }

  /** Text added at the end is written as it is: a screen reader then says what was typed, not the whole line again. */
  #edit(next: Line): void {
    const { text, cursor } = this.#line
    this.#line = next
    const added = next.text.slice(text.length)
    const appended = cursor === text.length && next.cursor === next.text.length && next.text.startsWith(text) && added !== ''
    const end = PROMPT_WIDTH + next.cursor
    const sameRow = Math.floor(end / this.#screen.cols) === this.#rows && end % this.#screen.cols > 0
    const ghost = this.#history.length === 0 && text === ''
    if (appended && sameRow && !ghost) this.#screen.write(added)
    else this.#draw()
  }

  #interrupt(): void {
    this.#screen.write('^C\r\n')
    this.#running?.abort()
  }

  async #submit(): Promise<void> {
    const text = this.#line.text === '' && this.#history.length === 0 ? GHOST : this.#line.text
    this.#line = { ...this.#line, text, cursor: text.length }
    this.#draw()
    this.#screen.write('\r\n')
    if (text.trim() !== '') {
      this.#remember(text)
      await this.#execute(text)
    }
    this.#fresh()
  }

  async #execute(text: string): Promise<void> {
    const running = new AbortController()
    this.#running = running
    const write = (out: string): void => this.#screen.write(out.replace(/\r?\n/g, '\r\n'))
    try {
      await this.#mark(text)
      await this.#shell.run(text, { write, error: write, signal: running.signal, columns: this.#screen.cols })
    } catch (error) {
      if (!running.signal.aborted) write(`${error instanceof Error ? error.message : String(error)}\n`)
    }
    this.#running = null
  }

  async #complete(): Promise<void> {
    const asked = this.#line
    this.#typedAhead = []
    const candidates = await this.#shell.complete(asked.text, asked.cursor).catch(() => [])
    const { line, choices } = completeWith(asked, candidates)
    if (choices.length > 0) {
      this.#screen.write(`\r\n${choices.slice(0, MOST_CHOICES).join('   ')}\r\n`)
      this.#rows = 0
      this.#line = line
      this.#draw()
    } else this.#edit(line)
    const typed = this.#typedAhead
    this.#typedAhead = null
    for (const key of typed) this.#key(key)
  }

  #remember(text: string): void {
    if (this.#history.at(-1) !== text) this.#history.push(text)
    if (this.#history.length > REMEMBER) this.#history.shift()
    this.#storage.set('history', JSON.stringify(this.#history))
  }
}

function remembered(storage: Storage): string[] {
  try {
    const found: unknown = JSON.parse(storage.get('history') ?? '[]')
    return Array.isArray(found) ? found.filter((line): line is string => typeof line === 'string') : []
  } catch {
    return []
  }
}

/** Answers of the server may hold anything: no control sequences of theirs reach the screen. */
const printable = (text: string): string => text.replace(/[\x00-\x09\x0b-\x1f\x7f]/g, '').replaceAll('\n', '\r\n')

/** Pasted text comes in one piece; control sequences are one key each. */
export const keysIn = (text: string): string[] =>
  text.match(/\x1b\[[\d;]*[A-Za-z~]|\x1b.|\x1b|[\x00-\x1f\x7f]|[^\x00-\x1f\x7f]+/g) ?? []
