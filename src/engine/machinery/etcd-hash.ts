/** The hash by which etcd's members tell whether they hold the same: CRC-32C over revisions and what was written in them. */
import { toBytes } from './etcd-bytes.ts'
import { type Keyspace, pastOf, type Stored } from './etcd-keyspace.ts'
import { KEY_VALUE } from './etcd-messages.ts'

const POLYNOMIAL = 0x82f63b78

function crc32c(text: string, crc: number): number {
  let rest = ~crc
  for (let i = 0; i < text.length; i++) {
    rest ^= text.charCodeAt(i)
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ POLYNOMIAL : rest >>> 1
  }
  return ~rest >>> 0
}

/** Eight bytes, the highest first. */
function big(number: number): string {
  let text = ''
  for (let shift = 56; shift >= 0; shift -= 8) text += String.fromCharCode(Math.floor(number / 2 ** shift) % 256)
  return text
}

const revisionKey = (revision: number, sub: number): string => `${big(revision)}_${big(sub)}`

function record({ key, created, modified, version, lease, ...stored }: Stored, sub: number): string {
  const value = (stored as Stored).value()
  const said = { key, create_revision: created, mod_revision: modified, version, value, lease }
  return revisionKey(modified, sub) + toBytes(KEY_VALUE, said)
}

/** All that holds at a revision, and how it came about as far as that is kept. */
export function hashOf(keys: Keyspace, revision: number): number {
  let hash = crc32c('key', 0)
  const kept = keys.compacted > 0 ? pastOf(keys, '\0', '\0', keys.compacted) : []
  // Of what is older than the last compaction, what holds still counts.
  const holding = new Set(pastOf(keys, '\0', '\0', revision).map(({ modified }) => modified))
  const counted = holding.size > 0 ? kept.filter(({ modified }) => holding.has(modified)) : kept
  for (const stored of counted.sort((a, b) => a.modified - b.modified)) hash = crc32c(record(stored, 0), hash)
  for (const { revision: at, sub, key, now } of keys.since(keys.compacted)) {
    if (at > revision) break
    hash = crc32c(now ? record(now, sub) : `${revisionKey(at, sub)}t${toBytes(KEY_VALUE, { key })}`, hash)
  }
  return hash
}
