/** Change: from what was sent and what is stored to the next version, before defaults and admission. */
import { invalid, invalidObject } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { badRequest, conflict, fail, notFound, OBJECT_MODIFIED } from '#api/status.ts'
import type { Call } from '../call.ts'
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
      call.old = stored(call, resource, server)
      if (call.old === null && !mayCreate(call, resource)) throw notFound(subject(resource), call.name)
      call.object = verb === 'update' ? replacement(call, resource, server) : patchObject(call, resource, server)
      if (call.old === null) call.object = begin(call.object, call, resource, server)
    }
    return 'on'
  },
})

export const subject = (resource: Resource) => ({ group: resource.group, resource: resource.plural })

function stored(call: Call, resource: Resource, server: ApiServer): AnyObject | null {
  const entry = server.store.get(keyFor(resource, call.namespace, call.name))
  return entry ? fromStore(resource, entry.value) : null
}

const mayCreate = (call: Call, resource: Resource): boolean =>
  !call.subresource && (call.verb === 'update' ? resource.createOnUpdate === true : call.patchType === 'apply')

function creation(call: Call, resource: Resource, server: ApiServer): AnyObject {
  const sent = call.body as AnyObject
  const named = naming(sent, call, resource, server)
  if (named.metadata.resourceVersion) {
    throw fail(500, 'InternalError', 'resourceVersion should not be set on objects to be created')
  }
  return begin(named, call, resource, server)
}

/** The name (generated or given) and the namespace, which must be the URL's. */
function naming(sent: AnyObject, call: Call, resource: Resource, server: ApiServer): AnyObject {
  const meta = sent.metadata ?? {}
  if (meta.namespace && resource.namespaced && meta.namespace !== call.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }
  const name = meta.name || (meta.generateName ? generate(meta.generateName, server) : '')
  call.name = name
  const { namespace: _given, ...rest } = meta
  return { ...sent, metadata: { ...rest, name, ...(resource.namespaced ? { namespace: call.namespace } : {}) } }
}

/** apimachinery's SimpleNameGenerator: five characters after at most 58 of the base. */
export const generate = (base: string, server: ApiServer): string => base.slice(0, 58) + server.world.random('names').suffix(5)

/** What every new object gets (rest.FillObjectMetaSystemFields). */
function begin(object: AnyObject, call: Call, resource: Resource, server: ApiServer): AnyObject {
  const {
    deletionTimestamp: _d,
    deletionGracePeriodSeconds: _g,
    selfLink: _s,
    generation: _n,
    resourceVersion: _r,
    uid: _u,
    ...meta
  } = object.metadata
  return {
    ...object,
    apiVersion: resource.groupVersion,
    kind: resource.kind,
    metadata: {
      ...meta,
      name: meta.name || call.name,
      ...(resource.namespaced ? { namespace: call.namespace } : {}),
      uid: server.world.random('uid').uuid(),
      ...(resource.generation ? { generation: 1 } : {}),
      creationTimestamp: server.world.timestamp(),
    },
  }
}

function replacement(call: Call, resource: Resource, server: ApiServer): AnyObject {
  const sent = call.body as AnyObject
  checkIdentity(sent, call, resource)
  const old = call.old
  if (old && resource.unconditionalUpdate === false && !sent.metadata?.resourceVersion) {
    const error = invalid('metadata.resourceVersion', 0, 'must be specified for an update')
    throw invalidObject(resource.group, resource.kind, call.name, [error])
  }
  if (!old) return { ...sent, metadata: { ...sent.metadata, name: call.name } }
  if (call.subresource?.name === 'scale') return server.scaled(resource, old, sent)
  return identityOf(sent, old, resource)
}

export function checkIdentity(sent: AnyObject, call: Call, resource: Resource): void {
  const meta = sent.metadata ?? {}
  if (meta.name && meta.name !== call.name) {
    throw badRequest(`the name of the object (${meta.name}) does not match the name on the URL (${call.name})`)
  }
  if (resource.namespaced && meta.namespace && meta.namespace !== call.namespace) {
    throw badRequest(
      `the namespace of the object (${meta.namespace}) does not match the namespace on the URL (${call.namespace})`,
    )
  }
}

/** Keeps what no client may change (rest.BeforeUpdate), and compares resourceVersion and uid where they were sent. */
export function identityOf(next: AnyObject, old: AnyObject, resource: Resource): AnyObject {
  const meta = next.metadata ?? {}
  const was = old.metadata
  if (meta.uid && meta.uid !== was.uid) {
    throw conflict(
      subject(resource),
      was.name,
      `Precondition failed: UID in precondition: ${meta.uid}, UID in object meta: ${was.uid}`,
    )
  }
  if (meta.resourceVersion && meta.resourceVersion !== was.resourceVersion)
    throw conflict(subject(resource), was.name, OBJECT_MODIFIED)
  const same =
    meta.name === was.name &&
    meta.uid === was.uid &&
    meta.creationTimestamp === was.creationTimestamp &&
    meta.generation === was.generation &&
    meta.resourceVersion === was.resourceVersion &&
    meta.namespace === was.namespace &&
    meta.deletionTimestamp === was.deletionTimestamp &&
    meta.deletionGracePeriodSeconds === was.deletionGracePeriodSeconds
  const { deletionTimestamp: _d, deletionGracePeriodSeconds: _g, selfLink: _s, generation: _n, ...rest } = meta
  return {
    ...next,
    apiVersion: resource.groupVersion,
    kind: resource.kind,
    metadata: same
      ? meta
      : {
          ...rest,
          name: was.name,
          ...(was.namespace ? { namespace: was.namespace } : {}),
          uid: was.uid,
          creationTimestamp: was.creationTimestamp,
          ...(was.generation !== undefined ? { generation: was.generation } : {}),
          ...(was.deletionTimestamp ? { deletionTimestamp: was.deletionTimestamp } : {}),
          ...(was.deletionGracePeriodSeconds !== undefined ? { deletionGracePeriodSeconds: was.deletionGracePeriodSeconds } : {}),
          resourceVersion: was.resourceVersion,
        },
  }
}
