/** A place in a YAML text: what stands there, and taking it, with lines and columns counted as go-yaml does. */
import { YamlError } from './error.ts'

const BREAK = /\r\n|[\r\n\u0085\u2028\u2029]/y
const MARKS = /(?:---|\.\.\.)(?=[ \t\r\n\u0085\u2028\u2029]|$)/y

export const BLANKS = /[ \t]+/y
export const COMMENT = /#[^\r\n\u0085\u2028\u2029]*/y
export const REST = /[^\r\n\u0085\u2028\u2029]*/y
export const WORD = /[\w-]*/y

export class Cursor {
  readonly text: string
  at = 0
  /** Counted from zero. */
  line = 0
  column = 0

  constructor(text: string) {
    this.text = text
  }

  /** The line is where the scanner stands, counted from one; the first goes unnamed. */
  refuse(what: string): never {
    throw new YamlError(this.line > 0 ? `yaml: line ${this.line + 1}: ${what}` : `yaml: ${what}`)
  }

  char(ahead = 0): string {
    return this.text.charAt(this.at + ahead)
  }

  blankOrEnd(ahead = 0): boolean {
    return /^[ \t\r\n\u0085\u2028\u2029]?$/.test(this.char(ahead))
  }

  breakOrEnd(): boolean {
    return /^[\r\n\u0085\u2028\u2029]?$/.test(this.char())
  }

  /** What matches here, within a line. */
  take(pattern: RegExp): string {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0] ?? ''
    this.skip(found.length)
    return found
  }

  skip(count: number): void {
    this.at += count
    this.column += count
  }

  takeBreak(): boolean {
    BREAK.lastIndex = this.at
    const found = BREAK.exec(this.text)
    if (!found) return false
    this.at += found[0].length
    this.line += 1
    this.column = 0
    return true
  }

  /** `---` and `...` at a line's beginning end whatever is open. */
  atDocumentMark(): boolean {
    MARKS.lastIndex = this.at
    return this.column === 0 && MARKS.test(this.text)
  }

  /** Whatever may follow on a line that is done. */
  takeComment(): void {
    this.take(BLANKS)
    this.take(COMMENT)
    if (!this.breakOrEnd()) this.refuse('did not find expected comment or line break')
    this.takeBreak()
  }
}
