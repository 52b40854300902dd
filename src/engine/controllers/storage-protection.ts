/** Volumes and claims that are to be deleted stay while something uses them (pkg/controller/volume/pvcprotection, pvprotection). */
import type { Pod } from '#api/kinds.ts'
import { type AnyObject, controllerOf, keyOf } from '#api/meta.ts'
import { type Context, controller } from '../machinery/controller.ts'
import { isTerminal } from './pods.ts'

const CLAIM = 'kubernetes.io/pvc-protection'
const VOLUME = 'kubernetes.io/pv-protection'
const CLAIMS = 'persistentvolumeclaims'
const VOLUMES = 'persistentvolumes'
const BY_CLAIM = 'claim'

interface PodVolume {
  readonly name: string
  readonly persistentVolumeClaim?: { readonly claimName: string }
  readonly ephemeral?: unknown
}

const volumesOf = (pod: Pod): readonly PodVolume[] => (pod.spec.volumes ?? []) as readonly PodVolume[]

const claimOf = (pod: Pod, { name, persistentVolumeClaim, ephemeral }: PodVolume): string | undefined =>
  persistentVolumeClaim?.claimName ?? (ephemeral ? `${pod.metadata.name}-${name}` : undefined)

function claimKeys(pod: Pod): string[] {
  const { namespace = '' } = pod.metadata
  const names = volumesOf(pod).map((volume) => claimOf(pod, volume))
  return names.flatMap((name) => (name ? [`${namespace}/${name}`] : []))
}

const isShutDown = ({ metadata }: Pod): boolean =>
  metadata.deletionTimestamp !== undefined && metadata.deletionGracePeriodSeconds === 0

/** Only Pods that have a node count: kubelets start none whose claim is being deleted. */
function uses(pod: Pod, claim: AnyObject): boolean {
  if (!pod.spec.nodeName) return false
  return volumesOf(pod).some((volume) => {
    if (claimOf(pod, volume) !== claim.metadata.name) return false
    return !volume.ephemeral || (!isShutDown(pod) && controllerOf(claim.metadata)?.uid === pod.metadata.uid)
  })
}

function setFinalizer(resource: string, object: AnyObject, finalizers: string[], because: string, { api }: Context): void {
  const { finalizers: _, ...rest } = object.metadata
  const metadata = finalizers.length > 0 ? { ...rest, finalizers } : rest
  api.update(resource, { ...object, metadata }, { because })
}

function protect(resource: string, object: AnyObject, finalizer: string, inUse: () => boolean, context: Context): void {
  const own = object.metadata.finalizers ?? []
  const has = own.includes(finalizer)
  if (!object.metadata.deletionTimestamp && !has)
    setFinalizer(resource, object, [...own, finalizer], 'it is to stay while it is used', context)
  if (object.metadata.deletionTimestamp && has && !inUse()) {
    const others = own.filter((each) => each !== finalizer)
    setFinalizer(resource, object, others, 'nothing uses it', context)
  }
}

export const claimProtection = controller({
  name: 'pvc-protection-controller',
  indexes: [{ resource: 'pods', name: BY_CLAIM, of: (pod) => claimKeys(pod as Pod) }],
  watches: [
    { resource: CLAIMS, keys: (change, claim) => (change === 'deleted' ? [] : [keyOf(claim.metadata)]) },
    {
      resource: 'pods',
      keys(change, object) {
        const pod = object as Pod
        return change === 'deleted' || isTerminal(pod) || !pod.spec.nodeName ? claimKeys(pod) : []
      },
    },
  ],
  reconcile(key, context) {
    const claim = context.cache(CLAIMS).byKey(key)
    if (!claim) return
    const inUse = (): boolean =>
      context
        .cache<Pod>('pods')
        .by(BY_CLAIM, key)
        .some((pod) => uses(pod, claim))
    protect(CLAIMS, claim, CLAIM, inUse, context)
  },
})

export const volumeProtection = controller({
  name: 'pv-protection-controller',
  watches: [{ resource: VOLUMES, keys: (change, volume) => (change === 'deleted' ? [] : [volume.metadata.name]) }],
  reconcile(name, context) {
    const volume = context.cache(VOLUMES).get('', name)
    if (!volume) return
    const inUse = (): boolean => (volume['status'] as { phase?: string } | undefined)?.phase === 'Bound'
    protect(VOLUMES, volume, VOLUME, inUse, context)
  },
})
