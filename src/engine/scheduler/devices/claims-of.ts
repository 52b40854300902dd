/** The claims that a Pod names, or was given by template. */
import type { Pod } from '#api/kinds.ts'
import { type AnyObject, controllerOf } from '#api/meta.ts'
import type { Objects } from '../lookups.ts'
import { CLAIMS } from './objects.ts'

/** The name of the claim, or what is wrong with it. */
function nameOf(pod: Pod, { name, resourceClaimName }: { name: string; resourceClaimName?: string }): { name: string } | string {
  if (resourceClaimName) return { name: resourceClaimName }
  const made = pod.status?.resourceClaimStatuses?.find((status) => status.name === name)
  if (!made) return `pod "${pod.metadata.namespace}/${pod.metadata.name}": ResourceClaim not created yet`
  return { name: made.resourceClaimName ?? '' }
}

/** The Pod's claims, or why they cannot be had. */
export function claimsOf(pod: Pod, objects: Objects): AnyObject[] | string {
  const claims: AnyObject[] = []
  const { namespace = '', name, uid } = pod.metadata
  for (const use of pod.spec.resourceClaims ?? []) {
    const named = nameOf(pod, use)
    if (typeof named === 'string') return named
    if (named.name === '') continue
    const claim = objects.get(CLAIMS, namespace, named.name)
    if (!claim) return `resourceclaim.resource.k8s.io "${named.name}" not found`
    if (claim.metadata.deletionTimestamp) return `resourceclaim "${named.name}" is being deleted`
    if (!use.resourceClaimName && controllerOf(claim.metadata)?.uid !== uid) {
      return `ResourceClaim ${namespace}/${named.name} was not created for Pod ${namespace}/${name} (Pod is not owner)`
    }
    claims.push(claim)
  }
  return claims
}
