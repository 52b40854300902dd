/** Device claims (DRA): no driver publishes devices here, so this only speaks up for Pods that name claims. */
import { plugin, ready, skip } from '../framework.ts'
import { hopeless } from '../verdict.ts'

const NAME = 'DynamicResources'

export const dynamicResources = plugin<null, null>({
  name: NAME,
  weight: 2,
  preFilter({ pod, namespace }, cluster) {
    const claims = pod.spec.resourceClaims
    if (!claims?.length) return skip
    for (const { name, resourceClaimName } of claims) {
      if (!resourceClaimName)
        return { refused: hopeless(NAME, `pod "${namespace}/${pod.metadata.name}": ResourceClaim not created yet`) }
      const claim = cluster.lookups.objects.get('resourceclaims.resource.k8s.io', namespace, resourceClaimName)
      if (!claim) return { refused: hopeless(NAME, `resourceclaim.resource.k8s.io "${resourceClaimName}" not found`) }
      if (claim.status?.allocation === undefined) return { refused: hopeless(NAME, `cannot allocate all claims: ${name}`) }
    }
    return ready
  },
  postFilter(round) {
    // Its state is missing when an earlier plugin refused the Pod outright; that error ends the round (no preemption).
    if (!round.reached(NAME)) return { outcome: 'error', message: 'not found' }
    const claims = round.pod.pod.spec.resourceClaims
    return { outcome: 'unschedulable', message: claims?.length ? 'still not schedulable' : 'no new claims to deallocate' }
  },
  flat: () => 0,
  score: () => 0,
  retryOn: { 'node/add': true, 'pod/other': true },
})
