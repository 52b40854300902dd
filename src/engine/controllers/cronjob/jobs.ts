/** The Jobs of a CronJob: what became of them, which of them go, and making the next one. */
import type { CronJob, Job, ObjectReference } from '#api/kinds.ts'
import { ApiError, isNotFound } from '#api/status.ts'
import { formatTime, parseTime } from '#api/time.ts'
import { offsetAt } from '#api/time-zone.ts'
import type { NewObject } from '../../machinery/client.ts'
import type { Context } from '../../machinery/controller.ts'
import { controllerRef } from '../../machinery/owners.ts'
import { conditionOf, isFinished, isTrue } from '../job/facts.ts'
import { JOBS } from './index.ts'

const TIMESTAMP = 'batch.kubernetes.io/cronjob-scheduled-timestamp'

export type CronJobStatus = NonNullable<CronJob['status']>

/** A CronJob being looked at; its status is replaced as things are found out, and written once at the end. */
export interface Round {
  readonly context: Context
  cronJob: CronJob
  changed: boolean
}

export const activeOf = ({ cronJob }: Round): readonly ObjectReference[] => cronJob.status?.active ?? []

export function setStatus(round: Round, change: Partial<CronJobStatus>): void {
  round.cronJob = { ...round.cronJob, status: { ...round.cronJob.status, ...change } }
  round.changed = true
}

const isActive = (round: Round, uid: string | undefined): boolean => activeOf(round).some((each) => each.uid === uid)

function dropActive(round: Round, uid: string | undefined): void {
  const { active, ...rest } = round.cronJob.status ?? {}
  const left = (active ?? []).filter((each) => each.uid !== uid)
  round.cronJob = { ...round.cronJob, status: left.length > 0 ? { ...rest, active: left } : rest }
}

const isComplete = (job: Job): boolean => isTrue(conditionOf(job.status, 'Complete'))

/** Deletes the oldest finished Jobs beyond the limits. */
export function cleanUp(round: Round, jobs: readonly Job[]): void {
  const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = round.cronJob.spec
  const finished = jobs.filter(isFinished)
  removeOldest(round, finished.filter(isComplete), successfulJobsHistoryLimit)
  removeOldest(
    round,
    finished.filter((job) => !isComplete(job)),
    failedJobsHistoryLimit,
  )
}

function removeOldest(round: Round, jobs: Job[], limit: number | undefined): void {
  if (limit === undefined || jobs.length <= limit) return
  const start = (job: Job): string => job.status?.startTime ?? '~'
  const text = (x: string, y: string): number => (x < y ? -1 : x > y ? 1 : 0)
  jobs.sort((a, b) => text(start(a), start(b)) || text(a.metadata.name, b.metadata.name))
  for (const job of jobs.slice(0, jobs.length - limit)) remove(round, job, `only ${limit} finished Jobs like it are kept`)
}

export function remove(round: Round, { metadata }: Job, because: string): boolean {
  const { api, events } = round.context
  try {
    api.delete(JOBS, metadata.namespace ?? '', metadata.name, { propagationPolicy: 'Background', because })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    events.record(round.cronJob, 'Warning', 'FailedDelete', `Deleted job: ${error.message}`)
    return false
  }
  dropActive(round, metadata.uid)
  round.changed = true
  events.record(round.cronJob, 'Normal', 'SuccessfulDelete', `Deleted job ${metadata.name}`)
  return true
}

/** Brings the list of active Jobs up to date with what has become of them. */
export function takeStock(round: Round, jobs: readonly Job[]): void {
  const { api, events } = round.context
  for (const job of jobs) {
    const { name, uid } = job.metadata
    if (isFinished(job)) noteEnd(round, job)
    else if (!isActive(round, uid)) {
      const { metadata } = round.cronJob
      const fresh = api.get<CronJob>('cronjobs.batch', metadata.namespace ?? '', metadata.name)
      if (fresh.status?.active?.some((each) => each.uid === uid)) round.cronJob = fresh
      else {
        const message = `Saw a job that the controller did not create or forgot: ${name}`
        events.record(round.cronJob, 'Warning', 'UnexpectedJob', message)
      }
    }
  }
  const present = new Set(jobs.map((job) => job.metadata.uid))
  for (const { namespace = '', name = '', uid } of activeOf(round)) {
    if (present.has(uid)) continue
    try {
      api.get<Job>(JOBS, namespace, name)
    } catch (error) {
      if (!isNotFound(error)) throw error
      events.record(round.cronJob, 'Normal', 'MissingJob', `Active job went missing: ${name}`)
      dropActive(round, uid)
      round.changed = true
    }
  }
}

function noteEnd(round: Round, job: Job): void {
  const { name, uid } = job.metadata
  const complete = isComplete(job)
  if (isActive(round, uid)) {
    dropActive(round, uid)
    round.changed = true
    const message = `Saw completed job: ${name}, condition: ${complete ? 'Complete' : 'Failed'}`
    round.context.events.record(round.cronJob, 'Normal', 'SawCompletedJob', message)
  }
  const time = job.status?.completionTime
  const last = round.cronJob.status?.lastSuccessfulTime
  if (complete && time && (!last || parseTime(time) > parseTime(last))) setStatus(round, { lastSuccessfulTime: time })
}

export const jobName = ({ metadata }: CronJob, at: number): string => `${metadata.name}-${Math.floor(at / 60_000)}`

/** RFC 3339 in the CronJob's time zone. */
function zonedTime(at: number, zone: string): string {
  const offset = offsetAt(zone, at)
  if (offset === 0) return formatTime(at)
  const minutes = Math.abs(offset) / 60_000
  const pad = (n: number): string => String(Math.floor(n)).padStart(2, '0')
  return `${formatTime(at + offset).slice(0, -1)}${offset < 0 ? '-' : '+'}${pad(minutes / 60)}:${pad(minutes % 60)}`
}

export function draftJob(cronJob: CronJob, at: number): NewObject<Job> {
  const { jobTemplate, timeZone = '' } = cronJob.spec
  const { labels, annotations } = jobTemplate.metadata ?? {}
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: jobName(cronJob, at),
      namespace: cronJob.metadata.namespace ?? '',
      ...(labels ? { labels } : {}),
      annotations: { ...annotations, [TIMESTAMP]: zonedTime(at, timeZone) },
      ownerReferences: [controllerRef(cronJob)],
    },
    spec: jobTemplate.spec,
  }
}

export function referenceTo({ metadata }: Job): ObjectReference {
  const { namespace = '', name, uid = '', resourceVersion = '' } = metadata
  return { kind: 'Job', namespace, name, uid, apiVersion: 'batch/v1', resourceVersion }
}
