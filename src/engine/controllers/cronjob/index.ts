/** The CronJob controller: Jobs by the clock (pkg/controller/cronjob, cronjob_controllerv2.go). */
import type { CronJob } from '#api/kinds.ts'
import { controllerOf, keyOf } from '#api/meta.ts'
import { type Context, type ControllerDeclaration, controller } from '../../machinery/controller.ts'
import { byController, resolveController } from '../../machinery/owners.ts'
import { later } from '../../sim/later.ts'

/** What it does comes with the rest of the engine (`reconcile.ts`). */
export interface Work {
  reconcile: ControllerDeclaration['reconcile']
  /** Keys to look at now that a CronJob has changed; `old` is null when it is new. */
  changed(cronJob: CronJob, old: CronJob | null, context: Context): string[]
}

export const work = later<Work>('CronJob controller')

export const CRON_JOBS = 'cronjobs.batch'
export const JOBS = 'jobs.batch'

export const cronJob = controller({
  name: 'cronjob-controller',
  indexes: [byController(JOBS)],
  watches: [
    {
      resource: CRON_JOBS,
      keys: (_change, object, old, context) =>
        work.get().changed(object as unknown as CronJob, old as unknown as CronJob | null, context),
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
  reconcile: (key, context) => work.get().reconcile(key, context),
})
