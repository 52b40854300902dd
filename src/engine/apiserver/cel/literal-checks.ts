/** Literals that can't be right: durations, timestamps, regular expressions, mixed lists, formats (cel-go's AST validators). */
import { compileRegexp } from '#api/regexp/index.ts'
import { children, type Expr, type ListExpr, type MapExpr } from './ast.ts'
import type { Issue } from './errors.ts'
import { formatIssues } from './format-checks.ts'
import { parseDuration, parseTimestamp } from './time.ts'
import { type CelType, DYN, sameType, typeText, unwrapped } from './types.ts'

function wrong(fn: string, text: string): boolean {
  if (fn === 'duration') return parseDuration(text) === null
  if (fn === 'timestamp') return parseTimestamp(text) === null
  return fn === 'matches' && typeof compileRegexp(text) === 'string'
}

const typed = (expr: Expr, optional: boolean): CelType => (optional ? unwrapped(expr.type ?? DYN) : (expr.type ?? DYN))

const mixed = ({ at }: Expr, expected: CelType, found: CelType): Issue => ({
  at,
  message: `expected type '${typeText(expected)}' but found '${typeText(found)}'`,
})

/** The first element of another type than the one before all. */
function mixedList({ elements, optional }: ListExpr): Issue[] {
  const types = elements.map((element, i) => typed(element, optional.has(i)))
  const [first] = types
  const other = types.findIndex((type) => !sameType(first as CelType, type))
  return other < 0 ? [] : [mixed(elements[other] as Expr, first as CelType, types[other] as CelType)]
}

function mixedMap({ entries: [first, ...others] }: MapExpr): Issue[] {
  if (!first) return []
  const [keyType, valueType] = [typed(first.key, false), typed(first.value, first.optional)]
  return others.flatMap(({ key, value, optional }) => [
    ...(sameType(keyType, typed(key, false)) ? [] : [mixed(key, keyType, typed(key, false))]),
    ...(sameType(valueType, typed(value, optional)) ? [] : [mixed(value, valueType, typed(value, optional))]),
  ])
}

/** What is formatted may be of several types. */
export function literalIssues(expr: Expr, found: Issue[] = [], formatted = false): Issue[] {
  if (expr.kind === 'list' && !formatted) found.push(...mixedList(expr))
  if (expr.kind === 'map' && !formatted) found.push(...mixedMap(expr))
  if (expr.kind === 'call') {
    const arg = expr.args.at(-1)
    if (arg?.kind === 'literal' && typeof arg.value === 'string' && wrong(expr.fn, arg.value)) {
      found.push({ at: arg.at, message: `invalid ${expr.fn} argument` })
    }
    if (expr.fn === 'format') found.push(...formatIssues(expr))
  }
  const inFormat = formatted || (expr.kind === 'call' && expr.fn === 'format')
  for (const child of children(expr)) literalIssues(child, found, inFormat)
  return found
}
