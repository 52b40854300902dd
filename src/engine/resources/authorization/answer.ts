/** What reviews answer with: themselves, their status filled in. */
import type { AnyObject } from '#api/meta.ts'
import type { Answer, Call } from '../../apiserver/call.ts'
import type { ApiServer } from '../../apiserver/server.ts'
import { warningHeader } from '../../apiserver/stages/respond.ts'
import { trackAnswer } from '../../apiserver/tracking.ts'

/** What only the server writes (rest.WipeObjectMetaSystemFields). */
export function withoutSystemFields(metadata: Record<string, unknown>): Record<string, unknown> {
  const {
    creationTimestamp: _c,
    uid: _u,
    deletionTimestamp: _d,
    deletionGracePeriodSeconds: _g,
    selfLink: _s,
    ...rest
  } = metadata
  return rest
}

const ORDER = [
  ...['name', 'generateName', 'namespace', 'resourceVersion', 'generation'],
  ...['labels', 'annotations', 'ownerReferences', 'finalizers', 'managedFields'],
]

/** Metadata with its fields in the order of Go's struct, and its maps in the order of their keys. */
export function goMeta(metadata: Record<string, unknown>): Record<string, unknown> {
  const present = ORDER.filter((key) => metadata[key] !== undefined)
  return Object.fromEntries(
    present.map((key) => [key, key === 'labels' || key === 'annotations' ? byKey(metadata[key]) : metadata[key]]),
  )
}

const byKey = (map: unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(map as object).sort(([a], [b]) => (a < b ? -1 : 1)))

/** The metadata as it was sent, without what is empty; the fields of a question have a manager like any other's. */
export function metadataOf(call: Call, server: ApiServer): Record<string, unknown> {
  const { resource } = call
  const sent = call.body as AnyObject
  const { namespace, ...metadata } = withoutSystemFields({ ...sent.metadata })
  const given = Object.entries(resource?.namespaced ? { ...metadata, namespace } : metadata)
  const { schema = '', groupVersion = '' } = resource ?? {}
  const managedFields = trackAnswer(call, server, { ...sent, metadata } as unknown as AnyObject, schema, groupVersion)
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
