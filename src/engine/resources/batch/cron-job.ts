/** CronJob: Jobs by the clock. */

import { equal } from '#api/equal.ts'
import type { AnyObject } from '#api/meta.ts'
import { put } from '../../apiserver/resource.ts'
import { type Details, freshStatus } from '../details.ts'
import { ageColumn, column, integer, nameColumn, selectorCell, since, wide } from '../pod/cells.ts'
import { ungatedAt } from '../pod/gated.ts'
import { shape } from '../pod/shape.ts'
import { validateCronJob } from './cron-job-validation.ts'
import { jobSpecShape } from './job.ts'
import { jobWarnings, nameWarnings } from './warnings.ts'

const normalSpec = shape({
  omit: 'concurrencyPolicy',
  parts: { jobTemplate: shape({ parts: { spec: jobSpecShape }, always: ['metadata', 'spec'] }) },
  always: ['jobTemplate'],
  defaults: { concurrencyPolicy: 'Allow', suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 },
})

const containers = (job: AnyObject): { name: string; image?: string }[] =>
  job['spec']?.jobTemplate?.spec?.template?.spec?.containers ?? []

const yesNo = (value: boolean | undefined): string => (value === undefined ? '<unset>' : value ? 'True' : 'False')

function warnings({ metadata, spec }: AnyObject, old: AnyObject | null): string[] {
  const changed = old !== null && !equal(spec, old['spec'])
  const job = spec.jobTemplate.spec
  const zoned = old && spec.schedule.includes('TZ')
  const more = 'see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details'
  return [
    ...(old ? [] : nameWarnings(metadata.name)),
    ...(old && !changed ? [] : jobWarnings('spec.jobTemplate.spec', job)),
    ...(zoned ? [`cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, ${more}`] : []),
  ]
}

export const cronJobs: Details = {
  generation: true,
  defaults: (job: AnyObject) => put(job, 'spec', normalSpec(job['spec'] ?? {})),
  drops: ungatedAt('spec', 'jobTemplate', 'spec', 'template', 'spec'),
  prepareCreate: freshStatus(),
  validate: validateCronJob,
  warnings,
  columns: [
    nameColumn,
    column('Schedule', (job: AnyObject) => job['spec']?.schedule ?? ''),
    column('Timezone', (job: AnyObject) => job['spec']?.timeZone ?? '<none>'),
    { ...column('Suspend', (job: AnyObject) => yesNo(job['spec']?.suspend)), type: 'boolean' },
    integer('Active', (job: AnyObject) => job['status']?.active?.length ?? 0),
    column('Last Schedule', (job: AnyObject, world) => {
      const last = job['status']?.lastScheduleTime
      return last ? since(last, world) : '<none>'
    }),
    ageColumn,
    wide('Containers', (job: AnyObject) =>
      containers(job)
        .map((c) => c.name)
        .join(','),
    ),
    wide('Images', (job: AnyObject) =>
      containers(job)
        .map((c) => c.image ?? '')
        .join(','),
    ),
    wide('Selector', (job: AnyObject) => selectorCell(job['spec']?.jobTemplate?.spec?.selector)),
  ],
}
