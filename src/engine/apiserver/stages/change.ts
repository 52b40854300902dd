/** Change: from what was sent and what is stored to the next version, before defaults and admission. */
import { extend } from '#api/extend.ts'
import type { AnyObject, ObjectMeta } from '#api/meta.ts'
import { badRequest, notFound } from '#api/status.ts'
import type { Call } from '../call.ts'
import { checkIdentity, checkUid, checkUnconditional, identityOf, OTHER_NAMESPACE, subject } from '../identity.ts'
import { keyFor } from '../keys.ts'
import { patchObject } from '../patching.ts'
import type { Resource } from '../resource.ts'
import type { ApiServer } from '../server.ts'
import { stage } from '../stage.ts'
import { fromStore } from './read.ts'

export const change = stage({
  name: 'change',
  step(call, server) {
    const { resource, verb } = call
    if (!resource) return 'on'
    if (verb === 'create') call.object = creation(call, resource, server)
    else if (verb === 'update' || verb === 'patch') {
      if (verb === 'update') checkIdentity(call.body as AnyObject, call, resource)
      call.old = stored(call, resource, server)
      if (call.old === null && !mayCreate(call, resource)) throw notFound(subject(resource), call.name)
      if (call.refusal) throw call.refusal
      call.object = verb === 'update' ? replacement(call, resource, server) : patchObject(call, resource, server)
      if (call.old === null) call.object = begin(call.object, call, resource, server)
    }
    return 'on'
  },
})

function stored(call: Call, resource: Resource, server: ApiServer): AnyObject | null {
  const entry = server.store.get(keyFor(resource, call.namespace, call.name))
  return entry ? fromStore(resource, entry.value) : null
}

const mayCreate = (call: Call, resource: Resource): boolean =>
  !call.subresource && (call.verb === 'update' ? resource.createOnUpdate === true : call.patchType === 'apply')

function creation(call: Call, resource: Resource, server: ApiServer): AnyObject {
  const sent = call.body as AnyObject
  const named = naming(sent, call, resource, server)
  return begin(named, call, resource, server)
}

/** The name (generated or given) and the namespace, which must be the URL's. */
function naming(sent: AnyObject, call: Call, resource: Resource, server: ApiServer): AnyObject {
  const meta = sent.metadata ?? {}
  if (meta.namespace && resource.namespaced && meta.namespace !== call.namespace) {
    throw badRequest(OTHER_NAMESPACE)
  }
  const name = meta.name || (meta.generateName ? generate(meta.generateName, server) : '')
  call.name = name
  if (meta.name === name && (meta.namespace ?? '') === (resource.namespaced ? call.namespace : '')) return sent
  const metadata = extend(meta, resource.namespaced ? { name, namespace: call.namespace } : { name })
  if (!resource.namespaced) delete metadata.namespace
  return { ...sent, metadata }
}

/** apimachinery's SimpleNameGenerator: five characters after at most 58 of the base. */
export const generate = (base: string, server: ApiServer): string => base.slice(0, 58) + server.world.random('names').suffix(5)

/** What every new object gets (rest.FillObjectMetaSystemFields). */
function begin(object: AnyObject, call: Call, resource: Resource, server: ApiServer): AnyObject {
  const metadata = { ...withoutSystemFields(object.metadata), name: object.metadata.name || call.name }
  const { resourceVersion } = object.metadata
  // Storage will refuse a creation that has one; others come here by roads that may.
  if (resourceVersion && call.verb === 'create') metadata.resourceVersion = resourceVersion
  if (resource.namespaced) metadata.namespace = call.namespace
  else delete metadata.namespace
  metadata.uid = server.world.random('uid').uuid()
  if (resource.generation) metadata.generation = 1
  metadata.creationTimestamp = server.world.timestamp()
  return { ...object, apiVersion: resource.groupVersion, kind: resource.kind, metadata }
}

/** Hardly anybody sends them: leaving nothing out is the quick way. */
function withoutSystemFields(meta: ObjectMeta): ObjectMeta {
  const sent = meta as ObjectMeta & { selfLink?: unknown }
  const { deletionTimestamp, deletionGracePeriodSeconds, selfLink, resourceVersion, uid } = sent
  if ((deletionTimestamp ?? deletionGracePeriodSeconds ?? selfLink ?? resourceVersion ?? uid) === undefined) return meta
  const { deletionTimestamp: _d, deletionGracePeriodSeconds: _g, selfLink: _s, resourceVersion: _r, uid: _u, ...rest } = sent
  return rest
}

function replacement(call: Call, resource: Resource, server: ApiServer): AnyObject {
  const sent = call.body as AnyObject
  const old = call.old
  const scale = call.subresource?.name === 'scale'
  if (old) checkUnconditional(sent, call, resource)
  if (!old) return { ...sent, metadata: { ...sent.metadata, name: call.name } }
  checkUid(sent, old, call, resource)
  if (scale) return identityOf(server.scaled(resource, old, sent), old, resource)
  return identityOf(sent, old, resource)
}
