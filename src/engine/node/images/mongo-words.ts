/** Reads what is typed at MongoDB's shell: chains of calls that begin with `db`, with literals between the brackets. */
import { isDoc, type Value } from './mongo-values.ts'

/** `.name`, or `.name(args)`. */
export interface Step {
  name: string
  args?: readonly Value[]
}
export interface Chain {
  /** What it is wrapped in. */
  print?: 'print' | 'printjson'
  steps: readonly Step[]
}

export class MongoError extends Error {
  readonly kind: string
  readonly codeName: string | undefined
  constructor(kind: string, message: string, codeName?: string) {
    super(message)
    this.kind = kind
    this.codeName = codeName
  }
}

export const KNOWN =
  "this simulated mongosh knows db.runCommand, db.adminCommand, db.version, db.getSiblingDB, db.createCollection, db.dropDatabase, db.C.insertOne, insertMany, find, findOne, countDocuments, updateOne, updateMany, deleteOne, deleteMany and drop with literals as arguments, and the commands 'use' and 'show dbs|collections'"
export const refused = (what: string): MongoError => new MongoError('Error', `${what}: ${KNOWN}`)

/** More is needed: a bracket or a quote is open. */
export class Unfinished extends MongoError {
  constructor() {
    super('SyntaxError', 'Unexpected token: the input ends too early')
  }
}

const TOKEN =
  /\s*(?:\/\/[^\n]*|((?:"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*')|[A-Za-z_$][\w$]*|-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[^]))/y

function tokensOf(text: string): string[] {
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  const trimmed = text.trimEnd()
  while (TOKEN.lastIndex < trimmed.length) {
    const token = TOKEN.exec(trimmed)?.[1]
    if (token !== undefined) tokens.push(token)
  }
  return tokens
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', 0: '\0' }
const unquoted = (token: string): string =>
  token
    .slice(1, -1)
    .replace(/\\(?:u([0-9a-fA-F]{4})|([^]))/g, (_all, code?: string, one = '') =>
      code === undefined ? (ESCAPES[one] ?? one) : String.fromCharCode(Number.parseInt(code, 16)),
    )

/** As it is written down, and read again. */
function number(token: string): number {
  const value = Number(token)
  if (!Number.isFinite(value)) throw refused('Infinity')
  return value === 0 ? 0 : value
}

const isWord = (token: string | undefined): token is string => token !== undefined && /^[A-Za-z_$]/.test(token)
const isText = (token: string | undefined): token is string => token !== undefined && /^(".*"|'.*')$/s.test(token)

/** More than a server takes of levels within each other, and less than this reader can. */
const DEEPEST = 200

class Reader {
  #depth = 0
  readonly #tokens: readonly string[]
  readonly #now: number
  #at = 0
  constructor(text: string, now: number) {
    this.#tokens = tokensOf(text)
    this.#now = now
  }

  #peek = (): string | undefined => this.#tokens[this.#at]
  #next(): string {
    const token = this.#tokens[this.#at++]
    if (token === undefined) throw new Unfinished()
    return token
  }
  #takes(token: string): boolean {
    if (this.#peek() !== token) return false
    this.#at++
    return true
  }
  #expect(token: string): void {
    const got = this.#next()
    if (got !== token) throw unexpected(got)
  }

  all(): Chain[] {
    const chains: Chain[] = []
    while (this.#peek() !== undefined) if (!this.#takes(';')) chains.push(this.#chain())
    return chains
  }

  #chain(): Chain {
    const word = this.#next()
    if ((word === 'print' || word === 'printjson') && this.#takes('(')) {
      if (this.#peek()?.startsWith('print')) throw refused(`${word}(${this.#peek()}(…))`)
      const inner = this.#chain()
      this.#expect(')')
      return { ...inner, print: word }
    }
    if (word !== 'db') throw refused(word)
    const steps: Step[] = []
    for (;;) {
      if (this.#takes('[')) {
        const name = this.#next()
        if (!isText(name)) throw refused(`[${name}]`)
        this.#expect(']')
        steps.push({ name: unquoted(name) })
      } else if (this.#takes('.')) {
        const name = this.#next()
        if (!isWord(name)) throw unexpected(name)
        steps.push(this.#takes('(') ? { name, args: this.#list(')') } : { name })
      } else return { steps }
    }
  }

  #list(close: string): Value[] {
    const values: Value[] = []
    while (!this.#takes(close)) {
      values.push(this.#value())
      if (this.#peek() !== close) this.#expect(',')
    }
    return values
  }

  #value(): Value {
    if (this.#depth >= DEEPEST)
      throw new MongoError('MongoServerError', 'BSONObj exceeds maximum nested object depth', 'Overflow')
    this.#depth++
    const value = this.#one()
    this.#depth--
    return value
  }

  #one(): Value {
    const token = this.#next()
    if (token === '{') return this.#object()
    if (token === '[') return this.#list(']')
    if (isText(token)) return unquoted(token)
    if (/^-?\.?\d/.test(token)) return number(token)
    if (token === 'true' || token === 'false') return token === 'true'
    if (token === 'null') return null
    if (token === 'new' && this.#peek() === 'Date') return this.#made(this.#next())
    if (token === 'Date' || token === 'ISODate' || token === 'ObjectId') return this.#made(token)
    throw isWord(token) ? refused(token) : unexpected(token)
  }

  #made(name: string): Value {
    this.#expect('(')
    const args = this.#list(')')
    const [id] = args
    if (name === 'ObjectId' && args.length === 1 && typeof id === 'string') {
      if (/^[0-9a-fA-F]{24}$/.test(id)) return { $oid: id.toLowerCase() }
      throw new MongoError('BSONError', 'input must be a 24 character hex string, 12 byte Uint8Array, or an integer')
    }
    if (name === 'ObjectId' || args.length > 0) throw refused(`${name}(${args.length > 0 ? '…' : ''})`)
    return { $date: this.#now }
  }

  #object(): Value {
    const entries: [string, Value][] = []
    while (!this.#takes('}')) {
      const name = this.#next()
      if (!isText(name) && !isWord(name) && !/^\d+$/.test(name)) throw unexpected(name)
      this.#expect(':')
      entries.push([isText(name) ? unquoted(name) : name, this.#value()])
      if (this.#peek() !== '}') this.#expect(',')
    }
    return Object.fromEntries(entries)
  }
}

/** A quote that is never closed comes as a token of its own. */
const unexpected = (token: string): MongoError =>
  /^["']$/.test(token) ? new Unfinished() : new MongoError('SyntaxError', `Unexpected token '${token}'`)

export const chainsOf = (text: string, now: number): Chain[] => new Reader(text, now).all()

/** The document that stands there, or an empty one where none does. */
export function docOf(value: Value | undefined, what: string): { readonly [field: string]: Value } {
  if (value === undefined) return {}
  if (!isDoc(value)) throw refused(`${what} takes a document`)
  return value
}
