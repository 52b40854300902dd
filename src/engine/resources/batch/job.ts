/** Job: Pods that run to their end. */

import { equal } from '#api/equal.ts'
import type { AnyObject } from '#api/meta.ts'
import { humanDuration, parseTime } from '#api/time.ts'
import { put } from '../../apiserver/resource.ts'
import type { World } from '../../sim/world.ts'
import type { Details } from '../details.ts'
import { ageColumn, column, containerImages, containerNames, nameColumn, selectorCell, wide } from '../pod/cells.ts'
import { ungatedAt } from '../pod/gated.ts'
import { shape } from '../pod/shape.ts'
import { labelSelector, podTemplate } from '../pod/shapes-pod.ts'
import { validateJobStatus } from './job-status-validation.ts'
import { validateJob } from './job-validation.ts'
import { jobWarnings, nameWarnings } from './warnings.ts'

const MAX_INT32 = 2 ** 31 - 1

const failurePolicy = shape({
  parts: { rules: shape({ parts: { onPodConditions: shape({ omit: 'status', defaults: { status: 'True' } }) } }) },
})

/** What every template of a Job has, be it in a Job or in a CronJob. */
export const jobSpecShape = shape({
  parts: { selector: labelSelector, template: podTemplate, podFailurePolicy: failurePolicy },
  always: ['template'],
})

/** SetDefaults_Job. */
const defaultsOf = (spec: Record<string, any>) => ({
  parallelism: 1,
  backoffLimit: spec['backoffLimitPerIndex'] === undefined ? 6 : MAX_INT32,
  completionMode: 'NonIndexed',
  suspend: false,
  podReplacementPolicy: spec['podFailurePolicy'] === undefined ? 'TerminatingOrFailed' : 'Failed',
  manualSelector: false,
  ...(spec['completions'] === undefined && spec['parallelism'] === undefined ? { completions: 1 } : {}),
})

function defaults(job: AnyObject): AnyObject {
  const spec: Record<string, any> = jobSpecShape(job['spec'] ?? {})
  const missing = Object.entries(defaultsOf(spec)).filter(([key]) => spec[key] === undefined)
  const filled = missing.length === 0 ? spec : { ...spec, ...Object.fromEntries(missing) }
  const labels = spec['template'].metadata?.labels
  const own = job.metadata?.labels
  const labelled = labels && (!own || Object.keys(own).length === 0) ? put(job, 'metadata', { ...job.metadata, labels }) : job
  return put(labelled, 'spec', filled)
}

const NAME_LABELS = ['job-name', 'batch.kubernetes.io/job-name']
const UID_LABELS = ['controller-uid', 'batch.kubernetes.io/controller-uid']

/** generateSelector: unless asked not to, a Job selects its Pods by its own uid. */
function prepareCreate(job: AnyObject): AnyObject {
  const fresh = { ...job, status: {} }
  const { spec } = fresh as AnyObject
  const { template } = spec
  if (spec.manualSelector) return fresh
  const uid = job.metadata.uid ?? ''
  const marks = Object.fromEntries([
    ...NAME_LABELS.map((key) => [key, job.metadata.name]),
    ...UID_LABELS.map((key) => [key, uid]),
  ])
  const { selector } = spec
  const matchLabels = { 'batch.kubernetes.io/controller-uid': uid, ...selector?.matchLabels }
  const labels = { ...marks, ...template.metadata?.labels }
  const own = job.metadata.labels
  // Labels that came from the template, or none at all, follow it.
  const follows = own === undefined || Object.keys(own).length === 0 || own === template.metadata?.labels
  return {
    ...fresh,
    metadata: follows ? { ...job.metadata, labels } : job.metadata,
    spec: {
      ...spec,
      selector: { ...selector, matchLabels },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  }
}

function warnings({ metadata, spec }: AnyObject, old: AnyObject | null): string[] {
  if (!old) return [...nameWarnings(metadata.name), ...jobWarnings('spec', spec)]
  return equal(spec, old['spec']) ? [] : jobWarnings('spec', spec)
}

const STATES = ['Complete', 'Failed', 'Terminating', 'Suspended', 'FailureTarget', 'SuccessCriteriaMet']

function state(job: AnyObject): string {
  const holds = (type: string) =>
    type === 'Terminating'
      ? job.metadata.deletionTimestamp !== undefined
      : job['status']?.conditions?.some((c: { type: string; status: string }) => c.type === type && c.status === 'True')
  return STATES.find(holds) ?? 'Running'
}

function completions({ spec, status }: AnyObject): string {
  const done = status?.succeeded ?? 0
  if (spec?.completions !== undefined) return `${done}/${spec.completions}`
  return (spec?.parallelism ?? 0) > 1 ? `${done}/1 of ${spec.parallelism}` : `${done}/1`
}

function duration({ status }: AnyObject, world: World): string {
  if (!status?.startTime) return ''
  const end = status.completionTime ? parseTime(status.completionTime) : world.now
  return humanDuration(end - parseTime(status.startTime))
}

export const jobs: Details = {
  generation: true,
  orphansByDefault: true,
  deleteWarning:
    'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning',
  unknownField: (field: string) => `field label ${JSON.stringify(field)} not supported for Job`,
  defaults,
  drops: ungatedAt('spec', 'template', 'spec'),
  prepareCreate,
  validate: validateJob,
  validateStatus: validateJobStatus,
  metaOnUpdate: 'both',
  warnings,
  fields: { 'status.successful': (job) => String(job['status']?.succeeded ?? 0) },
  columns: [
    nameColumn,
    column('Status', state, 'Status of the job.'),
    column('Completions', completions),
    column('Duration', duration, 'Time required to complete the job.'),
    ageColumn,
    containerNames,
    containerImages,
    wide('Selector', (job: AnyObject) => selectorCell(job['spec']?.selector)),
  ],
}
