/** How parts of the control plane talk to the API server: the same requests as anybody's, as method calls, with an identity. */
import type { AnyObject, KubeObject } from '#api/meta.ts'

export interface DeleteOptions {
  uid?: string
  resourceVersion?: string
  gracePeriodSeconds?: number
  propagationPolicy?: 'Orphan' | 'Background' | 'Foreground'
}

export interface WriteOptions {
  /**
   * For a patch: the object it was made from, and what it comes to. Where that object is still what is stored, the server
   * need not merge; else these are ignored.
   */
  shortcut?: { from: KubeObject; to: KubeObject }
  subresource?: string
  /** Who owns what is written, where that is not the part's usual name. */
  manager?: string
  /** Why this is done: one plain sentence, shown in the caption line and the timeline. */
  because?: string
}

/**
 * Every call walks the whole request path (authorization, admission, validation, conflicts, managedFields) synchronously and
 * throws `ApiError` when refused. Resources are named as in `kubectl`: `pods`, `deployments.apps`.
 * Objects returned are shared and immutable.
 */
export interface Api {
  /** Throws NotFound. Reads the store, not a cache. */
  get<T extends KubeObject = AnyObject>(resource: string, namespace: string, name: string, options?: { subresource?: string }): T
  /** Throws NotFound for a resource that is not served (one of an aggregated API, say). */
  list<T extends KubeObject = AnyObject>(resource: string, namespace?: string): T[]
  create<T extends KubeObject = AnyObject>(resource: string, object: NewObject<T>, options?: WriteOptions): T
  /** Compares resourceVersion (409 Conflict) when the object carries one. */
  update<T extends KubeObject = AnyObject>(resource: string, object: T, options?: WriteOptions): T
  patch<T extends KubeObject = AnyObject>(
    resource: string,
    namespace: string,
    name: string,
    type: 'merge' | 'strategic' | 'json' | 'apply',
    patch: unknown,
    options?: WriteOptions,
  ): T
  delete(resource: string, namespace: string, name: string, options?: DeleteOptions & { because?: string }): void
  /** Deletes all of a namespace's objects of one resource, in one call. */
  deleteCollection(resource: string, namespace: string, options?: DeleteOptions & { because?: string }): void
  /** POST to a subresource: `binding`, `eviction`, `token`. */
  post(
    resource: string,
    namespace: string,
    name: string,
    subresource: string,
    body: unknown,
    options?: { because?: string },
  ): unknown
}

/** An object about to be created: apiVersion and kind may be left out, the path tells them; name or generateName. */
export type NewObject<T extends KubeObject> = Omit<T, 'apiVersion' | 'kind' | 'metadata'> & {
  apiVersion?: string
  kind?: string
  metadata: Partial<T['metadata']>
}

/** Makes the client of one component: its user name (RBAC, audit) and its field manager (managedFields). */
export type Connect = (identity: Identity) => Api

export interface Identity {
  user: string
  groups?: string[]
  /** `kube-controller-manager`, `kube-scheduler`, `kubelet`. */
  manager: string
}

/** The API server's own process. */
export const AS_API_SERVER: Identity = { user: 'system:apiserver', groups: ['system:masters'], manager: 'kube-apiserver' }
