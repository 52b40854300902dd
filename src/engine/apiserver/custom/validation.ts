/** Whether a custom resource may be stored: its schema, scale, embedded resources, lists, and rules (registry/customresource/strategy.go). */
import { type FieldError, invalid } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { Correlation } from './correlation.ts'
import type { DefinitionVersion } from './definition.ts'
import { embeddedProblems } from './embedded.ts'
import { type JsonSchema, propertyOf } from './json-schema.ts'
import { listProblems } from './list-types.ts'
import { ruleCompiler } from './rule-compiler.ts'
import { type ObjectRules, rulesOf } from './rules.ts'
import { type ScalePaths, specErrors, statusErrors } from './scale.ts'
import { schemaProblems } from './validate.ts'

type Warn = (text: string) => void

/** Errors that make it pointless to run rules. */
const BLOCKING = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
])

const UNCHECKED =
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation'

export class Validation {
  readonly #schema: JsonSchema | undefined
  readonly #scale: ScalePaths | undefined
  readonly #rules: ObjectRules | null

  constructor({ schema, subresources }: DefinitionVersion) {
    this.#schema = schema?.openAPIV3Schema
    this.#scale = subresources?.scale
    this.#rules = this.#schema && ruleCompiler ? rulesOf(this.#schema, true, ruleCompiler) : null
  }

  whole(object: AnyObject, old: AnyObject | null, warn: Warn): FieldError[] {
    const before = this.#beside(object, old)
    const errors = [
      ...(this.#schema ? schemaProblems(object, this.#schema, '', before) : []),
      ...(this.#scale ? [...specErrors(object, this.#scale), ...statusErrors(object, this.#scale)] : []),
      ...embeddedProblems(object, this.#schema),
      ...this.#lists(object, old),
    ]
    return [...errors, ...this.#checked(errors, object, old, before, warn)]
  }

  /** The status road looks at status alone, but rules see everything. */
  status(object: AnyObject, old: AnyObject, warn: Warn): FieldError[] {
    const before = this.#beside(object, old)
    const schema = propertyOf(this.#schema, 'status')
    const { status } = object as { status?: unknown }
    const errors = [
      ...(schema && status !== undefined ? schemaProblems(status, schema, 'status', before?.key('status') ?? null) : []),
      ...(this.#scale ? statusErrors(object, this.#scale) : []),
      ...this.#lists(object, old),
    ]
    return [...errors, ...this.#checked(errors, object, old, before, warn)]
  }

  #beside(object: AnyObject, old: AnyObject | null): Correlation | null {
    return old ? new Correlation(object, old, this.#schema) : null
  }

  /** Lists that were wrong before may stay so. */
  #lists(object: AnyObject, old: AnyObject | null): FieldError[] {
    const errors = listProblems(object, this.#schema)
    return errors.length > 0 && old && listProblems(old, this.#schema).length > 0 ? [] : errors
  }

  #checked(errors: FieldError[], object: AnyObject, old: AnyObject | null, before: Correlation | null, warn: Warn): FieldError[] {
    if (!this.#rules) return []
    if (errors.some(({ type }) => BLOCKING.has(type))) return [invalid('<nil>', null, UNCHECKED)]
    const found = this.#rules.problems(object, old ?? undefined, '', before)
    found.warnings.forEach(warn)
    return found.errors
  }
}
