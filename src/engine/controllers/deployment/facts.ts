/** What can be said of a Deployment and its ReplicaSets without doing anything (pkg/controller/deployment/util). */
import type { Deployment, DeploymentCondition, ReplicaSet } from '#api/kinds.ts'
import { parseTime } from '#api/time.ts'
import { semanticallyEqual } from '../equal.ts'
import { scaled } from '../int-or-percent.ts'

export const REVISION = 'deployment.kubernetes.io/revision'
export const REVISION_HISTORY = 'deployment.kubernetes.io/revision-history'
export const DESIRED = 'deployment.kubernetes.io/desired-replicas'
export const MAX = 'deployment.kubernetes.io/max-replicas'
export const HASH_LABEL = 'pod-template-hash'

type Status = NonNullable<Deployment['status']>

/** "No limit", as clients write it. */
const FOREVER = 2_147_483_647

export const wanted = (object: Deployment | ReplicaSet): number => object.spec.replicas ?? 1
export const isRolling = (d: Deployment): boolean => d.spec.strategy?.type === 'RollingUpdate'
/** The deadline in seconds, or null when progress is not watched. */
export const deadline = ({ spec }: Deployment): number | null =>
  spec.progressDeadlineSeconds === undefined || spec.progressDeadlineSeconds === FOREVER ? null : spec.progressDeadlineSeconds
export const historyLimit = ({ spec }: Deployment): number | null =>
  spec.revisionHistoryLimit === undefined || spec.revisionHistoryLimit === FOREVER ? null : spec.revisionHistoryLimit

/** maxSurge rounded up and maxUnavailable rounded down, never both zero. */
function fenceposts(d: Deployment): { surge: number; unavailable: number } {
  const { maxSurge, maxUnavailable } = d.spec.strategy?.rollingUpdate ?? {}
  const surge = scaled(maxSurge, wanted(d), true)
  const unavailable = scaled(maxUnavailable, wanted(d), false)
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable }
}

export const maxSurge = (d: Deployment): number => (isRolling(d) ? fenceposts(d).surge : 0)
export const maxUnavailable = (d: Deployment): number =>
  isRolling(d) && wanted(d) > 0 ? Math.min(fenceposts(d).unavailable, wanted(d)) : 0

/** The revision in the annotations, of all 64 bits; 0 when there is none, or when it is no number. */
function revisionOf({ metadata }: ReplicaSet): bigint {
  const text = metadata.annotations?.[REVISION]
  return text !== undefined && /^-?\d+$/.test(text) ? BigInt(text) : 0n
}

export function maxRevision(sets: readonly ReplicaSet[]): bigint {
  let max = 0n
  for (const rs of sets) {
    const revision = revisionOf(rs)
    if (revision > max) max = revision
  }
  return max
}

/** A non-negative number in the annotations. */
export function countIn({ metadata }: ReplicaSet, annotation: string): number | null {
  const text = metadata.annotations?.[annotation]
  return text !== undefined && /^\d+$/.test(text) && Number(text) <= FOREVER ? Number(text) : null
}

export const total = (sets: readonly ReplicaSet[], of: (rs: ReplicaSet) => number | undefined): number =>
  sets.reduce((sum, rs) => sum + (of(rs) ?? 0), 0)

export const available = (rs: ReplicaSet): number => rs.status?.availableReplicas ?? 0
export const active = (sets: readonly ReplicaSet[]): ReplicaSet[] => sets.filter((rs) => wanted(rs) > 0)

const text = (a = '', b = ''): number => (a < b ? -1 : a > b ? 1 : 0)

export const oldestFirst = (a: ReplicaSet, b: ReplicaSet): number =>
  text(a.metadata.creationTimestamp, b.metadata.creationTimestamp) || text(a.metadata.name, b.metadata.name)
export const newestFirst = (a: ReplicaSet, b: ReplicaSet): number => oldestFirst(b, a)
export const biggestThenNewest = (a: ReplicaSet, b: ReplicaSet): number => wanted(b) - wanted(a) || newestFirst(a, b)
export const biggestThenOldest = (a: ReplicaSet, b: ReplicaSet): number => wanted(b) - wanted(a) || oldestFirst(a, b)
export function lowestRevisionFirst(a: ReplicaSet, b: ReplicaSet): number {
  const [one, other] = [revisionOf(a), revisionOf(b)]
  return one < other ? -1 : one > other ? 1 : oldestFirst(a, b)
}

/** Whether this ReplicaSet's template is the Deployment's, but for the hash label. */
export const sameTemplate = (d: Deployment, rs: ReplicaSet): boolean =>
  semanticallyEqual(d.spec.template, rs.spec.template, HASH_LABEL)

/** The oldest ReplicaSet of the present template. */
export const findNew = (d: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined =>
  [...sets].sort(oldestFirst).find((rs) => sameTemplate(d, rs))

/** The only active ReplicaSet, or the newest when none is; undefined when several are. */
export function activeOrLatest(newSet: ReplicaSet | undefined, old: readonly ReplicaSet[]): ReplicaSet | undefined {
  const sets = active(newSet ? [...old, newSet] : old)
  if (sets.length > 1) return undefined
  return sets[0] ?? newSet ?? [...old].sort(newestFirst)[0]
}

export const isSaturated = (d: Deployment, rs: ReplicaSet | undefined): boolean =>
  rs !== undefined && wanted(rs) === wanted(d) && countIn(rs, DESIRED) === wanted(d) && available(rs) === wanted(d)

/** How many replicas the new ReplicaSet may have now (deploymentutil.NewRSNewReplicas). */
export function newReplicas(d: Deployment, all: readonly ReplicaSet[], present: number): number {
  if (!isRolling(d)) return wanted(d)
  const limit = wanted(d) + scaled(d.spec.strategy?.rollingUpdate?.maxSurge, wanted(d), true)
  const pods = total(all, wanted)
  if (pods >= limit) return present
  return present + Math.min(limit - pods, wanted(d) - present)
}

/** This ReplicaSet's part of replicas to add (or, negative, to take away) in proportion to its size. */
export function proportion(d: Deployment, rs: ReplicaSet, toAdd: number, added: number): number {
  if (wanted(rs) === 0 || toAdd === 0 || toAdd === added) return 0
  const allowed = toAdd - added
  const share = fraction(d, rs)
  return toAdd > 0 ? Math.min(share, allowed) : Math.max(share, allowed)
}

function fraction(d: Deployment, rs: ReplicaSet): number {
  if (wanted(d) === 0) return -wanted(rs)
  const before = countIn(rs, MAX) || d.status?.replicas
  if (!before) return 0
  const size = (wanted(rs) * (wanted(d) + maxSurge(d))) / before
  return Math.trunc(size < 0 ? size - 0.5 : size + 0.5) - wanted(rs)
}

export const conditionOf = (status: Status | undefined, type: string): DeploymentCondition | undefined =>
  status?.conditions?.find((condition) => condition.type === type)

export const without = (status: Status, type: string): Status =>
  conditionOf(status, type) ? { ...status, conditions: (status.conditions ?? []).filter((c) => c.type !== type) } : status

/** Sets a condition unless one of that status and reason stands there already. */
export function withCondition(status: Status, next: DeploymentCondition): Status {
  const old = conditionOf(status, next.type)
  if (old?.status === next.status && old.reason === next.reason) return status
  const since = old?.status === next.status ? old.lastTransitionTime : next.lastTransitionTime
  const condition = since === undefined ? next : { ...next, lastTransitionTime: since }
  return { ...status, conditions: [...(status.conditions ?? []).filter((c) => c.type !== next.type), condition] }
}

export const isComplete = (d: Deployment, status: Status): boolean =>
  (status.updatedReplicas ?? 0) === wanted(d) &&
  (status.replicas ?? 0) === wanted(d) &&
  (status.availableReplicas ?? 0) === wanted(d) &&
  (status.observedGeneration ?? 0) >= (d.metadata.generation ?? 0)

export function hasProgressed(d: Deployment, next: Status): boolean {
  const last = d.status ?? {}
  const oldOnes = (status: Status): number => (status.replicas ?? 0) - (status.updatedReplicas ?? 0)
  return (
    (next.updatedReplicas ?? 0) > (last.updatedReplicas ?? 0) ||
    oldOnes(next) < oldOnes(last) ||
    (next.readyReplicas ?? 0) > (last.readyReplicas ?? 0) ||
    (next.availableReplicas ?? 0) > (last.availableReplicas ?? 0)
  )
}

/** Whether the last sign of progress is longer ago than the deadline. */
export function isTimedOut(d: Deployment, status: Status, now: number): boolean {
  const seconds = deadline(d)
  const condition = conditionOf(status, 'Progressing')
  if (seconds === null || !condition || condition.reason === 'NewReplicaSetAvailable') return false
  if (condition.reason === 'ProgressDeadlineExceeded') return true
  return parseTime(condition.lastUpdateTime) + seconds * 1000 < now
}
