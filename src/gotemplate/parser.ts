/** Reads a template's tokens into trees: the grammar of Go's text/template, with its complaints. */
import { lex, shownToken, type Token, type TokenKind } from './lexer.ts'
import type { Branch, CommandNode, Operand, Part, Pipe, Tree } from './nodes.ts'
import { numberOf } from './numbers.ts'
import { goQuote, goUnquote } from './quote.ts'

/** A template that cannot be read, or that failed while it ran; the message is Go's. */
export class TemplateError extends Error {
  override name = 'TemplateError'
  /** What was written before it failed. */
  written = ''
}

/** What ends a list of parts besides the end of the text. */
type Ending = { kind: 'end' | 'else'; at: number }

const OPERANDS = new Set<TokenKind>([
  'bool',
  'char constant',
  'complex',
  'dot',
  'field',
  'identifier',
  'number',
  'nil',
  'raw string',
  'string',
  'variable',
  'left paren',
])
const MAX_DEPTH = 10_000

/** The trees of a text: its own under `name`, and those it defines. */
export function parseTemplate(name: string, text: string, known: (name: string) => boolean): Tree[] {
  return new Parser(name, text, known).trees()
}

class Parser {
  readonly #name: string
  readonly #text: string
  readonly #known: (name: string) => boolean
  readonly #tokens: Token[]
  #at = 0
  /** How far the lexer would have come: complaints name this token's line. */
  #far = 0
  #actionLine = 0
  #variables = ['$']
  #ranges = 0
  #depth = 0
  readonly #trees: Tree[] = []

  constructor(name: string, text: string, known: (name: string) => boolean) {
    this.#name = name
    this.#text = text
    this.#known = known
    this.#tokens = lex(text)
  }

  trees(): Tree[] {
    const parts: Part[] = []
    while (this.#peek().kind !== 'eof') {
      if (this.#atDefinition()) continue
      const part = this.#part()
      if (part.kind === 'end' || part.kind === 'else') this.#fail(`unexpected {{${part.kind}}}`)
      parts.push(part as Part)
    }
    return [...this.#trees, this.#tree(this.#name, parts)]
  }

  #tree(name: string, parts: Part[]): Tree {
    return { name, from: this.#name, text: this.#text, parts }
  }

  #fail(why: string): never {
    throw new TemplateError(`template: ${this.#name}:${this.#tokens[this.#far]?.line ?? 1}: ${why}`)
  }

  #peek(): Token {
    this.#far = Math.max(this.#far, this.#at)
    return this.#tokens[Math.min(this.#at, this.#tokens.length - 1)] as Token
  }

  #next(): Token {
    const token = this.#peek()
    this.#at += 1
    return token
  }

  #nextWord(): Token {
    let token = this.#next()
    while (token.kind === 'space') token = this.#next()
    return token
  }

  #peekWord(): Token {
    const token = this.#nextWord()
    this.#at -= 1
    return token
  }

  #expect(context: string, ...kinds: TokenKind[]): Token {
    const token = this.#nextWord()
    return kinds.includes(token.kind) ? token : this.#unexpected(token, context)
  }

  #unexpected(token: Token, context: string): never {
    if (token.kind !== 'error') this.#fail(`unexpected ${shownToken(token)} in ${context}`)
    const started = ` in action started at ${this.#name}:${this.#actionLine}`
    const elsewhere = this.#actionLine !== 0 && this.#actionLine !== token.line
    this.#fail(`${token.text}${elsewhere ? (token.text.endsWith(' action') ? started.slice(' in action'.length) : started) : ''}`)
  }

  /** `{{define "name"}}…{{end}}`, which stands only at the top. */
  #atDefinition(): boolean {
    if (this.#peek().kind !== 'left delim') return false
    const before = this.#at
    this.#next()
    const word = this.#nextWord()
    if (word.kind !== 'keyword' || word.text !== 'define') {
      this.#at = before
      return false
    }
    const name = this.#unquoted(this.#expect('define clause', 'string', 'raw string'))
    this.#expect('define clause', 'right delim')
    this.#define(name, 'define clause')
    return true
  }

  /** A body with variables of its own. */
  #define(name: string, context: string): void {
    const kept = { variables: this.#variables, ranges: this.#ranges }
    this.#variables = ['$']
    this.#ranges = 0
    const { parts, ending } = this.#list()
    if (ending.kind !== 'end') this.#fail(`unexpected {{${ending.kind}}} in ${context}`)
    this.#trees.push(this.#tree(name, parts))
    this.#variables = kept.variables
    this.#ranges = kept.ranges
  }

  #list(): { parts: Part[]; ending: Ending } {
    const parts: Part[] = []
    while (this.#peekWord().kind !== 'eof') {
      const part = this.#part()
      if (part.kind === 'end' || part.kind === 'else') return { parts, ending: part as Ending }
      parts.push(part as Part)
    }
    return this.#fail('unexpected EOF')
  }

  #part(): Part | Ending {
    const token = this.#nextWord()
    if (token.kind === 'text') return { kind: 'text', text: token.text, at: token.at }
    if (token.kind !== 'left delim') this.#unexpected(token, 'input')
    this.#actionLine = token.line
    const part = this.#action()
    this.#actionLine = 0
    return part
  }

  #action(): Part | Ending {
    const token = this.#nextWord()
    if (token.kind === 'keyword') {
      switch (token.text) {
        case 'block':
          return this.#block()
        case 'break':
        case 'continue':
          return this.#jump(token.text, token.at)
        case 'else':
          return this.#else()
        case 'end':
          return { kind: 'end', at: this.#expect('end', 'right delim').at }
        case 'if':
        case 'range':
        case 'with':
          return this.#branch(token.text)
        case 'template':
          return this.#template()
      }
    }
    this.#at -= 1
    const { at } = this.#peek()
    return { kind: 'action', at, pipe: this.#pipeline('command', 'right delim') }
  }

  #jump(kind: 'break' | 'continue', at: number): Part {
    const token = this.#nextWord()
    if (token.kind !== 'right delim') this.#unexpected(token, `{{${kind}}}`)
    if (this.#ranges === 0) this.#fail(`{{${kind}}} outside {{range}}`)
    return { kind, at }
  }

  #else(): Ending {
    const next = this.#peekWord()
    if (next.kind === 'keyword' && (next.text === 'if' || next.text === 'with')) return { kind: 'else', at: next.at }
    return { kind: 'else', at: this.#expect('else', 'right delim').at }
  }

  #branch(kind: Branch['kind']): Branch {
    const mark = this.#variables.length
    const pipe = this.#pipeline(kind, 'right delim')
    if (kind === 'range') this.#ranges += 1
    const { parts: body, ending } = this.#list()
    if (kind === 'range') this.#ranges -= 1
    let otherwise: Part[] | null = null
    if (ending.kind === 'else') otherwise = this.#otherwise(kind)
    this.#variables = this.#variables.slice(0, mark)
    return { kind, at: pipe.at, pipe, body, otherwise }
  }

  /** `else if` and `else with` share the end of what they follow. */
  #otherwise(kind: Branch['kind']): Part[] {
    const next = this.#peek()
    if (kind !== 'range' && next.kind === 'keyword' && next.text === kind) {
      this.#next()
      return [this.#branch(kind)]
    }
    const { parts, ending } = this.#list()
    if (ending.kind !== 'end') this.#fail(`expected end; found {{${ending.kind}}}`)
    return parts
  }

  #block(): Part {
    const token = this.#nextWord()
    const name = this.#templateName(token, 'block clause')
    const pipe = this.#pipeline('block clause', 'right delim')
    this.#define(name, 'block clause')
    return { kind: 'template', at: token.at, name, pipe }
  }

  #template(): Part {
    const token = this.#nextWord()
    const name = this.#templateName(token, 'template clause')
    if (this.#nextWord().kind === 'right delim') return { kind: 'template', at: token.at, name, pipe: null }
    this.#at -= 1
    return { kind: 'template', at: token.at, name, pipe: this.#pipeline('template clause', 'right delim') }
  }

  #templateName(token: Token, context: string): string {
    return token.kind === 'string' || token.kind === 'raw string' ? this.#unquoted(token) : this.#unexpected(token, context)
  }

  #unquoted({ text }: Token): string {
    return goUnquote(text) ?? this.#fail('invalid syntax')
  }

  #pipeline(context: string, end: TokenKind): Pipe {
    const pipe: Pipe = { kind: 'pipe', at: this.#peekWord().at, declared: [], assigns: false, commands: [] }
    while (this.#declaration(pipe, context));
    for (;;) {
      const token = this.#nextWord()
      if (token.kind === end) break
      if (!OPERANDS.has(token.kind)) this.#unexpected(token, context)
      this.#at -= 1
      pipe.commands.push(this.#command())
    }
    if (pipe.commands.length === 0) this.#fail(`missing value for ${context}`)
    const still = new Set(['bool', 'dot', 'nil', 'number', 'string'])
    const at = pipe.commands.findIndex(({ args }, i) => i > 0 && still.has(args[0]?.kind ?? ''))
    if (at > 0) this.#fail(`non executable command in pipeline stage ${at + 1}`)
    return pipe
  }

  /** `$x :=`, `$x =`, `$i, $x :=`; true when a second variable of a range may follow. */
  #declaration(pipe: Pipe, context: string): boolean {
    if (this.#peekWord().kind !== 'variable') return false
    const before = this.#at
    const name = this.#next().text
    const next = this.#nextWord()
    const comma = next.kind === 'char' && next.text === ','
    if (next.kind !== 'assign' && next.kind !== 'declare' && !comma) {
      this.#at = before
      return false
    }
    pipe.assigns = next.kind === 'assign'
    pipe.declared.push(name)
    this.#variables.push(name)
    if (!comma) return false
    if (context !== 'range' || pipe.declared.length > 1) this.#fail(`too many declarations in ${context}`)
    if (!['variable', 'right delim', 'right paren'].includes(this.#peekWord().kind))
      this.#fail('range can only initialize variables')
    return true
  }

  #command(): CommandNode {
    const args: Operand[] = []
    const { at } = this.#peekWord()
    for (;;) {
      this.#peekWord()
      const operand = this.#operand()
      if (operand) args.push(operand)
      const token = this.#next()
      if (token.kind === 'space') continue
      if (token.kind === 'right delim' || token.kind === 'right paren') this.#at -= 1
      else if (token.kind !== 'pipe') this.#unexpected(token, 'operand')
      break
    }
    if (args.length === 0) this.#fail('empty command')
    return { kind: 'command', at, args }
  }

  #operand(): Operand | null {
    const term = this.#term()
    if (!term || this.#peek().kind !== 'field') return term
    const { at } = this.#peek()
    const path: string[] = []
    while (this.#peek().kind === 'field') path.push(this.#next().text.slice(1))
    if (term.kind === 'field' || term.kind === 'variable') return { ...term, at, path: [...term.path, ...path] }
    if (['bool', 'string', 'number', 'nil', 'dot'].includes(term.kind)) {
      this.#fail(
        `unexpected . after term ${goQuote('text' in term ? term.text : term.kind === 'bool' ? String(term.value) : term.kind === 'nil' ? 'nil' : '.')}`,
      )
    }
    return { kind: 'chain', at, of: term, path }
  }

  #term(): Operand | null {
    const { kind, text, at } = this.#nextWord()
    switch (kind) {
      case 'identifier':
        if (!this.#known(text)) this.#fail(`function ${goQuote(text)} not defined`)
        return { kind, at, name: text }
      case 'dot':
      case 'nil':
        return { kind, at }
      case 'variable':
        if (!this.#variables.includes(text)) this.#fail(`undefined variable ${goQuote(text)}`)
        return { kind, at, path: [text] }
      case 'field':
        return { kind, at, path: [text.slice(1)] }
      case 'bool':
        return { kind, at, value: text === 'true' }
      case 'char constant':
      case 'complex':
      case 'number': {
        const number = numberOf(text, kind === 'char constant')
        if ('error' in number) this.#fail(number.error)
        return { kind: 'number', at, text, value: number.value }
      }
      case 'left paren': {
        if (this.#depth >= MAX_DEPTH) this.#fail('max expression depth exceeded')
        this.#depth += 1
        const pipe = this.#pipeline('parenthesized pipeline', 'right paren')
        this.#depth -= 1
        return pipe
      }
      case 'string':
      case 'raw string':
        return { kind: 'string', at, text, value: this.#unquoted({ kind, text, at, line: 0 }) }
    }
    this.#at -= 1
    return null
  }
}
