/** What the Job controller does with one key: a Job, or a Pod that no Job counts. */
import type { Job, Pod } from '#api/kinds.ts'
import { controllerOf } from '#api/meta.ts'
import { selects } from '#api/selector.ts'
import { isNotFound } from '#api/status.ts'
import type { Context } from '../../machinery/controller.ts'
import { claim, controlledBy, orphansIn, resolveController } from '../../machinery/owners.ts'
import { FINALIZER, isFinished, isForeign, isTracked } from './facts.ts'
import { forget, JOBS } from './index.ts'
import { untrack } from './manage.ts'
import { backOffKey } from './state.ts'
import { syncJob } from './sync.ts'

export function reconcileJob(key: string, context: Context): void {
  if (key.startsWith('orphan ')) return releaseOrphan(key.slice('orphan '.length), context)
  const found = context.cache<Job>(JOBS).byKey(key)
  if (!found) forget(key, context)
  else if (!isForeign(found)) sync(key, found, context)
}

function sync(key: string, found: Job, context: Context): void {
  const { memory, later } = context
  const wrote: string | undefined = memory.get(`wrote/${key}`)
  if (wrote !== undefined && Number(found.metadata.resourceVersion) < Number(wrote)) {
    later(key, 5)
    return
  }
  if (isFinished(found)) {
    memory.delete(backOffKey(key))
    memory.delete(`finished/${found.metadata.uid}`)
    return
  }
  if (memory.has(`finished/${found.metadata.uid}`)) return
  const failed = syncJob(found, podsOf(found, context), context)
  if (failed) throw failed
}

/** The Job's Pods; orphans that match are adopted, and get the finalizer with it. */
function podsOf(found: Job, context: Context): Pod[] {
  const pods = context.cache<Pod>('pods')
  const { mine, adopted } = claim(context, {
    owner: found,
    ownerResource: JOBS,
    resource: 'pods',
    candidates: [...controlledBy(pods, found.metadata.uid ?? ''), ...orphansIn(pods, found.metadata.namespace ?? '')],
    matches: (pod) => selects(found.spec.selector, pod.metadata.labels),
    finalizer: FINALIZER,
  })
  return mine.map((pod) =>
    adopted.includes(pod) && !isTracked(pod)
      ? { ...pod, metadata: { ...pod.metadata, finalizers: [...(pod.metadata.finalizers ?? []), FINALIZER] } }
      : pod,
  )
}

/** A Pod that no running Job will count any more must not be held by the finalizer. */
function releaseOrphan(podKey: string, context: Context): void {
  const pod = context.cache<Pod>('pods').byKey(podKey)
  if (!pod) return
  const ref = controllerOf(pod.metadata)
  if (ref && ref.kind !== 'Job') return
  const owner = resolveController(context.cache<Job>(JOBS), 'Job', pod.metadata.namespace, ref)
  if (owner && (isForeign(owner) || !isFinished(owner))) return
  const refused = untrack(pod, 'no running Job counts it', context)
  if (refused && !isNotFound(refused)) throw refused
}
