/** How git talks over a connection: packets that begin with their length, and what both ends say of their names. */
import { byteLength, bytesOf, textOf } from '#api/bytes.ts'
import { NO_ID } from '../objects.ts'

export const packet = (text: string): string => (byteLength(text) + 4).toString(16).padStart(4, '0') + text
export const FLUSH = '0000'

/** Packets up to the first that is `until` (a flush is null), and the bytes after them. */
export function packetsIn(bytes: Uint8Array): { packets: (string | null)[]; rest: Uint8Array } {
  const packets: (string | null)[] = []
  let at = 0
  while (at + 4 <= bytes.length) {
    const head = textOf(bytes.slice(at, at + 4))
    if (!/^[0-9a-f]{4}$/.test(head)) break
    const length = Number.parseInt(head, 16)
    at += Math.max(4, length)
    packets.push(length < 4 ? null : textOf(bytes.slice(at - length + 4, at)))
  }
  return { packets, rest: bytes.slice(at) }
}

/** Packets up to the first flush; what stands after it. */
export function untilFlush(bytes: Uint8Array): { packets: string[]; rest: Uint8Array } {
  const packets: string[] = []
  let at = 0
  while (at + 4 <= bytes.length) {
    const length = Number.parseInt(textOf(bytes.slice(at, at + 4)), 16)
    if (!(length >= 4)) return { packets, rest: bytes.slice(at + 4) }
    packets.push(textOf(bytes.slice(at + 4, at + length)))
    at += length
  }
  return { packets, rest: bytes.slice(at) }
}

export interface Advertised {
  refs: { name: string; id: string }[]
  /** Where the other side's HEAD leads. */
  head: string | null
}

export function advertisement(service: string, { refs, head }: Advertised, abilities: string): string {
  const symref = head === null ? '' : ` symref=HEAD:${head}`
  const lines = refs.length > 0 ? refs : [{ name: 'capabilities^{}', id: NO_ID }]
  const said = lines.map(({ name, id }, i) => packet(i === 0 ? `${id} ${name}\0${abilities}${symref}\n` : `${id} ${name}\n`))
  return `${packet(`# service=${service}\n`)}${FLUSH}${said.join('')}${FLUSH}`
}

/** Null: that is no git server. */
export function advertisedIn(text: string, service: string): Advertised | null {
  const { packets } = packetsIn(bytesOf(text))
  if (packets[0]?.trim() !== `# service=${service}`) return null
  const told: Advertised = { refs: [], head: null }
  for (const each of packets.slice(1)) {
    if (each === null) continue
    const [line = '', abilities] = each.replace(/\n$/, '').split('\0')
    const symref = /(?:^| )symref=HEAD:(\S+)/.exec(abilities ?? '')
    if (symref) told.head = symref[1] as string
    const name = line.slice(41)
    if (name !== 'capabilities^{}' && !name.endsWith('^{}')) told.refs.push({ name, id: line.slice(0, 40) })
  }
  return told
}
