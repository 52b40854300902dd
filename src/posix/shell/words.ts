/** Reads words: quotes, expansions, here-documents' bodies. */
import type { Flavour } from './state.ts'
import { type Part, SyntaxProblem, type Word } from './syntax.ts'

const NAME = /[A-Za-z_]\w*/y
const SPECIAL = /[0-9@*#?$!-]/
export const isDelimiter = (c: string | undefined): boolean => c === undefined || ' \t\n;&|<>()'.includes(c)

/** Parses commands up to a closing parenthesis; where that stands. */
export type Nested = (text: string, from: number, flavour: Flavour) => number

export class WordReader {
  readonly src: string
  readonly flavour: Flavour
  readonly #nested: Nested
  i: number

  constructor(src: string, flavour: Flavour, nested: Nested, at = 0) {
    this.src = src
    this.flavour = flavour
    this.#nested = nested
    this.i = at
  }

  match(pattern: RegExp): string | null {
    pattern.lastIndex = this.i
    return pattern.exec(this.src)?.[0] ?? null
  }

  /** One word, up to a delimiter; `stops`: further characters that end it. */
  word(stops = '', delimiters = true): Word {
    const parts: Word = []
    let text = ''
    const flush = (): void => {
      if (text !== '') parts.push({ k: 'lit', v: text })
      text = ''
    }
    for (;;) {
      const c = this.src[this.i]
      if (c === undefined || (delimiters && isDelimiter(c)) || stops.includes(c)) {
        if (c !== '<' && c !== '>') break
        if (this.src[this.i + 1] !== '(' || this.flavour !== 'bash' || stops.includes(c)) break
        flush()
        parts.push(this.#process(c === '>'))
        continue
      }
      if (c === '~' && parts.length === 0 && text === '') {
        const user = /~([\w.-]*)(?=[/:\s;&|<>()]|$)/y
        const found = this.match(user)
        if (found !== null) {
          this.i += found.length
          parts.push({ k: 'tilde', user: found.slice(1) })
          continue
        }
      }
      const quoted = this.#quoted(c)
      if (quoted === null) {
        text += c
        this.i += 1
        continue
      }
      flush()
      parts.push(...quoted)
    }
    flush()
    return parts
  }

  /** What a special character begins; null: it is an ordinary one. */
  #quoted(c: string): Part[] | null {
    switch (c) {
      case '\\': {
        const next = this.src[this.i + 1]
        this.i += 2
        if (next === '\n') return []
        return [{ k: 'q', v: next ?? '\\' }]
      }
      case "'": {
        const end = this.src.indexOf("'", this.i + 1)
        if (end < 0) throw new SyntaxProblem("'", true, 'quote')
        const v = this.src.slice(this.i + 1, end)
        this.i = end + 1
        return [{ k: 'q', v }]
      }
      case '"': {
        this.i += 1
        return this.#double()
      }
      case '`':
        return [this.#backquotes(false)]
      case '$': {
        if (this.src[this.i + 1] === "'" && this.flavour !== 'dash') return [this.#dollarQuote()]
        if (this.src[this.i + 1] === '"' && this.flavour === 'bash') {
          this.i += 2
          return this.#double()
        }
        return [this.dollar(false)]
      }
    }
    return null
  }

  /** Behind an opening double quote. */
  #double(): Part[] {
    const parts = this.inside('"')
    if (this.src[this.i] !== '"') throw new SyntaxProblem('"', true, 'quote')
    this.i += 1
    return parts.length === 0 ? [{ k: 'q', v: '' }] : parts
  }

  /** Text in which only expansions are special, up to `end` (or the end of it all). */
  inside(end: string): Part[] {
    const parts: Part[] = []
    let text = ''
    const flush = (): void => {
      if (text !== '') parts.push({ k: 'q', v: text })
      text = ''
    }
    for (;;) {
      const c = this.src[this.i]
      if (c === undefined || c === end) break
      if (c === '\\') {
        const next = this.src[this.i + 1]
        if (next === '\n') this.i += 2
        else if (next !== undefined && ('$`\\'.includes(next) || next === end)) {
          text += next
          this.i += 2
        } else {
          text += '\\'
          this.i += 1
        }
      } else if (c === '$') {
        flush()
        parts.push(this.dollar(true))
      } else if (c === '`') {
        flush()
        parts.push(this.#backquotes(true))
      } else {
        text += c
        this.i += 1
      }
    }
    flush()
    return parts
  }

  #process(into: boolean): Part {
    const end = this.#nested(this.src, this.i + 2, this.flavour)
    const src = this.src.slice(this.i + 2, end)
    this.i = end + 1
    return { k: 'proc', src, into }
  }

  #backquotes(q: boolean): Part {
    let src = ''
    this.i += 1
    for (;;) {
      const c = this.src[this.i]
      if (c === undefined) throw new SyntaxProblem('`', true, 'quote')
      this.i += 1
      if (c === '`') return { k: 'cmd', src, q }
      const next = this.src[this.i]
      if (c === '\\' && next !== undefined && ('$`\\'.includes(next) || (q && next === '"'))) {
        src += next
        this.i += 1
      } else src += c
    }
  }

  #dollarQuote(): Part {
    let v = ''
    this.i += 2
    for (;;) {
      const c = this.src[this.i]
      if (c === undefined) throw new SyntaxProblem("'", true, 'quote')
      this.i += 1
      if (c === "'") return { k: 'q', v }
      if (c !== '\\') v += c
      else {
        const [text, length] = escapeAt(this.src, this.i)
        v += text
        this.i += length
      }
    }
  }

  dollar(q: boolean): Part {
    const next = this.src[this.i + 1]
    if (next === '(') {
      if (this.src[this.i + 2] === '(') {
        const arith = this.#arithmetic(q)
        if (arith) return arith
      }
      const end = this.#nested(this.src, this.i + 2, this.flavour)
      const src = this.src.slice(this.i + 2, end)
      this.i = end + 1
      return { k: 'cmd', src, q }
    }
    if (next === '{') {
      this.i += 2
      return this.#braces(q)
    }
    if (next === '[' && this.flavour === 'bash') return this.#oldArithmetic(q)
    this.i += 1
    const name = this.match(NAME)
    if (name !== null) {
      this.i += name.length
      return variable(name, q)
    }
    if (next !== undefined && SPECIAL.test(next)) {
      this.i += 1
      return variable(next, q)
    }
    return q ? { k: 'q', v: '$' } : { k: 'lit', v: '$' }
  }

  #arithmetic(q: boolean): Part | null {
    const end = closing(this.src, this.i + 3)
    if (end < 0) {
      if (this.#balanced(this.i + 3)) return null
      throw new SyntaxProblem('))', true, '))')
    }
    const w = new WordReader(this.src.slice(this.i + 3, end), this.flavour, this.#nested).inside('')
    this.i = end + 2
    return { k: 'arith', w, q }
  }

  /** Whether the parentheses close after all, so that it is a subshell in a substitution. */
  #balanced(at: number): boolean {
    try {
      this.#nested(this.src, at - 1, this.flavour)
      return true
    } catch {
      return false
    }
  }

  #oldArithmetic(q: boolean): Part {
    const end = this.src.indexOf(']', this.i)
    if (end < 0) throw new SyntaxProblem(']', true, ']')
    const w = new WordReader(this.src.slice(this.i + 2, end), this.flavour, this.#nested).inside('')
    this.i = end + 1
    return { k: 'arith', w, q }
  }

  /** Behind `${`. */
  #braces(q: boolean): Part {
    const start = this.i
    const bad = (): never => {
      const end = this.src.indexOf('}', start)
      if (end < 0) throw new SyntaxProblem('}', true, '}')
      throw new SyntaxProblem(`\${${this.src.slice(start, end + 1)}`, false, 'substitution')
    }
    let op = ''
    if (this.src[this.i] === '#' && !'}:-+=?%#/'.includes(this.src[this.i + 1] ?? '}')) {
      op = 'length'
      this.i += 1
    } else if (this.src[this.i] === '#' && this.src[this.i + 1] === '#' && this.src[this.i + 2] === '}') {
      op = 'length'
      this.i += 1
    } else if (this.src[this.i] === '!' && /[A-Za-z_]/.test(this.src[this.i + 1] ?? '') && this.flavour === 'bash') {
      op = 'indirect'
      this.i += 1
    }
    const name = this.match(NAME) ?? this.match(/\d+/y) ?? this.match(/[@*#?$!-]/y)
    if (name === null) return bad()
    this.i += name.length
    let index: Word | null = null
    if (this.src[this.i] === '[' && this.flavour === 'bash') {
      this.i += 1
      index = this.word(']', false)
      this.i += 1
    }
    const part: Part = { k: 'var', name, q, op, arg: null, arg2: null, index }
    const c = this.src[this.i]
    if (c === '}') {
      this.i += 1
      return part
    }
    if (c === undefined) throw new SyntaxProblem('}', true, '}')
    if (op === 'indirect' && (c === '@' || c === '*') && this.src[this.i + 1] === '}') {
      this.i += 2
      return { ...part, op: 'names' }
    }
    if (op !== '') return bad()
    return this.#operator(part, q, bad)
  }

  #operator(part: Extract<Part, { k: 'var' }>, q: boolean, bad: () => never): Part {
    const op = this.match(/:?[-=?+]|##?|%%?|\/[/#%]?|\^\^?|,,?|@[A-Za-z]|:/y)
    if (op === null) return bad()
    this.i += op.length
    part.op = op
    if (op.startsWith('@')) return this.#close(part)
    if (op === ':') {
      part.arg = this.#argument(q, ':}')
      if (this.src[this.i] === ':') {
        this.i += 1
        part.arg2 = this.#argument(q, '}')
      }
    } else if (op.startsWith('/')) {
      part.arg = this.#argument(false, '/}')
      if (this.src[this.i] === '/') {
        this.i += 1
        part.arg2 = this.#argument(q, '}')
      }
      // Patterns keep their own quotes even inside double quotes.
    } else part.arg = this.#argument(/^[#%^,]/.test(op) ? false : q, '}')
    return this.#close(part)
  }

  #close(part: Part): Part {
    if (this.src[this.i] !== '}') throw new SyntaxProblem('}', true, '}')
    this.i += 1
    return part
  }

  /** The word of an expansion; inside double quotes only `"` quotes again. */
  #argument(q: boolean, stops: string): Word {
    if (!q) return this.word(stops, false)
    const parts: Part[] = []
    for (;;) {
      const c = this.src[this.i]
      if (c === undefined || stops.includes(c)) return parts
      if (c === '"') {
        this.i += 1
        parts.push(...this.#double())
      } else if (c === '\\' && '}"$`\\'.includes(this.src[this.i + 1] ?? ' ')) {
        parts.push({ k: 'q', v: this.src[this.i + 1] as string })
        this.i += 2
      } else if (c === '$') parts.push(this.dollar(true))
      else if (c === '`') parts.push(this.#backquotes(true))
      else {
        parts.push({ k: 'q', v: c })
        this.i += 1
      }
    }
  }
}

const variable = (name: string, q: boolean): Part => ({ k: 'var', name, q, op: '', arg: null, arg2: null, index: null })

/** Where `))` closes an arithmetic expression that began before `from`; -1: nowhere. */
export function closing(src: string, from: number): number {
  let depth = 0
  for (let i = from; i < src.length; i++) {
    if (src[i] === '(') depth += 1
    else if (src[i] === ')') {
      if (depth === 0) return src[i + 1] === ')' ? i : -1
      depth -= 1
    }
  }
  return -1
}

const SIMPLE: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '?': '?',
}

/** Of text from bytes: those above 127 are bytes of their own. */
const byte = (code: number): string => String.fromCharCode((code & 255) < 0x80 ? code & 255 : 0xdc00 + (code & 255))

/** What a backslash means in `$'…'` and `printf`: the text, and how many characters it took. */
export function escapeAt(src: string, at: number): [string, number] {
  const c = src[at] ?? ''
  const simple = SIMPLE[c]
  if (simple !== undefined) return [simple, 1]
  const number = (pattern: RegExp, radix: number, skip: number, make: (code: number) => string): [string, number] | null => {
    pattern.lastIndex = at + skip
    const digits = pattern.exec(src)?.[0]
    return digits ? [make(Number.parseInt(digits, radix)), skip + digits.length] : null
  }
  const character = (code: number): string => String.fromCodePoint(Math.min(code, 0x10ffff))
  const found =
    c === 'x'
      ? number(/[0-9a-fA-F]{1,2}/y, 16, 1, byte)
      : c === 'u'
        ? number(/[0-9a-fA-F]{1,4}/y, 16, 1, character)
        : c === 'U'
          ? number(/[0-9a-fA-F]{1,8}/y, 16, 1, character)
          : number(/[0-7]{1,3}/y, 8, 0, byte)
  return found ?? [`\\${c}`, c === '' ? 0 : 1]
}
