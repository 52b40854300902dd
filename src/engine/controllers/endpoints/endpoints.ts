/** The endpoint controller: one Endpoints object per Service with a selector (pkg/controller/endpoint). */
import type { EndpointAddress, Endpoints, Pod, Service, ServicePort } from '#api/kinds.ts'
import { keyOf, splitKey } from '#api/meta.ts'
import { ApiError, isNotFound } from '#api/status.ts'
import { type Context, controller } from '../../machinery/controller.ts'
import { semanticallyEqual } from '../equal.ts'
import { isNamespaceTerminating, isReady } from '../pods.ts'
import {
  addressOf,
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
import { CAPACITY, Packer, type Port, repack, type Subset, sizeOf, truncated } from './subsets.ts'
import { forgetTrigger, triggerTime, withTrigger } from './trigger.ts'

const MANAGED_BY = 'endpoints.kubernetes.io/managed-by'
const NAME = 'endpoint-controller'
const HEADLESS = 'service.kubernetes.io/headless'
const OVER_CAPACITY = 'endpoints.kubernetes.io/over-capacity'
const LEADER = 'control-plane.alpha.kubernetes.io/leader'

export const endpoints = controller({
  name: NAME,
  indexes: memberIndexes,
  watches: [
    { resource: 'services', keys: (_change, service) => [keyOf(service.metadata)] },
    podWatch,
    {
      resource: 'endpoints',
      keys: (change, found, _old, context) => leftOver(change === 'deleted', found as Endpoints, context),
    },
  ],
  reconcile(key, context) {
    const service = context.cache<Service>('services').byKey(key)
    if (!service) return gone(key, context)
    if (hasEndpoints(service)) sync(key, service, context)
  },
})

/** Endpoints that vanished are made again; those found without a Service are deleted, but for leases in disguise. */
function leftOver(deleted: boolean, { metadata }: Endpoints, { cache }: Context): string[] {
  const key = keyOf(metadata)
  if (deleted) return [key]
  const orphan = metadata.labels?.[MANAGED_BY] === NAME && !cache('services').byKey(key) && !metadata.annotations?.[LEADER]
  return orphan ? [key] : []
}

function gone(key: string, context: Context): void {
  const { namespace, name } = splitKey(key)
  forgetTrigger(key, context)
  context.memory.delete(`stale/${key}`)
  rememberSize(key, 0, context)
  try {
    context.api.delete('endpoints', namespace, name, { because: `Service ${name} is gone` })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}

function sync(key: string, service: Service, context: Context): void {
  const pods = selectedPods(service, context)
  rememberSize(key, pods.length, context)
  const time = triggerTime(key, service, pods, context)
  const subsets = subsetsFor(service, pods)
  const present = context.cache<Endpoints>('endpoints').byKey(key)
  // The cache has not yet seen the last write.
  if (present && context.memory.get(`stale/${key}`) === present.metadata.resourceVersion) {
    context.later(key, 5)
    return
  }
  if (present && upToDate(present, service, subsets)) return
  const cut = truncated(subsets)
  const stored = cut ?? subsets
  const { subsets: _old, ...kept } = present ?? { apiVersion: 'v1', kind: 'Endpoints' }
  const { [OVER_CAPACITY]: _, ...annotations } = withTrigger(present?.metadata.annotations, time)
  const next: Endpoints = {
    ...kept,
    metadata: {
      ...(present?.metadata ?? { name: service.metadata.name, namespace: service.metadata.namespace ?? '' }),
      annotations: cut ? { ...annotations, [OVER_CAPACITY]: 'truncated' } : annotations,
      labels: labelsFor(service),
    },
    ...(stored.length ? { subsets: stored } : {}),
  }
  write(key, service, present, next, context)
}

function write(key: string, service: Service, present: Endpoints | undefined, next: Endpoints, context: Context): void {
  const { namespace, name } = splitKey(key)
  const because = `the Pods behind Service ${name} have changed`
  try {
    if (!present) context.api.create<Endpoints>('endpoints', next, { because })
    else {
      const updated = context.api.update<Endpoints>('endpoints', next, { because })
      const { resourceVersion } = present.metadata
      if (updated.metadata.resourceVersion !== resourceVersion) context.memory.set(`stale/${key}`, resourceVersion)
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (!present && isNamespaceTerminating(error)) return
    if (present)
      context.events.record(
        next,
        'Warning',
        'FailedToUpdateEndpoint',
        `Failed to update endpoint ${namespace}/${name}: ${error.message}`,
      )
    else
      context.events.record(
        next,
        'Warning',
        'FailedToCreateEndpoint',
        `Failed to create endpoint for service ${service.metadata.namespace}/${name}: ${error.message}`,
      )
    throw error
  }
}

function labelsFor(service: Service): Record<string, string> {
  const { [HEADLESS]: _, ...labels } = service.metadata.labels ?? {}
  return { ...labels, ...(isHeadless(service) ? { [HEADLESS]: '' } : {}), [MANAGED_BY]: NAME }
}

function upToDate({ metadata, subsets = [] }: Endpoints, service: Service, wanted: readonly Subset[]): boolean {
  if (metadata.labels?.[MANAGED_BY] !== NAME) return false
  const { [HEADLESS]: _h, [MANAGED_BY]: _m, ...labels } = metadata.labels ?? {}
  if (!semanticallyEqual(labels, service.metadata.labels)) return false
  if (sizeOf(subsets) > CAPACITY || metadata.annotations?.[OVER_CAPACITY] !== undefined) return false
  return semanticallyEqual(subsets, wanted, 'resourceVersion') || semanticallyEqual(repack(subsets), wanted, 'resourceVersion')
}

function subsetsFor(service: Service, pods: readonly Pod[]): Subset[] {
  const { spec } = service
  const packer = new Packer()
  const ipv6 = spec.ipFamilies?.[0] === 'IPv6' || (!spec.ipFamilies && (spec.clusterIP ?? '').includes(':'))
  for (const pod of pods) {
    const tolerant = spec.publishNotReadyAddresses === true
    const ip = belongs(pod, tolerant) ? addressOf(pod, ipv6) : undefined
    if (ip === undefined) continue
    const address = addressFor(pod, service, ip)
    const ready = tolerant || isReady(pod)
    if (!spec.ports?.length) {
      if (spec.clusterIP === 'None') packer.add(address, null, ready)
    } else for (const port of spec.ports) addAt(packer, pod, address, port, ready)
  }
  return packer.pack()
}

function addAt(packer: Packer, pod: Pod, address: EndpointAddress, service: ServicePort, ready: boolean): void {
  const port = targetPort(pod, service)
  if (port === undefined) return
  const { name, protocol = 'TCP', appProtocol } = service
  const at: Port = { ...(name ? { name } : {}), port, protocol, ...(appProtocol ? { appProtocol } : {}) }
  packer.add(address, at, ready)
}

function addressFor(pod: Pod, service: Service, ip: string): EndpointAddress {
  const { name, namespace, uid } = pod.metadata
  const hostname = hostnameFor(pod, service)
  return {
    ip,
    ...(hostname ? { hostname } : {}),
    nodeName: pod.spec.nodeName ?? '',
    targetRef: { kind: 'Pod', namespace: namespace ?? '', name, uid: uid ?? '' },
  }
}
