/** SELECT: rows of one table, filtered, grouped, sorted and cut. */
import { type Expression, expression, order, type Scope } from './sql-expression.ts'
import { type Cell, type Column, isNumeric, type Store, type Table, tableOf } from './sql-store.ts'
import { notHere, type Reader, SqlError } from './sql-words.ts'

export interface Rows {
  /** `scale`: digits behind the point. */
  columns: { name: string; numeric: boolean; scale?: number; logical?: boolean }[]
  rows: Cell[][]
}

/** What expressions know besides rows. */
export type World = Pick<Scope, 'variable' | 'call'>

export const scopeOf = (columns: readonly Column[], row: readonly Cell[], world: World): Scope => ({
  ...world,
  group: null,
  column(name) {
    const at = columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase())
    if (at < 0) throw new SqlError(1054, '42S22', `Unknown column '${name}' in 'field list'`)
    return row[at] ?? null
  },
})

export const NO_TABLE: Table = { columns: [], primary: [], unique: [], rows: [[]], nextAuto: 1 }

/** The rows (by index) that a WHERE lets through. */
export function filtered(table: Table, where: Expression | null, world: World): number[] {
  // Names are looked up even where there is no row.
  if (table.rows.length === 0) where?.value(scopeOf(table.columns, [], world))
  return table.rows.flatMap((row, i) => {
    const value = where ? where.value(scopeOf(table.columns, row, world)) : 1
    return value !== null && Number(value) !== 0 ? [i] : []
  })
}

export const whereOf = (read: Reader): Expression | null => (read.take('WHERE') ? expression(read) : null)

interface Shown {
  title: string
  of: Expression
}

function listOf(read: Reader): (Shown | '*')[] {
  const list: (Shown | '*')[] = []
  do {
    if (read.take('*')) list.push('*')
    else {
      const of = expression(read)
      const next = read.peek()
      const named =
        read.take('AS') || ((next?.kind === 'name' || next?.kind === 'quoted') && !KEYWORDS.has(next.text.toUpperCase()))
      list.push({ title: named ? read.word().text : read.exact ? (of.name ?? '?column?') : of.text, of })
    }
  } while (read.take(','))
  return list
}
const KEYWORDS = new Set(['FROM', 'WHERE', 'GROUP', 'ORDER', 'LIMIT', 'HAVING', 'UNION', 'INTO', 'FOR'])

export function select(read: Reader, store: Store, db: string | undefined, world: World): Rows {
  const distinct = read.take('DISTINCT')
  const list = listOf(read)
  let table = NO_TABLE
  if (read.take('FROM')) {
    const place = read.place()
    table = tableOf(store, place.db ?? db, place.name).table
    if (read.take(',') || ['JOIN', 'LEFT', 'RIGHT', 'INNER', 'CROSS'].some((word) => read.take(word))) throw notHere('JOIN')
  }
  const where = whereOf(read)
  const groups = read.take('GROUP', 'BY') ? expressions(read) : null
  if (read.take('HAVING') || read.take('UNION')) throw notHere('HAVING and UNION')
  const sorts = read.take('ORDER', 'BY') ? sortsOf(read) : []
  const limit = limitOf(read)
  read.end()
  const shown = list.flatMap((each): Shown[] =>
    each === '*'
      ? table.columns.map(({ name }) => ({
          title: name,
          of: { text: name, name, aggregate: false, value: (s) => s.column(name) },
        }))
      : [each],
  )
  if (list.includes('*') && table === NO_TABLE) throw new SqlError(1096, 'HY000', 'No tables used')
  const scopes = filtered(table, where, world).map((i) => scopeOf(table.columns, table.rows[i] ?? [], world))
  const units = groups || shown.some(({ of }) => of.aggregate) ? grouped(scopes, groups ?? [], world) : scopes
  if (units.length === 0)
    for (const { of } of shown) of.value({ ...scopeOf(table.columns, [], world), group: groups ? [] : null })
  const aliases = new Map(shown.map(({ title, of }) => [title.toLowerCase(), of]))
  const sorting = (a: Cell, b: Cell): number =>
    read.exact && (a === null || b === null) ? Number(a === null) - Number(b === null) : order(a, b)
  const sorted = [...units].sort((a, b) => {
    for (const { of, down } of sorts) {
      const by = aliases.get(of.text.toLowerCase()) ?? shown[Number(of.text) - 1]?.of ?? of
      const n = sorting(by.value(a), by.value(b))
      if (n !== 0) return down ? -n : n
    }
    return 0
  })
  let rows = sorted.map((scope) => shown.map(({ of }) => of.value(scope)))
  if (distinct) rows = [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()]
  const columns = shown.map(({ title, of }, i) => {
    const column = table.columns.find(({ name }) => name === (read.exact ? of.name : of.text))
    const scale = /^(?:decimal|numeric)\(\d+,(\d+)\)/.exec(column?.type ?? '')?.[1]
    return {
      name: title,
      ...(scale ? { scale: Number(scale) } : {}),
      ...(of.logical || column?.type === 'boolean' ? { logical: true } : {}),
      numeric: column ? isNumeric(column) : rows.length > 0 && rows.every((row) => typeof row[i] === 'number'),
    }
  })
  return { columns, rows: rows.slice(limit.skip, limit.skip + limit.count) }
}

function expressions(read: Reader): Expression[] {
  const all = [expression(read)]
  while (read.take(',')) all.push(expression(read))
  return all
}

function sortsOf(read: Reader): { of: Expression; down: boolean }[] {
  const sorts: { of: Expression; down: boolean }[] = []
  do {
    const of = expression(read)
    const down = read.take('DESC')
    if (!down) read.take('ASC')
    sorts.push({ of, down })
  } while (read.take(','))
  return sorts
}

export function limitOf(read: Reader): { skip: number; count: number } {
  if (!read.take('LIMIT')) return { skip: 0, count: Number.POSITIVE_INFINITY }
  const first = Number(read.word().text)
  if (read.take(',')) return { skip: first, count: Number(read.word().text) }
  return { skip: read.take('OFFSET') ? Number(read.word().text) : 0, count: first }
}

function grouped(scopes: readonly Scope[], by: readonly Expression[], world: World): Scope[] {
  const groups = new Map<string, Scope[]>()
  if (by.length === 0) groups.set('[]', [])
  for (const scope of scopes) {
    const key = JSON.stringify(by.map(({ value }) => value(scope)))
    const group = groups.get(key)
    if (group) group.push(scope)
    else groups.set(key, [scope])
  }
  return [...groups.values()].map((group) => ({ ...(group[0] ?? scopeOf([], [], world)), group }))
}
