/** The Deployment's status: counts, conditions, and whether the rollout still makes progress (progress.go). */
import type { Deployment, DeploymentCondition, ReplicaSet } from '#api/kinds.ts'
import { parseTime } from '#api/time.ts'
import { semanticallyEqual } from '../equal.ts'
import {
  available,
  conditionOf,
  deadline,
  hasProgressed,
  isComplete,
  isTimedOut,
  maxUnavailable,
  total,
  wanted,
  withCondition,
  without,
} from './facts.ts'
import { all, condition, type Rollout, type Sets, writeStatus } from './rollout.ts'

type Status = NonNullable<Deployment['status']>

/** Sum of what is on its way out; undefined as long as a synced ReplicaSet does not say. */
function terminating(sets: readonly ReplicaSet[]): number | undefined {
  let sum = 0
  for (const { status } of sets) {
    if (status?.terminatingReplicas !== undefined) sum += status.terminatingReplicas
    else if (status?.observedGeneration) return undefined
  }
  return sum
}

type Count = 'observedGeneration' | 'replicas' | 'updatedReplicas' | 'readyReplicas' | 'availableReplicas' | 'unavailableReplicas'

function calculate(rollout: Rollout, sets: Sets): Status {
  const { d } = rollout
  const everything = all(sets)
  const up = total(everything, available)
  const leaving = terminating(everything)
  const status: Status = {}
  const put = (name: Count, value: number | undefined): void => {
    if (value) status[name] = value
  }
  put('observedGeneration', d.metadata.generation)
  put(
    'replicas',
    total(everything, (rs) => rs.status?.replicas),
  )
  put('updatedReplicas', sets.next?.status?.replicas)
  put(
    'readyReplicas',
    total(everything, (rs) => rs.status?.readyReplicas),
  )
  put('availableReplicas', up)
  put('unavailableReplicas', Math.max(0, total(everything, wanted) - up))
  if (leaving !== undefined) status.terminatingReplicas = leaving
  if (d.status?.collisionCount !== undefined) status.collisionCount = d.status.collisionCount
  if (d.status?.conditions) status.conditions = d.status.conditions
  const enough = up >= wanted(d) - maxUnavailable(d)
  return withCondition(
    status,
    enough
      ? condition(rollout, 'Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.')
      : condition(rollout, 'Available', 'False', 'MinimumReplicasUnavailable', 'Deployment does not have minimum availability.'),
  )
}

const sameStatus = (a: Status | undefined, b: Status): boolean =>
  semanticallyEqual(a ?? {}, b) && a?.terminatingReplicas === b.terminatingReplicas

function write(rollout: Rollout, status: Status): void {
  rollout.d = { ...rollout.d, status }
  writeStatus(
    rollout,
    `${status.replicas ?? 0} replicas, ${status.updatedReplicas ?? 0} updated, ${status.availableReplicas ?? 0} available`,
  )
}

/** For paused and scaled Deployments: no estimate of progress. */
export function syncStatus(rollout: Rollout, sets: Sets): void {
  const status = calculate(rollout, sets)
  if (!sameStatus(rollout.d.status, status)) write(rollout, status)
}

/** For rollouts: progress, completion, time-out, and failures of the ReplicaSets. */
export function syncRolloutStatus(rollout: Rollout, sets: Sets): void {
  const { d } = rollout
  let status = calculate(rollout, sets)
  if (deadline(d) === null) status = without(status, 'Progressing')
  else {
    const reason = conditionOf(d.status, 'Progressing')?.reason
    const done = (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && reason === 'NewReplicaSetAvailable'
    if (!done) status = estimateProgress(rollout, sets.next, status)
  }
  const failure = replicaFailure(sets)
  status = failure ? withCondition(status, failure) : without(status, 'ReplicaFailure')
  if (sameStatus(d.status, status)) lookAgain(rollout, status)
  else write(rollout, status)
}

function estimateProgress(rollout: Rollout, next: ReplicaSet | undefined, status: Status): Status {
  const { d, context } = rollout
  const subject = next ? `ReplicaSet "${next.metadata.name}"` : `Deployment "${d.metadata.name}"`
  const progressing = (value: string, reason: string, words: string): DeploymentCondition =>
    condition(rollout, 'Progressing', value, reason, `${subject} ${words}`)
  if (isComplete(d, status)) {
    return withCondition(status, progressing('True', 'NewReplicaSetAvailable', 'has successfully progressed.'))
  }
  if (hasProgressed(d, status)) {
    const news = progressing('True', 'ReplicaSetUpdated', 'is progressing.')
    const last = conditionOf(d.status, 'Progressing')
    // Each sign of progress renews lastUpdateTime, even when status and reason stay.
    const since = last?.status === 'True' ? last.lastTransitionTime : news.lastTransitionTime
    return withCondition(without(status, 'Progressing'), since === undefined ? news : { ...news, lastTransitionTime: since })
  }
  if (isTimedOut(d, status, context.now)) {
    return withCondition(status, progressing('False', 'ProgressDeadlineExceeded', 'has timed out progressing.'))
  }
  return status
}

/** The first failure among the new ReplicaSet's, then all ReplicaSets' conditions. */
function replicaFailure(sets: Sets): DeploymentCondition | undefined {
  for (const rs of [...(sets.next ? [sets.next] : []), ...all(sets)]) {
    for (const { type, status, lastTransitionTime, reason, message } of rs.status?.conditions ?? []) {
      if (type !== 'ReplicaFailure') continue
      const time = lastTransitionTime ?? ''
      return { type, status, lastUpdateTime: time, lastTransitionTime: time, reason: reason ?? '', message: message ?? '' }
    }
  }
  return undefined
}

/** A deadline that has passed and does not count (it was complete before): its queue lets through ten such looks a second. */
const AGAIN_MS = 100

/** Nothing has changed: look again when the deadline will have passed. */
function lookAgain({ d, context }: Rollout, status: Status): void {
  const seconds = deadline(d)
  const last = conditionOf(d.status, 'Progressing')
  if (seconds === null || !last || isComplete(d, status) || last.reason === 'ProgressDeadlineExceeded') return
  const left = parseTime(last.lastUpdateTime) + seconds * 1000 - context.now
  const wait = left >= 1000 ? left + 1000 : left >= 0 ? left + 5 : AGAIN_MS
  context.later(`${d.metadata.namespace}/${d.metadata.name}`, wait)
}
