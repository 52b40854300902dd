/** Persist: compare-and-swap into etcd. A write that changes nothing is none; a last finalizer taken off is a deletion. */
import { utf8Length } from '#api/base64.ts'
import type { AnyObject } from '#api/meta.ts'
import { ApiError, alreadyExists, conflict, fail, notFound, OBJECT_MODIFIED } from '#api/status.ts'
import type { Call } from '../call.ts'
import { reuse } from '../equal.ts'
import { subject } from '../identity.ts'
import { keyFor } from '../keys.ts'
import { unlessOnlyTimes } from '../managed/stored.ts'
import type { Resource } from '../resource.ts'
import { unpacked } from '../schema/finish.ts'
import type { ApiServer } from '../server.ts'
import { type Step, stage } from '../stage.ts'
import { generate } from './change.ts'
import { respondWith } from './respond.ts'

/** How often a taken generated name is tried again (registry/generic/registry/store.go). */
const NAME_TRIES = 8

export const persist = stage({
  name: 'persist',
  step(call, server) {
    const { resource, object } = call
    if (!resource || !object) return 'on'
    if (!call.dryRun) refuseTooLarge(call, object)
    if (call.old) return update(call, resource, object, server)
    return create(call, resource, object, server)
  },
})

/** etcd takes requests of 1.5 MiB, its client sends 2 MiB at most. What is written in few words is not measured. */
function refuseTooLarge({ request: { body, headers } }: Call, object: AnyObject): void {
  const said = typeof body === 'string' ? body.length : Number(headers?.['content-length'] ?? 0)
  if (said < 1 << 18) return
  const size = utf8Length(JSON.stringify(object))
  const sent = `trying to send message larger than max (${size} vs. ${1 << 21})`
  if (size > 1 << 21) throw fail(500, '', `rpc error: code = ResourceExhausted desc = ${sent}`)
  if (size > 3 << 19) throw fail(500, '', 'etcdserver: request is too large')
}

const versioned = (object: AnyObject, revision: number): AnyObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: String(revision) },
})

function toStore(resource: Resource, object: AnyObject): AnyObject {
  return resource.stored ? resource.stored.toStored(object) : object
}

/** As storage would give it back: a dry run too is converted, and gets the defaults of what the strategy left out. */
const asRead = (resource: Resource, object: AnyObject): AnyObject =>
  resource.stored ? resource.stored.fromStored(resource.stored.toStored(object)) : object

/** What the store would give back, in a dry run too. Parts of the cluster write no empty lists. */
const kept = (call: Call, { custom, schema }: Resource, object: AnyObject, { schemas }: ApiServer): AnyObject =>
  custom || call.request.path === '' ? object : unpacked(object, schema, schemas)

function create(call: Call, resource: Resource, object: AnyObject, server: ApiServer): Step {
  let next = kept(call, resource, object, server)
  for (let tries = 0; ; tries++) {
    const key = keyFor(resource, next.metadata.namespace ?? '', next.metadata.name)
    const version = next.metadata.resourceVersion ?? ''
    if (!call.dryRun && /^\d+$/.test(version) && Number(version) !== 0) {
      throw fail(500, '', 'resourceVersion should not be set on objects to be created')
    }
    if (call.dryRun && !server.store.get(key)) return { reply: respondWith(call, server, asRead(resource, next), 201) }
    const lease = resource.ttlSeconds && !call.dryRun ? server.leaseFor(resource.ttlSeconds) : undefined
    const make = (revision: number): AnyObject => versioned(toStore(resource, next), revision)
    const result = call.dryRun ? null : server.store.put(lease ? { key, expect: 0, make, lease } : { key, expect: 0, make })
    if (result?.ok) return done(call, resource, result.entry?.value as AnyObject, server, 201)
    if (result && result.why === 'waiting') return { wait: result.ticket }
    const sentName = (call.body as AnyObject | null)?.metadata?.name
    if (sentName || !next.metadata.generateName || tries >= NAME_TRIES)
      throw nameTaken(resource, next.metadata.name, server.store.get(key)?.value)
    next = { ...next, metadata: { ...next.metadata, name: generate(next.metadata.generateName, server) } }
  }
}

/** The refusal says so when the one in the way is on its way out. */
function nameTaken(resource: Resource, name: string, found: AnyObject | undefined): ApiError {
  const error = alreadyExists(subject(resource), name)
  if (!found?.metadata.deletionTimestamp) return error
  return new ApiError({ ...error.status, message: `object is being deleted: ${error.status.message}` })
}

function update(call: Call, resource: Resource, changed: AnyObject, server: ApiServer): Step {
  const old = call.old as AnyObject
  const object = reuse(unlessOnlyTimes(old, kept(call, resource, changed, server)), old)
  if (object === old) return { reply: respondWith(call, server, shown(call, resource, old, server), 200) }
  const key = keyFor(resource, call.namespace, call.name)
  const { deletionTimestamp, finalizers, deletionGracePeriodSeconds } = object.metadata
  const leaves =
    deletionTimestamp !== undefined && !finalizers?.length && !deletionGracePeriodSeconds && !hasSpecFinalizers(object)
  if (call.dryRun) return { reply: respondWith(call, server, shown(call, resource, asRead(resource, object), server), 200) }
  const expect = Number(old.metadata.resourceVersion)
  if (leaves) {
    server.remove(resource, { ...object, metadata: { ...object.metadata } }, expect)
    return done(call, resource, object, server, 200)
  }
  const result = server.store.put({ key, expect, make: (revision) => versioned(toStore(resource, object), revision) })
  if (result.ok) return done(call, resource, result.entry?.value as AnyObject, server, 200)
  if (result.why === 'waiting') return { wait: result.ticket }
  if (result.why === 'missing') throw notFound(subject(resource), call.name)
  throw conflict(subject(resource), call.name, OBJECT_MODIFIED)
}

/** Namespaces wait for their own list in `spec.finalizers`. */
const hasSpecFinalizers = (object: AnyObject): boolean =>
  object.kind === 'Namespace' && (object['spec']?.finalizers?.length ?? 0) > 0

/** Writes to the scale subresource are answered with the Scale. */
const shown = (call: Call, resource: Resource, object: AnyObject, server: ApiServer): AnyObject =>
  call.subresource?.name === 'scale' ? server.scaleOf(resource, object) : object

function done(call: Call, resource: Resource, storedObject: AnyObject, server: ApiServer, code: number): Step {
  server.world.trace({
    by: call.user.name,
    verb: call.verb,
    resource: call.subresource ? `${resource.id}/${call.subresource.name}` : resource.id,
    namespace: call.namespace,
    name: storedObject.metadata.name,
    code,
    because: call.because,
  })
  const object = resource.stored ? resource.stored.fromStored(storedObject) : storedObject
  return { reply: respondWith(call, server, shown(call, resource, object, server), call.old ? 200 : code) }
}
