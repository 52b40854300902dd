/** The grammar of the containers' small shell: source text to a tree of plain data. */

export interface Redirect {
  fd: number
  op: '>' | '>>' | '<' | '>&' | '<<'
  /** Raw word, or the text of a here-document. */
  word: string
}

export type Node =
  | { k: 'seq'; list: { n: Node; bg: boolean }[] }
  | { k: 'and' | 'or'; a: Node; b: Node }
  | { k: 'not'; n: Node }
  | { k: 'pipe'; list: Node[] }
  | { k: 'if'; c: Node; t: Node; e: Node | null }
  | { k: 'while'; c: Node; b: Node; until: boolean }
  | { k: 'for'; name: string; words: string[] | null; b: Node }
  | { k: 'case'; word: string; items: { patterns: string[]; b: Node }[] }
  | { k: 'fn'; name: string; b: Node }
  | { k: 'group'; b: Node; redirects: Redirect[]; own: boolean }
  | { k: 'cmd'; assigns: [string, string][]; words: string[]; redirects: Redirect[] }

/** What is wrong with a script, in ash's words. */
export class SyntaxProblem extends Error {}

const OPERATORS = ['&&', '||', ';;', '&>', '|', ';', '&', '(', ')', '\n']
const CLOSERS = new Set(['then', 'else', 'elif', 'fi', 'do', 'done', 'esac', '}'])

class Parser {
  readonly #src: string
  #at = 0
  #heredocs: { redirect: Redirect; end: string; strip: boolean }[] = []
  constructor(src: string) {
    this.#src = src
  }

  script(): Node {
    const node = this.#sequence()
    if (this.#operator() !== null || this.#at < this.#src.length) this.#bad(this.#peekText())
    return node
  }

  #bad(token: string): never {
    throw new SyntaxProblem(
      `syntax error: unexpected ${token === '' ? 'end of file' : token === '\n' ? 'newline' : `"${token}"`}`,
    )
  }
  #peekText(): string {
    return this.#operator() ?? this.#keyword() ?? this.#src.slice(this.#at, this.#at + 1)
  }

  #blanks(): void {
    for (;;) {
      const c = this.#src[this.#at]
      if (c === ' ' || c === '\t') this.#at += 1
      else if (c === '\\' && this.#src[this.#at + 1] === '\n') this.#at += 2
      else if (c === '#' && /^$|[\s;&|()]/.test(this.#src[this.#at - 1] ?? '')) {
        while (this.#at < this.#src.length && this.#src[this.#at] !== '\n') this.#at += 1
      } else return
    }
  }

  #operator(): string | null {
    this.#blanks()
    return OPERATORS.find((op) => this.#src.startsWith(op, this.#at)) ?? null
  }
  #eat(op: string): boolean {
    if (this.#operator() !== op) return false
    this.#at += op.length
    if (op === '\n') this.#readHeredocs()
    return true
  }
  #readHeredocs(): void {
    for (const { redirect, end, strip } of this.#heredocs.splice(0)) {
      const lines: string[] = []
      for (;;) {
        if (this.#at >= this.#src.length) break
        const stop = this.#src.indexOf('\n', this.#at)
        const raw = this.#src.slice(this.#at, stop < 0 ? undefined : stop)
        this.#at = stop < 0 ? this.#src.length : stop + 1
        const line = strip ? raw.replace(/^\t+/, '') : raw
        if (line === end) break
        lines.push(`${line}\n`)
      }
      redirect.word = lines.join('')
    }
  }

  #keyword(): string | null {
    this.#blanks()
    return /^[A-Za-z!{}]+(?=$|[\s;&|()<>])/.exec(this.#src.slice(this.#at))?.[0] ?? null
  }
  #take(word: string): boolean {
    if (this.#keyword() !== word) return false
    this.#at += word.length
    return true
  }
  #need(word: string): void {
    while (this.#eat(';') || this.#eat('\n'));
    if (!this.#take(word)) this.#bad(this.#peekText())
  }
  #newlines(): void {
    while (this.#eat('\n'));
  }

  #sequence(): Node {
    const list: { n: Node; bg: boolean }[] = []
    for (;;) {
      while (this.#eat('\n'));
      const op = this.#operator()
      if (op === ')' || op === ';;' || this.#at >= this.#src.length || CLOSERS.has(this.#keyword() ?? '')) break
      if (op !== null && op !== '(') this.#bad(op)
      const n = this.#andOr()
      const bg = this.#eat('&')
      list.push({ n, bg })
      if (!bg && !this.#eat(';') && !this.#eat('\n')) break
    }
    return { k: 'seq', list }
  }

  #andOr(): Node {
    let node = this.#pipeline()
    for (;;) {
      const k = this.#eat('&&') ? 'and' : this.#eat('||') ? 'or' : null
      if (k === null) return node
      this.#newlines()
      node = { k, a: node, b: this.#pipeline() }
    }
  }

  #pipeline(): Node {
    const not = this.#take('!')
    const list = [this.#command()]
    while (this.#operator() === '|' && this.#eat('|')) {
      this.#newlines()
      list.push(this.#command())
    }
    const node: Node = list.length > 1 ? { k: 'pipe', list } : (list[0] as Node)
    return not ? { k: 'not', n: node } : node
  }

  #command(): Node {
    if (this.#take('if')) return this.#ifTail()
    if (this.#take('while')) return this.#loop(false)
    if (this.#take('until')) return this.#loop(true)
    if (this.#take('for')) return this.#forTail()
    if (this.#take('case')) return this.#caseTail()
    if (this.#take('{')) {
      const b = this.#sequence()
      this.#need('}')
      return { k: 'group', b, redirects: this.#redirects(), own: false }
    }
    if (this.#eat('(')) {
      const b = this.#sequence()
      if (!this.#eat(')')) this.#bad(this.#peekText())
      return { k: 'group', b, redirects: this.#redirects(), own: true }
    }
    const fn = /^([A-Za-z_]\w*)[ \t]*\(\)\s*/.exec(this.#src.slice(this.#at))
    if (fn) {
      this.#at += fn[0].length
      return { k: 'fn', name: fn[1] as string, b: this.#command() }
    }
    return this.#simple()
  }

  #ifTail(): Node {
    const c = this.#sequence()
    this.#need('then')
    const t = this.#sequence()
    if (this.#take('elif')) return this.#redirected({ k: 'if', c, t, e: this.#ifTail() }, false)
    const e = this.#take('else') ? this.#sequence() : null
    this.#need('fi')
    return this.#redirected({ k: 'if', c, t, e })
  }
  #loop(until: boolean): Node {
    const c = this.#sequence()
    this.#need('do')
    const b = this.#sequence()
    this.#need('done')
    return this.#redirected({ k: 'while', c, b, until })
  }
  #forTail(): Node {
    this.#blanks()
    const name = /^[A-Za-z_]\w*/.exec(this.#src.slice(this.#at))?.[0]
    if (!name) this.#bad(this.#peekText())
    this.#at += name.length
    let words: string[] | null = null
    this.#newlines()
    if (this.#take('in')) {
      words = []
      for (let w = this.#word(); w !== null; w = this.#word()) words.push(w)
    }
    this.#need('do')
    const b = this.#sequence()
    this.#need('done')
    return this.#redirected({ k: 'for', name, words, b })
  }
  #caseTail(): Node {
    const word = this.#word() ?? this.#bad(this.#peekText())
    this.#newlines()
    if (!this.#take('in')) this.#bad(this.#peekText())
    const items: { patterns: string[]; b: Node }[] = []
    for (;;) {
      while (this.#eat('\n') || this.#eat(';'));
      if (this.#take('esac')) break
      this.#eat('(')
      const patterns = [this.#word() ?? this.#bad(this.#peekText())]
      while (this.#eat('|')) patterns.push(this.#word() ?? this.#bad(this.#peekText()))
      if (!this.#eat(')')) this.#bad(this.#peekText())
      items.push({ patterns, b: this.#sequence() })
      this.#eat(';;')
    }
    return this.#redirected({ k: 'case', word, items })
  }
  #redirected(node: Node, own = true): Node {
    const redirects = own ? this.#redirects() : []
    return redirects.length > 0 ? { k: 'group', b: node, redirects, own: false } : node
  }

  #simple(): Node {
    const assigns: [string, string][] = []
    const words: string[] = []
    const redirects: Redirect[] = []
    for (;;) {
      const redirect = this.#redirect()
      if (redirect) {
        redirects.push(...redirect)
        continue
      }
      const assign = words.length === 0 ? /^([A-Za-z_]\w*)=/.exec(this.#src.slice(this.#at)) : null
      if (assign) {
        this.#at += assign[0].length
        assigns.push([assign[1] as string, /^[^\s;&|()<>]/.test(this.#src[this.#at] ?? '') ? (this.#word() ?? '') : ''])
        continue
      }
      const word = this.#word()
      if (word === null) break
      words.push(word)
    }
    if (assigns.length + words.length + redirects.length === 0) this.#bad(this.#peekText())
    return { k: 'cmd', assigns, words, redirects }
  }

  #redirects(): Redirect[] {
    const all: Redirect[] = []
    for (let r = this.#redirect(); r; r = this.#redirect()) all.push(...r)
    return all
  }
  #redirect(): Redirect[] | null {
    this.#blanks()
    const m = /^(\d?)(<<-|<<|>>|>&|&>|>|<)/.exec(this.#src.slice(this.#at, this.#at + 4))
    if (!m) return null
    this.#at += m[0].length
    const op = m[2] as string
    const fd = m[1] ? Number(m[1]) : op.startsWith('<') ? 0 : 1
    const word = this.#word() ?? this.#bad(this.#peekText())
    if (op === '&>')
      return [
        { fd: 1, op: '>', word },
        { fd: 2, op: '>&', word: '1' },
      ]
    if (op.startsWith('<<')) {
      const redirect: Redirect = { fd: 0, op: '<<', word: '' }
      this.#heredocs.push({ redirect, end: word.replace(/["'\\]/g, ''), strip: op === '<<-' })
      return [redirect]
    }
    return [{ fd, op: op as Redirect['op'], word }]
  }

  /** A word as it stands, quotes and all; null when something else comes. */
  #word(): string | null {
    this.#blanks()
    const start = this.#at
    const src = this.#src
    for (;;) {
      const c = src[this.#at]
      if (c === undefined || /[\s;&|<>()]/.test(c)) break
      this.#at = skipUnit(src, this.#at)
    }
    return this.#at > start ? src.slice(start, this.#at) : null
  }
}

/** The index after one character of a word, or after a quoted or substituted part. */
export function skipUnit(src: string, at: number): number {
  const c = src[at]
  if (c === '\\') return Math.min(src.length, at + 2)
  if (c === "'") return closing(src, src.indexOf("'", at + 1), "'")
  if (c === '`') return closing(src, src.indexOf('`', at + 1), '`')
  if (c === '"') {
    let i = at + 1
    while (i < src.length && src[i] !== '"') i = src[i] === '\\' ? i + 2 : src[i] === '$' ? skipUnit(src, i) : i + 1
    return closing(src, i < src.length ? i : -1, '"')
  }
  if (c === '$' && (src[at + 1] === '(' || src[at + 1] === '{')) return matching(src, at + 1)
  return at + 1
}

function closing(src: string, at: number, quote: string): number {
  if (at < 0) throw new SyntaxProblem(`syntax error: unterminated quoted string`)
  return Math.min(src.length, at + quote.length)
}

/** After the bracket that closes the one at `at`. */
function matching(src: string, at: number): number {
  const open = src[at] as string
  const close = open === '(' ? ')' : '}'
  let depth = 0
  for (let i = at; i < src.length; ) {
    const c = src[i]
    if (c === open) depth += 1
    if (c === close) depth -= 1
    if (depth === 0) return i + 1
    i = c === "'" || c === '"' || c === '\\' || c === '`' ? skipUnit(src, i) : i + 1
  }
  throw new SyntaxProblem(`syntax error: missing '${close}'`)
}

const known = new Map<string, Node>()

/** Throws {@link SyntaxProblem}. Trees are shared: never change them. */
export function parse(src: string): Node {
  let tree = known.get(src)
  if (!tree) {
    tree = new Parser(src).script()
    if (known.size > 500) known.clear()
    known.set(src, tree)
  }
  return tree
}
