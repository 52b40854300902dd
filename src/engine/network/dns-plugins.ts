/** The plugins of CoreDNS that decide what is answered: rewrite, template, hosts, kubernetes, forward. */
import { compileRegexp } from '#api/regexp/index.ts'
import { corefileOf, type Plugin, type ServerBlock, zoneOf } from './corefile.ts'
import { logQuery } from './dns-log.ts'
import type { DnsPorts } from './dns-server.ts'
import { addressIn, type DnsReply, DOMAIN, nothing, REVERSE, type RecordType } from './records.ts'
import { HOST_DNS } from './resolver.ts'

const PORT = 53
const TTL = 3600
const MOST_ALIASES = 7
const IPV4 = /^\d+\.\d+\.\d+\.\d+$/
const RESOLV_CONF = '/etc/resolv.conf'

const isIn = (zone: string, name: string): boolean => zone === '' || name === zone || name.endsWith(`.${zone}`)

/** The longest of the zones that a name is in. */
const longest = (zones: readonly string[], name: string): string | undefined =>
  zones.filter((zone) => isIn(zone, name)).sort((a, b) => b.length - a.length)[0]

const option = ({ block }: Plugin, name: string): string[] | undefined => block.find(([word]) => word === name)?.slice(1)

/** Whether names that a plugin does not find go on to the next. */
function fallsThrough(plugin: Plugin, name: string): boolean {
  const zones = option(plugin, 'fallthrough')
  return zones !== undefined && (zones.length === 0 || zones.some((zone) => isIn(zoneOf(zone), name)))
}

interface Question {
  name: string
  type: RecordType
  block: ServerBlock
  ports: DnsPorts
  /** What this server answers itself. */
  self(name: string, type: RecordType): DnsReply
}
/** Null: the next one is asked. */
type Answering = (plugin: Plugin, question: Question) => DnsReply | null

const found = (name: string, type: RecordType, ttl: number, data: string[], why: string): DnsReply => ({
  rcode: 'NOERROR',
  records: data.map((each) => ({ name, type, ttl, data: each })),
  service: '',
  why,
})

/** Addresses have the names that are written beside them. */
function hostsOf(plugin: Plugin, name: string): DnsReply | null {
  const names = plugin.block.filter(([ip]) => name.endsWith(REVERSE) && ip === addressIn(name)).flatMap(([, ...all]) => all)
  const ttl = Number(option(plugin, 'ttl')?.[0] ?? TTL)
  const full = names.map((each) => `${zoneOf(each)}.`)
  return names.length > 0 ? found(name, 'PTR', ttl, full, 'the Corefile says so') : null
}

const hosts: Answering = (plugin, { name, type, block }) => {
  if (type === 'PTR') return hostsOf(plugin, name)
  const zones = plugin.args.slice(1).map(zoneOf)
  if (longest(zones.length > 0 ? zones : block.zones, name) === undefined) return null
  const rows = plugin.block.filter(([word = '']) => IPV4.test(word))
  const ips = rows.filter(([, ...names]) => names.some((each) => zoneOf(each) === name)).map(([ip = '']) => ip)
  const ttl = Number(option(plugin, 'ttl')?.[0] ?? TTL)
  if (ips.length > 0) return found(name, type, ttl, type === 'A' ? ips : [], 'the Corefile says so')
  return fallsThrough(plugin, name) ? null : nothing(`NXDOMAIN: the hosts of the Corefile do not have ${name}`)
}

const kubernetes: Answering = (plugin, { name, type, block, ports, self }) => {
  const zone = longest(plugin.args.length > 0 ? plugin.args.map(zoneOf) : block.zones, name)
  if (zone === undefined) return null
  // Names of other domains are those of the cluster's own, under another end.
  const isOwn = zone === DOMAIN || zone === '' || zone.endsWith('arpa')
  const inner = isOwn ? name : `${name.slice(0, name.length - zone.length)}${DOMAIN}`
  const reply = ports.cluster(inner, type, self)
  if (reply.rcode === 'NXDOMAIN' && fallsThrough(plugin, name)) return null
  const ttl = option(plugin, 'ttl')?.[0]
  const back = (text: string): string => (isOwn ? text : text.replace(/cluster\.local(\.?)$/, `${zone}$1`))
  const records = reply.records.map((each) => ({
    ...each,
    name: back(each.name),
    data: back(each.data),
    ...(ttl ? { ttl: Number(ttl) } : {}),
  }))
  return { ...reply, records }
}

const forward: Answering = ({ args: [from = '.', ...to], block }, { name, type, ports }) => {
  const except = block.filter(([word]) => word === 'except').flatMap(([, ...zones]) => zones.map(zoneOf))
  if (!isIn(zoneOf(from), name) || except.some((zone) => isIn(zone, name))) return null
  for (const server of to) {
    const ip = server.replace(/^\w+:\/\//, '').replace(/:\d+$/, '')
    const reply = server === RESOLV_CONF || ip === HOST_DNS ? ports.outside(name, type) : ports.ask(ip, name, type)
    if (reply) return reply
  }
  return nothing(`SERVFAIL: nobody answers at ${to.join(', ')}`)
}

/** A pattern's groups; null: it does not match. One that is none has stopped CoreDNS when it read its Corefile. */
function groupsOf(pattern: string, text: string): string[] | null {
  const compiled = compileRegexp(pattern)
  return typeof compiled === 'string' ? null : compiled.groups(text)
}

const template: Answering = (plugin, { name, type, block }) => {
  const [, wanted = 'ANY', ...zones] = plugin.args
  if (wanted !== 'ANY' && wanted !== type) return null
  if (longest(zones.length > 0 ? zones.map(zoneOf) : block.zones, name) === undefined) return null
  const patterns = plugin.block.filter(([word]) => word === 'match').map(([, pattern = '']) => groupsOf(pattern, `${name}.`))
  if (patterns.length > 0 && !patterns.some((groups) => groups !== null)) return null
  if (option(plugin, 'rcode')?.[0] === 'NXDOMAIN') return nothing('NXDOMAIN: a template of the Corefile says so')
  const lines = plugin.block
    .filter(([word]) => word === 'answer')
    .map(([, text = '']) => text.replaceAll(/\{\{ *\.Name *\}\}/g, `${name}.`))
  const records = lines.flatMap((line) => {
    const [owner = '', ttl = '0', , kind = 'A', ...data] = line.split(/\s+/)
    return [{ name: zoneOf(owner), type: kind as RecordType, ttl: Number(ttl), data: data.join(' ') }]
  })
  return { rcode: 'NOERROR', records, service: '', why: 'a template of the Corefile' }
}

const ANSWERING: Readonly<Record<string, Answering>> = { template, hosts, kubernetes, forward }

/** A name as `rewrite` makes it, or null: the rule is for others. */
function rewritten({ args, block }: Plugin, name: string): string | null {
  const all = [...args, ...(block[0] ?? [])].filter((word) => word !== 'stop' && word !== 'continue')
  if (all.shift() !== 'name') return null
  const kind = ['exact', 'prefix', 'suffix', 'substring', 'regex'].includes(all[0] ?? '') ? (all.shift() as string) : 'exact'
  const [from = '', to = ''] = all
  const dotted = (text: string): string => `${zoneOf(text)}.`
  const full = `${name}.`
  if (kind === 'exact') return full === dotted(from) ? zoneOf(to) : null
  if (kind === 'suffix') return full.endsWith(dotted(from)) ? zoneOf(full.slice(0, -dotted(from).length) + dotted(to)) : null
  if (kind === 'prefix') return full.startsWith(from) ? zoneOf(to + full.slice(from.length)) : null
  if (kind === 'substring') return full.includes(from) ? zoneOf(full.replaceAll(from, to)) : null
  const groups = groupsOf(from, full)
  return groups && zoneOf(to.replaceAll(/\{(\d+)\}/g, (_, i) => groups[Number(i)] ?? ''))
}

export function answer(corefile: string, asked: string, type: RecordType, ports: DnsPorts, depth = 0): DnsReply | null {
  const servers = corefileOf(corefile).servers.filter(({ port }) => port === PORT)
  const zone = longest(
    servers.flatMap(({ zones }) => zones),
    asked,
  )
  const block = servers.find(({ zones }) => zone !== undefined && zones.includes(zone))
  if (!block) return nothing(`REFUSED: no block of the Corefile is for ${asked}`)
  let name = asked
  for (const plugin of block.plugins.filter((each) => each.name === 'rewrite')) {
    const next = rewritten(plugin, name)
    if (next === null) continue
    name = next
    if (!plugin.args.includes('continue')) break
  }
  const self = (to: string, what: RecordType): DnsReply =>
    (depth < MOST_ALIASES ? answer(corefile, to, what, ports, depth + 1) : null) ??
    nothing(`SERVFAIL: too many aliases before ${to}`)
  const [reply, by] = answered({ name, type, block, ports, self })
  const records = reply.records.map((each) => (each.name === name ? { ...each, name: asked } : each))
  const told = name === asked ? reply : { ...reply, records }
  const query = { name: asked, type, reply: told, forwarded: by === 'forward' }
  // What it asks itself about an alias is no query of anybody's.
  for (const plugin of block.plugins) if (plugin.name === 'log' && depth === 0) logQuery(plugin, query, ports)
  return told
}

/** By the first plugin that has an answer, which is named, too. */
function answered(question: Question): [DnsReply, string] {
  for (const plugin of question.block.plugins) {
    const reply = ANSWERING[plugin.name]?.(plugin, question)
    if (reply) return [reply, plugin.name]
  }
  return [nothing(`REFUSED: no plugin of the Corefile answers for ${question.name}`), '']
}
