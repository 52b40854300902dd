/** The cluster's names, as CoreDNS answers for them from what it has heard of Services, endpoints and namespaces (plugin/kubernetes). */
import type { Namespace } from '#api/kinds.ts'
import type { Cache } from '../machinery/informer.ts'
import { addressesOf, type ServiceTable, type Target, targets, type Version } from './table.ts'

/** CoreDNS hears of a change after so long. */
const LAG_MS = 20
export const DOMAIN = 'cluster.local'
const TTL = 30
export const REVERSE = '.in-addr.arpa'
/** The address that such a name is of. */
export const addressIn = (name: string): string => name.slice(0, -REVERSE.length).split('.').reverse().join('.')
const IPV4 = /^\d+\.\d+\.\d+\.\d+$/

export type RecordType = 'A' | 'AAAA' | 'CNAME' | 'SRV' | 'PTR' | 'TXT'

export interface DnsRecord {
  /** In full, without the dot at its end. */
  name: string
  type: RecordType
  ttl: number
  data: string
}

export interface DnsReply {
  rcode: 'NOERROR' | 'NXDOMAIN'
  records: DnsRecord[]
  /** `namespace/name` of the Service that was meant, or empty. */
  service: string
  /** For people. */
  why: string
}

export const nothing = (why: string): DnsReply => ({ rcode: 'NXDOMAIN', records: [], service: '', why })

/** Asks somebody else: for names that are none of the cluster's. */
export type Upstream = (name: string, type: RecordType) => DnsReply

export class Records {
  readonly #table: ServiceTable
  readonly #namespaces: Cache<Namespace>
  readonly #upstream: Upstream
  /** The namespace of the pod at an address. */
  readonly #namespaceAt: (ip: string) => string | undefined

  constructor(
    table: ServiceTable,
    namespaces: Cache<Namespace>,
    upstream: Upstream,
    namespaceAt: (ip: string) => string | undefined,
  ) {
    this.#table = table
    this.#namespaces = namespaces
    this.#upstream = upstream
    this.#namespaceAt = namespaceAt
  }

  /** `name` in full, in lower case, without the dot at its end. */
  answer(name: string, type: RecordType, upstream = this.#upstream, depth = 0): DnsReply {
    if (name.endsWith(REVERSE)) return this.#reverse(name)
    if (name !== DOMAIN && !name.endsWith(`.${DOMAIN}`)) return upstream(name, type)
    const labels = name === DOMAIN ? [] : name.slice(0, -DOMAIN.length - 1).split('.')
    const zone = labels.pop()
    if (zone === undefined) return this.#empty('the domain of the cluster itself')
    if (zone === 'dns-version' && labels.length === 0)
      return this.#found(name, 'TXT', type, ['"1.1.0"'], '', 'the version of this schema')
    const namespace = labels.pop()
    if (zone !== 'svc' && zone !== 'pod') return nothing(`NXDOMAIN: nothing in the cluster is called ${name}`)
    if (namespace === undefined) return this.#empty(`the zone of all ${zone}s`)
    if (!this.#namespaces.get('', namespace)) return nothing(`NXDOMAIN: there is no namespace ${namespace}`)
    const last = labels.pop()
    if (last === undefined) return this.#empty(`the zone of namespace ${namespace}`)
    if (zone === 'pod') return this.#pod(name, type, labels.length > 0 ? '' : last)
    return this.#service(name, type, `${namespace}/${last}`, labels, (to, key) =>
      this.#alias(name, type, key, to, depth, upstream),
    )
  }

  #empty(why: string): DnsReply {
    return { rcode: 'NOERROR', records: [], service: '', why }
  }

  /** There is such a name; its records, when they are of the type that was asked for. */
  #found(name: string, type: RecordType, asked: RecordType, data: readonly string[], service: string, why: string): DnsReply {
    const records = type === asked ? data.map((each) => ({ name, type, ttl: TTL, data: each })) : []
    return { rcode: 'NOERROR', records, service, why }
  }

  #pod(name: string, type: RecordType, dashed: string): DnsReply {
    const ip = dashed.replaceAll('-', '.')
    if (!IPV4.test(ip)) return nothing(`NXDOMAIN: ${dashed} is no address`)
    return this.#found(name, 'A', type, [ip], '', 'the address that the name itself says')
  }

  #service(
    name: string,
    type: RecordType,
    key: string,
    prefix: string[],
    alias: (to: string, key: string) => DnsReply,
  ): DnsReply {
    const version = this.#table.see(key, LAG_MS)
    const spec = version?.service?.spec
    const short = key.slice(key.indexOf('/') + 1)
    if (!version || !spec) return nothing(`NXDOMAIN: no Service is called ${short}`)
    if (spec.type === 'ExternalName') return alias(spec.externalName ?? '', key)
    const base = `${short}.${key.slice(0, key.indexOf('/'))}.svc.${DOMAIN}`
    const [port = '', protocol = ''] = prefix
    if (prefix.length === 2 && port.startsWith('_') && protocol.startsWith('_')) {
      return this.#ports(name, type, key, version, base, { port: port.slice(1), protocol: protocol.slice(1) })
    }
    if (spec.clusterIP && spec.clusterIP !== 'None') {
      if (prefix.length > 0) return nothing(`NXDOMAIN: ${short} has one address, and no names below its own`)
      if (type === 'SRV') return this.#ports(name, type, key, version, base, null)
      return this.#found(name, 'A', type, [spec.clusterIP], key, `the cluster address of ${short}`)
    }
    return this.#headless(name, type, key, version, base, prefix)
  }

  #headless(name: string, type: RecordType, key: string, version: Version, base: string, prefix: string[]): DnsReply {
    const short = key.slice(key.indexOf('/') + 1)
    const all = addressesOf(version)
    if (prefix.length > 1) return nothing(`NXDOMAIN: no endpoint of ${short} is called so`)
    const [host] = prefix
    if (host === undefined) {
      if (all.length === 0) return nothing(`NXDOMAIN: ${short} is headless, and none of its pods is ready`)
      if (type === 'SRV') return this.#ports(name, type, key, version, base, null)
      const ips = all.map((target) => target.ip)
      return this.#found(name, 'A', type, ips, key, `${short} is headless: the addresses of its pods`)
    }
    const ips = all.filter((target) => hostOf(target) === host).map((target) => target.ip)
    if (ips.length === 0) return nothing(`NXDOMAIN: no endpoint of ${short} is called ${host}`)
    return this.#found(name, 'A', type, ips, key, `the address of ${host}`)
  }

  #ports(
    name: string,
    type: RecordType,
    key: string,
    version: Version,
    base: string,
    wanted: { port: string; protocol: string } | null,
  ): DnsReply {
    const spec = version.service?.spec
    const ports = (spec?.ports ?? []).filter(
      (each) => !wanted || (each.name === wanted.port && (each.protocol ?? 'TCP').toLowerCase() === wanted.protocol),
    )
    if (ports.length === 0) return nothing(`NXDOMAIN: ${key} has no port that is called so`)
    const data: string[] = []
    const addresses: string[] = []
    for (const port of ports) {
      if (spec?.clusterIP !== 'None') {
        data.push(`0 100 ${port.port} ${base}.`)
        addresses.push(spec?.clusterIP ?? '')
        continue
      }
      const open = targets(version, port.name ?? '').filter((each) => each.ready)
      const weight = Math.max(1, Math.floor(100 / Math.max(1, open.length)))
      data.push(...open.map((each) => `0 ${weight} ${each.port} ${hostOf(each)}.${base}.`))
      addresses.push(...open.map((each) => each.ip))
    }
    if (data.length === 0) return nothing(`NXDOMAIN: no endpoint of ${key} is ready`)
    if (type === 'A') return this.#found(name, 'A', 'A', [...new Set(addresses)], key, `where ports of ${key} are served`)
    return this.#found(name, 'SRV', type, data, key, `the ports of ${key}`)
  }

  #alias(name: string, type: RecordType, key: string, to: string, depth: number, upstream: Upstream): DnsReply {
    const alias: DnsRecord = { name, type: 'CNAME', ttl: TTL, data: `${to}.` }
    if (type === 'CNAME' || depth > 6) return { rcode: 'NOERROR', records: [alias], service: key, why: `an alias of ${to}` }
    const next = this.answer(to.toLowerCase(), type, upstream, depth + 1)
    const outside = to.endsWith(`.${DOMAIN}`) ? '' : ', which is outside the cluster'
    return { rcode: next.rcode, records: [alias, ...next.records], service: key, why: `CNAME ${to}${outside}` }
  }

  #reverse(name: string): DnsReply {
    const ip = addressIn(name)
    const at = this.#nameOf(ip)
    if (!at) return nothing(`NXDOMAIN: no Service and no pod of a headless one has the address ${ip}`)
    return { rcode: 'NOERROR', records: [{ name, type: 'PTR', ttl: TTL, data: `${at}.` }], service: '', why: `${ip} is ${at}` }
  }

  #nameOf(ip: string): string | null {
    const key = this.#table.byIp(ip)
    const spec = key === undefined ? undefined : this.#table.see(key, LAG_MS)?.service?.spec
    if (key !== undefined && spec?.clusterIP === ip) return domainOf(key)
    const namespace = this.#namespaceAt(ip)
    if (namespace === undefined) return null
    for (const { metadata, spec: each } of this.#table.inNamespace(namespace)) {
      if (each.clusterIP !== 'None') continue
      const version = this.#table.see(`${namespace}/${metadata.name}`, LAG_MS)
      const target = version && addressesOf(version).find((one) => one.ip === ip)
      if (target) return `${hostOf(target)}.${domainOf(`${namespace}/${metadata.name}`)}`
    }
    return null
  }
}

const domainOf = (key: string): string => {
  const cut = key.indexOf('/')
  return `${key.slice(cut + 1)}.${key.slice(0, cut)}.svc.${DOMAIN}`
}

/** How an endpoint is called below its Service's name. */
const hostOf = ({ hostname, ip }: Target): string => hostname || ip.replaceAll('.', '-')
