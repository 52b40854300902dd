/** What CoreDNS answers by its Corefile: the block of the longest zone, and its plugins one after the other. */
import { later } from '../sim/later.ts'
import type { Random } from '../sim/random.ts'
import type { DnsReply, RecordType, Upstream } from './records.ts'

/** Whom it may ask. */
export interface DnsPorts {
  /** The cluster's own names, below `cluster.local`, and those of its addresses; where an alias leads is asked of `upstream`. */
  cluster(name: string, type: RecordType, upstream?: Upstream): DnsReply
  outside(name: string, type: RecordType): DnsReply
  /** Another server; null: it is silent. */
  ask(server: string, name: string, type: RecordType): DnsReply | null
  /** The address of who asks. */
  readonly from: string
  random(): Random
  /** A line of the server's own log. */
  log(line: string): void
}

export type DnsServer = (corefile: string, name: string, type: RecordType, ports: DnsPorts) => DnsReply | null

export const dnsServers = later<DnsServer>('DNS servers')
let server: DnsServer | null = null
dnsServers.when((given) => {
  server = given
})

/** By the usual Corefile as long as no other can be read. */
export function answerBy(corefile: string, name: string, type: RecordType, ports: DnsPorts): DnsReply | null {
  return server && corefile !== '' ? server(corefile, name, type, ports) : ports.cluster(name, type)
}
