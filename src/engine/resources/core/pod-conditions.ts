/** Conditions of Pods: set, with the time of their last change (podutil.UpdatePodCondition). */
import { extend } from '#api/extend.ts'
import type { PodCondition, PodStatus } from '#api/kinds.ts'

/** Replaces the condition of this type, or adds it; the time stays when the status does. */
export function withCondition(status: PodStatus, condition: Omit<PodCondition, 'lastTransitionTime'>, now: string): PodStatus {
  const conditions = status.conditions ?? []
  const at = conditions.findIndex((c) => c.type === condition.type)
  const old = conditions[at]
  const lastTransitionTime = old?.status === condition.status ? (old.lastTransitionTime ?? now) : now
  const next: PodCondition = extend(condition, { lastProbeTime: null, lastTransitionTime })
  return extend(status, { conditions: at < 0 ? [...conditions, next] : conditions.with(at, next) })
}
