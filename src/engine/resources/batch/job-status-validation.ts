/** Validation of a Job's status: only what a write changes is looked at (pkg/apis/batch/validation, getStatusValidationOptions). */

import { equal } from '#api/equal.ts'
import { duplicate, type FieldError, invalid, invalidHere, required } from '#api/field-error.ts'
import type { Job, JobStatus } from '#api/kinds.ts'
import { parseTime } from '#api/time.ts'
import { type Found, nonNegative } from '../pod/checks.ts'
import { internal } from '../pod/internal.ts'
import { countIndexes, overlap } from './indexes.ts'

const CONDITIONS = 'status.conditions'

const has = ({ status }: Job, type: string, value = 'True'): boolean =>
  status?.conditions?.some((condition) => condition.type === type && condition.status === value) ?? false

const isFinished = (job: Job): boolean => has(job, 'Complete') || has(job, 'Failed')
const isIndexed = ({ spec }: Job): boolean => spec.completionMode === 'Indexed'

function uncounted(found: Found, { uncountedTerminatedPods: pods }: JobStatus): void {
  const seen = new Set<string>()
  for (const list of ['succeeded', 'failed'] as const) {
    for (const [i, uid] of (pods?.[list] ?? []).entries()) {
      const path = `status.uncountedTerminatedPods.${list}[${i}]`
      if (uid === '') found.push(invalid(path, uid, 'must not be empty'))
      else if (seen.has(uid)) found.push(duplicate(path, uid))
      seen.add(uid)
    }
  }
}

/** What a write changes. */
interface Changes {
  finished: boolean
  is(type: string): boolean
  field(name: keyof JobStatus): boolean
}

function changesOf(job: Job, old: Job): Changes {
  return {
    finished: isFinished(job) !== isFinished(old),
    is: (type) => has(job, type) !== has(old, type),
    field: (name) => !equal(job.status?.[name] || undefined, old.status?.[name] || undefined),
  }
}

function completionTime(found: Found, job: Job, { is, field }: Changes): void {
  const path = 'status.completionTime'
  const { startTime, completionTime: end } = job.status ?? {}
  const complete = has(job, 'Complete')
  if (is('Complete') || field('completionTime')) {
    if (end && !complete) {
      found.push(invalid(path, end, 'cannot set completionTime when there is no Complete=True condition'))
    }
    if (!end && complete) found.push(required(path, 'completionTime is required for Complete jobs'))
  }
  if ((field('startTime') || field('completionTime')) && startTime && end && parseTime(end) < parseTime(startTime)) {
    found.push(invalid(path, end, 'must be equal to or after `startTime`'))
  }
}

function ends(found: Found, job: Job, { is, field }: Changes): void {
  const cannot = (why: string) => found.push(invalidHere(CONDITIONS, `cannot set ${why}`))
  if ((is('Failed') || field('failedIndexes')) && has(job, 'Failed') && !has(job, 'FailureTarget')) {
    cannot('Failed=True condition without the FailureTarget=true condition')
  }
  const met = has(job, 'SuccessCriteriaMet')
  if ((is('Complete') || is('SuccessCriteriaMet')) && has(job, 'Complete') && !met) {
    cannot('Complete=True condition without the SuccessCriteriaMet=true condition')
  }
}

function finished(found: Found, job: Job, changes: Changes): void {
  if (!isFinished(job)) return
  const status = job.status ?? {}
  const touched = (name: keyof JobStatus): boolean => changes.finished || changes.field(name)
  if (touched('active') && (status.active ?? 0) > 0) {
    found.push(invalid('status.active', status.active, 'active>0 is invalid for finished job'))
  }
  const parked = job.spec.suspend === true && job.spec.completions === 0
  if (touched('startTime') && !parked && !status.startTime) {
    found.push(required('status.startTime', 'startTime is required for finished job'))
  }
  const pods = status.uncountedTerminatedPods
  if (touched('uncountedTerminatedPods') && pods && (pods.failed?.length ?? 0) + (pods.succeeded?.length ?? 0) > 0) {
    const shown = internal('UncountedTerminatedPods', pods)
    found.push(invalid('status.uncountedTerminatedPods', shown, 'must be empty for finished job'))
  }
}

function indexes(found: Found, job: Job, { field }: Changes): void {
  const { completions, backoffLimitPerIndex: limit } = job.spec
  const { completedIndexes: done = '', failedIndexes: failed } = job.status ?? {}
  const [doneAt, failedAt] = ['status.completedIndexes', 'status.failedIndexes']
  const [doneChanged, failedChanged] = [field('completedIndexes'), field('failedIndexes')]
  const check = (name: string, text: string): void => {
    const { wrong } = countIndexes(text, completions ?? 0)
    if (wrong) found.push(invalid(`status.${name}`, text, `error parsing ${name}: ${wrong}`))
  }
  if (doneChanged && completions !== undefined) check('completedIndexes', done)
  if (failedChanged && completions !== undefined && limit !== undefined && failed !== undefined) check('failedIndexes', failed)
  if (doneChanged && done !== '' && !isIndexed(job)) {
    found.push(invalid(doneAt, done, 'cannot set non-empty completedIndexes when non-indexed completion mode'))
  }
  if (failedChanged && limit === undefined && failed !== undefined) {
    found.push(invalid(failedAt, failed, 'cannot set non-null failedIndexes when backoffLimitPerIndex is null'))
  }
  if ((!doneChanged && !failedChanged) || completions === undefined || !failed || done === '') return
  const both = overlap(done, failed, completions)
  if (both !== null) {
    found.push(invalid(failedAt, failed, `failedIndexes and completedIndexes overlap at index: ${both}`))
  }
}

function counts(found: Found, job: Job, changes: Changes): void {
  const { active = 0, ready, terminating } = job.status ?? {}
  if ((changes.finished || changes.field('terminating')) && terminating && terminating > 0 && isFinished(job)) {
    found.push(invalid('status.terminating', terminating, 'terminating>0 is invalid for finished job'))
  }
  if ((changes.field('ready') || changes.field('active')) && ready !== undefined && ready > active) {
    found.push(invalid('status.ready', ready, 'cannot set more ready pods than active'))
  }
}

function criteria(found: Found, job: Job): void {
  const met = has(job, 'SuccessCriteriaMet')
  const cannot = (why: string) => found.push(invalidHere(CONDITIONS, `cannot set ${why}`))
  if (met && has(job, 'Failed')) cannot('SuccessCriteriaMet=True and Failed=true conditions')
  if (met && has(job, 'FailureTarget')) cannot('SuccessCriteriaMet=True and FailureTarget=true conditions')
  if (job.spec.successPolicy && !met && has(job, 'Complete')) {
    cannot('Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True')
  }
}

/** What never comes back: ends, counts, times. */
function backwards(found: Found, job: Job, old: Job): void {
  for (const type of ['Failed', 'Complete', 'FailureTarget']) {
    if (has(old, type) && !has(job, type)) {
      found.push(invalidHere(CONDITIONS, `cannot disable the terminal ${type}=True condition`))
    }
  }
  const [now, before] = [job.status ?? {}, old.status ?? {}]
  const { completions, parallelism, suspend } = job.spec
  for (const field of ['failed', 'succeeded'] as const) {
    const elastic = field === 'succeeded' && isIndexed(job) && completions === parallelism
    if (elastic || (now[field] ?? 0) >= (before[field] ?? 0)) continue
    found.push(invalid(`status.${field}`, now[field] ?? 0, `cannot decrease the ${field} counter`))
  }
  if (now.completionTime && before.completionTime && now.completionTime !== before.completionTime) {
    found.push(invalid('status.completionTime', now.completionTime, 'field is immutable'))
  }
  const resumes = has(old, 'Suspended') && has(job, 'Suspended', 'False')
  if (before.startTime && now.startTime !== before.startTime && !suspend && !resumes) {
    const why = 'field is immutable for unsuspended job once set'
    found.push(invalid('status.startTime', now.startTime ?? null, why))
  }
  const [met, metBefore] = [has(job, 'SuccessCriteriaMet'), has(old, 'SuccessCriteriaMet')]
  if (metBefore && !met) found.push(invalidHere(CONDITIONS, 'cannot disable the SuccessCriteriaMet=True condition'))
  if (has(old, 'Complete') && !metBefore && met) {
    found.push(invalidHere(CONDITIONS, 'cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions'))
  }
}

export function validateJobStatus(job: Job, old: Job): FieldError[] {
  const found: Found = []
  const status = job.status ?? {}
  const changes = changesOf(job, old)
  for (const key of ['active', 'succeeded', 'failed', 'ready', 'terminating'] as const) {
    nonNegative(found, `status.${key}`, status[key])
  }
  uncounted(found, status)
  const complete = has(job, 'Complete')
  if ((changes.is('Complete') || changes.is('Failed')) && complete && has(job, 'Failed')) {
    found.push(invalidHere(CONDITIONS, 'cannot set Complete=True and Failed=true conditions'))
  }
  if ((changes.is('Complete') || changes.is('FailureTarget')) && complete && has(job, 'FailureTarget')) {
    found.push(invalidHere(CONDITIONS, 'cannot set Complete=True and FailureTarget=true conditions'))
  }
  completionTime(found, job, changes)
  ends(found, job, changes)
  finished(found, job, changes)
  indexes(found, job, changes)
  counts(found, job, changes)
  criteria(found, job)
  backwards(found, job, old)
  return found
}
