/** Match conditions: all must hold for a policy or webhook to be asked (plugin/webhook/matchconditions). */

import { asOne } from '#api/several-errors.ts'
import { MATCH_CONDITIONS_BUDGET, types } from '../cel/index.ts'
import type { Compiled, Declared, PolicyCompiler } from './environment.ts'
import { Frame, type Input, OutOfBudget } from './evaluate.ts'

export interface MatchCondition {
  name: string
  expression: string
}

export const compileConditions = (
  conditions: readonly MatchCondition[],
  compiler: PolicyCompiler,
  declared: Declared,
): Compiled[] => conditions.map(({ expression }) => compiler.compile(expression, declared, types.BOOL))

export type Verdict = { readonly matches: boolean; readonly error: string | null }

/** `error` only when they fail and the failure policy is to fail. */
export function conditionsHold(compiled: readonly Compiled[], input: Input, compiler: PolicyCompiler, ignore: boolean): Verdict {
  if (compiled.length === 0) return { matches: true, error: null }
  const frame = new Frame(input, compiler, false)
  const errors: string[] = []
  let budget = MATCH_CONDITIONS_BUDGET
  try {
    const results = compiled.map((one) => {
      const { result, left } = frame.evaluate(one, budget)
      budget = left
      return result
    })
    for (const { value, error } of results) {
      if (error !== null) errors.push(error)
      if (value === false) return { matches: false, error: null }
    }
  } catch (error) {
    if (!(error instanceof OutOfBudget)) throw error
    errors.push(error.message)
  }
  if (errors.length === 0) return { matches: true, error: null }
  return { matches: false, error: ignore ? null : asOne(errors) }
}
