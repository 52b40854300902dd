/** The parts that every Kubernetes object has: type, metadata, owners; and the plain-JSON value they are made of. */

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

export interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

export interface ManagedFieldsEntry {
  manager?: string
  operation?: 'Apply' | 'Update'
  apiVersion?: string
  time?: string
  fieldsType?: 'FieldsV1'
  fieldsV1?: Record<string, unknown>
  subresource?: string
}

export interface ObjectMeta {
  name: string
  generateName?: string
  namespace?: string
  uid?: string
  resourceVersion?: string
  generation?: number
  creationTimestamp?: string
  deletionTimestamp?: string
  deletionGracePeriodSeconds?: number
  labels?: Record<string, string>
  annotations?: Record<string, string>
  ownerReferences?: OwnerReference[]
  finalizers?: string[]
  managedFields?: ManagedFieldsEntry[]
  selfLink?: string
}

/** Any API object. Objects in the store are immutable: make a new version by spreading, never by assignment. */
export interface KubeObject {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
}

/** An object whose kind is not known to the compiler. */
export type AnyObject = KubeObject & { [field: string]: any }

export interface ListMeta {
  resourceVersion?: string
  continue?: string
  remainingItemCount?: number
}

export interface KubeList<T = KubeObject> {
  apiVersion: string
  kind: string
  metadata: ListMeta
  items: T[]
}

export interface LabelSelectorRequirement {
  key: string
  operator: string
  values?: string[]
}

export interface LabelSelector {
  matchLabels?: Record<string, string>
  matchExpressions?: LabelSelectorRequirement[]
}

export interface Condition {
  type: string
  status: string
  observedGeneration?: number
  lastTransitionTime?: string
  reason?: string
  message?: string
}

/** `apps/v1` for group and version, `v1` for the core group. */
export const groupVersion = (group: string, version: string): string => (group === '' ? version : `${group}/${version}`)

/** `namespace/name`, or the bare name for cluster-scoped objects: the key of work queues and caches. */
export const keyOf = (meta: { namespace?: string | undefined; name: string }): string =>
  meta.namespace ? `${meta.namespace}/${meta.name}` : meta.name

/** The inverse of {@link keyOf}. */
export function splitKey(key: string): { namespace: string; name: string } {
  const cut = key.indexOf('/')
  return cut < 0 ? { namespace: '', name: key } : { namespace: key.slice(0, cut), name: key.slice(cut + 1) }
}

/** The owner that controls this object, if any. */
export const controllerOf = (meta: ObjectMeta): OwnerReference | undefined =>
  meta.ownerReferences?.find((owner) => owner.controller === true)
