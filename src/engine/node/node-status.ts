/** A kubelet's care for its Node object: registration, readiness, images, and the heartbeats that are never written. */
import { equal } from '#api/equal.ts'
import type { Node, Quantity } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { ApiError } from '#api/status.ts'
import { formatMicroTime } from '#api/time.ts'
import type { EventRecorder } from '../machinery/events.ts'
import { type Heartbeats, LEASE_PERIOD_MS, LEASE_SECONDS } from '../machinery/heartbeats.ts'
import { later } from '../sim/later.ts'
import type { Context } from './context.ts'
import type { NodeImage } from './puller.ts'
import { capacity, conditions, imagesOf, type NodeSpec, nodeInfo, nodeObject } from './registration.ts'

/** The kubelet writes its node's status when something has changed, looking every 10 s. */
const STATUS_MS = 10_000
/** Until a registration that got nowhere is tried again. */
const REGISTER_MS = 5000
const RUNTIME_MS = 5000
const NAMESPACE = 'kube-node-lease'

/** What has to change in what may be given of resources that are not the kubelet's `own`; null: nothing. */
export const promises =
  later<(status: NonNullable<Node['status']>, own: object) => Record<string, Quantity | null> | null>('resources of others')

export class NodeStatus {
  readonly #ctx: Context
  readonly #spec: NodeSpec
  readonly #events: EventRecorder
  readonly #heartbeats: Heartbeats
  readonly #images: () => NodeImage[]
  #state = {
    registered: false,
    networked: false,
    boots: 0,
    imagesDue: false,
    resourcesDue: false,
    diskFull: false,
    memoryLow: false,
    shuttingDown: false,
    unplugged: false,
    /** The version that runs; empty: the one it was set up with. */
    version: '',
  }
  /** Whether the network plugin is configured; the kubelet hears of it when it asks the runtime next. */
  isPluggedIn = true

  constructor(ctx: Context, spec: NodeSpec, events: EventRecorder, heartbeats: Heartbeats, images: () => NodeImage[]) {
    this.#ctx = ctx
    this.#spec = spec
    this.#events = events
    this.#heartbeats = heartbeats
    this.#images = images
  }

  due(what: string): void {
    if (what === 'register') this.#register()
    else if (what === 'range') {
      this.#state.networked = true
      this.#write('its network is ready')
    } else if (what === 'resources') {
      this.#state.resourcesDue = false
      this.#write('somebody has told of resources it has')
    } else {
      this.#state.imagesDue = false
      this.#write('its images have changed')
    }
  }

  warn(reason: string, message: string): void {
    this.#event(reason, message, 'Warning')
  }

  #event(reason: string, message: string, type: 'Normal' | 'Warning' = 'Normal'): void {
    this.#events.record(
      { apiVersion: 'v1', kind: 'Node', metadata: { name: this.#spec.name } } as AnyObject,
      type,
      reason,
      message,
    )
  }

  #is(what: string): void {
    this.#event(what, `Node ${this.#spec.name} status is now: ${what}`)
  }

  #register(): void {
    const { api, world } = this.#ctx
    if (!this.#ctx.reaches()) {
      world.after(REGISTER_MS, this.#ctx.part, 'register')
      return
    }
    this.#event('Starting', 'Starting kubelet.')
    for (const what of ['NodeHasSufficientMemory', 'NodeHasNoDiskPressure', 'NodeHasSufficientPID']) this.#is(what)
    this.#event('NodeAllocatableEnforced', 'Updated Node Allocatable limit across pods')
    const known = this.#find()
    if (!known)
      api.create('nodes', nodeObject(this.#spec, world.seed, world.now, this.version) as unknown as AnyObject, {
        because: 'a machine has started',
      })
    this.#state.registered = true
    if (known) this.#write('its kubelet has started')
    this.#lease()
    this.beat()
  }

  get version(): string {
    return this.#state.version || this.#spec.kubelet
  }
  set version(version: string) {
    this.#state.version = version
  }
  get isRegistered(): boolean {
    return this.#state.registered
  }
  /** Its kubelet begins anew, and says so. */
  begin(): void {
    this.#register()
  }

  /** Renewals begin now, at this node's own phase. */
  beat(): void {
    if (!this.#state.registered || !this.#ctx.reaches()) return
    this.#heartbeats.beat(this.#spec.name, this.#ctx.world.now, LEASE_PERIOD_MS)
  }
  silence(): void {
    this.#heartbeats.silence(this.#spec.name, this.#ctx.world.now)
  }

  #find(): Node | undefined {
    try {
      return this.#ctx.api.get<Node>('nodes', '', this.#spec.name)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return undefined
    }
  }

  #lease(): void {
    const { api, world } = this.#ctx
    const name = this.#spec.name
    const uid = this.#find()?.metadata.uid
    const lease = {
      metadata: {
        name,
        namespace: NAMESPACE,
        ...(uid ? { ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }] } : {}),
      },
      spec: { holderIdentity: name, leaseDurationSeconds: LEASE_SECONDS, renewTime: formatMicroTime(world.now) },
    }
    try {
      api.create('leases.coordination.k8s.io', lease as unknown as AnyObject, { because: 'the node is alive' })
    } catch (error) {
      // It is there already, or its namespace isn't yet: renewals are a formula anyway.
      if (!(error instanceof ApiError)) throw error
    }
  }

  /** Sends what has changed since the node was last written. */
  #write(because: string): void {
    const { api, world } = this.#ctx
    const node = this.#find()
    if (!node || !this.#state.registered) return
    const old = node.status ?? {}
    const next = conditions(world.now, this.#state, old.conditions)
    const wasReady = old.conditions?.find((c) => c.type === 'Ready')?.status
    const images = imagesOf(this.#images())
    const info = nodeInfo(this.#spec, world.seed, this.#state.boots, this.version)
    const promised = this.#promises(node)
    const status = {
      '$setElementOrder/conditions': next.map(({ type }) => ({ type })),
      conditions: next,
      ...(equal(old.images ?? [], images) ? {} : { images }),
      ...(equal(old.nodeInfo, info) ? {} : { nodeInfo: info }),
      ...(promised ? { allocatable: promised } : {}),
    }
    try {
      api.patch('nodes', '', this.#spec.name, 'strategic', { status }, { subresource: 'status', because })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return
    }
    const ready = next.find((c) => c.type === 'Ready')?.status
    if (ready !== wasReady) this.#is(ready === 'True' ? 'NodeReady' : 'NodeNotReady')
  }

  /** Its object has changed: resources that somebody else has told of may be given to Pods, those that are gone may not. */
  told(node: Node): void {
    if (this.#state.resourcesDue || this.#promises(node) === null) return
    this.#state.resourcesDue = true
    this.#ctx.world.after(STATUS_MS, this.#ctx.part, 'resources')
  }

  #promises({ status = {} }: Node): Record<string, Quantity | null> | null {
    const isPlain = !Object.keys({ ...status.capacity, ...status.allocatable }).some((name) => name.includes('/'))
    return isPlain ? null : promises.get()(status, capacity(this.#spec))
  }

  /** The runtime is asked every 5 s how it is. */
  plugin(on: boolean): void {
    if (on === this.isPluggedIn) return
    this.isPluggedIn = on
    const { world, part } = this.#ctx
    world.at(Math.floor(world.now / RUNTIME_MS + 1) * RUNTIME_MS, part, 'plugin')
  }

  /** The runtime has told that pods can't be given a network. */
  get isUnplugged(): boolean {
    return this.#state.unplugged
  }

  /** Whether that is news. */
  heardOfPlugin(): boolean {
    if (this.#state.unplugged === !this.isPluggedIn) return false
    this.#state.unplugged = !this.isPluggedIn
    this.#write(this.isPluggedIn ? 'its network is ready again' : 'its network plugin is not ready')
    return true
  }

  /** A kubelet that starts knows of no pressure. */
  calm(): void {
    this.#state.diskFull = false
    this.#state.memoryLow = false
  }

  /** The kubelet looks every 10 s how full its disk is. */
  disk(full: boolean): void {
    if (this.#state.diskFull === full) return
    this.#state.diskFull = full
    this.#is(full ? 'NodeHasDiskPressure' : 'NodeHasNoDiskPressure')
    this.#write(full ? 'its disk is full' : 'its disk has room again')
  }

  /** The machine's memory is running out, or no longer. */
  memory(low: boolean): void {
    if (this.#state.memoryLow === low) return
    this.#state.memoryLow = low
    this.#is(low ? 'NodeHasInsufficientMemory' : 'NodeHasSufficientMemory')
    this.#write(low ? 'its memory is running out' : 'its memory suffices again')
  }

  /** The machine will be switched off when its pods have ended. */
  shutdown(): void {
    this.#state.shuttingDown = true
    this.#event('Shutdown', 'Shutdown manager detected shutdown event')
    this.#write('its machine is shutting down')
  }

  imagesChanged(): void {
    if (this.#state.imagesDue) return
    this.#state.imagesDue = true
    this.#ctx.world.after(STATUS_MS, this.#ctx.part, 'images')
  }

  /** The machine has been started again. */
  boot(): void {
    this.#state = { ...this.#state, boots: this.#state.boots + 1, imagesDue: false, resourcesDue: false, shuttingDown: false }
    this.#event(
      'Rebooted',
      `Node ${this.#spec.name} has been rebooted, boot id: ${nodeInfo(this.#spec, this.#ctx.world.seed, this.#state.boots)['bootID']}`,
    )
    this.#register()
  }
  /** The kubelet goes on after it was frozen. */
  resume(): void {
    this.beat()
    this.#write('its kubelet answers again')
  }

  save(): unknown {
    return { ...this.#state, isPluggedIn: this.isPluggedIn }
  }
  load({ isPluggedIn, ...saved }: any): void {
    this.#state = saved
    this.isPluggedIn = isPluggedIn
  }
}
