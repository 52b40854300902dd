/** The claims of a StatefulSet's Pods: made when missing, and owned so that they go when the policy says so (stateful_pod_control.go). */
import type { Pod, StatefulSet } from '#api/kinds.ts'
import type { AnyObject, OwnerReference } from '#api/meta.ts'
import { ApiError, fail } from '#api/status.ts'
import type { Context } from '../../machinery/controller.ts'
import { wrote } from '../../machinery/own-writes.ts'
import { controllerRef } from '../../machinery/owners.ts'
import { claimsFor, inRange, ordinalOf } from './pods.ts'

const CLAIMS = 'persistentvolumeclaims'

const find = (claim: AnyObject, { cache }: Context): AnyObject | undefined =>
  cache(CLAIMS).get(claim.metadata.namespace ?? '', claim.metadata.name)

/** Creates the claims that a Pod of the set lacks. */
export function createClaims(key: string, set: StatefulSet, pod: Pod, context: Context): void {
  let failed: ApiError | null = null
  for (const claim of claimsFor(set, ordinalOf(pod))) {
    const present = find(claim, context)
    const { name } = claim.metadata
    if (present) {
      if (present.metadata.deletionTimestamp) failed ??= fail(409, 'Conflict', `pvc ${name} is being deleted`)
      continue
    }
    const about = `${name} Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} success`
    try {
      wrote(context, key, CLAIMS, context.api.create(CLAIMS, claim, { because: `Pod ${pod.metadata.name} needs it` }))
      context.events.record(set, 'Normal', 'SuccessfulCreate', `Create Claim ${about}`)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      failed ??= fail(error.code, error.reason, `failed to create PVC ${name}: ${error.message}`, error.status.details)
      if (error.reason === 'AlreadyExists') continue
      const message = `Create Claim ${name} for Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} failed error: ${error.message}`
      context.events.record(set, 'Warning', 'FailedCreate', message)
    }
  }
  if (failed) throw failed
}

const retains = ({ spec }: StatefulSet) => {
  const { whenDeleted = 'Retain', whenScaled = 'Retain' } = spec.persistentVolumeClaimRetentionPolicy ?? {}
  return { onDelete: whenDeleted !== 'Delete', onScale: whenScaled !== 'Delete' }
}

type Owner = StatefulSet | Pod

const names = ({ apiVersion, kind, name }: OwnerReference, owner: Owner): boolean =>
  apiVersion === owner.apiVersion && kind === owner.kind && name === owner.metadata.name

const isOwned = (claim: AnyObject, { metadata }: Owner): boolean =>
  (claim.metadata.ownerReferences ?? []).some(({ uid }) => uid === metadata.uid)
const isStale = (claim: AnyObject, owner: Owner): boolean =>
  (claim.metadata.ownerReferences ?? []).some((ref) => names(ref, owner) && ref.uid !== owner.metadata.uid)

/** Somebody else controls the claim: its owners are left alone. */
const isForeign = (claim: AnyObject, set: StatefulSet, pod: Pod): boolean => {
  const { onDelete, onScale } = retains(set)
  if (onDelete && onScale) return false
  return (claim.metadata.ownerReferences ?? []).some((ref) => {
    for (const owner of [set, pod]) if (names(ref, owner)) return ref.uid !== owner.metadata.uid
    return ref.controller === true
  })
}

/** Whether the set, and whether the Pod, should own its claims: what they own goes with them. */
function wantedOwners(set: StatefulSet, pod: Pod): { bySet: boolean; byPod: boolean } {
  const { onDelete, onScale } = retains(set)
  const scaledDown = !inRange(set, pod)
  const byPod = !onScale && scaledDown
  return { bySet: !onDelete && !byPod, byPod }
}

function ownersRight(claim: AnyObject, set: StatefulSet, pod: Pod): boolean {
  if (isStale(claim, set) || isStale(claim, pod)) return true
  if (isForeign(claim, set, pod)) return !isOwned(claim, set) && !isOwned(claim, pod)
  const own = (claim.metadata.ownerReferences ?? []).filter(({ uid }) => uid === set.metadata.uid || uid === pod.metadata.uid)
  if (own.some(({ controller }) => controller !== true)) return false
  const { bySet, byPod } = wantedOwners(set, pod)
  return isOwned(claim, set) === bySet && isOwned(claim, pod) === byPod
}

const presentClaims = (set: StatefulSet, pod: Pod, context: Context): AnyObject[] =>
  claimsFor(set, ordinalOf(pod)).flatMap((claim) => find(claim, context) ?? [])

export const claimsMatchPolicy = (set: StatefulSet, pod: Pod, context: Context): boolean =>
  presentClaims(set, pod, context).every((claim) => ownersRight(claim, set, pod))

export function applyPolicy(key: string, set: StatefulSet, pod: Pod, context: Context): void {
  for (const claim of presentClaims(set, pod, context)) {
    const foreign = isForeign(claim, set, pod)
    const { name } = claim.metadata
    if (foreign) {
      const message = `PersistentVolumeClaim ${name} has a conflicting OwnerReference that acts as a manging controller, the retention policy is ignored for this claim`
      context.events.record(set, 'Warning', 'ConflictingController', message)
    }
    if (ownersRight(claim, set, pod)) continue
    const others = (claim.metadata.ownerReferences ?? []).filter((ref) => !names(ref, set) && !names(ref, pod))
    const { bySet, byPod } = wantedOwners(set, pod)
    const ownerReferences = foreign
      ? others
      : [...others, ...(byPod ? [controllerRef(pod)] : []), ...(bySet ? [controllerRef(set)] : [])]
    const because = 'the retention policy of its StatefulSet says who owns it'
    const next = { ...claim, metadata: { ...claim.metadata, ownerReferences } }
    wrote(context, key, CLAIMS, context.api.update(CLAIMS, next, { because }))
  }
}

/** A claim that an earlier Pod of this name still owns will be deleted with it: the new Pod has to wait. */
export const claimIsStale = (set: StatefulSet, pod: Pod, context: Context): boolean =>
  !retains(set).onScale && presentClaims(set, pod, context).some((claim) => isStale(claim, pod))
