/** Respond: the object in the form the client asked for, with its warnings. */
import type { AnyObject } from '#api/meta.ts'
import { JSON_TYPE } from '../accept.ts'
import type { Answer, Call } from '../call.ts'
import { project } from '../projection.ts'
import type { ApiServer } from '../server.ts'

/** Parts of the control plane look at nothing but the body. */
const NO_HEADERS: Record<string, string> = Object.freeze({})

export function respondWith(call: Call, server: ApiServer, object: AnyObject, status: number): Answer {
  if (call.request.path === '' && call.warnings.length === 0) return { status, headers: NO_HEADERS, body: object }
  return {
    status,
    headers: {
      'content-type': call.accepts.type,
      'cache-control': 'no-cache, private',
      ...warningHeader(call),
    },
    body: project(call, server, object, { watch: false, first: true }),
  }
}

/** What a subresource or a question has answered, likewise. */
export function shownAs(call: Call, server: ApiServer, answer: Answer): Answer {
  const { accepts, request } = call
  const { body } = answer
  if (request.path === '' || body === null || typeof body !== 'object' || !('kind' in body)) return answer
  if (accepts.as === null && accepts.type === JSON_TYPE && !accepts.pretty) return answer
  const headers = { ...answer.headers, 'content-type': accepts.type }
  return { ...answer, headers, body: project(call, server, body as AnyObject, { watch: false, first: true }) }
}

/** RFC 7234 warn-text, quoted; several are joined by newlines for the transport to split. */
export function warningHeader(call: Call): Record<string, string> {
  if (call.warnings.length === 0) return {}
  const quoted = [...new Set(call.warnings)].map((text) => `299 - "${text.replace(/[\\"]/g, '\\$&')}"`)
  return { warning: quoted.join('\n') }
}
