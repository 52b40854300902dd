/**
 * Limit: what each road may touch (spec or status), and whose fields are whose after it. Before admission and the kind's own
 * hooks: what those add belongs to nobody (the field manager of Kubernetes stands in the same place).
 */

import { equal } from '#api/equal.ts'
import type { AnyObject, OwnerReference } from '#api/meta.ts'
import type { Call } from '../call.ts'
import { roadOf } from '../managed/reset.ts'
import { isNative } from '../managed/shape.ts'
import type { Resource } from '../resource.ts'
import type { ApiServer } from '../server.ts'
import { stage } from '../stage.ts'
import { track } from '../tracking.ts'

export const limit = stage({
  name: 'limit',
  step(call, server) {
    const { resource, object, old } = call
    if (!resource || !object) return 'on'
    if (old && call.subresource?.ownsNamed) {
      call.object = track(call, server)
      call.object = limited(call, resource, call.object, old, server)
      return 'on'
    }
    call.object = old ? limited(call, resource, object, old, server) : object
    call.object = withoutTwins(call.object, call)
    call.object = old || !resource.status ? track(call, server) : trackedBeside(call, object, server)
    return 'on'
  },
})

function limited(call: Call, resource: Resource, object: AnyObject, old: AnyObject, server: ApiServer): AnyObject {
  if (call.subresource?.name === 'status') return resource.custom ? statusAlone(object, old) : statusOnly(object, old)
  if (call.subresource?.prepare) {
    return call.subresource.prepare(
      object,
      old,
      server.hooks(call.dryRun, (text) => call.warnings.push(text)),
    )
  }
  return resource.status && object['status'] !== old['status'] ? { ...object, status: old['status'] } : object
}

/** An owner named twice counts once. */
function withoutTwins(object: AnyObject, call: Call): AnyObject {
  const owners = object.metadata.ownerReferences
  if (!owners || owners.length < 2) return object
  const isFirst = (owner: OwnerReference, i: number) => owners.findIndex((other) => equal(other, owner)) === i
  const kept = owners.filter(isFirst)
  if (kept.length === owners.length) return object
  const twins = [...new Set(owners.filter((owner, i) => !isFirst(owner, i)).map(({ uid }) => uid))]
  // A patched object is looked at only once it has been admitted.
  const when = call.verb === 'patch' ? ' after mutating admission happens' : ''
  call.warnings.push(
    `.metadata.ownerReferences contains duplicate entries${when}; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${twins.join(', ')}`,
  )
  return { ...object, metadata: { ...object.metadata, ownerReferences: kept } }
}

/** Whether tracking does not look at status anyway. */
const leavesStatus = (schema: string): boolean => isNative(schema) && roadOf(schema, '', true).skip.has('status')

/** A new object's status is nobody's, even where the kind keeps it. */
function trackedBeside(call: Call, object: AnyObject, server: ApiServer): AnyObject {
  if (object['status'] === undefined || leavesStatus(call.resource?.schema ?? '')) return track(call, server)
  const { status, ...rest } = object
  call.object = rest as AnyObject
  const tracked = track(call, server)
  return status === undefined ? tracked : ({ ...tracked, status } as AnyObject)
}

/** Custom kinds keep everything but status, and who owns what. */
function statusAlone(next: AnyObject, old: AnyObject): AnyObject {
  const { managedFields: _was, ...metadata } = old.metadata
  const { managedFields } = next.metadata
  const { status: _status, ...rest } = old
  return {
    ...rest,
    metadata: managedFields ? { ...metadata, managedFields } : metadata,
    ...(next['status'] === undefined ? {} : { status: next['status'] }),
  } as AnyObject
}

/** A status write keeps everything but status, labels, annotations, owners and finalizers. */
function statusOnly(next: AnyObject, old: AnyObject): AnyObject {
  const { labels, annotations, finalizers, ownerReferences, managedFields } = next.metadata
  const was = old.metadata
  const same =
    labels === was.labels &&
    annotations === was.annotations &&
    finalizers === was.finalizers &&
    ownerReferences === was.ownerReferences &&
    managedFields === was.managedFields
  if (same) return { ...old, status: next['status'] }
  const { labels: _l, annotations: _a, finalizers: _f, ownerReferences: _o, managedFields: _m, ...meta } = old.metadata
  return {
    ...old,
    metadata: {
      ...meta,
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
      ...(ownerReferences ? { ownerReferences } : {}),
      ...(finalizers ? { finalizers } : {}),
      ...(managedFields ? { managedFields } : {}),
    },
    status: next['status'],
  }
}
