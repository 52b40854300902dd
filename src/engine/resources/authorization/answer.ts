/** What reviews answer with: themselves, their status filled in. */
import type { AnyObject } from '#api/meta.ts'
import type { Answer, Call } from '../../apiserver/call.ts'
import { warningHeader } from '../../apiserver/stages/respond.ts'

/** The metadata as it was sent, without what is empty. */
export const metadataOf = ({ metadata }: AnyObject): Record<string, unknown> =>
  Object.fromEntries(Object.entries(metadata ?? {}).filter(([, value]) => value !== '' && value !== null))

export const answered = (call: Call, body: unknown): Answer => ({
  status: 201,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-cache, private', ...warningHeader(call) },
  body,
})
