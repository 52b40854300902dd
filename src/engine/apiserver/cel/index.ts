/** CEL as Kubernetes 1.36 speaks it: compile an expression, then evaluate it as often as you like. The only door to this folder. */
import { children, type Expr } from './ast.ts'
import { Checker } from './checker.ts'
import { CelError, CostExceeded, displayIssues, type Issue } from './errors.ts'
import { Estimator } from './estimate.ts'
import { constants, functions } from './library/index.ts'
import { literalIssues } from './literal-checks.ts'
import { COMMON_MACROS, WITH_BIND } from './macros.ts'
import { parse } from './parser.ts'
import { Planner, Run, type Step } from './plan.ts'
import { type CelType, sameType } from './types.ts'

export { CelError, CostExceeded } from './errors.ts'
export {
  type AccessQuestion,
  AUTHORIZER,
  type Authorize,
  authorizerFor,
  RESOURCE_CHECK,
  resourceCheckFor,
} from './library/authorizer.ts'
export { celValue, plainOf } from './raw.ts'
export { leastSize, type SchemaLike, schemaType, withResource } from './schema.ts'
export * as types from './types.ts'
export { type CelType, typeText } from './types.ts'
export { Lazy, Optional } from './value.ts'

import { Built } from './value.ts'

/** What one expression may cost (cel.PerCallLimit); and all of one validation (RuntimeCELCostBudget). */
export const PER_CALL_LIMIT = 1_000_000
export const RUNTIME_BUDGET = 10_000_000
export const MATCH_CONDITIONS_BUDGET = RUNTIME_BUDGET / 4

export interface Environment {
  readonly variables: Readonly<Record<string, CelType>>
  /** Types that expressions may build: `Object`, `JSONPatch`. */
  readonly structs?: (name: string) => CelType | undefined
  /** `cel.bind` is for some environments only. */
  readonly bind?: boolean
}

export type Outcome =
  | { readonly ok: true; readonly value: unknown; readonly cost: number }
  /** `exceeded`: it was stopped for its cost. The message is cel-go's. */
  | { readonly ok: false; readonly error: string; readonly exceeded: boolean; readonly cost: number }

export interface Program {
  readonly expression: string
  /** What it evaluates to. */
  readonly type: CelType
  /** Variables are plain JSON, values of this folder, or a `Lazy`. */
  run(bindings: Readonly<Record<string, unknown>>, limit?: number): Outcome
  /** The most it may cost, by the sizes that the variables' types allow. */
  estimate(): { min: number; max: number }
  /** Whether the expression names this variable. */
  mentions(variable: string): boolean
}

export type Compiled = { readonly ok: true; readonly program: Program } | { readonly ok: false; readonly error: string }

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

/** As types are called at run time: `null_type`, `google.protobuf.Timestamp`. */
const RUNTIME: Partial<Record<CelType['kind'], string>> = {
  null: 'null_type',
  timestamp: 'google.protobuf.Timestamp',
  duration: 'google.protobuf.Duration',
}

function runtimeText(type: CelType): string {
  const name = RUNTIME[type.kind] ?? type.name
  return type.params.length > 0 ? `${name}(${type.params.map(runtimeText).join(', ')})` : name
}

/** Why the program's type is none of these, in the API server's words; null when it is. dyn is not bool. */
export function resultError({ type }: Program, ...wanted: readonly CelType[]): string | null {
  if (wanted.some((one) => sameType(one, type))) return null
  const texts = wanted.map(runtimeText)
  return `must evaluate to ${texts.length === 1 ? texts[0] : `one of [${texts.join(' ')}]`} but got ${runtimeText(type)}`
}

/** A value built by an expression (`Object{…}`): its type's name and its fields, as they were given. */
export function rawOf(value: unknown): { name: string; fields: readonly (readonly [string, unknown])[] } | null {
  return value instanceof Built ? { name: value.type.name, fields: value.fields } : null
}
