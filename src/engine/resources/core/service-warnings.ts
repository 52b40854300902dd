/** What Kubernetes warns of in Services (pkg/api/service GetWarningsForService). */
import { cidrWarnings, ipWarnings } from '#api/ip.ts'
import type { Service } from '#api/kinds.ts'

const OLD_HINTS = 'service.kubernetes.io/topology-aware-hints'
const MODE = 'service.kubernetes.io/topology-mode'

export function serviceWarnings({ metadata, spec }: Service): string[] {
  const { clusterIPs = [], externalIPs = [], loadBalancerSourceRanges = [], loadBalancerIP, type } = spec
  const headless = type === 'ClusterIP' && spec.clusterIP === 'None'
  const addressed = type !== 'ExternalName' && !headless
  return [
    ...(metadata.annotations?.[OLD_HINTS] !== undefined
      ? [`annotation ${OLD_HINTS} is deprecated, please use ${MODE} instead`]
      : []),
    ...(addressed ? clusterIPs.flatMap((ip, i) => ipWarnings(`spec.clusterIPs[${i}]`, ip)) : []),
    ...(headless ? headlessWarnings(spec) : []),
    ...externalIPs.flatMap((ip, i) => ipWarnings(`spec.externalIPs[${i}]`, ip)),
    ...(externalIPs.length > 0 && addressed
      ? ['spec.externalIPs is deprecated and may no longer be implemented in some clusters']
      : []),
    ...(loadBalancerIP ? ipWarnings('spec.loadBalancerIP', loadBalancerIP) : []),
    ...loadBalancerSourceRanges.flatMap((cidr, i) => cidrWarnings(`spec.loadBalancerSourceRanges[${i}]`, cidr)),
    ...(type === 'ExternalName' && externalIPs.length > 0
      ? ['spec.externalIPs is ignored when spec.type is "ExternalName"']
      : []),
    ...(type !== 'ExternalName' && spec.externalName
      ? ['spec.externalName is ignored when spec.type is not "ExternalName"']
      : []),
    ...(spec.trafficDistribution === 'PreferClose'
      ? ['spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"']
      : []),
  ]
}

const headlessWarnings = (spec: Service['spec']): string[] => [
  ...(spec.loadBalancerIP ? ['spec.loadBalancerIP is ignored for headless services'] : []),
  ...(spec.externalIPs?.length ? ['spec.externalIPs is ignored for headless services'] : []),
  ...(spec.sessionAffinity !== 'None' ? ['spec.SessionAffinity is ignored for headless services'] : []),
]
