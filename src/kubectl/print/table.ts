/** Tables as kubectl's printer aligns them: three spaces between columns, as wide as the widest cell. */
import type { AnyObject } from '#api/meta.ts'
import { TABLE_TABS, tabbed } from './tab-writer.ts'

/** Aligned lines; the last column is not padded. Columns are at least six wide. */
export const align = (rows: readonly (readonly string[])[], remembered?: number[]): string =>
  tabbed(rows.map((row) => `${row.join('\t')}\n`).join(''), remembered ? { ...TABLE_TABS, remembered } : TABLE_TABS)

export interface TableOptions {
  wide: boolean
  noHeaders: boolean
  showKind?: string
  withNamespace: boolean
  showLabels: boolean
  labelColumns: string[]
}

interface Shape {
  heads: string[]
  /** Indexes of the shown columns. */
  columns: number[]
}

/** Head and rows of a server's Table, ready for {@link align}. */
export function tableRows(
  table: AnyObject,
  options: TableOptions,
  shape: Shape | null = null,
): { rows: string[][]; shape: Shape } {
  const known = shape ?? shapeOf(table, options)
  const rows = ((table['rows'] ?? []) as AnyObject[]).map((row) => {
    const meta = (row['object'] as AnyObject | undefined)?.metadata
    const cells = known.columns.map((i) => cell((row['cells'] as unknown[])[i]))
    if (options.showKind) cells[0] = `${options.showKind}/${cells[0]}`
    if (options.withNamespace) cells.unshift(meta?.namespace ?? '')
    for (const key of options.labelColumns) cells.push(meta?.labels?.[key] ?? '')
    if (options.showLabels) cells.push(labelText(meta?.labels))
    return cells
  })
  return { rows, shape: known }
}

function shapeOf(table: AnyObject, options: TableOptions): Shape {
  const definitions = (table['columnDefinitions'] ?? []) as { name: string; priority: number }[]
  const columns = definitions.flatMap((d, i) => (options.wide || d.priority === 0 ? [i] : []))
  const heads = columns.map((i) => (definitions[i] as { name: string }).name.toUpperCase())
  if (options.withNamespace) heads.unshift('NAMESPACE')
  for (const key of options.labelColumns) heads.push((key.split('/').at(-1) as string).toUpperCase())
  if (options.showLabels) heads.push('LABELS')
  return { heads, columns }
}

/** One line per row: what comes behind a line break is only hinted at. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = String(value)
  const cut = text.search(/[\f\n\r]/)
  return cut < 0 ? text : `${text.slice(0, cut)}...`
}

export const labelText = (labels: Record<string, string> | undefined): string => {
  const pairs = Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  return pairs.length ? pairs.map(([k, v]) => `${k}=${v}`).join(',') : '<none>'
}
