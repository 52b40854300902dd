/** The TTL-after-finished controller: deletes Jobs some time after their end (pkg/controller/ttlafterfinished). */
import type { Job } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import { isNotFound } from '#api/status.ts'
import { parseTime } from '#api/time.ts'
import { type Context, controller } from '../../machinery/controller.ts'
import { conditionOf, isFinished, isTrue } from './facts.ts'

const JOBS = 'jobs.batch'

const applies = (job: Job): boolean =>
  job.spec.ttlSecondsAfterFinished !== undefined && isFinished(job) && !job.metadata.deletionTimestamp

/** When the Job's time is up, in ms since 1970. */
function expiry(job: Job): number {
  const complete = conditionOf(job.status, 'Complete')
  const end = isTrue(complete) ? complete : conditionOf(job.status, 'Failed')
  return parseTime(end?.lastTransitionTime) + (job.spec.ttlSecondsAfterFinished ?? 0) * 1000
}

export const ttlAfterFinished = controller({
  name: 'ttl-after-finished-controller',
  watches: [
    {
      resource: JOBS,
      keys: (change, job) => (change !== 'deleted' && applies(job as unknown as Job) ? [keyOf(job.metadata)] : []),
    },
  ],
  reconcile(key, context) {
    const job = context.cache<Job>(JOBS).byKey(key)
    if (job && applies(job)) expire(key, job, context)
  },
})

function expire(key: string, job: Job, { api, now, later }: Context): void {
  if (now < expiry(job)) {
    later(key, expiry(job) - now)
    return
  }
  const { namespace = '', name, uid = '' } = job.metadata
  try {
    // Once more past the cache, for the time may have been changed.
    const fresh = api.get<Job>(JOBS, namespace, name)
    if (fresh.metadata.uid !== uid || !applies(fresh) || now < expiry(fresh)) return
    const { resourceVersion = '' } = fresh.metadata
    api.delete(JOBS, namespace, name, {
      uid,
      resourceVersion,
      propagationPolicy: 'Foreground',
      because: 'its time to live after its end is over',
    })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}
