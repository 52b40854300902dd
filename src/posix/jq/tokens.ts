/** jq's words: names, numbers, strings with what is put into them, and signs. */
import { JqSyntaxError } from './syntax.ts'

export type Token =
  | { t: 'name' | 'field' | 'var' | 'format' | 'op' | 'keyword'; text: string; at: number }
  | { t: 'number'; value: number; at: number; text: string }
  /** Texts, and the tokens of what stands between them. */
  | { t: 'string'; parts: (string | Token[])[]; at: number; text: string }

const KEYWORDS = new Set(
  'def if then elif else end as reduce foreach try catch label import include and or not __loc__'
    .split(' ')
    .filter((w) => w !== 'not'),
)
const OPERATORS = ['?//=', '?//', '//=', '|=', '+=', '-=', '*=', '/=', '%=', '==', '!=', '<=', '>=', '//', '..', 'and', 'or']
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '/': '/', '\\': '\\', '"': '"' }

export function tokensOf(source: string): Token[] {
  const { tokens } = new Lexer(source).read(0, false)
  return tokens
}

class Lexer {
  readonly #source: string

  constructor(source: string) {
    this.#source = source
  }

  /** Tokens from a place; inside a string, up to the parenthesis that closes. */
  read(from: number, inside: boolean): { tokens: Token[]; end: number } {
    const source = this.#source
    const tokens: Token[] = []
    let depth = 0
    let at = from
    while (at < source.length) {
      const rest = source.slice(at)
      const blank = /^(?:\s+|#[^\n]*)/.exec(rest)
      if (blank) {
        at += blank[0].length
        continue
      }
      if (inside && rest[0] === ')' && depth === 0) return { tokens, end: at + 1 }
      if (rest[0] === '(') depth += 1
      if (rest[0] === ')') depth -= 1
      const { token, end } = this.#token(rest, at)
      tokens.push(token)
      at = end
    }
    if (inside) throw new JqSyntaxError('unexpected end of file')
    return { tokens, end: at }
  }

  #token(rest: string, at: number): { token: Token; end: number } {
    const number = /^(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?/.exec(rest)
    if (number) {
      const [text] = number
      return { token: { t: 'number', value: Number(text), at, text }, end: at + text.length }
    }
    const field = /^\.([A-Za-z_]\w*)/.exec(rest)
    if (field) return { token: { t: 'field', text: field[1] as string, at }, end: at + field[0].length }
    const variable = /^\$\s*((?:[A-Za-z_]\w*::)*[A-Za-z_]\w*)/.exec(rest)
    if (variable) return { token: { t: 'var', text: variable[1] as string, at }, end: at + variable[0].length }
    const format = /^@[A-Za-z0-9_]+/.exec(rest)
    if (format) return { token: { t: 'format', text: format[0], at }, end: at + format[0].length }
    const name = /^(?:[A-Za-z_]\w*::)*[A-Za-z_]\w*/.exec(rest)
    if (name) {
      const [text] = name
      return { token: { t: KEYWORDS.has(text) ? 'keyword' : 'name', text, at }, end: at + text.length }
    }
    if (rest[0] === '"') return this.#string(at)
    const text = OPERATORS.find((op) => rest.startsWith(op)) ?? (/^[-+*/%=<>|,.:;?()[\]{}]/.test(rest) ? (rest[0] as string) : '')
    if (text === '') throw new JqSyntaxError('syntax error, unexpected INVALID_CHARACTER')
    return { token: { t: 'op', text, at }, end: at + text.length }
  }

  #string(begin: number): { token: Token; end: number } {
    const source = this.#source
    const parts: (string | Token[])[] = []
    let text = ''
    let at = begin + 1
    for (;;) {
      const c = source[at]
      if (c === undefined)
        throw new JqSyntaxError(
          'syntax error, unexpected end of file, expecting QQSTRING_TEXT or QQSTRING_INTERP_START or QQSTRING_END',
        )
      if (c === '"') break
      if (c !== '\\') {
        text += c
        at += 1
        continue
      }
      const next = source[at + 1] ?? ''
      if (next === '(') {
        const { tokens, end } = this.read(at + 2, true)
        parts.push(text, tokens)
        text = ''
        at = end
      } else if (next === 'u') {
        text += String.fromCharCode(Number.parseInt(source.slice(at + 2, at + 6), 16))
        at += 6
      } else {
        text += ESCAPES[next] ?? `\\${next}`
        at += 2
      }
    }
    parts.push(text)
    return { token: { t: 'string', parts, at: begin, text: source.slice(begin, at + 1) }, end: at + 1 }
  }
}
