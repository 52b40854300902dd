/** Packs: many objects in one stream, as they travel between repositories. */
import { inflateSync, zlibSync } from 'fflate'
import { bytesOf, textOf } from '#api/bytes.ts'
import { sha1 } from '../../hashes.ts'
import { bytesOfHex, commitIn, entriesIn, hexOf, joined, type Kind, type Objects, type Raw } from '../objects.ts'
import { fatal } from '../words.ts'

const KINDS: readonly (Kind | null)[] = [null, 'commit', 'tree', 'blob', 'tag']
const OFFSET_DELTA = 6
const NAMED_DELTA = 7

/** All objects that can be reached from some, and not from others. */
export function reachable(objects: Objects, from: readonly string[], without: readonly string[]): string[] {
  const seen = new Set<string>()
  const visit = (start: readonly string[], skip: ReadonlySet<string>): void => {
    const todo = [...start]
    for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
      if (seen.has(id) || skip.has(id)) continue
      const raw = objects.find(id)
      if (!raw) continue
      seen.add(id)
      if (raw.kind === 'tree') todo.push(...entriesIn(raw.bytes).map((entry) => entry.id))
      if (raw.kind === 'tag') todo.push(/^object (\w+)/.exec(textOf(raw.bytes))?.[1] ?? '')
      if (raw.kind === 'commit') {
        const { tree, parents } = commitIn(textOf(raw.bytes))
        todo.push(tree, ...parents)
      }
    }
  }
  visit(without, new Set())
  const skip = new Set(seen)
  seen.clear()
  visit(from, skip)
  return [...seen]
}

function head(kind: number, size: number): Uint8Array {
  const bytes: number[] = []
  let rest = Math.floor(size / 16)
  let byte = (kind << 4) | (size & 15)
  for (; rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push(byte | 0x80)
    byte = rest & 127
  }
  return Uint8Array.from([...bytes, byte])
}

export function packOf(objects: Objects, ids: readonly string[]): Uint8Array {
  const begin = new Uint8Array(12)
  begin.set(bytesOf('PACK'))
  new DataView(begin.buffer).setUint32(4, 2)
  new DataView(begin.buffer).setUint32(8, ids.length)
  const parts = ids.flatMap((id) => {
    const { kind, bytes } = objects.read(id)
    return [head(KINDS.indexOf(kind), bytes.length), zlibSync(bytes, { level: 1 })]
  })
  const all = joined(begin, ...parts)
  return joined(all, bytesOfHex(sha1(all)))
}

function adler(bytes: Uint8Array): number {
  let [a, b] = [1, 0]
  for (const byte of bytes) {
    a = (a + byte) % 65_521
    b = (b + a) % 65_521
  }
  return b * 65_536 + a
}

/** What is compressed at a place, and where it ends: behind the sum of what it holds. */
function inflated(pack: Uint8Array, at: number, size: number): { bytes: Uint8Array; end: number } {
  const bytes = inflateSync(pack.subarray(at + 2), { out: new Uint8Array(size) })
  const sum = adler(bytes)
  const view = new DataView(pack.buffer, pack.byteOffset)
  for (let end = at + 3; end + 4 <= pack.length; end++) if (view.getUint32(end) === sum) return { bytes, end: end + 4 }
  return fatal('inflate: data stream error')
}

/** An object that is told by what it has of another. */
function patched(base: Uint8Array, delta: Uint8Array): Uint8Array {
  let at = 0
  const number = (): number => {
    let value = 0
    for (let shift = 1; ; shift *= 128) {
      const byte = delta[at++] as number
      value += (byte & 127) * shift
      if (byte < 128) return value
    }
  }
  number()
  const out = new Uint8Array(number())
  for (let to = 0; at < delta.length; ) {
    const code = delta[at++] as number
    if (code < 128) {
      out.set(delta.subarray(at, at + code), to)
      at += code
      to += code
      continue
    }
    let [from, length] = [0, 0]
    for (let i = 0; i < 4; i++) if (code & (1 << i)) from += (delta[at++] as number) * 256 ** i
    for (let i = 0; i < 3; i++) if (code & (16 << i)) length += (delta[at++] as number) * 256 ** i
    length ||= 65_536
    out.set(base.subarray(from, from + length), to)
    to += length
  }
  return out
}

/** Takes all objects of a pack into a repository. */
export function unpack(objects: Objects, pack: Uint8Array): number {
  if (pack.length < 32 || textOf(pack.slice(0, 4)) !== 'PACK') fatal('protocol error: bad pack header')
  if (sha1(pack.slice(0, -20)) !== hexOf(pack.slice(-20))) fatal('pack is corrupted (SHA1 mismatch)')
  const count = new DataView(pack.buffer, pack.byteOffset).getUint32(8)
  const byPlace = new Map<number, Raw>()
  let at = 12
  for (let n = 0; n < count; n++) {
    const place = at
    let byte = pack[at++] as number
    const type = (byte >> 4) & 7
    let size = byte & 15
    for (let shift = 16; byte & 0x80; shift *= 128) {
      byte = pack[at++] as number
      size += (byte & 127) * shift
    }
    let base: Raw | undefined
    if (type === NAMED_DELTA) {
      base = objects.read(hexOf(pack.slice(at, at + 20)))
      at += 20
    } else if (type === OFFSET_DELTA) {
      byte = pack[at++] as number
      let back = byte & 127
      while (byte & 0x80) {
        byte = pack[at++] as number
        back = (back + 1) * 128 + (byte & 127)
      }
      base = byPlace.get(place - back)
    }
    const { bytes, end } = inflated(pack, at, size)
    at = end
    const raw: Raw = base ? { kind: base.kind, bytes: patched(base.bytes, bytes) } : { kind: KINDS[type] as Kind, bytes }
    byPlace.set(place, raw)
    objects.write(raw.kind, raw.bytes)
  }
  return count
}
