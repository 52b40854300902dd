/** The EndpointSlice mirroring controller: Endpoints written by hand, for Services without a selector, as slices (pkg/controller/endpointslicemirroring). */
import type { Endpoint, EndpointAddress, EndpointPort, EndpointSlice, Endpoints, Service } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import { ApiError, fail } from '#api/status.ts'
import { type Context, controller } from '../../machinery/controller.ts'
import { controllerRef } from '../../machinery/owners.ts'
import { semanticallyEqual } from '../equal.ts'
import { isNamespaceTerminating } from '../pods.ts'
import { forgetTries, retryLater } from '../retry.ts'
import { BY_SERVICE, sliceIndex } from './endpoint-slices.ts'
import { emptyPlan, endpointKey, type Plan, portsKey, recycle, sameEndpoint } from './slices.ts'
import { repack } from './subsets.ts'
import { isStale, MANAGED_BY, SERVICE_NAME, sliceChanged, track, untrack } from './tracker.ts'
import { TRIGGER_TIME } from './trigger.ts'

const MANAGER = 'endpointslicemirroring-controller.k8s.io'
const SLICES = 'endpointslices.discovery.k8s.io'
const SKIP = 'endpointslice.kubernetes.io/skip-mirror'
const LEADER = 'control-plane.alpha.kubernetes.io/leader'
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'
/** Addresses mirrored of one subset at most (--mirroring-max-endpoints-per-subset). */
const MAX_PER_SUBSET = 1000

const mirrors = ({ metadata }: Endpoints): boolean =>
  metadata.labels?.[SKIP] !== 'true' && metadata.annotations?.[LEADER] === undefined
const selectorless = (service: Service | null): boolean => service !== null && service.spec.selector === undefined

export const mirroring = controller({
  name: 'endpointslicemirroring-controller',
  component: 'endpoint-slice-mirroring-controller',
  indexes: [sliceIndex],
  watches: [
    {
      resource: 'endpoints',
      keys: (_change, found, old) =>
        mirrors(found as Endpoints) || (old && mirrors(old as Endpoints)) ? [keyOf(found.metadata)] : [],
    },
    {
      resource: 'services',
      keys(change, service, old) {
        const now = selectorless(service as unknown as Service)
        const concerned = change === 'modified' ? now !== selectorless(old as unknown as Service) : now
        return concerned ? [keyOf(service.metadata)] : []
      },
    },
    {
      resource: SLICES,
      keys: (change, slice, old, context) =>
        sliceChanged(MANAGER, change, slice as unknown as EndpointSlice, old as unknown as EndpointSlice | null, context),
    },
  ],
  reconcile(key, context) {
    const endpoints = context.cache<Endpoints>('endpoints').byKey(key)
    const service = context.cache<Service>('services').byKey(key)
    const slices = context
      .cache<EndpointSlice>(SLICES)
      .by(BY_SERVICE, key)
      .filter(({ metadata }) => metadata.labels?.[MANAGED_BY] === MANAGER)
    try {
      if (!endpoints || !mirrors(endpoints) || !service || service.spec.selector !== undefined) removeAll(key, slices, context)
      else sync(key, endpoints, slices, context)
      forgetTries(context, key)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      retryLater(context, key, 1000, 100_000)
    }
  },
})

function removeAll(key: string, slices: readonly EndpointSlice[], context: Context): void {
  untrack(key, context)
  for (const { metadata } of slices) {
    const because = 'its Endpoints are no longer mirrored'
    context.api.delete(SLICES, metadata.namespace ?? '', metadata.name, { because })
  }
}

interface Desired {
  ports: EndpointPort[]
  type: string
  endpoints: Map<string, Endpoint>
}

function sync(key: string, endpoints: Endpoints, existing: readonly EndpointSlice[], context: Context): void {
  if (isStale(key, existing, context)) throw fail(500, '', 'EndpointSlice informer cache is out of date')
  const { desired, skipped, invalid } = desiredSlices(endpoints)
  const { events } = context
  if (invalid > 0) {
    const message = `Skipped ${invalid} invalid IP addresses when mirroring to EndpointSlices`
    events.record(endpoints, 'Warning', 'InvalidIPAddress', message)
  }
  if (skipped > invalid) {
    const limit = `A max of ${MAX_PER_SUBSET} addresses can be mirrored to EndpointSlices per Endpoints subset.`
    events.record(endpoints, 'Warning', 'TooManyAddressesToMirror', `${limit} ${skipped} addresses were skipped`)
  }
  const plan = emptyPlan()
  const seen = new Set<string>()
  for (const [at, each] of desired) {
    const slices = existing.filter((slice) => sliceKey(slice.addressType, slice.ports) === at)
    seen.add(at)
    plan.remove.push(...(each.endpoints.size === 0 ? slices : slices.slice(1)))
    if (each.endpoints.size === 0 || (slices[0] && upToDate(slices[0], each, endpoints))) continue
    const next = sliceFor(endpoints, each, slices[0]?.metadata.name ?? '')
    if (slices[0]) plan.update.push(next)
    else plan.create.push(next)
  }
  plan.remove.push(...existing.filter((slice) => !seen.has(sliceKey(slice.addressType, slice.ports))))
  carryOut(
    key,
    endpoints,
    recycle(plan, () => true),
    context,
  )
}

const sliceKey = (type: string, ports: readonly EndpointPort[] | null | undefined): string => `${type} ${portsKey(ports)}`

function desiredSlices({ subsets = [] }: Endpoints) {
  const desired = new Map<string, Desired>()
  let [skipped, invalid] = [0, 0]
  for (const { addresses = [], notReadyAddresses = [], ports: subsetPorts = [] } of repack(subsets)) {
    const ports = subsetPorts.map(({ name = '', ...port }) => ({ name, ...port }))
    let taken = 0
    const take = (address: EndpointAddress, ready: boolean): void => {
      if (taken >= MAX_PER_SUBSET) {
        skipped += 1
      } else if (!/^[\d.]+$|:/.test(address.ip)) {
        skipped += 1
        invalid += 1
      } else {
        taken += 1
        const type = address.ip.includes(':') ? 'IPv6' : 'IPv4'
        const key = sliceKey(type, ports)
        let at = desired.get(key)
        if (!at) desired.set(key, (at = { ports, type, endpoints: new Map() }))
        const endpoint = endpointFor(address, ready)
        at.endpoints.set(endpointKey(endpoint), endpoint)
      }
    }
    for (const address of addresses) take(address, true)
    for (const address of notReadyAddresses) take(address, false)
  }
  return { desired, skipped, invalid }
}

const endpointFor = ({ ip, hostname, nodeName, targetRef }: EndpointAddress, ready: boolean): Endpoint => ({
  addresses: [ip],
  conditions: { ready },
  ...(hostname ? { hostname } : {}),
  ...(targetRef ? { targetRef } : {}),
  ...(nodeName !== undefined ? { nodeName } : {}),
})

function mirroredAnnotations({ metadata }: Endpoints): Record<string, string> {
  const { [TRIGGER_TIME]: _t, [LAST_APPLIED]: _l, ...annotations } = metadata.annotations ?? {}
  return annotations
}

function upToDate(slice: EndpointSlice, { endpoints: wanted }: Desired, endpoints: Endpoints): boolean {
  const present = slice.endpoints ?? []
  const same = (endpoint: Endpoint): boolean => {
    const found = wanted.get(endpointKey(endpoint))
    return found !== undefined && sameEndpoint(found, endpoint)
  }
  if (present.length !== wanted.size || !present.every(same)) return false
  const { [MANAGED_BY]: _m, [SERVICE_NAME]: _s, ...labels } = slice.metadata.labels ?? {}
  const owner = slice.metadata.ownerReferences?.find(({ kind, name }) => kind === 'Endpoints' && name === endpoints.metadata.name)
  return (
    semanticallyEqual(labels, endpoints.metadata.labels) &&
    semanticallyEqual(mirroredAnnotations(endpoints), slice.metadata.annotations) &&
    (!owner || owner.uid === endpoints.metadata.uid)
  )
}

function sliceFor(endpoints: Endpoints, { ports, type, endpoints: wanted }: Desired, name: string): EndpointSlice {
  const { metadata } = endpoints
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name,
      ...(name ? {} : { generateName: `${metadata.name}-` }),
      namespace: metadata.namespace ?? '',
      labels: { ...metadata.labels, [SERVICE_NAME]: metadata.name, [MANAGED_BY]: MANAGER },
      annotations: mirroredAnnotations(endpoints),
      ownerReferences: [controllerRef(endpoints)],
    },
    addressType: type,
    endpoints: [...wanted.values()],
    ports: ports.length ? ports : null,
  }
}

function carryOut(key: string, endpoints: Endpoints, { create, update, remove }: Plan, context: Context): void {
  const { api } = context
  const because = `Endpoints ${endpoints.metadata.name} have changed`
  if (!endpoints.metadata.deletionTimestamp) {
    for (const slice of create) {
      const { name: _, ...metadata } = slice.metadata
      try {
        track(key, api.create<EndpointSlice>(SLICES, { ...slice, metadata }, { because }), context)
      } catch (error) {
        if (isNamespaceTerminating(error)) return
        throw error
      }
    }
  }
  for (const slice of update) track(key, api.update<EndpointSlice>(SLICES, slice, { because }), context)
  for (const slice of remove) {
    api.delete(SLICES, slice.metadata.namespace ?? '', slice.metadata.name, { because })
    track(key, slice, context, true)
  }
}
