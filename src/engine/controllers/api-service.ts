/** Whether aggregated APIs can be had: the API server's own look at the Services behind them (kube-aggregator, AvailableConditionController). */

import type { EndpointSlice, Service } from '#api/kinds.ts'
import type { Condition, KubeObject } from '#api/meta.ts'
import { keyOf } from '#api/meta.ts'
import { AS_API_SERVER } from '../machinery/client.ts'
import { type Context, controller } from '../machinery/controller.ts'
import type { Ports } from './ports.ts'

const API_SERVICES = 'apiservices.apiregistration.k8s.io'
const SLICES = 'endpointslices.discovery.k8s.io'
const BY_SERVICE = 'service'
const SERVICE_LABEL = 'kubernetes.io/service-name'

interface ApiService extends KubeObject {
  spec: { group?: string; version?: string; service?: { namespace: string; name: string; port?: number } }
  status?: { conditions?: Condition[] }
}

type Verdict = readonly [status: 'True' | 'False', reason: string, message: string]

const serviceKeys = (object: KubeObject): string[] => {
  const { service } = (object as ApiService).spec
  return service ? [`${service.namespace}/${service.name}`] : []
}

const dependents = ({ cache }: Context, key: string): string[] =>
  cache(API_SERVICES)
    .by(BY_SERVICE, key)
    .map(({ metadata }) => metadata.name)

/** How often it looks again by itself; and how soon after a failure, twice as late each time. */
const RESYNC_MS = 30_000
const FIRST_RETRY_MS = 5

export const apiServices = ({ probe }: Ports) =>
  controller({
    name: 'available-controller',
    identity: AS_API_SERVER,
    indexes: [
      { resource: API_SERVICES, name: BY_SERVICE, of: serviceKeys },
      {
        resource: SLICES,
        name: BY_SERVICE,
        of: ({ metadata }) => [`${metadata.namespace}/${metadata.labels?.[SERVICE_LABEL] ?? ''}`],
      },
    ],
    watches: [
      { resource: API_SERVICES, keys: (change, { metadata }) => (change === 'deleted' ? [] : [metadata.name]) },
      { resource: 'services', keys: (_change, { metadata }, _old, context) => dependents(context, keyOf(metadata)) },
      {
        resource: SLICES,
        keys: (_change, { metadata }, _old, context) =>
          dependents(context, `${metadata.namespace}/${metadata.labels?.[SERVICE_LABEL] ?? ''}`),
      },
    ],
    reconcile(name, context) {
      const present = context.cache<ApiService>(API_SERVICES).get('', name)
      if (!present?.spec.service) return void context.memory.delete(name)
      const [status, reason, message] = judge(present, present.spec.service, context, probe)
      const old = present.status?.conditions?.find(({ type }) => type === 'Available')
      if (old?.status === status && old.reason === reason && old.message === message) return
      const lastTransitionTime = old?.status === status ? (old.lastTransitionTime ?? '') : context.world.timestamp()
      const condition = { type: 'Available', status, lastTransitionTime, reason, message }
      const others = (present.status?.conditions ?? []).filter(({ type }) => type !== 'Available')
      const next = { ...present, status: { ...present.status, conditions: [...others, condition] } }
      context.api.update(API_SERVICES, next, { subresource: 'status', because: message })
    },
  })

function judge(
  present: ApiService,
  { namespace, name, port = 443 }: { namespace: string; name: string; port?: number },
  context: Context,
  probe: Ports['probe'],
): Verdict {
  const { cache } = context
  const service = cache<Service>('services').get(namespace, name)
  const about = `service/${name} in "${namespace}"`
  if (!service) return ['False', 'ServiceNotFound', `${about} is not present`]
  if (service.spec.type === 'ClusterIP') {
    const own = service.spec.ports?.find((each) => each.port === port)
    if (!own) return ['False', 'ServicePortError', `${about} is not listening on port ${port}`]
    const slices = cache<EndpointSlice>(SLICES).by(BY_SERVICE, `${namespace}/${name}`)
    if (slices.length === 0) return ['False', 'EndpointsNotFound', `cannot find endpointslices for ${about}`]
    const portName = own.name ?? ''
    if (!slices.some((slice) => hasEndpoint(slice, portName))) {
      return ['False', 'MissingEndpoints', `endpointslices for ${about} have no addresses with port name "${portName}"`]
    }
  }
  const failure = probe(present)
  if (failure !== undefined) again(present.metadata.name, failure !== null, context)
  return failure ? ['False', 'FailedDiscoveryCheck', failure] : ['True', 'Passed', 'all checks passed']
}

const hasEndpoint = ({ endpoints, ports }: EndpointSlice, portName: string): boolean =>
  (endpoints ?? []).some(({ conditions }) => conditions?.ready !== false) &&
  (ports ?? []).some(({ name = '' }) => name === portName)

/** What is not an object may change, too: whether somebody answers is asked again later, once at a time. */
function again(name: string, failed: boolean, { memory, later, now }: Context): void {
  const { at = 0, tries = 0 }: { at?: number; tries?: number } = memory.get(name) ?? {}
  const wait = failed ? Math.min(RESYNC_MS, FIRST_RETRY_MS * 2 ** tries) : RESYNC_MS
  const next = { at: now + wait, tries: failed ? Math.min(tries + 1, 20) : 0 }
  if (at > now && at <= next.at) return void memory.set(name, { at, tries: next.tries })
  memory.set(name, next)
  later(name, wait)
}
