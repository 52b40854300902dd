/** The scale subresource: one shape for every kind that counts replicas. */
import { invalid, invalidObject } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { badRequest, notFound } from '#api/status.ts'
import type { Resource } from './resource.ts'

export function scaleOf(resource: Resource, object: AnyObject): AnyObject {
  const { scale } = resource
  if (!scale) throw notFound({ group: resource.group, resource: resource.plural }, object.metadata.name)
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const selector = scale.selector(object)
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: scale.replicas(object) ? { replicas: scale.replicas(object) } : {},
    status: { replicas: scale.statusReplicas(object), ...(selector ? { selector } : {}) },
  } as AnyObject
}

/** The object with the replicas that a Scale asks for; a negative number is invalid. */
export function scaled(resource: Resource, object: AnyObject, scale: AnyObject): AnyObject {
  const replicas = scale['spec']?.replicas ?? 0
  const { missing, path } = resource.scale ?? {}
  if (scale['spec']?.replicas === undefined && missing?.(object)) {
    const field = (path ?? []).map((step) => step.slice(2)).join('.')
    throw badRequest(`the spec replicas field ".${field}" cannot be empty`)
  }
  // Custom kinds have checks of their own.
  if (replicas < 0 && !resource.custom) {
    throw invalidObject('autoscaling', 'Scale', object.metadata.name, [
      invalid('spec.replicas', replicas, 'must be greater than or equal to 0'),
    ])
  }
  const next = resource.scale?.withReplicas(object, replicas) as AnyObject
  const version = scale.metadata?.resourceVersion
  return version ? { ...next, metadata: { ...next.metadata, resourceVersion: version } } : next
}
