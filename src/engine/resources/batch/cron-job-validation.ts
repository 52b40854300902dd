/** Validation of CronJobs (pkg/apis/batch/validation, validateCronJobSpec). */
import { parseSchedule, ScheduleError } from '#api/cron.ts'
import { type FieldError, invalid, notListed, required } from '#api/field-error.ts'
import type { CronJob } from '#api/kinds.ts'
import { isTimeZone } from '#api/time-zone.ts'
import { type Found, nonNegative } from '../pod/checks.ts'
import { shownSelector } from '../pod/validate-replicas.ts'
import { validateJobSpec } from './job-validation.ts'

type Spec = CronJob['spec']

/** Eleven characters are left for what the controller appends to the names of Jobs. */
const LONGEST_NAME = 52
const POLICIES = ['Allow', 'Forbid', 'Replace']
const ZONE_PART = /^[A-Za-z.\-_0-9+]{1,14}$/

function scheduleProblem(text: string): string | null {
  // The zone in front is parsed, though it is refused below for being there.
  const plain = text.replace(/^(?:CRON_)?TZ=\S*\s+/, '')
  try {
    parseSchedule(plain)
    return null
  } catch (error) {
    if (error instanceof ScheduleError) return error.message
    throw error
  }
}

function schedule(found: Found, path: string, { schedule: text, timeZone }: Spec, old: Spec | null): void {
  if (!text) {
    found.push(required(path))
    return
  }
  const wrong = scheduleProblem(text)
  if (wrong) found.push(invalid(path, text, wrong))
  if (!text.includes('TZ')) return
  if (!old?.schedule.includes('TZ')) {
    found.push(invalid(path, text, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'))
  } else if (timeZone !== undefined) {
    found.push(invalid(path, text, 'cannot use both timeZone field and TZ or CRON_TZ in schedule'))
  }
}

function zone(found: Found, path: string, name: string | undefined): void {
  if (name === undefined) return
  if (name === '') {
    found.push(invalid(path, name, 'timeZone must be nil or non-empty string'))
    return
  }
  if (name.split('/').some((part) => part === '.' || part === '..' || part.startsWith('-') || !ZONE_PART.test(part))) {
    found.push(invalid(path, name, `unknown time zone ${name}`))
    return
  }
  if (name.toLowerCase() === 'local') {
    const why = 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'
    found.push(invalid(path, name, why))
    if (name === 'Local') return
  }
  if (!isTimeZone(name)) found.push(invalid(path, name, `unknown time zone ${name}`))
}

export function validateCronJob({ metadata, spec }: CronJob, old: CronJob | null): FieldError[] {
  const found: Found = []
  const before = old?.spec ?? null
  schedule(found, 'spec.schedule', spec, before)
  nonNegative(found, 'spec.startingDeadlineSeconds', spec.startingDeadlineSeconds)
  if (!before || before.timeZone !== spec.timeZone) zone(found, 'spec.timeZone', spec.timeZone)
  const policy = spec.concurrencyPolicy ?? ''
  if (policy === '') found.push(required('spec.concurrencyPolicy'))
  else if (!POLICIES.includes(policy)) found.push(notListed('spec.concurrencyPolicy', policy, POLICIES))
  const job = spec.jobTemplate.spec
  const path = 'spec.jobTemplate.spec'
  validateJobSpec(found, path, job, before?.jobTemplate.spec.template ?? null)
  if (job.selector) found.push(invalid(`${path}.selector`, shownSelector(job.selector), '`selector` will be auto-generated'))
  if (job.manualSelector) found.push(notListed(`${path}.manualSelector`, true, ['nil', 'false']))
  nonNegative(found, 'spec.successfulJobsHistoryLimit', spec.successfulJobsHistoryLimit)
  nonNegative(found, 'spec.failedJobsHistoryLimit', spec.failedJobsHistoryLimit)
  if (!old && metadata.name.length > LONGEST_NAME) {
    found.push(invalid('metadata.name', metadata.name, `must be no more than ${LONGEST_NAME} characters`))
  }
  return found
}
