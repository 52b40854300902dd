/** What a list or watch asks of revisions; whatever is out of the plain is read by the query options. */
import type { Query } from '#api/query.ts'
import { type ApiError, fail } from '#api/status.ts'
import type { Call } from './call.ts'
import { queryOptions } from './options/slot.ts'
import type { Resource } from './resource.ts'
import { isTrue } from './stages/route.ts'

/** Any text goes with these. */
const PLAIN = new Set(['watch', 'allowWatchBookmarks', 'resourceVersion', 'pretty'])

/** Throws where the options can't be read or don't go together. */
export function checkListOptions({ query, name: named }: Call, resource: Resource, verb: 'list' | 'watch'): void {
  for (const [name] of query) if (!PLAIN.has(name)) return queryOptions.get().list(query, resource, verb, named)
}

/** Whether a watch begins with the objects that are there; what watches from nothing or from 0 is a streamed list, as if it had asked for one. */
export function wantsInitialEvents(query: Query): boolean | null {
  const asked = query.get('sendInitialEvents')
  if (asked !== null) return isTrue(asked)
  const version = query.get('resourceVersion') ?? ''
  return !query.get('resourceVersionMatch') && /^0*$/.test(version) ? true : null
}

const MOST = 2n ** 64n

/** A resourceVersion as a number; how a bad one is refused differs by verb. */
export function versionOf(text: string, verb: 'get' | 'list' | 'watch'): number {
  if (/^\d+$/.test(text) && (text.length < 20 || BigInt(text) < MOST)) return Number(text)
  throw queryOptions.get().noVersion(text, verb)
}

export const tooLarge = (asked: string, current: number): ApiError =>
  fail(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  })
