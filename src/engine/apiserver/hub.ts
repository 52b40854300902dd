/** The watch hub: tells in-process informers and outside watchers of every write, each exactly once and in order. */
import type { AnyObject } from '#api/meta.ts'
import type { StoreEvent } from '../etcd/etcd.ts'
import type { Resource } from './resource.ts'

export type Change = 'added' | 'modified' | 'deleted'
export type Push = (change: Change, object: AnyObject) => void

/** An outside watch: gets raw store events of its resource's directory and filters by itself. */
export type Listen = (event: StoreEvent<AnyObject>) => void

const nodeOf = (object: AnyObject | null): string => object?.['spec']?.nodeName ?? ''

/** The deleted object bears the revision of its deletion, as etcd's watch gives it. */
export const deletedObject = (event: StoreEvent<AnyObject>): AnyObject => {
  const object = event.previous as AnyObject
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(event.revision) } }
}

export class Hub {
  /** By directory (`/registry/pods/`). */
  #informers = new Map<string, Set<Push>>()
  #byNode = new Map<string, Set<Push>>()
  #listeners = new Map<string, Set<Listen>>()

  subscribe(directory: string, node: string | undefined, push: Push): () => void {
    return node === undefined ? put(this.#informers, directory, push) : put(this.#byNode, node, push)
  }

  listen(resource: Resource, listen: Listen): () => void {
    return put(this.#listeners, resource.directory, listen)
  }

  /** Whether anybody outside watches this resource. */
  watched(resource: Resource): boolean {
    return (this.#listeners.get(resource.directory)?.size ?? 0) > 0
  }

  publish(event: StoreEvent<AnyObject>): void {
    const directory = event.key.slice(0, event.key.indexOf('/', 10) + 1)
    const informers = this.#informers.get(directory)
    const change: Change = event.type === 'DELETE' ? 'deleted' : event.previous === null ? 'added' : 'modified'
    const object = event.type === 'DELETE' ? deletedObject(event) : (event.value as AnyObject)
    if (informers) for (const push of informers) push(change, object)
    if (directory === '/registry/pods/') this.#publishToNodes(event, object)
    const listeners = this.#listeners.get(directory)
    if (listeners) for (const listen of [...listeners]) listen(event)
  }

  #publishToNodes(event: StoreEvent<AnyObject>, object: AnyObject): void {
    const before = nodeOf(event.previous)
    const now = event.type === 'DELETE' ? '' : nodeOf(object)
    if (before && before !== now) for (const push of this.#byNode.get(before) ?? []) push('deleted', object)
    if (now) for (const push of this.#byNode.get(now) ?? []) push(before === now ? 'modified' : 'added', object)
  }
}

function put<T>(map: Map<string, Set<T>>, key: string, value: T): () => void {
  let set = map.get(key)
  if (!set) map.set(key, (set = new Set()))
  set.add(value)
  return () => {
    set.delete(value)
  }
}
