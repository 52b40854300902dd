/** One ValidatingAdmissionPolicy: compiled once, evaluated per binding and parameter (plugin/policy/validating/validator.go). */
import type { AnyObject } from '#api/meta.ts'
import { RUNTIME_BUDGET, types } from '../cel/index.ts'
import { compileConditions, conditionsHold, type MatchCondition } from './conditions.ts'
import { type Compiled, PolicyCompiler } from './environment.ts'
import { type Evaluation, Frame, type Input, OutOfBudget } from './evaluate.ts'
import type { MatchResources } from './matching.ts'
import type { ParamKind } from './params.ts'

interface Validation {
  expression: string
  message?: string
  messageExpression?: string
  reason?: string
}
interface Spec {
  failurePolicy?: string
  paramKind?: ParamKind
  matchConstraints?: MatchResources
  matchConditions?: MatchCondition[]
  variables?: { name: string; expression: string }[]
  validations?: Validation[]
  auditAnnotations?: { key: string; valueExpression: string }[]
}

export interface Decision {
  readonly denied: boolean
  readonly message: string
  readonly reason: string
  /** Which of the validations. */
  readonly index: number
}
export interface Verdict {
  readonly decisions: readonly Decision[]
  readonly annotations: readonly { readonly key: string; readonly value: string }[]
}

const LONGEST_MESSAGE = 5 * 1024

export class ValidatingPolicy {
  readonly name: string
  readonly spec: Spec
  readonly ignores: boolean
  readonly #compiler: PolicyCompiler
  readonly #conditions: readonly Compiled[]
  readonly #validations: readonly Compiled[]
  readonly #messages: readonly (Compiled | null)[]
  readonly #annotations: readonly Compiled[]

  constructor(policy: AnyObject) {
    const spec = policy['spec'] as Spec
    this.name = policy.metadata.name
    this.spec = spec
    this.ignores = spec.failurePolicy === 'Ignore'
    const params = spec.paramKind !== undefined
    const declared = { params, authorizer: true }
    const compiler = new PolicyCompiler(true)
    for (const { name, expression } of spec.variables ?? []) compiler.variable(name, expression, declared)
    this.#compiler = compiler
    this.#conditions = compileConditions(spec.matchConditions ?? [], compiler, declared)
    this.#validations = (spec.validations ?? []).map(({ expression }) => compiler.compile(expression, declared, types.BOOL))
    this.#messages = (spec.validations ?? []).map(({ messageExpression }) =>
      messageExpression ? compiler.compile(messageExpression, { params, authorizer: false }, types.STRING) : null,
    )
    this.#annotations = (spec.auditAnnotations ?? []).map(({ valueExpression }) =>
      compiler.compile(valueExpression, declared, types.STRING, types.NULL),
    )
  }

  evaluate(input: Input): Verdict {
    const failed = (message: string): Verdict => ({
      decisions: [{ denied: !this.ignores, message, reason: '', index: 0 }],
      annotations: [],
    })
    const matched = conditionsHold(this.#conditions, input, this.#compiler, this.ignores)
    if (matched.error !== null) return failed(matched.error)
    if (!matched.matches) return { decisions: [], annotations: [] }
    try {
      return this.#evaluate(input)
    } catch (error) {
      if (!(error instanceof OutOfBudget)) throw error
      return failed(error.message)
    }
  }

  #evaluate(input: Input): Verdict {
    const frame = new Frame(input, this.#compiler)
    const { results, left } = all(this.#validations, frame, RUNTIME_BUDGET)
    const messages = this.#evaluateMessages(input, left)
    const decisions = results.map((result, i) => this.#decide(result, messages, i))
    const annotations = all(this.#annotations, new Frame(input, this.#compiler), RUNTIME_BUDGET).results
    return { decisions: [...decisions, ...this.#failedAnnotations(annotations)], annotations: this.#published(annotations) }
  }

  /** Without an authorizer; running out of budget here is a failure of every validation that needs a message. */
  #evaluateMessages(input: Input, budget: number): (Evaluation | null)[] | OutOfBudget {
    const frame = new Frame(input, this.#compiler)
    try {
      return all(this.#messages, frame, budget).results
    } catch (error) {
      if (error instanceof OutOfBudget) return error
      throw error
    }
  }

  #decide(result: Evaluation | null, messages: (Evaluation | null)[] | OutOfBudget, index: number): Decision {
    const failure = (message: string): Decision => ({ denied: !this.ignores, message, reason: '', index })
    if (result?.error) return failure(result.error)
    if (messages instanceof OutOfBudget) return failure(`failed messageExpression: ${messages.message}`)
    if (result?.value === true) return { denied: false, message: '', reason: '', index }
    const { expression, message = '', reason = 'Invalid' } = (this.spec.validations as Validation[])[index] as Validation
    const said = evaluatedMessage(messages[index] ?? null) || message.trim() || `failed expression: ${expression.trim()}`
    return { denied: true, message: said, reason, index }
  }

  #failedAnnotations(results: readonly (Evaluation | null)[]): Decision[] {
    if (this.ignores) return []
    return results.flatMap((result) => (result?.error ? [{ denied: true, message: result.error, reason: '', index: -1 }] : []))
  }

  #published(results: readonly (Evaluation | null)[]): { key: string; value: string }[] {
    return results.flatMap((result, i) => {
      const value = typeof result?.value === 'string' ? result.value.trim() : ''
      return value === '' ? [] : [{ key: this.spec.auditAnnotations?.[i]?.key ?? '', value }]
    })
  }
}

function evaluatedMessage(result: Evaluation | null): string {
  if (typeof result?.value !== 'string') return ''
  const message = result.value.trim()
  return message.length > LONGEST_MESSAGE || message.includes('\n') ? '' : message
}

/** One after the other, out of one budget; null where there is nothing to evaluate. */
function all(
  compiled: readonly (Compiled | null)[],
  frame: Frame,
  budget: number,
): { results: (Evaluation | null)[]; left: number } {
  let left = budget
  const results = compiled.map((one) => {
    if (!one) return null
    const evaluated = frame.evaluate(one, left)
    left = evaluated.left
    return evaluated.result
  })
  return { results, left }
}
