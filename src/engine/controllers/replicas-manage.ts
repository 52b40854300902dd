/** Making and giving up replicas: slow start, portions, and the order in which Pods go (replica_set.go manageReplicas). */
import type { Pod } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import type { ApiError } from '#api/status.ts'
import type { Context } from '../machinery/controller.ts'
import { controlledBy } from '../machinery/owners.ts'
import { createPods, deletePod, PORTION } from './pod-control.ts'
import { isActive, leastUsefulFirst, podFrom } from './pods.ts'
import { type ReplicaKind, type Replicated, relatedPods, uidOf } from './replicas-kind.ts'

/** Pods chosen for deletion at once; the choice outlasts the portions. */
const BURST = 500

const victimsKey = (owner: Replicated): string => `victims/${keyOf(owner.metadata)}`

/** Creates or deletes what is missing or too much. The first refusal is returned, after the batch it belongs to. */
export function manage<T extends Replicated>(kind: ReplicaKind<T>, owner: T, active: number, context: Context): ApiError | null {
  const wanted = owner.spec.replicas ?? 1
  if (active < wanted) return create(owner, Math.min(wanted - active, PORTION), context, active)
  if (active === wanted) return null
  const chosen = choose(kind, owner, Math.min(active - wanted, BURST), active, context)
  // A Pod adopted a moment ago is not in the cache as ours yet: choose when all candidates are known.
  if (chosen === null) return null
  const victims = chosen.map((pod) => keyOf(pod.metadata))
  context.expectations.expectDeletions(keyOf(owner.metadata), victims)
  context.memory.set(victimsKey(owner), victims)
  return deletePortion(owner, context)
}

function create(owner: Replicated, count: number, context: Context, active: number): ApiError | null {
  const because = `${owner.kind} ${owner.metadata.name} wants ${owner.spec.replicas ?? 1} replicas and has ${active}`
  const draft = podFrom(owner.spec.template ?? { spec: { containers: [] } }, owner)
  return createPods(keyOf(owner.metadata), count, owner, () => draft, because, context).failed
}

function choose<T extends Replicated>(
  kind: ReplicaKind<T>,
  owner: T,
  count: number,
  active: number,
  context: Context,
): Pod[] | null {
  const pods = controlledBy(context.cache<Pod>('pods'), uidOf(owner)).filter(
    (pod) => isActive(pod) && kind.selects(owner, pod.metadata.labels),
  )
  if (pods.length < active) return null
  if (count >= pods.length) return pods
  const colocated = new Map<string, number>()
  for (const pod of relatedPods(kind, owner, context)) {
    const node = pod.spec.nodeName ?? ''
    if (isActive(pod)) colocated.set(node, (colocated.get(node) ?? 0) + 1)
  }
  return leastUsefulFirst(pods, colocated, context.now).slice(0, count)
}

/** Goes on with a deletion begun before; false when there is none. */
export function deleteNext(owner: Replicated, context: Context): boolean {
  if (!context.memory.has(victimsKey(owner))) return false
  const failed = deletePortion(owner, context)
  if (failed) throw failed
  return true
}

function deletePortion(owner: Replicated, context: Context): ApiError | null {
  const { memory, expectations } = context
  const victims: string[] = memory.get(victimsKey(owner)) ?? []
  if (victims.length > PORTION) memory.set(victimsKey(owner), victims.slice(PORTION))
  else memory.delete(victimsKey(owner))
  const because = `${owner.kind} ${owner.metadata.name} wants only ${owner.spec.replicas ?? 1} replicas`
  let failed: ApiError | null = null
  for (const podKey of victims.slice(0, PORTION)) {
    const refused = deletePod(owner, podKey, because, context)
    if (!refused) continue
    expectations.deletionObserved(keyOf(owner.metadata), podKey)
    if (refused.reason !== 'NotFound') failed ??= refused
  }
  return failed
}
