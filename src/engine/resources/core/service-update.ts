/** What a changed Service keeps, and what it loses, so that clients need not repeat what was allocated for them. */

import { equal } from '#api/equal.ts'
import type { Service, ServicePort } from '#api/kinds.ts'
import { each, type Hooks, put } from '../../apiserver/resource.ts'
import { needsHealthCheck, needsNodePorts, withClusterIp, withNodePorts, withUpdatedNodePorts } from './service-allocation.ts'
import { isExternal } from './service-defaults.ts'
import { withFamilies } from './service-families.ts'

type Spec = Service['spec']

export function prepareService(service: Service, hooks: Hooks): Service {
  const spec =
    service.spec.clusterIP && !service.spec.clusterIPs?.length
      ? { ...service.spec, clusterIPs: [service.spec.clusterIP] }
      : service.spec
  const fresh = put(put(service, 'spec', spec), 'status', { loadBalancer: {} })
  return withoutUnread(withNodePorts(withClusterIp(withFamilies(fresh, null), hooks), hooks))
}

export function prepareServiceUpdate(next: Service, old: Service, hooks: Hooks): Service {
  const patched = put(next, 'spec', normalised(withAllocated(next.spec, old.spec), old.spec))
  const families = withFamilies(patched, old)
  const addressed = old.spec.type === 'ExternalName' ? withClusterIp(families, hooks) : families
  const allocated = withUpdatedNodePorts(addressed, old, hooks)
  const kept = put(allocated, 'spec', withoutForeign(allocated.spec, old.spec))
  return withoutUnread(kept.spec.type === 'LoadBalancer' ? kept : withoutBalancer(kept))
}

/** ExternalName Services are read without the policy that defaulting once gave them; a wrong one is left for validation. */
function withoutUnread(service: Service): Service {
  const { type, internalTrafficPolicy: policy } = service.spec
  const unread = type === 'ExternalName' && (policy === 'Cluster' || policy === 'Local')
  return unread ? put(service, 'spec', without(service.spec, 'internalTrafficPolicy')) : service
}

const withoutBalancer = (service: Service): Service =>
  service.status?.loadBalancer?.ingress ? put(service, 'status', { ...service.status, loadBalancer: {} }) : service

const hasAddress = ({ type }: Spec): boolean => type !== 'ExternalName'
const holdsPorts = ({ type, allocateLoadBalancerNodePorts: allocate }: Spec): boolean =>
  type === 'NodePort' || (type === 'LoadBalancer' && allocate !== false)

/** patchAllocatedValues: what the client left out stays as it was allocated. */
function withAllocated(next: Spec, old: Spec): Spec {
  let spec = next
  if (hasAddress(old) && hasAddress(spec)) {
    if (!spec.clusterIP && old.clusterIP) spec = { ...spec, clusterIP: old.clusterIP }
    if (!spec.clusterIPs?.length && old.clusterIPs?.length) spec = { ...spec, clusterIPs: old.clusterIPs }
  }
  if (holdsPorts(old) && holdsPorts(spec) && spec.ports) spec = put(spec, 'ports', withOldPorts(spec.ports, old.ports ?? []))
  if (needsHealthCheck(old) && needsHealthCheck(spec) && !spec.healthCheckNodePort && old.healthCheckNodePort) {
    spec = { ...spec, healthCheckNodePort: old.healthCheckNodePort }
  }
  return spec
}

/** Node ports go by the names of their ports, unless another port uses them now. */
function withOldPorts(ports: ServicePort[], old: ServicePort[]): ServicePort[] {
  const before = new Set(old.map((port) => port.nodePort))
  const used = new Set(ports.map((port) => port.nodePort).filter((port) => before.has(port)))
  const byName = new Map(old.map((port) => [port.name ?? '', port.nodePort]))
  return each(ports, (port) => {
    const known = byName.get(port.name ?? '')
    return port.nodePort || !known || used.has(known) ? port : { ...port, nodePort: known }
  })
}

/** normalizeClusterIPs: old clients know only the singular field. */
function normalised(spec: Spec, old: Spec): Spec {
  const before = old.clusterIPs ?? []
  const [ip = '', was = ''] = [spec.clusterIP, old.clusterIP]
  if (before.length > 0 && !spec.clusterIPs?.length && ip === was) return { ...spec, clusterIPs: before }
  if (ip === was || !equal(spec.clusterIPs ?? [], before)) return spec
  if (ip !== '') return { ...spec, clusterIPs: [ip] }
  return without(spec, 'clusterIPs')
}

function without<K extends keyof Spec>(spec: Spec, key: K): Spec {
  if (spec[key] === undefined) return spec
  const { [key]: _gone, ...rest } = spec
  return rest
}

/** dropTypeDependentFields: what the new type has no use for goes, if the client left it alone. */
function withoutForeign(next: Spec, old: Spec): Spec {
  let spec = next
  const drop = (key: keyof Spec) => {
    if (equal(spec[key], old[key])) spec = without(spec, key)
  }
  if (hasAddress(old) && !hasAddress(spec)) {
    if (spec.clusterIP === old.clusterIP && equal(spec.clusterIPs, old.clusterIPs)) {
      spec = without(without(spec, 'clusterIP'), 'clusterIPs')
    }
    drop('ipFamilies')
    drop('ipFamilyPolicy')
  }
  if (needsNodePorts(old) && !needsNodePorts(spec) && spec.ports) {
    const held = new Set((old.ports ?? []).map((port) => port.nodePort))
    const foreign = spec.ports.some((port) => port.nodePort && !held.has(port.nodePort))
    if (!foreign) spec = put(spec, 'ports', each(spec.ports, withoutNodePort))
  }
  if (needsHealthCheck(old) && !needsHealthCheck(spec)) drop('healthCheckNodePort')
  if (old.type === 'LoadBalancer' && spec.type !== 'LoadBalancer') {
    drop('allocateLoadBalancerNodePorts')
    drop('loadBalancerClass')
  }
  if (isExternal(old) && !isExternal(spec)) drop('externalTrafficPolicy')
  return spec
}

function withoutNodePort(port: ServicePort): ServicePort {
  if (!port.nodePort) return port
  const { nodePort: _gone, ...rest } = port
  return rest
}
