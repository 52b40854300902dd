/** The StatefulSet controller: Pods with names, an order, and storage of their own (pkg/controller/statefulset). */
import type { Pod, StatefulSet } from '#api/kinds.ts'
import { controllerOf, keyOf } from '#api/meta.ts'
import { selects } from '#api/selector.ts'
import { type Context, type ControllerDeclaration, controller } from '../../machinery/controller.ts'
import type { Change } from '../../machinery/informer.ts'
import { byController, resolveController } from '../../machinery/owners.ts'
import { later } from '../../sim/later.ts'
import { REVISIONS } from '../history.ts'
import { isReady } from '../pods.ts'

/** What it does with one key comes with the rest of the engine (`reconcile.ts`). */
export const work = later<ControllerDeclaration['reconcile']>('StatefulSet controller')

export const SETS = 'statefulsets.apps'

export const statefulSet = controller({
  name: 'statefulset-controller',
  indexes: [byController('pods'), byController(REVISIONS)],
  watches: [
    { resource: SETS, keys: (_change, set) => [keyOf(set.metadata)] },
    { resource: 'pods', keys: (change, pod, old, c) => podChanged(change, pod as Pod, old as Pod | null, c) },
    { resource: REVISIONS, keys: () => [] },
    { resource: 'persistentvolumeclaims', keys: () => [] },
  ],
  reconcile: (key, context) => work.get()(key, context),
})

function podChanged(change: Change, pod: Pod, old: Pod | null, context: Context): string[] {
  const sets = context.cache<StatefulSet>(SETS)
  const { namespace } = pod.metadata
  const ref = controllerOf(pod.metadata)
  const before = old ? controllerOf(old.metadata) : undefined
  const former = before?.uid === ref?.uid ? undefined : resolveController(sets, 'StatefulSet', namespace, before)
  const keys = former ? [keyOf(former.metadata)] : []
  const set = resolveController(sets, 'StatefulSet', namespace, ref)
  if (set) {
    const minReady = set.spec.minReadySeconds ?? 0
    if (minReady > 0 && old && !isReady(old) && isReady(pod)) context.later(keyOf(set.metadata), minReady * 1000)
    return [...keys, keyOf(set.metadata)]
  }
  const offered =
    !ref && change !== 'deleted' && !pod.metadata.deletionTimestamp && (former || old?.metadata.labels !== pod.metadata.labels)
  if (!offered) return keys
  for (const each of sets.inNamespace(namespace ?? ''))
    if (selects(each.spec.selector, pod.metadata.labels)) keys.push(keyOf(each.metadata))
  return keys
}
