/**
 * Share links: a session as `#r=1.<deflate-raw, base64url>`, or what was asked for (manifests, seed and view) as `#s=1.…`.
 * The hash never reaches a server.
 */
import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate'
import type { Session } from '#api/request.ts'
import { t } from '../words/index.ts'
import { OF_THE_CLUSTER } from './another.ts'

const VERSION = '1'
/** A link may not unpack into more than this. */
const LARGEST = 32_000_000

/** A state to begin with: no history, only what is asked for. */
export interface SharedState {
  seed: string
  nodes: number
  manifests: string
  view?: { lens?: string; theme?: string; files?: Record<string, string> }
}

export type Opened = { ok: true; session: Session } | { ok: true; state: SharedState } | { ok: false; message: string }

export const linkTo = (page: string, session: Session): string => linkWith(page, 'r', session)
export const stateLinkTo = (page: string, state: SharedState): string => linkWith(page, 's', state)

function linkWith(page: string, kind: 'r' | 's', content: Session | SharedState): string {
  const url = new URL(page)
  // What was added to the cluster is no manifest: a state's link says it beside them.
  for (const key of kind === 'r' ? OF_THE_CLUSTER : ['seed', 'nodes', 'scene', 'src', 'lesson']) url.searchParams.delete(key)
  url.hash = `${kind}=${VERSION}.${pack(strToU8(JSON.stringify(content)))}`
  return url.href
}

/** What the hash holds: a session, a state, the reason why not, or `null` when it is about something else. */
export function openLink(hash: string): Opened | null {
  const found = /^#?([rs])=([^.]*)\.?(.*)$/s.exec(hash)
  if (!found) return null
  const [, kind, version = '', text = ''] = found
  if (version !== VERSION)
    return {
      ok: false,
      message: /^\d{1,4}$/.test(version)
        ? t('This link is of version {version}; this page understands version {own}. A newer page may open it.', {
            version,
            own: VERSION,
          })
        : t('This link is damaged: it may have been cut on its way.'),
    }
  try {
    const content: unknown = JSON.parse(strFromU8(unpack(text)))
    if (kind === 'r')
      return isSession(content) ? { ok: true, session: content } : { ok: false, message: t('This link holds no session.') }
    return isState(content) ? { ok: true, state: content } : { ok: false, message: t('This link holds no state of a cluster.') }
  } catch {
    return { ok: false, message: t('This link is damaged: it may have been cut on its way.') }
  }
}

export const pack = (bytes: Uint8Array): string => base64url(deflateSync(bytes, { level: 9 }))
export const unpack = (text: string): Uint8Array => inflateSync(fromBase64url(text))

function isState(value: unknown): value is SharedState {
  const s = value as Partial<SharedState> | null
  if (typeof s !== 'object' || s === null || typeof s.seed !== 'string' || typeof s.manifests !== 'string') return false
  if (typeof s.nodes !== 'number' || !(s.nodes >= 0 && s.nodes <= 5000)) return false
  return Object.values(s.view?.files ?? {}).every((text) => typeof text === 'string')
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
