/** awk's expressions, loosest first. */
import { type Token, tokens } from './lexer.ts'
import { AwkProblem, type Expr } from './syntax.ts'

const BUILTINS = new Set(
  'length substr index split sub gsub gensub match sprintf sin cos atan2 exp log sqrt int rand srand tolower toupper system close fflush systime strftime mktime and or xor lshift rshift compl'.split(
    ' ',
  ),
)

export class Expressions {
  readonly tokens: Token[]
  i = 0
  /** Inside `print` a bare `>` is a redirection. */
  noGreater = false

  constructor(src: string) {
    this.tokens = tokens(src)
  }

  get t(): Token {
    return this.tokens[this.i] as Token
  }
  is(v: string): boolean {
    return (this.t.k === 'op' || this.t.k === 'word') && this.t.v === v
  }
  take(v: string): boolean {
    if (!this.is(v)) return false
    this.i += 1
    return true
  }
  need(v: string): void {
    if (!this.take(v)) this.fail()
  }
  fail(): never {
    const { k } = this.t
    throw new AwkProblem(k === 'end' ? 'Unexpected end of string' : 'Unexpected token')
  }
  newlines(): void {
    while (this.t.k === 'nl') this.i += 1
  }
  ends(): void {
    while (this.t.k === 'nl' || this.is(';')) this.i += 1
  }

  list(end: string): Expr[] {
    const list: Expr[] = []
    this.newlines()
    while (!this.take(end)) {
      list.push(this.expr())
      this.newlines()
      if (!this.take(',') && !this.is(end)) this.fail()
      this.newlines()
    }
    return list
  }

  // ——— expressions, loosest first

  expr(): Expr {
    const a = this.#choice()
    if (!['=', '+=', '-=', '*=', '/=', '%=', '^=', '**='].some((op) => this.is(op))) return a
    if (a.o !== 'var' && a.o !== 'item' && a.o !== 'field') this.fail()
    const op = this.t.v.replace('**', '^').slice(0, -1)
    this.i += 1
    this.newlines()
    return { o: 'assign', op, to: a, a: this.expr() }
  }

  #choice(): Expr {
    const a = this.#or()
    if (!this.take('?')) return a
    this.newlines()
    const b = this.expr()
    this.newlines()
    this.need(':')
    this.newlines()
    return { o: 'choice', a, b, c: this.expr() }
  }

  #or(): Expr {
    let a = this.#and()
    while (this.take('||')) {
      this.newlines()
      a = { o: 'binary', op: '||', a, b: this.#and() }
    }
    return a
  }
  #and(): Expr {
    let a = this.#in()
    while (this.take('&&')) {
      this.newlines()
      a = { o: 'binary', op: '&&', a, b: this.#in() }
    }
    return a
  }
  #in(): Expr {
    let a = this.#match()
    while (this.take('in')) {
      const keys = a.o === 'group' ? a.list : [a]
      a = { o: 'in', keys, name: this.t.v }
      this.i += 1
    }
    return a
  }
  #match(): Expr {
    let a = this.#compare()
    for (;;) {
      if (this.take('~')) a = { o: 'match', not: false, a, b: this.#compare() }
      else if (this.take('!~')) a = { o: 'match', not: true, a, b: this.#compare() }
      else return a
    }
  }
  #compare(): Expr {
    const a = this.concat()
    for (const op of ['<', '<=', '==', '!=', '>=', '>']) {
      if (op === '>' && this.noGreater) continue
      if (this.take(op)) return { o: 'binary', op, a, b: this.concat() }
    }
    if (this.is('|') && this.tokens[this.i + 1]?.v === 'getline') {
      this.i += 2
      return { o: 'getline', from: a, to: this.#target(), command: true }
    }
    return a
  }

  concat(): Expr {
    let a = this.#add()
    for (;;) {
      const { k, v } = this.t
      const begins =
        k === 'num' ||
        k === 'str' ||
        k === 're' ||
        k === 'name' ||
        k === 'func' ||
        (k === 'op' && ['(', '$', '!', '-', '+', '++', '--'].includes(v))
      if (!begins) return a
      if (v === '!' && this.tokens[this.i + 1]?.v === '~') return a
      a = { o: 'binary', op: ' ', a, b: this.#add() }
    }
  }
  #add(): Expr {
    let a = this.#multiply()
    for (;;) {
      if (this.take('+')) a = { o: 'binary', op: '+', a, b: this.#multiply() }
      else if (this.take('-')) a = { o: 'binary', op: '-', a, b: this.#multiply() }
      else return a
    }
  }
  #multiply(): Expr {
    let a = this.#unary()
    for (;;) {
      const op = ['*', '/', '%'].find((each) => this.is(each))
      if (!op) return a
      this.i += 1
      a = { o: 'binary', op, a, b: this.#unary() }
    }
  }
  #unary(): Expr {
    for (const op of ['!', '-', '+']) if (this.take(op)) return { o: 'unary', op, a: this.#unary() }
    return this.#power()
  }
  #power(): Expr {
    const a = this.#postfix()
    if (!this.take('^') && !this.take('**')) return a
    const negative = this.take('-')
    const b = this.#power()
    return { o: 'binary', op: '^', a, b: negative ? { o: 'unary', op: '-', a: b } : b }
  }
  #postfix(): Expr {
    const a = this.#primary()
    if (a.o !== 'var' && a.o !== 'item' && a.o !== 'field') return a
    if (this.take('++')) return { o: 'step', by: 1, after: true, to: a }
    if (this.take('--')) return { o: 'step', by: -1, after: true, to: a }
    return a
  }

  /** A variable that getline fills. */
  #target(): Expr | null {
    if (this.t.k === 'name' || this.is('$')) return this.#primary()
    return null
  }

  #primary(): Expr {
    const token = this.t
    this.i += 1
    switch (token.k) {
      case 'num':
        return { o: 'num', v: Number(token.v) }
      case 'str':
        return { o: 'str', v: token.v }
      case 're':
        return { o: 're', v: token.v }
      case 'func':
        return this.#call(token.v)
      case 'name':
        if (this.take('[')) return { o: 'item', name: token.v, keys: this.#inBrackets() }
        if (BUILTINS.has(token.v)) return { o: 'call', name: token.v, args: [] }
        return { o: 'var', name: token.v }
    }
    if (token.v === '(' && token.k === 'op') return this.#parenthesis()
    if (token.v === '$' && token.k === 'op') {
      if (this.take('++')) return { o: 'field', a: { o: 'step', by: 1, after: false, to: this.#primary() } }
      return { o: 'field', a: this.take('-') ? { o: 'unary', op: '-', a: this.#primary() } : this.#primary() }
    }
    if (token.v === '++' || token.v === '--')
      return { o: 'step', by: token.v === '++' ? 1 : -1, after: false, to: this.#primary() }
    if (token.v === '-' || token.v === '+' || token.v === '!') return { o: 'unary', op: token.v, a: this.#unary() }
    if (token.v === 'getline') {
      const to = this.#target()
      return { o: 'getline', from: this.take('<') ? this.#primary() : null, to, command: false }
    }
    this.i -= 1
    return this.fail()
  }

  #inBrackets(): Expr[] {
    const kept = this.noGreater
    this.noGreater = false
    const list = this.list(']')
    this.noGreater = kept
    return list
  }

  #parenthesis(): Expr {
    const kept = this.noGreater
    this.noGreater = false
    const list = this.list(')')
    this.noGreater = kept
    if (list.length === 0) this.fail()
    return { o: 'group', list }
  }

  #call(name: string): Expr {
    this.need('(')
    const kept = this.noGreater
    this.noGreater = false
    const args = this.list(')')
    this.noGreater = kept
    return { o: 'call', name, args }
  }
}
