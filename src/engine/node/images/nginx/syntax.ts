/** nginx's configuration as text: words, directives and blocks, each judged where it ends, in nginx's words (ngx_conf_file.c). */
import { type Context, rulesOf } from './directives.ts'

export interface Directive {
  name: string
  args: string[]
  file: string
  line: number
  block?: Directive[]
}

/** What ends nginx, without its `nginx: [emerg] `. */
export class Emerg extends Error {}

export const emergAt = ({ file, line }: { file: string; line: number }, text: string): Emerg =>
  new Emerg(`${text} in ${file}:${line}`)

/** What a configuration is read from. */
export interface Source {
  read(path: string): string | undefined
  /** Why it cannot be read, as the system says it with its number: `2: No such file or directory`. */
  unreadable(path: string): string
  /** The files that a pattern stands for, in order. */
  glob(pattern: string): string[]
}

const FOLDER = '/etc/nginx/'

/** Contexts of what stands in a block. */
function inside(name: string, context: Context): Context | 'words' {
  if (name === 'events') return 'E'
  if (name === 'http') return 'H'
  if (name === 'server') return 'S'
  if (name === 'location') return 'L'
  if (name === 'upstream') return 'U'
  if (name === 'if') return context === 'S' ? 'J' : 'I'
  if (name === 'limit_except') return 'X'
  return 'words'
}

/** Judges a directive that is allowed where it stands, among those before it, below those around it. */
export type Check = (directive: Directive, context: Context, among: readonly Directive[], above: readonly Directive[]) => void

interface Statement {
  words: string[]
  /** What it ended with. */
  end: ';' | '{' | '}' | ''
  line: number
}

class Reader {
  readonly #text: string
  readonly #file: string
  #at = 0
  #line = 1

  constructor(text: string, file: string) {
    this.#text = text
    this.#file = file
  }

  #fail(text: string): Emerg {
    return new Emerg(`${text} in ${this.#file}:${this.#line}`)
  }

  #take(): string {
    const c = this.#text[this.#at++] as string
    if (c === '\n') this.#line += 1
    return c
  }

  #blank(): void {
    for (;;) {
      const c = this.#text[this.#at]
      if (c === '#') while (this.#at < this.#text.length && this.#text[this.#at] !== '\n') this.#at += 1
      else if (c !== undefined && /\s/.test(c)) this.#take()
      else return
    }
  }

  /** The next directive's words, or the end of the block or file. */
  next(): Statement {
    const words: string[] = []
    for (;;) {
      this.#blank()
      const c = this.#text[this.#at]
      if (c === undefined) {
        if (words.length > 0) throw this.#fail('unexpected end of file, expecting ";" or "}"')
        return { words, end: '', line: this.#line }
      }
      if (c === ';' || c === '{') {
        if (words.length === 0) throw this.#fail(`unexpected "${c}"`)
        this.#at += 1
        return { words, end: c, line: this.#line }
      }
      if (c === '}') {
        if (words.length > 0) throw this.#fail('unexpected "}"')
        this.#at += 1
        return { words, end: '}', line: this.#line }
      }
      words.push(c === '"' || c === "'" ? this.#quoted(c) : this.#bare())
    }
  }

  #bare(): string {
    let word = ''
    for (;;) {
      const c = this.#text[this.#at]
      if (c === undefined) throw this.#fail('unexpected end of file, expecting ";" or "}"')
      if (/[\s;]/.test(c) || (c === '{' && !word.endsWith('$'))) return word
      if (c === '\\') word += this.#escaped()
      else word += this.#take()
    }
  }

  #escaped(): string {
    this.#at += 1
    if (this.#at >= this.#text.length) throw this.#fail('unexpected end of file, expecting ";" or "}"')
    const c = this.#take()
    const made: Record<string, string> = { '"': '"', "'": "'", '\\': '\\', t: '\t', r: '\r', n: '\n' }
    return made[c] ?? `\\${c}`
  }

  #quoted(quote: string): string {
    this.#at += 1
    let word = ''
    for (;;) {
      const c = this.#text[this.#at]
      if (c === undefined) throw this.#fail('unexpected end of file, expecting ";" or "}"')
      if (c === '\\') word += this.#escaped()
      else if (c === quote) break
      else word += this.#take()
    }
    this.#at += 1
    const after = this.#text[this.#at]
    if (after !== undefined && !/[\s;{)]/.test(after)) throw this.#fail(`unexpected "${after}"`)
    return word
  }

  end(): Emerg {
    return this.#fail('unexpected end of file, expecting "}"')
  }
  tooMany(): Emerg {
    return this.#fail('unexpected "}"')
  }
}

function judge(directive: Directive, context: Context, end: ';' | '{'): void {
  const { name, args } = directive
  const rules = rulesOf(name)
  if (!rules) throw emergAt(directive, `unknown directive "${name}"`)
  const rule = rules.find(({ contexts }) => contexts.includes(context))
  if (!rule) throw emergAt(directive, `"${name}" directive is not allowed here`)
  if (rule.kind !== 'b' && end === '{') throw emergAt(directive, `directive "${name}" is not terminated by ";"`)
  if (rule.kind === 'b' && end === ';') throw emergAt(directive, `directive "${name}" has no opening "{"`)
  if (args.length < rule.least || args.length > rule.most)
    throw emergAt(directive, `invalid number of arguments in "${name}" directive`)
  if (rule.kind === 'f' && !/^(on|off)$/i.test(args[0] as string))
    throw emergAt(directive, `invalid value "${args[0]}" in "${name}" directive, it must be "on" or "off"`)
}

/** How deep files may include one another. */
const DEEPEST = 40

class Parser {
  readonly #source: Source
  readonly #check: Check
  readonly #above: Directive[] = []
  #depth = 0

  constructor(source: Source, check: Check) {
    this.#source = source
    this.#check = check
  }

  file(path: string, context: Context, into: Directive[], from?: Directive): void {
    const text = this.#source.read(path)
    if (text === undefined) {
      const why = `open() "${path}" failed (${this.#source.unreadable(path)})`
      throw from ? emergAt(from, why) : new Emerg(why)
    }
    if (++this.#depth > DEEPEST) throw new Emerg(`open() "${path}" failed (24: Too many open files)`)
    this.#block(new Reader(text, path), path, context, into, false)
    this.#depth -= 1
  }

  #block(reader: Reader, file: string, context: Context, into: Directive[], closed: boolean): void {
    for (;;) {
      const { words, end, line } = reader.next()
      if (end === '') {
        if (closed) throw reader.end()
        return
      }
      if (end === '}') {
        if (!closed) throw reader.tooMany()
        return
      }
      const [name = '', ...args] = words
      const directive: Directive = { name, args, file, line }
      judge(directive, context, end)
      if (name === 'include') this.#include(directive, context, into)
      else {
        this.#check(directive, context, into, this.#above)
        into.push(directive)
        if (end === '{') this.#body(reader, directive, context)
      }
    }
  }

  #body(reader: Reader, directive: Directive, context: Context): void {
    directive.block = []
    const within = inside(directive.name, context)
    if (within === 'words') this.#words(reader, directive)
    else {
      this.#above.push(directive)
      this.#block(reader, directive.file, within, directive.block, true)
      this.#above.pop()
    }
  }

  /** What stands in `map`, `types`, `geo` …: any words at all. */
  #words(reader: Reader, directive: Directive): void {
    for (;;) {
      const { words, end, line } = reader.next()
      if (end === '') throw reader.end()
      if (end === '}') return
      const [name = '', ...args] = words
      if (end === '{') throw emergAt({ file: directive.file, line }, `unexpected "{"`)
      directive.block?.push({ name, args, file: directive.file, line })
    }
  }

  #include(directive: Directive, context: Context, into: Directive[]): void {
    const [given = ''] = directive.args
    const path = given.startsWith('/') ? given : FOLDER + given
    if (!/[*?[]/.test(path)) return this.file(path, context, into, directive)
    for (const file of this.#source.glob(path)) this.file(file, context, into, directive)
  }
}

/**
 * The whole configuration below a file. `check` judges what a directive says, once it is known to be allowed. Throws {@link Emerg}.
 * What nginx reads first comes first: an error is the first one that it would meet.
 */
export function readConfiguration(path: string, source: Source, check: Check): Directive[] {
  const tree: Directive[] = []
  new Parser(source, check).file(path, 'M', tree)
  return tree
}
