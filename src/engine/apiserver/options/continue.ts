/** Continue tokens: base64url JSON as etcd3's, with the words for those that are none. */
import { decodeBytes, decodeUrl, encodeUrl } from '#api/base64.ts'
import { goQuote } from '#api/field-error.ts'
import type { Query } from '#api/query.ts'
import { type ApiError, badRequest, failure, ApiError as Thrown } from '#api/status.ts'
import { tooLarge } from '../list-options.ts'
import type { ApiServer } from '../server.ts'
import type { Continue } from './slot.ts'

/** The token is base64url JSON as etcd3's: version, revision, the key to go on from. */
export const encodeContinue = (revision: number, lastKey: string, prefix: string): string =>
  encodeUrl(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: `${lastKey.slice(prefix.length)}\u0000` }))

export function decodeContinue(query: Query, prefix: string, server: ApiServer): Continue | null {
  const token = query.get('continue')
  if (!token) return null
  const version = query.get('resourceVersion')
  if (version && version !== '0') throw badRequest('specifying resource version is not allowed when using continue')
  const parsed = parseToken(token)
  if (parsed.rv > server.store.revision) throw tooLarge(String(parsed.rv), server.store.revision)
  return { revision: parsed.rv, start: prefix + parsed.start.replace(/^\//, '') }
}

function parseToken(token: string): { rv: number; start: string } {
  const wrong = illegalAt(token)
  if (wrong >= 0) throw wrongToken(`illegal base64 data at input byte ${wrong}`)
  const text = decodeUrl(token) ?? ''
  let said: { v?: unknown; rv?: unknown; start?: unknown }
  try {
    said = JSON.parse(text)
  } catch {
    if (text === '') throw wrongToken('unexpected end of JSON input')
    // Go reads bytes, not characters.
    const [first = 0] = decodeBytes(token.slice(0, 2).replaceAll('-', '+').replaceAll('_', '/')) ?? []
    const unseen = (first >= 0x80 && first <= 0xa0) || first === 0xad
    const shown = unseen ? `\\u00${first.toString(16)}` : goQuote(String.fromCharCode(first)).slice(1, -1)
    throw wrongToken(`invalid character '${shown}' looking for beginning of value`)
  }
  const { v = '', rv = 0, start = '' } = said ?? {}
  if (v !== 'meta.k8s.io/v1') throw wrongToken(`server does not recognize this encoded version ${v}`)
  if (typeof rv !== 'number' || rv === 0) throw wrongToken(`incorrect encoded start resourceVersion (version ${v})`)
  if (typeof start !== 'string' || start === '') throw wrongToken(`encoded start key empty (version ${v})`)
  // No way up, out of the collection.
  if (/(^|\/)\.{0,2}(\/|$)/.test(start.replace(/^\//, ''))) throw wrongToken(start)
  return { rv, start }
}

const wrongToken = (why: string): ApiError => badRequest(`invalid continue token: continue key is not valid: ${why}`)

/** 410 for a token whose revision is gone; it carries a token with which the rest can be had, inconsistently. */
export function expired(start: string, prefix: string): ApiError {
  const message =
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.'
  const status = failure(410, 'Expired', message)
  return new Thrown({ ...status, metadata: { continue: encodeContinue(-1, start.replace(/\u0000$/, ''), prefix) } })
}

const NO_DIGIT = /[^A-Za-z0-9_-]/

/** Where Go's decoder of unpadded base64 stops; -1 when it doesn't. */
function illegalAt(text: string): number {
  const wrong = text.search(NO_DIGIT)
  return wrong < 0 && text.length % 4 === 1 ? text.length - 1 : wrong
}
