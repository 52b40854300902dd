/** When a CronJob was last due, and when it is next (cronjob/utils.go). */
import type { Schedule } from '#api/cron.ts'
import type { CronJob } from '#api/kinds.ts'
import { parseTime } from '#api/time.ts'

/** So long after the minute a look is taken, so that clocks that differ a little do no harm. */
const PADDING_MS = 100
const MANY_MISSED = 100

interface Due {
  readonly earliest: number
  readonly last: number | null
  readonly missed: number
}

export class ImpossibleSchedule extends Error {}

function due({ metadata, spec, status }: CronJob, now: number, schedule: Schedule, withDeadline: boolean): Due {
  let earliest = parseTime(status?.lastScheduleTime ?? metadata.creationTimestamp)
  if (withDeadline && spec.startingDeadlineSeconds !== undefined)
    earliest = Math.max(earliest, now - spec.startingDeadlineSeconds * 1000)
  const first = schedule.next(earliest)
  const second = first === null ? null : schedule.next(first)
  if (first === null || second === null)
    throw new ImpossibleSchedule('time difference between two schedules is less than 1 second')
  if (now < first) return { earliest, last: null, missed: 0 }
  if (now < second) return { earliest, last: first, missed: 0 }
  const between = Math.round((second - first) / 1000) * 1000
  const missed = Math.floor((now - first) / between) + 1
  let last: number | null = null
  for (let at = schedule.next(first + (missed - 2) * between); at !== null && at <= now; at = schedule.next(at)) last = at
  return { earliest, last, missed }
}

/** The time for which a Job should be there by now, if any; `tooMany` when very many were missed. */
export function dueTime(job: CronJob, now: number, schedule: Schedule): { at: number; tooMany: boolean } | null {
  const { last, missed } = due(job, now, schedule, true)
  return last === null ? null : { at: last, tooMany: missed > MANY_MISSED }
}

/** How long until the next look. */
export function waitFor(job: CronJob, now: number, schedule: Schedule): number {
  let from = now
  try {
    const { earliest, last, missed } = due(job, now, schedule, false)
    from = last ?? (missed === 0 ? earliest : now)
  } catch (error) {
    if (!(error instanceof ImpossibleSchedule)) throw error
  }
  return Math.max(0, (schedule.next(from) ?? now) + PADDING_MS - now)
}
