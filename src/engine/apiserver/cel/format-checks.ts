/** Formats that are known before anything runs: whether their clauses take what they are given (cel-go's string_format validator). */
import type { Call, Expr } from './ast.ts'
import { CelError, type Issue } from './errors.ts'
import { interpolate, REFUSALS } from './library/format-text.ts'
import type { CelType, Kind } from './types.ts'

const TAKEN: Readonly<Record<string, readonly Kind[]>> = {
  s: ['list', 'map', 'int', 'uint', 'double', 'bool', 'string', 'timestamp', 'bytes', 'duration', 'type', 'null', 'dyn'],
  d: ['int', 'uint', 'dyn'],
  f: ['double', 'string', 'dyn'],
  e: ['double', 'string', 'dyn'],
  b: ['int', 'uint', 'bool', 'dyn'],
  x: ['int', 'uint', 'string', 'bytes', 'dyn'],
  o: ['int', 'uint', 'dyn'],
}
const RUNTIME: Partial<Record<Kind, string>> = {
  timestamp: 'google.protobuf.Timestamp',
  duration: 'google.protobuf.Duration',
  null: 'null_type',
}

/** The first expression that the clause does not take; `%s` looks into lists and maps that are written out. */
function misfit(letter: string, expr: Expr): Expr | null {
  if (!TAKEN[letter]?.includes(expr.type?.kind ?? 'dyn')) return expr
  if (letter !== 's') return null
  const inner =
    expr.kind === 'list' ? expr.elements : expr.kind === 'map' ? expr.entries.flatMap(({ key, value }) => [key, value]) : []
  for (const one of inner) {
    const found = misfit(letter, one)
    if (found) return found
  }
  return null
}

const nameOf = ({ kind, name }: CelType): string => RUNTIME[kind] ?? name

export function formatIssues({ at, target, args }: Call): Issue[] {
  const [list] = args
  if (target?.kind !== 'literal' || typeof target.value !== 'string' || list?.kind !== 'list') return []
  let [asked, place] = [0, at]
  try {
    interpolate(target.value, list.elements.length, (clause, _precision, i) => {
      asked++
      const letter = clause.toLowerCase()
      const wrong = misfit(letter, list.elements[i] as Expr)
      if (!wrong) return ''
      place = wrong.at
      throw new CelError(`error during formatting: ${REFUSALS[letter]}, was given ${nameOf(wrong.type as CelType)}`)
    })
  } catch (error) {
    if (!(error instanceof CelError)) throw error
    return [{ at: place, message: error.message }]
  }
  const given = list.elements.length
  if (given <= asked) return []
  return [{ at, message: `too many arguments supplied to string.format (expected ${asked}, got ${given})` }]
}
