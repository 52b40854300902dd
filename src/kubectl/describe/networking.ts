/** `kubectl describe` of Ingresses, their classes, and NetworkPolicies. */
import type { Service } from '#api/kinds.ts'
import type { AnyObject, LabelSelector } from '#api/meta.ts'
import { parseTime } from '#api/time.ts'
import { describer, listOf, type Surroundings } from './describer.ts'
import { type Page, selectorText } from './page.ts'
import { addressesText, slicesOf } from './services.ts'

export const ingress = describer({
  kinds: ['Ingress.networking.k8s.io'],
  async describe({ metadata, spec, status }: AnyObject, page, around) {
    const namespace = metadata.namespace ?? ''
    page.field(0, 'Name', metadata.name)
    page.pairs('Labels', metadata.labels)
    page.field(0, 'Namespace', namespace)
    const addresses = ((status?.loadBalancer?.ingress ?? []) as { ip?: string; hostname?: string }[]).map(
      (i) => i.ip || i.hostname || '',
    )
    page.field(0, 'Address', [...new Set(addresses)].sort().join(','))
    page.field(0, 'Ingress Class', spec.ingressClassName ?? '<none>')
    const fallback = spec.defaultBackend ? await backendText(around, namespace, spec.defaultBackend) : '<default>'
    page.field(0, 'Default backend', fallback)
    if (spec.tls?.length) page.line(0, 'TLS:')
    for (const { secretName, hosts = [] } of spec.tls ?? [])
      page.line(1, secretName ? `${secretName} terminates ${hosts.join(',')}` : `SNI routes ${hosts.join(',')}`)
    page.line(0, 'Rules:')
    page.table(1, ['Host', 'Path', 'Backends'], [])
    const rules = ((spec.rules ?? []) as AnyObject[]).filter((rule) => rule['http'])
    for (const { host, http } of rules) {
      page.line(1, `${host || '*'}\t`)
      for (const { path = '', backend } of http.paths)
        page.line(2, `\t${path} \t${await backendText(around, namespace, backend)}`)
    }
    if (rules.length === 0) page.line(1, `*\t*\t${fallback}`)
    page.annotations('Annotations', metadata.annotations)
  },
})

async function backendText(around: Surroundings, namespace: string, backend: AnyObject): Promise<string> {
  const { resource, service: target } = backend as {
    resource?: any
    service?: { name: string; port?: { number?: number; name?: string } }
  }
  if (!target) return resource ? `APIGroup: ${resource.apiGroup ?? '<none>'}, Kind: ${resource.kind}, Name: ${resource.name}` : ''
  const { number, name = '' } = target.port ?? {}
  const shown = `${target.name}:${number || name}`
  const services = await listOf<Service & AnyObject>(around, 'services', namespace, {
    fieldSelector: `metadata.name=${target.name}`,
  })
  const [service] = services
  if (!service) return `${shown} (<error: services "${target.name}" not found>)`
  const port = service.spec.ports?.find((p) => (number ? p.port === number : p.name === name))
  return `${shown} (${addressesText(await slicesOf(around, namespace, target.name), port?.name ?? '')})`
}

export const ingressClass = describer({
  kinds: ['IngressClass.networking.k8s.io'],
  describe({ metadata, spec }: AnyObject, page) {
    page.head({ metadata }, false)
    page.field(0, 'Controller', spec.controller ?? '')
    if (!spec.parameters) return
    page.line(0, 'Parameters:')
    if (spec.parameters.apiGroup !== undefined) page.field(1, 'APIGroup', spec.parameters.apiGroup)
    page.field(1, 'Kind', spec.parameters.kind)
    page.field(1, 'Name', spec.parameters.name)
  },
})

interface Rule {
  ports?: { port?: number | string; endPort?: number; protocol?: string }[]
  from?: Peer[]
  to?: Peer[]
}

interface Peer {
  podSelector?: LabelSelector
  namespaceSelector?: LabelSelector
  ipBlock?: { cidr: string; except?: string[] }
}

const INDENT = '    '

export const networkPolicy = describer({
  kinds: ['NetworkPolicy.networking.k8s.io'],
  events: false,
  describe({ metadata, spec }: AnyObject, page) {
    page.field(0, 'Name', metadata.name)
    page.field(0, 'Namespace', metadata.namespace)
    page.field(0, 'Created on', goTime(metadata.creationTimestamp))
    page.marks(metadata)
    page.line(0, 'Spec:')
    const all = '<none> (Allowing the specific traffic to all pods in this namespace)'
    page.line(1, `PodSelector:     ${selectorText(spec.podSelector) || all}`)
    const types = (spec.policyTypes ?? []) as string[]
    for (const [type, rules, word] of [
      ['Ingress', spec.ingress, 'From'],
      ['Egress', spec.egress, 'To'],
    ] as const) {
      const traffic = `${type.toLowerCase()} traffic`
      page.line(1, types.includes(type) ? `Allowing ${traffic}:` : `Not affecting ${traffic}`)
      if (types.includes(type)) describeRules(page, (rules ?? []) as Rule[], type.toLowerCase(), word)
    }
    page.line(1, `Policy Types: ${types.join(', ')}`)
  },
})

/** Go's Time.String(). */
function goTime(time: string | undefined): string {
  const at = parseTime(time)
  return Number.isNaN(at)
    ? '0001-01-01 00:00:00 +0000 UTC'
    : `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`
}

function describeRules(page: Page, rules: readonly Rule[], way: string, word: 'From' | 'To'): void {
  if (rules.length === 0) return page.line(0, `${INDENT}<none> (Selected pods are isolated for ${way} connectivity)`)
  for (const [i, { ports = [], from, to }] of rules.entries()) {
    if (ports.length === 0) page.line(0, `${INDENT}To Port: <any> (traffic allowed to all ports)`)
    for (const { port, endPort, protocol = 'TCP' } of ports) {
      page.line(
        0,
        `${INDENT}${endPort === undefined ? `To Port: ${port ?? '<nil>'}` : `To Port Range: ${port}-${endPort}`}/${protocol}`,
      )
    }
    const peers = (word === 'From' ? from : to) ?? []
    if (peers.length === 0)
      page.line(0, `${INDENT}${word}: <any> (traffic not restricted by ${word === 'From' ? 'source' : 'destination'})`)
    for (const peer of peers) describePeer(page, peer, word)
    if (i < rules.length - 1) page.line(0, `${INDENT}----------`)
  }
}

function describePeer(page: Page, { podSelector, namespaceSelector, ipBlock }: Peer, word: string): void {
  page.line(0, `${INDENT}${word}:`)
  if (namespaceSelector) page.line(1, `${INDENT}NamespaceSelector: ${selectorText(namespaceSelector) || '<none>'}`)
  if (podSelector) page.line(1, `${INDENT}PodSelector: ${selectorText(podSelector) || '<none>'}`)
  if (namespaceSelector || podSelector || !ipBlock) return
  page.line(1, `${INDENT}IPBlock:`)
  page.line(2, `${INDENT}CIDR: ${ipBlock.cidr}`)
  page.line(2, `${INDENT}Except: ${(ipBlock.except ?? []).join(', ')}`)
}
