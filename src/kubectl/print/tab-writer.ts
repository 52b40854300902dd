/** Columns of text between tabs, aligned as Go's text/tabwriter does it: a column is as wide as the widest of its block. */

export interface TabOptions {
  minWidth: number
  padding: number
  /** Widths are kept from one text to the next, and never shrink: for tables that are printed as they come (a watch). */
  remembered?: number[]
}

/** How kubectl aligns its tables, and how its describers do. */
export const TABLE_TABS: TabOptions = { minWidth: 6, padding: 3 }
export const DESCRIBE_TABS: TabOptions = { minWidth: 0, padding: 2 }

/** Cells end with a tab; what stands behind the last one belongs to no column. Lines that share a column stand in one block. */
export function tabbed(text: string, options: TabOptions): string {
  const lines = text.split('\n').map((line) => line.split('\t'))
  const out: string[] = []
  block(lines, 0, lines.length, [], options, out)
  return out.join('\n')
}

const width = (text: string): number => (/^[\x20-\x7e]*$/.test(text) ? text.length : [...text].length)

function block(lines: string[][], from: number, to: number, widths: number[], options: TabOptions, out: string[]): void {
  const column = widths.length
  let start = from
  for (let at = from; at < to; at++) {
    if (column >= (lines[at] as string[]).length - 1) continue
    write(lines, start, at, widths, out)
    start = at
    let widest = options.minWidth
    while (at < to && column < (lines[at] as string[]).length - 1) {
      widest = Math.max(widest, width((lines[at] as string[])[column] as string) + options.padding)
      at += 1
    }
    block(lines, start, at, [...widths, remember(options, column, widest)], options, out)
    start = at
  }
  write(lines, start, to, widths, out)
}

function remember({ remembered }: TabOptions, column: number, widest: number): number {
  if (!remembered) return widest
  return (remembered[column] = Math.max(remembered[column] ?? 0, widest))
}

function write(lines: string[][], from: number, to: number, widths: number[], out: string[]): void {
  for (const cells of lines.slice(from, to)) {
    out.push(cells.map((cell, i) => (i < widths.length ? cell + ' '.repeat((widths[i] as number) - width(cell)) : cell)).join(''))
  }
}
