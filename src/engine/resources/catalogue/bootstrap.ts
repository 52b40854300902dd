/** The objects of a fresh cluster (roles, flow schemas, priority classes, …); a module of its own, to be loaded late. */
import type { AnyObject } from '#api/meta.ts'
import { BOOTSTRAP } from './bootstrap.data.ts'

/** In the order in which they are to be made; without what the server fills in (uid, times, managedFields). */
export function bootstrapObjects(): AnyObject[] {
  const lists: { apiVersion: string; kind: string; items: AnyObject[] }[] = JSON.parse(BOOTSTRAP)
  return lists.flatMap(({ apiVersion, kind, items }) => items.map((item) => ({ ...item, apiVersion, kind })))
}
