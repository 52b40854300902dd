/** Validation of PersistentVolumeClaims (core validation, ValidatePersistentVolumeClaim and its update). */

import { equal } from '#api/equal.ts'
import { type FieldError, forbiddenField, invalid, notSupported, required } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { isQualifiedName } from '#api/names.ts'
import { canonicalQuantity } from '#api/quantity.ts'
import { type Found, flag, NEGATIVE, nanoOf } from '../pod/checks.ts'
import { internalDiff } from '../pod/internal.ts'
import { claimSpec } from '../pod/validate-claim-template.ts'
import { immutable } from '../pod/validate-replicas.ts'
import { wholeUnits } from './quantity-checks.ts'

type Fields = Record<string, any>

const CLASS = 'volume.beta.kubernetes.io/storage-class'
const FIXED = 'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims'

/** A claim that named its class in the old way, or not at all, may name it now. */
function namesItsClass(next: AnyObject, old: AnyObject): 'from annotation' | 'from nothing' | null {
  const [name, before] = [next['spec'].storageClassName, old['spec'].storageClassName]
  const [annotation, annotated] = [next.metadata.annotations?.[CLASS], old.metadata.annotations?.[CLASS]]
  if (before !== undefined || name === undefined) return null
  if (annotated !== undefined && name === annotated && (annotation === undefined || annotation === annotated)) {
    return 'from annotation'
  }
  return annotated === undefined || name === annotated ? 'from nothing' : null
}

/** Both specs without what may differ. */
function comparable(next: AnyObject, old: AnyObject): [next: Fields, old: Fields] {
  let [spec, before] = [next['spec'] as Fields, old['spec'] as Fields]
  if (!before['volumeName']) before = { ...before, volumeName: spec['volumeName'] }
  if (namesItsClass(next, old)) spec = { ...spec, storageClassName: before['storageClassName'] }
  if (next['status']?.phase !== 'Bound') return [spec, before]
  const { resources } = spec
  if (resources?.requests) {
    const requests = { ...resources.requests, storage: before['resources']?.requests?.storage }
    spec = { ...spec, resources: { ...resources, requests } }
  }
  return [{ ...spec, volumeAttributesClassName: before['volumeAttributesClassName'] }, before]
}

function attributesClass(found: Found, next: AnyObject, old: AnyObject): void {
  const path = 'spec.volumeAttributesClassName'
  const [name, before] = [next['spec'].volumeAttributesClassName, old['spec'].volumeAttributesClassName]
  if (name === before || old['status']?.currentVolumeAttributesClassName === undefined) return
  const when = 'is forbidden when status.currentVolumeAttributesClassName is not nil'
  if (name === undefined) found.push(forbiddenField(path, `update to nil ${when}`))
  else if (name === '') found.push(forbiddenField(path, `update to empty string ${when}`))
}

function changes(found: Found, next: AnyObject, old: AnyObject): void {
  if (namesItsClass(next, old) !== 'from annotation') {
    const [annotation, annotated] = [next, old].map((claim) => claim.metadata.annotations?.[CLASS] ?? '')
    immutable(found, `metadata.annotations[${CLASS}]`, annotation, annotated)
  }
  const [spec, before] = comparable(next, old)
  if (!equal(spec, before)) {
    found.push(forbiddenField('spec', `${FIXED}\n${internalDiff('PersistentVolumeClaimSpec', before, spec)}`))
  }
  const sizeOf = (claim: AnyObject) => nanoOf(claim['spec'].resources?.requests?.storage)
  if (sizeOf(next) < sizeOf(old) && sizeOf(next) <= nanoOf(old['status']?.capacity?.storage)) {
    found.push(forbiddenField('spec.resources.requests.storage', 'field can not be less than status.capacity'))
  }
  immutable(found, 'volumeMode', next['spec'].volumeMode, old['spec'].volumeMode)
  attributesClass(found, next, old)
}

export function validateClaim(claim: AnyObject, old: AnyObject | null): FieldError[] {
  const found: Found = []
  claimSpec(found, 'spec', claim['spec'] ?? {})
  if (old) changes(found, claim, old)
  return found
}

const RESIZING = [
  'ControllerResizeInProgress',
  'ControllerResizeInfeasible',
  'NodeResizePending',
  'NodeResizeInProgress',
  'NodeResizeInfeasible',
].sort()

/** The only native resource of a claim is storage. */
function resourceKey(found: Found, path: string, name: string): boolean {
  const wrong = isQualifiedName(name)
  flag(found, path, name, wrong)
  if (wrong.length > 0) return false
  const native = !name.includes('/') || name.includes('kubernetes.io/')
  if (native && name !== 'storage') found.push(notSupported(path, name, ['storage']))
  return !native || name === 'storage'
}

const isNegative = (amount: unknown): boolean => nanoOf(amount) <= -1_000_000_000n

export function validateClaimStatus(claim: AnyObject, _old: AnyObject): FieldError[] {
  const found: Found = []
  const status: Fields = claim['status'] ?? {}
  if ((claim['spec'].accessModes ?? []).length === 0) found.push(required('Spec.accessModes'))
  const basic = (path: string, amount: string): boolean => {
    if (isNegative(amount)) found.push(invalid(path, wholeUnits(amount), 'must be a valid resource quantity'))
    return !isNegative(amount)
  }
  for (const name in status['capacity']) basic(`status.capacity[${name}]`, status['capacity'][name])
  for (const name in status['allocatedResourceStatuses']) {
    const path = 'status.allocatedResourceStatuses'
    resourceKey(found, path, name)
    if (!RESIZING.includes(status['allocatedResourceStatuses'][name])) found.push(notSupported(path, name, RESIZING))
  }
  for (const name in status['allocatedResources']) {
    const path = 'status.allocatedResources'
    if (!resourceKey(found, path, name)) continue
    const amount = status['allocatedResources'][name]
    if (basic(`${path}[${name}]`, amount) && nanoOf(amount) < 0n) {
      found.push(invalid(`${path}[${name}]`, canonicalQuantity(amount), NEGATIVE))
    }
  }
  return found
}
