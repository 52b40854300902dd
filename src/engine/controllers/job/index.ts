/** The Job controller: Pods that run to their end, as often as asked for (pkg/controller/job). */
import type { Job, Pod } from '#api/kinds.ts'
import { controllerOf, keyOf } from '#api/meta.ts'
import { selects } from '#api/selector.ts'
import { parseTime } from '#api/time.ts'
import { type Context, type ControllerDeclaration, controller } from '../../machinery/controller.ts'
import type { Change } from '../../machinery/informer.ts'
import { byController, controlledBy, resolveController } from '../../machinery/owners.ts'
import { later } from '../../sim/later.ts'
import { BATCH_MS, isFinished, isTracked } from './facts.ts'
import { backOffKey, untrackedKey } from './state.ts'

/** What it does with one key comes with the rest of the engine (`reconcile.ts`). */
export const work = later<ControllerDeclaration['reconcile']>('Job controller')

export const JOBS = 'jobs.batch'

export const job = controller({
  name: 'job-controller',
  backOff: { baseMs: 1000, maxMs: 60_000 },
  indexes: [byController('pods')],
  watches: [
    {
      resource: JOBS,
      keys: (change, found, old, c) => jobChanged(change, found as unknown as Job, old as unknown as Job | null, c),
    },
    { resource: 'pods', keys: (change, pod, old, c) => podChanged(change, pod as Pod, old as Pod | null, c) },
  ],
  reconcile: (key, context) => work.get()(key, context),
})

export function forget(key: string, { expectations, memory }: Context): void {
  expectations.forget(key)
  for (const name of [untrackedKey(key), backOffKey(key), `wrote/${key}`]) memory.delete(name)
}

/** Changes of the status alone come from Pods, and can wait a second; changes of the spec cannot. */
function jobChanged(change: Change, found: Job, old: Job | null, context: Context): string[] {
  const key = keyOf(found.metadata)
  if (change === 'deleted') {
    forget(key, context)
    context.memory.delete(`finished/${found.metadata.uid}`)
  }
  if (change === 'deleted' || (change === 'modified' && isFinished(found))) {
    const pods = controlledBy(context.cache<Pod>('pods'), found.metadata.uid ?? '').filter(isTracked)
    return [...pods.map(({ metadata }) => `orphan ${keyOf(metadata)}`), key]
  }
  const { activeDeadlineSeconds: deadline } = found.spec
  if (deadline !== undefined && deadline !== old?.spec.activeDeadlineSeconds && found.status?.startTime) {
    context.later(key, parseTime(found.status.startTime) + deadline * 1000 - context.now)
  }
  if (change === 'added' || found.metadata.generation !== old?.metadata.generation) return [key]
  context.later(key, BATCH_MS)
  return []
}

function podChanged(change: Change, pod: Pod, old: Pod | null, context: Context): string[] {
  const jobs = context.cache<Job>(JOBS)
  const { namespace } = pod.metadata
  const podKey = keyOf(pod.metadata)
  const ref = controllerOf(pod.metadata)
  const before = old ? controllerOf(old.metadata) : undefined
  const former = before && before.uid !== ref?.uid ? resolveController(jobs, 'Job', namespace, before) : undefined
  if (former) {
    if (!isTracked(pod)) releaseSeen(keyOf(former.metadata), pod, context)
    context.later(keyOf(former.metadata), BATCH_MS)
  }
  const gone = change === 'deleted' || pod.metadata.deletionTimestamp !== undefined
  const owner = resolveController(jobs, 'Job', namespace, ref)
  const orphaned = isTracked(pod) && (ref ? ref.kind === 'Job' && gone && (!owner || isFinished(owner)) : true)
  if (orphaned) return [`orphan ${podKey}`]
  if (!owner) {
    if (!ref && !gone && (change === 'added' || old?.metadata.labels !== pod.metadata.labels || former)) offer(pod, context)
    return []
  }
  const key = keyOf(owner.metadata)
  if (gone) context.expectations.deletionObserved(key, podKey)
  else if (change === 'added') context.expectations.creationObserved(key)
  if (change === 'deleted' || !isTracked(pod)) releaseSeen(key, pod, context)
  context.later(key, BATCH_MS)
  return []
}

/** An orphan: the Jobs that select it may want it. */
function offer(pod: Pod, context: Context): void {
  for (const each of context.cache<Job>(JOBS).inNamespace(pod.metadata.namespace ?? '')) {
    if (selects(each.spec.selector, pod.metadata.labels)) context.later(keyOf(each.metadata), BATCH_MS)
  }
}

/** The cache has seen that the finalizer is off. */
function releaseSeen(key: string, { metadata }: Pod, { memory }: Context): void {
  const awaited: string[] | undefined = memory.get(untrackedKey(key))
  if (!awaited?.includes(metadata.uid ?? '')) return
  const left = awaited.filter((uid) => uid !== metadata.uid)
  if (left.length > 0) memory.set(untrackedKey(key), left)
  else memory.delete(untrackedKey(key))
}
