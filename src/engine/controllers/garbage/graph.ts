/** The graph of owners and dependents, read off the caches' indexes: nothing of it is kept apart (garbagecollector/graph_builder.go). */
import type { AnyObject, OwnerReference } from '#api/meta.ts'
import type { Context } from '../../machinery/controller.ts'
import type { Ports, ServedResource } from '../ports.ts'

export const FOREGROUND = 'foregroundDeletion'
export const ORPHAN = 'orphan'

/** Index of every cache by the UIDs of an object's owners. */
export const BY_OWNER = 'owner'
export const ownerUids = ({ metadata }: AnyObject): string[] => metadata.ownerReferences?.map(({ uid }) => uid) ?? []

/** An object in the graph: where it is, and as the cache has it. */
export interface Item {
  resource: ServedResource
  object: AnyObject
}

export const has = ({ metadata }: AnyObject, finalizer: string): boolean => metadata.finalizers?.includes(finalizer) === true
export const isBeingDeleted = ({ metadata }: AnyObject): boolean => metadata.deletionTimestamp !== undefined
export const isDeletingDependents = (object: AnyObject): boolean => isBeingDeleted(object) && has(object, FOREGROUND)
export const isOrphaning = (object: AnyObject): boolean => isBeingDeleted(object) && has(object, ORPHAN)

/** `pods default/web-x UID`: a key of the work queue. */
export const keyFor = (resource: string, { metadata }: AnyObject): string =>
  `${resource} ${metadata.namespace ?? ''}/${metadata.name} ${metadata.uid}`

export class Graph {
  readonly #ports: Ports
  readonly #context: Context
  constructor(ports: Ports, context: Context) {
    this.#ports = ports
    this.#context = context
  }

  /** The object that a key means, unless it has gone or been replaced. */
  item(key: string): Item | undefined {
    const [id = '', where = '', uid] = key.split(' ')
    const [namespace = '', name = ''] = where.split('/')
    const object = this.#context.cache(id).get(namespace, name)
    const resource = knownOf(this.#ports).byId.get(id)
    return object && resource && object.metadata.uid === uid ? { resource, object } : undefined
  }

  /** The resource that a reference names, whatever version it gives. */
  resourceOf({ apiVersion, kind }: OwnerReference): ServedResource | undefined {
    const slash = apiVersion.indexOf('/')
    const group = slash < 0 ? '' : apiVersion.slice(0, slash)
    return knownOf(this.#ports).byKind.get(`${group}/${kind}`)
  }

  /** The owner in the caches, if it is what the reference says and where the dependent may refer to. */
  owner(reference: OwnerReference, dependent: AnyObject): Item | undefined {
    const resource = this.resourceOf(reference)
    if (!resource || !this.#watches(resource)) return undefined
    const namespace = resource.namespaced ? (dependent.metadata.namespace ?? '') : ''
    const object = this.#context.cache(resource.id).get(namespace, reference.name)
    return object?.metadata.uid === reference.uid ? { resource, object } : undefined
  }

  #watches(resource: ServedResource): boolean {
    return knownOf(this.#ports).byId.has(resource.id)
  }

  /** The same owner found in a namespace where the dependent may not refer to. */
  misplacedOwner(reference: OwnerReference, dependent: AnyObject): boolean {
    const resource = this.resourceOf(reference)
    if (!resource?.namespaced || !this.#watches(resource)) return false
    for (const { metadata } of this.#context.cache(resource.id).all()) {
      if (metadata.uid === reference.uid) return metadata.namespace !== dependent.metadata.namespace
    }
    return false
  }

  dependents(uid: string): Item[] {
    return collectable(this.#ports).flatMap((resource) =>
      this.#context
        .cache(resource.id)
        .by(BY_OWNER, uid)
        .map((object) => ({ resource, object })),
    )
  }

  dependentsCount(uid: string): number {
    return collectable(this.#ports).reduce((sum, { id }) => sum + this.#context.cache(id).countBy(BY_OWNER, uid), 0)
  }
}

interface Known {
  count: number
  last: ServedResource | undefined
  list: ServedResource[]
  byId: Map<string, ServedResource>
  byKind: Map<string, ServedResource>
}

/** What follows from the list of served resources alone, remembered per list as long as it stays the same. */
const known = new WeakMap<readonly ServedResource[], Known>()

function knownOf({ served }: Ports): Known {
  const all = served()
  const found = known.get(all)
  if (found && found.count === all.length && found.last === all.at(-1)) return found
  const byId = new Map<string, ServedResource>()
  const byKind = new Map<string, ServedResource>()
  for (const each of all) {
    const kind = `${each.group}/${each.kind}`
    if (!byKind.has(kind)) byKind.set(kind, each)
    const { verbs } = each
    const fit = !each.remote && verbs.includes('delete') && verbs.includes('list') && verbs.includes('watch')
    if (fit && each.plural !== 'events' && !byId.has(each.id)) byId.set(each.id, each)
  }
  const next = { count: all.length, last: all.at(-1), list: [...byId.values()], byId, byKind }
  known.set(all, next)
  return next
}

/** Resources whose objects the collector looks after: all that can be deleted, listed and watched, but events; each once. */
export const collectable = (ports: Ports): ServedResource[] => knownOf(ports).list
