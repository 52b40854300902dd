/** The autoscaler's picture of the cluster, on which it tries what would be: kept up to date by its watches, made anew when it is missing. */
import type { Node, Pod, Service } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import type { Context, Watch } from '../../machinery/controller.ts'
import type { Change } from '../../machinery/informer.ts'
import { WhatIf } from '../../scheduler/what-if.ts'

/** Kinds whose selectors spread Pods by default. */
const OWNERS = ['replicasets.apps', 'statefulsets.apps', 'replicationcontrollers']
/** Looked up by the filters, and by the rules of draining. */
const LOOKED_UP = [
  'persistentvolumeclaims',
  'persistentvolumes',
  'storageclasses.storage.k8s.io',
  'csinodes.storage.k8s.io',
  'deviceclasses.resource.k8s.io',
  'resourceslices.resource.k8s.io',
  'daemonsets.apps',
  'jobs.batch',
  'poddisruptionbudgets.policy',
]
const CLAIMS = 'resourceclaims.resource.k8s.io'

const hasEnded = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed'

export class Picture {
  #whatIf: WhatIf | null = null
  /** Pods below this priority are as if they were not there. */
  #cutoff = Number.NEGATIVE_INFINITY

  /** Of the cluster as the caches show it. */
  of({ cache }: Context, cutoff: number): WhatIf {
    if (this.#whatIf && this.#cutoff === cutoff) return this.#whatIf
    this.#cutoff = cutoff
    this.#whatIf = new WhatIf({
      get: (resource, namespace, name) => cache(resource).get(namespace, name),
      all: (resource) => cache(resource).all(),
    })
    for (const node of cache<Node>('nodes').all()) this.#whatIf.seeNode(node, false)
    for (const service of cache<Service>('services').all()) this.#whatIf.cluster.lookups.setService(service, false)
    for (const claim of cache(CLAIMS).all()) this.#whatIf.cluster.claims.seen(claim, false)
    for (const pod of cache<Pod>('pods').all()) this.#seePod(pod, false)
    return this.#whatIf
  }

  /** Where a Pod counts: on its node, or on the one it waits for. */
  #seePod(pod: Pod, gone: boolean): void {
    const node = pod.spec.nodeName || pod.status?.nominatedNodeName || undefined
    const isOut = gone || hasEnded(pod) || (pod.spec.priority ?? 0) < this.#cutoff
    this.#whatIf?.seePod(pod, isOut ? undefined : node)
  }

  readonly watches: readonly Watch[] = [
    this.#watch('nodes', (change, node) => this.#whatIf?.seeNode(node as unknown as Node, change === 'deleted')),
    this.#watch('services', (change, service) =>
      this.#whatIf?.cluster.lookups.setService(service as unknown as Service, change === 'deleted'),
    ),
    this.#watch('namespaces', () => this.#whatIf?.cluster.lookups.namespacesChanged()),
    this.#watch(CLAIMS, (change, claim) => this.#whatIf?.cluster.claims.seen(claim, change === 'deleted')),
    ...OWNERS.map((resource) =>
      this.#watch(resource, (change, object, old) => {
        if (change !== 'modified' || object['spec']?.selector !== old?.['spec']?.selector) {
          this.#whatIf?.cluster.lookups.ownersChanged()
        }
      }),
    ),
    ...LOOKED_UP.map((resource) => this.#watch(resource, () => {})),
    this.#watch('pods', (change, pod) => this.#seePod(pod as unknown as Pod, change === 'deleted')),
  ]

  #watch(resource: string, see: (change: Change, object: AnyObject, old: AnyObject | null) => void): Watch {
    return {
      resource,
      keys(change, object, old) {
        see(change, object, old)
        return []
      },
    }
  }
}
