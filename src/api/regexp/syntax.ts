/** Reads regular expressions as Go's regexp/syntax does (RE2), with its words for what is wrong. */
import { type CharTest, characterClass, perlClass, unicodeClass } from './classes.ts'

export type Node =
  | { kind: 'empty' }
  | { kind: 'char'; test: CharTest }
  | { kind: 'assert'; what: 'begin' | 'end' | 'line-begin' | 'line-end' | 'word' | 'no-word' | keyof typeof LOOKS }
  | { kind: 'cat'; of: Node[] }
  | { kind: 'alt'; of: Node[] }
  | { kind: 'repeat'; of: Node; min: number; max: number; greedy: boolean }
  /** By number, from 1. */
  | { kind: 'group'; of: Node; number: number }

/** JavaScript's looks at a character of a word beside a place, the only ones that are asked for. */
const LOOKS = {
  'before-word': '?=\\w)',
  'not-before-word': '?!\\w)',
  'after-word': '?<=\\w)',
  'not-after-word': '?<!\\w)',
} as const

/** What is understood beyond Go's language. */
export interface Extras {
  /** {@link LOOKS}, and `[^]` for any character at all. */
  javascript?: boolean
}

export class RegexpError extends Error {
  constructor(code: string, expression: string) {
    super(`error parsing regexp: ${code}: \`${expression}\``)
  }
}

interface Flags {
  fold: boolean
  multi: boolean
  dot: boolean
  swap: boolean
}

const MOST_REPEATS = 1000
const DEEPEST = 1000
const SIMPLE: Record<string, number> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 }
const EMPTY: Node = { kind: 'empty' }

const only = (code: number, fold: boolean): CharTest => {
  if (!fold) return (c) => c === code
  const text = String.fromCodePoint(code)
  const all = new Set([code, text.toLowerCase().codePointAt(0), text.toUpperCase().codePointAt(0)])
  return (c) => all.has(c)
}

class Reader {
  readonly #text: string
  #at = 0
  #depth = 0
  readonly #names: (string | undefined)[] = []
  readonly #more: Extras
  #flags: Flags = { fold: false, multi: false, dot: false, swap: false }

  constructor(text: string, more: Extras) {
    this.#text = text
    this.#more = more
  }

  read(): { node: Node; names: (string | undefined)[] } {
    const node = this.#alternatives()
    if (this.#at < this.#text.length) throw new RegexpError('unexpected )', this.#text)
    return { node, names: this.#names }
  }

  #starts(text: string): boolean {
    return this.#text.startsWith(text, this.#at)
  }
  #eat(text: string): boolean {
    if (!this.#starts(text)) return false
    this.#at += text.length
    return true
  }
  #char(): string {
    const char = String.fromCodePoint(this.#text.codePointAt(this.#at) as number)
    this.#at += char.length
    return char
  }

  #alternatives(): Node {
    if (++this.#depth > DEEPEST) throw new RegexpError('expression nests too deeply', this.#text)
    const branches = [this.#sequence()]
    while (this.#eat('|')) branches.push(this.#sequence())
    this.#depth--
    return branches.length === 1 ? (branches[0] as Node) : { kind: 'alt', of: branches }
  }

  #sequence(): Node {
    const items: Node[] = []
    while (this.#at < this.#text.length && !this.#starts('|') && !this.#starts(')')) {
      const item = this.#atom()
      items.push(item === null ? EMPTY : this.#repeated(item))
    }
    return items.length === 1 ? (items[0] as Node) : { kind: 'cat', of: items }
  }

  /** `*`, `+`, `?` and `{n,m}` behind an item. */
  #repeated(item: Node): Node {
    const start = this.#at
    const range = this.#range()
    if (!range) return item
    const lazy = this.#eat('?')
    const operator = this.#text.slice(start, this.#at)
    const again = this.#at
    if (this.#range()) {
      const whole = operator + this.#text.slice(again, this.#at)
      throw new RegexpError('invalid nested repetition operator', whole)
    }
    return { kind: 'repeat', of: item, ...range, greedy: lazy === this.#flags.swap }
  }

  #range(): { min: number; max: number } | null {
    if (this.#eat('*')) return { min: 0, max: Number.POSITIVE_INFINITY }
    if (this.#eat('+')) return { min: 1, max: Number.POSITIVE_INFINITY }
    if (this.#eat('?')) return { min: 0, max: 1 }
    const found = /^\{(\d+)(,(\d*))?\}/.exec(this.#text.slice(this.#at, this.#at + 32))
    if (!found) return null
    const min = Number(found[1])
    const max = found[2] === undefined ? min : found[3] ? Number(found[3]) : Number.POSITIVE_INFINITY
    const most = Number.isFinite(max) ? max : min
    if (min > MOST_REPEATS || most > MOST_REPEATS || min > max) throw new RegexpError('invalid repeat count', found[0])
    this.#at += found[0].length
    return { min, max }
  }

  #atom(): Node | null {
    const { fold, multi, dot } = this.#flags
    const start = this.#at
    const char = this.#char()
    switch (char) {
      case '(':
        return this.#group(start)
      case '[':
        if (this.#more.javascript && this.#eat('^]')) return { kind: 'char', test: () => true }
        return { kind: 'char', test: this.#set(start) }
      case '.':
        return { kind: 'char', test: dot ? () => true : (c) => c !== 10 }
      case '^':
        return { kind: 'assert', what: multi ? 'line-begin' : 'begin' }
      case '$':
        return { kind: 'assert', what: multi ? 'line-end' : 'end' }
      case '\\':
        return this.#escape(start)
      case '*':
      case '+':
      case '?':
        throw new RegexpError('missing argument to repetition operator', char + (this.#starts('?') ? '?' : ''))
    }
    if (char === '{') {
      this.#at = start
      const at = this.#range()
      if (at) throw new RegexpError('missing argument to repetition operator', this.#text.slice(start, this.#at))
      this.#at = start + 1
    }
    return { kind: 'char', test: only(char.codePointAt(0) as number, fold) }
  }

  #group(start: number): Node | null {
    const before = { ...this.#flags }
    let number = 0
    const look = this.#more.javascript
      ? (Object.keys(LOOKS) as (keyof typeof LOOKS)[]).find((what) => this.#eat(LOOKS[what]))
      : undefined
    if (look) return { kind: 'assert', what: look }
    if (!this.#eat('?')) number = this.#names.push(undefined)
    else {
      const named = /^P?<([^>]*)>/.exec(this.#text.slice(this.#at))
      if (named && !/^P?<[=!]/.test(named[0])) {
        if (!/^\w+$/.test(named[1] as string)) throw new RegexpError('invalid named capture', `(?${named[0]}`)
        this.#at += named[0].length
        number = this.#names.push(named[1])
      } else if (this.#setFlags(start)) return null
    }
    const node = this.#alternatives()
    if (!this.#eat(')')) throw new RegexpError('missing closing )', this.#text)
    this.#flags = before
    return number === 0 ? node : { kind: 'group', of: node, number }
  }

  /** `i`, `m`, `s` and `U`, up to `:` (false: a group begins) or `)` (true: it holds for what follows). */
  #setFlags(start: number): boolean {
    const flags = { ...this.#flags }
    let [value, any] = [true, false]
    while (this.#at < this.#text.length) {
      const char = this.#char()
      any ||= char !== '-'
      if (char === 'i') flags.fold = value
      else if (char === 'm') flags.multi = value
      else if (char === 's') flags.dot = value
      else if (char === 'U') flags.swap = value
      else if (char === '-' && value) {
        value = false
        any = false
      } else if ((char === ':' || char === ')') && (value || this.#text[this.#at - 2] !== '-')) {
        this.#flags = flags
        return char === ')'
      } else break
    }
    if (this.#at >= this.#text.length && any) throw new RegexpError('missing closing )', this.#text)
    throw new RegexpError('invalid or unsupported Perl syntax', this.#text.slice(start, this.#at))
  }

  #escape(start: number): Node | null {
    if (this.#at >= this.#text.length) throw new RegexpError('trailing backslash at end of expression', '')
    const letter = this.#text[this.#at] as string
    const asserts = { A: 'begin', z: 'end', b: 'word', B: 'no-word' } as const
    if (Object.hasOwn(asserts, letter)) {
      this.#at++
      return { kind: 'assert', what: asserts[letter as keyof typeof asserts] }
    }
    if (letter === 'Q') {
      this.#at++
      const end = this.#text.indexOf('\\E', this.#at)
      const literal = this.#text.slice(this.#at, end < 0 ? undefined : end)
      this.#at = end < 0 ? this.#text.length : end + 2
      return {
        kind: 'cat',
        of: [...literal].map((c) => ({ kind: 'char', test: only(c.codePointAt(0) as number, this.#flags.fold) })),
      }
    }
    if (letter === 'C') throw new RegexpError('invalid escape sequence', '\\C')
    const test = this.#classEscape(start) ?? only(this.#codeEscape(start), this.#flags.fold)
    return { kind: 'char', test }
  }

  /** `\d`, `\pL`, `\p{Greek}`; behind the backslash. */
  #classEscape(start: number): CharTest | null {
    const letter = this.#text[this.#at] as string
    const perl = perlClass(letter)
    if (perl) {
      this.#at++
      return perl
    }
    if (letter !== 'p' && letter !== 'P') return null
    const found = /^[pP](?:\{(\^?)([^}]*)\}|(.))/u.exec(this.#text.slice(this.#at))
    const test = found ? unicodeClass(found[2] ?? found[3] ?? '') : null
    if (!found || !test)
      throw new RegexpError('invalid character class range', this.#text.slice(start, this.#at + (found?.[0].length ?? 1)))
    this.#at += found[0].length
    const negated = (letter === 'P') !== (found[1] === '^')
    return negated ? (c) => !test(c) : test
  }

  /** A character written as an escape. */
  #codeEscape(start: number): number {
    const rest = this.#text.slice(this.#at)
    const letter = rest[0] as string
    const hex = /^x(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]+)\})/.exec(rest)
    if (hex) {
      const code = Number.parseInt((hex[1] ?? hex[2]) as string, 16)
      if (code <= 0x10ffff) {
        this.#at += hex[0].length
        return code
      }
    }
    const octal = /^(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(rest)
    if (octal) {
      this.#at += octal[0].length
      return Number.parseInt(octal[0], 8)
    }
    if (Object.hasOwn(SIMPLE, letter)) {
      this.#at++
      return SIMPLE[letter] as number
    }
    const code = letter.charCodeAt(0)
    if (code < 0x80 && !/\w/.test(letter)) {
      this.#at++
      return code
    }
    throw new RegexpError('invalid escape sequence', this.#text.slice(start, this.#at + 1))
  }

  #set(start: number): CharTest {
    const negated = this.#eat('^')
    const tests: CharTest[] = []
    let first = true
    while (first || !this.#starts(']')) {
      if (this.#at >= this.#text.length) throw new RegexpError('missing closing ]', this.#text.slice(start))
      first = false
      const named = /^\[:(\^?)(\w+):\]/.exec(this.#text.slice(this.#at, this.#at + 16))
      if (named) {
        const test = characterClass(named[2] as string)
        if (!test) throw new RegexpError('invalid character class range', named[0])
        this.#at += named[0].length
        tests.push(named[1] ? (c) => !test(c) : test)
        continue
      }
      tests.push(this.#setItem())
    }
    this.#at++
    const any: CharTest = (c) => tests.some((test) => test(c))
    return negated ? (c) => !any(c) : any
  }

  #setItem(): CharTest {
    const start = this.#at
    if (this.#starts('\\')) {
      this.#at++
      const test = this.#at < this.#text.length ? this.#classEscape(start) : null
      if (test) return test
      this.#at = start
    }
    const low = this.#setChar()
    if (!this.#starts('-') || this.#text[this.#at + 1] === ']' || this.#at + 1 >= this.#text.length)
      return folded(low, low, this.#flags.fold)
    this.#at++
    const high = this.#setChar()
    if (high < low) throw new RegexpError('invalid character class range', this.#text.slice(start, this.#at))
    return folded(low, high, this.#flags.fold)
  }

  #setChar(): number {
    const start = this.#at
    const char = this.#char()
    if (char !== '\\') return char.codePointAt(0) as number
    if (this.#at >= this.#text.length) throw new RegexpError('missing closing ]', this.#text)
    return this.#codeEscape(start)
  }
}

function folded(low: number, high: number, fold: boolean): CharTest {
  const plain: CharTest = (c) => c >= low && c <= high
  if (!fold) return plain
  return (c) => {
    if (plain(c)) return true
    const text = String.fromCodePoint(c)
    return plain(text.toLowerCase().codePointAt(0) ?? c) || plain(text.toUpperCase().codePointAt(0) ?? c)
  }
}

/** With the names of its groups. Throws a RegexpError. */
export const readRegexp = (text: string, more: Extras): { node: Node; names: (string | undefined)[] } =>
  new Reader(text, more).read()
