/** Reads JSON as Go's decoder does: the same words for broken text, numbers kept as written, doubled keys remembered. */
import { setKey } from './set-key.ts'

/** A number whose text a JS number would not give back (`1.0`, `1e2`, more digits than a double holds). */
export class NumberLiteral {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export interface ParsedJson {
  value: unknown
  /** Objects that have a key more than once: all their entries, as they came. In the value the last one counts. */
  doubled: Map<object, [string, unknown][]>
}

export class JsonSyntaxError extends Error {
  /** How much was read, with what was wrong; undefined where the text ends too early. */
  readonly offset: number | undefined
  constructor(message: string, offset?: number) {
    super(message)
    this.offset = offset
  }
}

/** Go allows 10,000; every walk over values here is recursive, and no honest body comes near this. */
const MAX_DEPTH = 1000
const SPACE = /[ \t\r\n]*/y
const PLAIN = /[^"\\\p{Cc}]*/uy
const ESCAPES: Record<string, string> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

export function parseJson(text: string): ParsedJson {
  return new Reader(text).document()
}

class Reader {
  readonly #text: string
  #at = 0
  #depth = 0
  #doubled = new Map<object, [string, unknown][]>()

  constructor(text: string) {
    this.#text = text
  }

  document(): ParsedJson {
    this.#space()
    const value = this.#value()
    this.#space()
    if (this.#at < this.#text.length) this.#unexpected('after top-level value')
    return { value, doubled: this.#doubled }
  }

  #space(): void {
    SPACE.lastIndex = this.#at
    SPACE.exec(this.#text)
    this.#at = SPACE.lastIndex
  }

  #unexpected(where: string, at = this.#at): never {
    const code = this.#text.codePointAt(at)
    if (code === undefined) throw new JsonSyntaxError('unexpected end of JSON input')
    throw new JsonSyntaxError(`invalid character ${quoteChar(code)} ${where}`, at + 1)
  }

  #value(): unknown {
    const c = this.#text[this.#at]
    switch (c) {
      case '{':
        return this.#deeper(() => this.#object())
      case '[':
        return this.#deeper(() => this.#array())
      case '"':
        return this.#string()
      case 't':
        return this.#word('true', true)
      case 'f':
        return this.#word('false', false)
      case 'n':
        return this.#word('null', null)
      default:
        if (c !== undefined && (c === '-' || (c >= '0' && c <= '9'))) return this.#number()
        return this.#unexpected('looking for beginning of value')
    }
  }

  #deeper<T>(read: () => T): T {
    this.#depth += 1
    if (this.#depth > MAX_DEPTH) this.#unexpected('exceeded max depth')
    this.#at += 1
    this.#space()
    const value = read()
    this.#depth -= 1
    return value
  }

  #object(): Record<string, unknown> {
    const object: Record<string, unknown> = {}
    let entries: [string, unknown][] | null = null
    if (this.#text[this.#at] === '}') {
      this.#at += 1
      return object
    }
    for (;;) {
      if (this.#text[this.#at] !== '"') this.#unexpected('looking for beginning of object key string')
      const key = this.#string()
      this.#space()
      if (this.#text[this.#at] !== ':') this.#unexpected('after object key')
      this.#at += 1
      this.#space()
      const value = this.#value()
      if (!entries && Object.hasOwn(object, key)) entries = Object.entries(object)
      entries?.push([key, value])
      setKey(object, key, value)
      this.#space()
      const c = this.#text[this.#at]
      if (c !== ',' && c !== '}') this.#unexpected('after object key:value pair')
      this.#at += 1
      if (c === '}') break
      this.#space()
    }
    if (entries) this.#doubled.set(object, entries)
    return object
  }

  #array(): unknown[] {
    const list: unknown[] = []
    if (this.#text[this.#at] === ']') {
      this.#at += 1
      return list
    }
    for (;;) {
      list.push(this.#value())
      this.#space()
      const c = this.#text[this.#at]
      if (c !== ',' && c !== ']') this.#unexpected('after array element')
      this.#at += 1
      if (c === ']') return list
      this.#space()
    }
  }

  #string(): string {
    let out = ''
    this.#at += 1
    for (;;) {
      PLAIN.lastIndex = this.#at
      out += PLAIN.exec(this.#text)?.[0] ?? ''
      this.#at = PLAIN.lastIndex
      const c = this.#text[this.#at]
      if (c === '"') {
        this.#at += 1
        return out
      }
      if (c === '\\') out += this.#escape()
      else if (c !== undefined && c >= '\u007f') {
        out += c
        this.#at += 1
      } else this.#unexpected('in string literal')
    }
  }

  #escape(): string {
    const c = this.#text[this.#at + 1]
    const plain = c === undefined ? undefined : ESCAPES[c]
    if (plain !== undefined) {
      this.#at += 2
      return plain
    }
    if (c !== 'u') return this.#unexpected('in string escape code', this.#at + 1)
    for (let i = 2; i < 6; i++) {
      if (!/[0-9a-fA-F]/.test(this.#text[this.#at + i] ?? ''))
        this.#unexpected('in \\u hexadecimal character escape', this.#at + i)
    }
    const unit = Number.parseInt(this.#text.slice(this.#at + 2, this.#at + 6), 16)
    this.#at += 6
    if ((unit & 0xf800) !== 0xd800) return String.fromCharCode(unit)
    // Halves of a pair that stand alone are no character.
    const other = unit < 0xdc00 ? /^\\u(d[c-f][0-9a-f]{2})/i.exec(this.#text.slice(this.#at, this.#at + 6))?.[1] : undefined
    if (!other) return '\ufffd'
    this.#at += 6
    return String.fromCharCode(unit, Number.parseInt(other, 16))
  }

  #word<T>(word: string, value: T): T {
    for (let i = 1; i < word.length; i++) {
      if (this.#text[this.#at + i] !== word[i]) this.#unexpected(`in literal ${word} (expecting '${word[i]}')`, this.#at + i)
    }
    this.#at += word.length
    return value
  }

  #number(): number | NumberLiteral {
    const start = this.#at
    const digits = (where: string): void => {
      if (!/[0-9]/.test(this.#text[this.#at] ?? '')) this.#unexpected(where)
      while (/[0-9]/.test(this.#text[this.#at] ?? '')) this.#at += 1
    }
    if (this.#text[this.#at] === '-') this.#at += 1
    if (this.#text[this.#at] === '0') this.#at += 1
    else digits('in numeric literal')
    if (this.#text[this.#at] === '.') {
      this.#at += 1
      digits('after decimal point in numeric literal')
    }
    if (/[eE]/.test(this.#text[this.#at] ?? '')) {
      this.#at += 1
      if (/[-+]/.test(this.#text[this.#at] ?? '')) this.#at += 1
      digits('in exponent of numeric literal')
    }
    const literal = this.#text.slice(start, this.#at)
    const number = Number(literal)
    return String(number) === literal ? number : new NumberLiteral(literal)
  }
}

/** Go's quoteChar: single quotes, with the escapes of a character literal. */
function quoteChar(code: number): string {
  if (code === 0x27) return "'\\''"
  if (code === 0x22) return "'\"'"
  const named: Record<number, string> = { 7: '\\a', 8: '\\b', 12: '\\f', 10: '\\n', 13: '\\r', 9: '\\t', 11: '\\v', 92: '\\\\' }
  if (named[code]) return `'${named[code]}'`
  if (code < 0x20 || code === 0x7f) return `'\\x${code.toString(16).padStart(2, '0')}'`
  return `'${firstByte(code)}'`
}

/** Go's scanner goes by bytes: beyond ASCII it names the first byte of the character, as if it were one. */
function firstByte(code: number): string {
  if (code < 0x80) return String.fromCharCode(code)
  const byte = code < 0x800 ? 0xc0 | (code >> 6) : code < 0x10000 ? 0xe0 | (code >> 12) : 0xf0 | (code >> 18)
  return String.fromCharCode(byte)
}
