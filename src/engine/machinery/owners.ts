/** Controller references: who controls what, adoption of orphans and release of strays (pkg/controller/controller_ref_manager.go). */
import { type AnyObject, controllerOf, type KubeObject, type OwnerReference } from '#api/meta.ts'
import { ApiError, fail } from '#api/status.ts'
import type { Context } from './controller.ts'
import type { Cache } from './informer.ts'

/** Index of a cache by the UID of the controlling owner, and of the orphans of each namespace. */
export const BY_CONTROLLER = 'controller'

export const byController = (resource: string) => ({
  resource,
  name: BY_CONTROLLER,
  of: (object: AnyObject): string[] => [controllerOf(object.metadata)?.uid ?? `orphans of ${object.metadata.namespace}`],
})

/** Objects whose controller is the one with this UID. Needs the index {@link byController}. */
export const controlledBy = <T extends KubeObject>(cache: Cache<T>, uid: string): T[] => cache.by(BY_CONTROLLER, uid)

export const orphansIn = <T extends KubeObject>(cache: Cache<T>, namespace: string): T[] =>
  cache.by(BY_CONTROLLER, `orphans of ${namespace}`)

/** The reference that makes `owner` the controller of what carries it (metav1.NewControllerRef). */
export const controllerRef = (owner: KubeObject): OwnerReference => ({
  apiVersion: owner.apiVersion,
  kind: owner.kind,
  name: owner.metadata.name,
  uid: owner.metadata.uid ?? '',
  controller: true,
  blockOwnerDeletion: true,
})

/** The owner in the cache that a controller reference really means: same kind, same UID. */
export function resolveController<T extends KubeObject>(
  cache: Cache<T>,
  kind: string,
  namespace: string | undefined,
  ref: OwnerReference | undefined,
): T | undefined {
  if (ref?.kind !== kind) return undefined
  const owner = cache.get(namespace ?? '', ref.name)
  return owner?.metadata.uid === ref.uid ? owner : undefined
}

export interface ClaimRequest<T extends KubeObject> {
  owner: KubeObject
  /** Resource of the owner, for the fresh look before the first adoption. */
  ownerResource: string
  resource: string
  candidates: readonly T[]
  matches(object: T): boolean
  /** Put on what is adopted, together with the reference. */
  finalizer?: string
}

export interface Claimed<T> {
  /** All that the owner controls now: those it controlled before first. */
  mine: T[]
  adopted: T[]
}

/**
 * Takes orphans that match and lets go of what no longer does. Both are patches; what has gone meanwhile is skipped.
 * Other refusals are thrown at the end, after everything has been tried.
 */
export function claim<T extends KubeObject>(context: Context, request: ClaimRequest<T>): Claimed<T> {
  const { owner, candidates, matches } = request
  const deleting = owner.metadata.deletionTimestamp !== undefined
  const claimed: Claimed<T> = { mine: [], adopted: [] }
  let failed: ApiError | null = null
  let mayAdopt = false
  for (const object of candidates) {
    const ref = controllerOf(object.metadata)
    if (ref && ref.uid !== owner.metadata.uid) continue
    const fits = matches(object)
    if (ref && fits) claimed.mine.push(object)
    if ((ref !== undefined) === fits || deleting || (!ref && object.metadata.deletionTimestamp)) continue
    try {
      if (ref) release(context, request, object)
      else {
        if (!mayAdopt) recheck(context, request)
        mayAdopt = true
        adopt(context, request, object)
        claimed.mine.push(object)
        claimed.adopted.push(object)
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.reason !== 'NotFound') failed ??= error
    }
  }
  if (failed) throw failed
  return claimed
}

/** A look past the cache: an owner that is being deleted, or another of the same name, must not adopt. */
function recheck<T extends KubeObject>({ api }: Context, { owner, ownerResource }: ClaimRequest<T>): void {
  const { namespace = '', name, uid } = owner.metadata
  const fresh = api.get(ownerResource, namespace, name)
  if (fresh.metadata.uid !== uid)
    throw fail(
      409,
      'Conflict',
      `original ${owner.kind} ${namespace}/${name} is gone: got uid ${fresh.metadata.uid}, wanted ${uid}`,
    )
  if (fresh.metadata.deletionTimestamp)
    throw fail(409, 'Conflict', `${namespace}/${name} has just been deleted at ${fresh.metadata.deletionTimestamp}`)
}

function adopt<T extends KubeObject>({ api }: Context, { owner, resource, finalizer }: ClaimRequest<T>, object: T): void {
  const { namespace = '', name, uid } = object.metadata
  const patch = { metadata: { uid, ownerReferences: [controllerRef(owner)], ...(finalizer ? { finalizers: [finalizer] } : {}) } }
  const because = `${owner.kind} ${owner.metadata.name} selects it and nobody controls it`
  api.patch(resource, namespace, name, 'strategic', patch, { because })
}

function release<T extends KubeObject>({ api }: Context, { owner, resource }: ClaimRequest<T>, object: T): void {
  const { namespace = '', name, uid } = object.metadata
  const patch = { metadata: { uid, ownerReferences: [{ $patch: 'delete', uid: owner.metadata.uid }] } }
  const because = `${owner.kind} ${owner.metadata.name} no longer selects it`
  try {
    api.patch(resource, namespace, name, 'strategic', patch, { because })
  } catch (error) {
    // Invalid: it lost the reference already, or is another object of the same name.
    if (!(error instanceof ApiError && error.reason === 'Invalid')) throw error
  }
}
