/** What is wrong with a PodDisruptionBudget (pkg/apis/policy/validation). */
import { type FieldError, invalid, notSupported } from '#api/field-error.ts'
import type { IntOrString, PodDisruptionBudget } from '#api/kinds.ts'
import { regexProblem } from '#api/names.ts'
import { validateConditions } from '../../apiserver/metadata/conditions.ts'
import { validateLabelSelector } from '../../apiserver/metadata/selector.ts'
import { shownSelector } from '../pod/validate-replicas.ts'

type Spec = NonNullable<PodDisruptionBudget['spec']>

const POLICIES = ['AlwaysAllow', 'IfHealthyBudget']

export function validateBudget({ spec = {} }: PodDisruptionBudget): FieldError[] {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy: policy } = spec
  return [
    ...(minAvailable !== undefined && maxUnavailable !== undefined
      ? [invalid('spec', goSpec(spec), 'minAvailable and maxUnavailable cannot be both set')]
      : []),
    ...(minAvailable === undefined ? [] : boundErrors(minAvailable, 'spec.minAvailable')),
    ...(maxUnavailable === undefined ? [] : boundErrors(maxUnavailable, 'spec.maxUnavailable')),
    ...validateLabelSelector(selector, 'spec.selector'),
    ...(policy !== undefined && !POLICIES.includes(policy)
      ? [notSupported('spec.unhealthyPodEvictionPolicy', policy, POLICIES)]
      : []),
  ]
}

/** As Go prints the struct. */
const goSpec = (spec: Spec) => ({
  MinAvailable: spec.minAvailable ?? null,
  Selector: spec.selector ? shownSelector(spec.selector) : null,
  MaxUnavailable: spec.maxUnavailable ?? null,
  UnhealthyPodEvictionPolicy: spec.unhealthyPodEvictionPolicy ?? null,
})

/** A count, or a percentage up to a hundred. */
function boundErrors(value: IntOrString, field: string): FieldError[] {
  if (typeof value === 'number') return value < 0 ? [invalid(field, value, 'must be greater than or equal to 0')] : []
  if (!/^[0-9]+%$/.test(value)) {
    const words = "a valid percent string must be a numeric string followed by an ending '%'"
    return [invalid(field, value, regexProblem(words, '[0-9]+%', '1%', '93%'))]
  }
  return Number(value.slice(0, -1)) > 100 ? [invalid(field, value, 'must not be greater than 100%')] : []
}

export function validateBudgetStatus({ status }: PodDisruptionBudget): FieldError[] {
  if (!status) return []
  const counts = ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'] as const
  return [
    ...validateConditions(status.conditions ?? [], 'status.conditions'),
    ...counts
      .filter((field) => status[field] < 0)
      .map((field) => invalid(`status.${field}`, status[field], 'must be greater than or equal to 0')),
  ]
}
