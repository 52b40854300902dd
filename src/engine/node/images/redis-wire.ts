/** Redis' protocol as bytes: what is sent by hand and by its own client, and what comes back. */
import { byteLength, bytesOf, textOf } from '#api/bytes.ts'
import type { Answer } from './redis-store.ts'

/** Commands that have come whole; and what is wrong with what follows. */
export interface Commands {
  commands: string[][]
  error?: string
}

export const commandBytes = (argv: readonly string[]): string =>
  `*${argv.length}\r\n${argv.map((word) => `$${byteLength(word)}\r\n${word}\r\n`).join('')}`

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07' }
const isSpace = (letter: string | undefined): boolean => letter === undefined || /\s/.test(letter)

/** Words, of which some may be quoted; null: a quote is left open, or something follows it (sdssplitargs). */
export function wordsOf(line: string): string[] | null {
  const words: string[] = []
  for (let i = 0; ; ) {
    while (i < line.length && isSpace(line[i])) i++
    if (i >= line.length) return words
    let word = ''
    while (!isSpace(line[i])) {
      const quote = line[i++] as string
      if (quote !== '"' && quote !== "'") {
        word += quote
        continue
      }
      for (let letter = line[i++]; letter !== quote; letter = line[i++]) {
        if (letter === undefined) return null
        const next = letter === '\\' && (quote === '"' || line[i] === "'") ? line[i++] : undefined
        word += next === undefined ? letter : quote === '"' ? (ESCAPES[next] ?? next) : next
      }
      if (!isSpace(line[i])) return null
    }
    words.push(word)
  }
}

/** Reads bytes line by line, and pieces of a known length. */
class Bytes {
  readonly #bytes: Uint8Array
  #at = 0
  constructor(text: string) {
    this.#bytes = bytesOf(text)
  }
  /** The next line without its end; undefined: it has none. */
  line(): string | undefined {
    const end = this.#bytes.indexOf(10, this.#at)
    if (end < 0) return undefined
    const text = textOf(this.#bytes.slice(this.#at, end))
    this.#at = end + 1
    return text.replace(/\r$/, '')
  }
  piece(length: number): string | undefined {
    if (this.#at + length + 2 > this.#bytes.length) return undefined
    const text = textOf(this.#bytes.slice(this.#at, this.#at + length))
    this.#at += length + 2
    return text
  }
}

const countOf = (text: string, most: number): number | null =>
  /^-?\d{1,10}$/.test(text) && Number(text) <= most ? Number(text) : null
const MOST_WORDS = 1_048_576
const MOST_BYTES = 536_870_912
const LONGEST_LINE = 65_536

export function commandsOf(input: string): Commands {
  const bytes = new Bytes(input)
  const commands: string[][] = []
  for (let line = bytes.line(); line !== undefined; line = bytes.line()) {
    if (line.length > LONGEST_LINE) return { commands, error: 'too big inline request' }
    if (!line.startsWith('*')) {
      const words = wordsOf(line)
      if (!words) return { commands, error: 'unbalanced quotes in request' }
      if (words.length > 0) commands.push(words)
      continue
    }
    const count = countOf(line.slice(1), MOST_WORDS)
    if (count === null) return { commands, error: 'invalid multibulk length' }
    const words = listed(bytes, count)
    if (!words) break
    if (typeof words === 'string') return { commands, error: words }
    if (words.length > 0) commands.push(words)
  }
  return { commands }
}

/** So many words; a text says what is wrong, undefined: they have not all come. */
function listed(bytes: Bytes, count: number): string[] | string | undefined {
  const words: string[] = []
  while (words.length < count) {
    const head = bytes.line()
    if (head === undefined) return undefined
    if (!head.startsWith('$')) return `expected '$', got '${head.charAt(0) || '\\r'}'`
    const length = countOf(head.slice(1), MOST_BYTES)
    if (length === null || length < 0) return 'invalid bulk length'
    const word = bytes.piece(length)
    if (word === undefined) return undefined
    words.push(word)
  }
  return words
}

const bare = (text: string): string => text.replace(/[\r\n]/g, ' ')

export function answerBytes(answer: Answer): string {
  if ('status' in answer) return `+${bare(answer.status)}\r\n`
  if ('error' in answer) return `-${bare(answer.error)}\r\n`
  if ('integer' in answer) return `:${answer.integer}\r\n`
  if ('items' in answer) return `*${answer.items.length}\r\n${answer.items.map(answerBytes).join('')}`
  return answer.text === null ? '$-1\r\n' : `$${byteLength(answer.text)}\r\n${answer.text}\r\n`
}

/** The first answer that stands there, or what hiredis says of it. */
export const answerOf = (input: string): Answer | { broken: string } => read(new Bytes(`${input}\r\n`), 0)

/** A byte as C would have it in quotes. */
function quoted(kind: string): string {
  const [byte = 0] = bytesOf(kind)
  const escaped = '\\"'.includes(kind) ? `\\${kind}` : kind
  return `"${byte > 31 && byte < 127 ? escaped : `\\x${byte.toString(16).padStart(2, '0')}`}"`
}

const EOF = { broken: 'Server closed the connection' }
const DEEPEST = 9

function read(bytes: Bytes, depth: number): Answer | { broken: string } {
  const line = bytes.line()
  if (line === undefined || line === '') return EOF
  const [kind = '', rest] = [line.charAt(0), line.slice(1)]
  if (kind === '+') return { status: rest }
  if (kind === '-') return { error: rest }
  if (!':$*'.includes(kind)) return { broken: `Protocol error, got ${quoted(kind)} as reply type byte` }
  const count = countOf(rest, kind === ':' ? Number.MAX_SAFE_INTEGER : MOST_BYTES)
  if (count === null)
    return { broken: kind === ':' ? 'Bad integer value' : kind === '$' ? 'Bad bulk string length' : 'Bad multi-bulk length' }
  if (kind === ':') return { integer: count }
  if (count < 0) return { text: null }
  if (kind === '$') {
    const text = bytes.piece(count)
    return text === undefined ? EOF : { text }
  }
  if (depth >= DEEPEST) return { broken: `No support for nested multi bulk replies with depth > ${DEEPEST}` }
  const items: Answer[] = []
  while (items.length < count) {
    const item = read(bytes, depth + 1)
    if ('broken' in item) return item
    items.push(item)
  }
  return { items }
}
