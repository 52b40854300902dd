/** Collecting one object: deleting what has no owner left, orphaning, and ending foreground deletions (garbagecollector.go). */
import type { AnyObject, OwnerReference } from '#api/meta.ts'
import { ApiError, isConflict, isNotFound } from '#api/status.ts'
import type { Context } from '../../machinery/controller.ts'
import { semanticallyEqual } from '../equal.ts'
import { FOREGROUND, type Graph, has, type Item, isBeingDeleted, isDeletingDependents, keyFor, ORPHAN } from './graph.ts'

/** Objects changed in one reconcile at most. */
const PORTION = 100

/** The object as the store has it, if it is still the same. */
function latest({ resource, object }: Item, { api }: Context): AnyObject | undefined {
  const { namespace = '', name, uid } = object.metadata
  try {
    const found = api.get(resource.id, namespace, name)
    return found.metadata.uid === uid ? found : undefined
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

export function attemptToDelete(graph: Graph, item: Item, context: Context): void {
  if (isBeingDeleted(item.object) && !isDeletingDependents(item.object)) return
  const object = latest(item, context)
  if (!object) return
  if (isDeletingDependents(item.object)) {
    endForegroundDeletion(graph, item, context)
    return
  }
  const owners = object.metadata.ownerReferences ?? []
  if (owners.length === 0) return
  const found = classify(graph, item, owners, context)
  if (found === 'cannot be') return
  const { solid, dangling, waiting } = found
  if (solid.length > 0) {
    // A waiting owner must not wait for what another owner keeps.
    const uids = [...dangling, ...waiting].map(({ uid }) => uid)
    if (uids.length > 0) dropOwners(item, uids, 'its other owners are gone, or going', context)
  } else if (waiting.length > 0 && graph.dependentsCount(object.metadata.uid ?? '') > 0) {
    if (graph.dependents(object.metadata.uid ?? '').some((each) => isDeletingDependents(each.object)))
      unblock(item, object, context)
    remove(item, object, 'Foreground', 'its owner is being deleted, and waits for it', context)
  } else {
    const policy = has(object, ORPHAN) ? 'Orphan' : has(object, FOREGROUND) ? 'Foreground' : 'Background'
    const [owner] = owners
    remove(item, object, policy, `its owner, ${owner?.kind} ${owner?.name}, is gone`, context)
  }
}

interface Classes {
  solid: OwnerReference[]
  dangling: OwnerReference[]
  waiting: OwnerReference[]
}

/** Asks the API for each owner. A cluster-scoped object with a namespaced owner is an error that no retry mends. */
function classify(graph: Graph, item: Item, owners: OwnerReference[], context: Context): Classes | 'cannot be' {
  const classes: Classes = { solid: [], dangling: [], waiting: [] }
  for (const reference of owners) {
    const resource = graph.resourceOf(reference)
    if (!resource)
      throw new ApiError({ ...UNKNOWN, message: `unable to get REST mapping for ${reference.apiVersion}/${reference.kind}.` })
    const { namespace = '' } = item.object.metadata
    if (resource.namespaced && !namespace) return 'cannot be'
    let owner: AnyObject | undefined
    try {
      owner = context.api.get(resource.id, resource.namespaced ? namespace : '', reference.name)
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
    if (owner?.metadata.uid !== reference.uid) classes.dangling.push(reference)
    else if (isDeletingDependents(owner)) classes.waiting.push(reference)
    else classes.solid.push(reference)
  }
  return classes
}

const UNKNOWN = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code: 500 } as const

type Policy = 'Orphan' | 'Foreground' | 'Background'

/** Deletes the object as it is; when it has changed meanwhile, but not in its owners, as it is now. */
function remove({ resource }: Item, object: AnyObject, propagationPolicy: Policy, because: string, { api }: Context): void {
  const { namespace = '', name, uid = '', resourceVersion = '', ownerReferences } = object.metadata
  try {
    api.delete(resource.id, namespace, name, { uid, resourceVersion, propagationPolicy, because })
  } catch (error) {
    if (isNotFound(error)) return
    if (!isConflict(error)) throw error
    const live = api.get(resource.id, namespace, name)
    if (live.metadata.uid !== uid || !semanticallyEqual(live.metadata.ownerReferences, ownerReferences)) throw error
    api.delete(resource.id, namespace, name, { uid, propagationPolicy, because })
  }
}

/** Patches owner references: strategically, or for custom resources by replacing the list. */
function patchOwners(
  { resource, object }: Item,
  strategic: unknown[],
  whole: OwnerReference[],
  because: string,
  { api }: Context,
): void {
  const { namespace = '', name, uid, resourceVersion } = object.metadata
  try {
    api.patch(resource.id, namespace, name, 'strategic', { metadata: { uid, ownerReferences: strategic } }, { because })
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 415)) throw error
    api.patch(resource.id, namespace, name, 'merge', { metadata: { resourceVersion, ownerReferences: whole } }, { because })
  }
}

function dropOwners(item: Item, uids: string[], because: string, context: Context): void {
  const left = (item.object.metadata.ownerReferences ?? []).filter(({ uid }) => !uids.includes(uid))
  patchOwners(
    item,
    uids.map((uid) => ({ $patch: 'delete', uid })),
    left,
    because,
    context,
  )
}

/** Breaks a possible circle of objects that wait for one another. */
function unblock(item: Item, object: AnyObject, context: Context): void {
  const owners = object.metadata.ownerReferences ?? []
  const freed = owners
    .filter(({ blockOwnerDeletion }) => blockOwnerDeletion)
    .map((each) => ({ ...each, blockOwnerDeletion: false }))
  const whole = owners.map((each) => ({ ...each, blockOwnerDeletion: false }))
  patchOwners(item, freed, whole, 'owner and dependent would wait for each other', context)
}

/** With no blocking dependent left the owner may go; else those that are not going yet are looked at. */
function endForegroundDeletion(graph: Graph, item: Item, context: Context): void {
  const uid = item.object.metadata.uid ?? ''
  const blocking = graph
    .dependents(uid)
    .filter(({ object }) => object.metadata.ownerReferences?.some((each) => each.uid === uid && each.blockOwnerDeletion))
  if (blocking.length === 0) {
    removeFinalizer(item, FOREGROUND, 'all that blocked its deletion is gone', context)
    return
  }
  for (const { resource, object } of blocking) if (!isBeingDeleted(object)) context.later(keyFor(resource.id, object), 0)
}

const orphansKey = (item: Item): string => `orphans/${keyFor(item.resource.id, item.object)}`

/** Cuts all dependents loose, in portions, then lets the owner go. */
export function orphan(graph: Graph, item: Item, context: Context): void {
  const { memory } = context
  const uid = item.object.metadata.uid ?? ''
  const name = orphansKey(item)
  const left: string[] = memory.get(name) ?? graph.dependents(uid).map((each) => keyFor(each.resource.id, each.object))
  const count = Math.min(PORTION, context.allowance())
  for (const key of left.slice(0, count)) {
    const dependent = graph.item(key)
    if (!dependent) continue
    try {
      dropOwners(dependent, [uid], `${item.object.kind} ${item.object.metadata.name} is deleted without its dependents`, context)
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
  if (left.length > count) {
    memory.set(name, left.slice(count))
    context.later(keyFor(item.resource.id, item.object), 0)
    return
  }
  memory.delete(name)
  removeFinalizer(item, ORPHAN, 'its dependents have been cut loose', context)
}

function removeFinalizer(item: Item, finalizer: string, because: string, context: Context): void {
  const object = latest(item, context)
  if (!object || !has(object, finalizer)) return
  const { namespace = '', name, resourceVersion, finalizers = [] } = object.metadata
  const left = finalizers.filter((each) => each !== finalizer)
  const metadata = { resourceVersion, finalizers: left.length > 0 ? left : null }
  context.api.patch(item.resource.id, namespace, name, 'merge', { metadata }, { because })
}
