/** The ephemeral volume controller: makes the claims that Pods carry as templates in their volumes (pkg/controller/volume/ephemeral). */
import type { Pod } from '#api/kinds.ts'
import { controllerOf, keyOf } from '#api/meta.ts'
import { ApiError, fail } from '#api/status.ts'
import { type Context, controller } from '../machinery/controller.ts'
import { controllerRef } from '../machinery/owners.ts'
import { CLAIMS, type Claim } from './objects.ts'
import { claimKeysOf, ephemeralName, type PodVolume, volumesOf } from './pod-claims.ts'
import { BY_CLAIM } from './sync-claim.ts'

const isConcerned = (pod: Pod): boolean =>
  !pod.metadata.deletionTimestamp && pod.spec.volumes !== undefined && volumesOf(pod).some(({ ephemeral }) => ephemeral)

export const ephemeralVolumes = controller({
  name: 'ephemeral-volume-controller',
  component: 'ephemeral_volume',
  indexes: [{ resource: 'pods', name: BY_CLAIM, of: (pod) => claimKeysOf(pod as unknown as Pod) }],
  watches: [
    {
      resource: 'pods',
      keys: (change, pod) => (change === 'added' && isConcerned(pod as unknown as Pod) ? [keyOf(pod.metadata)] : []),
    },
    {
      resource: CLAIMS,
      keys(change, claim, _old, { cache }) {
        if (change !== 'deleted') return []
        const users = cache<Pod>('pods').by(BY_CLAIM, keyOf(claim.metadata))
        return users.filter(isConcerned).map((pod) => keyOf(pod.metadata))
      },
    },
  ],
  reconcile(key, context) {
    const pod = context.cache<Pod>('pods').byKey(key)
    if (!pod || pod.metadata.deletionTimestamp) return
    for (const volume of volumesOf(pod)) {
      try {
        make(pod, volume, context)
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        context.events.record(pod, 'Warning', 'FailedBinding', `ephemeral volume ${volume.name}: ${error.message}`)
        throw error
      }
    }
  },
})

function make(pod: Pod, volume: PodVolume, { api, cache }: Context): void {
  if (!volume.ephemeral) return
  const { namespace = '', uid } = pod.metadata
  const name = ephemeralName(pod, volume)
  const present = cache<Claim>(CLAIMS).get(namespace, name)
  if (present) {
    if (controllerOf(present.metadata)?.uid === uid) return
    const whose = `pod ${namespace}/${pod.metadata.name}`
    throw fail(409, 'Conflict', `PVC ${namespace}/${name} was not created for ${whose} (pod is not owner)`)
  }
  const { metadata = {}, spec } = volume.ephemeral.volumeClaimTemplate
  const { annotations, labels } = metadata
  const claim = {
    metadata: {
      name,
      namespace,
      ownerReferences: [controllerRef(pod)],
      ...(annotations ? { annotations } : {}),
      ...(labels ? { labels } : {}),
    },
    spec,
  }
  try {
    api.create(CLAIMS, claim as never, { because: `Pod ${pod.metadata.name} carries it in its spec` })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    throw fail(error.code, error.reason, `create PVC ${name}: ${error.message}`, error.status.details)
  }
}
