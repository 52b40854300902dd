/** What the CronJob controller does with one CronJob. */
import { parseSchedule, ScheduleError } from '#api/cron.ts'
import type { CronJob, Job } from '#api/kinds.ts'
import { controllerOf, keyOf } from '#api/meta.ts'
import { ApiError, isAlreadyExists } from '#api/status.ts'
import { formatTime, wordsOfTime } from '#api/time.ts'
import { isTimeZone } from '#api/time-zone.ts'
import type { Context } from '../../machinery/controller.ts'
import { controlledBy } from '../../machinery/owners.ts'
import { isNamespaceTerminating } from '../pods.ts'
import { CRON_JOBS, JOBS, type Work } from './index.ts'
import { activeOf, cleanUp, draftJob, jobName, type Round, referenceTo, remove, setStatus, takeStock } from './jobs.ts'
import { dueTime, ImpossibleSchedule, waitFor } from './times.ts'

function reconcile(key: string, context: Context): void {
  const cronJob = context.cache<CronJob>(CRON_JOBS).byKey(key)
  if (cronJob) sync(key, cronJob, context)
}

/** What the controller does, as a whole. */
export const cronJobs: Work = { reconcile, changed }

/** A new schedule is looked at when it is next due; everything else at once. */
function changed(cronJob: CronJob, old: CronJob | null, { events, later, now }: Context): string[] {
  const key = keyOf(cronJob.metadata)
  const { schedule, timeZone } = cronJob.spec
  if (!old || (old.spec.schedule === schedule && old.spec.timeZone === timeZone)) return [key]
  try {
    later(key, waitFor(cronJob, now, parseSchedule(schedule, timeZone)))
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error
    events.record(cronJob, 'Warning', 'UnParseableCronJobSchedule', `unparseable schedule for cronjob: ${schedule}`)
  }
  return []
}

function sync(key: string, cronJob: CronJob, context: Context): void {
  const jobs = controlledBy(context.cache<Job>(JOBS), cronJob.metadata.uid ?? '')
  const round: Round = { context, cronJob, changed: false }
  cleanUp(round, jobs)
  let wait: number | null = null
  let failed: unknown = null
  try {
    takeStock(round, jobs)
    wait = run(round)
  } catch (error) {
    failed = error
  }
  if (round.changed) {
    const because = `${activeOf(round).length} of its Jobs are active`
    context.api.update<CronJob>(CRON_JOBS, round.cronJob, { subresource: 'status', because })
  }
  if (failed) throw failed
  if (wait !== null) context.later(key, wait)
}

/** Starts what is due. Returns how long until the next look; null when none is needed. */
function run(round: Round): number | null {
  const { spec, metadata } = round.cronJob
  const { events, now } = round.context
  const { timeZone = '', suspend } = spec
  if (metadata.deletionTimestamp) return null
  if (!isTimeZone(timeZone)) {
    const message = `invalid timeZone: ${JSON.stringify(timeZone)}: unknown time zone ${timeZone}`
    events.record(round.cronJob, 'Warning', 'UnknownTimeZone', message)
    return null
  }
  if (suspend) return null
  try {
    const schedule = parseSchedule(spec.schedule, timeZone)
    const due = dueTime(round.cronJob, now, schedule)
    if (due?.tooMany) {
      const hint = 'Set or decrease .spec.startingDeadlineSeconds or check clock skew'
      events.record(round.cronJob, 'Warning', 'TooManyMissedTimes', `too many missed start times. ${hint}`)
    }
    if (due && isWanted(round, due.at) && !start(round, due.at)) return null
    return waitFor(round.cronJob, now, schedule)
  } catch (error) {
    if (error instanceof ScheduleError) {
      const message = `unparseable schedule: ${JSON.stringify(spec.schedule)} : ${error.message}`
      events.record(round.cronJob, 'Warning', 'UnparseableSchedule', message)
    } else if (error instanceof ImpossibleSchedule)
      events.record(round.cronJob, 'Warning', 'InvalidSchedule', `invalid schedule: ${spec.schedule} : ${error.message}`)
    else throw error
    return null
  }
}

/** `Sat, 21 Nov 2026 09:43:00 +0000` (RFC 1123). */
function spoken(at: number): string {
  const { weekday, day, month, year, clock } = wordsOfTime(at)
  return `${weekday}, ${day} ${month} ${year} ${clock} +0000`
}

/** Whether a Job is to be started for this time; says why not. */
function isWanted(round: Round, at: number): boolean {
  const { spec, status } = round.cronJob
  const { events, now } = round.context
  const { startingDeadlineSeconds, concurrencyPolicy } = spec
  if (startingDeadlineSeconds !== undefined && at + startingDeadlineSeconds * 1000 < now) {
    events.record(round.cronJob, 'Warning', 'MissSchedule', `Missed scheduled time to start a job: ${spoken(at)}`)
    return false
  }
  const active = activeOf(round)
  const name = jobName(round.cronJob, at)
  if (status?.lastScheduleTime === formatTime(at) || active.some((each) => each.name === name)) return false
  if (concurrencyPolicy === 'Forbid' && active.length > 0) {
    const message = 'Not starting job because prior execution is running and concurrency policy is Forbid'
    events.record(round.cronJob, 'Normal', 'JobAlreadyActive', message)
    return false
  }
  return true
}

/** False when another has made the Job, who will see to the rest. */
function start(round: Round, at: number): boolean {
  if (round.cronJob.spec.concurrencyPolicy === 'Replace') endActive(round)
  const { api, events } = round.context
  const draft = draftJob(round.cronJob, at)
  let job: Job
  try {
    job = api.create<Job>(JOBS, draft, { because: `CronJob ${round.cronJob.metadata.name} is due` })
    events.record(round.cronJob, 'Normal', 'SuccessfulCreate', `Created job ${job.metadata.name}`)
  } catch (error) {
    if (!isAlreadyExists(error)) {
      if (error instanceof ApiError && !isNamespaceTerminating(error))
        events.record(round.cronJob, 'Warning', 'FailedCreate', `Error creating job: ${error.message}`)
      throw error
    }
    job = api.get<Job>(JOBS, draft.metadata.namespace ?? '', jobName(round.cronJob, at))
    const { uid } = job.metadata
    const own = controllerOf(job.metadata)?.uid === round.cronJob.metadata.uid
    if (!own || activeOf(round).some((each) => each.uid === uid)) return false
  }
  setStatus(round, { active: [...activeOf(round), referenceTo(job)], lastScheduleTime: formatTime(at) })
  return true
}

/** The new Job takes the place of those still running. */
function endActive(round: Round): void {
  const { api, events } = round.context
  for (const { namespace = '', name = '' } of activeOf(round)) {
    let job: Job
    try {
      job = api.get<Job>(JOBS, namespace, name)
    } catch (error) {
      const reason = error instanceof Error ? error.message : ''
      events.record(round.cronJob, 'Warning', 'FailedGet', `Get job: ${reason}`)
      throw error
    }
    if (!remove(round, job, 'the next Job replaces it')) throw new Error(`could not replace job ${namespace}/${name}`)
  }
}
