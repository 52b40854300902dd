/** The API server as stages, admission and subresources see it. */
import type { AnyObject } from '#api/meta.ts'
import type { Store } from '../etcd/store.ts'
import type { World } from '../sim/world.ts'
import type { Hooks, Resource } from './resource.ts'
import type { Schemas } from './schema/schema.ts'

export interface ApiServer {
  readonly world: World
  readonly store: Store<AnyObject>
  readonly schemas: Schemas
  /** All resources, in discovery's order. */
  readonly resources: readonly Resource[]
  /** By id: `pods`, `deployments.apps`; the preferred version. */
  resource(id: string): Resource
  /** By group, version and plural; undefined when not served. */
  find(group: string, version: string, plural: string): Resource | undefined
  read(resource: string, namespace: string, name: string): AnyObject | undefined
  readAll(resource: string, namespace?: string): AnyObject[]
  hooks(dryRun: boolean, warn: (text: string) => void): Hooks
  /**
   * Reads, changes and stores an object with compare-and-swap, for subresources (binding, eviction, status).
   * `change` returns the next version, or the same object for "nothing to do". Throws NotFound.
   */
  change(call: ChangeRequest, change: (object: AnyObject) => AnyObject): AnyObject
}

export interface ChangeRequest {
  resource: Resource
  namespace: string
  name: string
  dryRun: boolean
  /** For managedFields. */
  manager: string
  subresource: string
  by: string
  verb: string
  because: string
}
