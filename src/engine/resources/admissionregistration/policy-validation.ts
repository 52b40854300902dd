/** Validation of admission policies, their expressions compiled (pkg/apis/admissionregistration/validation). */

import { equal } from '#api/equal.ts'
import { duplicate, type FieldError, invalid, notSupported, required } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { isDns1035Label, isDns1123Subdomain, isQualifiedName } from '#api/names.ts'
import { type CelType, types } from '../../apiserver/cel/index.ts'
import { APPLY_OBJECT, type Declared, JSON_PATCH, PolicyCompiler } from '../../apiserver/policy/environment.ts'
import type { Found } from '../pod/checks.ts'
import { matchConditions } from './condition-validation.ts'
import { matchResources, mutatingOperations } from './rule-validation.ts'

type Fields = Record<string, any>

export const FAILURE_POLICIES = ['Fail', 'Ignore']
export const REINVOCATION_POLICIES = ['IfNeeded', 'Never']
const REASONS = ['Forbidden', 'Invalid', 'RequestEntityTooLarge']
const PATCH_TYPES = ['ApplyConfiguration', 'JSONPatch']
const MOST_ANNOTATIONS = 20
const LONGEST_VALUE_EXPRESSION = 5 * 1024
const RESERVED = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
)
const isIdentifier = (name: string): boolean => /^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) && !RESERVED.has(name)

function paramKind(found: Found, path: string, { apiVersion = '', kind = '' }: Fields): void {
  const parts: string[] = apiVersion.split('/')
  if (apiVersion === '') found.push(required(`${path}.apiVersion`))
  else if (parts.length > 2)
    found.push(invalid(`${path}.apiVersion`, apiVersion, `unexpected GroupVersion string: ${apiVersion}`))
  else {
    const [group = '', version = ''] = parts.length === 2 ? parts : ['', parts[0]]
    const groupErrors = group === '' ? [] : isDns1123Subdomain(group)
    if (groupErrors.length > 0) found.push(invalid(`${path}.apiVersion`, group, groupErrors.join(',')))
    const versionErrors = version === '' ? [] : isDns1035Label(version)
    if (version === '') found.push(invalid(`${path}.apiVersion`, apiVersion, 'version must be specified'))
    else if (versionErrors.length > 0) found.push(invalid(`${path}.apiVersion`, version, versionErrors.join(',')))
  }
  if (kind === '') found.push(required(`${path}.kind`))
  else {
    const wrong = isDns1035Label(kind.toLowerCase()).join(',')
    if (wrong) found.push(invalid(`${path}.kind`, kind, `may have mixed case, but should otherwise match: ${wrong}`))
  }
}

/** One policy being validated: what its expressions may name, and what was found. */
class PolicyValidation {
  readonly found: Found = []
  readonly #spec: Fields
  readonly #compiler: PolicyCompiler
  readonly #declared: Declared

  constructor(policy: AnyObject, composed: boolean) {
    this.#spec = policy['spec'] ?? {}
    this.#compiler = new PolicyCompiler(composed)
    this.#declared = { params: this.#spec['paramKind'] !== undefined, authorizer: true }
  }

  compile(path: string, shown: string, expression: string, declared: Partial<Declared>, ...wanted: CelType[]): void {
    const { error } = this.#compiler.compile(expression, { ...this.#declared, ...declared }, ...wanted)
    if (error) this.found.push(invalid(path, shown, error))
  }

  /** What both kinds of policies begin with. `constraints`: more about what they are about. */
  begin(old: AnyObject | null, constraints: () => void): void {
    const { failurePolicy, paramKind: kind, matchConstraints, matchConditions: conditions = [] } = this.#spec
    const { found } = this
    if (failurePolicy === undefined) found.push(required('spec.failurePolicy'))
    else if (!FAILURE_POLICIES.includes(failurePolicy)) {
      found.push(notSupported('spec.failurePolicy', failurePolicy, FAILURE_POLICIES))
    }
    if (kind) paramKind(found, 'spec.paramKind', kind)
    const path = 'spec.matchConstraints'
    if (!matchConstraints) found.push(required(path))
    else {
      matchResources(found, path, matchConstraints)
      if (!matchConstraints.resourceRules?.length) found.push(required(`${path}.resourceRules`))
      constraints()
    }
    const before = old?.['spec']
    if (!before || !equal(before.paramKind, kind) || !equal(before.matchConditions ?? [], conditions)) {
      matchConditions(found, 'spec.matchConditions', conditions, kind !== undefined)
    }
    for (const [i, variable] of (this.#spec['variables'] ?? []).entries()) this.#variable(`spec.variables[${i}]`, variable)
  }

  #variable(path: string, { name = '', expression = '' }: Fields): void {
    if (name.trim() === '') this.found.push(required(`${path}.name`, 'name is not specified'))
    else if (!isIdentifier(name)) this.found.push(invalid(`${path}.name`, name, 'must be a valid CEL identifier'))
    if (expression.trim() === '') {
      this.found.push(required(`${path}.expression`, 'expression is not specified'))
      return
    }
    const { error } = this.#compiler.variable(name, expression, this.#declared)
    if (error) this.found.push(invalid(`${path}.expression`, expression, error))
  }

  validation(path: string, given: Fields): void {
    const { expression = '', message = '', messageExpression = '', reason } = given
    const { found } = this
    if (expression.trim() === '') found.push(required(`${path}.expression`, 'expression is not specified'))
    else this.compile(`${path}.expression`, expression, expression, {}, types.BOOL)
    const at = `${path}.messageExpression`
    if (messageExpression !== '' && messageExpression.trim() === '') {
      found.push(invalid(at, messageExpression, 'must be non-empty if specified'))
    } else if (messageExpression !== '')
      this.compile(at, messageExpression, messageExpression, { authorizer: false }, types.STRING)
    if (message !== '' && message.trim() === '') found.push(invalid(`${path}.message`, message, 'must be non-empty if specified'))
    else if (/[\n\r]/.test(message.trim())) found.push(invalid(`${path}.message`, message, 'must not contain line breaks'))
    if (reason !== undefined && !REASONS.includes(reason)) found.push(notSupported(`${path}.reason`, reason, REASONS))
  }

  annotation(path: string, name: string, { key = '', valueExpression = '' }: Fields): void {
    const { found } = this
    const full = `${name}/${key}`
    if (name === '') found.push(invalid(`${path}.key`, key, 'requires metadata.name be non-empty'))
    for (const wrong of name === '' ? [] : isQualifiedName(full)) found.push(invalid(`${path}.key`, full, wrong))
    const at = `${path}.valueExpression`
    const trimmed = valueExpression.trim()
    if (trimmed === '') found.push(required(at, 'valueExpression is not specified'))
    else if (trimmed.length > LONGEST_VALUE_EXPRESSION) {
      found.push(required(at, `must not exceed ${LONGEST_VALUE_EXPRESSION} bytes in length`))
    } else this.compile(at, valueExpression, trimmed, {}, types.STRING, types.NULL)
  }

  mutation(path: string, { patchType = '', applyConfiguration, jsonPatch }: Fields): void {
    if (patchType === '') this.found.push(required(`${path}.patchType`))
    else if (patchType === 'JSONPatch')
      this.#patch(path, patchType, ['jsonPatch', jsonPatch], ['applyConfiguration', applyConfiguration])
    else if (patchType === 'ApplyConfiguration') {
      this.#patch(path, patchType, ['applyConfiguration', applyConfiguration], ['jsonPatch', jsonPatch])
    } else this.found.push(notSupported(`${path}.patchType`, patchType, PATCH_TYPES))
  }

  #patch(
    path: string,
    type: string,
    [field, own]: [string, Fields | undefined],
    [other, wrong]: [string, Fields | undefined],
  ): void {
    const at = `${path}.${field}.expression`
    const trimmed: string = own?.['expression']?.trim() ?? ''
    const wanted = type === 'JSONPatch' ? types.listOf(JSON_PATCH) : APPLY_OBJECT
    if (!own) this.found.push(required(`${path}.${field}`, `must be specified when patchType is ${type}`))
    else if (trimmed === '') this.found.push(required(at))
    else this.compile(at, trimmed, trimmed, { patches: true }, wanted)
    if (wrong) this.found.push(invalid(`${path}.${other}`, `{${other}}`, `must not be specified when patchType is ${type}`))
  }
}

export function validateValidatingPolicy(policy: AnyObject, old: AnyObject | null): FieldError[] {
  const { validations = [], auditAnnotations = [], variables = [] } = policy['spec'] ?? {}
  const validation = new PolicyValidation(policy, variables.length > 0)
  const { found } = validation
  validation.begin(old, () => {})
  if (validations.length === 0 && auditAnnotations.length === 0) {
    const why = 'validations or auditAnnotations must contain at least one item'
    return [...found, required('spec.validations', why), required('spec.auditAnnotations', why)]
  }
  for (const [i, one] of validations.entries()) validation.validation(`spec.validations[${i}]`, one)
  const path = 'spec.auditAnnotations'
  if (auditAnnotations.length > MOST_ANNOTATIONS) {
    found.push(invalid(path, auditAnnotations, `must not have more than ${MOST_ANNOTATIONS} auditAnnotations`))
  }
  const keys = new Set<string>()
  for (const [i, one] of auditAnnotations.entries()) {
    validation.annotation(`${path}[${i}]`, policy.metadata.name ?? '', one)
    if (keys.has(one.key)) found.push(duplicate(`${path}[${i}].key`, one.key))
    keys.add(one.key)
  }
  return found
}

export function validateMutatingPolicy(policy: AnyObject, old: AnyObject | null): FieldError[] {
  const { mutations = [], reinvocationPolicy = '', matchConstraints } = policy['spec'] ?? {}
  const validation = new PolicyValidation(policy, true)
  const { found } = validation
  validation.begin(old, () => mutatingOperations(found, 'spec.matchConstraints', matchConstraints))
  if (mutations.length === 0) found.push(required('spec.mutations', 'mutations must contain at least one item'))
  for (const [i, one] of mutations.entries()) validation.mutation(`spec.mutations[${i}]`, one)
  if (reinvocationPolicy === '') found.push(required('spec.reinvocationPolicy'))
  else if (!REINVOCATION_POLICIES.includes(reinvocationPolicy)) {
    found.push(notSupported('spec.reinvocationPolicy', reinvocationPolicy, REINVOCATION_POLICIES))
  }
  return found
}
