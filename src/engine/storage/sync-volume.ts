/** The binder's look at one volume (PersistentVolumeController syncVolume). */
import { isNotFound } from '#api/status.ts'
import { setVolumePhase, unbind, type Work } from './binding.ts'
import { modeOf } from './match.ts'
import { annotation, CLAIMS, type Claim, claimKeyOf, type ObjectReference, PROVISIONED_BY, type Volume } from './objects.ts'
import { reclaim } from './reclaim.ts'

/** Looks at a claim in its turn. */
export type Enqueue = (claimKey: string) => void

export function syncVolume(work: Work, volume: Volume, enqueue: Enqueue): void {
  const { claimRef } = volume.spec
  if (!claimRef?.uid) {
    setVolumePhase(work, volume, 'Available')
    return
  }
  const claim = claimFor(work, volume, claimRef)
  if (!claim) release(work, volume)
  else if (!claim.spec.volumeName) {
    if (modeOf(claim) === modeOf(volume)) enqueue(claimKeyOf(claimRef))
    else tellOfModes(work, volume, claim)
  } else if (claim.spec.volumeName === volume.metadata.name) setVolumePhase(work, volume, 'Bound')
  else if (annotation(volume, PROVISIONED_BY) !== undefined && volume.spec.persistentVolumeReclaimPolicy === 'Delete') {
    release(work, volume)
  } else unbind(work, volume, `${claim.metadata.name} has another volume`)
}

const isOver = ({ status }: Volume): boolean => status?.phase === 'Released' || status?.phase === 'Failed'

/** The claim this volume is bound to; what the cache doesn't know is asked for, for much would be lost by a mistake. */
function claimFor({ context }: Work, volume: Volume, claimRef: ObjectReference): Claim | undefined {
  const known = context.cache<Claim>(CLAIMS).byKey(claimKeyOf(claimRef))
  if (known?.metadata.uid === claimRef.uid) return known
  if (!known && isOver(volume)) return undefined
  try {
    const live = context.api.get<Claim>(CLAIMS, claimRef.namespace ?? '', claimRef.name)
    return live.metadata.uid === claimRef.uid ? live : undefined
  } catch (error) {
    if (!isNotFound(error)) throw error
    return undefined
  }
}

function release(work: Work, volume: Volume): void {
  reclaim(work, isOver(volume) ? volume : setVolumePhase(work, volume, 'Released'))
}

function tellOfModes({ context: { events } }: Work, volume: Volume, claim: Claim): void {
  const why = 'due to incompatible volumeMode.'
  const [mine, other] = [volume.metadata.name, claim.metadata.name]
  events.record(
    volume,
    'Warning',
    'VolumeMismatch',
    `Cannot bind PersistentVolume to requested PersistentVolumeClaim "${other}" ${why}`,
  )
  events.record(
    claim,
    'Warning',
    'VolumeMismatch',
    `Cannot bind PersistentVolume "${mine}" to requested PersistentVolumeClaim ${why}`,
  )
}
