/** Reads the inside of `[[ … ]]`. */
import { type Condition, SyntaxProblem, type Word } from './syntax.ts'

/** What it needs of the parser around it. */
interface Around {
  i: number
  readonly src: string
  space(): void
  operator(): string
  newlines(): void
  word(stops?: string, delimiters?: boolean): Word
  fail(expected?: string): never
  match(pattern: RegExp): string | null
}

const UNARY = /-[a-hknoprstuvwxzGLNORS](?=\s)/y
const BINARY = /(?:==|=~|!=|=|-(?:eq|ne|lt|le|gt|ge|nt|ot|ef))(?=\s)|[<>](?=\s)/y

export class Conditions {
  readonly #p: Around

  constructor(parser: Around) {
    this.#p = parser
  }

  expression(): Condition {
    const test = this.#or()
    this.#p.space()
    if (!this.#p.match(/\]\]/y)) this.#p.fail(']]')
    this.#p.i += 2
    return test
  }

  #or(): Condition {
    let a = this.#and()
    while (this.#take('||')) a = { o: 'or', a, b: this.#and() }
    return a
  }
  #and(): Condition {
    let a = this.#not()
    while (this.#take('&&')) a = { o: 'and', a, b: this.#not() }
    return a
  }

  #take(op: string): boolean {
    this.#p.newlines()
    if (this.#p.operator() !== op) return false
    this.#p.i += op.length
    this.#p.newlines()
    return true
  }

  #not(): Condition {
    this.#p.newlines()
    if (this.#p.match(/!(?=\s)/y)) {
      this.#p.i += 1
      return { o: 'not', a: this.#not() }
    }
    if (this.#p.operator() === '(') {
      this.#p.i += 1
      const inner = this.#or()
      this.#p.newlines()
      if (this.#p.operator() !== ')') this.#p.fail(')')
      this.#p.i += 1
      return inner
    }
    return this.#test()
  }

  #test(): Condition {
    const p = this.#p
    p.space()
    const unary = p.match(UNARY)
    if (unary !== null) {
      p.i += unary.length
      p.space()
      return { o: 'unary', op: unary, w: p.word() }
    }
    if (p.operator() === 'EOF') throw new SyntaxProblem('EOF', true, ']]')
    const a = p.word()
    if (a.length === 0) p.fail()
    p.space()
    const op = p.match(BINARY)
    if (op === null) return { o: 'word', w: a }
    p.i += op.length
    p.space()
    return { o: 'binary', op, a, b: op === '=~' ? this.#pattern() : p.word() }
  }

  /** A regular expression may hold parentheses and bars. */
  #pattern(): Word {
    const word: Word = []
    for (;;) {
      word.push(...this.#p.word())
      const c = this.#p.src[this.#p.i]
      if (c === undefined || !'()|<>;'.includes(c)) return word
      word.push({ k: 'lit', v: c })
      this.#p.i += 1
    }
  }
}
