/** The terminal's command language as data: lists, pipelines, redirections, loops, quoting, substitutions, here-documents. */

export type Piece =
  | { kind: 'text'; text: string; quoted: boolean }
  | { kind: 'variable'; name: string; quoted: boolean }
  | { kind: 'command'; text: string; quoted: boolean }

export type Word = Piece[]

export interface Redirect {
  from: 1 | 2 | 0
  /** A file, another descriptor (`2>&1`), or a here-document. */
  to: { file: Word; append: boolean } | { descriptor: number } | { input: Word } | { document: Word }
}

export type Command =
  | { kind: 'simple'; assignments: { name: string; value: Word }[]; words: Word[]; redirects: Redirect[] }
  | { kind: 'for'; name: string; items: Word[]; body: List }

export interface Pipeline {
  commands: Command[]
}

export interface List {
  entries: { pipeline: Pipeline; when: 'always' | 'success' | 'failure' }[]
}

export class ShellSyntaxError extends Error {
  override name = 'ShellSyntaxError'
}

interface Token {
  kind: 'word' | 'operator' | 'newline'
  word: Word
  text: string
}

const OPERATORS = ['2>&1', '>&2', '1>&2', '2>>', '2>', '&>', '&&', '||', '<<-', '<<', '>>', '>', '<', '|', ';', '&', '(', ')']

/** Reads a whole script. Throws {@link ShellSyntaxError} in bash's words. */
export function parseShell(text: string): List {
  const tokens = tokenize(text)
  const parser = new Parser(tokens)
  const list = parser.list([])
  parser.end()
  return list
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  const documents: { token: Token; word: string; quoted: boolean }[] = []
  let at = 0
  const operatorAt = (): string | undefined =>
    OPERATORS.find((op) => text.startsWith(op, at) && (!/^\d/.test(op) || at === 0 || /\s/.test(text[at - 1] as string)))
  while (at < text.length) {
    const char = text[at] as string
    if (char === '\n') {
      tokens.push({ kind: 'newline', word: [], text: '\n' })
      at += 1
      for (const document of documents.splice(0)) at = readDocument(text, at, document)
    } else if (char === ' ' || char === '\t') at += 1
    else if (char === '\\' && text[at + 1] === '\n') at += 2
    else if (char === '#' && (at === 0 || /\s/.test(text[at - 1] as string))) {
      while (at < text.length && text[at] !== '\n') at += 1
    } else {
      const operator = operatorAt()
      if (operator) {
        tokens.push({ kind: 'operator', word: [], text: operator })
        at += operator.length
        continue
      }
      const { word, next } = readWord(text, at)
      const token: Token = { kind: 'word', word, text: text.slice(at, next) }
      const previous = tokens.at(-1)
      if (previous?.kind === 'operator' && previous.text.startsWith('<<')) {
        documents.push({ token, word: plain(word), quoted: /['"\\]/.test(token.text) })
      }
      tokens.push(token)
      at = next
    }
  }
  return tokens
}

const plain = (word: Word): string => word.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('')

function readDocument(
  text: string,
  start: number,
  { token, word, quoted }: { token: Token; word: string; quoted: boolean },
): number {
  const lines: string[] = []
  let at = start
  for (;;) {
    if (at >= text.length) break
    const end = text.indexOf('\n', at)
    const line = text.slice(at, end < 0 ? undefined : end)
    at = end < 0 ? text.length : end + 1
    if (line === word) break
    lines.push(line)
  }
  const body = lines.map((line) => `${line}\n`).join('')
  token.word = quoted ? [{ kind: 'text', text: body, quoted: true }] : readQuoted(body, 0, '').pieces
  return at
}

function readWord(text: string, start: number): { word: Word; next: number } {
  const word: Word = []
  let at = start
  let bare = ''
  const flush = (): void => {
    if (bare) word.push({ kind: 'text', text: bare, quoted: false })
    bare = ''
  }
  while (at < text.length) {
    const char = text[at] as string
    if (/[\s;|&<>()]/.test(char)) break
    if (char === "'") {
      flush()
      const end = text.indexOf("'", at + 1)
      if (end < 0) throw new ShellSyntaxError("unexpected EOF while looking for matching `''")
      word.push({ kind: 'text', text: text.slice(at + 1, end), quoted: true })
      at = end + 1
    } else if (char === '"') {
      flush()
      const { pieces, next } = readQuoted(text, at + 1, '"')
      word.push(...(pieces.length > 0 ? pieces : [{ kind: 'text' as const, text: '', quoted: true }]))
      at = next
    } else if (char === '\\') {
      flush()
      word.push({ kind: 'text', text: text[at + 1] ?? '', quoted: true })
      at += 2
    } else if (char === '$') {
      const special = readDollar(text, at, false)
      if (special) {
        flush()
        word.push(special.piece)
        at = special.next
      } else {
        bare += char
        at += 1
      }
    } else {
      bare += char
      at += 1
    }
  }
  flush()
  return { word, next: at }
}

/** Up to the closing quote, or the end of a here-document. */
function readQuoted(text: string, start: number, end: string): { pieces: Piece[]; next: number } {
  const pieces: Piece[] = []
  let at = start
  let held = ''
  const flush = (): void => {
    if (held) pieces.push({ kind: 'text', text: held, quoted: true })
    held = ''
  }
  while (at < text.length && (end === '' || text[at] !== end)) {
    const char = text[at] as string
    if (char === '\\' && /[$`"\\\n]/.test(text[at + 1] ?? '')) {
      if (text[at + 1] !== '\n') held += text[at + 1]
      at += 2
      continue
    }
    const special = char === '$' ? readDollar(text, at, true) : null
    if (special) {
      flush()
      pieces.push(special.piece)
      at = special.next
    } else {
      held += char
      at += 1
    }
  }
  if (end !== '' && at >= text.length) throw new ShellSyntaxError(`unexpected EOF while looking for matching \`${end}'`)
  flush()
  return { pieces, next: end === '' ? at : at + 1 }
}

function readDollar(text: string, at: number, quoted: boolean): { piece: Piece; next: number } | null {
  if (text[at + 1] === '(') {
    let depth = 1
    let i = at + 2
    for (; i < text.length && depth > 0; i++) {
      if (text[i] === '(') depth += 1
      else if (text[i] === ')') depth -= 1
      else if (text[i] === "'") i = Math.max(i, text.indexOf("'", i + 1))
    }
    if (depth > 0) throw new ShellSyntaxError("unexpected EOF while looking for matching `)'")
    return { piece: { kind: 'command', text: text.slice(at + 2, i - 1), quoted }, next: i }
  }
  const m = /^\$(?:([A-Za-z_]\w*|\d|[?#@*])|\{(\w+|[?#@*])\})/.exec(text.slice(at))
  return m ? { piece: { kind: 'variable', name: (m[1] ?? m[2]) as string, quoted }, next: at + m[0].length } : null
}

class Parser {
  readonly #tokens: Token[]
  #at = 0
  constructor(tokens: Token[]) {
    this.#tokens = tokens
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at]
  }
  #isWord(text: string): boolean {
    const token = this.#peek()
    return token?.kind === 'word' && token.text === text
  }
  #skipNewlines(): void {
    while (this.#peek()?.kind === 'newline' || this.#peek()?.text === ';') this.#at += 1
  }
  end(): void {
    const token = this.#peek()
    if (token) throw new ShellSyntaxError(`syntax error near unexpected token \`${token.text === '\n' ? 'newline' : token.text}'`)
  }

  list(until: string[]): List {
    const entries: List['entries'] = []
    let when: List['entries'][0]['when'] = 'always'
    this.#skipNewlines()
    while (this.#peek() && !until.some((word) => this.#isWord(word))) {
      entries.push({ pipeline: this.#pipeline(), when })
      const token = this.#peek()
      if (token?.text === '&') throw new ShellSyntaxError('background jobs are not supported here yet')
      if (token?.text === '&&' || token?.text === '||') {
        when = token.text === '&&' ? 'success' : 'failure'
        this.#at += 1
        this.#skipNewlines()
      } else {
        when = 'always'
        if (token && token.kind === 'word') break
        if (token && token.kind === 'operator' && token.text !== ';') break
        this.#skipNewlines()
      }
    }
    return { entries }
  }

  #pipeline(): Pipeline {
    const commands = [this.#command()]
    while (this.#peek()?.text === '|') {
      this.#at += 1
      this.#skipNewlines()
      commands.push(this.#command())
    }
    return { commands }
  }

  #command(): Command {
    if (this.#isWord('for')) return this.#for()
    const words: Word[] = []
    const assignments: { name: string; value: Word }[] = []
    const redirects: Redirect[] = []
    for (let token = this.#peek(); token; token = this.#peek()) {
      if (token.kind === 'word') {
        const m = words.length === 0 ? /^([A-Za-z_]\w*)=/.exec(token.text) : null
        if (m) assignments.push({ name: m[1] as string, value: withoutPrefix(token.word, (m[0] as string).length) })
        else words.push(token.word)
        this.#at += 1
      } else if (token.kind === 'operator' && /[<>]/.test(token.text)) redirects.push(this.#redirect(token.text))
      else break
    }
    if (words.length + assignments.length + redirects.length === 0) {
      throw new ShellSyntaxError(
        `syntax error near unexpected token \`${this.#peek()?.text.replace('\n', 'newline') ?? 'newline'}'`,
      )
    }
    return { kind: 'simple', assignments, words, redirects }
  }

  #redirect(operator: string): Redirect {
    this.#at += 1
    if (operator === '2>&1') return { from: 2, to: { descriptor: 1 } }
    if (operator.endsWith('>&2')) return { from: 1, to: { descriptor: 2 } }
    const token = this.#peek()
    if (token?.kind !== 'word') throw new ShellSyntaxError("syntax error near unexpected token `newline'")
    this.#at += 1
    if (operator.startsWith('<<')) return { from: 0, to: { document: token.word } }
    if (operator === '<') return { from: 0, to: { input: token.word } }
    return { from: operator.startsWith('2') ? 2 : 1, to: { file: token.word, append: operator.endsWith('>>') } }
  }

  #for(): Command {
    this.#at += 1
    const name = this.#peek()?.text ?? ''
    this.#at += 1
    if (!this.#isWord('in'))
      throw new ShellSyntaxError(`syntax error near unexpected token \`${this.#peek()?.text ?? 'newline'}'`)
    this.#at += 1
    const items: Word[] = []
    for (let token = this.#peek(); token?.kind === 'word'; token = this.#peek()) {
      items.push(token.word)
      this.#at += 1
    }
    this.#skipNewlines()
    this.#expect('do')
    const body = this.list(['done'])
    this.#expect('done')
    return { kind: 'for', name, items, body }
  }

  #expect(word: string): void {
    if (!this.#isWord(word))
      throw new ShellSyntaxError(`syntax error: unexpected ${this.#peek() ? `token \`${this.#peek()?.text}'` : 'end of file'}`)
    this.#at += 1
  }
}

function withoutPrefix(word: Word, length: number): Word {
  const [first, ...rest] = word
  if (first?.kind !== 'text') return word
  const text = first.text.slice(length)
  return text ? [{ ...first, text }, ...rest] : rest
}
