/** The world outside of the cluster: names that anybody can resolve, and hosts that answer. */
import type { HttpOutcome, HttpRequest } from '../machinery/http.ts'
import { fnv1a } from '../sim/random.ts'
import { addressIn, type DnsReply, nothing, REVERSE, type RecordType } from './records.ts'

/** Ends of names that somebody may have. */
const ENDS =
  'com org net io dev app edu gov info biz me co ai cloud sh run tech xyz us uk de fr nl eu ch at be jp cn kr in br ru au nz ca it es pl se no dk fi cz pt ie google'
const KNOWN = new Set(ENDS.split(' '))
const NAME = /^([a-z0-9_]([a-z0-9_-]*[a-z0-9])?\.)+[a-z]{2,}$/
const TTL = 300

/** Addresses for documentation (RFC 5737), by name: always the same. */
const addressOf = (name: string): string => `203.0.113.${10 + (fnv1a(`outside/${name}`) % 240)}`

/** Hosts that everybody knows by their address. */
const FAMOUS: Readonly<Record<string, readonly string[]>> = {
  'dns.google': ['8.8.8.8', '8.8.4.4'],
  'one.one.one.one': ['1.1.1.1', '1.0.0.1'],
}

const named = (name: string, type: RecordType, data: readonly string[]): DnsReply => ({
  rcode: 'NOERROR',
  records: data.map((each) => ({ name, type, ttl: TTL, data: each })),
  service: '',
  why: 'a name outside the cluster',
})

export function resolveOutside(name: string, type: RecordType): DnsReply {
  if (name.endsWith(REVERSE)) {
    const ip = addressIn(name)
    const [host] = Object.entries(FAMOUS).find(([, ips]) => ips.includes(ip)) ?? []
    return host
      ? named(name, type, type === 'PTR' ? [`${host}.`] : [])
      : nothing(`NXDOMAIN: nobody outside has the address ${ip}`)
  }
  const end = name.slice(name.lastIndexOf('.') + 1)
  if (!NAME.test(name) || !KNOWN.has(end)) return nothing(`NXDOMAIN: nobody is called ${name}`)
  return named(name, type, type === 'A' ? (FAMOUS[name] ?? [addressOf(name)]) : [])
}

const PRIVATE = /^(10|127|0)\.|^192\.168\.|^169\.254\.|^172\.(1[6-9]|2\d|3[01])\./

/** Nobody's address here is one of the outside. */
export const isOutside = (ip: string): boolean => !PRIVATE.test(ip)

const WEB = new Set([80, 443])

const DNS = 53

/** Hosts outside have web servers, and nothing else that is simulated; those that everybody knows are name servers, and let themselves be reached. */
export function askOutside(ip: string, port: number, { transport, headers }: HttpRequest): HttpOutcome {
  if (port === DNS && Object.values(FAMOUS).some((ips) => ips.includes(ip))) {
    return { ok: true, reply: { status: 200, body: '', headers: {}, ms: 20 } }
  }
  if (!WEB.has(port) || transport === 'UDP' || transport === 'SCTP') return { ok: false, why: 'timeout' }
  const host = headers?.['host'] ?? 'this host'
  const page = `<!doctype html>\n<html>\n<head><title>${host}</title></head>\n<body>\n<p>${host} is outside of the cluster.</p>\n</body>\n</html>\n`
  return { ok: true, reply: { status: 200, body: page, headers: { 'content-type': 'text/html' }, ms: 40 } }
}
