/** SQL as PostgreSQL takes it: one text of statements, of which all hold or none. */
import { checkTypes, notSupported, postgresWords, syntax, type Trouble, troubleOf } from './postgres-words.ts'
import { type Answer, runWith } from './sql-run.ts'
import type { Rows, World } from './sql-select.ts'
import type { Store, Tables } from './sql-store.ts'
import { Reader, SqlError, type Word, wordsOf } from './sql-words.ts'

export type Result = { tag: string } | Rows
export interface Ran {
  store: Store
  results: Result[]
  notices: string[]
  trouble?: Trouble
}

const TAKEN = new Set(['select', 'create', 'drop', 'insert', 'update', 'delete', 'truncate'])
const KNOWN =
  /^(alter|analyze|begin|call|checkpoint|close|comment|commit|copy|declare|do|end|execute|explain|fetch|grant|listen|lock|merge|notify|prepare|reindex|reset|revoke|rollback|savepoint|set|show|start|table|vacuum|values|with)$/

/** Statements with where each begins. */
function partsOf(sql: string): { text: string; from: number }[] {
  const parts: { text: string; from: number }[] = []
  let from = 0
  for (const { kind, text, at } of wordsOf(sql))
    if (kind === 'sign' && text === ';') {
      parts.push({ text: sql.slice(from, at), from })
      from = at + 1
    }
  return [...parts, { text: sql.slice(from), from }].filter(({ text }) => wordsOf(text).length > 0)
}

export function runPostgres(sql: string, store: Store, db: string, world: World): Ran {
  const ran: Ran = { store, results: [], notices: [] }
  const parts = partsOf(sql)
  for (const { text, from } of parts) {
    let words: Word[] = wordsOf(text)
    try {
      words = postgresWords(text)
      one(text, words, ran, db, world, parts.length > 1)
    } catch (error) {
      if (!(error instanceof SqlError)) throw error
      const trouble = troubleOf(error, words, ran.store.databases[db] ?? {})
      return { ...ran, store, trouble: trouble.at === undefined ? trouble : { ...trouble, at: trouble.at + from } }
    }
  }
  return ran
}

function one(text: string, words: readonly Word[], ran: Ran, db: string, world: World, together: boolean): void {
  const [first, second] = words.map((word) => word.text)
  if (!TAKEN.has(first ?? '')) {
    if (KNOWN.test(first ?? '')) throw notSupported((first ?? '').toUpperCase())
    const { message, at } = syntax(words[0]?.at, words)
    throw new SqlError(0, '42601', message.replace(first ?? '', text.slice(at).match(/^\w+/)?.[0] ?? first ?? ''), at)
  }
  if ((first === 'create' || first === 'drop') && second !== 'table') {
    if (second === 'database') return database(text, words, ran, db, world, together)
    if (first === 'create' && second === 'user') return user(words, ran)
    throw notSupported(`${first} ${second ?? ''}`.toUpperCase())
  }
  if (skipped(words, ran, db)) return
  // The database's tables are those of the schema `public`; other databases are out of reach.
  const within: Store = { ...ran.store, databases: { public: ran.store.databases[db] ?? {} } }
  const { session, answer } = runWith(new Reader(text, words, true), { store: within, db: 'public' }, world)
  const tables: Tables = session.store.databases['public'] ?? {}
  if (first === 'create') checkTypes(tables)
  if (session.store !== within)
    ran.store = { ...ran.store, databases: { ...ran.store.databases, [db]: tables }, version: session.store.version }
  ran.results.push('rows' in answer ? answer : { tag: tagOf(first ?? '', answer) })
}

function tagOf(first: string, answer: Answer): string {
  const count = 'affected' in answer ? answer.affected : 0
  // What an UPDATE finds counts, changed or not.
  const matched = 'affected' in answer ? /^Rows matched: (\d+)/.exec(answer.info ?? '')?.[1] : undefined
  if (first === 'insert') return `INSERT 0 ${count}`
  if (first === 'update' || first === 'delete') return `${first.toUpperCase()} ${matched ?? count}`
  return `${first.toUpperCase()} TABLE`
}

/** `IF [NOT] EXISTS`, where it holds, is told about. */
function skipped(words: readonly Word[], ran: Ran, db: string): boolean {
  const texts = words.map(({ text }) => text)
  const at = texts.indexOf('if')
  if (texts[1] !== 'table' || at !== 2) return false
  const making = texts[3] === 'not'
  const start = making ? 5 : 4
  const name = texts[start + 1] === '.' ? texts[start + 2] : texts[start]
  if (Object.hasOwn(ran.store.databases[db] ?? {}, name ?? '') !== making) return false
  ran.notices.push(making ? `relation "${name}" already exists, skipping` : `table "${name}" does not exist, skipping`)
  ran.results.push({ tag: making ? 'CREATE TABLE' : 'DROP TABLE' })
  return true
}

function database(text: string, words: readonly Word[], ran: Ran, db: string, world: World, together: boolean): void {
  const what = words[0]?.text.toUpperCase()
  const name = words.at(-1)?.text ?? ''
  if (together) throw new SqlError(0, '25001', `${what} DATABASE cannot run inside a transaction block`)
  if (what === 'CREATE' && words[2]?.text === 'if') {
    const { message, at } = syntax(words[3]?.at, words)
    throw new SqlError(0, '42601', message, at)
  }
  const most = words[2]?.text === 'if' ? 5 : 3
  if (words.length > most) throw notSupported(`${what} DATABASE with options`)
  if (what === 'DROP' && name === db) throw new SqlError(0, '55006', 'cannot drop the currently open database')
  if (what === 'DROP' && name.startsWith('template')) throw new SqlError(0, '42809', 'cannot drop a template database')
  if (what === 'DROP' && most === 5 && !Object.hasOwn(ran.store.databases, name))
    ran.notices.push(`database "${name}" does not exist, skipping`)
  ran.store = runWith(new Reader(text, words, true), { store: ran.store }, world).session.store
  ran.results.push({ tag: `${what} DATABASE` })
}

/** `CREATE USER name [WITH] [SUPERUSER] [PASSWORD '…']`: every user may do everything here. */
function user(words: readonly Word[], ran: Ran): void {
  const name = words[2]?.text ?? ''
  const rest = words.slice(3).filter(({ text }) => !/^(with|encrypted|superuser|login)$/.test(text))
  const [word, password, more] = rest
  if (more || (word && (word.text !== 'password' || password?.kind !== 'text')))
    throw notSupported('CREATE USER with such options')
  if (Object.hasOwn(ran.store.users, name)) throw new SqlError(0, '42710', `role "${name}" already exists`)
  const users = { ...ran.store.users, [name]: password?.text ?? '' }
  ran.store = { ...ran.store, users, version: ran.store.version + 1 }
  ran.results.push({ tag: 'CREATE ROLE' })
}
