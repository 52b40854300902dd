/** Making and giving up replicas: slow start, portions, and the order in which Pods go (replica_set.go manageReplicas). */
import type { Pod } from '#api/kinds.ts'
import { keyOf, splitKey } from '#api/meta.ts'
import { ApiError } from '#api/status.ts'
import type { Context } from '../machinery/controller.ts'
import { controlledBy } from '../machinery/owners.ts'
import { isActive, isNamespaceTerminating, leastUsefulFirst, podFrom } from './pods.ts'
import { type ReplicaKind, type Replicated, relatedPods, uidOf } from './replicas-kind.ts'

/** Objects written in one reconcile at most. */
const PORTION = 100
/** Pods chosen for deletion at once; the choice outlasts the portions. */
const BURST = 500

const victimsKey = (owner: Replicated): string => `victims/${keyOf(owner.metadata)}`

/** Creates or deletes what is missing or too much. The first refusal is returned, after the batch it belongs to. */
export function manage<T extends Replicated>(kind: ReplicaKind<T>, owner: T, active: number, context: Context): ApiError | null {
  const wanted = owner.spec.replicas ?? 1
  if (active < wanted) return create(owner, Math.min(wanted - active, PORTION), context, active)
  if (active === wanted) return null
  const victims = choose(kind, owner, Math.min(active - wanted, BURST), context).map((pod) => keyOf(pod.metadata))
  context.expectations.expectDeletions(keyOf(owner.metadata), victims)
  context.memory.set(victimsKey(owner), victims)
  return deletePortion(owner, context)
}

function create(owner: Replicated, count: number, context: Context, active: number): ApiError | null {
  const key = keyOf(owner.metadata)
  const because = `${owner.kind} ${owner.metadata.name} wants ${owner.spec.replicas ?? 1} replicas and has ${active}`
  context.expectations.expectCreations(key, count)
  let made = 0
  let failed: ApiError | null = null
  for (let batch = 1; made < count && !failed; batch *= 2) {
    const size = Math.min(batch, count - made)
    for (let i = 0; i < size; i++) {
      const refused = createOne(owner, because, context)
      if (refused) failed ??= refused
      else made += 1
    }
  }
  for (let i = made; i < count; i++) context.expectations.creationObserved(key)
  return failed
}

function createOne(owner: Replicated, because: string, { api, events }: Context): ApiError | null {
  try {
    const pod = api.create<Pod>('pods', podFrom(owner.spec.template ?? { spec: { containers: [] } }, owner), { because })
    events.record(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`)
    return null
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (isNamespaceTerminating(error)) return null
    events.record(owner, 'Warning', 'FailedCreate', `Error creating: ${error.message}`)
    return error
  }
}

function choose<T extends Replicated>(kind: ReplicaKind<T>, owner: T, count: number, context: Context): Pod[] {
  const pods = controlledBy(context.cache<Pod>('pods'), uidOf(owner)).filter(
    (pod) => isActive(pod) && kind.selects(owner, pod.metadata.labels),
  )
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
  let failed: ApiError | null = null
  for (const podKey of victims.slice(0, PORTION)) {
    const refused = deleteOne(owner, podKey, context)
    if (!refused) continue
    expectations.deletionObserved(keyOf(owner.metadata), podKey)
    if (refused.reason !== 'NotFound') failed ??= refused
  }
  return failed
}

function deleteOne(owner: Replicated, podKey: string, { api, events }: Context): ApiError | null {
  const { namespace, name } = splitKey(podKey)
  const because = `${owner.kind} ${owner.metadata.name} wants only ${owner.spec.replicas ?? 1} replicas`
  try {
    api.delete('pods', namespace, name, { because })
    events.record(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`)
    return null
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error.reason !== 'NotFound') events.record(owner, 'Warning', 'FailedDelete', `Error deleting: ${error.message}`)
    return error
  }
}
