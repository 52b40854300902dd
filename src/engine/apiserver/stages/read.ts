/** Read: get and list are answered from the store, now or as it was; watches are opened by the watch hub. */

import type { AnyObject } from '#api/meta.ts'
import { badRequest, fail, notFound } from '#api/status.ts'
import { Compacted } from '../../etcd/etcd.ts'
import type { Call } from '../call.ts'
import { keyFor, prefixFor } from '../keys.ts'
import { checkListOptions, tooLarge, versionOf } from '../list-options.ts'
import { queryOptions } from '../options/slot.ts'
import type { Resource } from '../resource.ts'
import { selectionOf } from '../selection.ts'
import type { ApiServer } from '../server.ts'
import { stage } from '../stage.ts'
import { respondWith } from './respond.ts'
import { isTrue } from './route.ts'

export const read = stage({
  name: 'read',
  step(call, server) {
    if (!call.resource || call.subresource?.handle) return 'on'
    if (call.verb === 'get') return { reply: respondWith(call, server, get(call, call.resource, server), 200) }
    if (call.verb === 'list') return { reply: respondWith(call, server, list(call, call.resource, server), 200) }
    return 'on'
  },
})

function get(call: Call, resource: Resource, server: ApiServer): AnyObject {
  const asked = call.query.get('resourceVersion')
  if (isTrue(call.query.get('export'))) {
    throw badRequest('the export parameter, deprecated since v1.14, is no longer supported')
  }
  const reader = resource.uncached ? 'list' : 'get'
  if (asked && versionOf(asked, reader) > server.store.revision) throw tooLarge(asked, server.store.revision)
  if (resource.live) return getLive(call, resource.live(server, call.namespace))
  const entry = server.store.get(keyFor(resource, call.namespace, call.name))
  if (!entry) throw notFound({ group: resource.group, resource: resource.plural }, call.name)
  const object = readNow(server, resource, entry.value)
  if (call.subresource?.name !== 'scale') return object
  const missing = resource.scale?.missing?.(object)
  if (missing) throw fail(500, 'InternalError', `Internal error occurred: ${missing}`, { causes: [{ message: missing }] })
  return server.scaleOf(resource, object)
}

function getLive({ resource, namespace, name }: Call, objects: readonly AnyObject[]): AnyObject {
  const found = objects.find(({ metadata }) => metadata.name === name)
  if (found) return found
  const subject = { group: resource?.group ?? '', resource: resource?.kind.toLowerCase() ?? '' }
  throw notFound(subject, namespace ? `${namespace}/${name}` : name)
}

export const fromStore = (resource: Resource, object: AnyObject): AnyObject =>
  resource.stored ? resource.stored.fromStored(object) : object

function readNow(server: ApiServer, resource: Resource, stored: AnyObject): AnyObject {
  const object = fromStore(resource, stored)
  return resource.shown ? resource.shown(object, server) : object
}

/** A page of the collection, as a List. */
export function list(call: Call, resource: Resource, server: ApiServer): AnyObject {
  checkListOptions(call, resource, 'list')
  const selection = selectionOf(call, resource)
  if (resource.live)
    return listOf(
      resource,
      {},
      resource.live(server, call.namespace).filter((each) => selection.matches(each)),
    )
  const { query } = call
  const version = query.get('resourceVersion') ?? ''
  const prefix = prefixFor(resource, call.namespace)
  const token = query.get('continue') ? queryOptions.get().decodeContinue(query, prefix, server) : null
  // The cache keeps no pages: it gives all that is left.
  const limit = version === '0' ? 0 : Math.max(0, Number(query.get('limit') ?? 0))
  if (version && version !== '0' && versionOf(version, 'list') > server.store.revision)
    throw tooLarge(version, server.store.revision)
  const exact =
    query.get('resourceVersionMatch') === 'Exact' ||
    (limit > 0 && version !== '' && version !== '0' && query.get('resourceVersionMatch') !== 'NotOlderThan')
  const at = token
    ? token.revision < 0
      ? server.store.revision
      : token.revision
    : exact
      ? Number(version)
      : server.store.revision
  const entries = rangeAt(server, prefix, at, token?.start)
  const items: AnyObject[] = []
  let rest = 0
  let last = ''
  for (const entry of entries) {
    if (token && entry.key < token.start) continue
    const object = readNow(server, resource, entry.value)
    if (!selection.matches(object)) continue
    if (limit > 0 && items.length >= limit) {
      rest += 1
      continue
    }
    items.push(object)
    last = entry.key
  }
  const metadata = {
    resourceVersion: String(at),
    // Lists of custom kinds are written as they are, with all that is empty.
    ...(rest > 0 ? { continue: queryOptions.get().encodeContinue(at, last, prefix) } : resource.custom ? { continue: '' } : {}),
    ...(rest > 0 && selection.everything ? { remainingItemCount: rest } : {}),
  }
  return listOf(resource, metadata, items)
}

const listOf = ({ kind, listKind = `${kind}List`, groupVersion }: Resource, metadata: object, items: AnyObject[]): AnyObject =>
  ({ kind: listKind, apiVersion: groupVersion, metadata, items }) as unknown as AnyObject

function rangeAt(server: ApiServer, prefix: string, revision: number, start?: string) {
  try {
    return server.store.range(prefix, revision)
  } catch (error) {
    if (!(error instanceof Compacted)) throw error
    if (start !== undefined) throw queryOptions.get().expired(start, prefix)
    throw fail(410, 'Expired', 'The resourceVersion for the provided list is too old.')
  }
}
