/** From an expression to a program: parse, check, plan. */
import { children, type Expr } from './ast.ts'
import { Checker } from './checker.ts'
import { CelError, CostExceeded, displayIssues, type Issue } from './errors.ts'
import { Estimator } from './estimate.ts'
import { type Compiled, type Environment, type Outcome, PER_CALL_LIMIT, type Program } from './index.ts'
import { constants, functions } from './library/index.ts'
import { literalIssues } from './literal-checks.ts'
import { COMMON_MACROS, WITH_BIND } from './macros.ts'
import { parse } from './parser.ts'
import { Planner, Run, type Step } from './plan.ts'
import type { CelType } from './types.ts'

class Planned implements Program {
  readonly expression: string
  readonly type: CelType
  readonly #expr: Expr
  readonly #step: Step
  readonly #environment: Environment
  constructor(expression: string, expr: Expr, environment: Environment) {
    this.expression = expression
    this.#expr = expr
    this.#environment = environment
    this.type = expr.type as CelType
    this.#step = new Planner(namesOf(environment)).plan(expr)
  }

  run(bindings: Readonly<Record<string, unknown>>, limit = PER_CALL_LIMIT): Outcome {
    const run = new Run(bindings, limit)
    try {
      const value = this.#step(run, null)
      return { ok: true, value, cost: run.cost }
    } catch (error) {
      if (!(error instanceof CelError || error instanceof CostExceeded)) throw error
      return { ok: false, error: error.message, exceeded: error instanceof CostExceeded, cost: run.cost }
    }
  }

  estimate(): { min: number; max: number } {
    return new Estimator(this.#environment.variables).cost(this.#expr)
  }

  mentions(variable: string): boolean {
    return mentions(this.#expr, variable)
  }
}

function namesOf({ variables, structs }: Environment) {
  return {
    variable: (name: string) => (Object.hasOwn(variables, name) ? variables[name] : undefined),
    constant: (name: string) => (Object.hasOwn(constants, name) ? constants[name] : undefined),
    functions: (name: string) => functions.get(name),
    struct: (name: string) => structs?.(name),
  }
}

function mentions(expr: Expr, name: string): boolean {
  if (expr.kind === 'ident') return expr.name === name
  if (expr.kind === 'select' && expr.resolved) return mentions(expr.resolved, name)
  return children(expr).some((child) => mentions(child, name))
}

/**
 * Compiles. The error is what cel-go's issues look like (`ERROR: <input>:1:5: …`), without Kubernetes' `compilation failed: `.
 */
export function compile(expression: string, environment: Environment): Compiled {
  const refuse = (issues: readonly Issue[]): Compiled => ({ ok: false, error: displayIssues(expression, issues) })
  const expr = parse(expression, environment.bind ? WITH_BIND : COMMON_MACROS)
  if (Array.isArray(expr)) return refuse(expr)
  const checker = new Checker(namesOf(environment))
  checker.check(expr)
  if (checker.issues.length > 0) return refuse(checker.issues)
  const literals = literalIssues(expr)
  if (literals.length > 0) return refuse(literals)
  return { ok: true, program: new Planned(expression, expr, environment) }
}
