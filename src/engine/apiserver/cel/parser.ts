/** Reads an expression into a tree. What is wrong is said as cel-go's ANTLR parser says it. */
import { call, type Entry, type Expr, ident, list, literal, map, type StructField, select } from './ast.ts'
import { Cursor, Lost, TooDeep } from './cursor.ts'
import type { Issue } from './errors.ts'
import { IN_CALL, IN_LIST, IN_MAP, IN_STRUCT, RELATIONS, RESERVED, START } from './grammar.ts'
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
    const choice = () => {
      const { at } = this.take()
      const yes = this.within([':'], () => this.#logic('||'))
      this.expect(':')
      return call(at, '_?_:_', [condition, yes, this.expression()])
    }
    const expr = this.is('?') ? this.rescued(choice, [], () => condition) : condition
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
    if (!this.starts()) {
      if (text === '-') return this.#nothingNegated()
      if (!this.starts(this.peek(1))) this.syntax(`extraneous input '${this.token.text}' expecting {${START}}`)
    }
    const operand = this.#member()
    if (count % 2 === 0) return operand
    return call(at, text === '!' ? '!_' : '-_', [operand])
  }

  /** Nothing begins behind a minus: it is taken for an operator between nothing and what follows. */
  #nothingNegated(): Expr {
    const { at } = this.peek(-1)
    this.syntax(`no viable alternative at input '${this.since(at)}'`)
    this.back()
    return literal(at, null)
  }

  #member(): Expr {
    let expr = this.#primary()
    let links = 0
    const link = () => (this.is('.') ? this.#dot(expr) : this.#index(expr))
    let lost = false
    while (!lost && (this.is('.') || this.is('['))) {
      this.deeper(1)
      links++
      expr = this.rescued(link, [], () => {
        lost = true
        return expr
      })
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
      this.syntax(`no viable alternative at input '${this.since(at)}'`)
      throw new Lost()
    }
    this.take()
    this.#unescaped(name)
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
    const index = this.within([']'], () => this.expression())
    this.expect(']')
    return call(at, optional ? '_[?_]' : '_[_]', [operand, index])
  }

  /** Kubernetes has no use for names between backticks yet. */
  #unescaped({ kind, at }: Token): void {
    if (kind === 'escaped') this.issue(at, "unsupported syntax: '`'")
  }

  #called(at: number, fn: string, args: Expr[], target: Expr | null): Expr {
    const expanded = expandMacro({ at, fn, args, target, issue: (place, text) => this.issue(place, text) }, this.#macros)
    return expanded ?? call(at, fn, args, target)
  }

  #arguments(): Expr[] {
    const args: Expr[] = []
    const read = () => {
      args.push(this.#item(IN_CALL))
      while (this.is(',')) {
        this.take()
        args.push(this.expression())
      }
    }
    if (!this.is(')')) this.within([')', ','], read)
    this.expect(')')
    return args
  }

  /** An expression where something else might stand as well. */
  #item(expected: string): Expr {
    if (!this.starts()) this.#unfit(expected)
    return this.expression()
  }

  /** No expression begins here: one odd token is skipped when one begins behind it. */
  #unfit(expected: string): boolean {
    const { text, kind } = this.token
    if (kind !== 'end' && this.starts(this.peek(1))) {
      this.syntax(`extraneous input '${text}' expecting {${expected}}`)
      this.skip()
      return true
    }
    this.syntax(`mismatched input '${text}' expecting {${expected}}`)
    return false
  }

  #primary(): Expr {
    const { at } = this.token
    return this.rescued(
      () => this.#simple(),
      ['.', '['],
      () => literal(at, null),
    )
  }

  #simple(): Expr {
    if (!this.starts() && !this.#unfit(START)) throw new Lost()
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
    const expr = this.within([')'], () => this.expression())
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
      bytes: [() => bytesLiteral(text), 'unable to unescape string'],
    }
    const [read, wrong] = readers[kind] ?? [() => null, 'unexpected literal']
    const value = read()
    if (value === null) this.issue(at, wrong)
    return literal(at, value)
  }

  /** What stands between two brackets, with commas between, and perhaps one behind. */
  #elements(close: ']' | '}', element: (index: number) => void): void {
    const read = () => {
      for (let i = 0; ; i++) {
        element(i)
        const { kind, text } = this.peek(1)
        if (!this.is(',') || !(this.starts(this.peek(1)) || text === '?' || (close === '}' && kind === 'escaped'))) return
        this.take()
      }
    }
    if (!this.is(close) && !this.is(',')) {
      this.within([',', close], () => this.rescued(read, [], () => undefined))
    }
    if (this.is(',')) {
      this.take()
      this.expect(close)
    } else this.expect(close, `{'${close}', ','}`)
  }

  #optional(): boolean {
    const optional = this.is('?')
    if (optional) this.take()
    return optional
  }

  #list(): Expr {
    const { at } = this.take()
    const elements: Expr[] = []
    const optional = new Set<number>()
    this.#elements(']', (i) => {
      if (this.#optional()) optional.add(i)
      elements.push(i === 0 ? this.#item(IN_LIST) : this.expression())
    })
    return { ...list(at, elements), optional }
  }

  #map(): Expr {
    const { at } = this.take()
    const entries: Entry[] = []
    this.#elements('}', (i) => {
      const optional = this.#optional()
      const key = this.within([':'], () => (i === 0 ? this.#item(IN_MAP) : this.expression()))
      const colon = this.expect(':')
      entries.push({ at: colon.at, key, value: this.expression(), optional })
    })
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
      this.syntax(`no viable alternative at input '${this.since(start)}'`)
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
    this.#elements('}', () => {
      const optional = this.#optional()
      const name = this.#fieldName()
      const colon = this.expect(':')
      fields.push({ at: colon.at, name, value: this.expression(), optional })
    })
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
    const name = this.take()
    this.#unescaped(name)
    return name.kind === 'escaped' ? name.text.slice(1, -1) : name.text
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
    if (!(error instanceof TooDeep)) throw error
    return parser.issues
  }
}
