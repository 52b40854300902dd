/** JSONPath in kubectl's dialect, read as client-go's util/jsonpath reads it. */

export type PathNode =
  | { kind: 'list'; nodes: PathNode[] }
  | { kind: 'text'; text: string }
  | { kind: 'field'; name: string }
  | { kind: 'array'; from: number | null; to: number | null; step: number | null; single: boolean }
  | { kind: 'filter'; left: PathNode[]; operator: string; right: PathNode[] }
  | { kind: 'value'; value: number | boolean }
  | { kind: 'wildcard' }
  | { kind: 'recursive' }
  | { kind: 'union'; members: PathNode[][] }
  | { kind: 'identifier'; name: string }

/** Text and actions, in order; throws plain errors in client-go's words. */
export function parsePath(template: string): PathNode[] {
  return new Parser(template).text()
}

const action = (text: string): PathNode[] => {
  const [first] = new Parser(`{${text}}`).text()
  return first?.kind === 'list' ? first.nodes : []
}

const ENDS = ' .,[])$@{}'
const isTerminator = (letter: string): boolean => letter === '' || letter === '\n' || letter === '\r' || ENDS.includes(letter)

class Parser {
  readonly #input: string
  #at = 0

  constructor(input: string) {
    this.#input = input
  }

  text(): PathNode[] {
    const nodes: PathNode[] = []
    while (this.#at < this.#input.length) {
      const open = this.#input.indexOf('{', this.#at)
      const end = open < 0 ? this.#input.length : open
      if (end > this.#at) nodes.push({ kind: 'text', text: this.#input.slice(this.#at, end) })
      this.#at = end
      if (open < 0) break
      this.#at += 1
      nodes.push({ kind: 'list', nodes: this.#action() })
    }
    return nodes
  }

  #next(): string {
    const code = this.#input.codePointAt(this.#at)
    const letter = code === undefined ? '' : String.fromCodePoint(code)
    this.#at += letter.length
    return letter
  }

  #action(): PathNode[] {
    const nodes: PathNode[] = []
    for (;;) {
      if (this.#input.startsWith('}', this.#at)) {
        this.#at += 1
        return nodes
      }
      if (this.#input.startsWith('[?(', this.#at)) nodes.push(this.#filter())
      else if (this.#input.startsWith('..', this.#at)) this.#recursive(nodes)
      else this.#word(nodes)
    }
  }

  #recursive(nodes: PathNode[]): void {
    if (nodes.at(-1)?.kind === 'recursive') throw new Error('invalid multiple recursive descent')
    this.#at += 2
    nodes.push({ kind: 'recursive' })
    if (/[_\p{L}\p{Nd}]/u.test(this.#input[this.#at] ?? '')) this.#field(nodes)
  }

  #word(nodes: PathNode[]): void {
    const start = this.#at
    const letter = this.#next()
    if (letter === '' || letter === '\n' || letter === '\r') throw new Error('unclosed action')
    if (letter === ' ' || letter === '@' || letter === '$') return
    if (letter === '[') this.#array(nodes)
    else if (letter === '"' || letter === "'") nodes.push(this.#quoted(start, letter))
    else if (letter === '.') this.#field(nodes)
    else if (/[-+\p{Nd}]/u.test(letter)) nodes.push(this.#number(start))
    else if (/[_\p{L}]/u.test(letter)) nodes.push(this.#identifier(start))
    else {
      const code = (letter.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')
      throw new Error(`unrecognized character in action: U+${code} '${letter}'`)
    }
  }

  #field(nodes: PathNode[]): void {
    const start = this.#at
    for (;;) {
      const before = this.#at
      const letter = this.#next()
      if (letter === '\\') this.#next()
      else if (isTerminator(letter)) {
        this.#at = before
        break
      }
    }
    const name = this.#input.slice(start, this.#at)
    nodes.push(name === '*' ? { kind: 'wildcard' } : { kind: 'field', name: name.replaceAll('\\', '') })
  }

  #identifier(start: number): PathNode {
    while (!isTerminator(this.#input[this.#at] ?? '')) this.#at += 1
    const name = this.#input.slice(start, this.#at)
    return name === 'true' || name === 'false' ? { kind: 'value', value: name === 'true' } : { kind: 'identifier', name }
  }

  #number(start: number): PathNode {
    while (/[.\d]/.test(this.#input[this.#at] ?? '')) this.#at += 1
    const text = this.#input.slice(start, this.#at)
    if (!/^[-+]?(\d+\.?\d*|\.\d+)$/.test(text)) throw new Error(`cannot parse number ${text}`)
    return { kind: 'value', value: Number(text) }
  }

  #quoted(start: number, end: string): PathNode {
    for (;;) {
      const letter = this.#next()
      if (letter === '' || letter === '\n') throw new Error('unterminated quoted string')
      if (letter === end && this.#input[this.#at - 2] !== '\\') break
    }
    return { kind: 'text', text: unquoted(this.#input.slice(start, this.#at)) }
  }

  #array(nodes: PathNode[]): void {
    const start = this.#at
    for (;;) {
      const letter = this.#next()
      if (letter === '' || letter === '\n') throw new Error('unterminated array')
      if (letter === ']') break
    }
    let text = this.#input.slice(start, this.#at - 1)
    if (text === '*') text = ':'
    const members = text.split(',')
    if (members.length > 1) {
      nodes.push({ kind: 'union', members: members.map((member) => action(`[${member.trim()}]`)) })
      return
    }
    const [, key] = /^'([^']*)'$/.exec(text) ?? []
    if (key !== undefined) nodes.push(...action(`.${key}`))
    else nodes.push(sliceOf(text))
  }

  #filter(): PathNode {
    this.#at += 3
    const start = this.#at
    for (let pair = '', ended = false; ; ) {
      const letter = this.#next()
      if (letter === '' || letter === '\n') throw new Error('unterminated filter')
      if (letter === '"' || letter === "'") {
        if (pair === '') pair = letter
        else if (this.#input[this.#at - 2] !== '\\' && letter === pair) ended = true
      } else if (letter === ')' && (pair !== '') === ended) break
    }
    const text = this.#input.slice(start, this.#at - 1)
    if (this.#next() !== ']') throw new Error('unclosed array expect ]')
    const [, left, operator = '', right = ''] = /^([^!<>=]+)([!<>=]+)(.+)$/s.exec(text) ?? []
    if (left === undefined) return { kind: 'filter', left: action(text), operator: 'exists', right: [] }
    return { kind: 'filter', left: action(left), operator, right: action(right) }
  }
}

function sliceOf(text: string): PathNode {
  const [all, from = '', to, step] = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(text) ?? []
  if (all === undefined) throw new Error(`invalid array index ${text}`)
  const number = (part: string | undefined): number | null => {
    const digits = part?.replace(/^:/, '') ?? ''
    if (digits === '-') throw new Error('array index - is not a number')
    return digits === '' ? null : Number(digits)
  }
  const first = number(from)
  return {
    kind: 'array',
    from: first,
    to: to === undefined ? (first ?? 0) + 1 : number(to),
    step: number(step),
    single: to === undefined,
  }
}

const ESCAPES: Record<string, string> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

function unquoted(literal: string): string {
  return literal.slice(1, -1).replace(/\\(.)/gs, (all, letter: string) => {
    if (letter === '\\' || letter === '"' || letter === "'") return letter
    const plain = ESCAPES[letter]
    if (plain === undefined) throw new Error(`unquote string ${literal} error invalid syntax`)
    return all === '' ? '' : plain
  })
}
