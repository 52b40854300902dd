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
  match(pattern: RegExp): string | null
}

const UNARY = /-[a-hknoprstuvwxzGLNORS](?=\s|$)/y
const BINARY = /(?:==|=~|!=|=|-(?:eq|ne|lt|le|gt|ge|nt|ot|ef))(?=\s|$)|[<>](?=\s|$)/y

/** Words of bash that end a condition where it stands; `later`: what it says besides, behind the script's last line. */
const wrong = (said: string, atEnd: boolean, later = ''): SyntaxProblem =>
  new SyntaxProblem(later ? `${said}\n${later}` : said, atEnd, atEnd ? 'condition to the end' : 'condition')

export class Conditions {
  readonly #p: Around

  constructor(parser: Around) {
    this.#p = parser
  }

  expression(): Condition {
    const test = this.#or()
    if (this.#token() === ']]') {
      this.#p.i += 2
      return test
    }
    const token = this.#token()
    if (token === 'EOF') throw wrong("unexpected EOF while looking for `]]'", true)
    throw this.#wrong('syntax error in conditional expression', token && `: unexpected token \`${token}'`)
  }

  /** What stands here, if it is no word. */
  #token(): string {
    const op = this.#p.operator()
    return op === '\n' ? 'newline' : op || (this.#p.match(/\]\](?=[\s;&|<>()]|$)/y) ?? '')
  }
  /** As a script is read, a newline ends its last line. */
  #word(): string {
    const token = this.#token()
    return token === 'EOF' ? 'newline' : token
  }
  /** The problem here; at the end of the script it has a status of its own. */
  #wrong(said: string, more = ''): SyntaxProblem {
    const atEnd = this.#p.src.slice(this.#p.i).trim() === ''
    const problem = wrong(`${said}${more}`, atEnd)
    return atEnd && this.#token() !== 'EOF' ? new SyntaxProblem(problem.token, false, problem.expected) : problem
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
    if (this.#p.match(/!(?=\s|$)/y)) {
      this.#p.i += 1
      return { o: 'not', a: this.#not() }
    }
    if (this.#p.operator() !== '(') return this.#test()
    this.#p.i += 1
    const inner = this.#or()
    this.#p.newlines()
    const token = this.#token()
    if (token !== ')') throw this.#wrong(token ? `unexpected token \`${token}', expected \`)'` : "expected `)'")
    this.#p.i += 1
    return inner
  }

  #test(): Condition {
    const p = this.#p
    const token = this.#token()
    // Where nothing stands at all, bash has no words for it.
    if (token === ']]') throw this.#wrong('')
    if (token === 'EOF') throw wrong('', true, "unexpected token `EOF' in conditional command")
    if (token !== '') throw this.#wrong(`unexpected token \`${token}' in conditional command`)
    const unary = p.match(UNARY)
    if (unary !== null) {
      p.i += unary.length
      return { o: 'unary', op: unary, w: this.#argument('unary') }
    }
    const a = p.word()
    p.space()
    const op = p.match(BINARY)
    if (op !== null) {
      p.i += op.length
      p.space()
      return { o: 'binary', op, a, b: op === '=~' ? this.#pattern() : this.#argument('binary') }
    }
    const next = this.#word()
    if (['&&', '||', ')', ']]'].includes(next)) return { o: 'word', w: a }
    throw this.#wrong(`${next && `unexpected token \`${next}', `}conditional binary operator expected`)
  }

  #argument(kind: 'unary' | 'binary'): Word {
    const token = this.#word()
    if (token !== '') throw this.#wrong(`unexpected argument \`${token}' to conditional ${kind} operator`)
    return this.#p.word()
  }

  /** A regular expression may hold bars, and anything between parentheses. */
  #pattern(): Word {
    if ([']]', 'newline'].includes(this.#word())) this.#argument('binary')
    const word = this.#p.word()
    for (let depth = 0; ; ) {
      const c = this.#p.src[this.#p.i]
      if (c === undefined && depth > 0)
        throw wrong("unexpected EOF while looking for matching `)'", true, 'unexpected argument to conditional binary operator')
      if (c === undefined || (depth === 0 && c !== '(' && c !== '|')) return word
      depth += c === '(' ? 1 : c === ')' ? -1 : 0
      word.push({ k: 'lit', v: c })
      this.#p.i += 1
      word.push(...(depth > 0 ? this.#p.word('()', false) : this.#p.word()))
    }
  }
}
