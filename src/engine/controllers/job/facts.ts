/** What can be said of a Job and its Pods without doing anything. */
import type { Job, JobCondition, JobStatus, Pod } from '#api/kinds.ts'
import { isReady, isTerminal } from '../pods.ts'

/** Syncs that are put off wait for this long at least. */
export const BATCH_MS = 1000
export const FINALIZER = 'batch.kubernetes.io/job-tracking'

export const isTracked = ({ metadata }: Pod): boolean => metadata.finalizers?.includes(FINALIZER) === true
export const isSuspended = ({ spec }: Job): boolean => spec.suspend === true
export const isForeign = ({ spec }: Job): boolean =>
  spec.managedBy !== undefined && spec.managedBy !== 'kubernetes.io/job-controller'

export const conditionOf = (status: JobStatus | undefined, type: string): JobCondition | undefined =>
  status?.conditions?.find((condition) => condition.type === type)

export const isTrue = (condition: JobCondition | undefined): condition is JobCondition => condition?.status === 'True'

export const isFinished = ({ status }: Job): boolean =>
  isTrue(conditionOf(status, 'Complete')) || isTrue(conditionOf(status, 'Failed'))

/** Replacements wait until a failed Pod has really ended. */
export const replacesOnlyFailed = ({ spec }: Job): boolean =>
  spec.podReplacementPolicy === 'Failed' || spec.podFailurePolicy !== undefined

/** Deleted Pods count as failed, unless replacements wait for their end. */
export function hasFailed(pod: Pod, job: Job): boolean {
  if (pod.status?.phase === 'Failed') return true
  if (replacesOnlyFailed(job)) return false
  return pod.metadata.deletionTimestamp !== undefined && pod.status?.phase !== 'Succeeded'
}

export const hasSucceeded = ({ status }: Pod): boolean => status?.phase === 'Succeeded'

/** Sum of restarts exceeds the limit, for Pods that restart their containers themselves. */
export function restartedTooOften({ spec }: Job, pods: readonly Pod[]): boolean {
  if (spec.template.spec.restartPolicy !== 'OnFailure') return false
  let restarts = 0
  for (const pod of pods) {
    if (isTerminal(pod)) continue
    for (const each of [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])])
      restarts += each.restartCount
  }
  const limit = spec.backoffLimit ?? 6
  return limit === 0 ? restarts > 0 : restarts >= limit
}

export const readyCount = (pods: readonly Pod[]): number => pods.filter(isReady).length

/** The status as it is stored: counts of zero are left out, but for those that say "none" (ready, terminating). */
export function storedStatus(status: JobStatus): JobStatus {
  const { active, succeeded, failed, completedIndexes, conditions, uncountedTerminatedPods: uncounted, ...rest } = status
  return {
    ...rest,
    ...(conditions?.length ? { conditions } : {}),
    ...(active ? { active } : {}),
    ...(succeeded ? { succeeded } : {}),
    ...(failed ? { failed } : {}),
    ...(completedIndexes ? { completedIndexes } : {}),
    uncountedTerminatedPods: {
      ...(uncounted?.succeeded?.length ? { succeeded: uncounted.succeeded } : {}),
      ...(uncounted?.failed?.length ? { failed: uncounted.failed } : {}),
    },
  }
}

/** Sets a condition; the same list when nothing changes. A condition that is false is not begun. */
export function withCondition(
  list: JobCondition[] | undefined,
  type: string,
  status: string,
  reason: string,
  message: string,
  time: string,
): JobCondition[] {
  const conditions = list ?? []
  const old = conditions.find((condition) => condition.type === type)
  const next = condition(type, status, reason, message, time)
  if (!old) return status === 'False' ? conditions : [...conditions, next]
  if (old.status === status && old.reason === reason && old.message === message) return conditions
  return conditions.map((each) => (each === old ? next : each))
}

export const condition = (type: string, status: string, reason: string, message: string, time: string): JobCondition => ({
  type,
  status,
  lastProbeTime: time,
  lastTransitionTime: time,
  reason,
  message,
})
