/** Tokens of a script: blanks, operators, reserved words, and the here-documents behind a line. */
import type { Flavour } from './state.ts'
import { type CommandNode, type Redirect, SyntaxProblem } from './syntax.ts'
import { isDelimiter, type Nested, WordReader } from './words.ts'

const OPERATORS = [
  '&&',
  '||',
  ';;&',
  ';;',
  ';&',
  '<<-',
  '<<<',
  '<<',
  '>>',
  '>&',
  '<&',
  '>|',
  '<>',
  '&>>',
  '&>',
  '|&',
  ';',
  '&',
  '|',
  '<',
  '>',
  '(',
  ')',
  '\n',
]

/** Words that are grammar where a command may begin. */
export const RESERVED: ReadonlySet<string> = new Set([
  'if',
  'then',
  'else',
  'elif',
  'fi',
  'do',
  'done',
  'case',
  'esac',
  'while',
  'until',
  'for',
  '{',
  '}',
  '!',
  'in',
])

export interface Document {
  redirect: Redirect
  end: string
  quoted: boolean
  strip: boolean
}

type Draft = { [K in CommandNode['t']]: Omit<Extract<CommandNode, { t: K }>, 'id' | 'redirs' | 'line'> }[CommandNode['t']]

export class Tokens extends WordReader {
  readonly nested: Nested
  readonly nodes: CommandNode[] = []
  readonly documents: Document[] = []
  /** The last item ended with `;` or `&`. */
  separated = false
  #line = 1
  #lineAt = 0

  constructor(src: string, flavour: Flavour, nested: Nested, at = 0) {
    super(src, flavour, nested, at)
    this.nested = nested
  }

  get line(): number {
    for (; this.#lineAt < this.i && this.#lineAt < this.src.length; this.#lineAt++)
      if (this.src[this.#lineAt] === '\n') this.#line += 1
    return this.#line
  }

  node(draft: Draft): number {
    const made = { redirs: [], line: this.line, ...draft, id: this.nodes.length } as unknown as CommandNode
    this.nodes.push(made)
    return made.id
  }

  // ——— tokens

  space(): void {
    for (;;) {
      const c = this.src[this.i]
      if (c === ' ' || c === '\t') this.i += 1
      else if (c === '\\' && this.src[this.i + 1] === '\n') this.i += 2
      else if (c === '#') {
        while (this.i < this.src.length && this.src[this.i] !== '\n') this.i += 1
      } else return
    }
  }

  /** The operator here; empty: a word; `EOF` at the end. */
  operator(): string {
    this.space()
    if (this.i >= this.src.length) return 'EOF'
    const c = this.src[this.i] as string
    if (!';&|<>()\n'.includes(c)) return ''
    return OPERATORS.find((op) => this.src.startsWith(op, this.i)) as string
  }

  eat(op: string): void {
    this.i += op.length
    if (op === '\n' && this.documents.length > 0) this.readDocuments()
  }

  readDocuments(): void {
    for (const { redirect, end, quoted, strip } of this.documents.splice(0)) {
      let body = ''
      for (;;) {
        if (this.i >= this.src.length) break
        const stop = this.src.indexOf('\n', this.i)
        const last = stop < 0 ? this.src.length : stop
        let line = this.src.slice(this.i, last)
        this.i = Math.min(last + 1, this.src.length)
        if (strip) line = line.replace(/^\t+/, '')
        if (line === end) break
        body += `${line}\n`
      }
      redirect.word = quoted ? [{ k: 'q', v: body }] : new WordReader(body, this.flavour, this.nested).inside('')
    }
  }

  newlines(): void {
    while (this.operator() === '\n') this.eat('\n')
  }

  /** The reserved word here, if there is one. */
  reserved(): string {
    this.space()
    const found = this.match(/[a-z]+(?=[\s;&|<>()]|$)|[{}!](?=[\s;&|<>()]|$)/y)
    return found !== null && RESERVED.has(found) ? found : ''
  }

  keyword(word: string): boolean {
    if (this.reserved() !== word) return false
    this.i += word.length
    return true
  }

  /** The token to complain about. */
  token(): string {
    const op = this.operator()
    if (op === 'EOF') return 'EOF'
    if (op === '\n') return 'newline'
    if (op !== '') return op
    let end = this.i
    while (end < this.src.length && !isDelimiter(this.src[end])) end += 1
    return this.src.slice(this.i, end)
  }

  fail(expected = ''): never {
    const token = this.token()
    throw new SyntaxProblem(token, token === 'EOF', expected)
  }

  expect(word: string): void {
    if (!this.keyword(word)) this.fail(word)
  }

  finish(): void {
    if (this.documents.length > 0) this.readDocuments()
  }
}
