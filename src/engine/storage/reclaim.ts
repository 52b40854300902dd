/** What becomes of a volume whose claim is gone: kept, deleted, or scrubbed by a Pod and offered again. */
import type { Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { isAlreadyExists, isNotFound } from '#api/status.ts'
import { failVolume, unbind, type Work } from './binding.ts'
import { annotation, CLAIMS, type Claim, claimKeyOf, MIGRATED_TO, PROVISIONED_BY, VOLUMES, type Volume } from './objects.ts'
import { MIGRATED } from './provision.ts'
import { BY_CLAIM } from './sync-claim.ts'

/** In which namespace recyclers work, and what their names begin with. */
export const RECYCLERS = 'default'
export const RECYCLER = 'recycler-for-'
const RECYCLER_IMAGE = 'registry.k8s.io/build-image/debian-base:bookworm-v1.0.6'
const SCRUB = 'test -e /scrub && find /scrub -mindepth 1 -delete && test -z "$(ls -A /scrub)" || exit 1'
const RECYCLER_SECONDS = 60

/** Host folders are only deleted below /tmp. */
const DELETABLE_PATH = /\/tmp\/.+/

export function reclaim(work: Work, volume: Volume): void {
  if (annotation(volume, MIGRATED_TO)) return
  const policy = volume.spec.persistentVolumeReclaimPolicy
  if (policy === 'Recycle') recycle(work, volume)
  else if (policy === 'Delete') remove(work, volume)
  else if (policy !== 'Retain') {
    failVolume(work, volume, 'VolumeUnknownReclaimPolicy', 'Volume has unrecognized PersistentVolumeReclaimPolicy')
  }
}

/** Whether it is somebody else's to delete, by the provisioner it came from or its driver. */
function isForeign(volume: Volume): boolean {
  const by = annotation(volume, PROVISIONED_BY)
  if (by) return by in MIGRATED || !by.startsWith('kubernetes.io/')
  return volume.spec.csi !== undefined
}

/** Why this volume cannot be deleted, or `null`. */
function undeletable({ metadata, spec }: Volume): string | null {
  if (!spec.hostPath) {
    const why = spec.nfs ? 'no deletable volume plugin matched' : 'no volume plugin matched'
    return `error getting deleter volume plugin for volume "${metadata.name}": ${why}`
  }
  const { path } = spec.hostPath
  return DELETABLE_PATH.test(path) ? null : `host_path deleter only supports /tmp/.+ but received provided ${path}`
}

function remove(work: Work, volume: Volume): void {
  if (isForeign(volume)) return
  const wrong = undeletable(volume)
  if (wrong !== null) {
    failVolume(work, volume, 'VolumeFailedDelete', wrong)
    return
  }
  if (volume.metadata.deletionTimestamp) return
  work.context.api.delete(VOLUMES, '', volume.metadata.name, { because: 'its claim is gone, and with it what was on it' })
}

function recycle(work: Work, volume: Volume): void {
  const { context } = work
  const { claimRef = { name: '' } } = volume.spec
  const users = usersOf(work, claimKeyOf(claimRef))
  if (users.length > 0 && !context.cache<Claim>(CLAIMS).byKey(claimKeyOf(claimRef))) {
    context.events.record(volume, 'Normal', 'VolumeFailedRecycle', `Volume is used by pods: ${users.join(',')}`)
    return
  }
  if (!volume.spec.hostPath && !volume.spec.nfs) {
    failVolume(work, volume, 'VolumeFailedRecycle', 'No recycler plugin found for the volume!')
    return
  }
  const name = `${RECYCLER}${volume.metadata.name}`
  const pod = find(work, name)
  if (!pod) scrub(work, volume, name)
  else if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') scrubbed(work, volume, pod)
}

const usersOf = ({ context: { cache } }: Work, claimKey: string): string[] =>
  cache<Pod>('pods')
    .by(BY_CLAIM, claimKey)
    .filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed')
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
    .sort()

/** Read from the store: a recycler that has just been made is not made again. */
function find({ context: { api } }: Work, name: string): Pod | undefined {
  try {
    return api.get<Pod>('pods', RECYCLERS, name)
  } catch (error) {
    if (!isNotFound(error)) throw error
    return undefined
  }
}

function scrub({ context: { api } }: Work, { metadata, spec }: Volume, name: string): void {
  const source = spec.hostPath ? { hostPath: { path: spec.hostPath.path } } : { nfs: spec.nfs }
  const pod = {
    metadata: { name, namespace: RECYCLERS },
    spec: {
      activeDeadlineSeconds: RECYCLER_SECONDS,
      restartPolicy: 'Never',
      volumes: [{ name: 'vol', ...source }],
      containers: [
        {
          name: 'pv-recycler',
          image: RECYCLER_IMAGE,
          command: ['/bin/sh'],
          args: ['-c', SCRUB],
          volumeMounts: [{ name: 'vol', mountPath: '/scrub' }],
        },
      ],
    },
  }
  try {
    api.create('pods', pod as never, { because: `${metadata.name} is to be empty before it is offered again` })
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
  }
}

/** The recycler has ended: what it went through is told of the volume, and it goes. */
function scrubbed(work: Work, volume: Volume, pod: Pod): void {
  const { api, events } = work.context
  for (const event of api.list<AnyObject>('events', RECYCLERS)) {
    if (event['involvedObject']?.uid !== pod.metadata.uid) continue
    events.record(volume, event['type'], 'RecyclerPod', `Recycler pod: ${event['message']}`)
  }
  if (!pod.metadata.deletionTimestamp) api.delete('pods', RECYCLERS, pod.metadata.name, { because: 'its work is done' })
  if (pod.status?.phase === 'Failed') {
    const why = pod.status.message || 'pod failed, pod.Status.Message unknown'
    failVolume(work, volume, 'VolumeFailedRecycle', `Recycle failed: failed to recycle volume: ${why}`)
    return
  }
  events.record(volume, 'Normal', 'VolumeRecycled', 'Volume recycled')
  unbind(work, volume, 'it has been emptied')
}
