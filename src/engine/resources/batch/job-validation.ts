/** Validation of Jobs (pkg/apis/batch/validation, ValidateJob and ValidateJobUpdate). */
import { type FieldError, inKeyOrder, invalid, notListed, required, tooLong, unsupported } from '#api/field-error.ts'
import type { Job, JobSpec, PodTemplateSpec } from '#api/kinds.ts'
import { isDns1123Label } from '#api/names.ts'
import { matches, selectorOf } from '#api/selector.ts'
import { validateLabelSelector } from '../../apiserver/metadata/selector.ts'
import { domainPrefixedPath } from '../domain-path.ts'
import { type Found, labelSelector, nonNegative } from '../pod/checks.ts'
import { internal } from '../pod/internal.ts'
import { immutable, immutableSelector, shownSelector } from '../pod/validate-replicas.ts'
import { validatePodTemplate } from '../pod/validate-template.ts'
import { failurePolicy, replacementPolicy, successPolicy } from './job-policy-validation.ts'
import { templateUpdate } from './job-template-update.ts'

const MOST_PARALLEL = 100_000
const MOST_FAILED = 100_000
const MANY_COMPLETIONS = 100_000
const MOST_PARALLEL_OF_MANY = 10_000
const MOST_MANAGER = 63
const atMost = (limit: number, when = ''): string => `must be less than or equal to ${limit}${when}`

function indexed(found: Found, path: string, spec: JobSpec): void {
  const { completions, parallelism, maxFailedIndexes: failed } = spec
  if (completions === undefined) found.push(required(`${path}.completions`, 'when completion mode is Indexed'))
  if (parallelism !== undefined && parallelism > MOST_PARALLEL) {
    found.push(invalid(`${path}.parallelism`, parallelism, atMost(MOST_PARALLEL, ' when completion mode is Indexed')))
  }
  if (completions !== undefined && failed !== undefined && failed > completions) {
    found.push(invalid(`${path}.maxFailedIndexes`, failed, 'must be less than or equal to completions'))
  }
  if (failed !== undefined && failed > MOST_FAILED) found.push(invalid(`${path}.maxFailedIndexes`, failed, atMost(MOST_FAILED)))
  if (completions === undefined || completions <= MANY_COMPLETIONS || spec.backoffLimitPerIndex === undefined) return
  const many = ` when completions are above ${MANY_COMPLETIONS} and used with backoff limit per index`
  if (failed === undefined) {
    found.push(required(`${path}.maxFailedIndexes`, `must be specified when completions is above ${MANY_COMPLETIONS}`))
  }
  if (parallelism !== undefined && parallelism > MOST_PARALLEL_OF_MANY) {
    found.push(invalid(`${path}.parallelism`, parallelism, atMost(MOST_PARALLEL_OF_MANY, many)))
  }
  if (failed !== undefined && failed > MOST_PARALLEL_OF_MANY) {
    found.push(invalid(`${path}.maxFailedIndexes`, failed, atMost(MOST_PARALLEL_OF_MANY, many)))
  }
}

const COUNTS = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
] as const

function counts(found: Found, path: string, spec: JobSpec): void {
  for (const key of COUNTS) nonNegative(found, `${path}.${key}`, spec[key])
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined) {
    found.push(required(`${path}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'))
  }
}

function modes(found: Found, path: string, spec: JobSpec): void {
  const { completionMode: mode } = spec
  if (spec.managedBy !== undefined) {
    domainPrefixedPath(found, `${path}.managedBy`, spec.managedBy)
    if (spec.managedBy.length > MOST_MANAGER) found.push(tooLong(`${path}.managedBy`, MOST_MANAGER))
  }
  if (mode !== undefined && mode !== 'NonIndexed' && mode !== 'Indexed') {
    found.push(notListed(`${path}.completionMode`, mode, ['NonIndexed', 'Indexed']))
  }
  if (mode === 'Indexed') indexed(found, path, spec)
  if (mode === undefined || mode === 'NonIndexed') {
    for (const key of ['backoffLimitPerIndex', 'maxFailedIndexes'] as const) {
      if (spec[key] !== undefined) found.push(invalid(`${path}.${key}`, spec[key], 'requires indexed completion mode'))
    }
  }
}

function restarts(found: Found, path: string, { template, podFailurePolicy }: JobSpec): void {
  const policy = template.spec?.restartPolicy ?? ''
  if (policy === '' || policy === 'Always') found.push(required(path, 'valid values: "OnFailure", "Never"'))
  else if (policy !== 'OnFailure' && policy !== 'Never') found.push(unsupported(path, policy, ['OnFailure', 'Never']))
  else if (podFailurePolicy && policy !== 'Never') {
    found.push(invalid(path, policy, 'only "Never" is supported when podFailurePolicy is specified'))
  }
}

/** All but the selector: what a Job and a CronJob's template have in common (validateJobSpec). */
export function validateJobSpec(found: Found, path: string, spec: JobSpec, old: PodTemplateSpec | null): void {
  counts(found, path, spec)
  modes(found, path, spec)
  failurePolicy(found, `${path}.podFailurePolicy`, spec)
  if (spec.successPolicy) {
    if (spec.completionMode === 'Indexed') successPolicy(found, `${path}.successPolicy`, spec)
    else {
      const shown = internal('SuccessPolicy', spec.successPolicy)
      found.push(invalid(`${path}.successPolicy`, shown, 'requires indexed completion mode'))
    }
  }
  replacementPolicy(found, `${path}.podReplacementPolicy`, spec)
  validatePodTemplate(found, `${path}.template`, spec.template, old)
  restarts(found, `${path}.template.spec.restartPolicy`, spec)
}

function selected(found: Found, { selector, template }: JobSpec): void {
  const path = 'spec.selector'
  const before = found.length
  if (!selector) found.push(required(path))
  else labelSelector(found, path, selector)
  const own = template.metadata?.labels
  const chooses = selector && found.length === before ? selectorOf(selector) : null
  if (!selector || (chooses && !matches(chooses, own))) {
    found.push(invalid('spec.template.metadata.labels', own && inKeyOrder(own), '`selector` does not match template `labels`'))
  }
}

const PLAIN = { uid: 'controller-uid', name: 'job-name' } as const
const PREFIXED = { uid: 'batch.kubernetes.io/controller-uid', name: 'batch.kubernetes.io/job-name' } as const

function hasLabel(found: Found, labels: Record<string, string> | undefined, key: string, value: string): void {
  const path = `spec.template.metadata.labels[${key}]`
  const actual = labels?.[key]
  if (actual === undefined) found.push(required(path, `must be '${value}'`))
  else if (actual !== value) found.push(invalid(path, labels && inKeyOrder(labels), `must be '${value}'`))
}

/** What generateSelector should have brought about, unless the client was in its way (validateGeneratedSelector). */
function generated(found: Found, { metadata, spec }: Job, old: Job | null): void {
  if (spec.manualSelector || !spec.selector) return
  const { name, uid = '' } = metadata
  if (uid === '') found.push(required('metadata.uid'))
  const labels = spec.template.metadata?.labels
  const before = old?.spec.template.metadata?.labels
  const prefixed = !old || (before?.[PREFIXED.uid] !== undefined && before[PREFIXED.name] !== undefined)
  const expected: Record<string, string> = {}
  for (const keys of prefixed ? [PLAIN, PREFIXED] : [PLAIN]) {
    hasLabel(found, labels, keys.uid, uid)
    hasLabel(found, labels, keys.name, name)
    expected[keys.uid] = uid
    expected[keys.name] = name
  }
  const unusable = validateLabelSelector(spec.selector, 'spec.selector').length > 0
  const selector = unusable ? null : selectorOf(spec.selector)
  if (selector && !matches(selector, expected)) {
    found.push(invalid('spec.selector', shownSelector(spec.selector), '`selector` not auto-generated'))
  }
}

function hostnames(found: Found, { metadata: { name }, spec }: Job): void {
  if (spec.completionMode !== 'Indexed' || (spec.completions ?? 0) <= 0) return
  const longest = `${name}-${(spec.completions ?? 0) - 1}`
  if (isDns1123Label(longest).length === 0) return
  found.push(invalid('metadata.name', name, `will not able to create pod with invalid DNS label: ${longest}`))
}

function completions(found: Found, spec: JobSpec, old: JobSpec): void {
  const path = 'spec.completions'
  if (spec.completionMode !== 'Indexed') immutable(found, path, spec.completions, old.completions, spec.completions ?? null)
  else if (spec.completions !== old.completions && spec.completions !== undefined && spec.completions !== spec.parallelism) {
    found.push(invalid(path, spec.completions, 'can only be modified in tandem with spec.parallelism'))
  }
}

const shown = (type: string, value: object | undefined) => value && internal(type, value)

/** On updates Go looks at the whole twice, once as at a new Job. */
export function validateJob(job: Job, old: Job | null): FieldError[] {
  const found: Found = []
  const { spec } = job
  generated(found, job, old)
  validateJobSpec(found, 'spec', spec, old?.spec.template ?? null)
  selected(found, spec)
  hostnames(found, job)
  if (!old) return found
  const before = old.spec
  validateJobSpec(found, 'spec', spec, before.template)
  selected(found, spec)
  completions(found, spec, before)
  immutableSelector(found, 'spec.selector', spec.selector, before.selector)
  templateUpdate(found, 'spec', job, old)
  immutable(found, 'spec.completionMode', spec.completionMode, before.completionMode)
  const { podFailurePolicy: failures, successPolicy: success } = spec
  immutable(found, 'spec.podFailurePolicy', failures, before.podFailurePolicy, shown('PodFailurePolicy', failures))
  immutable(found, 'spec.backoffLimitPerIndex', spec.backoffLimitPerIndex, before.backoffLimitPerIndex)
  immutable(found, 'spec.managedBy', spec.managedBy, before.managedBy)
  immutable(found, 'spec.successPolicy', success, before.successPolicy, shown('SuccessPolicy', success))
  return found
}
