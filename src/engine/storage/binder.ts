/** The PersistentVolume binder: brings claims and volumes together, and sees to volumes whose claims are gone (pkg/controller/volume/persistentvolume). */
import type { Pod } from '#api/kinds.ts'
import { type AnyObject, keyOf } from '#api/meta.ts'
import { type Context, controller } from '../machinery/controller.ts'
import type { Change } from '../machinery/informer.ts'
import { caughtUp } from '../machinery/own-writes.ts'
import { CLAIMS, CLASSES, type Claim, claimKeyOf, VOLUMES, type Volume } from './objects.ts'
import { claimKeysOf } from './pod-claims.ts'
import { RECYCLER, RECYCLERS } from './reclaim.ts'
import { BY_CLAIM, syncClaim } from './sync-claim.ts'
import { syncVolume } from './sync-volume.ts'

const CLAIM = 'claim '
const VOLUME = 'volume '
const RESYNC = 'resync'
/** What has no end yet is looked at again so often (--pvclaimbinder-sync-period). */
const RESYNC_MS = 15_000
/** Until a cache shows an own write. */
const CATCH_UP_MS = 2

/** The next common look; only while something waits, so that idle clusters cost nothing. */
function resync({ later, now, world }: Context): void {
  later(RESYNC, RESYNC_MS - ((now - world.epoch) % RESYNC_MS))
}

function claimChanged(change: Change, object: AnyObject, context: Context): string[] {
  const claim = object as unknown as Claim
  resync(context)
  if (change !== 'deleted') return [CLAIM + keyOf(claim.metadata)]
  return claim.spec.volumeName ? [VOLUME + claim.spec.volumeName] : []
}

function volumeChanged(change: Change, object: AnyObject, context: Context): string[] {
  const volume = object as unknown as Volume
  resync(context)
  if (change !== 'deleted') return [VOLUME + volume.metadata.name]
  return volume.spec.claimRef ? [CLAIM + claimKeyOf(volume.spec.claimRef)] : []
}

const isSettledClaim = ({ status }: Claim): boolean => status?.phase === 'Bound'
const isSettledVolume = ({ spec, status }: Volume): boolean =>
  spec.claimRef?.uid
    ? status?.phase === 'Bound' || spec.persistentVolumeReclaimPolicy === 'Retain'
    : status?.phase === 'Available'

function lookAgain(context: Context): void {
  let waiting = false
  for (const volume of context.cache<Volume>(VOLUMES).all()) {
    if (isSettledVolume(volume)) continue
    waiting = true
    context.later(VOLUME + volume.metadata.name, 0)
  }
  for (const claim of context.cache<Claim>(CLAIMS).all()) {
    if (isSettledClaim(claim)) continue
    waiting = true
    context.later(CLAIM + keyOf(claim.metadata), 0)
  }
  if (waiting) resync(context)
}

export const binder = controller({
  name: 'persistent-volume-binder',
  component: 'persistentvolume-controller',
  indexes: [{ resource: 'pods', name: BY_CLAIM, of: (pod) => claimKeysOf(pod as unknown as Pod) }],
  watches: [
    { resource: VOLUMES, keys: (change, object, _old, context) => volumeChanged(change, object, context) },
    { resource: CLAIMS, keys: (change, object, _old, context) => claimChanged(change, object, context) },
    { resource: CLASSES, keys: () => [] },
    {
      resource: 'pods',
      keys: (_change, { metadata }) =>
        metadata.namespace === RECYCLERS && metadata.name.startsWith(RECYCLER)
          ? [VOLUME + metadata.name.slice(RECYCLER.length)]
          : [],
    },
  ],
  reconcile(key, context) {
    if (key === RESYNC) return lookAgain(context)
    if (!caughtUp(context, key)) return context.later(key, CATCH_UP_MS)
    const work = { key, context }
    if (key.startsWith(CLAIM)) {
      const claim = context.cache<Claim>(CLAIMS).byKey(key.slice(CLAIM.length))
      if (claim) syncClaim(work, claim)
      return
    }
    const volume = context.cache<Volume>(VOLUMES).byKey(key.slice(VOLUME.length))
    if (volume) syncVolume(work, volume, (claimKey) => context.later(CLAIM + claimKey, 0))
  },
})
