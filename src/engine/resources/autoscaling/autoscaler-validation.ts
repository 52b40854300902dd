/** Validation of HorizontalPodAutoscalers (pkg/apis/autoscaling/validation), as of the newest version. */
import { type FieldError, invalid, notSupported, required } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { canonicalQuantity } from '#api/quantity.ts'
import { type Found, NEGATIVE, nanoOf, nonNegative } from '../pod/checks.ts'
import { metrics, type ReferenceRules, reference, versionProblem } from './metric-validation.ts'

type Fields = Record<string, any>

const SELECT = ['Disabled', 'Max', 'Min']
const POLICIES = ['Percent', 'Pods']
const MAX_WINDOW = 3600
const MAX_PERIOD = 1800

function policy(found: Found, path: string, { type = '', value = 0, periodSeconds = 0 }: Fields): void {
  if (!POLICIES.includes(type)) found.push(notSupported(`${path}.type`, type, POLICIES))
  if (value <= 0) found.push(invalid(`${path}.value`, value, 'must be greater than zero'))
  const at = `${path}.periodSeconds`
  if (periodSeconds <= 0) found.push(invalid(at, periodSeconds, 'must be greater than zero'))
  if (periodSeconds > MAX_PERIOD) found.push(invalid(at, periodSeconds, `must be less than or equal to ${MAX_PERIOD}`))
}

function scaling(found: Found, path: string, rules: Fields | undefined): void {
  if (!rules) return
  const { stabilizationWindowSeconds: window = 0, selectPolicy, policies = [], tolerance } = rules
  const at = `${path}.stabilizationWindowSeconds`
  if (window < 0) found.push(invalid(at, window, 'must be greater than or equal to zero'))
  if (window > MAX_WINDOW) found.push(invalid(at, window, `must be less than or equal to ${MAX_WINDOW}`))
  if (selectPolicy !== undefined && !SELECT.includes(selectPolicy)) {
    found.push(notSupported(`${path}.selectPolicy`, selectPolicy, SELECT))
  }
  if (policies.length === 0) found.push(required(`${path}.policies`, 'must specify at least one Policy'))
  for (const [i, one] of policies.entries()) policy(found, `${path}.policies[${i}]`, one)
  if (nanoOf(tolerance) < 0n) found.push(invalid(`${path}.tolerance`, canonicalQuantity(tolerance), NEGATIVE))
}

/** What was stored with an odd target may keep it; only one kind that scales has no group (validationOptionsForHorizontalPodAutoscaler). */
function targetRules(next: Fields, old: Fields | null): ReferenceRules {
  if (old && old['apiVersion'] === next['apiVersion'] && old['kind'] === next['kind']) return { anyVersion: true }
  return { emptyGroup: next['kind'] === 'ReplicationController' }
}

const isOdd = ({ type, object }: Fields): boolean =>
  type === 'Object' && object && versionProblem(object.describedObject?.apiVersion ?? '', true) !== null

export function validateAutoscaler({ spec = {} }: AnyObject & Fields, old: AnyObject | null): FieldError[] {
  const found: Found = []
  const { minReplicas: min, maxReplicas: max = 0, behavior } = spec as Fields
  const least = old?.['spec']?.minReplicas === 0 ? 0 : 1
  if (min !== undefined && min < least) {
    found.push(invalid('spec.minReplicas', min, `must be greater than or equal to ${least}`))
  }
  if (max === 0) found.push(required('spec.maxReplicas', 'must be set and greater than 0'))
  if (max < 0) found.push(invalid('spec.maxReplicas', max, 'must be greater than or equal to 1'))
  if (min !== undefined && max < min) {
    found.push(invalid('spec.maxReplicas', max, 'must be greater than or equal to `minReplicas`'))
  }
  const before: Fields | null = old && (old['spec'] ?? {})
  const target: Fields = spec.scaleTargetRef ?? {}
  reference(found, 'spec.scaleTargetRef', target, targetRules(target, before && (before['scaleTargetRef'] ?? {})))
  const anyVersion = (before?.['metrics'] ?? []).some(isOdd)
  metrics(found, 'spec.metrics', spec.metrics ?? [], min, { emptyGroup: true, anyVersion })
  scaling(found, 'spec.behavior.scaleUp', behavior?.scaleUp)
  scaling(found, 'spec.behavior.scaleDown', behavior?.scaleDown)
  return found
}

export function validateAutoscalerStatus({ status }: AnyObject): FieldError[] {
  const found: Found = []
  nonNegative(found, 'status.currentReplicas', status?.currentReplicas)
  nonNegative(found, 'status.desiredReplicas', status?.desiredReplicas)
  return found
}
