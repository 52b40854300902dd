/** How Endpoints become slices of their mirror: which there should be, and what has to be written (reconciler.go). */
import type { Endpoint, EndpointAddress, EndpointPort, EndpointSlice, Endpoints } from '#api/kinds.ts'
import { fail } from '#api/status.ts'
import type { Context } from '../../machinery/controller.ts'
import { controllerRef } from '../../machinery/owners.ts'
import { semanticallyEqual } from '../equal.ts'
import { isNamespaceTerminating } from '../pods.ts'
import { MANAGER, SLICES } from './mirroring.ts'
import { emptyPlan, endpointKey, type Plan, portsKey, recycle, sameEndpoint } from './slices.ts'
import { repack } from './subsets.ts'
import { isStale, MANAGED_BY, SERVICE_NAME, track } from './tracker.ts'
import { TRIGGER_TIME } from './trigger.ts'

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'
/** Addresses mirrored of one subset at most (--mirroring-max-endpoints-per-subset). */
const MAX_PER_SUBSET = 1000

interface Desired {
  ports: EndpointPort[]
  type: string
  endpoints: Map<string, Endpoint>
}

export function mirror(key: string, endpoints: Endpoints, existing: readonly EndpointSlice[], context: Context): void {
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
