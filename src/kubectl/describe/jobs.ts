/** `kubectl describe` of Jobs and CronJobs. */
import type { CronJob, Job } from '#api/kinds.ts'
import { humanDuration, parseTime } from '#api/time.ts'
import { describer } from './describer.ts'
import { controllerText, longTime, type Page, selectorText, yesOrUnset } from './page.ts'
import { describeTemplate } from './template.ts'

export const job = describer({
  kinds: ['Job.batch'],
  describe({ metadata, spec, status = {} }: Job, page) {
    page.field(0, 'Name', metadata.name)
    page.field(0, 'Namespace', metadata.namespace)
    page.field(0, 'Selector', selectorText(spec.selector))
    page.marks(metadata)
    const owner = controllerText(metadata)
    if (owner) page.field(0, 'Controlled By', owner)
    optional(page, 'Parallelism', spec.parallelism)
    page.field(0, 'Completions', spec.completions ?? '<unset>')
    optional(page, 'Completion Mode', spec.completionMode)
    optional(page, 'Suspend', spec.suspend)
    optional(page, 'Backoff Limit', spec.backoffLimit)
    optional(page, 'TTL Seconds After Finished', spec.ttlSecondsAfterFinished)
    if (status.startTime) page.field(0, 'Start Time', longTime(status.startTime))
    if (status.completionTime) page.field(0, 'Completed At', longTime(status.completionTime))
    if (status.startTime && status.completionTime) {
      page.field(0, 'Duration', humanDuration(parseTime(status.completionTime) - parseTime(status.startTime)))
    }
    if (spec.activeDeadlineSeconds !== undefined) page.field(0, 'Active Deadline Seconds', `${spec.activeDeadlineSeconds}s`)
    const ready = status.ready === undefined ? '' : ` (${status.ready} Ready)`
    page.field(
      0,
      'Pods Statuses',
      `${status.active ?? 0} Active${ready} / ${status.succeeded ?? 0} Succeeded / ${status.failed ?? 0} Failed`,
    )
    if (spec.completionMode === 'Indexed') page.field(0, 'Completed Indexes', capped(status.completedIndexes ?? ''))
    describeTemplate(page, spec.template)
  },
})

const optional = (page: Page, label: string, value: unknown): void => {
  if (value !== undefined && value !== null) page.field(0, label, value)
}

/** Long lists of indexes are cut at the first comma behind 50 characters. */
function capped(indexes: string): string {
  if (indexes === '') return '<none>'
  const cut = indexes.indexOf(',', 50)
  return cut < 0 ? indexes : `${indexes.slice(0, cut + 1)}...`
}

export const cronJob = describer({
  kinds: ['CronJob.batch'],
  describe({ metadata, spec, status = {} }: CronJob, page) {
    page.head({ metadata })
    page.field(0, 'Schedule', spec.schedule)
    page.field(0, 'Concurrency Policy', spec.concurrencyPolicy ?? '')
    page.field(0, 'Suspend', yesOrUnset(spec.suspend))
    page.field(0, 'Time Zone', spec.timeZone ?? '<unset>')
    page.field(0, 'Successful Job History Limit', spec.successfulJobsHistoryLimit ?? '<unset>')
    page.field(0, 'Failed Job History Limit', spec.failedJobsHistoryLimit ?? '<unset>')
    const deadline = spec.startingDeadlineSeconds
    page.field(0, 'Starting Deadline Seconds', deadline === undefined ? '<unset>' : `${deadline}s`)
    const inner = spec.jobTemplate.spec
    page.field(0, 'Selector', inner.selector ? selectorText(inner.selector) : '<unset>')
    page.field(0, 'Parallelism', inner.parallelism ?? '<unset>')
    page.field(0, 'Completions', inner.completions ?? '<unset>')
    if (inner.activeDeadlineSeconds !== undefined) page.field(0, 'Active Deadline Seconds', `${inner.activeDeadlineSeconds}s`)
    describeTemplate(page, inner.template)
    page.field(0, 'Last Schedule Time', status.lastScheduleTime ? longTime(status.lastScheduleTime) : '<unset>')
    page.field(0, 'Active Jobs', status.active?.map((ref) => ref.name).join(', ') || '<none>')
  },
})
