/** The DaemonSet controller: a Pod on every node that fits (pkg/controller/daemon). */
import type { DaemonSet, Node, Pod } from '#api/kinds.ts'
import { controllerOf, keyOf } from '#api/meta.ts'
import { selects } from '#api/selector.ts'
import { type Context, type ControllerDeclaration, controller } from '../../machinery/controller.ts'
import type { Change } from '../../machinery/informer.ts'
import { byController, resolveController } from '../../machinery/owners.ts'
import { later } from '../../sim/later.ts'
import { REVISIONS } from '../history.ts'
import { byNode } from '../nodes/facts.ts'
import { isReady } from '../pods.ts'
import { SETS } from './status.ts'

/** What it does with one key comes with the rest of the engine (`reconcile.ts`). */
export const work = later<ControllerDeclaration['reconcile']>('DaemonSet controller')

/** From so many nodes on, syncs for mere changes of Pods are gathered for a moment. */
const MANY = 50
const GATHER_MS = 50
/** More than the time asked for, so that clocks that differ a little do no harm. */
const SKEW_MS = 1000

/** Not a possible name of a namespace: nodes have keys of their own. */
export const NODE_KEY = 'node:'

export const daemonSet = controller({
  name: 'daemon-set-controller',
  component: 'daemonset-controller',
  indexes: [byController('pods'), byController(REVISIONS), byNode],
  watches: [
    { resource: SETS, keys: (_change, set) => [keyOf(set.metadata)] },
    { resource: 'pods', keys: (change, pod, old, c) => podChanged(change, pod as Pod, old as Pod | null, c) },
    { resource: 'nodes', keys: (change, node, old) => nodeChanged(change, node as Node, old as Node | null) },
    { resource: REVISIONS, keys: () => [] },
  ],
  // In a cluster without sets no node matters to any.
  reconcile: (key, context) => {
    if (!key.startsWith(NODE_KEY) || context.cache(SETS).size > 0) work.get()(key, context)
  },
})

function nodeChanged(change: Change, node: Node, old: Node | null): string[] {
  if (change === 'deleted') return []
  const same = old && old.metadata.labels === node.metadata.labels && old.spec.taints === node.spec.taints
  return same ? [] : [NODE_KEY + node.metadata.name]
}

function podChanged(change: Change, pod: Pod, old: Pod | null, context: Context): string[] {
  const sets = context.cache<DaemonSet>(SETS)
  const { namespace } = pod.metadata
  const ref = controllerOf(pod.metadata)
  const before = old ? controllerOf(old.metadata) : undefined
  const former = before?.uid === ref?.uid ? undefined : resolveController(sets, 'DaemonSet', namespace, before)
  const keys = former ? [keyOf(former.metadata)] : []
  const set = resolveController(sets, 'DaemonSet', namespace, ref)
  if (set) {
    if (memberChanged(set, change, pod, old, context)) keys.push(keyOf(set.metadata))
    return keys
  }
  const offered =
    !ref && change !== 'deleted' && !pod.metadata.deletionTimestamp && (former || old?.metadata.labels !== pod.metadata.labels)
  if (!offered) return keys
  for (const each of sets.inNamespace(namespace ?? ''))
    if (selects(each.spec.selector, pod.metadata.labels)) keys.push(keyOf(each.metadata))
  return keys
}

/** Tells expectations; whether the set must be looked at now. False when it will be in a moment anyway. */
function memberChanged(set: DaemonSet, change: Change, pod: Pod, old: Pod | null, context: Context): boolean {
  const key = keyOf(set.metadata)
  const { expectations } = context
  if (change === 'deleted' || pod.metadata.deletionTimestamp) expectations.deletionObserved(key, keyOf(pod.metadata))
  else if (change === 'added') expectations.creationObserved(key)
  const minReady = set.spec.minReadySeconds ?? 0
  if (minReady > 0 && old && !isReady(old) && isReady(pod)) context.later(key, minReady * 1000 + SKEW_MS)
  if ((set.status?.desiredNumberScheduled ?? 0) < MANY) return true
  context.later(key, GATHER_MS)
  return false
}
