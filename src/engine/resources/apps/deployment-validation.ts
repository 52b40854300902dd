/** Validation of Deployments (pkg/apis/apps/validation). */
import { type FieldError, forbiddenField, invalid, unsupported } from '#api/field-error.ts'
import type { Deployment, DeploymentStrategy, IntOrString } from '#api/kinds.ts'
import { type Found, flag, nonNegative } from '../pod/checks.ts'
import { percent } from '../pod/formats.ts'
import { internal } from '../pod/internal.ts'
import { immutableSelector, validateSelector } from '../pod/validate-replicas.ts'
import { validateRunningTemplate } from '../pod/validate-template.ts'

/** ValidatePositiveIntOrPercent. */
export function intOrPercent(found: Found, path: string, value: IntOrString): void {
  if (typeof value === 'string') flag(found, path, value, percent(value))
  else nonNegative(found, path, value)
}

/** The number that it means, or the percentage; text that is neither counts as zero, as in Go. */
export const amount = (value: IntOrString): number => {
  if (typeof value === 'number') return value
  return percent(value).length === 0 ? Number(value.slice(0, -1)) : Number.parseInt(value, 10) || 0
}

/** IsNotMoreThan100Percent. */
export function notAboveAll(found: Found, path: string, value: IntOrString): void {
  if (typeof value !== 'string' || percent(value).length > 0 || amount(value) <= 100) return
  found.push(invalid(path, value, 'must not be greater than 100%'))
}

function strategy(found: Found, path: string, one: DeploymentStrategy): void {
  const { type, rollingUpdate } = one
  if (type === 'Recreate') {
    if (!rollingUpdate) return
    found.push(forbiddenField(`${path}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'"))
  } else if (type === 'RollingUpdate') {
    const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate ?? {}
    const at = `${path}.rollingUpdate`
    intOrPercent(found, `${at}.maxUnavailable`, maxUnavailable)
    intOrPercent(found, `${at}.maxSurge`, maxSurge)
    if (amount(maxUnavailable) === 0 && amount(maxSurge) === 0) {
      found.push(invalid(`${at}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0'))
    }
    notAboveAll(found, `${at}.maxUnavailable`, maxUnavailable)
  } else found.push(unsupported(path, internal('DeploymentStrategy', one), ['Recreate', 'RollingUpdate']))
}

export function validateDeployment({ spec }: Deployment, old: Deployment | null): FieldError[] {
  const found: Found = []
  nonNegative(found, 'spec.replicas', spec.replicas)
  const selector = validateSelector(found, 'spec.selector', spec.selector, 'empty selector is invalid for deployment')
  if (selector) validateRunningTemplate(found, 'spec.template', spec.template, old?.spec.template ?? null, selector, 'ReplicaSet')
  strategy(found, 'spec.strategy', spec.strategy ?? {})
  nonNegative(found, 'spec.minReadySeconds', spec.minReadySeconds)
  nonNegative(found, 'spec.revisionHistoryLimit', spec.revisionHistoryLimit)
  const deadline = spec.progressDeadlineSeconds
  nonNegative(found, 'spec.progressDeadlineSeconds', deadline)
  if (deadline !== undefined && deadline <= (spec.minReadySeconds ?? 0)) {
    found.push(invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds'))
  }
  if (old) immutableSelector(found, 'spec.selector', spec.selector, old.spec.selector)
  return found
}

export function validateDeploymentStatus(next: Deployment, old: Deployment): FieldError[] {
  const found: Found = []
  const status = next.status ?? {}
  const { replicas = 0, updatedReplicas = 0, readyReplicas = 0, availableReplicas = 0, unavailableReplicas = 0 } = status
  const counts = { replicas, updatedReplicas, readyReplicas, availableReplicas, unavailableReplicas }
  nonNegative(found, 'status.observedGeneration', status.observedGeneration)
  for (const [field, value] of Object.entries(counts)) nonNegative(found, `status.${field}`, value)
  nonNegative(found, 'status.terminatingReplicas', status.terminatingReplicas)
  nonNegative(found, 'status.collisionCount', status.collisionCount)
  for (const [field, value] of Object.entries({ updatedReplicas, readyReplicas, availableReplicas })) {
    if (value > replicas) found.push(invalid(`status.${field}`, value, 'cannot be greater than status.replicas'))
  }
  if (availableReplicas > readyReplicas) {
    found.push(invalid('status.availableReplicas', availableReplicas, 'cannot be greater than readyReplicas'))
  }
  const [now, before] = [status.collisionCount, old.status?.collisionCount]
  if (before !== undefined && (now === undefined || now < before)) {
    found.push(invalid('status.collisionCount', now ?? 0, 'cannot be decremented'))
  }
  return found
}
