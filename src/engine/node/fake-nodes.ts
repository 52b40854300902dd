/** For tests: kubelets over a fake API server, pods bound by hand, the network in place. */
import { assert } from '#api/assert.ts'
import type { Pod, PodSpec } from '#api/kinds.ts'
import type { AnyObject, KubeObject } from '#api/meta.ts'
import type { DeleteOptions, WriteOptions } from '../machinery/client.ts'
import { Heartbeats } from '../machinery/heartbeats.ts'
import type { Change } from '../machinery/informer.ts'
import { FakeApi, merge } from '../testing/fake-api.ts'
import type { MachineNetwork } from './node.ts'
import { createNode, type SimulatedNode } from './node.ts'

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
  resolve(): string[] {
    return []
  }
  serviceEnv(): Record<string, string> {
    return {}
  }
  join(): void {}
}

export class FakeNodes extends FakeApi {
  readonly heartbeats = new Heartbeats(this.world)
  readonly network = new FakeNetwork()
  readonly node: SimulatedNode
  /** Status patches of pods, as sent. */
  readonly patches: any[] = []

  constructor() {
    super()
    const { world, network, heartbeats } = this
    this.node = createNode({
      world,
      connect: () => this,
      source: this,
      network,
      heartbeats,
      name: 'node-1',
      zone: 'zone-a',
      index: 1,
    })
    this.after(1)
  }

  override snapshot(resource: string, node?: string): AnyObject[] {
    return super.snapshot(resource).filter((o) => node === undefined || o['spec']?.nodeName === node)
  }
  override subscribe(resource: string, node: string | undefined, push: (change: Change, object: AnyObject) => void): () => void {
    return super.subscribe(resource, node, (change, object) => {
      if (node === undefined || object['spec']?.nodeName === node) push(change, object)
    })
  }

  override patch<T extends KubeObject = AnyObject>(
    resource: string,
    namespace: string,
    name: string,
    type: string,
    patch: any,
    options: WriteOptions = {},
  ): T {
    if (options.subresource !== 'status') return super.patch(resource, namespace, name, type, patch, options)
    const old = this.get<AnyObject>(resource, namespace, name)
    assert(!patch.metadata?.uid || patch.metadata.uid === old.metadata.uid, 'a patch for another object')
    if (resource === 'pods') this.patches.push(patch.status)
    const { '$setElementOrder/conditions': order = [], conditions, ...rest } = patch.status
    const known: any[] = old['status']?.conditions ?? []
    const changed = (conditions ?? []).map((c: any) => merge(known.find((k) => k.type === c.type) ?? {}, c))
    const kept = known.filter((k) => !changed.some((c: any) => c.type === k.type))
    const all = [...kept, ...changed]
    const ordered = order.flatMap(({ type }: any) => all.filter((c) => c.type === type))
    const status = { ...old['status'], ...rest, conditions: [...all.filter((c) => !ordered.includes(c)), ...ordered] }
    return this.update(resource, { ...old, status } as AnyObject, { subresource: 'status' }) as KubeObject as T
  }

  override delete(resource: string, namespace: string, name: string, options: DeleteOptions = {}): void {
    const old = this.get<AnyObject>(resource, namespace, name)
    if (resource !== 'pods' || options.gracePeriodSeconds === 0) return super.delete(resource, namespace, name, options)
    const grace = options.gracePeriodSeconds ?? old['spec'].terminationGracePeriodSeconds
    const { metadata } = old
    const next = {
      ...metadata,
      deletionTimestamp: this.world.timestamp(),
      deletionGracePeriodSeconds: grace,
      generation: (metadata.generation ?? 1) + 1,
    }
    this.update(resource, { ...old, metadata: next } as AnyObject, { subresource: 'status' })
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
    return super.snapshot('pods').some((o) => o.metadata.name === name)
  }
  phase(name: string): string | undefined {
    return this.read(name).status?.phase
  }
  condition(name: string, type: string): string | undefined {
    return this.read(name).status?.conditions?.find((c) => c.type === type)?.status
  }
  events(name: string): string[] {
    return super
      .snapshot('events')
      .filter((e) => e['involvedObject'].name === name)
      .map((e) => `${e['reason']}: ${e['message']}`)
  }
}
