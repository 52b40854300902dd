/** The binder's look at one claim (PersistentVolumeController syncClaim). */
import type { Pod } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import { fail } from '#api/status.ts'
import { bind, loseClaim, setClaimStatus, updateClaim, type Work } from './binding.ts'
import { bestMatch, mismatch } from './match.ts'
import {
  annotation,
  BIND_COMPLETED,
  BOUND_BY_CONTROLLER,
  CLASSES,
  type Claim,
  claimKeyOf,
  classNameOf,
  defaultClass,
  hasClass,
  isFor,
  SELECTED_NODE,
  type StorageClass,
  VOLUMES,
  type Volume,
} from './objects.ts'
import { provision } from './provision.ts'

/** Index of Pods by the claims they use: `namespace/name`. */
export const BY_CLAIM = 'claim'

export function syncClaim(work: Work, claim: Claim): void {
  if (annotation(claim, BIND_COMPLETED) !== undefined) syncBound(work, claim)
  else if (claim.spec.volumeName) syncAsking(work, claim, claim.spec.volumeName)
  else syncUnbound(work, claim)
}

function syncUnbound(work: Work, claim: Claim): void {
  const { cache, events } = work.context
  const waits = cache<StorageClass>(CLASSES).get('', classNameOf(claim))?.volumeBindingMode === 'WaitForFirstConsumer'
  const volume = bestMatch(claim, cache<Volume>(VOLUMES).all(), waits)
  if (volume) {
    bind(work, volume, claim)
    return
  }
  if (assignClass(work, claim)) return
  if (waits && annotation(claim, SELECTED_NODE) === undefined) waitForPod(work, claim)
  else if (classNameOf(claim) !== '') {
    provision(work, claim)
    return
  } else {
    const message = 'no persistent volumes available for this claim and no storage class is set'
    events.record(claim, 'Normal', 'FailedBinding', message)
  }
  setClaimStatus(work, claim, 'Pending', null)
}

/** A claim that named no class gets the default one, once there is one. */
function assignClass(work: Work, claim: Claim): boolean {
  if (hasClass(claim)) return false
  const name = defaultClass(work.context.cache<StorageClass>(CLASSES).all())?.metadata.name
  if (name === undefined) return false
  updateClaim(work, { ...claim, spec: { ...claim.spec, storageClassName: name } }, `${name} is the default class now`)
  return true
}

function waitForPod({ context: { cache, events } }: Work, claim: Claim): void {
  const waiting = cache<Pod>('pods')
    .by(BY_CLAIM, keyOf(claim.metadata))
    .filter((pod) => !pod.spec.nodeName && pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed')
    .map((pod) => pod.metadata.name)
  if (waiting.length === 0) {
    events.record(claim, 'Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding')
    return
  }
  const whom = waiting.length > 1 ? `pods ${waiting.join(',')}` : `pod ${waiting[0]}`
  events.record(claim, 'Normal', 'WaitForPodScheduled', `waiting for ${whom} to be scheduled`)
}

/** The claim asks for a volume by name. */
function syncAsking(work: Work, claim: Claim, name: string): void {
  const { cache, events } = work.context
  const volume = cache<Volume>(VOLUMES).get('', name)
  if (volume && isFor(volume, claim)) {
    bind(work, volume, claim)
    return
  }
  if (volume && !volume.spec.claimRef) {
    const wrong = mismatch(volume, claim)
    if (wrong === null) {
      bind(work, volume, claim)
      return
    }
    events.record(claim, 'Warning', 'VolumeMismatch', `Cannot bind to requested volume "${name}": ${wrong}`)
  } else if (volume?.spec.claimRef) {
    events.record(claim, 'Warning', 'FailedBinding', `volume "${name}" already bound to a different claim.`)
    if (annotation(claim, BOUND_BY_CONTROLLER) !== undefined) {
      const whose = claimKeyOf(volume.spec.claimRef)
      const about = `invalid binding of claim "${keyOf(claim.metadata)}" to volume "${name}": volume already claimed by "${whose}"`
      throw fail(409, 'Invalid', about)
    }
  }
  setClaimStatus(work, claim, 'Pending', null)
}

function syncBound(work: Work, claim: Claim): void {
  const { volumeName } = claim.spec
  if (!volumeName) {
    loseClaim(work, claim, 'ClaimLost', 'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!')
    return
  }
  const volume = work.context.cache<Volume>(VOLUMES).get('', volumeName)
  if (!volume) loseClaim(work, claim, 'ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!')
  else if (!volume.spec.claimRef || volume.spec.claimRef.uid === claim.metadata.uid) bind(work, volume, claim)
  else loseClaim(work, claim, 'ClaimMisbound', 'Two claims are bound to the same volume, this one is bound incorrectly')
}
