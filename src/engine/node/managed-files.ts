/** Files that the kubelet writes for each pod: its names in /etc/hosts and /etc/hostname, its resolver's in /etc/resolv.conf. */
import type { Pod } from '#api/kinds.ts'

const DOMAIN = 'cluster.local'
const CLUSTER_DNS = '10.96.0.10'
/** The resolver of the machines. */
const HOST_DNS = '172.18.0.1'
const LONGEST = 63

const LOCAL = [
  '127.0.0.1\tlocalhost',
  '::1\tlocalhost ip6-localhost ip6-loopback',
  'fe00::0\tip6-localnet',
  'fe00::0\tip6-mcastprefix',
  'fe00::1\tip6-allnodes',
  'fe00::2\tip6-allrouters',
]

/** At most 63 characters, and no dash or dot at the end. */
const fitting = (name: string): string => (name.length <= LONGEST ? name : name.slice(0, LONGEST).replace(/[-.]+$/, ''))

/** The pod's host name, and the domain it is in, if any. */
export function namesOf({ metadata, spec }: Pod): { name: string; domain: string } {
  if (spec.hostnameOverride) return { name: fitting(spec.hostnameOverride), domain: '' }
  const domain = spec.subdomain ? `${spec.subdomain}.${metadata.namespace}.svc.${DOMAIN}` : ''
  return { name: fitting(spec.hostname || metadata.name), domain }
}

/** What `hostname` prints. */
export function hostnameOf(pod: Pod, nodeName: string): string {
  if (pod.spec.hostNetwork) return nodeName
  const { name, domain } = namesOf(pod)
  return pod.spec.setHostnameAsFQDN && domain !== '' ? `${name}.${domain}` : name
}

export function managedFile(path: string, pod: Pod, podIp: string, nodeName: string): string | undefined {
  switch (path) {
    case '/etc/hosts':
      return hosts(pod, podIp, nodeName)
    case '/etc/hostname':
      return `${hostnameOf(pod, nodeName)}\n`
    case '/etc/resolv.conf':
      return resolver(pod)
    default:
      return undefined
  }
}

function hosts(pod: Pod, podIp: string, nodeName: string): string {
  const { name, domain } = namesOf(pod)
  const header = pod.spec.hostNetwork ? '# Kubernetes-managed hosts file (host network).' : '# Kubernetes-managed hosts file.'
  const own = pod.spec.hostNetwork
    ? `${podIp}\t${nodeName}`
    : domain
      ? `${podIp}\t${name}.${domain}\t${name}`
      : `${podIp}\t${name}`
  const aliases = pod.spec.hostAliases ?? []
  const added = aliases.map(({ ip, hostnames = [] }) => `${ip}\t${hostnames.join('\t')}`)
  const lines = [header, ...LOCAL, own, ...(added.length > 0 ? ['', '# Entries added by HostAliases.', ...added] : [])]
  return lines.map((line) => `${line}\n`).join('')
}

interface DnsConfig {
  nameservers?: string[]
  searches?: string[]
  options?: { name: string; value?: string }[]
}

function resolver({ metadata, spec }: Pod): string {
  const { nameservers = [], searches = [], options = [] } = (spec.dnsConfig ?? {}) as DnsConfig
  const policy = spec.dnsPolicy
  const cluster = policy === 'ClusterFirstWithHostNet' || (policy === 'ClusterFirst' && !spec.hostNetwork)
  const own: Required<DnsConfig> =
    policy === 'None'
      ? { nameservers: [], searches: [], options: [] }
      : cluster
        ? {
            nameservers: [CLUSTER_DNS],
            searches: [`${metadata.namespace}.svc.${DOMAIN}`, `svc.${DOMAIN}`, DOMAIN],
            options: [{ name: 'ndots', value: '5' }],
          }
        : { nameservers: [HOST_DNS], searches: [], options: [] }
  const merged = [...own.options.filter(({ name }) => !options.some((each) => each.name === name)), ...options]
  return [
    ...line('search', [...own.searches, ...searches], ' '),
    ...line('nameserver', [...own.nameservers, ...nameservers], '\nnameserver '),
    ...line(
      'options',
      merged.map(({ name, value }) => (value ? `${name}:${value}` : name)),
      ' ',
    ),
  ].join('')
}

const line = (word: string, values: readonly string[], joint: string): string[] =>
  values.length > 0 ? [`${word} ${[...new Set(values)].join(joint)}\n`] : []
