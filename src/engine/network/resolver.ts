/** A container's resolver: its hosts file, then its search path, asked of its name servers one name after the other. */
import type { Pod } from '#api/kinds.ts'
import { type DnsRecord, type DnsReply, DOMAIN, type RecordType } from './records.ts'

/** The Service of the cluster's DNS. */
const CLUSTER_DNS = '10.96.0.10'
/** The resolver of the machines. */
export const HOST_DNS = '172.18.0.1'
const IPV4 = /^\d+\.\d+\.\d+\.\d+$/

export interface Configuration {
  servers: readonly string[]
  searches: readonly string[]
  ndots: number
  /** Names of the hosts file. */
  hosts: ReadonlyMap<string, string>
}

/** What a look-up came to. */
export interface Answer {
  /** The name that was found, in full; else the one asked for. */
  name: string
  /** `TIMEOUT`: no server has answered. */
  rcode: 'NOERROR' | 'NXDOMAIN' | 'TIMEOUT'
  records: readonly DnsRecord[]
  addresses: string[]
  /** Names that an address has. */
  names: string[]
  /** The name behind an alias. */
  canonical?: string
  /** Who has answered, or was asked in vain. */
  server: string
  /** Names that were tried, in their order. */
  tried: string[]
  service: string
  why: string
}

/** One question to one server; null: it didn't answer. */
export type Query = (server: string, name: string, type: RecordType) => DnsReply | null

interface DnsConfig {
  nameservers?: string[]
  searches?: string[]
  options?: { name: string; value?: string }[]
}

const inCluster = (namespace: string): readonly string[] => [`${namespace}.svc.${DOMAIN}`, `svc.${DOMAIN}`, DOMAIN]
const LOOPBACK: ReadonlyMap<string, string> = new Map([['localhost', '127.0.0.1']])

/** Where no pod asks: as one in the namespace would, or (without one) as the machines do. */
export const configurationIn = (namespace: string): Configuration =>
  namespace === ''
    ? { servers: [HOST_DNS], searches: [], ndots: 1, hosts: LOOPBACK }
    : { servers: [CLUSTER_DNS], searches: inCluster(namespace), ndots: 5, hosts: LOOPBACK }

const known = new WeakMap<Pod, Configuration>()

/** What the kubelet writes into a pod's /etc/resolv.conf and /etc/hosts. */
export function configurationOf(pod: Pod, ip: string): Configuration {
  let found = known.get(pod)
  if (!found) known.set(pod, (found = configure(pod, ip)))
  return found
}

function configure({ metadata, spec }: Pod, ip: string): Configuration {
  const { nameservers = [], searches = [], options = [] } = (spec.dnsConfig ?? {}) as DnsConfig
  const { dnsPolicy, hostNetwork } = spec
  const cluster = dnsPolicy === 'ClusterFirstWithHostNet' || (dnsPolicy === 'ClusterFirst' && !hostNetwork)
  const base = dnsPolicy === 'None' ? null : configurationIn(cluster ? (metadata.namespace ?? '') : '')
  const ndots = options.find(({ name }) => name === 'ndots')?.value
  const hosts = new Map(LOOPBACK)
  const name = spec.hostname || metadata.name
  hosts.set(name, ip)
  if (spec.subdomain) hosts.set(`${name}.${spec.subdomain}.${metadata.namespace}.svc.${DOMAIN}`, ip)
  for (const alias of spec.hostAliases ?? []) for (const each of alias.hostnames ?? []) hosts.set(each, alias.ip)
  return {
    servers: [...new Set([...(base?.servers ?? []), ...nameservers])],
    searches: [...new Set([...(base?.searches ?? []), ...searches])],
    ndots: ndots === undefined ? (base?.ndots ?? 1) : Number(ndots),
    hosts,
  }
}

/** The names that are tried: those with few dots first in each domain of the search path. */
export function candidates(name: string, { searches, ndots }: Configuration): string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)]
  const dots = name.split('.').length - 1
  const inDomains = searches.map((domain) => `${name}.${domain}`)
  return dots >= ndots ? [name, ...inDomains] : [...inDomains, name]
}

const plain = (asked: string, ip: string, why: string): Answer => ({
  name: asked,
  rcode: 'NOERROR',
  records: [],
  addresses: [ip],
  names: [],
  server: '',
  tried: [],
  service: '',
  why,
})

/** Looks a name up; the hosts file knows addresses only. */
export function lookUp(asked: string, type: RecordType, configuration: Configuration, query: Query): Answer {
  if (type === 'A' && IPV4.test(asked)) return plain(asked, asked, 'it is an address')
  const host = type === 'A' ? configuration.hosts.get(asked.replace(/\.$/, '')) : undefined
  if (host !== undefined)
    return plain(asked, host, asked === 'localhost' ? 'it is this host itself' : 'its own hosts file says so')
  if (type === 'PTR')
    return search(asked, [IPV4.test(asked) ? reversed(asked) : asked.replace(/\.$/, '')], type, configuration, query)
  return search(asked, candidates(asked, configuration), type, configuration, query)
}

const reversed = (ip: string): string => `${ip.split('.').reverse().join('.')}.in-addr.arpa`

function search(asked: string, names: string[], type: RecordType, { servers }: Configuration, query: Query): Answer {
  const tried: string[] = []
  let best: Answer | null = null
  for (const name of names) {
    tried.push(name)
    const reply = ask(name, type, servers, query)
    if (!reply) {
      const why = servers.length === 0 ? 'it has no name server' : `its name server ${servers.join(', ')} didn't answer`
      const server = servers[0] ?? ''
      return { ...plain(asked, '', why), rcode: 'TIMEOUT', addresses: [], server, tried }
    }
    const answer = answerOf(name, reply, tried)
    if (answer.records.length > 0) return answer
    // A name that exists without such records says more than one that doesn't.
    if (!best || (best.rcode === 'NXDOMAIN' && answer.rcode === 'NOERROR')) best = answer
  }
  if (best && best.rcode === 'NOERROR') return { ...best, tried }
  return {
    ...plain(asked, '', `NXDOMAIN: no Service is called ${asked.replace(/\.$/, '')}`),
    rcode: 'NXDOMAIN',
    addresses: [],
    server: best?.server ?? servers[0] ?? '',
    tried,
  }
}

/** The next server is asked when one is silent. */
function ask(name: string, type: RecordType, servers: readonly string[], query: Query): (DnsReply & { server: string }) | null {
  for (const server of servers) {
    const reply = query(server, name.toLowerCase(), type)
    if (reply) return { ...reply, server }
  }
  return null
}

function answerOf(name: string, reply: DnsReply & { server: string }, tried: readonly string[]): Answer {
  const { rcode, records, server, service, why } = reply
  const alias = records.findLast((record) => record.type === 'CNAME')
  return {
    name,
    rcode,
    records,
    addresses: records.filter((record) => record.type === 'A').map((record) => record.data),
    names: records.filter((record) => record.type === 'PTR').map((record) => record.data.replace(/\.$/, '')),
    ...(alias ? { canonical: alias.data.replace(/\.$/, '') } : {}),
    server,
    tried: [...tried],
    service,
    why,
  }
}
