/** The terminal of a process: line by line, with echo and the keys that mean a signal, until a program asks for every key. */
import type { Signal } from './programs/program.ts'

export interface Terminal {
  columns: number
  rows: number
  /** The program gets every key as it is pressed, and shows what it likes. */
  raw: boolean
  /** What has been typed of a line that isn't finished. */
  line: string
}

export const newTerminal = (): Terminal => ({ columns: 80, rows: 24, raw: false, line: '' })

/** What keys come to: text for the program, an echo for the screen, signals, and whether the end of input was typed. */
export interface Typed {
  input: string
  echo: string
  signals: Signal[]
  end: boolean
}

const KEYS: Record<string, Signal> = { '\u0003': 'INT', '\u001c': 'QUIT' }

/** Changes the terminal's line in place. */
export function type(terminal: Terminal, keys: string): Typed {
  const typed: Typed = { input: '', echo: '', signals: [], end: false }
  if (terminal.raw) return { ...typed, input: keys }
  for (const key of keys) {
    const signal = KEYS[key]
    if (signal) {
      typed.echo += signal === 'INT' ? '^C' : '^\\'
      terminal.line = ''
      typed.signals.push(signal)
    } else if (key === '\r' || key === '\n') {
      typed.input += `${terminal.line}\n`
      typed.echo += '\r\n'
      terminal.line = ''
    } else if (key === '\u0004') {
      if (terminal.line === '') typed.end = true
      typed.input += terminal.line
      terminal.line = ''
    } else if (key === '\u007f' || key === '\b') {
      if (terminal.line !== '') typed.echo += '\b \b'
      terminal.line = [...terminal.line].slice(0, -1).join('')
    } else if (key === '\u0015') {
      typed.echo += '\b \b'.repeat([...terminal.line].length)
      terminal.line = ''
    } else {
      terminal.line += key
      typed.echo += key < ' ' && key !== '\t' ? `^${String.fromCharCode(key.charCodeAt(0) + 64)}` : key
    }
  }
  return typed
}

/** Output as it reaches the screen: each new line begins at the left. */
export const shown = (text: string): string => text.replace(/\n/g, '\r\n')
