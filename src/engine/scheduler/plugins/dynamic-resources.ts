/** Device claims (DRA): no driver publishes devices here, so a claim that is not allocated yet cannot be. */
import type { Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { plugin, ready, skip } from '../framework.ts'
import type { Objects } from '../lookups.ts'
import { hopeless } from '../verdict.ts'

const NAME = 'DynamicResources'
const CLAIMS = 'resourceclaims.resource.k8s.io'
const CLASSES = 'deviceclasses.resource.k8s.io'
const unallocatable = hopeless(NAME, 'cannot allocate all claims')

/** The name of the claim, or what is wrong with it. */
function nameOf(pod: Pod, { name, resourceClaimName }: { name: string; resourceClaimName?: string }): { name: string } | string {
  if (resourceClaimName) return { name: resourceClaimName }
  const made = pod.status?.resourceClaimStatuses?.find((status) => status.name === name)
  if (!made) return `pod "${pod.metadata.namespace}/${pod.metadata.name}": ResourceClaim not created yet`
  return { name: made.resourceClaimName ?? '' }
}

/** The Pod's claims, or why they cannot be had. */
function claimsOf(pod: Pod, objects: Objects): AnyObject[] | string {
  const claims: AnyObject[] = []
  for (const use of pod.spec.resourceClaims ?? []) {
    const named = nameOf(pod, use)
    if (typeof named === 'string') return named
    if (named.name === '') continue
    const claim = objects.get(CLAIMS, pod.metadata.namespace ?? '', named.name)
    if (!claim) return `resourceclaim.resource.k8s.io "${named.name}" not found`
    if (claim.metadata.deletionTimestamp) return `resourceclaim "${named.name}" is being deleted`
    claims.push(claim)
  }
  return claims
}

const isAllocated = (claim: AnyObject): boolean => claim['status']?.allocation !== undefined

/** The first request for a class that is not there. */
function missingClass(claims: readonly AnyObject[], objects: Objects): string | null {
  for (const claim of claims) {
    if (isAllocated(claim)) continue
    for (const { name, exactly } of claim['spec']?.devices?.requests ?? []) {
      const wanted: string | undefined = exactly?.deviceClassName
      if (wanted && !objects.get(CLASSES, '', wanted)) return `request ${name}: device class ${wanted} does not exist`
    }
  }
  return null
}

export const dynamicResources = plugin<{ allocated: boolean }>({
  name: NAME,
  weight: 2,
  preEnqueue(pod, objects) {
    if (!pod.spec.resourceClaims?.length) return null
    const claims = claimsOf(pod, objects)
    return typeof claims === 'string' ? hopeless(NAME, claims) : null
  },
  preFilter({ pod }, { lookups: { objects } }) {
    if (!pod.spec.resourceClaims?.length) return skip
    const claims = claimsOf(pod, objects)
    if (typeof claims === 'string') return { refused: hopeless(NAME, claims) }
    if (claims.length === 0) return skip
    const missing = missingClass(claims, objects)
    if (missing) return { refused: hopeless(NAME, missing) }
    return { ...ready, state: { allocated: claims.every(isAllocated) } }
  },
  filter: (_pod, _node, { allocated }) => (allocated ? null : unallocatable),
  postFilter({ pod: { pod }, cluster, reached }) {
    // Its state is missing when an earlier plugin refused the Pod outright; that error ends the round (no preemption).
    if (!reached(NAME)) return { outcome: 'error', message: 'not found' }
    const { objects } = cluster.lookups
    const claims = claimsOf(pod, objects)
    const known = typeof claims !== 'string' && claims.length > 0 && missingClass(claims, objects) === null
    return { outcome: 'unschedulable', message: known ? 'still not schedulable' : 'no new claims to deallocate' }
  },
  flat: () => 0,
  score: () => 0,
  retryOn: {
    'node/add': true,
    'device-claim/add': true,
    'device-claim/update': true,
    'device-class/add': true,
    'pod/claims': true,
  },
})
