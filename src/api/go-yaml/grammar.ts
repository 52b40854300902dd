/** The grammar of one YAML document, as go-yaml's parser walks it: only to find out where it would stop, and what it would say. */
import { YamlError } from './error.ts'
import { type Kind, Scanner, type Token } from './scan.ts'

/** Throws what go-yaml would complain of in the text's first document; answers with the lines that might be indented more, see `inner`. */
export function checkSyntax(text: string): ReadonlyMap<number, number> {
  const scanner = new Scanner(text)
  new Grammar(scanner).document()
  return scanner.inner
}

class Grammar {
  readonly #scanner: Scanner
  readonly #anchors = new Set<string>()
  readonly #handles = new Set(['!', '!!', ''])

  constructor(scanner: Scanner) {
    this.#scanner = scanner
  }

  document(): void {
    const explicit = this.#is('directive', 'document start')
    if (this.#is('end')) return
    this.#directives()
    if (explicit) {
      if (!this.#is('document start')) this.#refuse('did not find expected <document start>')
      this.#scanner.next()
      if (!this.#is('directive', 'document start', 'document end', 'end')) this.#node(true, false)
    } else this.#node(true, false)
    this.#scanner.peek()
  }

  /** The line is that of the token that should not be there, counted from zero; the first goes unnamed. */
  #refuse(what: string, { line }: Token = this.#scanner.peek()): never {
    throw new YamlError(line > 0 ? `yaml: line ${line}: ${what}` : `yaml: ${what}`)
  }

  #is(...kinds: Kind[]): boolean {
    return kinds.includes(this.#scanner.peek().kind)
  }

  #took(kind: Kind): boolean {
    if (!this.#is(kind)) return false
    this.#scanner.next()
    return true
  }

  #directives(): void {
    const seen = new Set<string>()
    while (this.#is('directive')) {
      const [name = '', word = ''] = this.#scanner.peek().name.split(' ')
      const what = name === 'YAML' ? name : word
      if (seen.has(what)) this.#refuse(`found duplicate %${name} directive`)
      if (name === 'YAML' && word !== '1.1') this.#refuse('found incompatible YAML document')
      seen.add(what)
      if (name === 'TAG') this.#handles.add(word)
      this.#scanner.next()
    }
  }

  #node(block: boolean, indentless: boolean): void {
    if (this.#is('alias')) {
      const { name } = this.#scanner.next()
      if (!this.#anchors.has(name)) throw new YamlError(`yaml: unknown anchor '${name}' referenced`)
      return
    }
    const marked = this.#properties()
    const { kind } = this.#scanner.peek()
    if (indentless && kind === '-') this.#indentlessList()
    else if (kind === 'scalar') this.#scanner.next()
    else if (kind === '[') this.#flowList()
    else if (kind === '{') this.#flowMap()
    else if (block && kind === 'block list') this.#blockList()
    else if (block && kind === 'block map') this.#blockMap()
    else if (!marked) this.#refuse('did not find expected node content')
  }

  /** An anchor and a tag, in either order. */
  #properties(): boolean {
    const first = this.#scanner.peek().kind
    if (first !== 'anchor' && first !== 'tag') return false
    let anchor = ''
    let tag: Token | null = null
    for (const kind of first === 'anchor' ? (['anchor', 'tag'] as const) : (['tag', 'anchor'] as const)) {
      if (!this.#is(kind)) break
      const token = this.#scanner.next()
      if (kind === 'anchor') anchor = token.name
      else tag = token
    }
    this.#scanner.peek()
    if (tag && !this.#handles.has(tag.name)) this.#refuse('found undefined tag handle', tag)
    if (anchor) this.#anchors.add(anchor)
    return true
  }

  #blockList(): void {
    this.#scanner.next()
    while (this.#took('-')) if (!this.#is('-', 'block end')) this.#node(true, false)
    if (!this.#took('block end')) this.#refuse("did not find expected '-' indicator")
  }

  /** A list as deep as the key it belongs to. */
  #indentlessList(): void {
    while (this.#took('-')) if (!this.#is('-', 'key', 'value', 'block end')) this.#node(true, false)
  }

  #blockMap(): void {
    this.#scanner.next()
    while (this.#took('key')) {
      if (!this.#is('key', 'value', 'block end')) this.#node(true, true)
      if (this.#took('value') && !this.#is('key', 'value', 'block end')) this.#node(true, true)
    }
    if (!this.#took('block end')) this.#refuse('did not find expected key')
  }

  #flowList(): void {
    this.#scanner.next()
    for (let first = true; !this.#is(']'); first = false) {
      if (!first && !this.#took(',')) this.#refuse("did not find expected ',' or ']'")
      if (this.#took('key')) this.#pair()
      else if (!this.#is(']')) this.#node(false, false)
      else break
    }
    this.#scanner.next()
  }

  /** A single pair in a list. Where its key lacks, go-yaml passes over what stands there. */
  #pair(): void {
    if (this.#is('value', ',', ']')) this.#scanner.next()
    else this.#node(false, false)
    if (this.#took('value') && !this.#is(',', ']')) this.#node(false, false)
    this.#scanner.peek()
  }

  #flowMap(): void {
    this.#scanner.next()
    for (let first = true; !this.#is('}'); first = false) {
      if (!first && !this.#took(',')) this.#refuse("did not find expected ',' or '}'")
      if (this.#took('key')) {
        if (!this.#is('value', ',', '}')) this.#node(false, false)
        if (this.#took('value') && !this.#is(',', '}')) this.#node(false, false)
      } else if (!this.#is('}')) {
        this.#node(false, false)
        this.#scanner.peek()
      } else break
    }
    this.#scanner.next()
  }
}
