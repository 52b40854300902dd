/** What may be wrong with an expression: issues when it is compiled, an error when it is evaluated. */

/** A runtime error, in cel-go's words. Absorbed by `&&`, `||` and `?:` as the language says. */
export class CelError extends Error {}

/** The evaluation was stopped because it cost too much; never absorbed. */
export class CostExceeded extends Error {
  constructor() {
    super('operation cancelled: actual cost limit exceeded')
  }
}

export interface Issue {
  /** Offset in the expression, counted in UTF-16 units; -1 for none. */
  readonly at: number
  readonly message: string
}

const MOST_ISSUES = 100
const LONGEST_SNIPPET = 16384

/** `ERROR: <input>:1:5: …` with the line it is about and a caret below the place (common.Error.ToDisplayString). */
function display(source: string, { at, message }: Issue): string {
  if (at < 0) return `ERROR: <input>:-1:0: ${message}`
  const before = source.slice(0, at)
  const line = before.split('\n').length
  const column = [...before.slice(before.lastIndexOf('\n') + 1)].length
  const text = (source.split('\n')[line - 1] ?? '').replaceAll('\t', ' ')
  // ANTLR has no place for the end of nothing.
  const head = `ERROR: <input>:${line}:${source === '' ? 0 : column + 1}: ${message}`
  const chars = [...text]
  if (source === '') return head
  if (chars.length > LONGEST_SNIPPET) return head
  const wide = (char: string | undefined): boolean => char !== undefined && (char.codePointAt(0) ?? 0) > 0x7f
  const dots = chars.slice(0, column).map((char) => (wide(char) ? '\uff0e' : '.'))
  return `${head}\n | ${text}\n | ${dots.join('')}${wide(chars[column]) ? '\uff3e' : '^'}`
}

/** All issues in the order of their places. */
export function displayIssues(source: string, issues: readonly Issue[]): string {
  const sorted = issues.slice(0, MOST_ISSUES).sort((a, b) => a.at - b.at)
  const lines = sorted.map((issue) => display(source, issue))
  if (issues.length > MOST_ISSUES) lines.push(`${issues.length - MOST_ISSUES} more errors were truncated`)
  return lines.join('\n')
}
