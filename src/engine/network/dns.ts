/** Names inside the cluster: what CoreDNS answers to a pod's resolver. */
import { addressesOf, type ServiceTable } from './table.ts'

/** CoreDNS hears of a change after so long. */
const DNS_LAG_MS = 20
const DOMAIN = 'cluster.local'

export interface Answer {
  /** Empty: no such name. */
  ips: string[]
  /** The Service that was meant. */
  service: string
  why: string
}

const IPV4 = /^\d+\.\d+\.\d+\.\d+$/

/** `name` as a container in `namespace` writes it: bare, with its namespace, or in full. */
export function resolve(table: ServiceTable, namespace: string, name: string): Answer {
  if (IPV4.test(name)) return { ips: [name], service: '', why: 'it is an address' }
  if (name === 'localhost') return { ips: ['127.0.0.1'], service: '', why: 'it is this host itself' }
  const absolute = name.endsWith('.')
  const bare = absolute ? name.slice(0, -1) : name
  const searched = absolute ? [bare] : [`${bare}.${namespace}.svc.${DOMAIN}`, `${bare}.svc.${DOMAIN}`, `${bare}.${DOMAIN}`, bare]
  for (const full of searched) {
    const answer = lookUp(table, full, 0)
    if (answer) return answer
  }
  return { ips: [], service: '', why: `NXDOMAIN: no Service is called ${name}` }
}

function lookUp(table: ServiceTable, full: string, depth: number): Answer | null {
  if (!full.endsWith(`.svc.${DOMAIN}`)) return null
  const parts = full.slice(0, -`.svc.${DOMAIN}`.length).split('.')
  const namespace = parts.pop()
  const name = parts.pop()
  if (!namespace || !name) return null
  const host = parts.join('.')
  const key = `${namespace}/${name}`
  const version = table.see(key, DNS_LAG_MS)
  const spec = version?.service?.spec
  if (!version || !spec) return null
  if (spec.type === 'ExternalName') {
    const alias = spec.externalName ?? ''
    const next = depth < 4 ? lookUp(table, alias, depth + 1) : null
    return next ?? { ips: [], service: key, why: `CNAME ${alias}, which is outside the cluster` }
  }
  if (spec.clusterIP && spec.clusterIP !== 'None') {
    return host ? null : { ips: [spec.clusterIP], service: key, why: `the cluster address of ${name}` }
  }
  const all = addressesOf(version)
  const asked = host ? all.filter((t) => t.hostname === host || t.ip.replaceAll('.', '-') === host) : all
  if (host && asked.length === 0) return null
  return {
    ips: asked.map((t) => t.ip),
    service: key,
    why: host ? `the address of ${host}` : `${name} is headless: the addresses of its pods`,
  }
}
