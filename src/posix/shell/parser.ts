/** From a script's text to numbered nodes: the grammar of POSIX sh, with what bash and ash add to it every day. */
import { Conditions } from './conditions.ts'
import { SimpleCommands } from './simple-commands.ts'
import type { Flavour } from './state.ts'
import { type Code, type CommandNode, type Item, SyntaxProblem, type Word } from './syntax.ts'
import { closing } from './words.ts'

export class Parser extends SimpleCommands {
  constructor(src: string, flavour: Flavour, at = 0) {
    super(src, flavour, nested, at)
  }

  // ——— lists

  /** Commands up to a reserved word that ends them, a `)` or `;;`, or the end. */
  list(needs: boolean | string = true): number {
    const items: Item[] = []
    for (;;) {
      this.newlines()
      if (this.#ends()) break
      items.push(this.item())
      const op = this.operator()
      if (op === '\n') this.newlines()
      else if (!this.#ends() && !this.separated) this.fail()
    }
    if (items.length === 0 && needs) this.fail(typeof needs === 'string' ? needs : '')
    return this.node({ t: 'list', items })
  }

  #ends(): boolean {
    const op = this.operator()
    if (op === 'EOF' || op === ')' || op.startsWith(';;') || op === ';&') return true
    return op === '' && /^(then|else|elif|fi|do|done|esac|\})$/.test(this.reserved())
  }

  /** One and-or list with what ends it. */
  item(): Item {
    this.space()
    const from = this.i
    const n = this.#andOr()
    const to = this.i
    const op = this.operator()
    this.separated = op === '&' || op === ';'
    if (this.separated) this.eat(op)
    else if (op !== '\n' && op !== 'EOF' && !this.#ends()) this.fail()
    return { n, bg: op === '&', from, to }
  }

  #andOr(): number {
    const first = this.#pipeline()
    const rest: { and: boolean; n: number }[] = []
    for (;;) {
      const op = this.operator()
      if (op !== '&&' && op !== '||') break
      this.eat(op)
      this.newlines()
      rest.push({ and: op === '&&', n: this.#pipeline() })
    }
    return rest.length === 0 ? first : this.node({ t: 'andor', first, rest })
  }

  #pipeline(): number {
    let timed = false
    let negated = false
    this.space()
    if (this.flavour === 'bash' && this.match(/time(?=\s)(?!\s+-)/y)) {
      this.i += 4
      timed = true
    }
    while (this.keyword('!')) negated = !negated
    const parts = [this.#command()]
    const both: boolean[] = []
    for (;;) {
      const op = this.operator()
      if (op !== '|' && op !== '|&') break
      this.eat(op)
      both.push(op === '|&')
      this.newlines()
      parts.push(this.#command())
    }
    if (parts.length === 1 && !negated && !timed) return parts[0] as number
    return this.node({ t: 'pipe', negated, timed, parts, both })
  }

  // ——— commands

  #command(): number {
    const op = this.operator()
    if (op === '(') {
      if (this.src[this.i + 1] === '(' && this.flavour !== 'dash') {
        const end = closing(this.src, this.i + 2)
        if (end >= 0) return this.#arithmetic(end)
      }
      this.eat('(')
      const body = this.list()
      if (this.operator() !== ')') this.fail(')')
      this.eat(')')
      return this.#with(this.node({ t: 'sub', body }))
    }
    if (op !== '') {
      if (op === '<' || op === '>' || op.startsWith('<') || op.startsWith('>') || op.startsWith('&>')) return this.simpleCommand()
      this.fail()
    }
    switch (this.reserved()) {
      case 'if':
        return this.#with(this.#if())
      case 'while':
      case 'until':
        return this.#with(this.#while())
      case 'for':
        return this.#with(this.#for())
      case 'case':
        return this.#with(this.#case())
      case '{': {
        this.i += 1
        const body = this.list('}')
        this.expect('}')
        return this.#with(this.node({ t: 'group', body }))
      }
      case '':
      case 'in':
        break
      default:
        this.fail()
    }
    if (this.flavour === 'bash' && this.match(/\[\[(?=\s|$)/y)) {
      this.i += 2
      const test = new Conditions(this).expression()
      return this.#with(this.node({ t: 'cond', test }))
    }
    return this.#function() ?? this.simpleCommand()
  }

  #arithmetic(end: number): number {
    const text = this.src.slice(this.i + 2, end)
    this.i = end + 2
    return this.#with(this.node({ t: 'arith', text }))
  }

  /** Redirections behind a compound command. */
  #with(id: number): number {
    const node = this.nodes[id] as CommandNode
    for (;;) {
      const redirect = this.redirection()
      if (!redirect) return id
      node.redirs.push(redirect)
    }
  }

  #if(): number {
    const arms: { test: number; body: number }[] = []
    this.i += 2
    const line = this.line
    let otherwise: number | null = null
    for (;;) {
      const test = this.list('then')
      this.expect('then')
      arms.push({ test, body: this.list('fi') })
      if (this.keyword('elif')) continue
      if (this.keyword('else')) otherwise = this.list()
      this.expect('fi')
      const id = this.node({ t: 'if', arms, otherwise })
      ;(this.nodes[id] as CommandNode).line = line
      return id
    }
  }

  #while(): number {
    const until = this.keyword('until')
    if (!until) this.expect('while')
    const test = this.list('do')
    return this.node({ t: 'while', until, test, body: this.#do() })
  }

  #do(): number {
    this.expect('do')
    const body = this.list('done')
    this.expect('done')
    return body
  }

  #for(): number {
    this.i += 3
    this.space()
    if (this.src.startsWith('((', this.i) && this.flavour === 'bash') return this.#cFor()
    const name = this.match(/[A-Za-z_]\w*(?=[\s;]|$)/y)
    if (name === null) this.fail()
    this.i += (name as string).length
    let words: Word[] | null = null
    this.newlines()
    if (this.keyword('in')) {
      words = []
      while (this.operator() === '') words.push(this.word())
      const op = this.operator()
      if (op !== ';' && op !== '\n') this.fail()
      this.eat(op)
    } else if (this.operator() === ';') this.eat(';')
    this.newlines()
    const body = this.reserved() === '{' ? this.#command() : this.#do()
    return this.node({ t: 'for', name: name as string, words, body })
  }

  #cFor(): number {
    const end = closing(this.src, this.i + 2)
    if (end < 0) throw new SyntaxProblem('))', true)
    const [init = '', test = '', step = ''] = this.src.slice(this.i + 2, end).split(';')
    this.i = end + 2
    if (this.operator() === ';') this.eat(';')
    this.newlines()
    const body = this.reserved() === '{' ? this.#command() : this.#do()
    return this.node({ t: 'cfor', init, test, step, body })
  }

  #case(): number {
    this.i += 4
    this.space()
    const word = this.word()
    this.newlines()
    this.expect('in')
    const items: Extract<CommandNode, { t: 'case' }>['items'] = []
    for (;;) {
      this.newlines()
      if (this.keyword('esac')) break
      if (this.operator() === '(') this.eat('(')
      if (this.operator() !== '') this.fail(')')
      const patterns = [this.word()]
      while (this.operator() === '|') {
        this.eat('|')
        this.space()
        patterns.push(this.word())
      }
      if (this.operator() !== ')') this.fail(')')
      this.eat(')')
      const body = this.list(false)
      const op = this.operator()
      const end = op === ';&' || op === ';;&' ? op : ';;'
      if (op === ';;' || op === ';&' || op === ';;&') this.eat(op)
      else if (this.reserved() !== 'esac') this.fail(';;')
      items.push({ patterns, body, end })
    }
    return this.node({ t: 'case', word, items })
  }

  #function(): number | null {
    const head = this.match(/[A-Za-z_][\w.:-]*[ \t]*\([ \t]*\)/y)
    const bashHead = this.flavour === 'dash' ? null : this.match(/function[ \t]+[A-Za-z_][\w.:-]*([ \t]*\([ \t]*\))?(?=[\s{(])/y)
    const found = bashHead ?? head
    if (found === null) return null
    const from = this.i
    const name = found.replace(/^function[ \t]+/, '').replace(/[ \t]*\([ \t]*\)$/, '')
    this.i += found.length
    this.newlines()
    const body = this.#command()
    return this.node({ t: 'function', name, body, from, to: this.i })
  }
}

/** The end of a command substitution that begins at `from`. */
function nested(text: string, from: number, flavour: Flavour): number {
  const parser = new Parser(text, flavour, from)
  parser.list(false)
  if (parser.operator() !== ')') parser.fail(')')
  return parser.i
}

/** A whole text. What stands before a mistake is run, line by line; then the mistake is told. */
export function parse(text: string, flavour: Flavour): Code {
  const parser = new Parser(text, flavour)
  const items: Item[] = []
  let line: Item[] = []
  try {
    for (;;) {
      parser.newlines()
      if (parser.operator() === 'EOF') break
      line = []
      for (;;) {
        line.push(parser.item())
        const op = parser.operator()
        if (op === '\n' || op === 'EOF') break
        if (!parser.separated) parser.fail()
      }
      if (parser.operator() === '\n') parser.eat('\n')
      items.push(...line)
    }
    parser.finish()
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error
    const { token, incomplete, expected } = error
    const n = parser.node({ t: 'syntax', token, incomplete, expected, at: parser.line })
    items.push({ n, bg: false, from: 0, to: 0 })
  }
  const root = parser.node({ t: 'list', items })
  return { text, flavour, nodes: parser.nodes, root }
}
