/** The service controller of a simulated cloud: an address from outside for every Service of type LoadBalancer (cloud-provider, controllers/service). */
import type { Node, Service } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import { isNotFound } from '#api/status.ts'
import { type Context, controller } from '../../machinery/controller.ts'
import { isWorking, stopWorking, worked } from '../../machinery/work-time.ts'

const FINALIZER = 'service.kubernetes.io/load-balancer-cleanup'
const EXCLUDED = 'node.kubernetes.io/exclude-from-external-load-balancers'
/** Addresses for documentation (RFC 5737): nobody's. */
const NETWORK = '198.51.100'
const [FIRST, LAST] = [10, 250]

/** What a cloud takes to build a balancer, and to take it down. */
const BUILD_MS = 4000
const BUILD_SPREAD_MS = 4000
const TEAR_DOWN_MS = 2000

const SERVICES = 'services'
const HOSTS = 'hosts '
/** A name for how a Service is kept in memory. */
const ADDRESS = 'address '

const wants = ({ spec }: Service): boolean =>
  spec.type === 'LoadBalancer' && (spec as { loadBalancerClass?: string }).loadBalancerClass === undefined
const hasFinalizer = ({ metadata }: Service): boolean => metadata.finalizers?.includes(FINALIZER) ?? false
const needsCleanup = (service: Service): boolean =>
  hasFinalizer(service) && (service.metadata.deletionTimestamp !== undefined || service.spec.type !== 'LoadBalancer')

/** What a balancer is built after: a change makes it look again. */
const plan = ({ metadata, spec }: Service): string => {
  const { ports, sessionAffinity, sessionAffinityConfig, externalIPs, externalTrafficPolicy, healthCheckNodePort } = spec as any
  const { loadBalancerIP, loadBalancerSourceRanges } = spec as any
  const network = [ports, sessionAffinity, sessionAffinityConfig, externalIPs, externalTrafficPolicy, healthCheckNodePort]
  return JSON.stringify([
    wants({ metadata, spec } as Service),
    network,
    loadBalancerIP,
    loadBalancerSourceRanges,
    metadata.annotations,
  ])
}

const hostsOf = ({ cache }: Context): string[] =>
  [...cache<Node>('nodes').all()]
    .filter(({ metadata }) => !metadata.deletionTimestamp && metadata.labels?.[EXCLUDED] === undefined)
    .map(({ metadata }) => metadata.name)
    .sort()

const isHost = (node: Node | null): boolean => node !== null && node.metadata.labels?.[EXCLUDED] === undefined

export const balancers = controller({
  name: 'service-controller',
  identity: { user: 'system:serviceaccount:kube-system:service-controller', manager: 'cloud-controller-manager' },
  watches: [
    {
      resource: SERVICES,
      keys(change, object, old) {
        const service = object as unknown as Service
        if (change === 'deleted') return [keyOf(service.metadata)]
        const before = old as unknown as Service | null
        const concerned = !before
          ? wants(service) || needsCleanup(service)
          : needsCleanup(service) || plan(before) !== plan(service)
        return concerned ? [keyOf(service.metadata)] : []
      },
    },
    {
      resource: 'nodes',
      keys(change, node, old, { cache }) {
        if (change === 'modified' && isHost(node as unknown as Node) === isHost(old as unknown as Node)) return []
        return [...cache<Service>(SERVICES).all()].filter(wants).map(({ metadata }) => HOSTS + keyOf(metadata))
      },
    },
  ],
  reconcile(key, context) {
    if (key.startsWith(HOSTS)) return newHosts(key.slice(HOSTS.length), context)
    const service = context.cache<Service>(SERVICES).byKey(key)
    if (!service) {
      context.memory.delete(ADDRESS + key)
      for (const what of ['ensure', 'delete']) stopWorking(context, key, what)
      context.memory.delete(HOSTS + key)
    } else if (!wants(service) || needsCleanup(service)) takeDown(key, service, context)
    else ensure(key, service, context)
  },
})

function ensure(key: string, service: Service, context: Context): void {
  const { events, memory, world, api } = context
  if (!isWorking(context, key, 'ensure')) {
    events.record(service, 'Normal', 'EnsuringLoadBalancer', 'Ensuring load balancer')
    if (!hasFinalizer(service)) setFinalizers(service, [...(service.metadata.finalizers ?? []), FINALIZER], context)
    if (hostsOf(context).length === 0) {
      events.record(service, 'Warning', 'UnAvailableLoadBalancer', 'There are no available nodes for LoadBalancer')
    }
  }
  if (!worked(context, key, 'ensure', () => BUILD_MS + world.random('cloud').below(BUILD_SPREAD_MS))) return
  memory.set(HOSTS + key, hostsOf(context).join(' '))
  events.record(service, 'Normal', 'EnsuredLoadBalancer', 'Ensured load balancer')
  const ip = addressFor(key, service, context)
  const present = (service as any).status?.loadBalancer?.ingress?.[0]?.ip
  if (present === ip) return
  const { namespace = '', name } = service.metadata
  const patch = { status: { loadBalancer: { ingress: [{ ip, ipMode: 'VIP' }] } } }
  api.patch(SERVICES, namespace, name, 'strategic', patch, { subresource: 'status', because: `the cloud has given it ${ip}` })
}

/** The address it has, the one it asks for when it is free, or else the first free one. */
function addressFor(key: string, service: Service, { memory }: Context): string {
  const wanted = (service.spec as { loadBalancerIP?: string }).loadBalancerIP ?? ''
  const known: string | undefined = memory.get(ADDRESS + key)
  if (known && (wanted === '' || wanted === known)) return known
  const taken = new Set([...memory].filter(([name]) => name.startsWith(ADDRESS)).map(([, ip]) => ip as string))
  let ip = wanted !== '' && !taken.has(wanted) ? wanted : ''
  for (let last = FIRST; ip === '' && last <= LAST; last++) if (!taken.has(`${NETWORK}.${last}`)) ip = `${NETWORK}.${last}`
  memory.set(ADDRESS + key, ip)
  return ip
}

function takeDown(key: string, service: Service, context: Context): void {
  const { events, memory, api } = context
  const exists = memory.has(ADDRESS + key)
  if (exists) {
    if (!isWorking(context, key, 'delete')) events.record(service, 'Normal', 'DeletingLoadBalancer', 'Deleting load balancer')
    if (!worked(context, key, 'delete', () => TEAR_DOWN_MS)) return
    memory.delete(ADDRESS + key)
  }
  stopWorking(context, key, 'ensure')
  if (hasFinalizer(service)) {
    setFinalizers(
      service,
      (service.metadata.finalizers ?? []).filter((each) => each !== FINALIZER),
      context,
    )
    events.record(service, 'Normal', 'DeletedLoadBalancer', 'Deleted load balancer')
  }
  const { namespace = '', name, deletionTimestamp } = service.metadata
  if (deletionTimestamp || !(service as any).status?.loadBalancer?.ingress) return
  const patch = { status: { loadBalancer: { ingress: null } } }
  try {
    api.patch(SERVICES, namespace, name, 'merge', patch, { subresource: 'status', because: 'its balancer is gone' })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}

function setFinalizers({ metadata }: Service, finalizers: string[], { api }: Context): void {
  const { namespace = '', name } = metadata
  const because = finalizers.includes(FINALIZER) ? 'the cloud must take its balancer down first' : 'its balancer is gone'
  api.patch(SERVICES, namespace, name, 'merge', { metadata: { finalizers } }, { subresource: 'status', because })
}

/** Nodes have come or gone: a balancer that stands is told. */
function newHosts(key: string, context: Context): void {
  const { memory, events, cache } = context
  const service = cache<Service>(SERVICES).byKey(key)
  const before: string | undefined = memory.get(HOSTS + key)
  const hosts = hostsOf(context)
  if (!service || before === undefined || before === hosts.join(' ')) return
  memory.set(HOSTS + key, hosts.join(' '))
  if (hosts.length > 0) events.record(service, 'Normal', 'UpdatedLoadBalancer', 'Updated load balancer with new hosts')
  else events.record(service, 'Warning', 'UnAvailableLoadBalancer', 'There are no available nodes for LoadBalancer')
}
