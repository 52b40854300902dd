/** CoreDNS's plugin `log`: a line for each query, in its usual format or one of the Corefile's (plugin/log, plugin/pkg/replacer). */
import { type Plugin, zoneOf } from './corefile.ts'
import type { DnsPorts } from './dns-server.ts'
import type { DnsReply, RecordType } from './records.ts'

const COMMON =
  '{remote}:{port} - {>id} "{type} {class} {name} {proto} {size} {>do} {>bufsize}" {rcode} {>rflags} {rsize} {duration}'

/** Bytes: of a message's head, of what a question has besides its name, of what a record has besides its name and data, of the cluster's SOA. */
const [HEAD, ASKED, RECORD, AUTHORITY] = [12, 4, 10, 93]
const wireLength = (name: string): number => (name === '' ? 1 : name.length + 2)

export interface Query {
  name: string
  type: RecordType
  reply: DnsReply
  /** Somebody else was asked. */
  forwarded: boolean
}

const rcodeOf = ({ rcode, why }: DnsReply): string => /^(?:SERVFAIL|REFUSED)(?=:)/.exec(why)?.[0] ?? rcode

function classOf(reply: DnsReply): string {
  const rcode = rcodeOf(reply)
  return rcode === 'NXDOMAIN' || (rcode === 'NOERROR' && reply.records.length === 0)
    ? 'denial'
    : rcode === 'NOERROR'
      ? 'success'
      : 'error'
}

function sizeOf(query: number, { reply }: Query): number {
  const answers = reply.records.map(({ name, type, data }) => {
    const length = type === 'A' ? 4 : type === 'SRV' ? 6 + wireLength(data.split(' ').at(-1) ?? '') : wireLength(data)
    return wireLength(name) + RECORD + length
  })
  const authority = classOf(reply) === 'denial' ? AUTHORITY : 0
  return query + authority + answers.reduce((sum, each) => sum + each, 0)
}

/** Writes the line that this plugin has for a query, if it is one of those that it is told to show. */
export function logQuery({ args, block }: Plugin, query: Query, { from, random, log }: DnsPorts): void {
  const { name, type, reply, forwarded } = query
  const format = args.length < 2 ? '{common}' : (args.at(-1) as string)
  const names = args.length < 2 ? args : args.slice(0, -1)
  const within = names.length === 0 || names.some((zone) => `.${name}`.endsWith(zone === '.' ? '' : `.${zoneOf(zone)}`))
  const classes = block.filter(([word]) => word === 'class').flatMap(([, ...rest]) => rest)
  if (!within || !(classes.length === 0 || classes.includes('all') || classes.includes(classOf(reply)))) return
  const chance = random()
  const size = HEAD + wireLength(name) + ASKED
  const values: Record<string, string> = {
    remote: from,
    port: String(32_768 + chance.below(28_232)),
    '>id': String(chance.below(65_536)),
    type,
    class: 'IN',
    name: `${name}.`,
    proto: 'udp',
    size: String(size),
    '>do': 'false',
    '>bufsize': '512',
    '>opcode': '0',
    rcode: rcodeOf(reply),
    '>rflags': forwarded ? 'qr,rd,ra' : classOf(reply) === 'error' ? 'qr,rd' : 'qr,aa,rd',
    rsize: String(sizeOf(size, query)),
    duration: `${((forwarded ? 4_000_000 : 40_000) + chance.below(forwarded ? 30_000_000 : 120_000)) / 1e9}s`,
  }
  const filled = (text: string): string => text.replaceAll(/\{([^}]*)\}/g, (all, key: string) => values[key] ?? all)
  log(`[INFO] ${filled(format.replaceAll('{common}', COMMON).replaceAll('{combined}', `${COMMON} "{>opcode}"`))}\n`)
}
