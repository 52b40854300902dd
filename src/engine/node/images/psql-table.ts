/** How psql draws what it is told: aligned, or bare. */
import type { Result } from './postgres-run.ts'
import type { Rows } from './sql-select.ts'

export interface Look {
  tuplesOnly: boolean
  aligned: boolean
  separator: string
  quiet: boolean
}

function cellsOf({ columns, rows }: Rows): string[][] {
  return rows.map((row) =>
    row.map((cell, i) => {
      const { scale, logical } = columns[i] ?? {}
      if (cell === null) return ''
      if (logical) return cell === 0 ? 'f' : 't'
      return typeof cell === 'number' && scale !== undefined ? cell.toFixed(Math.min(scale, 100)) : String(cell)
    }),
  )
}

const footer = (count: number): string => `(${count} row${count === 1 ? '' : 's'})\n`

export function draw(all: Rows, look: Look, title?: string): string {
  const cells = cellsOf(all)
  const names = all.columns.map(({ name }) => name)
  if (!look.aligned) {
    const line = (row: readonly string[]): string => `${row.join(look.separator)}\n`
    const body = cells.map(line).join('')
    return look.tuplesOnly ? body : `${title ? `${title}\n` : ''}${line(names)}${body}${footer(cells.length)}`
  }
  const lines = cells.map((row) => row.map((cell) => cell.split('\n')))
  const most = (column: number): number =>
    lines.reduce((longest, row) => (row[column] ?? []).reduce((all, line) => Math.max(all, line.length), longest), 0)
  const widths = names.map((name, i) => Math.max(name.length, most(i)))
  const body = lines.map((row) => drawn(row, all, widths)).join('')
  if (look.tuplesOnly) return `${body}\n`
  const middle = (name: string, width: number): string => {
    const left = Math.floor((width - name.length) / 2)
    return `${' '.repeat(left)}${name}${' '.repeat(width - name.length - left)}`
  }
  const head = names.map((name, i) => ` ${middle(name, widths[i] ?? 0)} `).join('|')
  const rule = widths.map((width) => '-'.repeat(width + 2)).join('+')
  const over = title ? `${' '.repeat(Math.max(0, Math.floor((rule.length - title.length) / 2)))}${title}\n` : ''
  return `${over}${head}\n${rule}\n${body}${footer(cells.length)}\n`
}

/** A row takes as many lines as its highest cell; a `+` stands where a cell goes on. */
function drawn(row: readonly (readonly string[])[], { columns }: Rows, widths: readonly number[]): string {
  const height = row.reduce((most, cell) => Math.max(most, cell.length), 1)
  const last = columns.length - 1
  return Array.from({ length: height }, (_, k) => {
    const parts = row.map((cell, i) => {
      const [line = '', width = 0, more] = [cell[k], widths[i] ?? 0, k < cell.length - 1]
      const { numeric, logical } = columns[i] ?? {}
      if (numeric && !logical) return ` ${line.padStart(width)}${i === last ? '' : ' '}`
      return i === last && !more ? ` ${line}` : ` ${line.padEnd(width)}${more ? '+' : ' '}`
    })
    return `${parts.join('|')}\n`
  }).join('')
}

export const shown = (result: Result, look: Look): string =>
  'tag' in result ? (look.quiet ? '' : `${result.tag}\n`) : draw(result, look)
