/** The common core of ReplicaSets and ReplicationControllers: as many Pods as asked for (pkg/controller/replicaset). */
import type { Pod, ReplicaSetStatus } from '#api/kinds.ts'
import { type Condition, controllerOf, keyOf } from '#api/meta.ts'
import { ApiError } from '#api/status.ts'
import { type Context, type ControllerDeclaration, controller } from '../machinery/controller.ts'
import type { Change } from '../machinery/informer.ts'
import { byController, claim, controlledBy, orphansIn, resolveController } from '../machinery/owners.ts'
import { availableAt, isActive, isReady } from './pods.ts'
import { type ReplicaKind, type Replicated, uidOf } from './replicas-kind.ts'
import { forgetManaging, goOn, isManaging, manage } from './replicas-manage.ts'
import { add, contribution, EMPTY, type Tally, tallyOf } from './replicas-tally.ts'

/** From so many replicas on, syncs for mere status changes of Pods are gathered for a moment. */
const MANY = 50
const GATHER_MS = 50

const tallyKey = (uid: string): string => `tally/${uid}`
const claimKey = (uid: string): string => `claim/${uid}`
const begunKey = (uid: string): string => `begun/${uid}`
const wroteKey = (uid: string): string => `wrote/${uid}`

export function replicaController<T extends Replicated>(kind: ReplicaKind<T>): ControllerDeclaration {
  return controller({
    name: kind.name,
    indexes: [byController('pods'), byController(kind.resource)],
    watches: [
      {
        resource: kind.resource,
        keys: (change, object, old, context) => ownerChanged(change, object as T, old as T | null, context),
      },
      { resource: 'pods', keys: (change, pod, old, context) => podChanged(kind, change, pod as Pod, old as Pod | null, context) },
    ],
    reconcile: (key, context) => sync(kind, key, context),
  })
}

function ownerChanged<T extends Replicated>(
  change: Change,
  owner: T,
  old: T | null,
  { memory, expectations }: Context,
): string[] {
  const key = keyOf(owner.metadata)
  const gone = change === 'deleted' ? owner : old && uidOf(old) !== uidOf(owner) ? old : null
  if (gone) {
    expectations.forget(key)
    for (const name of [tallyKey, claimKey, begunKey, wroteKey]) memory.delete(name(uidOf(gone)))
    forgetManaging(gone, { memory })
  }
  if (old && (old.spec.selector !== owner.spec.selector || old.spec.template?.metadata !== owner.spec.template?.metadata)) {
    memory.delete(tallyKey(uidOf(owner)))
    memory.set(claimKey(uidOf(owner)), true)
  }
  return [key]
}

/** Keeps the tally of the owners concerned, and tells expectations what was seen. */
function podChanged<T extends Replicated>(
  kind: ReplicaKind<T>,
  change: Change,
  pod: Pod,
  old: Pod | null,
  context: Context,
): string[] {
  const owners = context.cache<T>(kind.resource)
  const { namespace } = pod.metadata
  const ref = controllerOf(pod.metadata)
  const oldRef = old ? controllerOf(old.metadata) : undefined
  const owner = resolveController(owners, kind.kind, namespace, ref)
  const former = ref?.uid === oldRef?.uid ? undefined : resolveController(owners, kind.kind, namespace, oldRef)
  const keys: string[] = []
  if (former && old) {
    tally(kind, former, old, null, context)
    keys.push(keyOf(former.metadata))
  }
  if (owner) {
    const before = oldRef?.uid === ref?.uid ? old : null
    tally(kind, owner, before, change === 'deleted' ? null : pod, context)
    if (wake(kind, owner, change, pod, old, context)) keys.push(keyOf(owner.metadata))
  } else if (!ref && change !== 'deleted' && !pod.metadata.deletionTimestamp) {
    if (old && oldRef === undefined && old.metadata.labels === pod.metadata.labels) return keys
    for (const each of owners.inNamespace(namespace ?? '')) {
      if (!kind.selects(each, pod.metadata.labels)) continue
      context.memory.set(claimKey(uidOf(each)), true)
      keys.push(keyOf(each.metadata))
    }
  }
  return keys
}

function tally<T extends Replicated>(
  kind: ReplicaKind<T>,
  owner: T,
  before: Pod | null,
  now: Pod | null,
  { memory }: Context,
): void {
  const name = tallyKey(uidOf(owner))
  const known: Tally | undefined = memory.get(name)
  if (!known) return
  const less = before ? contribution(before, owner, kind) : EMPTY
  const more = now ? contribution(now, owner, kind) : EMPTY
  if (less !== more) memory.set(name, add(add(known, less, -1), more, 1))
}

/** Whether the owner must be looked at now; false when it will be in a moment anyway. */
function wake<T extends Replicated>(
  kind: ReplicaKind<T>,
  owner: T,
  change: Change,
  pod: Pod,
  old: Pod | null,
  context: Context,
): boolean {
  const key = keyOf(owner.metadata)
  const { expectations, memory } = context
  const waited = !expectations.satisfied(key)
  if (change === 'deleted' || pod.metadata.deletionTimestamp) expectations.deletionObserved(key, keyOf(pod.metadata))
  else if (change === 'added') expectations.creationObserved(key)
  // Also one whose labels were changed while it was being adopted.
  const isNews = !old || pod.metadata.labels !== old.metadata.labels || controllerOf(old.metadata)?.uid !== uidOf(owner)
  if (isNews && !kind.selects(owner, pod.metadata.labels)) memory.set(claimKey(uidOf(owner)), true)
  const minReady = owner.spec.minReadySeconds ?? 0
  if (minReady > 0 && old && !isReady(old) && isReady(pod)) context.later(key, minReady * 1000)
  if (waited) return expectations.satisfied(key)
  const known: Tally | undefined = memory.get(tallyKey(uidOf(owner)))
  if (!known || known.active < MANY) return true
  context.later(key, GATHER_MS)
  return false
}

function sync<T extends Replicated>(kind: ReplicaKind<T>, key: string, context: Context): void {
  const owner = context.cache<T>(kind.resource).byKey(key)
  if (!owner) {
    context.expectations.forget(key)
    return
  }
  if (stale(owner, context)) {
    context.later(key, 5)
    return
  }
  if (goOn(owner, context)) {
    const begun: Tally | undefined = context.memory.get(begunKey(uidOf(owner)))
    if (begun && !isManaging(owner, context)) updateStatus(kind, owner, statusOf(kind, owner, begun, null, context), context)
    context.later(key, 0)
    return
  }
  const settled = context.expectations.satisfied(key)
  const counted = count(kind, owner, context)
  let failed: ApiError | null = null
  if (settled && !owner.metadata.deletionTimestamp) failed = manage(kind, owner, counted.active, context)
  // What was begun with is finished first; then the status tells of the Pods that there were before it.
  if (!failed && isManaging(owner, context)) {
    context.memory.set(begunKey(uidOf(owner)), counted)
    context.later(key, 0)
    return
  }
  const updated = updateStatus(kind, owner, statusOf(kind, owner, counted, failed, context), context)
  if (failed) throw failed
  const { readyReplicas = 0, availableReplicas = 0 } = updated.status ?? {}
  const minReady = updated.spec.minReadySeconds ?? 0
  if (minReady > 0 && readyReplicas !== availableReplicas) context.later(key, nextAvailability(owner, minReady, context))
}

/** Whether the cache has not yet seen what this controller wrote last (1.36's StaleControllerConsistencyReplicaSet). */
function stale(owner: Replicated, { memory }: Context): boolean {
  const wrote: string | undefined = memory.get(wroteKey(uidOf(owner)))
  return wrote !== undefined && Number(owner.metadata.resourceVersion) < Number(wrote)
}

/** The numbers of the status: from the running tally, or counted anew when that would not do. */
function count<T extends Replicated>(kind: ReplicaKind<T>, owner: T, context: Context): Tally {
  const { memory, now } = context
  const uid = uidOf(owner)
  const known: Tally | undefined = memory.get(tallyKey(uid))
  const minReady = owner.spec.minReadySeconds ?? 0
  const pods = context.cache<Pod>('pods')
  const claiming = known === undefined || memory.has(claimKey(uid))
  if (!claiming && minReady === 0) return known
  const all = controlledBy(pods, uid)
  if (!claiming) return { ...known, available: availableOf(all.filter(isActive), minReady, now) }
  const candidates = [...all, ...orphansIn(pods, owner.metadata.namespace ?? '')].filter(isActive)
  const { mine, adopted } = claim(context, {
    owner,
    ownerResource: kind.resource,
    resource: 'pods',
    candidates,
    matches: (pod) => kind.selects(owner, pod.metadata.labels),
  })
  memory.delete(claimKey(uid))
  const counted = tallyOf(all, owner, kind)
  memory.set(tallyKey(uid), counted)
  const whole = adopted.reduce((sum, pod) => add(sum, contribution(pod, owner, kind), 1), counted)
  return minReady === 0 ? whole : { ...whole, available: availableOf(mine, minReady, now) }
}

const availableOf = (pods: readonly Pod[], minReady: number, now: number): number =>
  pods.filter((pod) => availableAt(pod, minReady) <= now).length

/** How long until the next Pod has been ready for long enough; the whole time when none is known. */
function nextAvailability(owner: Replicated, minReady: number, { cache, now }: Context): number {
  let next = Number.POSITIVE_INFINITY
  for (const pod of controlledBy(cache<Pod>('pods'), uidOf(owner))) {
    const at = isActive(pod) ? availableAt(pod, minReady) : Number.NaN
    if (at > now && at < next) next = at
  }
  return Number.isFinite(next) ? next - now : minReady * 1000
}

function statusOf<T extends Replicated>(
  kind: ReplicaKind<T>,
  owner: T,
  counted: Tally,
  failed: ApiError | null,
  context: Context,
): ReplicaSetStatus {
  const old = owner.status?.conditions
  const failure = old?.find(({ type }) => type === 'ReplicaFailure')
  let conditions: Condition[] = old ?? []
  if (failed && !failure) {
    const reason = counted.active < (owner.spec.replicas ?? 1) ? 'FailedCreate' : 'FailedDelete'
    const lastTransitionTime = context.world.timestamp()
    conditions = [...conditions, { type: 'ReplicaFailure', status: 'True', lastTransitionTime, reason, message: failed.message }]
  } else if (!failed && failure) conditions = conditions.filter((condition) => condition !== failure)
  const { active, labelled, ready, available, terminating } = counted
  return {
    replicas: active,
    ...(labelled ? { fullyLabeledReplicas: labelled } : {}),
    ...(ready ? { readyReplicas: ready } : {}),
    ...(available ? { availableReplicas: available } : {}),
    ...(kind.countsTerminating ? { terminatingReplicas: terminating } : {}),
    ...(owner.metadata.generation ? { observedGeneration: owner.metadata.generation } : {}),
    ...(conditions.length ? { conditions: conditions === old ? old : conditions } : {}),
  }
}

function same(a: ReplicaSetStatus | undefined, b: ReplicaSetStatus): boolean {
  if (!a) return false
  return (
    (a.replicas ?? 0) === b.replicas &&
    (a.fullyLabeledReplicas ?? 0) === (b.fullyLabeledReplicas ?? 0) &&
    (a.readyReplicas ?? 0) === (b.readyReplicas ?? 0) &&
    (a.availableReplicas ?? 0) === (b.availableReplicas ?? 0) &&
    a.terminatingReplicas === b.terminatingReplicas &&
    (a.observedGeneration ?? 0) === (b.observedGeneration ?? 0) &&
    (a.conditions === b.conditions || (!a.conditions?.length && !b.conditions?.length))
  )
}

/** Writes the status when it differs; after a conflict once more upon the fresh object. */
function updateStatus<T extends Replicated>(
  kind: ReplicaKind<T>,
  owner: T,
  status: ReplicaSetStatus,
  { api, memory }: Context,
): T {
  if (same(owner.status, status)) return owner
  const because = `${status.replicas} replicas, ${status.readyReplicas ?? 0} ready`
  const write = (object: T): T => api.update<T>(kind.resource, { ...object, status } as T, { subresource: 'status', because })
  let updated: T
  try {
    updated = write(owner)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    updated = write(api.get<T>(kind.resource, owner.metadata.namespace ?? '', owner.metadata.name))
  }
  if (updated.metadata.resourceVersion) memory.set(wroteKey(uidOf(owner)), updated.metadata.resourceVersion)
  return updated
}
