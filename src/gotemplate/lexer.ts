/** Cuts a template into tokens, as Go's text/template does: text, delimiters with their trimming, and the words inside actions. */
import { goQuote } from './quote.ts'

export type TokenKind =
  | 'error'
  | 'eof'
  | 'text'
  | 'left delim'
  | 'right delim'
  | 'space'
  | 'assign'
  | 'declare'
  | 'pipe'
  | 'string'
  | 'raw string'
  | 'char constant'
  | 'number'
  | 'complex'
  | 'field'
  | 'variable'
  | 'identifier'
  | 'bool'
  | 'char'
  | 'left paren'
  | 'right paren'
  | 'dot'
  | 'nil'
  | 'keyword'

export interface Token {
  kind: TokenKind
  text: string
  at: number
  line: number
}

const KEYWORDS = new Set(['block', 'break', 'continue', 'define', 'else', 'end', 'if', 'range', 'template', 'with'])
const SPACE = /[ \t\r\n]/
const WORD = /[_\p{L}\p{Nd}]/u

/** How a token is named in a complaint. */
export function shownToken({ kind, text }: Token): string {
  if (kind === 'eof') return 'EOF'
  if (kind === 'error') return text
  if (kind === 'dot' || kind === 'nil' || kind === 'keyword') return `<${text}>`
  const letters = [...text]
  return letters.length > 10 ? `${goQuote(letters.slice(0, 10).join(''))}...` : goQuote(text)
}

/** All tokens; the last one is the end of the text or the first error. */
export function lex(source: string, left = '{{', right = '}}'): Token[] {
  return new Lexer(source, left, right).all()
}

class Stop extends Error {}

class Lexer {
  readonly #source: string
  readonly #left: string
  readonly #right: string
  readonly #tokens: Token[] = []
  #at = 0
  #start = 0
  #line = 1
  #counted = 0

  constructor(source: string, left: string, right: string) {
    this.#source = source
    this.#left = left
    this.#right = right
  }

  all(): Token[] {
    try {
      while (this.#text()) this.#action()
      this.#start = this.#source.length
      this.#push('eof', 'EOF')
    } catch (error) {
      if (!(error instanceof Stop)) throw error
    }
    return this.#tokens
  }

  /** The line of a place; places come in order. */
  #lineOf(at: number): number {
    for (; this.#counted < at; this.#counted++) if (this.#source[this.#counted] === '\n') this.#line += 1
    return this.#line
  }

  #push(kind: TokenKind, text = this.#source.slice(this.#start, this.#at)): void {
    this.#tokens.push({ kind, text, at: this.#start, line: this.#lineOf(this.#start) })
    this.#start = this.#at
  }

  #fail(why: string): never {
    this.#push('error', why)
    throw new Stop(why)
  }

  #startsWith(text: string, at = this.#at): boolean {
    return this.#source.startsWith(text, at)
  }

  #peek(): string {
    const code = this.#source.codePointAt(this.#at)
    return code === undefined ? '' : String.fromCodePoint(code)
  }

  #next(): string {
    const letter = this.#peek()
    this.#at += letter.length
    return letter
  }

  /** Text up to the next action; false at the end. Comments are swallowed. */
  #text(): boolean {
    for (;;) {
      const found = this.#source.indexOf(this.#left, this.#at)
      const end = found < 0 ? this.#source.length : found
      const inner = end + this.#left.length
      const trims = found >= 0 && this.#source[inner] === '-' && SPACE.test(this.#source[inner + 1] ?? '')
      const text = this.#source.slice(this.#start, end)
      this.#at = end
      const shown = trims ? text.replace(/[ \t\r\n]+$/, '') : text
      if (shown !== '') this.#push('text', shown)
      this.#start = end
      if (found < 0) return false
      const after = inner + (trims ? 2 : 0)
      if (!this.#startsWith('/*', after)) {
        this.#at = inner
        this.#push('left delim')
        this.#at = after
        this.#start = after
        return true
      }
      this.#at = after
      this.#start = after
      this.#comment()
    }
  }

  #comment(): void {
    const end = this.#source.indexOf('*/', this.#at + 2)
    if (end < 0) this.#fail('unclosed comment')
    this.#at = end + 2
    if (!this.#atRight()) this.#fail('comment ends before closing delimiter')
    this.#passRight()
  }

  /** Whether the right delimiter, with or without trimming, stands here. */
  #atRight(): 'trims' | 'plain' | null {
    const trims = SPACE.test(this.#source[this.#at] ?? '') && this.#source[this.#at + 1] === '-'
    if (trims && this.#startsWith(this.#right, this.#at + 2)) return 'trims'
    return this.#startsWith(this.#right) ? 'plain' : null
  }

  #passRight(): void {
    const trims = this.#atRight() === 'trims'
    this.#at += (trims ? 2 : 0) + this.#right.length
    if (trims) while (SPACE.test(this.#source[this.#at] ?? '')) this.#at += 1
    this.#start = this.#at
  }

  /** The inside of an action, up to and with its right delimiter. */
  #action(): void {
    for (let depth = 0; ; ) {
      const right = this.#atRight()
      if (right) {
        if (depth > 0) this.#fail('unclosed left paren')
        if (right === 'trims') this.#start = this.#at + 2
        const text = this.#right
        this.#push('right delim', text)
        this.#passRight()
        return
      }
      const letter = this.#next()
      if (letter === '(') depth += 1
      if (letter === ')' && --depth < 0) this.#fail('unexpected right paren')
      this.#word(letter)
    }
  }

  #word(letter: string): void {
    if (letter === '') this.#fail('unclosed action')
    else if (SPACE.test(letter)) this.#space()
    else if (letter === '=') this.#push('assign')
    else if (letter === ':') {
      if (this.#next() !== '=') this.#fail('expected :=')
      this.#push('declare')
    } else if (letter === '|') this.#push('pipe')
    else if (letter === '"') this.#quoted('"', 'string', 'unterminated quoted string')
    else if (letter === "'") this.#quoted("'", 'char constant', 'unterminated character constant')
    else if (letter === '`') this.#raw()
    else if (letter === '$') this.#chain('variable')
    else if (letter === '.' && !/[0-9]/.test(this.#peek())) this.#chain('field')
    else if (/[.+\-0-9]/.test(letter)) this.#number()
    else if (WORD.test(letter)) this.#identifier()
    else if (letter === '(') this.#push('left paren')
    else if (letter === ')') this.#push('right paren')
    else if (/[!-~]/.test(letter)) this.#push('char')
    else this.#fail(`unrecognized character in action: ${shownRune(letter)}`)
  }

  #space(): void {
    while (SPACE.test(this.#peek()) && this.#peek() !== '') {
      if (this.#atRight() === 'trims') break
      this.#at += 1
    }
    // A space that belongs to a trimming delimiter is none of its own.
    const back = this.#at - 1
    if (this.#source[this.#at] === '-' && this.#startsWith(this.#right, this.#at + 1)) this.#at = back
    if (this.#at > this.#start) this.#push('space')
  }

  #quoted(end: string, kind: TokenKind, why: string): void {
    for (;;) {
      let letter = this.#next()
      if (letter === '\\') {
        letter = this.#next()
        if (letter !== '' && letter !== '\n') continue
      }
      if (letter === '' || letter === '\n') this.#fail(why)
      if (letter === end) return this.#push(kind)
    }
  }

  #raw(): void {
    const end = this.#source.indexOf('`', this.#at)
    if (end < 0) this.#fail('unterminated raw quoted string')
    this.#at = end + 1
    this.#push('raw string')
  }

  #chain(kind: 'field' | 'variable'): void {
    if (this.#terminated()) return this.#push(kind === 'field' ? 'dot' : 'variable')
    while (WORD.test(this.#peek())) this.#next()
    if (!this.#terminated()) this.#fail(`bad character ${shownRune(this.#peek())}`)
    this.#push(kind)
  }

  #identifier(): void {
    while (WORD.test(this.#peek())) this.#next()
    const word = this.#source.slice(this.#start, this.#at)
    if (!this.#terminated()) this.#fail(`bad character ${shownRune(this.#peek())}`)
    this.#push(
      KEYWORDS.has(word) ? 'keyword' : word === 'nil' ? 'nil' : word === 'true' || word === 'false' ? 'bool' : 'identifier',
    )
  }

  #terminated(): boolean {
    const letter = this.#peek()
    return letter === '' || /[ \t\r\n.,|:)(]/.test(letter) || this.#startsWith(this.#right)
  }

  #number(): void {
    this.#at = this.#start
    const scan = (): boolean => {
      const pattern =
        /[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?/y
      pattern.lastIndex = this.#at
      this.#at += pattern.exec(this.#source)?.[0].length ?? 0
      const good = !WORD.test(this.#peek())
      if (!good) this.#next()
      return good
    }
    const bad = (): never => this.#fail(`bad number syntax: ${goQuote(this.#source.slice(this.#start, this.#at))}`)
    if (!scan()) bad()
    if (!/[+-]/.test(this.#peek())) return this.#push('number')
    if (!scan() || this.#source[this.#at - 1] !== 'i') bad()
    this.#push('complex')
  }
}

/** Go's `%#U`: `U+00E4 'ä'`. */
function shownRune(letter: string): string {
  if (letter === '') return 'U+FFFFFFFFFFFFFFFF'
  const code = letter.codePointAt(0) as number
  const hex = code.toString(16).toUpperCase().padStart(4, '0')
  return /\p{C}/u.test(letter) ? `U+${hex}` : `U+${hex} '${letter}'`
}
