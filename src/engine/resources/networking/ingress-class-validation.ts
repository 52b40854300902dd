/** Validation of IngressClasses (pkg/apis/networking/validation). */
import { type FieldError, forbiddenField, notSupported, required, tooLong } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { isDns1123Label } from '#api/names.ts'
import { domainPrefixedPath } from '../domain-path.ts'
import { type Found, flag } from '../pod/checks.ts'
import { immutable } from '../pod/validate-replicas.ts'
import { typedReference } from './ingress-validation.ts'

const SCOPES = ['Cluster', 'Namespace']
const MAX_CONTROLLER = 250

function parameters(found: Found, path: string, one: Record<string, any>): void {
  typedReference(found, path, one)
  const { scope, namespace } = one
  if (scope === undefined) found.push(required(`${path}.scope`))
  else if (!SCOPES.includes(scope)) found.push(notSupported(`${path}.scope`, scope, SCOPES))
  else if (scope === 'Cluster') {
    if (namespace !== undefined) found.push(forbiddenField(`${path}.namespace`, "`parameters.scope` is set to 'Cluster'"))
  } else if (namespace === undefined) found.push(required(`${path}.namespace`, "`parameters.scope` is set to 'Namespace'"))
  else flag(found, `${path}.namespace`, namespace, isDns1123Label(namespace))
}

export function validateIngressClass({ spec }: AnyObject, old: AnyObject | null): FieldError[] {
  const found: Found = []
  const controller: string = spec?.controller ?? ''
  if (old) immutable(found, 'spec.controller', controller, old['spec']?.controller ?? '')
  if (controller.length > MAX_CONTROLLER) found.push(tooLong('spec.controller', MAX_CONTROLLER))
  domainPrefixedPath(found, 'spec.controller', controller)
  if (spec?.parameters) parameters(found, 'spec.parameters', spec.parameters)
  return found
}
