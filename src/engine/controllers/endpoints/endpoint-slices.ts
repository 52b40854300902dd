/** The EndpointSlice controller: the endpoints of each Service with a selector, a hundred to a slice (pkg/controller/endpointslice). */
import type { Endpoint, EndpointPort, EndpointSlice, Node, Pod, Service } from '#api/kinds.ts'
import { type AnyObject, keyOf } from '#api/meta.ts'
import { ApiError, fail } from '#api/status.ts'
import { type Context, controller } from '../../machinery/controller.ts'
import { controllerRef } from '../../machinery/owners.ts'
import { semanticallyEqual } from '../equal.ts'
import { isNamespaceTerminating, isReady } from '../pods.ts'
import { forgetTries, retryLater } from '../retry.ts'
import { SHARES, topology, withHints, ZONE } from './hints.ts'
import {
  belongs,
  hasEndpoints,
  hostnameFor,
  isHeadless,
  memberIndexes,
  podWatch,
  rememberSize,
  selectedPods,
  targetPort,
} from './members.ts'
import { emptyPlan, endpointKey, type Plan, pack, portsKey, recycle, type Wanted } from './slices.ts'
import { isStale, MANAGED_BY, SERVICE_NAME, serviceKeyOf, sliceChanged, track, untrack } from './tracker.ts'
import { forgetTrigger, triggerTime, withTrigger } from './trigger.ts'

const MANAGER = 'endpointslice-controller.k8s.io'
const HEADLESS = 'service.kubernetes.io/headless'
const SLICES = 'endpointslices.discovery.k8s.io'
const RESERVED = new Set([SERVICE_NAME, MANAGED_BY, HEADLESS])

/** Index of slices by the Service they belong to. */
export const BY_SERVICE = 'service'
export const sliceIndex = {
  resource: SLICES,
  name: BY_SERVICE,
  of: (slice: AnyObject): string[] => [serviceKeyOf(slice as unknown as EndpointSlice) ?? ''],
}

export const endpointSlices = controller({
  name: 'endpointslice-controller',
  component: 'endpoint-slice-controller',
  backOff: { baseMs: 1000, maxMs: 1_000_000 },
  indexes: [...memberIndexes, sliceIndex],
  watches: [
    { resource: 'services', keys: (_change, service) => [keyOf(service.metadata)] },
    podWatch,
    {
      resource: 'nodes',
      keys: (change, node, old, context) =>
        context.memory.get(SHARES)
          ? topology.get().nodeChanged(change, node as unknown as Node, old as unknown as Node | null, context)
          : [],
    },
    {
      resource: SLICES,
      keys: (change, slice, old, context) =>
        sliceChanged(MANAGER, change, slice as unknown as EndpointSlice, old as unknown as EndpointSlice | null, context),
    },
  ],
  reconcile(key, context) {
    const service = context.cache<Service>('services').byKey(key)
    try {
      if (!service) gone(key, context)
      else if (hasEndpoints(service)) sync(key, service, context)
      forgetTries(context, key)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      retryLater(context, key, 1000, 1_000_000)
    }
  },
})

function gone(key: string, context: Context): void {
  forgetTrigger(key, context)
  untrack(key, context)
  rememberSize(key, 0, context)
  if (context.memory.get(SHARES)) topology.get().drop(key, context)
}

function sync(key: string, service: Service, context: Context): void {
  const { name, namespace } = service.metadata
  const pods = selectedPods(service, context)
  rememberSize(key, pods.length, context)
  const existing = context
    .cache<EndpointSlice>(SLICES)
    .by(BY_SERVICE, key)
    .filter(({ metadata }) => metadata.labels?.[MANAGED_BY] === MANAGER && !metadata.deletionTimestamp)
  if (isStale(key, existing, context)) throw fail(500, '', 'EndpointSlice informer cache is out of date')
  const time = triggerTime(key, service, pods, context)
  try {
    reconcile(key, service, pods, existing, time, context)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const message = `Error updating Endpoint Slices for Service ${namespace}/${name}: ${error.message}`
    context.events.record(service, 'Warning', 'FailedToUpdateEndpointSlices', message)
    throw error
  }
}

type AddressType = 'IPv4' | 'IPv6'

function addressTypes({ spec }: Service): AddressType[] {
  const families = (spec.ipFamilies ?? []).filter((family) => family === 'IPv4' || family === 'IPv6')
  if (families.length) return families as AddressType[]
  if (spec.clusterIP && spec.clusterIP !== 'None') return [spec.clusterIP.includes(':') ? 'IPv6' : 'IPv4']
  return ['IPv4', 'IPv6']
}

function reconcile(
  key: string,
  service: Service,
  pods: readonly Pod[],
  existing: readonly EndpointSlice[],
  time: string | undefined,
  context: Context,
): void {
  const types = addressTypes(service)
  let failed: ApiError | null = null
  for (const type of types) {
    const of = existing.filter((slice) => slice.addressType === type)
    failed = reconcileType(key, service, pods, of, type, time, context) ?? failed
  }
  const foreign = existing.filter((slice) => !(types as string[]).includes(slice.addressType))
  carryOut(key, service, { ...emptyPlan(), remove: foreign }, undefined, context)
  if (failed) throw failed
}

function reconcileType(
  key: string,
  service: Service,
  pods: readonly Pod[],
  existing: readonly EndpointSlice[],
  type: AddressType,
  time: string | undefined,
  context: Context,
): ApiError | null {
  const { wanted, missingNode } = wantedSlices(service, pods, type, context)
  const ours = existing.filter((slice) => isOwned(slice, service))
  let plan: Plan = { ...emptyPlan(), remove: existing.filter((slice) => !isOwned(slice, service)) }
  for (const [ports, each] of wanted) {
    const more = pack({
      existing: ours.filter((slice) => portsKey(slice.ports) === ports),
      wanted: each,
      relabelled: (slice) => relabelled(slice, service),
      fresh: () => freshSlice(service, type, each.ports),
    })
    plan = merge(plan, more)
  }
  plan.remove.push(...ours.filter((slice) => !wanted.has(portsKey(slice.ports))))
  plan = withPlaceholder(plan, existing, service, type)
  carryOut(key, service, withHints({ key, service, type, plan, existing }, context), time, context)
  return missingNode
}

const merge = (a: Plan, b: Plan): Plan => ({
  create: [...a.create, ...b.create],
  update: [...a.update, ...b.update],
  remove: [...a.remove, ...b.remove],
})

/** A Service without endpoints has one slice all the same, an empty one. */
function withPlaceholder(plan: Plan, existing: readonly EndpointSlice[], service: Service, type: AddressType): Plan {
  if (existing.length !== plan.remove.length || plan.create.length > 0) return plan
  const placeholder = freshSlice(service, type, [])
  const [old] = plan.remove
  const stays = plan.remove.length === 1 && old && isOwned(old, service) && !old.endpoints?.length && !old.ports?.length
  if (stays && semanticallyEqual(old.metadata.labels, placeholder.metadata.labels)) return { ...plan, remove: [] }
  return { ...plan, create: [placeholder] }
}

function wantedSlices(service: Service, pods: readonly Pod[], type: AddressType, context: Context) {
  const wanted = new Map<string, Wanted>()
  let missingNode: ApiError | null = null
  const nodes = context.cache<Node>('nodes')
  for (const pod of pods) {
    if (!belongs(pod, true)) continue
    const ports = portsFor(service, pod)
    const key = portsKey(ports)
    let at = wanted.get(key)
    if (!at) wanted.set(key, (at = { ports, endpoints: new Map() }))
    const node = nodes.get('', pod.spec.nodeName ?? '')
    if (!node && !service.spec.publishNotReadyAddresses) {
      const where = `Service ${service.metadata.namespace}/${service.metadata.name}: Node ${pod.spec.nodeName ?? ''} Not Found`
      missingNode ??= fail(500, '', `skipping Pod ${pod.metadata.name} for ${where}`)
      continue
    }
    const endpoint = endpointFor(pod, node, service, type)
    if (endpoint.addresses.length > 0) at.endpoints.set(endpointKey(endpoint), endpoint)
  }
  return { wanted, missingNode }
}

function portsFor(service: Service, pod: Pod): EndpointPort[] {
  return (service.spec.ports ?? []).flatMap((each) => {
    const port = targetPort(pod, each)
    if (port === undefined) return []
    const { name = '', protocol = 'TCP', appProtocol } = each
    return [{ name, protocol, port, ...(appProtocol ? { appProtocol } : {}) }]
  })
}

function endpointFor(pod: Pod, node: Node | undefined, service: Service, type: AddressType): Endpoint {
  const { namespace, name, uid, deletionTimestamp } = pod.metadata
  const serving = isReady(pod)
  const terminating = deletionTimestamp !== undefined
  const hostname = hostnameFor(pod, service)
  const zone = node?.metadata.labels?.[ZONE]
  return {
    addresses: (pod.status?.podIPs ?? []).map(({ ip }) => ip).filter((ip) => ip.includes(':') === (type === 'IPv6')),
    conditions: { ready: service.spec.publishNotReadyAddresses === true || (serving && !terminating), serving, terminating },
    ...(hostname ? { hostname } : {}),
    targetRef: { kind: 'Pod', namespace: namespace ?? '', name, uid: uid ?? '' },
    ...(pod.spec.nodeName ? { nodeName: pod.spec.nodeName } : {}),
    ...(zone ? { zone } : {}),
  }
}

const isOwned = ({ metadata }: EndpointSlice, service: Service): boolean =>
  (metadata.ownerReferences ?? []).some(
    ({ uid, kind, apiVersion }) => uid === service.metadata.uid && kind === 'Service' && apiVersion === 'v1',
  )

function labelsFor(service: Service): Record<string, string> {
  const own = Object.entries(service.metadata.labels ?? {}).filter(([key]) => !RESERVED.has(key))
  return {
    ...Object.fromEntries(own),
    ...(isHeadless(service) ? { [HEADLESS]: '' } : {}),
    [SERVICE_NAME]: service.metadata.name,
    [MANAGED_BY]: MANAGER,
  }
}

/** The Service's labels are the slice's, but for the reserved ones; those alone are no reason to write. */
function relabelled({ metadata }: EndpointSlice, service: Service): Record<string, string> | null {
  const plain = (labels: Record<string, string> = {}) =>
    Object.fromEntries(Object.entries(labels).filter(([key]) => !RESERVED.has(key)))
  return semanticallyEqual(plain(metadata.labels), plain(service.metadata.labels)) ? null : labelsFor(service)
}

const MAX_NAME = 253

function freshSlice(service: Service, addressType: AddressType, ports: EndpointPort[]): EndpointSlice {
  const { name, namespace } = service.metadata
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      // The server makes the name.
      name: '',
      generateName: name.length < MAX_NAME ? `${name}-` : name,
      ...(namespace ? { namespace } : {}),
      labels: labelsFor(service),
      ownerReferences: [controllerRef(service)],
    },
    addressType,
    endpoints: null,
    ports: ports.length ? ports : null,
  }
}

/** Writes the plan. Nothing new is made for a Service that is going: the garbage collector would race with it. */
function carryOut(key: string, service: Service, plan: Plan, time: string | undefined, context: Context): void {
  const { create, update, remove } = recycle(plan, (slice) => isOwned(slice, service))
  const { name, namespace = '' } = service.metadata
  const { api } = context
  const because = `the Pods behind Service ${name} have changed`
  const timed = (slice: EndpointSlice): EndpointSlice => ({
    ...slice,
    metadata: { ...slice.metadata, annotations: withTrigger(slice.metadata.annotations, time) },
  })
  if (!service.metadata.deletionTimestamp) {
    for (const slice of create) {
      const { name: _, ...metadata } = timed(slice).metadata
      try {
        track(key, api.create<EndpointSlice>(SLICES, { ...slice, metadata }, { because }), context)
      } catch (error) {
        if (isNamespaceTerminating(error)) return
        throw reworded(error, `failed to create EndpointSlice for Service ${namespace}/${name}`)
      }
    }
  }
  for (const slice of update) {
    try {
      track(key, api.update<EndpointSlice>(SLICES, timed(slice), { because }), context)
    } catch (error) {
      throw reworded(error, `failed to update ${slice.metadata.name} EndpointSlice for Service ${namespace}/${name}`)
    }
  }
  for (const slice of remove) {
    try {
      api.delete(SLICES, namespace, slice.metadata.name, { because })
    } catch (error) {
      throw reworded(error, `failed to delete ${slice.metadata.name} EndpointSlice for Service ${namespace}/${name}`)
    }
    track(key, slice, context, true)
  }
}

function reworded(error: unknown, words: string): unknown {
  return error instanceof ApiError ? fail(error.code, error.reason, `${words}: ${error.message}`) : error
}
