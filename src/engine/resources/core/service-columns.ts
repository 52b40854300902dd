/** The table of Services (printService). */
import type { Service } from '#api/kinds.ts'
import type { Column } from '../../apiserver/resource.ts'
import { ageColumn, column, formatLabels, nameColumn, wide } from '../pod/cells.ts'

function balancers({ status }: Service): string[] {
  const addresses = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '')
  return [...new Set(addresses.filter((address) => address !== ''))].sort()
}

function externalAddress(service: Service): string {
  const { type, externalIPs = [], externalName } = service.spec
  switch (type) {
    case 'ClusterIP':
    case 'NodePort':
      return externalIPs.join(',') || '<none>'
    case 'LoadBalancer':
      return [...balancers(service), ...externalIPs].join(',') || '<pending>'
    case 'ExternalName':
      return externalName ?? ''
    default:
      return '<unknown>'
  }
}

const ports = ({ spec }: Service): string =>
  (spec.ports ?? [])
    .map(({ port, nodePort, protocol }) => (nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`))
    .join(',') || '<none>'

export const serviceColumns: Column<Service>[] = [
  nameColumn,
  column('Type', ({ spec }) => spec.type ?? ''),
  column('Cluster-IP', ({ spec }) => spec.clusterIPs?.[0] ?? '<none>'),
  column('External-IP', externalAddress),
  column('Port(s)', ports),
  ageColumn,
  wide('Selector', ({ spec }) => formatLabels(spec.selector)),
]
