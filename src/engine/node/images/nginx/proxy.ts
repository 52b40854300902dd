/** nginx in front of others: upstreams, and what becomes of a request that is passed on (ngx_http_proxy_module.c). */
import type { HttpReply, HttpRequest, NoReply } from '../../../machinery/http.ts'
import { fnv1a } from '../../../sim/random.ts'
import { passedTo, placeOf } from './check.ts'
import { type Chain, firstOf, httpOf, said, within } from './site.ts'
import type { Directive } from './syntax.ts'
import { expand, type Passage } from './variables.ts'

/** What is known once the configuration has been read: which addresses names had then. */
export type Addresses = Readonly<Record<string, readonly string[]>>

interface Peer {
  ip: string
  port: number
  weight: number
  backup: boolean
}

const IP = /^(?:\d+\.){3}\d+$|^\[/

/** `name:port` of an upstream's server, and its options. */
export function peerOf({ args }: Directive): { host: string; port: number; weight: number; backup: boolean; down: boolean } {
  const [given = '', ...options] = args
  const [, host = given, port = '80'] = /^(.*?)(?::(\d+))?$/.exec(given) ?? []
  const weight = options.find((option) => option.startsWith('weight='))
  return {
    host,
    port: Number(port),
    weight: weight ? Number(weight.slice(7)) || 1 : 1,
    backup: options.includes('backup'),
    down: options.includes('down'),
  }
}

export const upstreamOf = (tree: readonly Directive[], name: string): Directive | undefined =>
  within(httpOf(tree), 'upstream').find(({ args }) => args[0] === name)

function peersOf(upstream: Directive, addresses: Addresses): Peer[] {
  return within(upstream, 'server').flatMap((server) => {
    const { host, port, weight, backup, down } = peerOf(server)
    if (down) return []
    const ips = IP.test(host) ? [host] : (addresses[host] ?? [])
    return ips.map((ip) => ({ ip, port, weight, backup }))
  })
}

/** In the order in which they are tried: by turns as their weights say, or always the same for one client. */
function ordered(upstream: Directive | undefined, peers: readonly Peer[], at: Passage): Peer[] {
  const usual = peers.filter(({ backup }) => !backup)
  const slots = usual.flatMap((peer) => Array.from({ length: Math.min(peer.weight, 100) }, () => peer))
  const hash = upstream && within(upstream, 'hash')[0]
  const key = hash ? expand(hash.args[0] ?? '', at) : upstream && within(upstream, 'ip_hash')[0] ? (at.request.from ?? '') : null
  const turn = key === null ? at.host.served : fnv1a(key)
  const first = slots[slots.length === 0 ? 0 : turn % slots.length]
  const rest = usual.filter((peer) => peer !== first)
  return [...(first ? [first] : []), ...rest, ...peers.filter(({ backup }) => backup)]
}

interface Target {
  scheme: string
  /** As the configuration names it. */
  authority: string
  uri: string
  peers: Peer[]
  upstream?: Directive | undefined
}

/** Where it goes; a text says why it cannot. */
function targetOf(pass: Directive, tree: readonly Directive[], addresses: Addresses, at: Passage, chain: Chain): Target | string {
  const url = expand(pass.args[0] ?? '', at)
  const parts = passedTo({ ...pass, args: [url.replaceAll('$', '%24')] })
  if (!parts) return `invalid URL prefix in "${url}"`
  const { scheme, host, port, uri } = parts
  const authority = /:\d+/.test(url.replace(/^\w+:\/\//, '').split('/')[0] ?? '') ? `${host}:${port}` : host
  const upstream = upstreamOf(tree, host)
  if (upstream) return { scheme, authority: host, uri, peers: peersOf(upstream, addresses), upstream }
  const dynamic = (pass.args[0] ?? '').includes('$')
  const peer = (ip: string): Peer => ({ ip, port, weight: 1, backup: false })
  if (IP.test(host)) return { scheme, authority, uri, peers: [peer(host)] }
  if (!dynamic) return { scheme, authority, uri, peers: (addresses[host] ?? []).map(peer) }
  if (said(chain, 'resolver').length === 0) return `no resolver defined to resolve ${host}`
  const ips = at.host.resolve(host)
  return ips.length > 0 ? { scheme, authority, uri, peers: ips.map(peer) } : `${host} could not be resolved (3: Host not found)`
}

/** The path that is asked for: what the location matched gives way to what `proxy_pass` names. */
function pathFor(pass: Directive, uri: string, at: Passage, location: Directive | undefined): string {
  const args = at.args === '' ? '' : `?${at.args}`
  if ((pass.args[0] ?? '').includes('$') && uri !== '') return uri
  const original = at.request.path.split('?')[0] ?? '/'
  if (uri === '') return at.uri === decoded(original) ? at.request.path : encodeURI(at.uri) + args
  const matched = location ? placeOf(location).text : ''
  return uri + encodeURI(at.uri.slice(matched.length)) + args
}

export function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function headersFor(chain: Chain, at: Passage, target: Target): Record<string, string> {
  const headers: Record<string, string> = { ...at.request.headers, host: target.authority, connection: 'close' }
  delete headers['keep-alive']
  for (const { args } of said(chain, 'proxy_set_header')) {
    const [name = '', value = ''] = args
    const text = expand(value, at)
    if (text === '') delete headers[name.toLowerCase()]
    else headers[name.toLowerCase()] = text
  }
  return headers
}

const FAILED: Readonly<Record<NoReply, [status: number, said: string]>> = {
  'connection refused': [502, 'connect() failed (111: Connection refused) while connecting to upstream'],
  'no route to host': [502, 'connect() failed (113: Host is unreachable) while connecting to upstream'],
  timeout: [504, 'upstream timed out (110: Connection timed out) while connecting to upstream'],
  'no such host': [502, 'no live upstreams while connecting to upstream'],
  'empty reply': [502, 'upstream prematurely closed connection while reading response header from upstream'],
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `60s`, `2m`, `30`: ms. */
export const timeOf = (text: string): number =>
  [...text.matchAll(/(\d+)(ms|[smhd])?/g)].reduce((sum, [, n, unit = 's']) => sum + Number(n) * (UNITS[unit] ?? 1000), 0)

export interface Passed {
  reply: HttpReply
  /** Why there was no answer, for the error log. */
  trouble: string[]
  /** Its own answer, not one of an upstream. */
  own: boolean
}

export function pass(
  directive: Directive,
  at: Passage,
  {
    tree,
    addresses,
    chain,
    location,
  }: { tree: readonly Directive[]; addresses: Addresses; chain: Chain; location: Directive | undefined },
): Passed {
  const target = targetOf(directive, tree, addresses, at, chain)
  if (typeof target === 'string') return { reply: { status: 502, body: '' }, trouble: [target], own: true }
  const path = pathFor(directive, target.uri, at, location)
  at.upstream = target.authority
  const request: HttpRequest = {
    ...at.request,
    path: path.startsWith('/') ? path : `/${path}`,
    headers: headersFor(chain, at, target),
    tls: target.scheme === 'https',
  }
  delete request.from
  const trouble: string[] = []
  let [status, ms] = [502, 0]
  for (const { ip, port } of ordered(target.upstream, target.peers, at)) {
    const outcome = at.host.fetch(ip, port, request)
    at.upstream = `${ip}:${port}`
    if (outcome.ok) return { reply: redirected(outcome.reply, target, location, ms, at), trouble, own: false }
    const [code, words] = FAILED[outcome.why]
    trouble.push(`${words}|${target.scheme}://${ip}:${port}${request.path}`)
    if (outcome.why === 'timeout') ms += timeOf(firstOf(chain, 'proxy_connect_timeout') ?? '60s')
    status = code
  }
  if (trouble.length === 0) trouble.push('no live upstreams while connecting to upstream')
  return { reply: { status, body: '', ms }, trouble, own: true }
}

/** What an upstream says of itself is said of this server (proxy_redirect default). */
function redirected(reply: HttpReply, target: Target, location: Directive | undefined, ms: number, at: Passage): HttpReply {
  const headers = { ...reply.headers }
  const self = `${target.scheme}://${target.authority}${target.uri || '/'}`
  const to = headers['location']
  if (to?.startsWith(self)) {
    const place = location ? placeOf(location) : undefined
    const base = target.uri === '' || !place ? '/' : place.text
    headers['location'] =
      `${at.request.tls ? 'https' : 'http'}://${at.request.headers?.['host'] ?? at.serverName}${base}${to.slice(self.length)}`
  }
  const whole = ms + (reply.ms ?? 0)
  return { ...reply, headers, ...(whole > 0 ? { ms: whole } : {}) }
}
