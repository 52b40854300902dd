/** SQL statements of MySQL: what each makes of the store, and what it answers. */
import { flush, grant, set } from './sql-accounts.ts'
import { expression, isLike } from './sql-expression.ts'
import { filtered, limitOf, type Rows, scopeOf, select, type World, whereOf } from './sql-select.ts'
import {
  type Cell,
  type Column,
  checked,
  type Store,
  stored,
  type Table,
  tableOf,
  tablesOf,
  withTable,
  withTables,
} from './sql-store.ts'
import { notHere, Reader, SqlError } from './sql-words.ts'

export interface Session {
  store: Store
  /** The database in use. */
  db?: string
  /** Whom a replica follows, and whether it does. */
  source?: { host: string; running: boolean }
}
export type Answer = Rows | { affected: number; info?: string } | { changed: true }
export type Done = { session: Session; answer: Answer }

const done = (session: Session, affected = 0, info?: string): Done => ({
  session,
  answer: { affected, ...(info ? { info } : {}) },
})
const list = (name: string, values: readonly string[]): Rows => ({
  columns: [{ name, numeric: false }],
  rows: values.map((value) => [value]),
})
const like = (read: Reader): ((text: string) => boolean) => {
  if (!read.take('LIKE')) return () => true
  const pattern = read.word().text
  return (text) => isLike(text, pattern)
}

type Statement = (read: Reader, session: Session, world: World) => Done

/** Statements that change something: refused where all is read only. */
export const WRITES = /^\s*(create|drop|truncate|insert|replace|update|delete|alter|grant)\b/i

const STATEMENTS: Readonly<Record<string, Statement>> = {
  SELECT: (read, session, world) => ({ session, answer: select(read, session.store, session.db, world) }),
  USE(read, session) {
    const { db } = tablesOf(session.store, read.name())
    return { session: { ...session, db }, answer: { changed: true } }
  },
  SHOW: show,
  DESCRIBE: describe,
  DESC: describe,
  CREATE: create,
  DROP: drop,
  INSERT: insert,
  REPLACE: insert,
  UPDATE: update,
  DELETE: remove,
  TRUNCATE(read, session) {
    read.take('TABLE')
    const { db, name, table } = named(read, session)
    return done({ ...session, store: withTable(session.store, db, name, { ...table, rows: [], nextAuto: 1 }) })
  },
  GRANT: grant,
  FLUSH: flush,
  SET: set,
  CHANGE: follow,
  START: (read, session) => replicate(read, session, true),
  STOP: (read, session) => replicate(read, session, false),
  RESET: forget,
}

export const run = (sql: string, session: Session, world: World): Done => runWith(new Reader(sql), session, world)

export function runWith(read: Reader, session: Session, world: World): Done {
  const word = read.peek()
  if (!word) throw new SqlError(1065, '42000', 'Query was empty')
  const statement = Object.hasOwn(STATEMENTS, word.text.toUpperCase()) ? STATEMENTS[word.text.toUpperCase()] : undefined
  if (/^(alter|begin|commit|rollback|lock|unlock|call|prepare|explain|with|analyze)$/i.test(word.text))
    throw notHere(word.text.toUpperCase())
  if (!statement || word.kind !== 'name') throw read.wrong()
  read.word()
  return statement(read, session, world)
}

function named(read: Reader, session: Session): { db: string; name: string; table: Table } {
  const place = read.place()
  return { name: place.name, ...tableOf(session.store, place.db ?? session.db, place.name) }
}

// ——— looking

function show(read: Reader, session: Session, world: World): Done {
  const { store, db } = session
  const answered = (answer: Rows): Done => ({ session, answer })
  if (read.take('DATABASES') || read.take('SCHEMAS')) {
    const fits = like(read)
    return answered(list('Database', Object.keys(store.databases).filter(fits).sort()))
  }
  read.take('FULL')
  if (read.take('TABLES')) {
    const found = tablesOf(store, read.take('FROM') || read.take('IN') ? read.name() : db)
    const fits = like(read)
    return answered(list(`Tables_in_${found.db}`, Object.keys(found.tables).filter(fits).sort()))
  }
  if (read.take('COLUMNS', 'FROM') || read.take('FIELDS', 'FROM')) return describe(read, session)
  if (read.take('GLOBAL', 'VARIABLES') || read.take('SESSION', 'VARIABLES') || read.take('VARIABLES')) {
    const fits = like(read)
    const names = VARIABLES.filter(fits)
    return answered({
      columns: [
        { name: 'Variable_name', numeric: false },
        { name: 'Value', numeric: false },
      ],
      rows: names.map((name) => [name, String(world.variable(name) ?? '')]),
    })
  }
  if (read.take('SLAVE', 'STATUS') || read.take('REPLICA', 'STATUS')) return answered(replicaStatus(session))
  throw notHere(`SHOW ${read.peek()?.text ?? ''}`)
}
const VARIABLES = ['hostname', 'port', 'read_only', 'server_id', 'super_read_only', 'version']

function replicaStatus({ source }: Session): Rows {
  const state = source?.running ? 'Yes' : 'No'
  const fields: [string, string][] = source
    ? [
        ['Slave_IO_State', source.running ? 'Waiting for master to send event' : ''],
        ['Master_Host', source.host],
        ['Slave_IO_Running', state],
        ['Slave_SQL_Running', state],
        ['Seconds_Behind_Master', source.running ? '0' : 'NULL'],
      ]
    : []
  return { columns: fields.map(([name]) => ({ name, numeric: false })), rows: source ? [fields.map(([, value]) => value)] : [] }
}

function describe(read: Reader, session: Session): Done {
  const { table } = named(read, session)
  const key = ({ name }: Column): string => (table.primary.includes(name) ? 'PRI' : table.unique.includes(name) ? 'UNI' : '')
  const rows = table.columns.map((column): Cell[] => [
    column.name,
    column.type,
    column.nullable ? 'YES' : 'NO',
    key(column),
    column.default === null ? null : String(column.default),
    column.auto ? 'auto_increment' : '',
  ])
  const columns = ['Field', 'Type', 'Null', 'Key', 'Default', 'Extra'].map((name) => ({ name, numeric: false }))
  return { session, answer: { columns, rows } }
}

// ——— making

function create(read: Reader, session: Session, world: World): Done {
  const { store } = session
  if (read.take('DATABASE') || read.take('SCHEMA')) {
    const quiet = read.take('IF', 'NOT', 'EXISTS')
    const name = read.name()
    if (!Object.hasOwn(store.databases, name)) return done({ ...session, store: withTables(store, name, {}) }, 1)
    if (quiet) return done(session, 1)
    throw new SqlError(1007, 'HY000', `Can't create database '${name}'; database exists`)
  }
  if (read.take('USER')) {
    read.take('IF', 'NOT', 'EXISTS')
    const name = read.word().text
    while (!read.over && !read.take('BY')) read.word()
    const password = read.over ? '' : read.word().text
    return done({ ...session, store: { ...store, users: { ...store.users, [name]: password }, version: store.version + 1 } })
  }
  read.take('TEMPORARY')
  if (!read.take('TABLE')) throw notHere(`CREATE ${read.peek()?.text ?? ''}`)
  const quiet = read.take('IF', 'NOT', 'EXISTS')
  const place = read.place()
  const { db, tables } = tablesOf(store, place.db ?? session.db)
  if (Object.hasOwn(tables, place.name)) {
    if (quiet) return done(session)
    throw new SqlError(1050, '42S01', `Table '${place.name}' already exists`)
  }
  return done({ ...session, store: withTable(store, db, place.name, definition(read, world)) })
}

function definition(read: Reader, world: World): Table {
  const made = { columns: [] as Column[], primary: [] as string[], unique: [] as string[] }
  read.need('(')
  do {
    if (read.take('PRIMARY', 'KEY')) made.primary.push(...namesIn(read))
    else if (read.take('UNIQUE', 'KEY') || read.take('UNIQUE', 'INDEX') || read.take('UNIQUE')) {
      if (!isOpen(read)) read.name()
      made.unique.push(...namesIn(read))
    } else if (read.take('KEY') || read.take('INDEX')) {
      if (!isOpen(read)) read.name()
      namesIn(read)
    } else column(read, made, world)
  } while (read.take(','))
  read.need(')')
  const columns = made.columns.map((each) => (made.primary.includes(each.name) ? { ...each, nullable: false } : each))
  return { ...made, columns, rows: [], nextAuto: 1 }
}
const isOpen = (read: Reader): boolean => read.peek()?.text === '('

function namesIn(read: Reader): string[] {
  read.need('(')
  const names = [read.name()]
  while (read.take(',')) names.push(read.name())
  read.need(')')
  return names
}

function column(read: Reader, made: { columns: Column[]; primary: string[]; unique: string[] }, world: World): void {
  const name = read.name()
  let type = read.name().toLowerCase()
  if (isOpen(read)) {
    type += '('
    read.word()
    while (!read.take(')')) type += read.word().text
    type += ')'
  }
  if (read.take('UNSIGNED')) type += ' unsigned'
  const made1: Column = { name, type, nullable: true, default: null, auto: false }
  for (;;) {
    if (read.take('NOT', 'NULL')) made1.nullable = false
    else if (read.take('NULL')) made1.nullable = true
    else if (read.take('AUTO_INCREMENT')) made1.auto = true
    else if (read.take('PRIMARY', 'KEY')) made.primary.push(name)
    else if (read.take('UNIQUE')) made.unique.push(name)
    else if (read.take('DEFAULT')) {
      const { text, value } = expression(read)
      if (/^(now|current_timestamp)\b/i.test(text)) made1.now = true
      else made1.default = value(scopeOf([], [], world))
    } else if (read.take('COMMENT')) read.word()
    else break
  }
  made.columns.push(made1)
}

function drop(read: Reader, session: Session): Done {
  const { store } = session
  if (read.take('DATABASE') || read.take('SCHEMA')) {
    const quiet = read.take('IF', 'EXISTS')
    const name = read.name()
    const { [name]: gone, ...databases } = store.databases
    if (!gone && !quiet) throw new SqlError(1008, 'HY000', `Can't drop database '${name}'; database doesn't exist`)
    const { db: _db, ...rest } = session
    const next = { ...store, databases, version: store.version + 1 }
    return done({ ...(session.db === name ? rest : session), store: next }, Object.keys(gone ?? {}).length)
  }
  if (!read.take('TABLE')) throw notHere(`DROP ${read.peek()?.text ?? ''}`)
  const quiet = read.take('IF', 'EXISTS')
  const place = read.place()
  const { db, tables } = tablesOf(store, place.db ?? session.db)
  const { [place.name]: gone, ...rest } = tables
  if (!gone && !quiet) throw new SqlError(1051, '42S02', `Unknown table '${db}.${place.name}'`)
  return done({ ...session, store: withTables(store, db, rest) })
}

// ——— writing

function insert(read: Reader, session: Session, world: World): Done {
  read.take('IGNORE')
  read.take('INTO')
  const { db, name, table } = named(read, session)
  const listed = isOpen(read)
  const names = listed ? namesIn(read) : table.columns.map((each) => each.name)
  for (const each of names)
    if (!table.columns.some((c) => c.name === each)) throw new SqlError(1054, '42S22', `Unknown column '${each}' in 'field list'`)
  if (!read.take('VALUES') && !read.take('VALUE')) throw notHere('INSERT … SELECT')
  const rows: Cell[][] = []
  let { nextAuto } = table
  do {
    const values = valuesIn(read, world)
    if (read.exact) fitting(values.length, names.length, listed)
    else if (values.length !== names.length)
      throw new SqlError(1136, '21S01', `Column count doesn't match value count at row ${rows.length + 1}`)
    rows.push(
      table.columns.map((each) => {
        const at = names.indexOf(each.name)
        const told = at < 0 ? undefined : values[at]
        const given = told !== undefined ? told : each.now ? nowFor(each, world) : each.default
        if (each.auto && (given === null || given === 0)) return nextAuto++
        if (told === undefined && given === null && !each.nullable)
          throw new SqlError(1364, 'HY000', `Field '${each.name}' doesn't have a default value`)
        const value = stored(each, given, rows.length + 1)
        if (each.auto) nextAuto = Math.max(nextAuto, Number(value) + 1)
        return value
      }),
    )
  } while (read.take(','))
  read.end()
  const next = checked(name, { ...table, rows: [...table.rows, ...rows], nextAuto })
  const info = rows.length > 1 ? `Records: ${rows.length}  Duplicates: 0  Warnings: 0` : undefined
  return done({ ...session, store: withTable(session.store, db, name, next) }, rows.length, info)
}

/** PostgreSQL takes fewer values than there are columns where none are named. */
function fitting(values: number, names: number, listed: boolean): void {
  if (values > names) throw new SqlError(0, '42601', 'INSERT has more expressions than target columns')
  if (values < names && listed) throw new SqlError(0, '42601', 'INSERT has more target columns than expressions')
}

const nowFor = ({ type }: Column, world: World): Cell => {
  const now = world.call('NOW') ?? null
  return type === 'timestamp' && typeof now === 'string' ? now.replace(/\+00$/, '') : now
}

/** Undefined: the column's default. */
function valuesIn(read: Reader, world: World): (Cell | undefined)[] {
  read.need('(')
  const values: (Cell | undefined)[] = []
  if (read.take(')')) return values
  do {
    values.push(read.take('DEFAULT') ? undefined : expression(read).value(scopeOf([], [], world)))
  } while (read.take(','))
  read.need(')')
  return values
}

function update(read: Reader, session: Session, world: World): Done {
  const { db, name, table } = named(read, session)
  read.need('SET')
  const sets: { at: number; value: ReturnType<typeof expression> }[] = []
  do {
    const column = read.name()
    const at = table.columns.findIndex((each) => each.name === column)
    if (at < 0) throw new SqlError(1054, '42S22', `Unknown column '${column}' in 'field list'`)
    read.need('=')
    sets.push({ at, value: expression(read) })
  } while (read.take(','))
  const where = whereOf(read)
  const { count } = limitOf(read)
  read.end()
  const hit = new Set(filtered(table, where, world).slice(0, count))
  let changed = 0
  const rows = table.rows.map((row, i) => {
    if (!hit.has(i)) return row
    const next = [...row]
    for (const { at, value } of sets)
      next[at] = stored(table.columns[at] as Column, value.value(scopeOf(table.columns, row, world)), i + 1)
    if (next.some((cell, k) => cell !== row[k])) changed++
    return next
  })
  const store = withTable(session.store, db, name, checked(name, { ...table, rows }))
  return done({ ...session, store }, changed, `Rows matched: ${hit.size}  Changed: ${changed}  Warnings: 0`)
}

function remove(read: Reader, session: Session, world: World): Done {
  read.need('FROM')
  const { db, name, table } = named(read, session)
  const where = whereOf(read)
  const { count } = limitOf(read)
  read.end()
  const hit = new Set(filtered(table, where, world).slice(0, count))
  const rows = table.rows.filter((_, i) => !hit.has(i))
  return done({ ...session, store: withTable(session.store, db, name, { ...table, rows }) }, hit.size)
}

// ——— replication

function follow(read: Reader, session: Session): Done {
  if (!read.take('MASTER', 'TO') && !read.take('REPLICATION', 'SOURCE', 'TO')) throw read.wrong()
  let host = session.source?.host ?? ''
  do {
    const option = read.name().toUpperCase()
    read.need('=')
    const value = read.word().text
    if (option === 'MASTER_HOST' || option === 'SOURCE_HOST') host = value
  } while (read.take(','))
  return done({ ...session, source: { host, running: session.source?.running ?? false } })
}

function replicate(read: Reader, session: Session, running: boolean): Done {
  if (!read.take('SLAVE') && !read.take('REPLICA')) throw notHere(`${running ? 'START' : 'STOP'} ${read.peek()?.text ?? ''}`)
  if (!session.source)
    throw new SqlError(1200, 'HY000', 'The server is not configured as slave; fix in config file or with CHANGE MASTER TO')
  return done({ ...session, source: { ...session.source, running } })
}

/** A replica that follows nobody any more. */
function forget(read: Reader, session: Session): Done {
  if (!read.take('SLAVE') && !read.take('REPLICA')) throw notHere(`RESET ${read.peek()?.text ?? ''}`)
  read.take('ALL')
  read.end()
  const { source: _source, ...alone } = session
  return done(alone)
}
