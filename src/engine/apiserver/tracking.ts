/** Tracking: who owns which field after this write; `metadata.managedFields` of the version to be stored. */
import type { AnyObject, ManagedFieldsEntry } from '#api/meta.ts'
import type { Call } from './call.ts'
import { trackUpdate } from './managed/track.ts'
import type { Resource } from './resource.ts'
import type { ApiServer } from './server.ts'

/** The manager that a request without `fieldManager` has: its user agent's name (managedfields' prefixFromUserAgent). */
export function managerOf(call: Call): string {
  if (call.fieldManager) return call.fieldManager
  const agent = call.request.headers?.['user-agent'] ?? ''
  const name = agent.split('/')[0] ?? ''
  return (
    [...name]
      .filter((c) => /\P{C}/u.test(c))
      .join('')
      .slice(0, 128) || 'unknown'
  )
}

export function track(call: Call, server: ApiServer): AnyObject {
  const { resource, object, old } = call
  if (!resource || !object) throw new Error('tracking needs an object')
  // Server-side apply has computed its owners with its merge.
  if (call.patchType === 'apply') return object
  return owned(server, resource, old, object, managerOf(call), call.subresource?.name ?? '')
}

/** Likewise for writes that do not come as a call of their own (binding, eviction). */
export function trackChange(
  server: ApiServer,
  resource: Resource,
  old: AnyObject,
  next: AnyObject,
  manager: string,
  subresource: string,
): AnyObject {
  return owned(server, resource, old, next, manager, subresource)
}

/** The managedFields of an answer that is never stored (reviews, token requests). */
export function trackAnswer(call: Call, server: ApiServer, sent: AnyObject, schema: string, apiVersion: string) {
  const { schemas, world } = server
  const subresource = call.subresource?.name ?? ''
  const time = world.timestamp()
  return trackUpdate({ old: null, next: sent, manager: managerOf(call), subresource, time, apiVersion, schema, schemas })
}

/** Owners of new objects by the objects' shape: thousands of Events differ in nothing but their values. */
const made = new Map<string, ManagedFieldsEntry[]>()
const SHAPES = 1000

/** The keys of an object of plain maps, nested as they are; null where lists make owners depend on values. */
function shapeText(value: object): string | null {
  let text = '{'
  for (const key in value) {
    const field = (value as Record<string, unknown>)[key]
    if (field === undefined) continue
    text += key
    // What is zero may be nobody's.
    if (field === null) text += '0'
    else if (field === 0 || field === '' || field === false) text += '='
    else if (typeof field === 'object') {
      if (Array.isArray(field)) return null
      const inner = shapeText(field)
      if (inner === null) return null
      text += inner
    }
    text += ','
  }
  return `${text}}`
}

function owned(
  server: ApiServer,
  resource: Resource,
  old: AnyObject | null,
  next: AnyObject,
  manager: string,
  subresource: string,
): AnyObject {
  // A custom kind's schema may change: its shapes are not remembered.
  const shape = old === null && !next.metadata.managedFields && !resource.custom ? shapeText(next) : null
  const time = server.world.timestamp()
  const key = shape && `${resource.id} ${resource.groupVersion} ${manager} ${subresource} ${shape}`
  const known = key ? made.get(key) : undefined
  if (known) {
    // What is made in one second shares one list.
    if (known[0]?.time === time) return { ...next, metadata: { ...next.metadata, managedFields: known } }
    const again = known.map((entry) => ({ ...entry, time }))
    made.set(key as string, again)
    return { ...next, metadata: { ...next.metadata, managedFields: again } }
  }
  const managedFields = trackUpdate({
    old,
    next,
    manager,
    subresource,
    time,
    apiVersion: resource.groupVersion,
    schema: resource.schema,
    schemas: server.schemas,
    ...(resource.custom ? { hasStatus: resource.status === true, replicas: resource.scale?.path } : {}),
  })
  if (managedFields === next.metadata.managedFields) return next
  if (key && managedFields && made.size < SHAPES) made.set(key, managedFields)
  return { ...next, metadata: { ...next.metadata, managedFields } }
}
