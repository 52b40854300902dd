/** The composition root: which parts run, who is handed what, and the doors to the outside. */
import { assert } from '#api/assert.ts'
import type { AnyObject } from '#api/meta.ts'
import type { ApiRequest, ApiResponse, Fault, Flight, Session, SessionInput, TraceLine } from '#api/request.ts'
import { Server } from './apiserver/api-server.ts'
import { connector, watchSource } from './apiserver/inner-client.ts'
import type { WatchSession } from './apiserver/watching.ts'
import { bootstrap } from './bootstrap.ts'
import { type ControlPlane, startControlPlane } from './control-plane.ts'
import type { Ports } from './controllers/index.ts'
import { Machines } from './machines.ts'
import { allResources, schemas } from './resources/index.ts'

import { applyScene } from './scenes/index.ts'
import { pack, unpack } from './sim/pack.ts'
import { World } from './sim/world.ts'

export interface ClusterOptions {
  seed: string
  /** Simulated milliseconds since 1970 at the beginning. */
  epoch: number
  nodes: number
  /** What runs at the start: `empty` or the name of a scene. */
  scene: string
}

/** 2026-01-01T00:00:00Z. */
const NEW_YEAR_2026 = 1_767_225_600_000

export const DEFAULT_OPTIONS: ClusterOptions = { seed: '1', epoch: NEW_YEAR_2026, nodes: 3, scene: 'empty' }

const ADMIN = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }

export class Cluster {
  readonly options: ClusterOptions
  readonly world: World
  readonly server: Server
  readonly machines: Machines
  readonly controlPlane: ControlPlane
  #inputs: SessionInput[] = []

  constructor(options: Partial<ClusterOptions> = {}) {
    this.options = { ...DEFAULT_OPTIONS, ...options }
    const { seed, epoch, nodes, scene } = this.options
    this.world = new World({ seed, epoch })
    this.server = new Server(this.world, allResources(), schemas())
    const connect = connector(this.server)
    const source = watchSource(this.server)
    bootstrap(connect, this.server)
    this.machines = new Machines(this.world, connect, source, this.server)
    this.controlPlane = startControlPlane({ world: this.world, connect, source, ports: this.#ports() })
    for (let i = 1; i <= nodes; i++) this.machines.add({})
    applyScene(scene, this)
    this.server.store.compact(this.server.store.revision)
  }

  #ports(): Ports {
    const authentication = this.server.read('configmaps', 'kube-system', 'extension-apiserver-authentication')
    return {
      heartbeats: this.machines.heartbeats,
      served: () => this.server.resources,
      rootCertificate: authentication?.['data']?.['client-ca-file'] ?? '',
    }
  }

  /** A request by the cluster's administrator, unless it says otherwise. Writes are remembered as inputs. */
  request(request: ApiRequest): ApiResponse {
    if (request.method !== 'GET') this.#remember({ request })
    return this.server.request(request.user ? request : { ...request, user: ADMIN })
  }

  /** A request by whoever it says: a client certificate's user, a token's, or nobody. */
  requestAs(request: ApiRequest): ApiResponse {
    if (request.method !== 'GET') this.#remember({ request, anybody: true })
    return this.server.request(request)
  }

  watch(request: ApiRequest): { response: ApiResponse; session: WatchSession | null } {
    return this.server.watch(request.user ? request : { ...request, user: ADMIN })
  }

  fault(fault: Fault): void {
    this.#remember({ fault })
    this.machines.fault(fault)
  }

  #remember(input: { request: ApiRequest; anybody?: true } | { fault: Fault }): void {
    this.#inputs.push({ at: this.world.now - this.world.epoch, step: this.world.steps, ...input })
  }

  /** Runs this many simulated milliseconds. */
  run(ms: number): void {
    this.world.runUntil(this.world.now + ms)
  }

  /** Runs until nothing has been written for `quietMs` (leases aside), or `limitMs` have passed. True when quiet. */
  settle(quietMs = 3000, limitMs = 120_000): boolean {
    const end = this.world.now + limitMs
    let quietSince = this.world.now
    let revision = this.server.store.revision
    while (this.world.now < end) {
      const due = this.world.nextDue()
      if (!due || due.at >= quietSince + quietMs) {
        this.world.runUntil(Math.min(end, quietSince + quietMs))
        return true
      }
      this.world.step()
      if (this.server.store.revision !== revision) {
        revision = this.server.store.revision
        quietSince = this.world.now
      }
    }
    return false
  }

  read<T = AnyObject>(resource: string, namespace: string, name: string): T | undefined {
    return this.server.read(resource, namespace, name) as T | undefined
  }

  trace(since: number): TraceLine[] {
    return this.world.traceSince(since)
  }
  flights(since: number): Flight[] {
    return this.machines.network.flightsSince(since)
  }

  session(): Session {
    const { seed, epoch, nodes, scene } = this.options
    return { version: 1, seed, epoch, nodes, scene, inputs: [...this.#inputs], until: this.world.now - this.world.epoch }
  }

  /** A new cluster that has lived through the same session: byte-identical to the one that recorded it. */
  static replay(session: Session): Cluster {
    assert(session.version === 1, `unknown session version ${session.version}`)
    const { seed, epoch, nodes, scene } = session
    const cluster = new Cluster({ seed, epoch, nodes, scene })
    for (const input of session.inputs) {
      while (cluster.world.steps < input.step && cluster.world.step());
      cluster.world.skipTo(epoch + input.at)
      if ('request' in input) input.anybody ? cluster.requestAs(input.request) : cluster.request(input.request)
      else cluster.fault(input.fault)
    }
    cluster.world.runUntil(epoch + session.until)
    return cluster
  }

  /** The whole world as text. */
  save(): string {
    return pack({
      options: this.options,
      inputs: this.#inputs,
      machines: this.machines.roster(),
      world: this.world.save(),
    })
  }

  static load(text: string): Cluster {
    const saved = unpack(text)
    const cluster = new Cluster({ ...saved.options, nodes: 0, scene: 'empty' })
    Object.assign(cluster.options, saved.options)
    cluster.machines.restore(saved.machines)
    cluster.world.load(saved.world)
    cluster.#inputs = saved.inputs
    return cluster
  }
}
