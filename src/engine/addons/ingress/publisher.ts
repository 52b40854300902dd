/** What the controller of ingress-nginx tells of Ingresses: that it has seen them, and by which address they are reached (status/status.go). */
import type { Service } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { keyOf } from '#api/meta.ts'
import { type Context, controller } from '../../machinery/controller.ts'

const INGRESSES = 'ingresses.networking.k8s.io'
const CLASSES = 'ingressclasses.networking.k8s.io'
const OWN = 'ingress-nginx/ingress-nginx-controller'
const SEEN = 'seen '

function isOurs(ingress: AnyObject, { cache }: Context): boolean {
  const name = ingress['spec']?.ingressClassName ?? ingress.metadata.annotations?.['kubernetes.io/ingress.class']
  return name !== undefined && cache(CLASSES).get('', name)?.['spec']?.controller === 'k8s.io/ingress-nginx'
}

/** The addresses of its own Service: the balancer's, or else the cluster's. */
function addresses({ cache }: Context): { ip?: string; hostname?: string }[] {
  const own = cache<Service>('services').byKey(OWN)
  if (!own) return []
  if (own.spec.type === 'LoadBalancer') {
    return (own.status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => (ip ? { ip } : { hostname: hostname ?? '' }))
  }
  return own.spec.clusterIP ? [{ ip: own.spec.clusterIP }] : []
}

export const publisher = controller({
  name: 'nginx-ingress-controller',
  identity: {
    user: 'system:serviceaccount:ingress-nginx:ingress-nginx',
    groups: ['system:masters'],
    manager: 'nginx-ingress-controller',
  },
  watches: [
    { resource: INGRESSES, keys: (_change, { metadata }) => [keyOf(metadata)] },
    {
      resource: 'services',
      keys: (_change, { metadata }, _old, { cache }) =>
        keyOf(metadata) === OWN ? [...cache(INGRESSES).all()].map((each) => keyOf(each.metadata)) : [],
    },
  ],
  reconcile(key, context) {
    const { cache, events, memory, api } = context
    const ingress = cache(INGRESSES).byKey(key)
    if (!ingress || !isOurs(ingress, context)) return void memory.delete(SEEN + key)
    const generation = `${ingress.metadata.uid}/${ingress.metadata.generation}`
    if (memory.get(SEEN + key) !== generation) {
      memory.set(SEEN + key, generation)
      events.record(ingress, 'Normal', 'Sync', 'Scheduled for sync')
    }
    const wanted = addresses(context)
    const present = ingress['status']?.loadBalancer?.ingress ?? []
    if (JSON.stringify(wanted) === JSON.stringify(present)) return
    const { namespace = '', name } = ingress.metadata
    const patch = { status: { loadBalancer: { ingress: wanted.length > 0 ? wanted : null } } }
    api.patch(INGRESSES, namespace, name, 'merge', patch, { subresource: 'status', because: 'the address of its controller' })
  },
})
