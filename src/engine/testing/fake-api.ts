/** A stand-in for the API server where a test wants only one loop: a map with conflicts, finalizers and a watch. */
import type { AnyObject, KubeObject, OwnerReference } from '#api/meta.ts'
import { alreadyExists, conflict, notFound, OBJECT_MODIFIED } from '#api/status.ts'
import type { Api, DeleteOptions, NewObject, WriteOptions } from '../machinery/client.ts'
import type { ControllerDeclaration } from '../machinery/controller.ts'
import { ControllerLoop } from '../machinery/controller.ts'
import { EventRecorder } from '../machinery/events.ts'
import { type Change, Informers, type WatchSource } from '../machinery/informer.ts'
import { World } from '../sim/world.ts'

type Push = (change: Change, object: AnyObject) => void

const EPOCH = 1_767_225_600_000

export class FakeApi implements Api, WatchSource {
  readonly world = new World({ seed: '1', epoch: EPOCH })
  readonly informers = new Informers('test', this.world, this, 2)
  /** Lines such as `create pods default/web-x`; refused ones end with the code. */
  readonly log: string[] = []
  readonly #objects = new Map<string, Map<string, AnyObject>>()
  readonly #watchers = new Map<string, Push[]>()
  #revision = 0
  /** Throw from here to refuse a write. */
  refuse: (line: string) => void = () => {}

  run(...declarations: ControllerDeclaration[]): ControllerLoop[] {
    return declarations.map(
      (d) => new ControllerLoop(d, this.world, this.informers, this, new EventRecorder(d.name, this.world, this)),
    )
  }
  after(seconds: number): this {
    this.world.runUntil(this.world.now + seconds * 1000)
    return this
  }

  #all(resource: string): Map<string, AnyObject> {
    let all = this.#objects.get(resource)
    if (!all) this.#objects.set(resource, (all = new Map()))
    return all
  }
  #tell(resource: string, change: Change, object: AnyObject): void {
    for (const push of this.#watchers.get(resource) ?? []) push(change, object)
  }
  #note(line: string): void {
    this.refuse(line)
    this.log.push(line)
  }
  #store(resource: string, object: AnyObject, change: Change): AnyObject {
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.#revision) } }
    const held =
      stored.metadata.finalizers?.length ||
      (resource === 'pods' && (object as AnyObject)['spec']?.nodeName && !isOver(stored as AnyObject))
    const gone = stored.metadata.deletionTimestamp && !held
    const key = `${stored.metadata.namespace ?? ''}/${stored.metadata.name}`
    if (gone) this.#all(resource).delete(key)
    else this.#all(resource).set(key, stored)
    this.#tell(resource, gone ? 'deleted' : change, stored)
    return stored
  }
  #find(resource: string, namespace: string, name: string): AnyObject {
    const found = this.#all(resource).get(`${namespace}/${name}`)
    if (!found) throw notFound({ group: '', resource }, name)
    return found
  }

  snapshot(resource: string): AnyObject[] {
    return [...this.#all(resource).values()]
  }
  subscribe(resource: string, _node: string | undefined, push: Push): () => void {
    this.#watchers.set(resource, [...(this.#watchers.get(resource) ?? []), push])
    return () => {}
  }
  get<T extends KubeObject = AnyObject>(resource: string, namespace: string, name: string): T {
    return this.#find(resource, namespace, name) as KubeObject as T
  }
  list<T extends KubeObject = AnyObject>(resource: string, namespace = ''): T[] {
    return this.snapshot(resource).filter((o) => !namespace || o.metadata.namespace === namespace) as KubeObject[] as T[]
  }
  create<T extends KubeObject = AnyObject>(resource: string, object: NewObject<T>): T {
    const { generateName } = object.metadata
    const name = object.metadata.name ?? `${generateName}${this.world.random('names').suffix(5)}`
    const namespace = object.metadata.namespace ?? ''
    this.#note(`create ${resource} ${namespace}/${name}`)
    if (this.#all(resource).has(`${namespace}/${name}`)) throw alreadyExists({ group: '', resource }, name)
    const metadata = {
      ...object.metadata,
      name,
      uid: this.world.random('uids').uuid(),
      generation: 1,
      creationTimestamp: this.world.timestamp(),
    }
    const status = resource === 'pods' ? { status: { phase: 'Pending' } } : {}
    return this.#store(resource, { ...status, ...object, metadata } as unknown as AnyObject, 'added') as KubeObject as T
  }
  update<T extends KubeObject = AnyObject>(resource: string, object: T, options: WriteOptions = {}): T {
    const { namespace = '', name, resourceVersion } = object.metadata
    const id = options.subresource ? `${resource}/${options.subresource}` : resource
    this.#note(`update ${id} ${namespace}/${name}`)
    const old = this.#find(resource, namespace, name)
    if (resourceVersion !== undefined && resourceVersion !== old.metadata.resourceVersion) {
      this.log.push(`${this.log.pop()} 409`)
      throw conflict({ group: '', resource }, name, OBJECT_MODIFIED)
    }
    const { uid, creationTimestamp } = old.metadata
    const next = { ...object, metadata: { ...object.metadata, uid, creationTimestamp } } as unknown as AnyObject
    const { status: _new, metadata: _m, ...content } = next
    const { status, metadata: _o, ...before } = old
    if (options.subresource === 'status') {
      return this.#store(resource, { ...old, metadata: next.metadata, status: next['status'] }, 'modified') as KubeObject as T
    }
    const generation = (old.metadata.generation ?? 0) + (JSON.stringify(before) === JSON.stringify(content) ? 0 : 1)
    const stored = { ...next, ...(status ? { status } : {}), metadata: { ...next.metadata, generation } }
    return this.#store(resource, stored as AnyObject, 'modified') as KubeObject as T
  }
  patch<T extends KubeObject = AnyObject>(
    resource: string,
    namespace: string,
    name: string,
    type: string,
    patch: any,
    options: WriteOptions = {},
  ): T {
    this.#note(`patch ${options.subresource ? `${resource}/${options.subresource}` : resource} ${namespace}/${name}`)
    const old = this.#find(resource, namespace, name)
    const next: any = merge(old, patch)
    const owners: (OwnerReference & { $patch?: string })[] | undefined = patch.metadata?.ownerReferences
    if (type === 'strategic' && owners) {
      const kept = (old.metadata.ownerReferences ?? []).filter(({ uid }) => !owners.some((o) => o.uid === uid))
      next.metadata.ownerReferences = [...kept, ...owners.filter((o) => !o.$patch)]
    }
    const { finalizers, '$deleteFromPrimitiveList/finalizers': off, ...metadata } = patch.metadata ?? {}
    if (type === 'strategic' && (finalizers || off)) {
      const { '$deleteFromPrimitiveList/finalizers': _, ...plain } = { ...next.metadata, ...metadata }
      const present = old.metadata.finalizers ?? []
      next.metadata = { ...plain, finalizers: [...present.filter((f: string) => !off?.includes(f)), ...(finalizers ?? [])] }
    }
    return this.#store(resource, next, 'modified') as KubeObject as T
  }
  delete(resource: string, namespace: string, name: string, options: DeleteOptions = {}): void {
    this.#note(`delete ${resource} ${namespace}/${name}${options.propagationPolicy ? ` ${options.propagationPolicy}` : ''}`)
    const old = this.#find(resource, namespace, name)
    const { metadata } = old
    const spec = resource === 'pods' && old['spec']?.nodeName && !isOver(old) && options.gracePeriodSeconds !== 0
    const finalizers = [...(metadata.finalizers ?? [])]
    if (options.propagationPolicy === 'Foreground' && !finalizers.includes('foregroundDeletion'))
      finalizers.push('foregroundDeletion')
    if (options.propagationPolicy === 'Orphan' && !finalizers.includes('orphan')) finalizers.push('orphan')
    if (finalizers.length || spec) {
      if (metadata.deletionTimestamp && finalizers.length === (metadata.finalizers?.length ?? 0)) return
      this.#store(
        resource,
        { ...old, metadata: { ...metadata, finalizers, deletionTimestamp: this.world.timestamp() } },
        'modified',
      )
      return
    }
    this.#all(resource).delete(`${namespace}/${name}`)
    this.#tell(resource, 'deleted', { ...old, metadata: { ...metadata, resourceVersion: String(++this.#revision) } })
  }
  deleteCollection(resource: string, namespace: string): void {
    for (const { metadata } of this.list(resource, namespace)) this.delete(resource, namespace, metadata.name)
  }
  post(resource: string, namespace: string, name: string, subresource: string): unknown {
    this.#note(`post ${resource}/${subresource} ${namespace}/${name}`)
    return {}
  }
}

const isOver = (pod: AnyObject): boolean => ['Succeeded', 'Failed'].includes(pod['status']?.phase)

/** JSON merge patch. */
export function merge(old: any, patch: any): any {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const next = typeof old === 'object' && old !== null && !Array.isArray(old) ? { ...old } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete next[key]
    else next[key] = merge(next[key], value)
  }
  return next
}
