/** What an SQL server keeps: databases of tables of rows, as plain data. */
import { SqlError } from './sql-words.ts'

export type Cell = string | number | null

export interface Column {
  name: string
  /** As written, lower case: `varchar(250)`. */
  type: string
  nullable: boolean
  default: Cell
  /** Its default is the time of the row's coming. */
  now?: boolean
  auto: boolean
}
export interface Table {
  columns: readonly Column[]
  /** Names of the columns of its primary key, and of unique ones. */
  primary: readonly string[]
  unique: readonly string[]
  rows: readonly (readonly Cell[])[]
  nextAuto: number
}
export type Tables = Readonly<Record<string, Table>>
export type Databases = Readonly<Record<string, Tables>>

export interface Store {
  databases: Databases
  /** Passwords. */
  users: Readonly<Record<string, string>>
  /** Grows with each change: replicas ask for what they have not. */
  version: number
}

const SYSTEM = ['information_schema', 'mysql', 'performance_schema', 'sys']
export const freshStore = (users: Record<string, string>, databases: readonly string[]): Store => ({
  databases: Object.fromEntries([...SYSTEM, ...databases].map((name) => [name, {}])),
  users,
  version: 1,
})

export function tablesOf({ databases }: Store, db: string | undefined): { db: string; tables: Tables } {
  if (db === undefined) throw new SqlError(1046, '3D000', 'No database selected')
  const tables = Object.hasOwn(databases, db) ? databases[db] : undefined
  if (!tables) throw new SqlError(1049, '42000', `Unknown database '${db}'`)
  return { db, tables }
}

export function tableOf(store: Store, db: string | undefined, name: string): { db: string; table: Table } {
  const found = tablesOf(store, db)
  const table = Object.hasOwn(found.tables, name) ? found.tables[name] : undefined
  if (!table) throw new SqlError(1146, '42S02', `Table '${found.db}.${name}' doesn't exist`)
  return { db: found.db, table }
}

export const withTables = (store: Store, db: string, tables: Tables): Store => ({
  ...store,
  databases: { ...store.databases, [db]: tables },
  version: store.version + 1,
})
export const withTable = (store: Store, db: string, name: string, table: Table): Store =>
  withTables(store, db, { ...store.databases[db], [name]: table })

const NUMBERS = /^(tinyint|smallint|mediumint|int|integer|bigint|decimal|numeric|float|double|bool|boolean|serial)\b/
export const isNumeric = ({ type }: Column): boolean => NUMBERS.test(type)

/** A value as a column keeps it. */
export function stored(column: Column, value: Cell, row: number): Cell {
  if (value === null) {
    if (column.nullable) return null
    throw new SqlError(1048, '23000', `Column '${column.name}' cannot be null`)
  }
  if (isNumeric(column)) {
    const number = Number(value)
    if (Number.isNaN(number))
      throw new SqlError(1366, 'HY000', `Incorrect integer value: '${value}' for column '${column.name}' at row ${row}`)
    if (!Number.isFinite(number))
      throw new SqlError(1264, '22003', `Out of range value for column '${column.name}' at row ${row}`)
    return /^(decimal|numeric|float|double)/.test(column.type) ? number : Math.round(number)
  }
  const text = String(value)
  const most = Number(/^(?:var)?char\((\d+)\)/.exec(column.type)?.[1] ?? Number.POSITIVE_INFINITY)
  if (text.length > most) throw new SqlError(1406, '22001', `Data too long for column '${column.name}' at row ${row}`)
  return text
}

/** Rows that are unique where they must be. */
export function checked(name: string, table: Table): Table {
  const keys = [...(table.primary.length > 0 ? [{ key: 'PRIMARY', columns: table.primary }] : [])]
  for (const column of table.unique) keys.push({ key: column, columns: [column] })
  for (const { key, columns } of keys) {
    const at = columns.map((column) => table.columns.findIndex((each) => each.name === column))
    const seen = new Set<string>()
    for (const row of table.rows) {
      const values = at.map((i) => row[i] ?? null)
      if (key !== 'PRIMARY' && values.includes(null)) continue
      const entry = values.join('-')
      if (seen.has(entry)) throw new SqlError(1062, '23000', `Duplicate entry '${entry}' for key '${name}.${key}'`)
      seen.add(entry)
    }
  }
  return table
}
