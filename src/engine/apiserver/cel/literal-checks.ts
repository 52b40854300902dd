/** Literal arguments that can't be right: durations, timestamps, regular expressions (cel-go's AST validators). */
import { compileRegexp } from '#api/regexp/index.ts'
import { children, type Expr } from './ast.ts'
import type { Issue } from './errors.ts'
import { parseDuration, parseTimestamp } from './time.ts'

function wrong(fn: string, text: string): boolean {
  if (fn === 'duration') return parseDuration(text) === null
  if (fn === 'timestamp') return parseTimestamp(text) === null
  return fn === 'matches' && typeof compileRegexp(text) === 'string'
}

export function literalIssues(expr: Expr, found: Issue[] = []): Issue[] {
  if (expr.kind === 'call') {
    const arg = expr.args.at(-1)
    if (arg?.kind === 'literal' && typeof arg.value === 'string' && wrong(expr.fn, arg.value)) {
      found.push({ at: arg.at, message: `invalid ${expr.fn} argument` })
    }
  }
  for (const child of children(expr)) literalIssues(child, found)
  return found
}
