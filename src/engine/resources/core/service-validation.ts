/** What is wrong with a Service (pkg/apis/core/validation validateService). */
import { duplicate, type FieldError, forbiddenField, invalid, notListed, notSupported, required } from '#api/field-error.ts'
import { endpointIpErrors, legacyCidrErrors, legacyIpErrors, parseIp } from '#api/ip.ts'
import type { Service, ServicePort } from '#api/kinds.ts'
import { isDns1123Label, isDns1123Subdomain, isPortName, isPortNumber, isQualifiedName } from '#api/names.ts'
import { validateLabels } from '../../apiserver/metadata/selector.ts'
import { needsHealthCheck } from './service-allocation.ts'
import { isExternal } from './service-defaults.ts'
import { clusterIpChangeErrors, clusterIpErrors, isHeadless } from './service-ip-validation.ts'

type Spec = Service['spec']

const AFFINITIES = ['ClientIP', 'None']
const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']
const POLICIES = ['Cluster', 'Local']
const DISTRIBUTIONS = ['PreferClose', 'PreferSameZone', 'PreferSameNode']
const PROTOCOLS = ['SCTP', 'TCP', 'UDP']
const DAY_SECONDS = 86_400
const RANGES = 'service.beta.kubernetes.io/load-balancer-source-ranges'
const HINTS = 'service.kubernetes.io/topology-aware-hints'
const MODE = 'service.kubernetes.io/topology-mode'
const BALANCER_ONLY = "may only be used when `type` is 'LoadBalancer'"

export function validateService(service: Service, old: Service | null): FieldError[] {
  const { spec } = service
  return [
    ...(old ? changeErrors(spec, old.spec) : []),
    ...annotationErrors(service.metadata.annotations),
    ...typeErrors(spec),
    ...portErrors(spec.ports ?? []),
    ...validateLabels(spec.selector, 'spec.selector'),
    ...affinityErrors(spec),
    ...clusterIpErrors(spec, old?.spec ?? null),
    ...externalIpErrors(spec.externalIPs ?? [], old?.spec.externalIPs ?? []),
    ...(TYPES.includes(spec.type ?? '') ? [] : [notSupported('spec.type', spec.type ?? '', TYPES)]),
    ...repeatedErrors(spec),
    ...balancerErrors(service, old),
    ...trafficErrors(spec),
  ]
}

function changeErrors(next: Spec, old: Spec): FieldError[] {
  const both = next.type === 'LoadBalancer' && old.type === 'LoadBalancer'
  const changed = both && next.loadBalancerClass !== old.loadBalancerClass
  const checked = needsHealthCheck(old) && needsHealthCheck(next)
  return [
    ...clusterIpChangeErrors(next, old),
    ...(changed ? [invalid('spec.loadBalancerClass', next.loadBalancerClass, 'may not change once set')] : []),
    ...classErrors(next),
    ...(checked && next.healthCheckNodePort !== old.healthCheckNodePort
      ? [forbiddenField('spec.healthCheckNodePort', 'field is immutable')]
      : []),
  ]
}

function annotationErrors(annotations: Record<string, string> = {}): FieldError[] {
  const [mode, hints] = [annotations[MODE], annotations[HINTS]]
  if (mode === undefined || hints === undefined || mode === hints) return []
  return [invalid(`metadata.annotations[${MODE}]`, mode, `must match annotations[${HINTS}] when both are specified`)]
}

function typeErrors(spec: Spec): FieldError[] {
  const { type = '', ports = [], clusterIPs = [] } = spec
  const errors = ports.length === 0 && !isHeadless(spec) && type !== 'ExternalName' ? [required('spec.ports')] : []
  if ((type === 'LoadBalancer' || type === 'NodePort') && isHeadless(spec)) {
    errors.push(invalid('spec.clusterIPs[0]', clusterIPs[0], `may not be set to 'None' for ${type} services`))
  }
  return type === 'ExternalName' ? [...errors, ...externalNameErrors(spec)] : errors
}

function externalNameErrors({ clusterIPs, ipFamilies, ipFamilyPolicy, externalName = '' }: Spec): FieldError[] {
  const unset = (field: string, set: unknown) => (set ? [forbiddenField(field, 'may not be set for ExternalName services')] : [])
  const name = externalName.replace(/\.$/, '')
  return [
    ...unset('spec.clusterIPs', clusterIPs?.length),
    ...unset('spec.ipFamilies', ipFamilies?.length),
    ...unset('spec.ipFamilyPolicy', ipFamilyPolicy !== undefined),
    ...(name ? isDns1123Subdomain(name).map((p) => invalid('spec.externalName', name, p)) : [required('spec.externalName')]),
  ]
}

function portErrors(ports: ServicePort[]): FieldError[] {
  const names = new Set<string>()
  return ports.flatMap((port, i) => onePortErrors(port, ports.length > 1, names, `spec.ports[${i}]`))
}

function onePortErrors(port: ServicePort, needsName: boolean, names: Set<string>, field: string): FieldError[] {
  const { name = '', protocol = '', targetPort, appProtocol } = port
  const repeated = names.has(name)
  if (name) names.add(name)
  return [
    ...(needsName && !name ? [required(`${field}.name`)] : []),
    ...(name ? isDns1123Label(name).map((problem) => invalid(`${field}.name`, name, problem)) : []),
    ...(name && repeated ? [duplicate(`${field}.name`, name)] : []),
    ...isPortNumber(port.port).map((problem) => invalid(`${field}.port`, port.port, problem)),
    ...(PROTOCOLS.includes(protocol) ? [] : [notSupported(`${field}.protocol`, protocol, PROTOCOLS)]),
    ...(typeof targetPort === 'string' ? isPortName(targetPort) : isPortNumber(targetPort ?? 0)).map((problem) =>
      invalid(`${field}.targetPort`, targetPort ?? 0, problem),
    ),
    ...(appProtocol === undefined
      ? []
      : isQualifiedName(appProtocol).map((problem) => invalid(`${field}.appProtocol`, appProtocol, problem))),
  ]
}

function affinityErrors({ sessionAffinity = '', sessionAffinityConfig: config }: Spec): FieldError[] {
  if (sessionAffinity === '') return [required('spec.sessionAffinity')]
  if (!AFFINITIES.includes(sessionAffinity)) return [notSupported('spec.sessionAffinity', sessionAffinity, AFFINITIES)]
  if (sessionAffinity === 'None') {
    return config ? [forbiddenField('spec.sessionAffinityConfig', 'must not be set when session affinity is None')] : []
  }
  const seconds = config?.clientIP?.timeoutSeconds ?? 0
  const field = 'spec.sessionAffinityConfig.clientIP.timeoutSeconds'
  return seconds <= 0 || seconds > DAY_SECONDS
    ? [invalid(field, seconds, `must be greater than 0 and less than ${DAY_SECONDS}`)]
    : []
}

/** Addresses that were stored already pass the check of their spelling. */
const externalIpErrors = (ips: string[], known: string[]): FieldError[] =>
  ips.flatMap((ip, i) => {
    const spelling = known.includes(ip) ? [] : legacyIpErrors(`spec.externalIPs[${i}]`, ip)
    return spelling.length > 0 ? spelling : endpointIpErrors(`spec.externalIPs[${i}]`, ip)
  })

/** Node ports of the wrong type, and what is there twice. */
function repeatedErrors({ type, ports = [] }: Spec): FieldError[] {
  const nodePorts = new Set<string>()
  const seen = new Set<string>()
  const twice = (set: Set<string>, key: string) => {
    const found = set.has(key)
    set.add(key)
    return found
  }
  const field = (i: number) => `spec.ports[${i}]`
  return [
    ...ports.flatMap(({ nodePort }, i) =>
      type === 'ClusterIP' && nodePort
        ? [forbiddenField(`${field(i)}.nodePort`, "may not be used when `type` is 'ClusterIP'")]
        : [],
    ),
    ...ports.flatMap(({ nodePort, protocol }, i) =>
      nodePort && twice(nodePorts, `${protocol}/${nodePort}`) ? [duplicate(`${field(i)}.nodePort`, nodePort)] : [],
    ),
    ...ports.flatMap(({ port, protocol = '' }, i) =>
      twice(seen, `${protocol}/${port}`) ? [duplicate(field(i), goPort(port, protocol))] : [],
    ),
  ]
}

/** As Go prints the struct that it compares by. */
const goPort = (port: number, protocol: string) => ({
  Name: '',
  Protocol: protocol,
  AppProtocol: null,
  Port: port,
  TargetPort: 0,
  NodePort: 0,
})

function balancerErrors(service: Service, old: Service | null): FieldError[] {
  const { spec } = service
  const foreign = spec.type !== 'LoadBalancer'
  return [
    ...rangeErrors(service, old, foreign),
    ...(foreign && spec.allocateLoadBalancerNodePorts !== undefined
      ? [forbiddenField('spec.allocateLoadBalancerNodePorts', BALANCER_ONLY)]
      : []),
    ...classErrors(spec),
  ]
}

function rangeErrors({ spec, metadata }: Service, old: Service | null, foreign: boolean): FieldError[] {
  const ranges = spec.loadBalancerSourceRanges ?? []
  // The capital letter is Kubernetes' own.
  const field = 'spec.LoadBalancerSourceRanges'
  if (ranges.length > 0) {
    const known = (old?.spec.loadBalancerSourceRanges ?? []).map((range) => range.trim())
    return [
      ...(foreign ? [forbiddenField(field, BALANCER_ONLY)] : []),
      ...ranges.flatMap((range, i) => (known.includes(range.trim()) ? [] : legacyCidrErrors(`${field}[${i}]`, range.trim()))),
    ]
  }
  const annotation = metadata.annotations?.[RANGES]
  if (annotation === undefined) return []
  const place = `metadata.annotations[${RANGES}]`
  const same = old?.metadata.annotations?.[RANGES] === annotation
  const parts = same || annotation.trim() === '' ? [] : annotation.split(',').map((part) => part.trim())
  return [...(foreign ? [forbiddenField(place, BALANCER_ONLY)] : []), ...parts.flatMap((part) => legacyCidrErrors(place, part))]
}

function classErrors({ type, loadBalancerClass }: Spec): FieldError[] {
  if (loadBalancerClass === undefined) return []
  if (type !== 'LoadBalancer') return [forbiddenField('spec.loadBalancerClass', BALANCER_ONLY)]
  return isQualifiedName(loadBalancerClass).map((problem) => invalid('spec.loadBalancerClass', loadBalancerClass, problem))
}

function trafficErrors(spec: Spec): FieldError[] {
  const { internalTrafficPolicy, trafficDistribution } = spec
  return [
    ...externalTrafficErrors(spec),
    ...healthCheckErrors(spec),
    ...(internalTrafficPolicy !== undefined && !POLICIES.includes(internalTrafficPolicy)
      ? [notSupported('spec.internalTrafficPolicy', internalTrafficPolicy, POLICIES)]
      : []),
    ...(trafficDistribution !== undefined && !DISTRIBUTIONS.includes(trafficDistribution)
      ? [notListed('spec.trafficDistribution', trafficDistribution, DISTRIBUTIONS)]
      : []),
  ]
}

function externalTrafficErrors(spec: Spec): FieldError[] {
  const policy = spec.externalTrafficPolicy ?? ''
  const field = 'spec.externalTrafficPolicy'
  if (!isExternal(spec)) return policy ? [invalid(field, policy, 'may only be set for externally-accessible services')] : []
  if (policy === '') return [required(field)]
  return POLICIES.includes(policy) ? [] : [notSupported(field, policy, POLICIES)]
}

function healthCheckErrors(spec: Spec): FieldError[] {
  const port = spec.healthCheckNodePort ?? 0
  const field = 'spec.healthCheckNodePort'
  if (!needsHealthCheck(spec)) {
    const when = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
    return port ? [invalid(field, port, when)] : []
  }
  return port ? isPortNumber(port).map((problem) => invalid(field, port, problem)) : [required(field)]
}

type Ingress = NonNullable<NonNullable<NonNullable<Service['status']>['loadBalancer']>['ingress']>[number]

/** ValidateLoadBalancerStatus. */
export function validateServiceStatus({ spec, status }: Service, old: Service): FieldError[] {
  const list = status?.loadBalancer?.ingress ?? []
  const field = 'status.loadBalancer.ingress'
  if (spec.type !== 'LoadBalancer') {
    return list.length > 0 ? [forbiddenField(field, "may only be used when `spec.type` is 'LoadBalancer'")] : []
  }
  const known = (old.status?.loadBalancer?.ingress ?? []).map((ingress) => ingress.ip)
  return list.flatMap((ingress, i) => ingressErrors(ingress, known, `${field}[${i}]`))
}

function ingressErrors({ ip, ipMode, hostname }: Ingress, known: (string | undefined)[], field: string): FieldError[] {
  const modes = ['Proxy', 'VIP']
  return [
    ...(ip && !known.includes(ip) ? legacyIpErrors(`${field}.ip`, ip) : []),
    ...(ip && ipMode === undefined ? [required(`${field}.ipMode`, 'must be specified when `ip` is set')] : []),
    ...(!ip && ipMode !== undefined ? [forbiddenField(`${field}.ipMode`, 'may not be specified when `ip` is not set')] : []),
    ...(ip && ipMode !== undefined && !modes.includes(ipMode) ? [notSupported(`${field}.ipMode`, ipMode, modes)] : []),
    ...(hostname ? isDns1123Subdomain(hostname).map((p) => invalid(`${field}.hostname`, hostname, p)) : []),
    ...(hostname && parseIp(hostname) ? [invalid(`${field}.hostname`, hostname, 'must be a DNS name, not an IP address')] : []),
  ]
}
