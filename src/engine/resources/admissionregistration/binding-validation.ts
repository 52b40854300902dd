/** Validation of the bindings of admission policies. */
import { duplicate, type FieldError, forbiddenField, invalid, notListed, notSupported, required } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { isDns1123Subdomain, isPathSegment } from '#api/names.ts'
import { validateLabelSelector } from '../../apiserver/metadata/selector.ts'
import type { ParamRef } from '../../apiserver/policy/params.ts'
import type { Found } from '../pod/checks.ts'
import { matchResources, mutatingOperations } from './rule-validation.ts'

const ACTIONS = ['Audit', 'Deny', 'Warn']
const NOT_FOUND_ACTIONS = ['Deny', 'Allow']
const EITHER = 'name and selector are mutually exclusive'

function paramRef(found: Found, path: string, ref: ParamRef | undefined): void {
  if (!ref) return
  const { name = '', selector, parameterNotFoundAction = '' } = ref
  if (name !== '') {
    for (const wrong of isPathSegment(name)) found.push(invalid(`${path}.name`, name, wrong))
    if (selector) found.push(forbiddenField(`${path}.name`, EITHER))
  }
  if (selector) {
    found.push(...validateLabelSelector(selector, `${path}.selector`))
    if (name !== '') found.push(forbiddenField(`${path}.selector`, EITHER))
  }
  if (name === '' && !selector) found.push(required(path, 'one of name or selector must be specified'))
  const at = `${path}.parameterNotFoundAction`
  if (parameterNotFoundAction === '') found.push(required(at))
  else if (!NOT_FOUND_ACTIONS.includes(parameterNotFoundAction)) {
    found.push(notListed(at, parameterNotFoundAction, NOT_FOUND_ACTIONS))
  }
}

function actions(found: Found, path: string, list: readonly string[]): void {
  for (const [i, action] of list.entries()) {
    if (!ACTIONS.includes(action)) found.push(notSupported(`${path}[${i}]`, action, ACTIONS))
    if (list.indexOf(action) < i) found.push(duplicate(`${path}[${i}]`, action))
  }
  if (list.includes('Deny') && list.includes('Warn')) {
    const why = 'repeating the same validation failure information in the API response and headers serves no purpose'
    found.push(invalid(path, list, `must not contain both Deny and Warn (${why})`))
  }
  if (list.length === 0) found.push(required(path, 'at least one validation action is required'))
}

function binding({ spec = {} }: AnyObject & { spec?: any }): Found {
  const found: Found = []
  const { policyName = '' } = spec
  if (policyName === '') found.push(required('spec.policyName'))
  else for (const wrong of isDns1123Subdomain(policyName)) found.push(invalid('spec.policyName', policyName, wrong))
  paramRef(found, 'spec.paramRef', spec.paramRef)
  matchResources(found, 'spec.matchResources', spec.matchResources)
  return found
}

export function validateValidatingBinding(object: AnyObject): FieldError[] {
  const found = binding(object)
  actions(found, 'spec.validationActions', object['spec']?.validationActions ?? [])
  return found
}

export function validateMutatingBinding(object: AnyObject): FieldError[] {
  const found = binding(object)
  mutatingOperations(found, 'spec.matchResources', object['spec']?.matchResources)
  return found
}
