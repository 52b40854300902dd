/** What rules must look like before anybody compiles them, and what compiling them finds (validation.go, XValidations). */
import { type FieldError, forbiddenField, invalid, notSupported, required } from '#api/field-error.ts'
import { fieldPath } from './field-path.ts'
import { internalRule } from './internal-form.ts'
import type { JsonSchema, ValidationRule } from './json-schema.ts'
import type { CompiledRule, RuleCompiler } from './rules-port.ts'
import type { Place, RuleChecks } from './schema-checks.ts'
import { unsupported } from './structural.ts'

const REASONS = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired']
const LINES = /[\n\r]/

/** Empty, broken over lines, unknown reasons and paths. */
export function ruleShapeProblems(schema: JsonSchema, path: string): FieldError[] {
  const rules = schema['x-kubernetes-validations'] ?? []
  return rules.flatMap((rule, i) => oneRule(schema, rule, `${path}.x-kubernetes-validations[${i}]`))
}

function oneRule(schema: JsonSchema, given: ValidationRule, at: string): FieldError[] {
  const { rule = '', message = '', messageExpression = '', reason, fieldPath: field = '' } = given
  const errors: FieldError[] = []
  const words = message.trim()
  if (rule.trim() === '') errors.push(required(`${at}.rule`, 'rule is not specified'))
  else if (message !== '' && words === '') errors.push(invalid(`${at}.message`, message, 'must be non-empty if specified'))
  else if (LINES.test(words)) errors.push(invalid(`${at}.message`, message, 'must not contain line breaks'))
  else if (LINES.test(rule.trim()) && words === '') {
    errors.push(required(`${at}.message`, 'message must be specified if rule contains line breaks'))
  }
  if (messageExpression !== '' && messageExpression.trim() === '') {
    errors.push(required(`${at}.messageExpression`, 'messageExpression must be non-empty if specified'))
  }
  if (reason !== undefined && !REASONS.includes(reason)) errors.push(notSupported(`${at}.reason`, reason, REASONS))
  if (field !== '' && field.trim() === '') errors.push(invalid(`${at}.fieldPath`, field, 'must be non-empty if specified'))
  if (LINES.test(field)) errors.push(invalid(`${at}.fieldPath`, field, 'must not contain line breaks'))
  if (field !== '' && unsupported(schema) === null && 'error' in fieldPath(field, schema)) {
    errors.push(invalid(`${at}.fieldPath`, field, 'must be a valid path'))
  }
  return errors
}

/** The most one rule may cost by estimation, and all rules of a definition together. */
const RULE_LIMIT = 10_000_000
const TOTAL_LIMIT = 100_000_000

const UINT64 = 2 ** 64

/** Adds up what a definition's rules may cost, and remembers the most expensive ones. */
export class CostTally {
  total = 0
  readonly #expensive: { path: string; cost: number }[] = []

  observe(path: string, cost: number): void {
    this.total = Math.min(UINT64, this.total + cost)
    if (cost < TOTAL_LIMIT / 100) return
    this.#expensive.push({ path, cost })
    this.#expensive.sort((a, b) => b.cost - a.cost)
    if (this.#expensive.length > 4) this.#expensive.pop()
  }

  problems(path: string): FieldError[] {
    if (this.total <= TOTAL_LIMIT) return []
    const why = 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema'
    const whole = 'x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema'
    return [
      ...this.#expensive.map((each) => forbiddenField(each.path, why)),
      forbiddenField(path, costMessage(whole, this.total, TOTAL_LIMIT)),
    ]
  }
}

function costMessage(what: string, cost: number, limit: number): string {
  const times = cost / limit
  const factor = times > 100 ? 'more than 100x' : times < 1.5 ? `${times.toFixed(6)}x` : `${times.toFixed(1)}x`
  return `${what} exceeds budget by factor of ${factor} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`
}

/** Rules that were there before are not refused for their costs again when `unchanged`. */
export function ruleChecks(compiler: RuleCompiler, tally: CostTally, unchanged: boolean): RuleChecks {
  return (schema, place) => {
    const root = place.root || schema['x-kubernetes-embedded-resource'] === true
    const { rules, maxCardinality } = compiler.compile(schema, root)
    const times = place.cardinality ?? maxCardinality
    return rules.flatMap((compiled, i) => {
      const rule = schema['x-kubernetes-validations']?.[i] as ValidationRule
      const at = `${place.path}.x-kubernetes-validations[${i}]`
      return [
        ...costProblems(compiled, times, at, tally, unchanged),
        ...compileProblems(compiled, rule, at, tally, unchanged),
        ...oldSelfProblems(compiled, rule, at, place),
      ]
    })
  }
}

function costProblems({ maxCost }: CompiledRule, times: number, at: string, tally: CostTally, unchanged: boolean): FieldError[] {
  const cost = Math.min(UINT64, maxCost * times)
  tally.observe(`${at}.rule`, cost)
  if (unchanged || cost <= RULE_LIMIT) return []
  return [forbiddenField(`${at}.rule`, costMessage('estimated rule cost', cost, RULE_LIMIT))]
}

function compileProblems(
  compiled: CompiledRule,
  rule: ValidationRule,
  at: string,
  tally: CostTally,
  unchanged: boolean,
): FieldError[] {
  const errors: FieldError[] = []
  if (compiled.error !== undefined) errors.push(invalid(`${at}.rule`, internalRule(rule), compiled.error))
  if (compiled.messageError !== undefined) {
    return [...errors, invalid(`${at}.messageExpression`, internalRule(rule), compiled.messageError)]
  }
  if (!compiled.message) return errors
  const cost = compiled.messageMaxCost
  if (!unchanged && cost > RULE_LIMIT) {
    const why = costMessage('estimated messageExpression cost', cost, RULE_LIMIT)
    errors.push(forbiddenField(`${at}.messageExpression`, why))
  }
  tally.observe(`${at}.messageExpression`, cost)
  return errors
}

function oldSelfProblems(
  { usesOldSelf }: CompiledRule,
  rule: ValidationRule,
  at: string,
  { uncorrelatable }: Place,
): FieldError[] {
  if (usesOldSelf && uncorrelatable !== null) {
    const why = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable}`
    return [invalid(`${at}.rule`, rule.rule ?? '', why)]
  }
  if (usesOldSelf || rule.optionalOldSelf === undefined) return []
  return [invalid(`${at}.optionalOldSelf`, rule.optionalOldSelf, 'may not be set if oldSelf is not used in rule')]
}
