/** From jq's words to a tree: pipes bind least, then commas, alternatives, assignments, logic, comparisons, sums, products. */
import { type Definition, JqSyntaxError, type Node, type Pattern } from './syntax.ts'
import { type Token, tokensOf } from './tokens.ts'

export function parseJq(source: string): Node {
  return new Parser(tokensOf(source)).whole()
}

/** Definitions that stand alone: the library's. */
export function parseDefinitions(source: string): Definition[] {
  const parser = new Parser(tokensOf(source))
  const all: Definition[] = []
  while (parser.sees('def')) all.push(parser.definition())
  return all
}

const IDENTITY: Node = { k: 'identity' }
/** Operators of the middle, from the loosest to the tightest: how each groups. */
const LEVELS: readonly { ops: readonly string[]; group: 'left' | 'right' | 'none' }[] = [
  { ops: ['//'], group: 'right' },
  { ops: ['=', '|=', '+=', '-=', '*=', '/=', '%=', '//='], group: 'none' },
  { ops: ['or'], group: 'left' },
  { ops: ['and'], group: 'left' },
  { ops: ['==', '!=', '<', '<=', '>', '>='], group: 'none' },
  { ops: ['+', '-'], group: 'left' },
  { ops: ['*', '/', '%'], group: 'left' },
]

class Parser {
  readonly #tokens: Token[]
  #at = 0

  constructor(tokens: Token[]) {
    this.#tokens = tokens
  }

  get #now(): Token | undefined {
    return this.#tokens[this.#at]
  }
  sees(...texts: string[]): boolean {
    const token = this.#now
    return token !== undefined && (token.t === 'op' || token.t === 'keyword') && texts.includes(token.text)
  }
  #takes(...texts: string[]): boolean {
    if (!this.sees(...texts)) return false
    this.#at += 1
    return true
  }
  #must(text: string): void {
    if (!this.#takes(text)) this.#wrong()
  }
  #next(): Token {
    const token = this.#now
    if (!token) this.#wrong()
    this.#at += 1
    return token as Token
  }
  #wrong(): never {
    const token = this.#now
    if (!token) throw new JqSyntaxError('syntax error, unexpected end of file')
    const what = {
      name: 'IDENT',
      field: 'FIELD',
      var: 'BINDING',
      format: 'FORMAT',
      number: 'LITERAL',
      string: 'QQSTRING_START',
      op: token.text.length === 1 ? `'${token.text}'` : token.text,
      keyword: token.text,
    }[token.t]
    throw new JqSyntaxError(`syntax error, unexpected ${what}`)
  }

  whole(): Node {
    const node = this.#tokens.length === 0 ? IDENTITY : this.#pipe()
    if (this.#now) this.#wrong()
    return node
  }

  definition(): Definition {
    this.#must('def')
    const name = this.#name()
    const params: string[] = []
    if (this.#takes('(')) {
      do {
        const token = this.#next()
        params.push(token.t === 'var' ? `$${token.text}` : token.text)
      } while (this.#takes(';'))
      this.#must(')')
    }
    this.#must(':')
    const body = this.#pipe()
    this.#must(';')
    return { name, params, body }
  }

  #name(): string {
    const token = this.#next()
    if (token.t !== 'name' && token.t !== 'keyword') this.#wrong()
    return token.text
  }

  #pipe(): Node {
    if (this.sees('def')) {
      const definition = this.definition()
      return { k: 'def', definition, body: this.#now && !this.sees(')') ? this.#pipe() : IDENTITY }
    }
    const left = this.#comma()
    if (this.#takes('as')) return this.#binding(left)
    return this.#takes('|') ? { k: 'pipe', left, right: this.#pipe() } : left
  }

  #binding(source: Node): Node {
    const patterns = [this.#pattern()]
    while (this.#takes('?//')) patterns.push(this.#pattern())
    this.#must('|')
    return { k: 'as', source, patterns, body: this.#pipe() }
  }

  #comma(): Node {
    let left = this.#level(0)
    while (this.#takes(',')) left = { k: 'comma', left, right: this.#level(0) }
    return left
  }

  #level(n: number): Node {
    const level = LEVELS[n]
    if (!level) return this.#postfix()
    let left = this.#level(n + 1)
    while (this.sees(...level.ops)) {
      const op = this.#next().text
      const right = this.#level(level.group === 'right' ? n : n + 1)
      left = joined(op, left, right)
      if (level.group !== 'left') {
        if (level.group === 'none' && this.sees(...level.ops)) this.#wrong()
        break
      }
    }
    return left
  }

  #pattern(): Pattern {
    const token = this.#next()
    if (token.t === 'var') return { k: 'var', name: token.text }
    if (token.t === 'op' && token.text === '[') {
      const items: Pattern[] = []
      do items.push(this.#pattern())
      while (this.#takes(','))
      this.#must(']')
      return { k: 'list', items }
    }
    if (token.t !== 'op' || token.text !== '{') this.#wrong()
    const entries: Extract<Pattern, { k: 'object' }>['entries'] = []
    do {
      const key = this.#next()
      const name = key.t === 'var' ? key.text : null
      let node: Node
      if (key.t === 'string') node = this.#text(key, '')
      else if (key.t === 'op' && key.text === '(') {
        node = this.#pipe()
        this.#must(')')
      } else node = { k: 'literal', value: key.text }
      entries.push({ key: node, name, pattern: this.#takes(':') ? this.#pattern() : null })
    } while (this.#takes(','))
    this.#must('}')
    return { k: 'object', entries }
  }

  #text(token: Extract<Token, { t: 'string' }>, format: string): Node {
    const parts = token.parts.map((part) => (typeof part === 'string' ? part : new Parser(part).whole()))
    if (parts.length === 1 && typeof parts[0] === 'string') return { k: 'literal', value: parts[0] }
    return { k: 'string', parts, format }
  }

  // ——— what stands behind a term

  #postfix(): Node {
    let node = this.#term()
    for (;;) {
      const token = this.#now
      if (token?.t === 'field') {
        this.#at += 1
        node = { k: 'index', of: node, key: { k: 'literal', value: token.text } }
      } else if (this.#takes('?')) node = { k: 'try', body: node, handler: null }
      else if (this.sees('.') && (this.#tokens[this.#at + 1]?.t === 'string' || isOp(this.#tokens[this.#at + 1], '['))) {
        this.#at += 1
        const key = this.#now
        if (key?.t === 'string') {
          this.#at += 1
          node = { k: 'index', of: node, key: this.#text(key, '') }
        }
      } else if (this.#takes('[')) node = this.#bracket(node)
      else if (this.sees('as')) {
        this.#at += 1
        return this.#binding(node)
      } else return node
    }
  }

  #bracket(of: Node): Node {
    if (this.#takes(']')) return { k: 'each', of }
    if (this.#takes(':')) {
      const to = this.#pipe()
      this.#must(']')
      return { k: 'slice', of, from: null, to }
    }
    const key = this.#pipe()
    if (this.#takes(':')) {
      if (this.#takes(']')) return { k: 'slice', of, from: key, to: null }
      const to = this.#pipe()
      this.#must(']')
      return { k: 'slice', of, from: key, to }
    }
    this.#must(']')
    return { k: 'index', of, key }
  }

  // ——— terms

  #term(): Node {
    const token = this.#next()
    switch (token.t) {
      case 'number':
        return { k: 'literal', value: token.value }
      case 'string':
        return this.#text(token, '')
      case 'format': {
        const string = this.#now
        if (string?.t !== 'string') return { k: 'format', name: token.text }
        this.#at += 1
        return this.#text(string, token.text)
      }
      case 'field':
        return { k: 'index', of: IDENTITY, key: { k: 'literal', value: token.text } }
      case 'var':
        return { k: 'var', name: token.text, at: token.at }
      case 'name':
        return this.#call(token.text, token.at)
      case 'keyword':
        return this.#keyword(token.text)
      case 'op':
        return this.#sign(token.text)
    }
  }

  #call(name: string, at: number): Node {
    const args: Node[] = []
    if (this.#takes('(')) {
      do args.push(this.#pipe())
      while (this.#takes(';'))
      this.#must(')')
    }
    if (args.length === 0 && (name === 'true' || name === 'false' || name === 'null'))
      return { k: 'literal', value: name === 'null' ? null : name === 'true' }
    if (name === 'break') {
      const label = this.#next()
      return { k: 'break', name: label.text }
    }
    return { k: 'call', name, args, at }
  }

  #sign(text: string): Node {
    if (text === '.') {
      const key = this.#now
      if (key?.t === 'string') {
        this.#at += 1
        return { k: 'index', of: IDENTITY, key: this.#text(key, '') }
      }
      return IDENTITY
    }
    if (text === '..') return { k: 'descend' }
    if (text === '-') return { k: 'negate', of: this.#postfix() }
    if (text === '(') {
      const node = this.#pipe()
      this.#must(')')
      return node
    }
    if (text === '[') {
      if (this.#takes(']')) return { k: 'list', of: null }
      const of = this.#pipe()
      this.#must(']')
      return { k: 'list', of }
    }
    if (text === '{') return this.#object()
    this.#at -= 1
    this.#wrong()
  }

  #object(): Node {
    const entries: { key: Node; value: Node | null }[] = []
    while (!this.#takes('}')) {
      entries.push(this.#entry())
      if (!this.sees('}')) this.#must(',')
    }
    return { k: 'object', entries }
  }

  #entry(): { key: Node; value: Node | null } {
    const token = this.#next()
    let key: Node
    let own: Node | null = null
    if (token.t === 'var') {
      key = { k: 'literal', value: token.text }
      own = { k: 'var', name: token.text, at: token.at }
    } else if (token.t === 'string') key = this.#text(token, '')
    else if (token.t === 'format') {
      const string = this.#next()
      if (string.t !== 'string') this.#wrong()
      key = this.#text(string, token.text)
    } else if (token.t === 'op' && token.text === '(') {
      key = this.#pipe()
      this.#must(')')
    } else if (token.t === 'name' || token.t === 'keyword' || token.t === 'number') key = { k: 'literal', value: token.text }
    else {
      this.#at -= 1
      this.#wrong()
    }
    if (!this.#takes(':')) return { key, value: own }
    let value = this.#level(2)
    while (this.#takes('|')) value = { k: 'pipe', left: value, right: this.#level(2) }
    return { key, value }
  }

  #keyword(word: string): Node {
    switch (word) {
      case 'if':
        return this.#condition()
      case 'try': {
        const body = this.#postfix()
        return { k: 'try', body, handler: this.#takes('catch') ? this.#postfix() : null }
      }
      case 'reduce':
      case 'foreach':
        return this.#fold(word)
      case 'label': {
        const { text } = this.#next()
        this.#must('|')
        return { k: 'label', name: text, body: this.#pipe() }
      }
      case 'def': {
        this.#at -= 1
        return this.#pipe()
      }
    }
    this.#at -= 1
    this.#wrong()
  }

  #condition(): Node {
    const test = this.#pipe()
    this.#must('then')
    const then = this.#pipe()
    if (this.#takes('elif')) return { k: 'if', test, then, else: this.#condition() }
    const other = this.#takes('else') ? this.#pipe() : null
    this.#must('end')
    return { k: 'if', test, then, else: other }
  }

  #fold(word: 'reduce' | 'foreach'): Node {
    const source = this.#source()
    this.#must('as')
    const pattern = this.#pattern()
    this.#must('(')
    const start = this.#pipe()
    this.#must(';')
    const update = this.#pipe()
    const extract = word === 'foreach' && this.#takes(';') ? this.#pipe() : null
    this.#must(')')
    if (word === 'reduce') return { k: 'reduce', source, pattern, start, update }
    return { k: 'foreach', source, pattern, start, update, extract }
  }

  /** A term with what is behind it, but no binding: `reduce .[] as $x`. */
  #source(): Node {
    let node = this.#term()
    while (!this.sees('as')) {
      const token = this.#now
      if (token?.t === 'field') {
        this.#at += 1
        node = { k: 'index', of: node, key: { k: 'literal', value: token.text } }
      } else if (this.#takes('?')) node = { k: 'try', body: node, handler: null }
      else if (this.#takes('[')) node = this.#bracket(node)
      else if (this.#takes('.')) continue
      else this.#wrong()
    }
    return node
  }
}

const isOp = (token: Token | undefined, text: string): boolean => token?.t === 'op' && token.text === text

function joined(op: string, left: Node, right: Node): Node {
  if (op === '//') return { k: 'otherwise', left, right }
  if (op === 'and' || op === 'or') return { k: op, left, right }
  if (op.endsWith('=') && !['==', '!=', '<=', '>='].includes(op)) return { k: 'assign', op: op.slice(0, -1), left, right }
  return { k: 'binary', op, left, right }
}
