/** Pauses between the Pods of a failing Job: 10 s, doubled with each failure since the last success, 10 min at most (backoff_utils.go). */
import type { ContainerStatus, Pod } from '#api/kinds.ts'
import { parseTime } from '#api/time.ts'
import { failureCount, ignoredFailureCount } from './indexes.ts'

/** Plain data, kept per Job. */
export interface BackOff {
  failures: number
  /** Time of the last failure, simulated ms since 1970. */
  last: number
}

const BASE_MS = 10_000
const MAX_MS = 600_000

/** When the last of these containers finished; null as long as one runs. */
function containersFinished(statuses: readonly ContainerStatus[]): number | null {
  let last: number | null = null
  for (const { state } of statuses) {
    const at = parseTime(state?.terminated?.finishedAt)
    if (Number.isNaN(at)) return null
    last = Math.max(last ?? at, at)
  }
  return last
}

/** When a Pod came to its end: by its containers, by its readiness, by its deletion, or else by its creation. */
export function finishedAt(pod: Pod): number {
  const sidecars = new Set((pod.spec.initContainers ?? []).filter((c) => c.restartPolicy === 'Always').map(({ name }) => name))
  const init = (pod.status?.initContainerStatuses ?? []).filter(({ name }) => sidecars.has(name))
  const byContainers = containersFinished([...(pod.status?.containerStatuses ?? []), ...init])
  if (byContainers !== null) return byContainers
  const ready = pod.status?.conditions?.find(({ type, status }) => type === 'Ready' && status === 'False')
  if (ready?.lastTransitionTime) return parseTime(ready.lastTransitionTime)
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, creationTimestamp } = pod.metadata
  return deletionTimestamp ? parseTime(deletionTimestamp) - deletionGracePeriodSeconds * 1000 : parseTime(creationTimestamp)
}

/** The record after these Pods have come to their ends. */
export function recorded(old: BackOff | undefined, succeeded: readonly Pod[], failed: readonly Pod[]): BackOff {
  const before = old ?? { failures: 0, last: 0 }
  const times = failed.map(finishedAt)
  if (succeeded.length === 0) {
    return times.length === 0 ? before : { failures: before.failures + times.length, last: Math.max(...times) }
  }
  const success = Math.max(...succeeded.map(finishedAt))
  const since = times.filter((time) => time > success)
  return { failures: since.length, last: since.length ? Math.max(...since) : 0 }
}

/** Milliseconds still to wait. */
export function remaining({ failures, last }: BackOff, now: number): number {
  if (failures === 0) return 0
  return Math.max(0, Math.min(MAX_MS, BASE_MS * 2 ** Math.min(failures - 1, 20)) - (now - last))
}

/** The same for one index, after the last Pod of that index that failed. */
export const remainingForIndex = (failed: Pod | undefined, now: number): number =>
  failed ? remaining({ failures: failureCount(failed) + ignoredFailureCount(failed) + 1, last: finishedAt(failed) }, now) : 0
