/**
 * The tokens of a YAML 1.1 text as go-yaml's scanner makes them, one after the other as they are asked for: what it refuses, and
 * on which line, depends on how far it has looked. Only what its grammar has to know is kept, no values but names.
 */
import { BLANKS, COMMENT, Cursor } from './cursor.ts'
import { directiveAt, nameAt, tagAt } from './marks.ts'
import { passBlockText, passPlain, passQuoted } from './texts.ts'

export type Kind =
  | 'end'
  | 'directive'
  | 'document start'
  | 'document end'
  | 'block list'
  | 'block map'
  | 'block end'
  | '['
  | ']'
  | '{'
  | '}'
  | ','
  | '-'
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar'

export interface Token {
  kind: Kind
  /** Counted from zero. */
  line: number
  /** An anchor's name, a tag's handle, a directive's words. */
  name: string
}

/** What may turn out to be a key without a `?`, once a colon follows. */
interface MaybeKey {
  required: boolean
  /** Which token it would stand before, counted from the beginning. */
  token: number
  at: number
  line: number
  column: number
}

const NO_START = /[\s\-?:,[\]{}#&*!|>'"%@`]/
/** A key has to end on its line, and within that many characters. */
const LONGEST_KEY = 1024
/** go-yaml goes down to 10,000; what reads the values after this does not: its stack would end, and with some engines the process. */
const DEEPEST = 500

export class Scanner {
  readonly #cursor: Cursor
  #queue: Token[] = []
  #given = 0
  #indent = -1
  #indents: number[] = []
  #keys: (MaybeKey | null)[] = [null]
  #keyAllowed = true
  #ended = false
  /** Lines that begin within brackets or quotes, where indentation means nothing; with the column that the block around them asks for. */
  readonly inner = new Map<number, number>()

  constructor(text: string) {
    this.#cursor = new Cursor(text)
  }

  /** The next token; it stays. */
  peek(): Token {
    while (this.#queue.length === 0 || this.#headMayBeKey()) this.#fetch()
    return this.#queue[0] as Token
  }

  next(): Token {
    const token = this.peek()
    if (token.kind === 'end') return token
    this.#queue.shift()
    this.#given += 1
    return token
  }

  get #inFlow(): boolean {
    return this.#keys.length > 1
  }

  #put(kind: Kind, name = '', line = this.#cursor.line): void {
    this.#queue.push({ kind, line, name })
  }

  #headMayBeKey(): boolean {
    const key = this.#keys.find((one) => one?.token === this.#given)
    return key ? this.#stillKey(key) : false
  }

  #stillKey(key: MaybeKey): boolean {
    if (key.line === this.#cursor.line && key.at + LONGEST_KEY >= this.#cursor.at) return true
    if (key.required) this.#cursor.refuse("could not find expected ':'")
    this.#keys[this.#keys.indexOf(key)] = null
    return false
  }

  #dropKey(): void {
    if (this.#keys.at(-1)?.required) this.#cursor.refuse("could not find expected ':'")
    this.#keys[this.#keys.length - 1] = null
  }

  #saveKey(): void {
    if (!this.#keyAllowed) return
    this.#dropKey()
    this.#keys[this.#keys.length - 1] = {
      required: !this.#inFlow && this.#indent === this.#cursor.column,
      token: this.#given + this.#queue.length,
      at: this.#cursor.at,
      line: this.#cursor.line,
      column: this.#cursor.column,
    }
  }

  #sound(): void {
    if (this.#indents.length + this.#keys.length - 1 > DEEPEST) this.#cursor.refuse(`exceeded max depth of ${DEEPEST}`)
  }

  /** A deeper column opens a list or a map, before the token of that number. */
  #roll(kind: Kind, column: number, line: number, before = this.#given + this.#queue.length): void {
    if (this.#inFlow || this.#indent >= column) return
    this.#indents.push(this.#indent)
    this.#indent = column
    this.#sound()
    this.#queue.splice(before - this.#given, 0, { kind, line, name: '' })
  }

  #unroll(column: number): void {
    if (this.#inFlow) return
    while (this.#indent > column) {
      this.#put('block end')
      this.#indent = this.#indents.pop() as number
    }
  }

  /** Tabs separate, but do not indent what may begin a key. */
  #skipToToken(): void {
    do {
      if (this.#cursor.column === 0) this.#cursor.take(/\uFEFF/y)
      this.#cursor.take(this.#inFlow || !this.#keyAllowed ? BLANKS : / +/y)
      this.#cursor.take(COMMENT)
      if (!this.#cursor.breakOrEnd() || this.#cursor.char() === '') return
      if (!this.#inFlow) this.#keyAllowed = true
    } while (this.#cursor.takeBreak())
  }

  #fetch(): void {
    const { line } = this.#cursor
    const inFlow = this.#inFlow
    this.#fetchOne()
    if (inFlow) this.#markInner(line)
  }

  #markInner(from: number): void {
    for (let line = from + 1; line <= this.#cursor.line; line += 1) this.inner.set(line, this.#indent + 1)
  }

  #fetchOne(): void {
    this.#skipToToken()
    this.#unroll(this.#cursor.column)
    const char = this.#cursor.char()
    if (char === '') return this.#end()
    if (this.#cursor.column === 0 && char === '%') return this.#directive()
    if (this.#cursor.atDocumentMark()) return this.#documentMark()
    if (char === '[' || char === '{') return this.#open(char)
    if (char === ']' || char === '}') return this.#close(char)
    if (char === ',') return this.#comma()
    if (char === '-' && this.#cursor.blankOrEnd(1)) return this.#dash()
    const apart = this.#inFlow || this.#cursor.blankOrEnd(1)
    if (char === '?' && apart) return this.#question()
    if (char === ':' && apart) return this.#colon()
    if (char === '*' || char === '&') return this.#anchor(char === '*' ? 'alias' : 'anchor')
    if (char === '!') return this.#tag()
    if ((char === '|' || char === '>') && !this.#inFlow) return this.#blockText()
    if (char === "'" || char === '"') return this.#quoted()
    const plain = !NO_START.test(char) || (char === '-' && !/^[ \t]$/.test(this.#cursor.char(1))) || (/[?:]/.test(char) && !apart)
    return plain ? this.#plain() : this.#cursor.refuse('found character that cannot start any token')
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    if (this.#cursor.column !== 0) this.#cursor.line += 1
    this.#cursor.column = 0
    this.#unroll(-1)
    this.#dropKey()
    this.#keyAllowed = false
    this.#put('end')
  }

  #documentMark(): void {
    this.#unroll(-1)
    this.#dropKey()
    this.#keyAllowed = false
    this.#put(this.#cursor.char() === '-' ? 'document start' : 'document end')
    this.#cursor.skip(3)
  }

  #directive(): void {
    this.#unroll(-1)
    this.#dropKey()
    this.#keyAllowed = false
    const { line } = this.#cursor
    this.#put('directive', directiveAt(this.#cursor), line)
  }

  #tag(): void {
    this.#saveKey()
    this.#keyAllowed = false
    this.#put('tag', tagAt(this.#cursor))
  }

  #anchor(kind: 'alias' | 'anchor'): void {
    this.#saveKey()
    this.#keyAllowed = false
    this.#put(kind, nameAt(this.#cursor))
  }

  #open(char: '[' | '{'): void {
    this.#saveKey()
    this.#keys.push(null)
    this.#sound()
    this.#keyAllowed = true
    this.#put(char)
    this.#cursor.skip(1)
  }

  #close(char: ']' | '}'): void {
    this.#dropKey()
    if (this.#inFlow) this.#keys.pop()
    this.#keyAllowed = false
    this.#put(char)
    this.#cursor.skip(1)
  }

  #comma(): void {
    this.#dropKey()
    this.#keyAllowed = true
    this.#put(',')
    this.#cursor.skip(1)
  }

  #dash(): void {
    if (!this.#inFlow) {
      if (!this.#keyAllowed) this.#cursor.refuse('block sequence entries are not allowed in this context')
      this.#roll('block list', this.#cursor.column, this.#cursor.line)
    }
    this.#dropKey()
    this.#keyAllowed = true
    this.#put('-')
    this.#cursor.skip(1)
  }

  #question(): void {
    if (!this.#inFlow) {
      if (!this.#keyAllowed) this.#cursor.refuse('mapping keys are not allowed in this context')
      this.#roll('block map', this.#cursor.column, this.#cursor.line)
    }
    this.#dropKey()
    this.#keyAllowed = !this.#inFlow
    this.#put('key')
    this.#cursor.skip(1)
  }

  #colon(): void {
    const key = this.#keys.at(-1)
    if (key && this.#stillKey(key)) {
      this.#queue.splice(key.token - this.#given, 0, { kind: 'key', line: key.line, name: '' })
      this.#roll('block map', key.column, key.line, key.token)
      this.#keys[this.#keys.length - 1] = null
      this.#keyAllowed = false
    } else {
      if (!this.#inFlow) {
        if (!this.#keyAllowed) this.#cursor.refuse('mapping values are not allowed in this context')
        this.#roll('block map', this.#cursor.column, this.#cursor.line)
      }
      this.#keyAllowed = !this.#inFlow
    }
    this.#put('value')
    this.#cursor.skip(1)
  }

  #blockText(): void {
    this.#dropKey()
    this.#keyAllowed = true
    const { line } = this.#cursor
    passBlockText(this.#cursor, this.#indent)
    this.#put('scalar', '', line)
  }

  #quoted(): void {
    this.#saveKey()
    this.#keyAllowed = false
    const { line } = this.#cursor
    passQuoted(this.#cursor)
    this.#markInner(line)
    this.#put('scalar', '', line)
  }

  #plain(): void {
    this.#saveKey()
    this.#keyAllowed = false
    const { line } = this.#cursor
    if (passPlain(this.#cursor, this.#indent + 1, this.#inFlow)) this.#keyAllowed = true
    this.#put('scalar', '', line)
  }
}
