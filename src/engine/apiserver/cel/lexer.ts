/** Cuts an expression into tokens, as CEL.g4 says; what is no token is an issue, and is left out. */
import type { Issue } from './errors.ts'

export type TokenKind = 'op' | 'ident' | 'escaped' | 'int' | 'uint' | 'float' | 'string' | 'bytes' | 'end'

export interface Token {
  readonly kind: TokenKind
  readonly text: string
  readonly at: number
}

const SPACE = /(?:[\t \r\n\f]+|\/\/[^\n]*)/y
const ESCAPE = String.raw`\\(?:[abfnrtv"'\\?${'`'}]|[0-3][0-7][0-7]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})`
const STRING = [
  String.raw`"""(?:${ESCAPE}|[^\\])*?"""`,
  String.raw`'''(?:${ESCAPE}|[^\\])*?'''`,
  String.raw`"(?:${ESCAPE}|[^\\"\n\r])*"`,
  String.raw`'(?:${ESCAPE}|[^\\'\n\r])*'`,
  String.raw`[rR]"""[\s\S]*?"""`,
  String.raw`[rR]'''[\s\S]*?'''`,
  String.raw`[rR]"[^"\n\r]*"`,
  String.raw`[rR]'[^'\n\r]*'`,
].join('|')

const PATTERNS: readonly [TokenKind, RegExp][] = [
  ['bytes', new RegExp(`[bB](?:${STRING})`, 'y')],
  ['string', new RegExp(STRING, 'y')],
  ['float', /(?:\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)/y],
  ['uint', /(?:0x[0-9a-fA-F]+|\d+)[uU]/y],
  ['int', /(?:0x[0-9a-fA-F]+|\d+)/y],
  ['ident', /[A-Za-z_][A-Za-z0-9_]*/y],
  ['escaped', /`[A-Za-z0-9_.\-/ ]+`/y],
  ['op', /(?:==|!=|<=|>=|&&|\|\||[<>[\]{}().,\-!?:+*/%])/y],
]

const WORDS = new Set(['in', 'true', 'false', 'null'])

function match(pattern: RegExp, source: string, at: number): string | null {
  pattern.lastIndex = at
  return pattern.exec(source)?.[0] ?? null
}

/** How much of the text ANTLR's lexer throws away where no token begins. */
function rejected(source: string, at: number): string {
  const char = String.fromCodePoint(source.codePointAt(at) ?? 0)
  const next = source[at + char.length]
  // The lexer looks one character beyond a prefix that might have become an operator.
  if ('|&='.includes(char)) return char + (next ?? '')
  if (char === '"' || char === "'") return unterminated(source, at, char)
  return char
}

function unterminated(source: string, at: number, quote: string): string {
  for (let i = at + 1; i < source.length; i++) {
    const char = source[i] as string
    if (char === '\n' || char === '\r') return source.slice(at, i + 1)
    if (char === quote) return source.slice(at, i)
    if (char !== '\\') continue
    const sequence = match(new RegExp(ESCAPE, 'y'), source, i)
    if (sequence === null) {
      // Up to the first character that fits no escape.
      const [begun = ''] = /^\\(?:[xXuU][0-9a-fA-F]*|[0-3][0-7]?)?/.exec(source.slice(i, i + 9)) ?? []
      return source.slice(at, Math.min(source.length, i + begun.length + 1))
    }
    i += sequence.length - 1
  }
  return source.slice(at)
}

export function tokens(source: string, issues: Issue[]): Token[] {
  const found: Token[] = []
  let at = 0
  while (at < source.length) {
    const space = match(SPACE, source, at)
    if (space !== null) {
      at += space.length
      continue
    }
    let best: Token | null = null
    for (const [kind, pattern] of PATTERNS) {
      const text = match(pattern, source, at)
      if (text !== null && (best === null || text.length > best.text.length)) best = { kind, text, at }
    }
    if (best === null) {
      const text = rejected(source, at)
      issues.push({ at, message: `Syntax error: token recognition error at: '${escaped(text)}'` })
      at += text.length
      continue
    }
    found.push(best.kind === 'ident' && WORDS.has(best.text) ? { ...best, kind: 'op' } : best)
    at += best.text.length
  }
  found.push({ kind: 'end', text: '<EOF>', at: source.length })
  return found
}

const escaped = (text: string): string => text.replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')
