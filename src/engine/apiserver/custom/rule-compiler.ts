/** The compiler of custom resources' rules: `self` and `oldSelf` are typed by the schema of the node they stand at. */

import type { CelType } from '../cel/index.ts'
import {
  type Program as Cel,
  celValue,
  compile,
  leastSize,
  Optional,
  PER_CALL_LIMIT,
  schemaType,
  types,
  typeText,
  withResource,
} from '../cel/index.ts'
import type { JsonSchema, ValidationRule } from './json-schema.ts'
import type { CompiledRule, Program, RuleCompiler } from './rules-port.ts'

/** A request's body can't be longer. */
const LARGEST_REQUEST = 3 * 1024 * 1024

type SchemaLike = Parameters<typeof schemaType>[0]

function programOf(cel: Cel, type: CelType, optional: boolean): Program {
  return {
    run(self, oldSelf, hasOld) {
      const old = optional ? new Optional(hasOld, hasOld ? celValue(oldSelf, type) : undefined) : oldSelf
      const outcome = cel.run({ self, oldSelf: old }, PER_CALL_LIMIT)
      return outcome.ok ? { value: outcome.value, cost: outcome.cost } : { error: outcome.error, cost: outcome.cost }
    },
  }
}

function one(rule: ValidationRule, self: CelType): CompiledRule {
  const none = { usesOldSelf: false, maxCost: 0, messageMaxCost: 0 }
  const text = rule.rule ?? ''
  if (text.trim() === '') return none
  const optional = rule.optionalOldSelf === true
  const variables = { self, oldSelf: optional ? types.optionalOf(self) : self }
  const compiled = compile(text, { variables })
  if (!compiled.ok) return { ...none, error: `compilation failed: ${compiled.error}` }
  const { program } = compiled
  if (program.type.kind !== 'bool') return { ...none, error: 'cel expression must evaluate to a bool' }
  return {
    program: programOf(program, self, optional),
    usesOldSelf: program.mentions('oldSelf'),
    maxCost: program.estimate().max,
    ...message(rule.messageExpression ?? '', variables, self, optional),
  }
}

function message(text: string, variables: Record<string, CelType>, self: CelType, optional: boolean) {
  if (text === '') return { messageMaxCost: 0 }
  const compiled = compile(text, { variables })
  if (!compiled.ok) return { messageMaxCost: 0, messageError: `messageExpression compilation failed: ${compiled.error}` }
  if (typeText(compiled.program.type) !== 'string') {
    return { messageMaxCost: 0, messageError: 'messageExpression must evaluate to a string' }
  }
  return { message: programOf(compiled.program, self, optional), messageMaxCost: compiled.program.estimate().max }
}

export const ruleCompiler: RuleCompiler = {
  compile(schema: JsonSchema, root) {
    const like = schema as SchemaLike
    const self = schemaType(root ? withResource(like) : like)
    return {
      rules: (schema['x-kubernetes-validations'] ?? []).map((rule) => one(rule, self)),
      maxCardinality: Math.floor(LARGEST_REQUEST / (leastSize(like) + 1)),
    }
  },
}
