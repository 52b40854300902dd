/** SQL text as words: names, strings, numbers and signs; and where one statement ends. */

export interface Word {
  kind: 'name' | 'quoted' | 'text' | 'number' | 'sign'
  /** As it is meant: without its quotes. */
  text: string
  /** Where it begins. */
  at: number
}

/** What is opened and never closed takes all that follows: it is looked for but once. */
const PATTERN =
  /\s+|--[^\n]*|#[^\n]*|\/\*[^]*?(?:\*\/|$)|`([^`]*)`|'((?:[^'\\]|\\[^]|'')*)'|"((?:[^"\\]|\\[^]|"")*)"|(\d+(?:\.\d+)?)|(@{0,2}[A-Za-z_][\w$]*)|(<=>|<>|!=|<=|>=|:=|\|\||&&|[-+*/%=<>(),.;])|(['"`][^]*|[^])/g

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0' }
const unquoted = (text: string, quote: string): string =>
  text.replaceAll(quote + quote, quote).replace(/\\([^])/g, (_, letter: string) => ESCAPES[letter] ?? letter)

export function wordsOf(sql: string): Word[] {
  const words: Word[] = []
  for (const match of sql.matchAll(PATTERN)) {
    const [, back, single, double, number, name, sign, other] = match
    const at = match.index
    if (back !== undefined) words.push({ kind: 'quoted', text: back, at })
    else if (single !== undefined) words.push({ kind: 'text', text: unquoted(single, "'"), at })
    else if (double !== undefined) words.push({ kind: 'text', text: unquoted(double, '"'), at })
    else if (number !== undefined) words.push({ kind: 'number', text: number, at })
    else if (name !== undefined) words.push({ kind: 'name', text: name, at })
    else if (sign !== undefined || other !== undefined) words.push({ kind: 'sign', text: sign ?? other ?? '', at })
  }
  return words
}

/** A line and those before it, of which no statement has ended; most lines end none, and need not be read for that. */
export const continued = (begun: string, line: string): ReturnType<typeof statementsOf> => {
  const text = `${begun}${begun === '' ? '' : '\n'}${line}`
  return line.includes(';') ? statementsOf(text) : { whole: [], rest: text }
}

/** The statements of a text, each without its `;`, and what is left that no `;` has ended. */
export function statementsOf(sql: string): { whole: string[]; rest: string } {
  const whole: string[] = []
  let from = 0
  for (const { kind, text, at } of wordsOf(sql)) {
    if (kind !== 'sign' || text !== ';') continue
    whole.push(sql.slice(from, at))
    from = at + 1
  }
  return { whole, rest: sql.slice(from) }
}

export class SqlError extends Error {
  readonly code: number
  readonly state: string
  /** Where in the statement. */
  readonly at: number | undefined
  constructor(code: number, state: string, message: string, at?: number) {
    super(message)
    this.code = code
    this.state = state
    this.at = at
  }
}

/** Of brackets within each other: no reader here goes deeper. */
const DEEPEST = 200
const STACK = 1_048_576
const USED = STACK - 20_000 + 1
export const tooDeep = (): SqlError =>
  new SqlError(
    1436,
    'HY000',
    `Thread stack overrun:  ${USED} bytes used of a ${STACK} byte stack, and 20000 bytes needed.  Use 'mysqld --thread_stack=#' to specify a bigger stack.`,
  )

/** Reads words one after another. */
export class Reader {
  readonly sql: string
  /** Texts differ by case, integers divide to integers, NULL sorts last: as PostgreSQL has it, not MySQL. */
  readonly exact: boolean
  readonly #words: readonly Word[]
  #next = 0
  #depth = 0

  constructor(sql: string, words: readonly Word[] = wordsOf(sql), exact = false) {
    this.sql = sql
    this.exact = exact
    this.#words = words
  }
  get over(): boolean {
    return this.#next >= this.#words.length
  }
  peek(ahead = 0): Word | undefined {
    return this.#words[this.#next + ahead]
  }
  /** Whether these words come next; then they are taken. */
  take(...texts: string[]): boolean {
    const fits = texts.every((text, i) => {
      const word = this.peek(i)
      return (word?.kind === 'name' || word?.kind === 'sign') && word.text.toUpperCase() === text
    })
    if (fits) this.#next += texts.length
    return fits
  }
  need(...texts: string[]): void {
    if (!this.take(...texts)) throw this.wrong()
  }
  word(): Word {
    const word = this.peek()
    if (!word) throw this.wrong()
    this.#next++
    return word
  }
  name(): string {
    const word = this.word()
    if (word.kind !== 'name' && word.kind !== 'quoted') {
      this.#next--
      throw this.wrong()
    }
    return word.text
  }
  /** `db.table`, or `table` alone. */
  place(): { db?: string; name: string } {
    const first = this.name()
    return this.take('.') ? { db: first, name: this.name() } : { name: first }
  }
  /** One level deeper in what is read. */
  within<T>(read: () => T): T {
    if (this.#depth >= DEEPEST) throw tooDeep()
    this.#depth++
    const found = read()
    this.#depth--
    return found
  }
  end(): void {
    if (!this.over) throw this.wrong()
  }
  wrong(): SqlError {
    const near = this.sql.slice(this.peek()?.at ?? this.sql.length).trim()
    return new SqlError(
      1064,
      '42000',
      `You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near '${near.slice(0, 80)}' at line 1`,
      this.peek()?.at ?? this.sql.length,
    )
  }
}

export const notHere = (what: string): SqlError =>
  new SqlError(1235, '42000', `This version of MySQL doesn't yet support '${what}' (it is simulated)`)
