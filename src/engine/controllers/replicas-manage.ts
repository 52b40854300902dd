/** Making and giving up replicas: slow start, portions, and the order in which Pods go (replica_set.go manageReplicas). */
import type { Pod } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import type { ApiError } from '#api/status.ts'
import type { Context } from '../machinery/controller.ts'
import { controlledBy } from '../machinery/owners.ts'
import { deletePod, makePods, PORTION } from './pod-control.ts'
import { isActive, leastUsefulFirst, podFrom } from './pods.ts'
import { type ReplicaKind, type Replicated, relatedPods, uidOf } from './replicas-kind.ts'

/** Pods to make or give up in one sync; as fast as the client may, and until that is over nothing else is done for the owner. */
const BURST = 500

/** Pods that have still to be made, and how many there were before. */
interface Making {
  left: number
  active: number
}

const makingKey = (owner: Replicated): string => `making/${keyOf(owner.metadata)}`
const victimsKey = (owner: Replicated): string => `victims/${keyOf(owner.metadata)}`

/** Creates or deletes what is missing or too much. The first refusal is returned, after the batch it belongs to. */
export function manage<T extends Replicated>(kind: ReplicaKind<T>, owner: T, active: number, context: Context): ApiError | null {
  const wanted = owner.spec.replicas ?? 1
  if (active < wanted) {
    const left = Math.min(wanted - active, BURST)
    context.expectations.expectCreations(keyOf(owner.metadata), left)
    return createPortion(owner, { left, active }, context)
  }
  if (active === wanted) return null
  const chosen = choose(kind, owner, Math.min(active - wanted, BURST), active, context)
  // A Pod adopted a moment ago is not in the cache as ours yet: choose when all candidates are known.
  if (chosen === null) return null
  const victims = chosen.map((pod) => keyOf(pod.metadata))
  context.expectations.expectDeletions(keyOf(owner.metadata), victims)
  context.memory.set(victimsKey(owner), victims)
  return deletePortion(owner, context)
}

const portion = (left: number, context: Context): number => Math.min(left, PORTION, context.allowance())

function createPortion(owner: Replicated, { left, active }: Making, context: Context): ApiError | null {
  const { memory, expectations } = context
  const because = `${owner.kind} ${owner.metadata.name} wants ${owner.spec.replicas ?? 1} replicas and has ${active}`
  const draft = podFrom(owner.spec.template ?? { spec: { containers: [] } }, owner)
  const count = portion(left, context)
  const { made, failed } = makePods(count, owner, () => draft, because, context)
  if (failed) for (let i = made; i < left; i++) expectations.creationObserved(keyOf(owner.metadata))
  if (failed || left === count) memory.delete(makingKey(owner))
  else memory.set(makingKey(owner), { left: left - count, active })
  return failed
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

/** Whether there is more to be made or given up of what a sync has begun with. */
export const isManaging = (owner: Replicated, { memory }: Context): boolean =>
  memory.has(makingKey(owner)) || memory.has(victimsKey(owner))

export function forgetManaging(owner: Replicated, { memory }: Pick<Context, 'memory'>): void {
  for (const key of [makingKey(owner), victimsKey(owner)]) memory.delete(key)
}

/** Goes on with what was begun before; false when nothing was. */
export function goOn(owner: Replicated, context: Context): boolean {
  if (!isManaging(owner, context)) return false
  const making: Making | undefined = context.memory.get(makingKey(owner))
  const failed = making ? createPortion(owner, making, context) : deletePortion(owner, context)
  if (failed) throw failed
  return true
}

function deletePortion(owner: Replicated, context: Context): ApiError | null {
  const { memory, expectations } = context
  const victims: string[] = memory.get(victimsKey(owner)) ?? []
  const count = portion(victims.length, context)
  if (victims.length > count) memory.set(victimsKey(owner), victims.slice(count))
  else memory.delete(victimsKey(owner))
  const because = `${owner.kind} ${owner.metadata.name} wants only ${owner.spec.replicas ?? 1} replicas`
  let failed: ApiError | null = null
  for (const podKey of victims.slice(0, count)) {
    const refused = deletePod(owner, podKey, because, context)
    if (!refused) continue
    expectations.deletionObserved(keyOf(owner.metadata), podKey)
    if (refused.reason !== 'NotFound') failed ??= refused
  }
  return failed
}
