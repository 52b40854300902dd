/** Validation of DaemonSets (pkg/apis/apps/validation). */
import { type FieldError, inKeyOrder, invalid, notListed, required } from '#api/field-error.ts'
import type { DaemonSet } from '#api/kinds.ts'
import { matches, selectorOf } from '#api/selector.ts'
import { type Found, labelSelector, nonNegative } from '../pod/checks.ts'
import { internal } from '../pod/internal.ts'
import { immutableSelector, shownSelector } from '../pod/validate-replicas.ts'
import { onlyAlwaysRestarting, validatePodTemplate } from '../pod/validate-template.ts'
import { amount, intOrPercent, notAboveAll } from './deployment-validation.ts'
import { collisions } from './stateful-set-validation.ts'

type Strategy = NonNullable<DaemonSet['spec']['updateStrategy']>

function strategy(found: Found, path: string, one: Strategy): void {
  if (one.type === 'OnDelete') return
  if (one.type !== 'RollingUpdate') {
    found.push(notListed(path, internal('DaemonSetUpdateStrategy', one), ['RollingUpdate', 'OnDelete']))
    return
  }
  if (!one.rollingUpdate) {
    found.push(required(`${path}.rollingUpdate`))
    return
  }
  const { maxUnavailable = 0, maxSurge = 0 } = one.rollingUpdate
  const [missing, extra] = [`${path}.rollingUpdate.maxUnavailable`, `${path}.rollingUpdate.maxSurge`]
  intOrPercent(found, missing, maxUnavailable)
  intOrPercent(found, extra, maxSurge)
  notAboveAll(found, missing, maxUnavailable)
  notAboveAll(found, extra, maxSurge)
  const [unavailable, surge] = [amount(maxUnavailable) !== 0, amount(maxSurge) !== 0]
  if (unavailable && surge) found.push(invalid(extra, maxSurge, 'may not be set when maxUnavailable is non-zero'))
  if (!unavailable && !surge) found.push(required(missing, 'cannot be 0 when maxSurge is 0'))
}

export function validateDaemonSet({ spec }: DaemonSet, old: DaemonSet | null): FieldError[] {
  const found: Found = []
  if (old) immutableSelector(found, 'spec.selector', spec.selector, old.spec.selector)
  const before = found.length
  labelSelector(found, 'spec.selector', spec.selector)
  const own = spec.template.metadata?.labels
  const selector = found.length === before && spec.selector ? selectorOf(spec.selector) : null
  if ((selector && !matches(selector, own)) || !spec.selector) {
    found.push(invalid('spec.template.metadata.labels', own && inKeyOrder(own), '`selector` does not match template `labels`'))
  }
  const { matchLabels = {}, matchExpressions = [] } = spec.selector ?? {}
  if (spec.selector && Object.keys(matchLabels).length + matchExpressions.length === 0) {
    found.push(invalid('spec.selector', shownSelector(spec.selector), 'empty selector is invalid for daemonset'))
  }
  validatePodTemplate(found, 'spec.template', spec.template, old?.spec.template ?? null)
  onlyAlwaysRestarting(found, 'spec.template', spec.template, 'DaemonSet')
  nonNegative(found, 'spec.minReadySeconds', spec.minReadySeconds)
  strategy(found, 'spec.updateStrategy', spec.updateStrategy ?? {})
  nonNegative(found, 'spec.revisionHistoryLimit', spec.revisionHistoryLimit)
  return found
}

const COUNTS = [
  'currentNumberScheduled',
  'numberMisscheduled',
  'desiredNumberScheduled',
  'numberReady',
  'observedGeneration',
  'updatedNumberScheduled',
  'numberAvailable',
  'numberUnavailable',
  'collisionCount',
] as const

export function validateDaemonSetStatus({ status }: DaemonSet, old: DaemonSet): FieldError[] {
  const found: Found = []
  for (const key of COUNTS) nonNegative(found, `status.${key}`, status?.[key])
  collisions(found, status?.collisionCount, old.status?.collisionCount)
  return found
}
