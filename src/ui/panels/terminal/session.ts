/** One terminal session: the line being typed while the shell asks for one, and the keys of whatever runs; drives xterm. */
import type { Screen as ShellScreen, Terminal } from '#shell/shell.ts'
import type { Storage } from '../../state/storage.ts'
import type { TerminalLine } from '../../state/terminal-log.ts'
import { completeWith, emptyLine, type Line, press } from './line.ts'
import { found, type Search } from './search.ts'

/** What is needed of xterm. */
export interface Screen {
  readonly cols: number
  readonly rows: number
  write(text: string): void
  clear(): void
}

/** The shell behind it. */
export interface Backend {
  open(screen: ShellScreen): Terminal
  complete(line: string, cursor: number): Promise<string[]>
}

const GHOST = 'kubectl get pods'
const REMEMBER = 200
const MOST_CHOICES = 100
/** A command that takes longer may be one that reads what was pasted. */
const PASTE_MS = 1000

export class Session implements ShellScreen {
  readonly #screen: Screen
  readonly #shell: Backend
  readonly #storage: Storage
  readonly #history: string[]
  readonly #terminal: Terminal
  #line: Line
  /** The prompt of the line that is being edited; null while a program has the terminal. */
  #prompt: string | null = null
  /** Behind the first line of several. */
  #more = false
  /** Lines of a command that goes on. */
  #whole = ''
  /** Rows between the prompt and the cursor: a long line wraps. */
  #rows = 0
  /** Keys typed while Tab was looking for candidates. */
  #typedAhead: string[] | null = null
  #search: Search | null = null
  /** Pasted lines that wait for the next prompt. */
  #pasted: string[] | null = null
  /** What clicks wrote while a command was running. */
  #held: TerminalLine[] = []

  /** Tells that what follows is about this command: undo takes it back as one. */
  readonly #mark: (text: string) => void

  constructor(screen: Screen, shell: Backend, storage: Storage, mark: (text: string) => void = () => {}) {
    this.#mark = mark
    this.#screen = screen
    this.#shell = shell
    this.#storage = storage
    this.#history = remembered(storage)
    this.#line = emptyLine(this.#history)
    this.#terminal = shell.open(this)
  }

  // ——— what the shell tells

  size(): { rows: number; columns: number } {
    return { rows: this.#screen.rows || 24, columns: this.#screen.cols }
  }
  write(text: string): void {
    this.#screen.write(text)
  }
  ask(prompt: string, more: boolean, typed: string): void {
    this.#prompt = prompt
    this.#more = more
    if (!more) this.#whole = ''
    this.#line = emptyLine(this.#history)
    this.#rows = 0
    this.#draw()
    for (const line of this.#held.splice(0)) this.show(line)
    const keys = [...keysIn(typed), ...(this.#pasted ?? [])]
    this.#pasted = null
    this.#keys(keys)
  }

  // ——— what the user does

  /** Keys and pasted text, as xterm gives them. */
  data(text: string): void {
    if (text === '\x03') this.#pasted = null
    if (this.#pasted) this.#pasted.push(...keysIn(text))
    else this.#keys(keysIn(text))
  }

  /** Of several lines each waits until the shell asks for it, so that the screen shows it once; what no shell asks for is a program's. */
  #keys(keys: readonly string[]): void {
    for (const [i, key] of keys.entries()) {
      const asked = this.#prompt !== null
      this.#key(key)
      const rest = keys.slice(i + 1)
      if (!asked || this.#prompt !== null || rest.length === 0) continue
      this.#pasted = rest
      setTimeout(() => this.#pasted === rest && this.#giveOn(), PASTE_MS)
      return
    }
  }

  /** The shell has not asked: the rest is for what runs, or typed ahead. */
  #giveOn(): void {
    const keys = this.#pasted ?? []
    this.#pasted = null
    for (const key of keys) this.#key(key)
  }

  resize(): void {
    this.#terminal.resize()
  }

  /** A command that a click has already run, and its answer. */
  show(line: TerminalLine): void {
    if (this.#prompt === null || this.#more) {
      this.#held.push(line)
      return
    }
    const { command, answer, failed } = line
    this.#screen.write(`\r\x1b[J${this.#prompt}\x1b[38;5;153m${printable(command)}\x1b[0m\r\n`)
    if (answer) this.#screen.write(`${failed ? '\x1b[38;5;210m' : ''}${printable(answer)}\x1b[0m\r\n`)
    this.#rows = 0
    this.#draw()
  }

  dispose(): void {
    this.#terminal.close()
  }

  get #offersGhost(): boolean {
    return this.#history.length === 0 && this.#line.text === '' && !this.#more
  }

  #draw(): void {
    const { cols } = this.#screen
    const { text, cursor } = this.#line
    const shown = this.#search ? searchPrompt(this.#search) : (this.#prompt ?? '')
    const width = widthOf(shown)
    const ghost = this.#offersGhost ? `\x1b[2m${GHOST}\x1b[0m` : ''
    const up = this.#rows > 0 ? `\x1b[${this.#rows}A` : ''
    const at = width + cursor
    const end = width + Math.max(text.length, ghost ? GHOST.length : 0)
    this.#rows = Math.floor(at / cols)
    const back = Math.floor(end / cols) - this.#rows
    const right = at % cols
    this.#screen.write(
      `${up}\r\x1b[J${shown}${text}${ghost}${back > 0 ? `\x1b[${back}A` : ''}\r${right > 0 ? `\x1b[${right}C` : ''}`,
    )
  }

  #key(key: string): void {
    if (this.#typedAhead) this.#typedAhead.push(key)
    else if (this.#prompt === null) this.#terminal.keys(key)
    else if (this.#search) this.#searchKey(this.#search, key)
    else if (key === '\r') this.#submit()
    else if (key === '\t') void this.#complete()
    else if (key === '\x03') this.#giveUp()
    else if (key === '\x04' && this.#line.text === '') this.#end()
    else if (key === '\x12') {
      this.#search = { text: '', at: this.#history.length, kept: this.#line }
      this.#draw()
    } else if (key === '\x0c') {
      this.#screen.clear()
      this.#rows = 0
      this.#draw()
    } else this.#edit(press(this.#line, key === '\x04' ? '\x1b[3~' : key, this.#history))
  }

  /** Text added at the end is written as it is: a screen reader then says what was typed, not the whole line again. */
  #edit(next: Line): void {
    const { text, cursor } = this.#line
    const ghost = this.#offersGhost
    this.#line = next
    const added = next.text.slice(text.length)
    const appended = cursor === text.length && next.cursor === next.text.length && next.text.startsWith(text) && added !== ''
    const end = widthOf(this.#prompt ?? '') + next.cursor
    const sameRow = Math.floor(end / this.#screen.cols) === this.#rows && end % this.#screen.cols > 0
    if (appended && sameRow && !ghost) this.#screen.write(added)
    else this.#draw()
  }

  #giveUp(): void {
    this.#screen.write('^C\r\n')
    this.#prompt = null
    this.#whole = ''
    this.#terminal.giveUp()
  }

  #end(): void {
    if (!this.#more) this.#screen.write('exit\r\n')
    this.#prompt = null
    this.#terminal.line(null)
  }

  #submit(): void {
    const text = this.#offersGhost ? GHOST : this.#line.text
    this.#line = { ...this.#line, text, cursor: text.length }
    this.#draw()
    this.#screen.write('\r\n')
    if (text.trim() !== '') this.#remember(text)
    this.#whole = this.#more ? `${this.#whole}\n${text}` : text
    if (text.trim() !== '') this.#mark(this.#whole)
    this.#prompt = null
    this.#terminal.line(text)
  }

  // ——— Ctrl-R

  #searchKey(search: Search, key: string): void {
    if (key === '\x12') this.#searchOn(found(this.#history, { ...search, at: search.at - 1 }))
    else if (key === '\x7f' || key === '\b')
      this.#searchOn(found(this.#history, { ...search, text: search.text.slice(0, -1), at: this.#history.length - 1 }))
    else if (!/^[\x00-\x1f]/.test(key)) this.#searchOn(found(this.#history, { ...search, text: search.text + key }))
    else {
      // Any other key takes what was found; Ctrl-C and Ctrl-G take nothing.
      this.#search = null
      if (key === '\x07' || key === '\x03') this.#line = search.kept
      this.#draw()
      if (key !== '\x07' && key !== '\x1b') this.#key(key)
    }
  }

  #searchOn(search: Search): void {
    this.#search = search
    const text = this.#history[search.at]
    if (text !== undefined && search.text !== '')
      this.#line = { ...emptyLine(this.#history), text, cursor: text.length, at: search.at }
    this.#draw()
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

/** Columns that a prompt takes: its colours take none. */
const widthOf = (prompt: string): number => prompt.replace(/\x1b\[[\d;]*m/g, '').length

const searchPrompt = ({ text, missed }: Search): string => `(${missed ? 'failed ' : ''}reverse-i-search)\`${text}': `

function remembered(storage: Storage): string[] {
  try {
    const found: unknown = JSON.parse(storage.get('history') ?? '[]')
    return Array.isArray(found) ? found.filter((line): line is string => typeof line === 'string') : []
  } catch {
    return []
  }
}

/** Answers of the server may hold anything: of their control characters only tabs and ends of lines reach the screen. */
const printable = (text: string): string => text.replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '').replaceAll('\n', '\r\n')

/** Pasted text comes in one piece; control sequences are one key each. */
export const keysIn = (text: string): string[] =>
  text.match(/\x1b\[[\d;]*[A-Za-z~]|\x1b.|\x1b|[\x00-\x1f\x7f]|[^\x00-\x1f\x7f]+/g) ?? []
