/** Starting and stopping a Job's Pods (job_controller.go manageJob). */
import type { Pod, PodSpec, PodTemplateSpec } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import { ApiError, isNotFound } from '#api/status.ts'
import type { NewObject } from '../../machinery/client.ts'
import type { Context } from '../../machinery/controller.ts'
import { createPods, deletePod, portion } from '../pod-control.ts'
import { isReady, isTerminating, leastUsefulFirst, podFrom } from '../pods.ts'
import { remaining, remainingForIndex } from './backoff.ts'
import { BATCH_MS, FINALIZER, isSuspended, isTracked, replacesOnlyFailed } from './facts.ts'
import { failureAnnotations, INDEX, indexOf, isIndexed, pendingIndexes } from './indexes.ts'
import { failureCounts } from './policy.ts'
import type { JobSync } from './state.ts'

export function manage(sync: JobSync): ApiError | null {
  const { job, active } = sync
  if (isSuspended(job)) return stop(sync, active, 'the Job is suspended')
  const wanted = wantedActive(sync)
  const surplus = surplusPods(sync, Math.max(0, active.length - wanted)).slice(0, portion(sync.context))
  if (surplus.length > 0) return stop(sync, surplus, `the Job wants only ${wanted} Pods now`)
  const missing = wanted - (replacesOnlyFailed(job) ? sync.terminating : 0) - active.length
  return missing > 0 ? start(sync, Math.min(missing, portion(sync.context)), wanted) : null
}

function wantedActive({ job, succeeded, active }: JobSync): number {
  const { parallelism = 1, completions } = job.spec
  if (completions === undefined) return succeeded > 0 ? active.length : parallelism
  return Math.max(0, Math.min(parallelism, completions - succeeded))
}

/** Pods to give up: those of doubled, wrong or no index first. */
function surplusPods({ job, active, context }: JobSync, atLeast: number): Pod[] {
  const doubled: Pod[] = []
  let rest = active
  if (isIndexed(job)) {
    const byIndex = new Map<number, Pod[]>()
    for (const pod of active) byIndex.set(indexOf(pod), [...(byIndex.get(indexOf(pod)) ?? []), pod])
    rest = []
    for (const [index, pods] of byIndex) {
      const keep = index >= 0 && index < (job.spec.completions ?? 0) ? 1 : 0
      const ranked = leastUsefulFirst(pods, new Map(), context.now)
      doubled.push(...ranked.slice(0, ranked.length - keep))
      rest.push(...ranked.slice(ranked.length - keep))
    }
  }
  if (doubled.length >= atLeast) return doubled
  return [...doubled, ...leastUsefulFirst(rest, new Map(), context.now).slice(0, atLeast - doubled.length)]
}

/** Takes the finalizer off, so that these Pods count for nothing, and deletes them. */
function stop(sync: JobSync, pods: readonly Pod[], because: string): ApiError | null {
  const { job, key, context } = sync
  if (pods.length === 0) return null
  context.expectations.expectDeletions(
    key,
    pods.map(({ metadata }) => keyOf(metadata)),
  )
  let failed: ApiError | null = null
  for (const pod of pods) {
    const refused = untrack(pod, because, context) ?? deletePod(job, keyOf(pod.metadata), because, context)
    if (refused) context.expectations.deletionObserved(key, keyOf(pod.metadata))
    if (refused && !isNotFound(refused)) {
      failed ??= refused
      continue
    }
    if (isReady(pod)) sync.ready -= 1
    sync.activeCount -= 1
    sync.terminating += 1
  }
  return failed
}

/** Takes the Job's finalizer off a Pod; the refusal when there is one. */
export function untrack(pod: Pod, because: string, { api }: Context): ApiError | null {
  if (!isTracked(pod)) return null
  const { namespace = '', name } = pod.metadata
  try {
    const patch = { metadata: { '$deleteFromPrimitiveList/finalizers': [FINALIZER] } }
    api.patch('pods', namespace, name, 'strategic', patch, { because })
    return null
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
}

function start(sync: JobSync, count: number, wanted: number): ApiError | null {
  const { job, key, context } = sync
  const perIndex = job.spec.backoffLimitPerIndex !== undefined
  const wait = perIndex ? 0 : remaining(sync.backOff, context.now)
  if (wait > 0) {
    context.later(key, Math.max(wait, BATCH_MS))
    return null
  }
  const indexes = isIndexed(job) ? indexesToStart(sync, count) : null
  if (indexes?.length === 0) return null
  const because = `Job ${job.metadata.name} wants ${wanted} Pods and has ${sync.active.length}`
  const template = trackedTemplate(job.spec.template, indexes !== null)
  const draft = (i: number): NewObject<Pod> => {
    const index = indexes?.[i]
    return index === undefined ? podFrom(template, job) : indexedPod(sync, template, index)
  }
  const { made, failed } = createPods(key, indexes?.length ?? count, job, draft, because, context)
  sync.activeCount += made
  return failed
}

/** The lowest indexes without a Pod; those that have failed lately wait their time. */
function indexesToStart(sync: JobSync, count: number): number[] {
  const { job, pods, active, context, key } = sync
  const taken = new Set(active.map(indexOf))
  if (replacesOnlyFailed(job)) for (const pod of pods) if (isTerminating(pod)) taken.add(indexOf(pod))
  const isTaken = (i: number): boolean => taken.has(i) || sync.succeededIndexes.has(i) || sync.failedIndexes?.has(i) === true
  const pending = pendingIndexes(count, job.spec.completions ?? 0, isTaken)
  if (job.spec.backoffLimitPerIndex === undefined) return pending
  const waits = pending.map((index) => remainingForIndex(sync.delayed.get(index), context.now))
  const now = pending.filter((_, i) => waits[i] === 0)
  if (now.length === 0 && pending.length > 0) context.later(key, Math.max(BATCH_MS, Math.min(...waits)))
  return now
}

const ENV = 'JOB_COMPLETION_INDEX'

function trackedTemplate(template: PodTemplateSpec, indexed: boolean): PodTemplateSpec {
  const finalizers = template.metadata?.finalizers ?? []
  const tracked = finalizers.includes(FINALIZER) ? finalizers : [...finalizers, FINALIZER]
  return {
    metadata: { ...template.metadata, finalizers: tracked },
    spec: indexed ? withIndexVariable(template.spec) : template.spec,
  }
}

function withIndexVariable(spec: PodSpec): PodSpec {
  const variable = { name: ENV, valueFrom: { fieldRef: { fieldPath: `metadata.labels['${INDEX}']` } } }
  const add = <T extends PodSpec['containers'][number]>(container: T): T =>
    container.env?.some(({ name }) => name === ENV) ? container : { ...container, env: [...(container.env ?? []), variable] }
  return {
    ...spec,
    ...(spec.initContainers ? { initContainers: spec.initContainers.map(add) } : {}),
    containers: spec.containers.map(add),
  }
}

const MAX_GENERATED = 58

function indexedPod(sync: JobSync, template: PodTemplateSpec, index: number): NewObject<Pod> {
  const { job, delayed } = sync
  const replaced = delayed.get(index)
  const counted = replaced ? failureCounts(job, replaced) : true
  const failures = job.spec.backoffLimitPerIndex === undefined ? {} : failureAnnotations(replaced, counted)
  const mark = { [INDEX]: String(index) }
  const pod = podFrom({ ...template, spec: { ...template.spec, hostname: `${job.metadata.name}-${index}` } }, job)
  const suffix = `-${index}-`
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      generateName: `${job.metadata.name.slice(0, MAX_GENERATED - suffix.length)}${suffix}`,
      labels: { ...pod.metadata.labels, ...mark },
      annotations: { ...pod.metadata.annotations, ...mark, ...failures },
    },
  }
}
