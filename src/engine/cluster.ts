/** The composition root: which parts run, who is handed what, and the doors to the outside. */
import { assert } from '#api/assert.ts'
import type { AnyObject } from '#api/meta.ts'
import type {
  ApiRequest,
  ApiResponse,
  Broken,
  Explanation,
  Fault,
  Flight,
  Session,
  SessionInput,
  TraceLine,
  Visitors,
} from '#api/request.ts'
import { addonsNamed, install, kubeletOf, networkOf } from './addons/install.ts'
import { ADMINISTRATOR, asAdmin, changes } from './administrator.ts'
import { Aggregation } from './aggregation.ts'
import { Server } from './apiserver/api-server.ts'
import { legacyTokens } from './apiserver/auth/tokens.ts'
import { connector, watchSource } from './apiserver/inner-client.ts'
import { typeChecker } from './apiserver/policy/checker.ts'
import type { WatchSession } from './apiserver/watching.ts'
import { bootstrap } from './bootstrap.ts'
import { ControlMachines } from './control-machines.ts'
import { type ControlPlane, type ControlPlanePart, startControlPlane } from './control-plane.ts'
import type { Ports } from './controllers/index.ts'
import { Faults } from './faults.ts'
import type { MachineDoors } from './host/doors.ts'
import { doorsOf } from './machine-doors.ts'
import { freshLease } from './machinery/heartbeats.ts'
import { type StreamSession, Streams } from './machinery/streams.ts'
import { Machines } from './machines.ts'
import { allResources, schemas } from './resources/index.ts'
import { type CertificateAuthority, ROOT } from './root-certificate.ts'
import { applyScene, sceneNamed } from './scenes/index.ts'
import { pack, unpack } from './sim/pack.ts'
import { snapshot } from './sim/snapshot.ts'
import { World } from './sim/world.ts'
import { storeExchange } from './store-slot.ts'
import { Webhooks } from './webhooks.ts'

export interface ClusterOptions {
  seed: string
  /** Simulated milliseconds since 1970 at the beginning. */
  epoch: number
  nodes: number
  /** What runs at the start: `empty` or the name of a scene. */
  scene: string
  /** What is added to a bare cluster; what the scene says when absent. */
  addons?: readonly string[]
  /** Signs certificates, and is trusted by Pods; one that everybody knows when absent. */
  authority?: CertificateAuthority
  /** How many machines the control plane has: 1, 3, 5 … */
  controlPlanes: number
  /** Parts of the control plane that somebody outside will play. */
  without: readonly ControlPlanePart[]
}

/** 2026-01-01T00:00:00Z. */
const NEW_YEAR_2026 = 1_767_225_600_000

export const DEFAULT_OPTIONS: ClusterOptions = {
  seed: '1',
  epoch: NEW_YEAR_2026,
  nodes: 3,
  scene: 'empty',
  controlPlanes: 1,
  without: [],
}

/** An input before it is noted when it came. */
type Input = SessionInput extends infer T ? (T extends unknown ? Omit<T, 'at' | 'step'> : never) : never

/** A moment of a cluster, kept in memory: what it takes to be there again. Of its session only how much had happened. */
export interface Moment {
  readonly elapsed: number
  readonly steps: number
  readonly inputs: number
  readonly state: unknown
}

export class Cluster {
  readonly options: ClusterOptions
  readonly world: World
  readonly server: Server
  readonly machines: Machines
  readonly controlPlane: ControlPlane
  readonly faults: Faults
  readonly streams: Streams
  readonly aggregation: Aggregation
  readonly doors: MachineDoors
  #inputs: SessionInput[] = []
  /** Inputs still to come, of a past that is lived through again. */
  #ahead: SessionInput[] = []

  /** `fresh`: false for one that a saved world is about to fill. */
  constructor(options: Partial<ClusterOptions> = {}, fresh = true) {
    this.options = { ...DEFAULT_OPTIONS, ...options }
    const { seed, epoch, nodes, scene, controlPlanes, without } = this.options
    this.world = new World({ seed, epoch })
    this.streams = new Streams(this.world)
    this.server = new Server(this.world, allResources(), schemas())
    const connect = connector(this.server)
    const source = watchSource(this.server)
    const addons = addonsNamed(this.#addons())
    const inPods = addons.find(({ controlPlane }) => controlPlane)?.controlPlane
    const hosts = new ControlMachines(
      this.world,
      controlPlanes,
      (process) => !without.includes(process.replace('kube-', '') as ControlPlanePart),
      { server: this.server, wire: (a, b) => this.machines.network.wires.between(a, b) },
      inPods?.name,
    )
    const begin = () => bootstrap(connect, this.server, this.#authority().certificate, hosts.ips())
    if (fresh) begin()
    const extras = networkOf(addons)
    // What API servers and etcd in Pods answer.
    for (const name of ['apiserver', 'etcd'])
      extras.proxies.set(name, () => ({ route: (...asked) => this.aggregation.route(...asked), forget() {} }))
    this.machines = new Machines(this.world, connect, source, this.server, this.streams, extras)
    const webhooks = new Webhooks(this.server, this.machines.network)
    this.server.webhooks = webhooks
    this.server.custom.conversion = webhooks
    this.aggregation = new Aggregation(this.world, this.server, this.machines, hosts)
    const extra = addons.flatMap(({ controllers = [], loops }) => [...controllers, ...(loops?.(this.machines) ?? [])])
    this.controlPlane = startControlPlane({ world: this.world, connect, source, ports: this.#ports(hosts), extra, without })
    if (fresh) for (const addon of addons) install(addon, this.server)
    const { world, controlPlane, server, machines } = this
    const pods = inPods?.start({
      world,
      api: connect(ADMINISTRATOR),
      authority: this.#authority(),
      server,
      hosts,
      machines,
      store: storeExchange.get()(server, begin),
    })
    server.authority = this.#authority().certificate
    this.doors = doorsOf({ server, streams: this.streams, machines, connect, hosts, pods, authority: this.#authority() })
    this.faults = new Faults({
      world,
      links: server.links,
      connect,
      machines: hosts,
      controlPlane,
      wires: machines.network.wires,
      relinked: () => machines.relinked(),
      ...(pods ? { pods } : {}),
    })
    server.stopped = () => this.faults.stopped()
    server.freshLease = (lease) => freshLease(this.faults.freshLease(lease), machines.heartbeats, world.now)
    if (fresh) pods?.begin()
    for (let i = 1; i <= nodes; i++) this.machines.add({ ...sceneNamed(scene).machine, ...kubeletOf(addons) })
    applyScene(scene, this)
    this.server.store.compact(this.server.store.revision)
  }

  #addons(): readonly string[] {
    this.options.addons ??= sceneNamed(this.options.scene).addons
    return this.options.addons
  }

  #authority(): CertificateAuthority {
    return this.options.authority ?? ROOT
  }

  #ports(machines: ControlMachines): Ports {
    return {
      hosts: machines.addresses(),
      serving: () => machines.servingIps(),
      heartbeats: this.machines.heartbeats,
      served: () => this.aggregation.served(),
      undiscovered: () => this.aggregation.undiscovered(),
      probe: (service) => this.aggregation.probe(service),
      checkPolicy: (policy) => typeChecker.get()(policy, this.server),
      legacyToken: (account, secret) => legacyTokens.get().mint(this.server, account, secret),
      authority: this.#authority(),
    }
  }

  /** A request by the cluster's administrator, unless it says otherwise. Writes are remembered as inputs. */
  request(request: ApiRequest): ApiResponse {
    if (changes(request)) this.#remember({ request })
    return this.server.request(asAdmin(request))
  }

  /** A request by whoever it says: a client certificate's user, a token's, or nobody. */
  requestAs(request: ApiRequest): ApiResponse {
    if (changes(request)) this.#remember({ request, anybody: true })
    return this.server.request(request)
  }

  watch(request: ApiRequest): { response: ApiResponse; session: WatchSession | null } {
    return this.server.watch(asAdmin(request))
  }

  /** A request whose answer may take time or go on. By the administrator, unless it says otherwise or `anybody` may ask. */
  open(request: ApiRequest, anybody = false): StreamSession {
    const session = this.streams.session((input) => {
      this.#remember(input)
      this.streams.input(input)
    })
    this.#open(request, anybody)
    return session
  }

  #open(request: ApiRequest, anybody: boolean): void {
    this.#remember(anybody ? { open: request, anybody } : { open: request })
    const id = this.streams.create()
    if (!anybody && this.doors.takes(request)) return this.doors.open(id, request)
    const head = this.server.open(anybody ? request : asAdmin(request), id)
    // Nobody has taken the stream, and nobody will answer later: this is the whole answer.
    if (this.streams.get(id)?.server === '') this.streams.answer(id, head)
  }

  fault(fault: Fault): void {
    const wrong = this.faults.refuses(fault) ?? this.machines.refuses(fault, this.faults.machines.hosts)
    if (wrong !== null) throw new Error(wrong)
    this.#remember({ fault })
    if (!this.faults.strike(fault)) this.machines.fault(fault)
    if (fault.kind === 'wire') this.faults.machines.look()
  }

  /** What was broken on purpose, and is so still. */
  broken(): Broken {
    return { ...this.faults.broken(), ...this.machines.broken() }
  }

  /** Says what the inputs that follow are about: the command that was typed, the button that was pressed. */
  mark(text: string): void {
    this.#remember({ mark: text })
  }

  #remember(input: Input): void {
    this.#inputs.push({ at: this.elapsed, step: this.world.steps, ...input })
  }

  get now(): number {
    return this.world.now
  }
  get steps(): number {
    return this.world.steps
  }
  /** Moves the clock; nothing may happen before `time`. */
  skipTo(time: number): void {
    this.world.skipTo(time)
  }
  get elapsed(): number {
    return this.world.now - this.world.epoch
  }
  get inputs(): readonly SessionInput[] {
    return this.#inputs
  }

  /** When the next thing happens: something due, or an input of a past that is lived through again. */
  nextAt(): number | null {
    const [input] = this.#ahead
    if (input && this.isInputNext()) return this.world.epoch + input.at
    return this.world.nextDue()?.at ?? null
  }

  /** Whether that is an input. */
  isInputNext(): boolean {
    const input = this.#ahead[0]
    return input !== undefined && (this.world.steps >= input.step || !this.world.nextDue())
  }

  /** Lets that happen. False when nothing will. */
  step(): boolean {
    const input = this.#ahead[0]
    if (!input || !this.isInputNext()) return this.world.step()
    this.#ahead.shift()
    this.world.skipTo(this.world.epoch + input.at)
    if ('request' in input) input.anybody ? this.requestAs(input.request) : this.request(input.request)
    else if ('fault' in input) this.fault(input.fault)
    else if ('mark' in input) this.mark(input.mark)
    else this.#relive(input)
    return true
  }

  /** Runs everything that happens up to and including `time`. */
  runUntil(time: number): void {
    for (let at = this.nextAt(); at !== null && at <= time; at = this.nextAt()) this.step()
    this.world.skipTo(Math.max(time, this.world.now))
  }

  /** Inputs to come, in their order; they replace what was ahead before. */
  expect(inputs: readonly SessionInput[]): void {
    this.#ahead = [...inputs]
  }
  get ahead(): readonly SessionInput[] {
    return this.#ahead
  }

  /** Runs this many simulated milliseconds. */
  run(ms: number): void {
    this.runUntil(this.world.now + ms)
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
  visitors(): Visitors[] {
    return this.machines.network.sources()
  }
  /** The scheduler's last word on a Pod. */
  explain(namespace: string, pod: string): Explanation | null {
    return this.controlPlane.scheduler?.explain(namespace, pod) ?? null
  }
  flights(since: number): Flight[] {
    return this.machines.network.flightsSince(since)
  }

  session(): Session {
    const { seed, epoch, nodes, scene, controlPlanes, addons = [] } = this.options
    const several = controlPlanes > 1 ? { controlPlanes } : {}
    return { version: 1, seed, epoch, nodes, scene, ...several, addons, inputs: [...this.#inputs], until: this.elapsed }
  }

  /** A new cluster that has lived through the same session: byte-identical to the one that recorded it. */
  static replay(session: Session): Cluster {
    assert(session.version === 1, `unknown session version ${session.version}`)
    const { seed, epoch, nodes, scene, controlPlanes = 1, addons = [] } = session
    const cluster = new Cluster({ seed, epoch, nodes, scene, controlPlanes, addons })
    cluster.expect(session.inputs)
    cluster.runUntil(epoch + session.until)
    return cluster
  }

  /** What the client of a stream did once. */
  #relive(input: Extract<SessionInput, { open: ApiRequest } | { stream: number }>): void {
    if ('open' in input) return this.#open(input.open, input.anybody === true)
    const { at: _at, step: _step, ...what } = input
    this.#remember(what)
    this.streams.input(what)
  }

  /** The whole world as text. */
  save(): string {
    return pack({ options: this.options, inputs: this.#inputs, machines: this.machines.roster(), world: this.world.save() })
  }

  static load(text: string): Cluster {
    const saved = unpack(text)
    const cluster = new Cluster({ ...saved.options, nodes: 0, scene: 'empty' }, false)
    Object.assign(cluster.options, saved.options)
    cluster.machines.restore(saved.machines)
    cluster.world.load(saved.world)
    cluster.#inputs = saved.inputs
    return cluster
  }
  /** Where it is now, at little cost: what nobody changes is shared with it. */
  moment(): Moment {
    const { elapsed, world } = this
    const state = snapshot({ machines: this.machines.roster(), world: world.save() })
    return { elapsed, steps: world.steps, inputs: this.#inputs.length, state }
  }

  /** An empty cluster becomes this one at another moment. `inputs` are those of the session until then. */
  become(moment: Moment, inputs: readonly SessionInput[]): void {
    assert(this.world.steps === 0 && this.machines.roster().length === 0, 'only an empty cluster can become another')
    const { machines, world } = snapshot(moment.state) as any
    this.machines.restore(machines)
    this.world.load(world)
    this.#inputs = inputs.slice(0, moment.inputs)
  }

  /** What {@link become} needs: nothing in it yet, but of the same making. */
  static blank(options: ClusterOptions): Cluster {
    const cluster = new Cluster({ ...options, nodes: 0, scene: 'empty' }, false)
    Object.assign(cluster.options, options)
    return cluster
  }
}
