/** Which volume a claim gets: those with the fewest access modes first, of these the smallest (persistentVolumeOrderedIndex). */
import { compareQuantities } from '#api/quantity.ts'
import { selects } from '#api/selector.ts'
import { type Claim, classNameOf, isFor, type Volume } from './objects.ts'

const ORDER = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod']

const modesOf = ({ spec }: Volume): string[] => ORDER.filter((mode) => spec.accessModes?.includes(mode))
export const modeOf = ({ spec }: Claim | Volume): string => spec.volumeMode ?? 'Filesystem'
const sizeOf = ({ spec }: Volume): string => spec.capacity?.['storage'] ?? '0'
const wantedBy = ({ spec }: Claim): string => spec.resources?.requests?.['storage'] ?? '0'
const attributesOf = ({ spec }: Claim | Volume): string => spec.volumeAttributesClassName ?? ''

const offers = (volume: Volume, claim: Claim): boolean =>
  (claim.spec.accessModes ?? []).every((mode) => volume.spec.accessModes?.includes(mode))

function fits(volume: Volume, claim: Claim): boolean {
  if (volume.metadata.deletionTimestamp || compareQuantities(sizeOf(volume), wantedBy(claim)) < 0) return false
  return modeOf(volume) === modeOf(claim) && attributesOf(volume) === attributesOf(claim)
}

function isFree(volume: Volume, claim: Claim): boolean {
  if (volume.spec.claimRef || volume.status?.phase !== 'Available' || classNameOf(volume) !== classNameOf(claim)) return false
  return !claim.spec.selector || selects(claim.spec.selector, volume.metadata.labels)
}

/** Claims that wait for a Pod only get what somebody has meant for them; the scheduler does the rest. */
export function bestMatch(claim: Claim, volumes: Iterable<Volume>, waitsForPod: boolean): Volume | undefined {
  const groups = new Map<string, Volume[]>()
  for (const volume of volumes) {
    if (!offers(volume, claim)) continue
    const modes = modesOf(volume).join(',')
    const group = groups.get(modes)
    if (group) group.push(volume)
    else groups.set(modes, [volume])
  }
  const ordered = [...groups].sort(([a], [b]) => a.split(',').length - b.split(',').length)
  for (const [, group] of ordered) {
    const best = bestOf(group, claim, waitsForPod)
    if (best) return best
  }
  return undefined
}

function bestOf(group: readonly Volume[], claim: Claim, waitsForPod: boolean): Volume | undefined {
  let smallest: Volume | undefined
  for (const volume of group) {
    if (!fits(volume, claim)) continue
    if (isFor(volume, claim)) return volume
    if (waitsForPod || !isFree(volume, claim)) continue
    if (!smallest || compareQuantities(sizeOf(smallest), sizeOf(volume)) > 0) smallest = volume
  }
  return smallest
}

/** Why a volume that the claim asks for by name won't do; `null` when it will (checkVolumeSatisfyClaim). */
export function mismatch(volume: Volume, claim: Claim): string | null {
  if (volume.metadata.deletionTimestamp) return `the volume is marked for deletion "${volume.metadata.name}"`
  if (compareQuantities(sizeOf(volume), wantedBy(claim)) < 0) return 'requested PV is too small'
  if (classNameOf(volume) !== classNameOf(claim)) return 'storageClassName does not match'
  if (attributesOf(volume) !== attributesOf(claim)) return 'volumeAttributesClassName does not match'
  if (modeOf(volume) !== modeOf(claim)) return 'incompatible volumeMode'
  return offers(volume, claim) ? null : 'incompatible accessMode'
}
