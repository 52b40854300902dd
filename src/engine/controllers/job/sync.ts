/** One look at one Job: what its Pods have come to, whether it is done, and what is to be started or stopped (job_controller.go syncJob). */
import type { Job, JobCondition, Pod } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import { type ApiError, isNotFound } from '#api/status.ts'
import { parseTime } from '#api/time.ts'
import type { Context } from '../../machinery/controller.ts'
import { deletePod } from '../pod-control.ts'
import { isActive, isReady, isTerminating } from '../pods.ts'
import { recorded } from './backoff.ts'
import {
  conditionOf,
  hasFailed,
  hasSucceeded,
  isSuspended,
  isTracked,
  isTrue,
  readyCount,
  restartedTooOften,
  withCondition,
} from './facts.ts'
import { failureCount, indexOf, isIndexed, parseIndexes, validIndexOf } from './indexes.ts'
import { manage } from './manage.ts'
import { failureCounts, judgeFailure, successMet } from './policy.ts'
import { backOffKey, type JobSync, reached, untrackedKey } from './state.ts'
import { track } from './track.ts'

const uid = ({ metadata }: Pod): string => metadata.uid ?? ''

export function syncJob(job: Job, pods: readonly Pod[], context: Context): ApiError | null {
  const settled = context.expectations.satisfied(keyOf(job.metadata))
  const sync = begin(job, pods, context)
  const before = sync.job.status ?? {}
  decide(sync)
  let failed: ApiError | null = null
  let changed = false
  if (sync.finished) failed = stopAll(sync, settled)
  else {
    const managed = settled && !job.metadata.deletionTimestamp
    if (managed) failed = manage(sync)
    if (isComplete(sync)) {
      sync.finished = reached(sync, 'SuccessCriteriaMet', 'CompletionsReached', 'Reached expected number of succeeded pods')
    } else if (managed) changed = suspendOrResume(sync)
  }
  const { activeCount, ready, terminating } = sync
  changed ||= (before.active ?? 0) !== activeCount || before.ready !== ready || before.terminating !== terminating
  sync.job = { ...sync.job, status: { ...sync.job.status, active: activeCount, ready, terminating } }
  track(sync, changed)
  return failed
}

function begin(job: Job, pods: readonly Pod[], context: Context): JobSync {
  const key = keyOf(job.metadata)
  const { succeeded = [], failed = [] } = job.status?.uncountedTerminatedPods ?? {}
  const active = pods.filter(isActive)
  const startTime = job.status?.startTime ?? (isSuspended(job) ? undefined : context.world.timestamp())
  const sync: JobSync = {
    context,
    key,
    job: { ...job, status: { ...job.status, ...(startTime ? { startTime } : {}) } },
    pods,
    active,
    activeCount: active.length,
    ready: readyCount(active),
    terminating: pods.filter(isTerminating).length,
    succeeded: 0,
    failed: 0,
    finished: null,
    backOff: context.memory.get(backOffKey(key)) ?? { failures: 0, last: 0 },
    untracked: new Set(context.memory.get(untrackedKey(key)) ?? []),
    uncounted: { succeeded: new Set(succeeded), failed: new Set(failed) },
    previousIndexes: new Set(),
    succeededIndexes: new Set(),
    failedIndexes: null,
    delayed: new Map(),
  }
  const fresh = (pod: Pod, known: ReadonlySet<string>): boolean =>
    isTracked(pod) && !known.has(uid(pod)) && !sync.untracked.has(uid(pod)) && (!isIndexed(job) || validIndexOf(pod, job) >= 0)
  const newSucceeded = pods.filter((pod) => fresh(pod, sync.uncounted.succeeded) && hasSucceeded(pod))
  const newFailed = pods.filter((pod) => fresh(pod, sync.uncounted.failed) && hasFailed(pod, job))
  sync.succeeded = (job.status?.succeeded ?? 0) + newSucceeded.length + succeeded.length
  sync.failed = (job.status?.failed ?? 0) + newFailed.filter((pod) => failureCounts(job, pod)).length + failed.length
  sync.backOff = recorded(context.memory.get(backOffKey(key)), newSucceeded, newFailed)
  return sync
}

/** Whether the Job is over, by what has been said before, by failures, by its deadline, or by its indexes. */
function decide(sync: JobSync): void {
  const { job, pods } = sync
  const met = conditionOf(job.status, 'SuccessCriteriaMet')
  const target = conditionOf(job.status, 'FailureTarget')
  const fatal = pods.find((pod) => hasFailed(pod, job) && judgeFailure(job, pod)?.message)
  if (isTrue(met)) sync.finished = met
  else if (isTrue(target)) sync.finished = reached(sync, 'Failed', target.reason ?? '', target.message ?? '')
  else if (fatal) sync.finished = reached(sync, 'FailureTarget', 'PodFailurePolicy', judgeFailure(job, fatal)?.message ?? '')
  sync.finished ??= tooManyFailures(sync) ?? tooLate(sync)
  if (isIndexed(job)) decideByIndexes(sync)
}

function tooManyFailures(sync: JobSync): JobCondition | null {
  const { job, failed, pods } = sync
  if (failed <= (job.spec.backoffLimit ?? 6) && !restartedTooOften(job, pods)) return null
  return reached(sync, 'FailureTarget', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit')
}

function tooLate(sync: JobSync): JobCondition | null {
  const { job, context, key } = sync
  const { activeDeadlineSeconds: seconds } = job.spec
  if (seconds === undefined || isSuspended(job)) return null
  const left = parseTime(job.status?.startTime) + seconds * 1000 - context.now
  if (left <= 0) return reached(sync, 'FailureTarget', 'DeadlineExceeded', 'Job was active longer than specified deadline')
  context.later(key, left)
  return null
}

function decideByIndexes(sync: JobSync): void {
  const { job, pods } = sync
  const { completions = 0, backoffLimitPerIndex, maxFailedIndexes } = job.spec
  sync.previousIndexes = parseIndexes(job.status?.completedIndexes, completions)
  sync.succeededIndexes = new Set(sync.previousIndexes)
  for (const pod of pods)
    if (hasSucceeded(pod) && isTracked(pod) && validIndexOf(pod, job) >= 0) sync.succeededIndexes.add(indexOf(pod))
  sync.succeeded = sync.succeededIndexes.size
  if (backoffLimitPerIndex !== undefined) {
    const failed = parseIndexes(job.status?.failedIndexes, completions)
    for (const pod of pods)
      if (isTracked(pod) && validIndexOf(pod, job) >= 0 && indexFailed(job, pod, backoffLimitPerIndex)) failed.add(indexOf(pod))
    sync.failedIndexes = failed
    const done = failed.size + sync.succeededIndexes.size >= completions
    if (maxFailedIndexes !== undefined && failed.size > maxFailedIndexes) {
      const message = 'Job has exceeded the specified maximal number of failed indexes'
      sync.finished ??= reached(sync, 'FailureTarget', 'MaxFailedIndexesExceeded', message)
    } else if (failed.size > 0 && done)
      sync.finished ??= reached(sync, 'FailureTarget', 'FailedIndexes', 'Job has failed indexes')
    delay(sync, failed)
  }
  const met = sync.finished ? null : successMet(job, sync.succeededIndexes)
  if (met !== null) sync.finished = reached(sync, 'SuccessCriteriaMet', 'SuccessPolicy', met)
}

function indexFailed(job: Job, pod: Pod, limit: number): boolean {
  if (!hasFailed(pod, job)) return false
  const verdict = judgeFailure(job, pod)
  return verdict?.action === 'FailIndex' || ((verdict?.counts ?? true) && failureCount(pod) >= limit)
}

function delay(sync: JobSync, failedIndexes: ReadonlySet<number>): void {
  const { job, pods, active } = sync
  const activeIndexes = new Set(active.map(indexOf))
  for (const pod of pods) {
    const index = validIndexOf(pod, job)
    if (index < 0 || !isTracked(pod) || sync.untracked.has(uid(pod)) || !hasFailed(pod, job)) continue
    if (sync.succeededIndexes.has(index) || failedIndexes.has(index) || activeIndexes.has(index)) continue
    const known = sync.delayed.get(index)
    if (!known || failureCount(known) <= failureCount(pod)) sync.delayed.set(index, pod)
  }
}

/** The Job is over: its Pods are stopped, keeping their finalizers. It is not called finished before all are seen to go. */
function stopAll(sync: JobSync, settled: boolean): ApiError | null {
  const { job, active, context } = sync
  let failed: ApiError | null = null
  let deleted = 0
  for (const pod of active) {
    const refused = deletePod(job, keyOf(pod.metadata), 'its Job is over', context)
    if (isReady(pod)) sync.ready -= 1
    if (!refused || isNotFound(refused)) deleted += 1
    else failed ??= refused
  }
  if (deleted !== active.length || !settled) sync.finished = null
  sync.activeCount -= deleted
  sync.terminating += deleted
  return failed
}

function isComplete({ job, succeeded, activeCount }: JobSync): boolean {
  const { completions } = job.spec
  return activeCount === 0 && (completions === undefined ? succeeded > 0 : succeeded >= completions)
}

/** Keeps the Suspended condition; a Job that goes on starts its clock anew. True when it changed. */
function suspendOrResume(sync: JobSync): boolean {
  const { job, context } = sync
  const time = context.world.timestamp()
  const suspended = isSuspended(job)
  const [status, reason, message] = suspended ? ['True', 'JobSuspended', 'Job suspended'] : ['False', 'JobResumed', 'Job resumed']
  const old = job.status?.conditions ?? []
  const conditions = withCondition(
    job.status?.conditions,
    'Suspended',
    status as string,
    reason as string,
    message as string,
    time,
  )
  if (conditions === old || (conditions.length === 0 && old.length === 0)) return false
  context.events.record(job, 'Normal', suspended ? 'Suspended' : 'Resumed', message as string)
  const { startTime: _, ...rest } = job.status ?? {}
  sync.job = { ...job, status: { ...rest, conditions, ...(suspended ? {} : { startTime: time }) } }
  return true
}
