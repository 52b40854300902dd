/** The objects of a fresh cluster (roles, flow schemas, priority classes, …); a module of its own, to be loaded late. */
import type { AnyObject } from '#api/meta.ts'
import { BOOTSTRAP } from './bootstrap.data.ts'

export interface BootstrapObject {
  /** `clusterroles.rbac.authorization.k8s.io`. */
  resource: string
  object: AnyObject
}

interface Packed {
  resource: string
  apiVersion: string
  kind: string
  items: AnyObject[]
}

/** In the order in which they are to be made; without what the server fills in (uid, times, managedFields). */
export function bootstrapObjects(): BootstrapObject[] {
  const lists: Packed[] = JSON.parse(BOOTSTRAP)
  return lists.flatMap(({ resource, apiVersion, kind, items }) =>
    items.map((item) => ({ resource, object: { ...item, apiVersion, kind } as AnyObject })),
  )
}
