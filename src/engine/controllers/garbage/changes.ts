/** What a change of any object asks of the garbage collector (graph_builder.go processGraphChanges). */
import type { AnyObject, OwnerReference } from '#api/meta.ts'
import type { Context } from '../../machinery/controller.ts'
import type { Change } from '../../machinery/informer.ts'
import { type Graph, isDeletingDependents, isOrphaning, keyFor } from './graph.ts'

/** From so many dependents on, a waiting owner is looked at after a moment, not at each of their ends. */
const MANY = 50
const GATHER_MS = 50

/** Keys of the objects that this change makes worth a look. `resource` is the id of the changed object's resource. */
export function concerned(
  graph: Graph,
  resource: string,
  change: Change,
  object: AnyObject,
  old: AnyObject | null,
  context: Context,
): string[] {
  if (change === 'deleted') return afterDeletion(graph, object, context)
  const { ownerReferences: owners, deletionTimestamp, finalizers } = object.metadata
  const keys: string[] = []
  if (owners !== old?.metadata.ownerReferences) keys.push(...ownersChanged(graph, resource, object, old, context))
  if (deletionTimestamp && (finalizers !== old?.metadata.finalizers || !old?.metadata.deletionTimestamp)) {
    keys.push(...deletionBegun(graph, resource, object, old))
  }
  return keys
}

/** Its dependents may have lost their last owner; its owners may have waited for it. */
function afterDeletion(graph: Graph, object: AnyObject, context: Context): string[] {
  const keys = graph.dependents(object.metadata.uid ?? '').map((each) => keyFor(each.resource.id, each.object))
  for (const reference of object.metadata.ownerReferences ?? []) {
    const owner = graph.owner(reference, object)
    if (!owner || !isDeletingDependents(owner.object)) continue
    const key = keyFor(owner.resource.id, owner.object)
    if (graph.dependentsCount(reference.uid) < MANY) keys.push(key)
    else context.later(key, GATHER_MS)
  }
  return keys
}

const blocks = (reference: OwnerReference | undefined): boolean => reference?.blockOwnerDeletion === true

function ownersChanged(graph: Graph, resource: string, object: AnyObject, old: AnyObject | null, context: Context): string[] {
  const keys: string[] = []
  const now = object.metadata.ownerReferences ?? []
  const before = old?.metadata.ownerReferences ?? []
  for (const reference of before) {
    const next = now.find(({ uid }) => uid === reference.uid)
    if (!blocks(reference) || blocks(next)) continue
    // The owner no longer has to wait for this one.
    const owner = graph.owner(reference, object)
    if (owner) keys.push(keyFor(owner.resource.id, owner.object))
  }
  const unknown = now.filter((reference) => !before.some(({ uid }) => uid === reference.uid) && !graph.owner(reference, object))
  if (unknown.length > 0) keys.push(keyFor(resource, object))
  for (const reference of unknown) if (graph.misplacedOwner(reference, object)) reportMisplaced(object, reference, context)
  return keys
}

function reportMisplaced(object: AnyObject, { apiVersion, kind, name, uid }: OwnerReference, { events }: Context): void {
  const { namespace = '' } = object.metadata
  const owner = `[${apiVersion}/${kind}, namespace: ${namespace}, name: ${name}, uid: ${uid}]`
  const { resourceVersion: _, ...metadata } = object.metadata
  const message = `ownerRef ${owner} does not exist in namespace "${namespace}"`
  events.record({ ...object, metadata }, 'Warning', 'OwnerRefInvalidNamespace', message)
}

function deletionBegun(graph: Graph, resource: string, object: AnyObject, old: AnyObject | null): string[] {
  if (isOrphaning(object)) return old && isOrphaning(old) ? [] : [keyFor(resource, object)]
  if (!isDeletingDependents(object) || (old && isDeletingDependents(old))) return []
  const dependents = graph.dependents(object.metadata.uid ?? '').map((each) => keyFor(each.resource.id, each.object))
  return [...dependents, keyFor(resource, object)]
}
