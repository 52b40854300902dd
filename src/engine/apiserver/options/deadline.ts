/** `?timeout=`: refused when it is no duration, before it is known who asks (filters/request_deadline.go). */
import { goQuote } from '#api/field-error.ts'
import { readDuration } from '#api/go-duration.ts'
import { badRequest } from '#api/status.ts'
import { attributesOf, ROADS } from '../auth/attributes.ts'
import type { Answer, Call } from '../call.ts'

const NOBODY = { name: '', groups: [] }

/** Nothing is answered faster than this, in milliseconds. */
const QUICKEST_MS = 0.1

export function deadline({ request }: Call, text: string): Answer | null {
  const { verb, resource, path } = attributesOf(request, NOBODY)
  // What takes long by nature has no deadline.
  if (verb === 'watch' || verb === 'proxy' || (resource ? ROADS.has(resource.subresource) : path.startsWith('/debug/pprof/')))
    return null
  const ms = readDuration(text)
  if (ms === null || Math.abs(ms) * 1e6 >= 2 ** 63)
    throw badRequest(`invalid timeout specified in the request URL - ${problemOf(text)}`)
  return ms > 0 && ms < QUICKEST_MS ? TOO_LATE : null
}

/** As the filter writes it: a Status that doesn't say that it is one. */
const TOO_LATE: Answer = {
  status: 504,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache, private' },
  body: JSON.stringify({
    metadata: {},
    status: 'Failure',
    message: 'Timeout: request did not complete within the allotted timeout',
    reason: 'Timeout',
    details: {},
    code: 504,
  }),
}

/** What time.ParseDuration stops at. */
function problemOf(text: string): string {
  const whole = goQuote(text)
  const parts = /^[-+]?((?:(?:\d+\.?\d*|\.\d+)(?:[nuµm]s|[smh]))*)(\d+\.?\d*|\.\d+)?([^.\d]*)/.exec(text)
  const [, , amount, unit = ''] = parts ?? []
  if (amount === undefined) return `time: invalid duration ${whole}`
  if (unit === '') return `time: missing unit in duration ${whole}`
  return /^([nuµm]s|[smh])$/.test(unit)
    ? `time: invalid duration ${whole}`
    : `time: unknown unit ${goQuote(unit)} in duration ${whole}`
}

/** request/requestinfo.go finds no kind in such a path, and nobody is asked who they are. */
export function ofNothing({ request: { path } }: Call): Answer {
  const [asked = ''] = path.split('?')
  const why = `failed to create RequestInfo: unable to determine kind and namespace from url, ${asked}`
  return {
    status: 500,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
    body: `Internal Server Error: ${goQuote(path)}: ${why}\n`,
  }
}
