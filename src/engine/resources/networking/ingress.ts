/** Ingress and IngressClass: names and paths from outside to Services. */
import type { AnyObject } from '#api/meta.ts'
import { put } from '../../apiserver/resource.ts'
import { type Details, freshStatus } from '../details.ts'
import { ageColumn, column, nameColumn } from '../pod/cells.ts'
import { validateIngressClass } from './ingress-class-validation.ts'
import { validateIngress, validateIngressStatus } from './ingress-validation.ts'

const SHOWN_HOSTS = 3

function hosts(ingress: AnyObject): string {
  const rules: { host?: string }[] = ingress['spec']?.rules ?? []
  const shown: string[] = []
  let more = false
  for (const { host } of rules) {
    if (shown.length === SHOWN_HOSTS) more = true
    if (!more && host) shown.push(host)
  }
  if (shown.length === 0) return '*'
  return more ? `${shown.join(',')} + ${rules.length - SHOWN_HOSTS} more...` : shown.join(',')
}

/** The load balancer's addresses. */
function address(ingress: AnyObject): string {
  const all: { ip?: string; hostname?: string }[] = ingress['status']?.loadBalancer?.ingress ?? []
  return [...new Set(all.map(({ ip, hostname }) => ip || hostname || '').filter(Boolean))].sort().join(',')
}

const OLD_CLASS = 'kubernetes.io/ingress.class'

export const ingresses: Details = {
  generation: true,
  prefix: 'ingress',
  metaOnUpdate: 'both',
  validate: validateIngress,
  validateStatus: validateIngressStatus,
  prepareCreate: freshStatus({ loadBalancer: {} }),
  warnings: ({ metadata, spec }: AnyObject, old) =>
    !old && metadata.annotations?.[OLD_CLASS] !== undefined && spec?.ingressClassName === undefined
      ? [`annotation "${OLD_CLASS}" is deprecated, please use 'spec.ingressClassName' instead`]
      : [],
  columns: [
    nameColumn,
    column('Class', (i: AnyObject) => i['spec']?.ingressClassName ?? '<none>'),
    column('Hosts', hosts, 'Hosts that incoming requests are matched against before the ingress rule'),
    column('Address', address, 'Address is a list containing ingress points for the load-balancer'),
    column('Ports', (i: AnyObject) => (i['spec']?.tls?.length ? '80, 443' : '80'), 'Ports of TLS configurations that open'),
    ageColumn,
  ],
}

const isDefault = (object: AnyObject): boolean =>
  object.metadata.annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true'

function parameters(ingressClass: AnyObject): string {
  const found = ingressClass['spec']?.parameters
  if (!found) return '<none>'
  return `${found.kind}${found.apiGroup === undefined ? '' : `.${found.apiGroup}`}/${found.name}`
}

export const ingressClasses: Details = {
  generation: true,
  metaOnUpdate: 'both',
  validate: validateIngressClass,
  defaults: (object: AnyObject) => {
    const given = object['spec']?.parameters
    if (!given || given.scope !== undefined) return object
    return put(object, 'spec', { ...object['spec'], parameters: { ...given, scope: 'Cluster' } })
  },
  columns: [
    { ...nameColumn, cell: (object: AnyObject) => object.metadata.name + (isDefault(object) ? ' (default)' : '') },
    column('Controller', (object: AnyObject) => object['spec']?.controller ?? ''),
    column('Parameters', parameters),
    ageColumn,
  ],
}
