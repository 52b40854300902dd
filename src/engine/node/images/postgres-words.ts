/** PostgreSQL's words: its SQL as the statements of `sql-run.ts` read it, and what they complain of in its own words. */
import type { Tables } from './sql-store.ts'
import { SqlError, type Word, wordsOf } from './sql-words.ts'

export interface Trouble {
  message: string
  detail?: string
  hint?: string
  /** Where in the text that was sent. */
  at?: number
}

export const notSupported = (what: string): SqlError =>
  new SqlError(0, '0A000', `${what} is not supported by this simulation of PostgreSQL`)

/** What types are called here, by each name that they have. */
const TYPES: Readonly<Record<string, string>> = {
  ...{ int: 'integer', int4: 'integer', int8: 'bigint', int2: 'smallint', serial4: 'serial', serial8: 'bigserial' },
  ...{ bool: 'boolean', decimal: 'numeric', float4: 'float', real: 'float', float8: 'double', character: 'char' },
}
const ownOf = (names: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(names, name) ? names[name] : undefined
const SERIAL: Readonly<Record<string, string>> = { serial: 'integer', bigserial: 'bigint', smallserial: 'smallint' }
const LONG: readonly [words: readonly string[], one: string][] = [
  [['character', 'varying'], 'varchar'],
  [['double', 'precision'], 'double'],
  [['timestamp', 'with', 'time', 'zone'], 'timestamptz'],
  [['timestamp', 'without', 'time', 'zone'], 'timestamp'],
  [['generated', 'always', 'as', 'identity'], 'auto_increment'],
  [['generated', 'by', 'default', 'as', 'identity'], 'auto_increment'],
]
const KNOWN =
  /^(integer|bigint|smallint|boolean|numeric|float|double|text|varchar|char|timestamp|timestamptz|date|time|uuid|json|jsonb|bytea|inet)(\(|$)/

export function checkTypes(tables: Tables): void {
  for (const { columns } of Object.values(tables))
    for (const { type } of columns) if (!KNOWN.test(type)) throw new SqlError(0, '42704', `type "${type}" does not exist`)
}

const REFUSED =
  /^(join|returning|having|union|intersect|except|over|case|cast|ilike|similar|references|foreign|check|constraint|nulls|array|using|only|pg_\w+|information_schema)$/

/** Names are lower case unless they are quoted, and quotes are double; types have one name. */
export function postgresWords(sql: string): Word[] {
  const all = wordsOf(sql).flatMap((word): Word | Word[] => {
    if (word.kind === 'name' && /^(current|session)_user$/i.test(word.text))
      return [
        { ...word, text: word.text.toLowerCase() },
        ...['(', ')'].map((text): Word => ({ kind: 'sign', text, at: word.at })),
      ]
    if (word.kind === 'text' && sql[word.at] === '"') return { ...word, kind: 'quoted' }
    if (word.kind === 'text' && sql.slice(word.at + 1, word.at + 1 + word.text.length) !== word.text && !word.text.includes("'"))
      throw notSupported('a backslash in a text')
    return word.kind === 'name' ? { ...word, text: word.text.toLowerCase() } : word
  })
  for (const [i, { kind, text }] of all.entries()) {
    if (kind === 'name' && REFUSED.test(text)) throw notSupported(text.toUpperCase())
    if (kind === 'name' && text === 'on' && all[i + 1]?.text === 'conflict') throw notSupported('ON CONFLICT')
    if (kind === 'sign' && (text === '||' || (text === ':' && all[i + 1]?.text === ':')))
      throw notSupported(`the operator ${text === ':' ? '::' : text}`)
  }
  refuseSources(all)
  return all[0]?.text === 'create' && all.some(({ text }) => text === 'table') ? typed(all) : all
}

const AFTER = /^(where|group|order|limit|offset|for|window|set|values|default|join|left|right|inner|cross)$/

/** Rows come from one table by its name: no aliases, functions or selections. */
function refuseSources(all: readonly Word[]): void {
  for (const [i, { kind, text }] of all.entries()) {
    if (text === '(' && all[i + 1]?.kind === 'name' && all[i + 1]?.text === 'select') throw notSupported('a subquery')
    if (kind !== 'name' || (text !== 'from' && !(text === 'update' && i === 0))) continue
    const next = all[i + 2]?.text === '.' ? all[i + 4] : all[i + 2]
    if (next?.text === '(') throw notSupported('a function in FROM')
    const isName = next?.kind === 'quoted' || (next?.kind === 'name' && !AFTER.test(next.text))
    if (isName) throw notSupported('a table alias')
  }
}

function typed(all: readonly Word[]): Word[] {
  const words: Word[] = []
  for (let i = 0; i < all.length; i++) {
    const word = all[i] as Word
    const long = LONG.find(([long]) => long.every((text, k) => all[i + k]?.kind === 'name' && all[i + k]?.text === text))
    if (long) {
      words.push({ ...word, text: long[1] })
      i += long[0].length - 1
      continue
    }
    // A column's type follows its name; a column may be called as a type.
    const before = all[i - 1]
    const isType = word.kind === 'name' && (before?.kind === 'name' || before?.kind === 'quoted')
    const one = isType ? (ownOf(TYPES, word.text) ?? word.text) : word.text
    const serial = isType ? ownOf(SERIAL, one) : undefined
    const more = serial === undefined ? [] : ['auto_increment', 'not', 'null']
    words.push({ ...word, text: serial ?? one }, ...more.map((text): Word => ({ kind: 'name', text, at: word.at })))
  }
  return words
}

const quotedIn = (message: string): string => /(?:^[^']*|database )'([^']*)'/.exec(message.replace(/^Can't/, ''))?.[1] ?? ''

/** What MySQL's machine complains of, as PostgreSQL says it. */
export function troubleOf(error: SqlError, words: readonly Word[], tables: Tables): Trouble {
  const { code, message } = error
  const what = quotedIn(message).replace(/^public\./, '')
  const first = words[0]?.text ?? ''
  const table = words.find(({ kind, text }) => (kind === 'name' || kind === 'quoted') && Object.hasOwn(tables, text))?.text ?? ''
  const found = words.find(({ kind, text }) => (kind === 'name' || kind === 'quoted') && text === what)
  const here = found && !['drop', 'truncate'].includes(first) ? { at: found.at } : {}
  const lacking = /yet support '([^]*)' \(it/.exec(message)?.[1]
  if (lacking !== undefined) return { message: notSupported(lacking).message }
  switch (code) {
    case 0:
      return { message, ...(error.at === undefined ? {} : { at: error.at }) }
    case 1064:
      return syntax(error.at, words)
    case 1146:
      return { message: `relation "${what}" does not exist`, ...here }
    case 1049:
      return { message: `schema "${what}" does not exist`, ...here }
    case 1050:
      return { message: `relation "${what}" already exists` }
    case 1051:
      return { message: `table "${what}" does not exist` }
    case 1007:
      return { message: `database "${what}" already exists` }
    case 1008:
      return { message: `database "${what}" does not exist` }
    case 1054:
      return {
        message: `column "${what}"${first === 'select' || first === 'delete' ? '' : inTable(first, table)} does not exist`,
        ...here,
      }
    case 1096:
      return { message: 'SELECT * with no tables specified is not valid' }
    case 1062:
      return duplicate(message, tables)
    case 1048:
    case 1364:
      return { message: `null value in column "${what}" of relation "${table}" violates not-null constraint` }
    case 1264:
      return { message: `${typeOf(message, tables[table])} out of range` }
    case 1366:
    case 1406:
      return misfit(code, message, tables[table])
    case 1436:
      return { message: 'stack depth limit exceeded', hint: STACK }
    case 1111:
      return { message: 'aggregate functions are not allowed here' }
    default:
      return { message: notSupported(what || first.toUpperCase()).message }
  }
}

const STACK =
  'Increase the configuration parameter "max_stack_depth" (currently 2048kB), after ensuring the platform\'s stack depth limit is adequate.'

const inTable = (first: string, table: string): string =>
  first === 'insert' || first === 'update' ? ` of relation "${table}"` : ''

export function syntax(at: number | undefined, words: readonly Word[]): Trouble {
  const near = words.find((word) => word.at === at)
  const shown = near?.kind === 'text' ? `'${near.text}'` : near?.text
  const place = at === undefined ? {} : { at }
  const open = near?.kind === 'sign' ? /^['"]/.exec(near.text)?.[0] : undefined
  if (open) return { message: `unterminated quoted ${open === "'" ? 'string' : 'identifier'} at or near "${shown}"`, ...place }
  return { message: near ? `syntax error at or near "${shown}"` : 'syntax error at end of input', ...place }
}

function duplicate(message: string, tables: Tables): Trouble {
  const [, entry = '', table = '', key = ''] = /^Duplicate entry '([^]*)' for key '([^.]*)\.([^']*)'$/.exec(message) ?? []
  const columns = key === 'PRIMARY' ? (tables[table]?.primary ?? []) : [key]
  const constraint = key === 'PRIMARY' ? `${table}_pkey` : `${table}_${key}_key`
  const values = columns.length > 1 ? entry.split('-').join(', ') : entry
  return {
    message: `duplicate key value violates unique constraint "${constraint}"`,
    detail: `Key (${columns.join(', ')})=(${values}) already exists.`,
  }
}

function typeOf(message: string, table: Tables[string] | undefined): string {
  const name = /column '([^']*)'/.exec(message)?.[1]
  return (table?.columns.find((column) => column.name === name)?.type ?? 'integer').replace('varchar', 'character varying')
}

function misfit(code: number, message: string, table: Tables[string] | undefined): Trouble {
  const type = typeOf(message, table)
  if (code === 1366) return { message: `invalid input syntax for type ${type}: "${quotedIn(message)}"` }
  return { message: `value too long for type ${type.replace(/^char\(/, 'character(')}` }
}
