/** Go's text/template as data: what `-o go-template` takes. */
import { KubectlError } from '../command.ts'

export type Expression =
  | { kind: 'value'; value: unknown }
  | { kind: 'dot' }
  | { kind: 'field'; of: Expression; path: string[] }
  | { kind: 'variable'; name: string }
  | { kind: 'pipe'; pipe: Pipe }
  | { kind: 'call'; name: string }

/** Commands one behind the other; each result is the last argument of the next. */
export interface Pipe {
  declare: string[]
  assign: boolean
  commands: Expression[][]
}

export type Part =
  | { kind: 'text'; text: string }
  | { kind: 'action'; pipe: Pipe }
  | { kind: 'if' | 'with' | 'range'; pipe: Pipe; body: Part[]; otherwise: Part[] }
  | { kind: 'template'; name: string; pipe: Pipe | null }
  | { kind: 'break' | 'continue' }

export interface Template {
  parts: Part[]
  defined: Map<string, Part[]>
}

interface Token {
  kind: 'text' | 'action'
  text: string
}

export function parseTemplate(source: string): Template {
  const tokens = lex(source)
  const defined = new Map<string, Part[]>()
  let at = 0
  const block = (...ends: string[]): { parts: Part[]; end: string } => {
    const parts: Part[] = []
    for (; at < tokens.length; ) {
      const { kind, text } = tokens[at++] as Token
      if (kind === 'text') {
        if (text) parts.push({ kind: 'text', text })
        continue
      }
      const [word = ''] = /^\w+/.exec(text) ?? []
      if (ends.includes(word)) return { parts, end: text }
      parts.push(...action(word, text))
    }
    if (ends.length > 0) throw wrong('unexpected EOF')
    return { parts, end: '' }
  }
  const action = (word: string, text: string): Part[] => {
    const rest = text.slice(word.length).trim()
    if (word === 'if' || word === 'with' || word === 'range') return [branch(word, rest)]
    if (word === 'break' || word === 'continue') return [{ kind: word }]
    if (word === 'end' || word === 'else') throw wrong(`unexpected {{${word}}}`)
    if (word !== 'define' && word !== 'block' && word !== 'template') return [{ kind: 'action', pipe: parsePipe(text) }]
    const [, name = '', more = ''] = /^"([^"]*)"\s*(.*)$/s.exec(rest) ?? []
    const pipe = more ? parsePipe(more) : null
    if (word !== 'template') defined.set(name, block('end').parts)
    return word === 'define' ? [] : [{ kind: 'template', name, pipe }]
  }
  const branch = (kind: 'if' | 'with' | 'range', condition: string): Part => {
    const { parts: body, end } = block('else', 'end')
    const further = /^else\s+(if|with)\s+(.*)$/s.exec(end)
    const otherwise = further
      ? [branch(further[1] as 'if' | 'with', further[2] as string)]
      : end.startsWith('else')
        ? block('end').parts
        : []
    return { kind, pipe: parsePipe(condition), body, otherwise }
  }
  return { parts: block().parts, defined }
}

const wrong = (why: string): KubectlError => new KubectlError(`error parsing template, template: output:1: ${why}`)

function lex(source: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  let trim = false
  while (at < source.length) {
    const open = source.indexOf('{{', at)
    let text = source.slice(at, open < 0 ? undefined : open)
    if (trim) text = text.trimStart()
    const before = open >= 0 && /^\{\{-\s/.test(source.slice(open))
    tokens.push({ kind: 'text', text: before ? text.trimEnd() : text })
    if (open < 0) break
    const match = /^\{\{(-\s)?((?:"(?:\\.|[^"\\])*"|`[^`]*`|'(?:\\.|[^'\\])+'|(?!\}\})[^])*?)(\s-)?\}\}/.exec(source.slice(open))
    if (!match) throw wrong('unclosed action')
    const inner = (match[2] as string).trim()
    if (!inner.startsWith('/*')) tokens.push({ kind: 'action', text: inner })
    trim = match[3] !== undefined
    at = open + match[0].length
  }
  return tokens
}

const WORD = /^(?:"(?:\\.|[^"\\])*"|`[^`]*`|'(?:\\.|[^'\\])+'|:=|[()|,=]|\$?[\w.$-]*[\w.$]|\$|\.)/

function parsePipe(source: string): Pipe {
  const words: { text: string; spaced: boolean }[] = []
  for (let rest = source.trim(), spaced = true; rest !== ''; ) {
    const [text] = WORD.exec(rest) ?? []
    if (text === undefined) throw wrong(`unexpected ${JSON.stringify(rest[0])} in operand`)
    words.push({ text, spaced })
    const left = rest.slice(text.length)
    spaced = /^\s/.test(left)
    rest = left.trimStart()
  }
  const reader = new Reader(words)
  const pipe = reader.pipe()
  if (!reader.done) throw wrong(`unexpected ${reader.next} in command`)
  return pipe
}

class Reader {
  readonly #words: { text: string; spaced: boolean }[]
  #at = 0
  constructor(words: { text: string; spaced: boolean }[]) {
    this.#words = words
  }
  get done(): boolean {
    return this.#at >= this.#words.length
  }
  get next(): string {
    return this.#words[this.#at]?.text ?? ''
  }

  pipe(): Pipe {
    const declare: string[] = []
    const equals = this.#words.findIndex(
      (word, i) => i > this.#at && i <= this.#at + 3 && (word.text === ':=' || word.text === '='),
    )
    let assign = false
    if (this.next.startsWith('$') && equals > 0) {
      declare.push(...this.#words.slice(this.#at, equals).flatMap(({ text }) => (text === ',' ? [] : [text.replace(/,$/, '')])))
      assign = this.#words[equals]?.text === '='
      this.#at = equals + 1
    }
    const commands = [this.#command()]
    while (this.next === '|') {
      this.#at += 1
      commands.push(this.#command())
    }
    return { declare, assign, commands }
  }

  #command(): Expression[] {
    const operands: Expression[] = []
    while (!this.done && this.next !== '|' && this.next !== ')') operands.push(this.#operand())
    if (operands.length === 0) throw wrong('missing value for command')
    return operands
  }

  #operand(): Expression {
    const { text } = this.#words[this.#at++] as { text: string }
    if (text !== '(') return operandOf(text)
    const inner: Expression = { kind: 'pipe', pipe: this.pipe() }
    if (this.next !== ')') throw wrong('unclosed left paren')
    this.#at += 1
    const after = this.#words[this.#at]
    if (!after || after.spaced || !after.text.startsWith('.')) return inner
    this.#at += 1
    return { kind: 'field', of: inner, path: after.text.slice(1).split('.') }
  }
}

function operandOf(text: string): Expression {
  if (text.startsWith('"')) return { kind: 'value', value: JSON.parse(text) as string }
  if (text.startsWith('`')) return { kind: 'value', value: text.slice(1, -1) }
  if (text.startsWith("'")) return { kind: 'value', value: text.codePointAt(1) }
  if (text === '.') return { kind: 'dot' }
  if (text.startsWith('.')) return { kind: 'field', of: { kind: 'dot' }, path: text.slice(1).split('.') }
  if (text.startsWith('$')) {
    const [name = '$', ...path] = text.split('.')
    const variable: Expression = { kind: 'variable', name }
    return path.length > 0 ? { kind: 'field', of: variable, path } : variable
  }
  if (text === 'true' || text === 'false') return { kind: 'value', value: text === 'true' }
  if (text === 'nil') return { kind: 'value', value: null }
  if (/^-?(\d|\.\d)/.test(text)) return { kind: 'value', value: Number(text) }
  return { kind: 'call', name: text }
}
