/** `kubectl describe` of Services, Endpoints and EndpointSlices. */
import type { Endpoints, Service } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { describer, listOf, type Surroundings } from './describer.ts'
import { mapText } from './page.ts'

export const service = describer({
  kinds: ['Service'],
  async describe({ metadata, spec, status }: Service, page, around) {
    page.head({ metadata })
    page.field(0, 'Selector', mapText(spec.selector))
    page.field(0, 'Type', spec.type ?? '')
    if (spec.ipFamilyPolicy) page.field(0, 'IP Family Policy', spec.ipFamilyPolicy)
    page.field(0, 'IP Families', spec.ipFamilies?.join(',') || '<none>')
    page.field(0, 'IP', spec.clusterIP ?? '')
    page.field(0, 'IPs', spec.clusterIPs?.join(',') || '<none>')
    if (spec.externalIPs?.length) page.field(0, 'External IPs', spec.externalIPs.join(','))
    if (spec.loadBalancerIP) page.field(0, 'Desired LoadBalancer IP', spec.loadBalancerIP)
    if (spec.externalName) page.field(0, 'External Name', spec.externalName)
    const ingress = status?.loadBalancer?.ingress ?? []
    const addresses = ingress.map(({ ip, ipMode, hostname }) => (ip ? `${ip}${ipMode ? ` (${ipMode})` : ''}` : (hostname ?? '')))
    if (addresses.length > 0) page.field(0, 'LoadBalancer Ingress', addresses.join(', '))
    const slices = await slicesOf(around, metadata.namespace ?? '', metadata.name)
    for (const { name, port, protocol, targetPort, appProtocol, nodePort } of spec.ports ?? []) {
      page.line(0, `Port:\t${name || '<unset>'}\t${port}/${protocol}`)
      page.field(0, 'TargetPort', `${targetPort ?? 0}/${protocol}`)
      if (appProtocol) page.field(0, 'AppProtocol', appProtocol)
      if (nodePort) page.line(0, `NodePort:\t${name || '<unset>'}\t${nodePort}/${protocol}`)
      page.field(0, 'Endpoints', addressesText(slices, name ?? ''))
    }
    page.field(0, 'Session Affinity', spec.sessionAffinity ?? '')
    if (spec.externalTrafficPolicy) page.field(0, 'External Traffic Policy', spec.externalTrafficPolicy)
    if (spec.internalTrafficPolicy) page.field(0, 'Internal Traffic Policy', spec.internalTrafficPolicy)
    if (spec.healthCheckNodePort) page.field(0, 'HealthCheck NodePort', spec.healthCheckNodePort)
    if (spec.loadBalancerSourceRanges?.length)
      page.field(0, 'LoadBalancer Source Ranges', spec.loadBalancerSourceRanges.join(','))
    if (spec.trafficDistribution) page.field(0, 'Traffic Distribution', spec.trafficDistribution)
  },
})

export const slicesOf = (around: Surroundings, namespace: string, name: string): Promise<AnyObject[]> =>
  listOf(around, 'endpointslices.discovery.k8s.io', namespace, { labelSelector: `kubernetes.io/service-name=${name}` })

const SHOWN = 3

/** Up to three ready addresses of a port, and how many more there are (formatEndpointSlices). */
export function addressesText(slices: readonly AnyObject[], portName: string): string {
  if (slices.length === 0) return '<none>'
  const all = slices.flatMap((slice) => {
    const ready = ((slice['endpoints'] ?? []) as AnyObject[])
      .filter((e) => e['conditions']?.ready !== false)
      .map((e) => e['addresses'][0] as string)
    const ports = (slice['ports'] ?? []) as { name?: string; port: number }[]
    if (ports.length === 0) return ready
    const named = ports.filter((p) => (p.name ?? '') === portName)
    return named.flatMap(({ port }) => ready.map((address) => `${address.includes(':') ? `[${address}]` : address}:${port}`))
  })
  const text = all.slice(0, SHOWN).join(',')
  return all.length > SHOWN ? `${text} + ${all.length - SHOWN} more...` : text
}

export const endpoints = describer({
  kinds: ['Endpoints'],
  describe({ metadata, subsets = [] }: Endpoints, page) {
    page.head({ metadata })
    page.line(0, 'Subsets:')
    for (const { addresses = [], notReadyAddresses = [], ports = [] } of subsets) {
      page.field(1, 'Addresses', addresses.map((a) => a.ip).join(',') || '<none>')
      page.field(1, 'NotReadyAddresses', notReadyAddresses.map((a) => a.ip).join(',') || '<none>')
      if (ports.length > 0) {
        page.line(1, 'Ports:')
        page.table(
          2,
          ['Name', 'Port', 'Protocol'],
          ports.map(({ name, port, protocol }) => [name || '<unset>', port, protocol ?? 'TCP']),
        )
      }
      page.line(0, '')
    }
  },
})

export const endpointSlice = describer({
  kinds: ['EndpointSlice.discovery.k8s.io'],
  describe({ metadata, addressType, ports, endpoints: list }: AnyObject, page) {
    page.head({ metadata })
    page.field(0, 'AddressType', addressType)
    if (!ports?.length) page.line(0, 'Ports: <unset>')
    else {
      page.line(0, 'Ports:')
      const rows = (ports as AnyObject[]).map((p) => [p['name'] || '<unset>', p['port'] ?? '<unset>', p['protocol'] ?? 'TCP'])
      page.table(1, ['Name', 'Port', 'Protocol'], rows)
    }
    if (!list?.length) return page.line(0, 'Endpoints: <none>')
    page.line(0, 'Endpoints:')
    for (const { addresses = [], conditions = {}, hostname, targetRef, nodeName, zone } of list as AnyObject[]) {
      page.field(1, '- Addresses', addresses.join(', ') || '<none>')
      page.line(2, 'Conditions:')
      page.field(3, 'Ready', conditions.ready ?? '<unset>')
      page.field(2, 'Hostname', hostname ?? '<unset>')
      if (targetRef) page.field(2, 'TargetRef', `${targetRef.kind}/${targetRef.name}`)
      page.field(2, 'NodeName', nodeName ?? '<unset>')
      page.field(2, 'Zone', zone ?? '<unset>')
    }
  },
})
