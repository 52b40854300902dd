/** The index: what the next commit will hold, in the binary form of `.git/index` (version 2). */
import { bytesOf, textOf } from '#api/bytes.ts'
import { sha1 } from '../hashes.ts'
import { byBytes, bytesOfHex, hexOf, joined } from './objects.ts'

export interface Staged {
  path: string
  /** `100644`, `100755` or `120000`. */
  mode: string
  id: string
  /** 0, or of a conflict: 1 what both come from, 2 ours, 3 theirs. */
  stage: number
  size: number
  /** Of the file when it was added, ms. */
  mtime: number
}

const FIXED = 62

export function indexBytes(entries: readonly Staged[]): Uint8Array {
  const sorted = [...entries].sort((a, b) => byBytes(a.path, b.path) || a.stage - b.stage)
  const parts = sorted.map((entry) => {
    const name = bytesOf(entry.path)
    // At least one NUL, up to a multiple of eight.
    const bytes = new Uint8Array((FIXED + name.length + 8) & ~7)
    const view = new DataView(bytes.buffer)
    const seconds = Math.floor(entry.mtime / 1000)
    const nanos = (entry.mtime % 1000) * 1_000_000
    for (const at of [0, 8]) {
      view.setUint32(at, seconds)
      view.setUint32(at + 4, nanos)
    }
    view.setUint32(24, Number.parseInt(entry.mode, 8))
    view.setUint32(36, entry.size)
    bytes.set(bytesOfHex(entry.id), 40)
    view.setUint16(60, (entry.stage << 12) | Math.min(name.length, 0xfff))
    bytes.set(name, FIXED)
    return bytes
  })
  const head = new Uint8Array(12)
  const view = new DataView(head.buffer)
  head.set(bytesOf('DIRC'))
  view.setUint32(4, 2)
  view.setUint32(8, sorted.length)
  const all = joined(head, ...parts)
  return joined(all, bytesOfHex(sha1(all)))
}

export function indexIn(bytes: Uint8Array): Staged[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  if (bytes.length < 12 || textOf(bytes.slice(0, 4)) !== 'DIRC') return []
  const entries: Staged[] = []
  let at = 12
  for (let left = view.getUint32(8); left > 0; left--) {
    const end = bytes.indexOf(0, at + FIXED)
    const path = textOf(bytes.slice(at + FIXED, end))
    entries.push({
      path,
      mode: view.getUint32(at + 24).toString(8),
      id: hexOf(bytes.slice(at + 40, at + 60)),
      stage: (view.getUint16(at + 60) >> 12) & 3,
      size: view.getUint32(at + 36),
      mtime: view.getUint32(at + 8) * 1000 + Math.floor(view.getUint32(at + 12) / 1_000_000),
    })
    at += (FIXED + (end - at - FIXED) + 8) & ~7
  }
  return entries
}
