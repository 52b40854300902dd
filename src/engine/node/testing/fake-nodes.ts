/** For tests: kubelets over a fake API server, pods bound by hand, the network in place. */
import { assert } from '#api/assert.ts'
import type { Pod, PodSpec } from '#api/kinds.ts'
import type { AnyObject, KubeObject } from '#api/meta.ts'
import { notFound } from '#api/status.ts'
import type { Api, DeleteOptions, NewObject } from '../../machinery/client.ts'
import { Heartbeats } from '../../machinery/heartbeats.ts'
import type { Change, WatchSource } from '../../machinery/informer.ts'
import { Streams } from '../../machinery/streams.ts'
import { World } from '../../sim/world.ts'
import { merge } from '../../testing/fake-api.ts'
import type { Resolved } from '../context.ts'
import type { MachineNetwork } from '../node.ts'
import { createNode, type SimulatedNode } from '../node.ts'

/** A network of one range per node, without Services. */
export class FakeNetwork implements MachineNetwork {
  #next = 1
  readonly byUid = new Map<string, string>()
  attach(_node: string, podUid: string): string {
    const ip = this.byUid.get(podUid) ?? `10.244.1.${++this.#next}`
    this.byUid.set(podUid, ip)
    return ip
  }
  detach(podUid: string): void {
    this.byUid.delete(podUid)
  }
  onRange(_node: string, ready: (range: string) => void): void {
    ready('10.244.1.0/24')
  }
  fetch(): { ok: false; why: 'no such host' } {
    return { ok: false, why: 'no such host' }
  }
  lookUp(_from: object, name: string): Resolved {
    return { name, rcode: 'NXDOMAIN', records: [], addresses: [], names: [], server: '', tried: [], why: '' }
  }
  serviceEnv(): Record<string, string> {
    return {}
  }
  join(): void {}
  leave(): void {}
}

type Push = (change: Change, object: AnyObject) => void

/** 2026-01-01T00:00:00Z. */
const EPOCH = 1_767_225_600_000

/** A store that keeps what it is given, with the graceful deletion of pods. */
export class FakeNodes implements Api, WatchSource {
  readonly world = new World({ seed: '1', epoch: EPOCH })
  readonly heartbeats = new Heartbeats(this.world)
  readonly streams = new Streams(this.world)
  readonly network = new FakeNetwork()
  readonly node: SimulatedNode
  /** Status patches of pods, as sent. */
  readonly patches: any[] = []
  readonly #objects = new Map<string, AnyObject>()
  readonly #watchers: { resource: string; node: string | undefined; push: Push }[] = []
  #revision = 0

  constructor() {
    const { world, network, heartbeats, streams } = this
    this.node = createNode({
      world,
      connect: () => this,
      source: this,
      network,
      heartbeats,
      streams,
      name: 'node-1',
      zone: 'zone-a',
      index: 1,
    })
    this.after(1)
  }

  after(seconds: number): void {
    this.world.runUntil(this.world.now + seconds * 1000)
  }

  #key(resource: string, { namespace = '', name }: { namespace?: string; name: string }): string {
    return `${resource}/${namespace}/${name}`
  }
  #tell(resource: string, change: Change, object: AnyObject): void {
    for (const w of this.#watchers) {
      if (w.resource === resource && (w.node === undefined || object['spec']?.nodeName === w.node)) w.push(change, object)
    }
  }
  #put(resource: string, object: AnyObject, change: Change): AnyObject {
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.#revision) } } as AnyObject
    this.#objects.set(this.#key(resource, stored.metadata), stored)
    this.#tell(resource, change, stored)
    return stored
  }

  snapshot(resource: string, node?: string): AnyObject[] {
    const all = [...this.#objects].filter(([key]) => key.startsWith(`${resource}/`)).map(([, object]) => object)
    return all.filter((o) => node === undefined || o['spec']?.nodeName === node)
  }
  subscribe(resource: string, node: string | undefined, push: Push): () => void {
    this.#watchers.push({ resource, node, push })
    return () => {}
  }
  get<T extends KubeObject = AnyObject>(resource: string, namespace: string, name: string): T {
    const found = this.#objects.get(this.#key(resource, { namespace, name }))
    if (!found) throw notFound({ group: '', resource }, name)
    return found as KubeObject as T
  }
  list<T extends KubeObject = AnyObject>(resource: string): T[] {
    return this.snapshot(resource) as KubeObject[] as T[]
  }
  create<T extends KubeObject = AnyObject>(resource: string, object: NewObject<T>): T {
    const metadata = { ...object.metadata, uid: this.world.random('uids').uuid(), generation: 1 }
    const status = resource === 'pods' ? { status: { phase: 'Pending' } } : {}
    return this.#put(resource, { ...status, ...object, metadata } as unknown as AnyObject, 'added') as KubeObject as T
  }
  update<T extends KubeObject = AnyObject>(resource: string, object: T): T {
    return this.#put(resource, object as KubeObject as AnyObject, 'modified') as KubeObject as T
  }
  patch<T extends KubeObject = AnyObject>(resource: string, namespace: string, name: string, _type: string, patch: any): T {
    const old = this.get<AnyObject>(resource, namespace, name)
    assert(!patch.metadata?.uid || patch.metadata.uid === old.metadata.uid, 'a patch for another object')
    if (!patch.status) return this.update(resource, merge(old, patch))
    if (resource === 'pods') this.patches.push(patch.status)
    const { '$setElementOrder/conditions': order = [], conditions, ...rest } = patch.status
    const known: any[] = old['status']?.conditions ?? []
    const changed = (conditions ?? []).map((c: any) => merge(known.find((k) => k.type === c.type) ?? {}, c))
    const all = [...known.filter((k) => !changed.some((c: any) => c.type === k.type)), ...changed]
    const ordered = order.flatMap(({ type }: any) => all.filter((c) => c.type === type))
    const status = { ...old['status'], ...rest, conditions: [...all.filter((c) => !ordered.includes(c)), ...ordered] }
    return this.update(resource, { ...old, status } as AnyObject) as KubeObject as T
  }
  delete(resource: string, namespace: string, name: string, options: DeleteOptions = {}): void {
    const old = this.get<AnyObject>(resource, namespace, name)
    const { metadata } = old
    const grace = options.gracePeriodSeconds ?? old['spec'].terminationGracePeriodSeconds
    if (resource === 'pods' && grace > 0) {
      const marked = {
        deletionTimestamp: this.world.timestamp(),
        deletionGracePeriodSeconds: grace,
        generation: (metadata.generation ?? 1) + 1,
      }
      this.update(resource, { ...old, metadata: { ...metadata, ...marked } } as AnyObject)
      return
    }
    this.#objects.delete(this.#key(resource, metadata))
    this.#tell(resource, 'deleted', old)
  }
  deleteCollection(): void {}
  post(): unknown {
    return { status: { token: 'token' } }
  }

  /** Makes a pod that is bound to the node. Containers get the defaults of the API server. */
  pod(name: string, spec: Partial<PodSpec> & { image?: string; command?: string[] }): Pod {
    const { image = 'nginx:1.27', command, ...more } = spec
    const filled = (list: any[] | undefined) =>
      list?.map((c) => ({ imagePullPolicy: /:(?!latest)/.test(c.image ?? '') ? 'IfNotPresent' : 'Always', ...c }))
    const own = [{ name: 'app', image, ...(command ? { command } : {}) }]
    const full = {
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      nodeName: 'node-1',
      ...more,
      containers: filled(more.containers ?? own),
      ...(more.initContainers ? { initContainers: filled(more.initContainers) } : {}),
    }
    return this.create<Pod>('pods', {
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: { name, namespace: 'default' },
      spec: full,
    } as any)
  }

  read(name: string): Pod {
    return this.get<Pod>('pods', 'default', name)
  }
  exists(name: string): boolean {
    return this.snapshot('pods').some((o) => o.metadata.name === name)
  }
  phase(name: string): string | undefined {
    return this.read(name).status?.phase
  }
  condition(name: string, type: string): string | undefined {
    return this.read(name).status?.conditions?.find((c) => c.type === type)?.status
  }
  events(name: string): string[] {
    return this.snapshot('events')
      .filter((e) => e['involvedObject'].name === name)
      .map((e) => `${e['reason']}: ${e['message']}`)
  }
}
