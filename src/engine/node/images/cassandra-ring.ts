/** Cassandra's ring: whose tokens stand where, and how much each member owns. */

export interface Member {
  address: string
  hostId: string
  dc: string
  rack: string
  /** KiB. */
  load: number
  tokens: readonly number[]
  joined: boolean
  /** When it was heard of last (simulated ms), and when it began. */
  seen: number
  began: number
}
/** By host id. */
export type Members = Readonly<Record<string, Member>>

export const RING = 2 ** 32
/** Copies that the widest of the own keyspaces keeps (system_traces). */
const COPIES = 2
const SILENT_MS = 20_000

/** What is newer of two views. */
export function merged(one: Members, two: Members): Members {
  const all: Record<string, Member> = { ...one }
  for (const [id, member] of Object.entries(two)) {
    const known = all[id]
    if (!known || member.began > known.began || (member.began === known.began && member.seen > known.seen)) all[id] = member
  }
  return all
}

export const isUp = ({ seen }: Member, now: number): boolean => now - seen < SILENT_MS

/** The share of the ring that each keeps copies of. */
function owned(members: readonly Member[]): Map<string, number> {
  const ring = members
    .flatMap(({ hostId, tokens }) => tokens.map((token) => ({ token, hostId })))
    .sort((a, b) => a.token - b.token)
  const shares = new Map(members.map(({ hostId }) => [hostId, 0]))
  for (const [i, { token }] of ring.entries()) {
    const before = ring.at(i - 1)?.token ?? token
    const width = ((token - before + RING) % RING || (ring.length === 1 ? RING : 0)) / RING
    const holders = new Set<string>()
    for (let k = 0; k < ring.length && holders.size < COPIES; k++) holders.add(ring[(i + k) % ring.length]?.hostId ?? '')
    for (const holder of holders) shares.set(holder, (shares.get(holder) ?? 0) + width)
  }
  return shares
}

/** `nodetool status`. */
export function statusTable(all: Members, now: number): string {
  const everybody = Object.values(all)
  let text = ''
  for (const dc of new Set(everybody.map((member) => member.dc))) {
    const members = everybody.filter((member) => member.dc === dc)
    const title = `Datacenter: ${dc}`
    const shares = owned(members.filter(({ joined }) => joined))
    const width = Math.max(7, ...members.map(({ address }) => address.length)) + 2
    text += `${title}\n${'='.repeat(title.length)}\nStatus=Up/Down\n|/ State=Normal/Leaving/Joining/Moving\n`
    text += `--  ${'Address'.padEnd(width)}Load       Tokens       Owns (effective)  ${'Host ID'.padEnd(38)}Rack\n`
    for (const member of members) {
      const { address, hostId, load, tokens, joined, rack } = member
      const share = joined ? `${((shares.get(hostId) ?? 0) * 100).toFixed(1)}%` : '?'
      const letters = `${isUp(member, now) ? 'U' : 'D'}${joined ? 'N' : 'J'}`
      text += `${letters}  ${address.padEnd(width)}${`${load.toFixed(2)} KiB`.padEnd(11)}${String(tokens.length).padEnd(13)}${share.padEnd(18)}${hostId.padEnd(38)}${rack}\n`
    }
  }
  return `${text}\n`
}
