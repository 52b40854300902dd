/** Server-side apply as the request path asks for it: on an object, its status, or its scale. */
import type { AnyObject } from '#api/meta.ts'
import { ApiError, failure, notFound } from '#api/status.ts'
import type { Call } from '../call.ts'
import type { Resource } from '../resource.ts'
import type { ApiServer } from '../server.ts'
import { apply } from './apply.ts'
import { ownersOfParent, ownersOfScale } from './scale.ts'

export interface Configuration {
  call: Call
  resource: Resource
  server: ApiServer
  /** What is stored; null when the apply creates. */
  live: AnyObject | null
  applied: AnyObject
  force: boolean
}

const SCALE = { apiVersion: 'autoscaling/v1', kind: 'Scale', schema: 'io.k8s.api.autoscaling.v1.Scale' }

/** Kubernetes can't apply to the scale of a custom resource: it wants to convert the scale as if it were the resource. */
const unconvertible = (): ApiError =>
  new ApiError(
    failure(
      500,
      '',
      'failed to create manager for existing fields: failed to convert live object (/; autoscaling/v1, Kind=Scale) to proper version: request to convert CR to an invalid group/version: autoscaling/v1',
    ),
  )

/** The next version with its managedFields; the live object itself when nothing changes. Throws the API's errors. */
export function applyConfiguration({ call, resource, server, live, applied, force }: Configuration): AnyObject {
  const subresource = call.subresource?.name ?? ''
  const common = {
    applied,
    force,
    manager: call.fieldManager,
    subresource,
    time: server.world.timestamp(),
    schemas: server.schemas,
  }
  if (subresource !== 'scale') {
    return apply({
      ...common,
      live,
      apiVersion: resource.groupVersion,
      kind: resource.kind,
      schema: resource.schema,
      hasStatus: resource.status === true,
    })
  }
  if (!live) throw notFound({ group: resource.group, resource: resource.plural }, call.name)
  if (resource.custom) throw unconvertible()
  const owners = live.metadata.managedFields ?? []
  const scale = server.scaleOf(resource, live)
  const next = apply({
    ...common,
    ...SCALE,
    live: { ...scale, metadata: { ...scale.metadata, managedFields: ownersOfScale(owners, resource.scale?.path) } },
  })
  const parent = server.scaled(resource, live, next)
  const managedFields = ownersOfParent(owners, next.metadata.managedFields ?? [], resource.groupVersion, resource.scale?.path)
  return { ...parent, metadata: { ...parent.metadata, managedFields } }
}
