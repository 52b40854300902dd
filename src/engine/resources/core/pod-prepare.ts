/** What the API server does to a Pod before it is stored (pkg/registry/core/pod/strategy.go). */
import type { Pod, PodAffinity, PodAffinityTerm, PodCondition, PodSpec, TopologySpreadConstraint } from '#api/kinds.ts'
import type { LabelSelector } from '#api/meta.ts'
import { each, type Hooks, put } from '../../apiserver/resource.ts'
import { appArmorFromAnnotations } from '../pod/app-armor.ts'
import { qosClass } from '../pod/qos.ts'

type Labels = Record<string, string> | undefined

/** A new Pod is Pending, whatever its sender says, and knows its quality of service. */
export function preparePod(pod: Pod, hooks: Hooks): Pod {
  const gated = (pod.spec.schedulingGates?.length ?? 0) > 0
  const next: Pod = {
    ...pod,
    spec: withLabelKeys(pod.spec, pod.metadata.labels),
    status: {
      phase: 'Pending',
      ...(gated ? { conditions: [gatedCondition(hooks)] } : {}),
      qosClass: qosClass(pod.spec),
    },
  }
  return appArmorFromAnnotations(next, hooks)
}

/** Less than no time at all is a second. */
export const withGrace = (spec: PodSpec): PodSpec =>
  (spec.terminationGracePeriodSeconds ?? 0) < 0 ? put(spec, 'terminationGracePeriodSeconds', 1) : spec

const gatedCondition = (hooks: Hooks): PodCondition => ({
  type: 'PodScheduled',
  status: 'False',
  lastProbeTime: null,
  lastTransitionTime: hooks.world.timestamp(),
  reason: 'SchedulingGated',
  message: 'Scheduling is blocked due to non-empty scheduling gates',
})

/** The Pod's own values of `matchLabelKeys` join the selectors beside them. */
function withLabelKeys(spec: PodSpec, labels: Labels): PodSpec {
  let next = spec
  const { podAffinity, podAntiAffinity } = spec.affinity ?? {}
  if (spec.affinity && (podAffinity || podAntiAffinity)) {
    let affinity = spec.affinity
    if (podAffinity) affinity = put(affinity, 'podAffinity', inAffinity(podAffinity, labels))
    if (podAntiAffinity) affinity = put(affinity, 'podAntiAffinity', inAffinity(podAntiAffinity, labels))
    next = put(next, 'affinity', affinity)
  }
  const spread = spec.topologySpreadConstraints
  return spread
    ? put(
        next,
        'topologySpreadConstraints',
        each(spread, (c) => inConstraint(c, labels)),
      )
    : next
}

function inAffinity(affinity: PodAffinity, labels: Labels): PodAffinity {
  const { preferredDuringSchedulingIgnoredDuringExecution: preferred, requiredDuringSchedulingIgnoredDuringExecution: required } =
    affinity
  let next = affinity
  if (preferred) {
    const terms = each(preferred, (weighted) => put(weighted, 'podAffinityTerm', inTerm(weighted.podAffinityTerm, labels)))
    next = put(next, 'preferredDuringSchedulingIgnoredDuringExecution', terms)
  }
  return required
    ? put(
        next,
        'requiredDuringSchedulingIgnoredDuringExecution',
        each(required, (term) => inTerm(term, labels)),
      )
    : next
}

function inTerm(term: PodAffinityTerm, labels: Labels): PodAffinityTerm {
  const { labelSelector, matchLabelKeys, mismatchLabelKeys } = term
  if (!labelSelector || (!matchLabelKeys && !mismatchLabelKeys)) return term
  const matching = extended(labelSelector, matchLabelKeys, 'In', labels)
  return put(term, 'labelSelector', extended(matching, mismatchLabelKeys, 'NotIn', labels))
}

const inConstraint = (constraint: TopologySpreadConstraint, labels: Labels): TopologySpreadConstraint =>
  constraint.labelSelector && constraint.matchLabelKeys
    ? put(constraint, 'labelSelector', extended(constraint.labelSelector, constraint.matchLabelKeys, 'In', labels))
    : constraint

function extended(selector: LabelSelector, keys: string[] | undefined, operator: string, labels: Labels): LabelSelector {
  const added = (keys ?? []).flatMap((key) => {
    const value = labels?.[key]
    return value === undefined ? [] : [{ key, operator, values: [value] }]
  })
  return added.length > 0 ? { ...selector, matchExpressions: [...(selector.matchExpressions ?? []), ...added] } : selector
}

/** A status write may not lose the class, nor the generations that were observed. */
export function preparePodStatus(next: Pod, old: Pod): Pod {
  const status = { ...next.status }
  if (!status.qosClass && old.status?.qosClass) status.qosClass = old.status.qosClass
  if (!status.observedGeneration && old.status?.observedGeneration) status.observedGeneration = old.status.observedGeneration
  if (status.conditions) status.conditions = observed(status.conditions, old.status?.conditions ?? [])
  const owners = old.metadata.ownerReferences
  if (next.metadata.ownerReferences === owners) return { ...next, status }
  const { ownerReferences: _sent, ...metadata } = next.metadata
  return { ...next, metadata: owners ? { ...metadata, ownerReferences: owners } : metadata, status }
}

function observed(conditions: PodCondition[], old: PodCondition[]): PodCondition[] {
  const left = [...old]
  return each(conditions, (condition) => {
    const at = left.findIndex((c) => c.type === condition.type)
    const [before] = at < 0 ? [] : left.splice(at, 1)
    return condition.observedGeneration || !before?.observedGeneration
      ? condition
      : { ...condition, observedGeneration: before.observedGeneration }
  })
}
