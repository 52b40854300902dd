/** Prepare: what each road may touch (spec or status), generation, the strategy's own hooks, and managedFields. */
import type { AnyObject } from '#api/meta.ts'
import { equal } from '../equal.ts'
import { stage } from '../stage.ts'
import { track } from '../tracking.ts'

export const prepare = stage({
  name: 'prepare',
  step(call, server) {
    const { resource, object, old } = call
    if (!resource || !object) return 'on'
    const hooks = server.hooks(call.dryRun, (text) => call.warnings.push(text))
    if (!old) {
      const next = resource.status && !resource.prepareCreate ? withoutStatus(object) : object
      call.object = resource.prepareCreate ? resource.prepareCreate(next, hooks) : next
    } else if (call.subresource?.name === 'status') {
      const next = statusOnly(object, old)
      call.object = resource.prepareStatus ? resource.prepareStatus(next, old, hooks) : next
    } else if (call.subresource?.prepare) {
      const prepared = call.subresource.prepare(object, old, hooks)
      call.object = resource.generation ? counted(prepared, old) : prepared
    } else {
      const next = resource.status ? { ...object, status: old['status'] } : object
      const prepared = resource.prepareUpdate ? resource.prepareUpdate(next, old, hooks) : next
      call.object = resource.generation ? counted(prepared, old) : prepared
    }
    call.object = track(call, server)
    return 'on'
  },
})

function withoutStatus(object: AnyObject): AnyObject {
  if (object['status'] === undefined) return object
  const { status: _status, ...rest } = object
  return rest as AnyObject
}

/** A status write keeps everything but status, labels and annotations; and managedFields, which tracking rewrites. */
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

/** `metadata.generation` grows when anything but metadata and status has changed. */
function counted(next: AnyObject, old: AnyObject): AnyObject {
  const changed = (['spec', ...Object.keys(next)] as string[]).some(
    (key) => key !== 'metadata' && key !== 'status' && key !== 'apiVersion' && key !== 'kind' && !equal(next[key], old[key]),
  )
  const generation = (old.metadata.generation ?? 0) + (changed ? 1 : 0)
  return next.metadata.generation === generation ? next : { ...next, metadata: { ...next.metadata, generation } }
}

