/** What reviews answer with: themselves, their status filled in. */
import type { AnyObject } from '#api/meta.ts'
import type { Answer, Call } from '../../apiserver/call.ts'
import type { ApiServer } from '../../apiserver/server.ts'
import { warningHeader } from '../../apiserver/stages/respond.ts'
import { trackAnswer } from '../../apiserver/tracking.ts'

/** The metadata as it was sent, without what is empty; the fields of a question have a manager like any other's. */
export function metadataOf(call: Call, server: ApiServer): Record<string, unknown> {
  const { resource } = call
  const sent = call.body as AnyObject
  const { namespace, ...metadata } = { ...sent.metadata }
  const given = Object.entries(resource?.namespaced ? { ...metadata, namespace } : metadata)
  const { schema = '', groupVersion = '' } = resource ?? {}
  const managedFields = trackAnswer(call, server, { ...sent, metadata } as AnyObject, schema, groupVersion)
  return {
    ...Object.fromEntries(given.filter(([, value]) => value !== '' && value !== null && value !== undefined)),
    ...(managedFields ? { managedFields } : {}),
  }
}

export const answered = (call: Call, body: unknown): Answer => ({
  status: 201,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-cache, private', ...warningHeader(call) },
  body,
})
