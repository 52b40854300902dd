/** Reads an expression into a tree. What is wrong is said as cel-go's ANTLR parser says it. */
import { call, type Entry, type Expr, ident, list, literal, map, type StructField, select } from './ast.ts'
import { Cursor, Lost } from './cursor.ts'
import type { Issue } from './errors.ts'
import { IN_CALL, IN_LIST, IN_MAP, IN_STRUCT, RELATIONS, RESERVED, START, STARTERS, VALUES } from './grammar.ts'
import type { Token, TokenKind } from './lexer.ts'
import { bytesLiteral, doubleLiteral, intLiteral, stringLiteral, uintLiteral } from './literal.ts'
import { expandMacro } from './macros.ts'

const LONGEST = 100_000
const fnOf = (op: string): string => (op === 'in' ? '@in' : `_${op}_`)

class Parser extends Cursor {
  readonly #macros: ReadonlySet<string>

  constructor(source: string, macros: ReadonlySet<string>) {
    super(source)
    this.#macros = macros
  }

  parse(): Expr {
    const expr = this.expression()
    const { kind, text } = this.token
    if (kind !== 'end') {
      const word = this.peek(1).kind === 'end' ? 'extraneous' : 'mismatched'
      this.syntax(`${word} input '${text}' expecting <EOF>`)
    }
    return expr
  }

  expression(): Expr {
    this.deeper(1)
    const condition = this.#logic('||')
    let expr = condition
    if (this.is('?')) {
      const { at } = this.take()
      const yes = this.#logic('||')
      this.expect(':')
      expr = call(at, '_?_:_', [condition, yes, this.expression()])
    }
    this.deeper(-1)
    return expr
  }

  /** Chains of `&&` and `||`, as a balanced tree. */
  #logic(op: '||' | '&&'): Expr {
    const next = () => (op === '||' ? this.#logic('&&') : this.#relation())
    const terms = [next()]
    const places: number[] = []
    while (this.is(op)) {
      places.push(this.take().at)
      terms.push(next())
    }
    const balanced = (from: number, to: number): Expr => {
      if (from === to) return terms[from] as Expr
      const middle = Math.floor((from + to - 1) / 2)
      return call(places[middle] as number, fnOf(op), [balanced(from, middle), balanced(middle + 1, to)])
    }
    return balanced(0, terms.length - 1)
  }

  #chain(operand: () => Expr, isOperator: (text: string) => boolean): Expr {
    let left = operand()
    let links = 0
    while (this.token.kind === 'op' && isOperator(this.token.text)) {
      this.deeper(1)
      links++
      const { text, at } = this.take()
      left = call(at, fnOf(text), [left, operand()])
    }
    this.deeper(-links)
    return left
  }

  #relation(): Expr {
    return this.#chain(
      () => this.#sum(),
      (text) => RELATIONS.has(text),
    )
  }
  #sum(): Expr {
    return this.#chain(
      () => this.#product(),
      (text) => text === '+' || text === '-',
    )
  }
  #product(): Expr {
    return this.#chain(
      () => this.#unary(),
      (text) => text === '*' || text === '/' || text === '%',
    )
  }

  #unary(): Expr {
    const { text, at } = this.token
    if (!this.is('!') && !this.is('-')) return this.#member()
    const number = ['int', 'float'].includes(this.peek(1).kind)
    if (text === '-' && number) return this.#member()
    let count = 0
    while (this.is(text) && !(text === '-' && count > 0 && ['int', 'float'].includes(this.peek(1).kind))) {
      this.take()
      count++
    }
    if (text === '-' && !this.#starts()) this.syntax(`no viable alternative at input '-'`)
    const operand = this.#member()
    if (count % 2 === 0) return operand
    return call(at, text === '!' ? '!_' : '-_', [operand])
  }

  #starts(token = this.token): boolean {
    return VALUES.has(token.kind) || (token.kind === 'op' && STARTERS.has(token.text))
  }

  #member(): Expr {
    let expr = this.#primary()
    let links = 0
    while (this.is('.') || this.is('[')) {
      this.deeper(1)
      links++
      expr = this.is('.') ? this.#dot(expr) : this.#index(expr)
    }
    this.deeper(-links)
    return expr
  }

  #dot(operand: Expr): Expr {
    const { at } = this.take()
    const optional = this.is('?')
    if (optional) this.take()
    const name = this.token
    if (name.kind !== 'ident' && name.kind !== 'escaped') {
      const told = name.kind === 'end' ? '.' : `.${name.text}`
      this.syntax(`no viable alternative at input '${told}'`)
      throw new Lost()
    }
    this.take()
    const field = name.kind === 'escaped' ? name.text.slice(1, -1) : name.text
    if (optional) return call(at, '_?._', [operand, literal(name.at, field)])
    if (this.is('(') && name.kind === 'ident') {
      const open = this.take()
      return this.#called(open.at, field, this.#arguments(), operand)
    }
    return select(at, operand, field)
  }

  #index(operand: Expr): Expr {
    const { at } = this.take()
    const optional = this.is('?')
    if (optional) this.take()
    const index = this.expression()
    this.expect(']')
    return call(at, optional ? '_[?_]' : '_[_]', [operand, index])
  }

  #called(at: number, fn: string, args: Expr[], target: Expr | null): Expr {
    const expanded = expandMacro({ at, fn, args, target, issue: (place, text) => this.issue(place, text) }, this.#macros)
    return expanded ?? call(at, fn, args, target)
  }

  #arguments(): Expr[] {
    const args: Expr[] = []
    if (!this.is(')')) {
      args.push(this.#item(IN_CALL))
      while (this.is(',')) {
        this.take()
        args.push(this.expression())
      }
    }
    this.expect(')')
    return args
  }

  /** An expression where something else might stand as well. */
  #item(expected: string): Expr {
    if (!this.#starts()) this.#unfit(expected)
    return this.expression()
  }

  /** No expression begins here: one odd token is skipped when one begins behind it. */
  #unfit(expected: string): boolean {
    const { text, kind } = this.token
    if (kind !== 'end' && this.#starts(this.peek(1))) {
      this.syntax(`extraneous input '${text}' expecting {${expected}}`)
      this.skip()
      return true
    }
    this.syntax(`mismatched input '${text}' expecting {${expected}}`)
    return false
  }

  #primary(): Expr {
    if (!this.#starts() && !this.#unfit(START)) {
      if (this.token.kind === 'end' || [')', ']', '}', ':', ','].includes(this.token.text)) throw new Lost()
      return literal(this.token.at, null)
    }
    const { kind, text, at } = this.token
    if (kind === 'op') {
      if (text === '(') return this.#nested()
      if (text === '[') return this.#list()
      if (text === '{') return this.#map()
      if (text === '-') return this.#negative()
      if (text === '.') return this.#named()
      this.take()
      return literal(at, text === 'null' ? null : text === 'true')
    }
    if (kind === 'ident') return this.#named()
    this.take()
    return this.#literal(kind, text, at, false)
  }

  #nested(): Expr {
    this.take()
    const expr = this.expression()
    this.expect(')')
    return expr
  }

  #negative(): Expr {
    const { at } = this.take()
    const { kind, text } = this.take()
    return this.#literal(kind, text, at, true)
  }

  #literal(kind: TokenKind, text: string, at: number, negative: boolean): Expr {
    const readers: Partial<Record<TokenKind, [() => unknown, string]>> = {
      int: [() => intLiteral(text, negative), 'invalid int literal'],
      uint: [() => uintLiteral(text), 'invalid uint literal'],
      float: [() => doubleLiteral(text, negative), 'invalid double literal'],
      string: [() => stringLiteral(text), 'invalid unicode code point'],
      bytes: [() => bytesLiteral(text), 'invalid unicode code point'],
    }
    const [read, wrong] = readers[kind] ?? [() => null, 'unexpected literal']
    const value = read()
    if (value === null) this.issue(at, wrong)
    return literal(at, value)
  }

  #list(): Expr {
    const { at } = this.take()
    const elements: Expr[] = []
    const optional = new Set<number>()
    while (!this.is(']')) {
      if (this.is(',') && elements.length > 0) break
      if (this.is('?')) {
        this.take()
        optional.add(elements.length)
      }
      elements.push(elements.length === 0 ? this.#item(IN_LIST) : this.expression())
      if (!this.is(',')) break
      this.take()
    }
    this.expect(']', "{']', ','}")
    return { ...list(at, elements), optional }
  }

  #map(): Expr {
    const { at } = this.take()
    const entries: Entry[] = []
    while (!this.is('}')) {
      const optional = this.is('?')
      if (optional) this.take()
      const key = entries.length === 0 ? this.#item(IN_MAP) : this.expression()
      const colon = this.expect(':')
      entries.push({ at: colon.at, key, value: this.expression(), optional })
      if (!this.is(',')) break
      this.take()
    }
    this.expect('}', "{'}', ','}")
    return map(at, entries)
  }

  /** Whether `a.b.c {` stands here, and how many tokens before the brace. */
  #message(): number {
    let ahead = this.is('.') ? 1 : 0
    while (this.peek(ahead).kind === 'ident') {
      ahead++
      if (this.peek(ahead).text === '{') return ahead
      if (this.peek(ahead).text !== '.') return 0
      ahead++
    }
    return 0
  }

  #named(): Expr {
    const ahead = this.#message()
    if (ahead > 0) return this.#struct(ahead)
    const start = this.token.at
    const dotted = this.is('.')
    if (dotted) this.take()
    const name = this.token
    if (name.kind !== 'ident') {
      this.syntax(`no viable alternative at input '.${name.kind === 'end' ? '' : name.text}'`)
      throw new Lost()
    }
    this.take()
    if (RESERVED.has(name.text)) {
      this.issue(start, `reserved identifier: ${name.text}`)
      if (!this.is('(')) return literal(start, null)
    }
    const full = dotted ? `.${name.text}` : name.text
    if (!this.is('(')) return ident(name.at, full)
    const open = this.take()
    return this.#called(open.at, full, this.#arguments(), null)
  }

  #struct(ahead: number): Expr {
    let typeName = ''
    for (let i = 0; i < ahead; i++) typeName += this.take().text
    const { at } = this.take()
    const fields: StructField[] = []
    while (!this.is('}')) {
      const optional = this.is('?')
      if (optional) this.take()
      const name = this.#fieldName()
      const colon = this.expect(':')
      fields.push({ at: colon.at, name, value: this.expression(), optional })
      if (!this.is(',')) break
      this.take()
    }
    this.expect('}', "{'}', ','}")
    return { kind: 'struct', at, typeName, fields }
  }

  #fieldName(): string {
    const isName = ({ kind }: Token) => kind === 'ident' || kind === 'escaped'
    if (!isName(this.token)) {
      const word = isName(this.peek(1)) ? 'extraneous' : 'mismatched'
      this.syntax(`${word} input '${this.token.text}' expecting {${IN_STRUCT}}`)
      if (word === 'mismatched') throw new Lost()
      this.skip()
    }
    const { kind, text } = this.take()
    return kind === 'escaped' ? text.slice(1, -1) : text
  }
}

/** The tree, or what is wrong with the text. */
export function parse(source: string, macros: ReadonlySet<string>): Expr | Issue[] {
  const points = source.length > LONGEST ? [...source].length : source.length
  if (points > LONGEST) {
    return [{ at: -1, message: `expression code point size exceeds limit: size: ${points}, limit ${LONGEST}` }]
  }
  const parser = new Parser(source, macros)
  try {
    const expr = parser.parse()
    return parser.issues.length > 0 ? parser.issues : expr
  } catch (error) {
    if (!(error instanceof Lost)) throw error
    return parser.issues
  }
}
