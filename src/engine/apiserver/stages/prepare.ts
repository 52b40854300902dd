/** Prepare: the kind's own hooks (PrepareForCreate, PrepareForUpdate, allocation), and generation. */

import { equal } from '#api/equal.ts'
import type { AnyObject } from '#api/meta.ts'
import type { Call } from '../call.ts'
import type { Hooks, Resource } from '../resource.ts'
import { stage } from '../stage.ts'

export const prepare = stage({
  name: 'prepare',
  step(call, server) {
    const { resource, object, old } = call
    if (!resource || !object) return 'on'
    const hooks = server.hooks(call.dryRun, (text) => call.warnings.push(text), call.user)
    call.object = old ? update(call, resource, object, old, hooks) : create(resource, object, hooks)
    return 'on'
  },
})

function create(resource: Resource, sent: AnyObject, hooks: Hooks): AnyObject {
  const object = resource.drops?.(sent) ?? sent
  if (resource.prepareCreate) return resource.prepareCreate(object, hooks)
  return resource.status ? withoutStatus(object) : object
}

function update({ subresource }: Call, resource: Resource, object: AnyObject, old: AnyObject, hooks: Hooks): AnyObject {
  if (subresource?.name === 'status') return resource.prepareStatus ? resource.prepareStatus(object, old, hooks) : object
  const main = !subresource?.prepare
  const kept = main && resource.drops ? resource.drops(object) : object
  const prepared = main && resource.prepareUpdate ? resource.prepareUpdate(kept, old, hooks) : kept
  return resource.generation ? counted(prepared, old, resource.custom === true && !resource.status) : prepared
}

function withoutStatus(object: AnyObject): AnyObject {
  if (object['status'] === undefined) return object
  const { status: _status, ...rest } = object
  return rest as AnyObject
}

/** `metadata.generation` grows when anything but metadata and status has changed; where status is no road of its own, it counts. */
function counted(next: AnyObject, old: AnyObject, withStatus: boolean): AnyObject {
  const changed = [...Object.keys(next), ...Object.keys(old)].some(
    (key) =>
      key !== 'metadata' &&
      (withStatus || key !== 'status') &&
      key !== 'apiVersion' &&
      key !== 'kind' &&
      !equal(next[key], old[key]),
  )
  const generation = (old.metadata.generation ?? 0) + (changed ? 1 : 0)
  return next.metadata.generation === generation ? next : { ...next, metadata: { ...next.metadata, generation } }
}
