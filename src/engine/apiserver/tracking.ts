/** Tracking: who owns which field after this write; `metadata.managedFields` of the version to be stored. */

import { equal } from '#api/equal.ts'
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
  const next = sent
  return trackUpdate({
    old: null,
    next,
    manager: managerOf(call),
    subresource,
    time,
    apiVersion,
    schema,
    schemas,
    hasStatus: false,
  })
}

/** A new object, and who came to own what of it: thousands of Events and Pods differ in nothing but their values. */
interface Example {
  object: AnyObject
  owners: ManagedFieldsEntry[]
}

/** Examples by resource, version and manager, the latest first. */
const examples = new WeakMap<Resource, Map<string, Example[]>>()
const EXAMPLES = 8

function examplesOf(resource: Resource, manager: string): Example[] {
  let byManager = examples.get(resource)
  if (!byManager) examples.set(resource, (byManager = new Map()))
  let found = byManager.get(manager)
  if (!found) byManager.set(manager, (found = []))
  return found
}

/** What is zero may be nobody's. */
type Sort = 'absent' | 'null' | 'zero' | 'value' | 'map' | 'list'

function sortOf(value: unknown): Sort {
  if (value === undefined) return 'absent'
  if (value === null) return 'null'
  if (typeof value === 'object') return Array.isArray(value) ? 'list' : 'map'
  return value === 0 || value === '' || value === false ? 'zero' : 'value'
}

/** Whether two maps have the same keys, with values of the same sort; in lists owners depend on values, which must be equal. */
function alike(one: Record<string, unknown>, other: Record<string, unknown>): boolean {
  if (one === other) return true
  let more = 0
  for (const key in one) {
    const a = one[key]
    const b = other[key]
    const sort = sortOf(a)
    if (sort !== sortOf(b)) return false
    if (sort === 'map' && !alike(a as Record<string, unknown>, b as Record<string, unknown>)) return false
    if (sort === 'list' && !equal(a, b)) return false
    if (sort !== 'absent') more += 1
  }
  for (const key in other) if (other[key] !== undefined) more -= 1
  return more === 0
}

/** Owners by example; what is made in one second shares one list. */
function known(list: Example[], object: AnyObject, time: string): ManagedFieldsEntry[] | null {
  let at = 0
  while (at < list.length && !alike(object as Record<string, any>, (list[at] as Example).object as Record<string, any>)) at += 1
  const example = list[at]
  if (!example) return null
  if (at > 0) list.unshift(...list.splice(at, 1))
  if (example.owners[0]?.time !== time) example.owners = example.owners.map((entry) => ({ ...entry, time }))
  return example.owners
}

function owned(
  server: ApiServer,
  resource: Resource,
  old: AnyObject | null,
  next: AnyObject,
  manager: string,
  subresource: string,
): AnyObject {
  const time = server.world.timestamp()
  // A custom kind's schema may change: its examples are not remembered.
  const list =
    old === null && !subresource && !next.metadata.managedFields && !resource.custom ? examplesOf(resource, manager) : null
  const owners = list && known(list, next, time)
  if (owners) return { ...next, metadata: { ...next.metadata, managedFields: owners } }
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
  if (list && managedFields) list.unshift({ object: next, owners: managedFields })
  if (list && list.length > EXAMPLES) list.pop()
  return { ...next, metadata: { ...next.metadata, managedFields } }
}
