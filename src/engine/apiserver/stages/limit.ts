/**
 * Limit: what each road may touch (spec or status), and whose fields are whose after it. Before admission and the kind's own
 * hooks: what those add belongs to nobody (the field manager of Kubernetes stands in the same place).
 */
import type { AnyObject } from '#api/meta.ts'
import type { Call } from '../call.ts'
import type { Resource } from '../resource.ts'
import type { ApiServer } from '../server.ts'
import { stage } from '../stage.ts'
import { track } from '../tracking.ts'

export const limit = stage({
  name: 'limit',
  step(call, server) {
    const { resource, object, old } = call
    if (!resource || !object) return 'on'
    call.object = old ? limited(call, resource, object, old, server) : object
    call.object = old || !resource.status ? track(call, server) : trackedBeside(call, object, server)
    return 'on'
  },
})

function limited(call: Call, resource: Resource, object: AnyObject, old: AnyObject, server: ApiServer): AnyObject {
  if (call.subresource?.name === 'status') return statusOnly(object, old)
  if (call.subresource?.prepare) {
    return call.subresource.prepare(
      object,
      old,
      server.hooks(call.dryRun, (text) => call.warnings.push(text)),
    )
  }
  return resource.status && object['status'] !== old['status'] ? { ...object, status: old['status'] } : object
}

/** A new object's status is nobody's, even where the kind keeps it. */
function trackedBeside(call: Call, object: AnyObject, server: ApiServer): AnyObject {
  const { status, ...rest } = object
  call.object = rest as AnyObject
  const tracked = track(call, server)
  return status === undefined ? tracked : ({ ...tracked, status } as AnyObject)
}

/** A status write keeps everything but status, labels, annotations, owners and finalizers. */
function statusOnly(next: AnyObject, old: AnyObject): AnyObject {
  const { labels, annotations, finalizers, ownerReferences, managedFields } = next.metadata
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
