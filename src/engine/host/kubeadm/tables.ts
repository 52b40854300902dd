/** Columns as Go's tabwriter sets them: at least ten wide, three blanks between. */

const LEAST = 10
const BETWEEN = 3

/** The last cell of a line is not padded. */
export function table(lines: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const cells of lines)
    for (const [i, cell] of cells.slice(0, -1).entries()) widths[i] = Math.max(widths[i] ?? LEAST, cell.length + BETWEEN)
  return lines
    .map((cells) => `${cells.map((cell, i) => (i < cells.length - 1 ? cell.padEnd(widths[i] ?? 0) : cell)).join('')}\n`)
    .join('')
}
