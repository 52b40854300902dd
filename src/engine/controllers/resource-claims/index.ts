/** The resource claim controller: makes the claims that Pods ask for by template, and tells each Pod its claims' names (pkg/controller/resourceclaim). */
import type { Pod } from '#api/kinds.ts'
import { controllerOf, keyOf } from '#api/meta.ts'
import { type ControllerDeclaration, controller } from '../../machinery/controller.ts'
import { later } from '../../sim/later.ts'

/** What it does with one Pod comes with the rest of the engine (`reconcile.ts`). */
export const work = later<ControllerDeclaration['reconcile']>('resource claim controller')

export const CLAIMS = 'resourceclaims.resource.k8s.io'
export const TEMPLATES = 'resourceclaimtemplates.resource.k8s.io'
const BY_TEMPLATE = 'template'

export interface PodClaim {
  name: string
  resourceClaimTemplateName?: string
}

export const claimsOf = (pod: Pod): PodClaim[] => pod.spec.resourceClaims ?? []

/** Nothing of it will run any more. */
export const isDone = (pod: Pod): boolean =>
  pod.status?.phase === 'Succeeded' ||
  pod.status?.phase === 'Failed' ||
  (pod.metadata.deletionTimestamp !== undefined && !pod.spec.nodeName)

/** Before a key: it is a claim's, not a Pod's. */
export const CLAIM = 'claim:'

/** The names of the Pod's claims, as far as it has been told them. */
const namesOf = (pod: Pod): string[] =>
  (pod.spec.resourceClaims ?? []).flatMap(({ name, resourceClaimName }) => {
    const made = pod.status?.resourceClaimStatuses?.find((status) => status.name === name)?.resourceClaimName
    return resourceClaimName || made ? [(resourceClaimName ?? made) as string] : []
  })

export const isConcerned = (pod: Pod): boolean =>
  pod.spec.resourceClaims !== undefined &&
  !pod.metadata.deletionTimestamp &&
  !isDone(pod) &&
  claimsOf(pod).some(({ resourceClaimTemplateName }) => resourceClaimTemplateName !== undefined)

export const resourceClaims = controller({
  name: 'resource-claim-controller',
  component: 'resource_claim',
  indexes: [
    {
      resource: 'pods',
      name: BY_TEMPLATE,
      of: (pod) =>
        claimsOf(pod as unknown as Pod).flatMap(({ resourceClaimTemplateName: name }) =>
          name ? [`${pod.metadata.namespace}/${name}`] : [],
        ),
    },
  ],
  watches: [
    {
      resource: 'pods',
      keys(change, object) {
        const pod = object as unknown as Pod
        if (claimsOf(pod).length === 0) return []
        if (change === 'deleted' || isDone(pod)) return namesOf(pod).map((name) => `${CLAIM}${pod.metadata.namespace}/${name}`)
        return isConcerned(pod) ? [keyOf(pod.metadata)] : []
      },
    },
    {
      resource: TEMPLATES,
      keys: (change, template, _old, { cache }) =>
        change === 'added'
          ? cache<Pod>('pods')
              .by(BY_TEMPLATE, keyOf(template.metadata))
              .map(({ metadata }) => keyOf(metadata))
          : [],
    },
    {
      resource: CLAIMS,
      keys(change, claim) {
        if (change !== 'deleted') return [`${CLAIM}${keyOf(claim.metadata)}`]
        const owner = controllerOf(claim.metadata)
        return owner?.kind === 'Pod' ? [`${claim.metadata.namespace}/${owner.name}`] : []
      },
    },
  ],
  reconcile: (key, context) => work.get()(key, context),
})
