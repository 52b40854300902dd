/** How many Pods the controllers of some Pods want: the denominator of budgets in per cent (disruption.go getExpectedScale). */
import type { Pod } from '#api/kinds.ts'
import { type AnyObject, controllerOf, type OwnerReference } from '#api/meta.ts'
import { fail } from '#api/status.ts'
import type { Context, Watch } from '../../machinery/controller.ts'

const SCALABLE: Record<string, string> = {
  ReplicationController: 'replicationcontrollers',
  ReplicaSet: 'replicasets.apps',
  StatefulSet: 'statefulsets.apps',
}

/** Kinds of known resources that have no scale. */
const UNSCALABLE: Record<string, string> = {
  Job: 'jobs.batch',
  DaemonSet: 'daemonsets.apps',
  CronJob: 'cronjobs.batch',
  Node: 'nodes',
}

/** The real controller has these caches too, but is not woken by them: a changed scale counts when a Pod changes. */
export const expectedScaleWatches: Watch[] = [...Object.values(SCALABLE), 'deployments.apps'].map((resource) => ({
  resource,
  keys: () => [],
}))

interface Scale {
  uid: string
  replicas: number
}

/** Sum of the scales of all controllers of these Pods; Pods without one do not count. */
export function expectedScale(pods: readonly Pod[], context: Context): number {
  const scales = new Map<string, number>()
  const seen = new Set<string>()
  for (const pod of pods) {
    const ref = controllerOf(pod.metadata)
    if (!ref || seen.has(ref.uid)) continue
    seen.add(ref.uid)
    const scale = scaleOf(ref, pod.metadata.namespace ?? '', context)
    if (!scale) throw fail(500, '', `found no controllers for pod ${JSON.stringify(pod.metadata.name)}`)
    scales.set(scale.uid, scale.replicas)
  }
  return [...scales.values()].reduce((sum, replicas) => sum + replicas, 0)
}

function scaleOf(ref: OwnerReference, namespace: string, { cache }: Context): Scale | undefined {
  const unscalable = UNSCALABLE[ref.kind]
  if (unscalable) throw fail(500, '', `${unscalable} does not implement the scale subresource`)
  const resource = SCALABLE[ref.kind]
  const owner = resource ? cache(resource).get(namespace, ref.name) : undefined
  if (owner?.metadata.uid !== ref.uid) return undefined
  const above = controllerOf(owner.metadata)
  if (ref.kind !== 'ReplicaSet' || above?.kind !== 'Deployment') return scale(owner)
  const deployment = cache('deployments.apps').get(namespace, above.name)
  return deployment?.metadata.uid === above.uid ? scale(deployment) : undefined
}

const scale = ({ metadata, ...object }: AnyObject): Scale => ({
  uid: metadata.uid ?? '',
  replicas: object['spec']?.replicas ?? 1,
})
