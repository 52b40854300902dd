/** Share links: a session as `#r=1.<deflate-raw, base64url>`; the hash never reaches a server. */
import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate'
import type { Session } from '#api/request.ts'

const VERSION = '1'
/** A link may not unpack into more than this. */
const LARGEST = 32_000_000

export type Opened = { ok: true; session: Session } | { ok: false; message: string }

export function linkTo(page: string, session: Session): string {
  const url = new URL(page)
  for (const key of ['seed', 'nodes', 'scene']) url.searchParams.delete(key)
  url.hash = `r=${VERSION}.${base64url(deflateSync(strToU8(JSON.stringify(session)), { level: 9 }))}`
  return url.href
}

/** What the hash holds: a session, the reason why not, or `null` when it is about something else. */
export function openLink(hash: string): Opened | null {
  const found = /^#?r=([^.]*)\.(.*)$/s.exec(hash)
  if (!found) return null
  if (found[1] !== VERSION)
    return { ok: false, message: `This link is of version ${found[1]}; this page understands version ${VERSION}.` }
  try {
    const session = JSON.parse(strFromU8(inflateSync(fromBase64url(found[2] ?? '')))) as Session
    return isSession(session) ? { ok: true, session } : { ok: false, message: 'This link holds no session.' }
  } catch {
    return { ok: false, message: 'This link is damaged: it may have been cut on its way.' }
  }
}

function isSession(value: unknown): value is Session {
  const s = value as Partial<Session> | null
  if (typeof s !== 'object' || s === null || s.version !== 1) return false
  if (typeof s.seed !== 'string' || typeof s.scene !== 'string' || !Array.isArray(s.inputs)) return false
  return [s.epoch, s.nodes, s.until].every((n) => typeof n === 'number' && Number.isFinite(n) && n >= 0) && (s.nodes ?? 0) <= 5000
}

function base64url(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000))
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

function fromBase64url(text: string): Uint8Array {
  if (text.length > LARGEST) throw new Error('too long')
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))
}
