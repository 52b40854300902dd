import { expect, it } from 'vitest'
import type { CronJob, Job } from '#api/kinds.ts'
import { FakeApi } from '../../testing/fake-api.ts'
import { cronJob } from './index.ts'

class Story {
  readonly api = new FakeApi()
  constructor(spec: Partial<CronJob['spec']> = {}) {
    this.api.run(cronJob)
    const jobTemplate = { spec: { template: { spec: { containers: [{ name: 'work', image: 'work:1' }] } } } }
    const limits = { successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 1 }
    this.api.create<CronJob>('cronjobs.batch', {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'tick', namespace: 'default', creationTimestamp: this.api.world.timestamp() },
      spec: { schedule: '* * * * *', jobTemplate, ...limits, ...spec },
    })
    this.api.after(1)
  }
  get cronJob(): CronJob {
    return this.api.get<CronJob>('cronjobs.batch', 'default', 'tick')
  }
  get jobs(): Job[] {
    return this.api.list<Job>('jobs.batch')
  }
  get minutes(): number[] {
    const first = Math.floor(this.api.world.epoch / 60_000)
    return this.jobs.map((job) => Number(job.metadata.name.replace('tick-', '')) - first)
  }
  minute(): this {
    this.api.after(60)
    return this
  }
  finish(type = 'Complete'): this {
    const lastTransitionTime = this.api.world.timestamp()
    for (const job of this.jobs) {
      if (job.status?.conditions) continue
      const conditions = [{ type, status: 'True', lastTransitionTime }]
      const status = { conditions, ...(type === 'Complete' ? { completionTime: lastTransitionTime } : {}) }
      this.api.update('jobs.batch', { ...job, status }, { subresource: 'status' })
    }
    this.api.after(1)
    return this
  }
  change(spec: Partial<CronJob['spec']>): this {
    this.api.update('cronjobs.batch', { ...this.cronJob, spec: { ...this.cronJob.spec, ...spec } })
    return this
  }
  get reasons(): string[] {
    return this.api.list<any>('events').map((event) => `${event.reason}: ${event.message}`)
  }
}

it('starts a Job a tenth of a second after the minute, under the name of the minute', () => {
  const story = new Story()
  expect(story.jobs).toEqual([])
  story.minute()
  expect(story.minutes).toEqual([1])
  const [job] = story.jobs
  expect(job?.metadata.annotations?.['batch.kubernetes.io/cronjob-scheduled-timestamp']).toBe('2026-01-01T00:01:00Z')
  expect(story.cronJob.status).toMatchObject({ active: [{ name: job?.metadata.name }], lastScheduleTime: '2026-01-01T00:01:00Z' })
  story.minute()
  expect(story.minutes).toEqual([1, 2])
})

it('keeps as many finished Jobs as it may', () => {
  const story = new Story().minute().finish()
  expect(story.cronJob.status).toEqual({ lastScheduleTime: '2026-01-01T00:01:00Z', lastSuccessfulTime: '2026-01-01T00:01:01Z' })
  story.minute().finish()
  expect(story.minutes).toEqual([2])
  story.minute().finish('Failed')
  expect(story.minutes).toEqual([2, 3])
  expect(story.reasons.some((reason) => /SawCompletedJob: Saw completed job: tick-\d+, condition: Failed/.test(reason))).toBe(
    true,
  )
})

it('skips with Forbid, and ends the old Job with Replace', () => {
  const story = new Story({ concurrencyPolicy: 'Forbid' }).minute().minute()
  expect(story.minutes).toEqual([1])
  expect(story.reasons).toContain(
    'JobAlreadyActive: Not starting job because prior execution is running and concurrency policy is Forbid',
  )
  story.change({ concurrencyPolicy: 'Replace' }).minute()
  expect(story.minutes).toEqual([3])
})

it('starts what is still in time after a pause, and only the last one', () => {
  const story = new Story({ suspend: true }).minute().minute().minute()
  expect(story.jobs).toEqual([])
  story.change({ suspend: false })
  story.api.after(1)
  expect(story.minutes).toEqual([3])
})

it('lets pass what is too late', () => {
  const story = new Story({ suspend: true, startingDeadlineSeconds: 10 }).minute()
  story.api.after(30)
  story.change({ suspend: false })
  story.api.after(5)
  expect(story.jobs).toEqual([])
  story.minute()
  expect(story.minutes).toEqual([2])
})

it('follows a new schedule', () => {
  const story = new Story({ schedule: '0 3 * * *' }).minute()
  expect(story.jobs).toEqual([])
  story.change({ schedule: '*/2 * * * *' }).minute()
  expect(story.minutes).toEqual([2])
})
