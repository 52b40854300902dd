/** Counting each Pod exactly once: UIDs into the status, finalizers off, then the counters (job_controller.go trackJobStatusAndRemoveFinalizers). */
import type { Job, JobStatus, Pod } from '#api/kinds.ts'
import { type ApiError, isNotFound } from '#api/status.ts'
import { conditionOf, hasFailed, hasSucceeded, isTracked, isTrue, storedStatus, withCondition } from './facts.ts'
import { formatIndexes, isIndexed, validIndexOf } from './indexes.ts'
import { untrack } from './manage.ts'
import { failureCounts } from './policy.ts'
import { backOffKey, type JobSync, reached, untrackedKey } from './state.ts'

/** Pods counted in one go at most: their UIDs must fit into the status. */
const MAX_UNCOUNTED = 500

const uid = ({ metadata }: Pod): string => metadata.uid ?? ''

interface Uncounted {
  succeeded: string[]
  failed: string[]
}

export function track(sync: JobSync, changed: boolean): void {
  const held = new Set(sync.pods.filter((pod) => isTracked(pod) && !sync.untracked.has(uid(pod))).map(uid))
  let flush = countReleased(sync, held) || changed
  const { release, full, news } = collect(sync, held)
  flush = news || flush
  if (isIndexed(sync.job)) flush = writeIndexes(sync) || flush
  flush = interim(sync) || flush
  if (flush) {
    write(sync)
    sync.context.memory.set(backOffKey(sync.key), sync.backOff)
  }
  const failed = releaseAll(sync, release, held)
  let again = countReleased(sync, held)
  if (failed) {
    if (again) write(sync)
    throw failed
  }
  const done = !full && finish(sync)
  again = again || done
  if (!again) return
  write(sync)
  if (done) announce(sync)
}

const uncountedOf = ({ status }: Job): Uncounted => ({ succeeded: [], failed: [], ...status?.uncountedTerminatedPods })

function setStatus(sync: JobSync, change: Partial<JobStatus>): void {
  sync.job = { ...sync.job, status: { ...sync.job.status, ...change } }
}

/** Counts the Pods whose finalizer is off: their UIDs leave the status, the counters grow. True when something changed. */
function countReleased(sync: JobSync, held: ReadonlySet<string>): boolean {
  const { succeeded, failed } = uncountedOf(sync.job)
  const left = { succeeded: succeeded.filter((id) => held.has(id)), failed: failed.filter((id) => held.has(id)) }
  const [s, f] = [succeeded.length - left.succeeded.length, failed.length - left.failed.length]
  if (s + f === 0) return false
  const { status = {} } = sync.job
  setStatus(sync, { succeeded: (status.succeeded ?? 0) + s, failed: (status.failed ?? 0) + f, uncountedTerminatedPods: left })
  return true
}

/** Finds the Pods that have ended and whose finalizer may go; their UIDs go into the status first. */
function collect(sync: JobSync, held: ReadonlySet<string>): { release: Pod[]; full: boolean; news: boolean } {
  const { job, pods, finished } = sync
  const indexed = isIndexed(job)
  const uncounted = uncountedOf(job)
  const release: Pod[] = []
  let [news, added] = [false, 0]
  const failedJob = finished !== null && finished.type !== 'SuccessCriteriaMet'
  for (const pod of pods) {
    if (!held.has(uid(pod))) continue
    const failed = hasFailed(pod, job)
    if (!mayRelease(sync, pod, failed)) continue
    release.push(pod)
    const index = validIndexOf(pod, job)
    if (hasSucceeded(pod) && !sync.uncounted.failed.has(uid(pod))) {
      if (indexed) {
        if (index < 0 || sync.previousIndexes.has(index)) continue
        added += 1
      } else if (sync.uncounted.succeeded.has(uid(pod))) continue
      else uncounted.succeeded = [...uncounted.succeeded, uid(pod)]
      news = true
    } else if (
      (failed || failedJob) &&
      !sync.uncounted.failed.has(uid(pod)) &&
      (!indexed || index >= 0) &&
      failureCounts(job, pod)
    ) {
      uncounted.failed = [...uncounted.failed, uid(pod)]
      news = true
    }
    if (added + uncounted.succeeded.length + uncounted.failed.length >= MAX_UNCOUNTED) {
      setStatus(sync, { uncountedTerminatedPods: uncounted })
      return { release, full: true, news }
    }
  }
  setStatus(sync, { uncountedTerminatedPods: uncounted })
  return { release, full: false, news }
}

function mayRelease({ job, finished, delayed }: JobSync, pod: Pod, failed: boolean): boolean {
  if (job.metadata.deletionTimestamp || finished || hasSucceeded(pod)) return true
  return failed && delayed.get(validIndexOf(pod, job)) !== pod
}

function writeIndexes(sync: JobSync): boolean {
  const { status = {} } = sync.job
  const completedIndexes = formatIndexes(sync.succeededIndexes)
  const failedIndexes = sync.failedIndexes ? formatIndexes(sync.failedIndexes) : undefined
  const changed = (status.completedIndexes ?? '') !== completedIndexes || status.failedIndexes !== failedIndexes
  const failed = failedIndexes === undefined ? {} : { failedIndexes }
  setStatus(sync, { succeeded: sync.succeededIndexes.size, completedIndexes, ...failed })
  return changed
}

/** FailureTarget and SuccessCriteriaMet stand in the status before the finalizers go; Failed and Complete follow after. */
function interim(sync: JobSync): boolean {
  const { finished, job } = sync
  if (finished?.type !== 'FailureTarget' && finished?.type !== 'SuccessCriteriaMet') return false
  const { type, reason = '', message = '' } = finished
  const stands = isTrue(conditionOf(job.status, type))
  if (!stands) setStatus(sync, { conditions: [...(job.status?.conditions ?? []), finished] })
  sync.finished = reached(sync, type === 'FailureTarget' ? 'Failed' : 'Complete', reason, message)
  return !stands
}

function write(sync: JobSync): void {
  const { context, job, key } = sync
  const status = storedStatus(job.status ?? {})
  const because = `${status.active ?? 0} active, ${status.succeeded ?? 0} succeeded, ${status.failed ?? 0} failed`
  sync.job = context.api.update<Job>('jobs.batch', { ...job, status }, { subresource: 'status', because })
  context.memory.set(`wrote/${key}`, sync.job.metadata.resourceVersion)
}

function releaseAll(sync: JobSync, pods: readonly Pod[], held: Set<string>): ApiError | null {
  const { context, key } = sync
  if (pods.length === 0) return null
  const name = untrackedKey(key)
  let failed: ApiError | null = null
  const done: string[] = []
  for (const pod of pods) {
    const refused = untrack(pod, 'its Job has counted it', context)
    if (refused && !isNotFound(refused)) {
      failed ??= refused
      continue
    }
    held.delete(uid(pod))
    if (!refused) done.push(uid(pod))
  }
  context.memory.set(name, [...(context.memory.get(name) ?? []), ...done])
  return failed
}

/** Sets Complete or Failed once all Pods are counted and none is still ending. */
function finish(sync: JobSync): boolean {
  const { finished, terminating, context } = sync
  if (!finished || terminating > 0) return false
  const { succeeded, failed } = uncountedOf(sync.job)
  if (succeeded.length + failed.length > 0) return false
  const { type, status, reason = '', message = '' } = finished
  const time = context.world.timestamp()
  const conditions = withCondition(sync.job.status?.conditions, type, status, reason, message, time)
  setStatus(sync, { conditions, ...(type === 'Complete' ? { completionTime: finished.lastTransitionTime ?? time } : {}) })
  return true
}

function announce({ context, job, finished }: JobSync): void {
  const { events, memory } = context
  memory.set(`finished/${job.metadata.uid}`, true)
  if (finished?.type !== 'Complete') {
    events.record(job, 'Warning', finished?.reason ?? '', finished?.message ?? '')
    return
  }
  const { completions } = job.spec
  if (completions !== undefined && (job.status?.succeeded ?? 0) > completions) {
    events.record(job, 'Warning', 'TooManySucceededPods', 'Too many succeeded pods running after completion count reached')
  }
  events.record(job, 'Normal', 'Completed', 'Job completed')
}
