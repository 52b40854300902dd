/** The writes that bind and unbind: the volume first, then the claim, each with its phase (PersistentVolumeController.bind). */
import type { KubeObject } from '#api/meta.ts'
import type { WriteOptions } from '../machinery/client.ts'
import type { Context } from '../machinery/controller.ts'
import { wrote } from '../machinery/own-writes.ts'
import {
  annotated,
  annotation,
  BIND_COMPLETED,
  BOUND_BY_CONTROLLER,
  CLAIMS,
  type Claim,
  isFor,
  referenceTo,
  unannotated,
  VOLUMES,
  type Volume,
} from './objects.ts'

/** One reconcile: its key, and what it works with. */
export interface Work {
  key: string
  context: Context
}

function write<T extends KubeObject>({ key, context }: Work, resource: string, object: T, options: WriteOptions): T {
  const written = context.api.update<T>(resource, object, options)
  wrote(context, key, resource, written)
  return written
}

export const updateClaim = (work: Work, claim: Claim, because: string): Claim => write(work, CLAIMS, claim, { because })
export const updateVolume = (work: Work, volume: Volume, because: string): Volume => write(work, VOLUMES, volume, { because })

export function setVolumePhase(work: Work, volume: Volume, phase: string, message = ''): Volume {
  if (volume.status?.phase === phase) return volume
  const { message: _, ...before } = volume.status ?? {}
  const status = { ...before, phase, ...(message ? { message } : {}) }
  return write(work, VOLUMES, { ...volume, status }, { subresource: 'status', because: `${volume.metadata.name} is ${phase}` })
}

type ClaimStatus = NonNullable<Claim['status']>

const sameModes = (a: readonly string[] = [], b: readonly string[] = []): boolean => a.join() === b.join()

/** The status of a claim with this volume. Its capacity is set when it becomes bound, and left to those who resize it from then on. */
function boundStatus(status: ClaimStatus, phase: string, { spec }: Volume): ClaimStatus {
  const next: ClaimStatus = { ...status, phase, accessModes: spec.accessModes ?? [] }
  if (status.phase === phase) return next
  if (spec.capacity) next.capacity = spec.capacity
  if (status.phase === 'Pending' && phase === 'Bound' && spec.volumeAttributesClassName !== undefined) {
    next.currentVolumeAttributesClassName = spec.volumeAttributesClassName
  }
  return next
}

export function setClaimStatus(work: Work, claim: Claim, phase: string, volume: Volume | null): Claim {
  const before = claim.status ?? {}
  const { accessModes, capacity, currentVolumeAttributesClassName, ...rest } = before
  const isBare = accessModes === undefined && capacity === undefined && currentVolumeAttributesClassName === undefined
  if (before.phase === phase && (volume ? sameModes(accessModes, volume.spec.accessModes) : isBare)) return claim
  const status = volume ? boundStatus(before, phase, volume) : { ...rest, phase }
  return write(work, CLAIMS, { ...claim, status }, { subresource: 'status', because: `${claim.metadata.name} is ${phase}` })
}

/** A claim has lost its volume: said once. */
export function loseClaim(work: Work, claim: Claim, reason: string, message: string): void {
  if (claim.status?.phase === 'Lost') return
  const lost = setClaimStatus(work, claim, 'Lost', null)
  work.context.events.record(lost, 'Warning', reason, message)
}

/** A phase that goes with a word about it, said once. */
export function failVolume(work: Work, volume: Volume, reason: string, message: string): void {
  if (volume.status?.phase === 'Failed') return
  work.context.events.record(setVolumePhase(work, volume, 'Failed', message), 'Warning', reason, message)
}

function giveVolume(work: Work, volume: Volume, claim: Claim): Volume {
  const wasMeant = isFor(volume, claim)
  if (wasMeant && volume.spec.claimRef?.uid === claim.metadata.uid) return volume
  const given = { ...volume, spec: { ...volume.spec, claimRef: referenceTo(claim) } }
  const marked = wasMeant ? given : annotated(given, BOUND_BY_CONTROLLER, 'yes')
  return updateVolume(work, marked, `${claim.metadata.name} asks for such a volume`)
}

function giveClaim(work: Work, claim: Claim, volume: Volume): Claim {
  const { name } = volume.metadata
  if (claim.spec.volumeName === name && annotation(claim, BIND_COMPLETED) !== undefined) return claim
  const named = claim.spec.volumeName === name
  const next = named ? claim : annotated({ ...claim, spec: { ...claim.spec, volumeName: name } }, BOUND_BY_CONTROLLER, 'yes')
  return updateClaim(work, annotated(next, BIND_COMPLETED, 'yes'), `${name} is its volume`)
}

/** Binds the two; what is done already is not done again. */
export function bind(work: Work, volume: Volume, claim: Claim): void {
  const given = setVolumePhase(work, giveVolume(work, volume, claim), 'Bound')
  setClaimStatus(work, giveClaim(work, claim, given), 'Bound', given)
}

/** Takes back what we gave; a volume that its maker has meant for a claim stays meant for it. */
export function unbind(work: Work, volume: Volume, because: string): void {
  const { claimRef, ...spec } = volume.spec
  const { uid: _, ...meant } = claimRef ?? { name: '' }
  const byUs = annotation(volume, BOUND_BY_CONTROLLER) !== undefined
  const free = byUs ? unannotated({ ...volume, spec }, BOUND_BY_CONTROLLER) : { ...volume, spec: { ...spec, claimRef: meant } }
  setVolumePhase(work, updateVolume(work, free, because), 'Available')
}
