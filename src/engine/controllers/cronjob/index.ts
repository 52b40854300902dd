/** The CronJob controller: Jobs by the clock (pkg/controller/cronjob, cronjob_controllerv2.go). */
import { parseSchedule, ScheduleError } from '#api/cron.ts'
import type { CronJob } from '#api/kinds.ts'
import { controllerOf, keyOf } from '#api/meta.ts'
import { type Context, type ControllerDeclaration, controller } from '../../machinery/controller.ts'
import { byController, resolveController } from '../../machinery/owners.ts'
import { later } from '../../sim/later.ts'
import { JOBS } from './jobs.ts'
import { waitFor } from './times.ts'

/** What it does with one key comes with the rest of the engine (`reconcile.ts`). */
export const work = later<ControllerDeclaration['reconcile']>('CronJob controller')

export const CRON_JOBS = 'cronjobs.batch'

export const cronJob = controller({
  name: 'cronjob-controller',
  indexes: [byController(JOBS)],
  watches: [
    {
      resource: CRON_JOBS,
      keys: (_change, object, old, context) =>
        cronJobChanged(object as unknown as CronJob, old as unknown as CronJob | null, context),
    },
    {
      resource: JOBS,
      keys(_change, job, old, { cache }) {
        const refs = [controllerOf(job.metadata), old ? controllerOf(old.metadata) : undefined]
        const owners = refs.map((ref) => resolveController(cache<CronJob>(CRON_JOBS), 'CronJob', job.metadata.namespace, ref))
        return owners.flatMap((owner) => (owner ? [keyOf(owner.metadata)] : []))
      },
    },
  ],
  reconcile: (key, context) => work.get()(key, context),
})

/** A new schedule is looked at when it is next due; everything else at once. */
function cronJobChanged(cronJob: CronJob, old: CronJob | null, { events, later, now }: Context): string[] {
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
