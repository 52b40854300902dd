/** Validation of ReplicaSets (pkg/apis/apps/validation). */
import type { FieldError } from '#api/field-error.ts'
import type { ReplicaSet } from '#api/kinds.ts'
import { type Found, nonNegative } from '../pod/checks.ts'
import { immutableSelector, validateReplicaStatus, validateSelector } from '../pod/validate-replicas.ts'
import { validateRunningTemplate } from '../pod/validate-template.ts'

export function validateReplicaSet({ spec }: ReplicaSet, old: ReplicaSet | null): FieldError[] {
  const found: Found = []
  nonNegative(found, 'spec.replicas', spec.replicas)
  nonNegative(found, 'spec.minReadySeconds', spec.minReadySeconds)
  // The words are the Deployment's in Kubernetes too.
  const selector = validateSelector(found, 'spec.selector', spec.selector, 'empty selector is invalid for deployment')
  if (selector) validateRunningTemplate(found, 'spec.template', spec.template, old?.spec.template ?? null, selector, 'ReplicaSet')
  if (old) immutableSelector(found, 'spec.selector', spec.selector, old.spec.selector)
  return found
}

export function validateReplicaSetStatus({ status }: ReplicaSet): FieldError[] {
  const found: Found = []
  validateReplicaStatus(found, status ?? { replicas: 0 })
  return found
}
