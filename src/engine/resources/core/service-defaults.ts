/** Defaults of Services (SetDefaults_Service), and the normal form of their fields. */
import type { Service } from '#api/kinds.ts'
import { each, fill, put } from '../../apiserver/resource.ts'
import { shape } from '../pod/shape.ts'

type Spec = Service['spec']
type Status = NonNullable<Service['status']>

/** How long ClientIP affinity lasts: three hours. */
const AFFINITY_SECONDS = 10_800

const port = shape({
  omit: 'name nodePort',
  defaults: { port: 0, protocol: 'TCP' },
  finish(p) {
    const next = p.protocol === '' ? { ...p, protocol: 'TCP' } : p
    return next.targetPort === undefined || next.targetPort === 0 || next.targetPort === ''
      ? { ...next, targetPort: next.port }
      : next
  },
})

const normalSpec = shape({
  omit: 'selector clusterIP type sessionAffinity loadBalancerIP externalName externalTrafficPolicy healthCheckNodePort publishNotReadyAddresses',
  parts: { ports: port, sessionAffinityConfig: shape({ parts: { clientIP: shape({}) } }) },
  finish: withDefaults,
})

const ingress = shape({ omit: 'ip hostname', parts: { ports: shape({ defaults: { port: 0, protocol: '' } }) } })
const normalStatus = shape({
  parts: {
    loadBalancer: shape({ parts: { ingress } }),
    conditions: shape({ omit: 'observedGeneration', defaults: { lastTransitionTime: null } }),
  },
  always: ['loadBalancer'],
})

/** Can traffic from outside reach it (apis/core ExternallyAccessible)? */
export const isExternal = ({ type, externalIPs }: Spec): boolean =>
  type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && (externalIPs?.length ?? 0) > 0)

function withDefaults(given: Spec): Spec {
  let spec = fill(given, { sessionAffinity: 'None', type: 'ClusterIP' })
  if (spec.sessionAffinity === 'None' && spec.sessionAffinityConfig) {
    const { sessionAffinityConfig: _dropped, ...rest } = spec
    spec = rest
  }
  if (spec.sessionAffinity === 'ClientIP' && spec.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined) {
    spec = { ...spec, sessionAffinityConfig: { clientIP: { timeoutSeconds: AFFINITY_SECONDS } } }
  }
  if (isExternal(spec)) spec = fill(spec, { externalTrafficPolicy: 'Cluster' })
  if (['NodePort', 'LoadBalancer', 'ClusterIP'].includes(spec.type as string))
    spec = fill(spec, { internalTrafficPolicy: 'Cluster' })
  return spec.type === 'LoadBalancer' ? fill(spec, { allocateLoadBalancerNodePorts: true }) : spec
}

/** Addresses of load balancers are virtual ones unless they say otherwise. */
function withIpMode(status: Status): Status {
  const list = status.loadBalancer?.ingress
  if (!list) return status
  const next = each(list, (item) => (item.ip && item.ipMode === undefined ? { ...item, ipMode: 'VIP' } : item))
  return next === list ? status : { ...status, loadBalancer: { ...status.loadBalancer, ingress: next } }
}

export function defaultedService(service: Service): Service {
  const spec = normalSpec(service.spec ?? {})
  const status = normalStatus(service.status ?? {})
  return put(put(service, 'spec', spec), 'status', spec.type === 'LoadBalancer' ? withIpMode(status) : status)
}
