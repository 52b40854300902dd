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

export const isConcerned = (pod: Pod): boolean =>
  pod.spec.resourceClaims !== undefined &&
  !pod.metadata.deletionTimestamp &&
  pod.status?.phase !== 'Succeeded' &&
  pod.status?.phase !== 'Failed' &&
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
      keys: (change, pod) => (change !== 'deleted' && isConcerned(pod as unknown as Pod) ? [keyOf(pod.metadata)] : []),
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
        const owner = change === 'deleted' ? controllerOf(claim.metadata) : undefined
        return owner?.kind === 'Pod' ? [`${claim.metadata.namespace}/${owner.name}`] : []
      },
    },
  ],
  reconcile: (key, context) => work.get()(key, context),
})
