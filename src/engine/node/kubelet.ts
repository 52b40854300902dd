/** The kubelet of one node: takes the pods bound to it, and hands each to its worker. */
import type { Pod } from '#api/kinds.ts'
import { type AnyObject, keyOf } from '#api/meta.ts'
import { wholeOf } from '#api/quantity.ts'
import type { Api } from '../machinery/client.ts'
import type { EventRecorder } from '../machinery/events.ts'
import type { Heartbeats } from '../machinery/heartbeats.ts'
import type { Change, Informers } from '../machinery/informer.ts'
import { admits, type Registries } from '../machinery/registries.ts'
import type { Streams } from '../machinery/streams.ts'
import { fnv1a } from '../sim/random.ts'
import type { Part, World } from '../sim/world.ts'
import { type Context, fieldPath, type NetworkPort, type StoragePort } from './context.ts'
import type { PodFacts } from './environment.ts'
import { Evictor } from './evictor.ts'
import { Killer } from './killer.ts'
import { Ledger } from './ledger.ts'
import { MIRROR, staticPods } from './mirrors.ts'
import { type NodeParts, nodeDue } from './node-due.ts'
import { NodeStatus } from './node-status.ts'
import { podDue } from './pod-due.ts'
import { fired, interrupt, newRecord, type PodRecord, renew, spend, vanish } from './pod-record.ts'
import { Prober } from './prober.ts'
import { type NodeImage, Puller } from './puller.ts'
import { allocatable, type NodeSpec } from './registration.ts'
import { Reporter } from './reporter.ts'
import type { Resizer } from './resizer.ts'
import { lateResizer } from './resizing.ts'
import type { Roads } from './roads.ts'
import { Runtime } from './runtime.ts'
import { RuntimeNews } from './runtime-news.ts'
import { Shutdown } from './shutdown.ts'
import { admitSpec } from './spec-admission.ts'
import { Starter } from './starter.ts'
import type { StaticPods } from './static-pods.ts'
import { isTerminal } from './status.ts'
import { type Records, streamingServer } from './streaming.ts'
import { Tally } from './tally.ts'
import { laidDisk } from './volumes.ts'
import { Worker } from './worker.ts'

export interface KubeletPorts {
  world: World
  api: Api
  informers: Informers
  events: EventRecorder
  network: NetworkPort
  heartbeats: Heartbeats
  streams: Streams
  storage?: StoragePort | undefined
  reaches?: () => boolean
  ran?: Context['ran'] | undefined
  registries?: Registries | undefined
}

/** Relists and work queue come once a second. */
const TICK_MS = 1000
/** The network becomes ready a moment after the node has its range. */
const RANGE_MS = 300

export class Kubelet implements Part, Context {
  readonly name: string
  readonly part: string
  readonly nodeName: string
  readonly hostIp: string
  readonly world: World
  readonly api: Api
  readonly network: NetworkPort
  readonly storage: StoragePort | null
  readonly reaches: () => boolean
  readonly ran: Context['ran']
  readonly registries: Context['registries']
  readonly runtime: Runtime
  readonly reporter: Reporter
  readonly tally = new Tally()
  readonly roads: Roads
  readonly spec: NodeSpec
  readonly #events: EventRecorder
  readonly #informers: Informers
  readonly #worker: Worker
  readonly #prober: Prober
  readonly #puller: Puller
  readonly status: NodeStatus
  readonly #room: Pick<PodFacts, 'allocatable' | 'memory'>
  #records = new Map<string, PodRecord>()
  readonly #ledger: Ledger
  readonly evictor: Evictor
  readonly #shutdown: Shutdown
  #statics: StaticPods | null = null
  readonly #resizer: () => Resizer
  /** Off: the machine has no power. Frozen: the kubelet doesn't act, the containers go on. */
  #power: 'on' | 'off' = 'on'
  isFrozen = false
  /** Due entries that came while it could not act. */
  #held: { what: string; data: unknown }[] = []

  constructor(spec: NodeSpec, ports: KubeletPorts) {
    this.name = `kubelet/${spec.name}`
    this.part = this.name
    this.nodeName = spec.name
    this.hostIp = spec.ip
    this.spec = spec
    this.world = ports.world
    this.api = ports.api
    this.network = ports.network
    this.storage = ports.storage ?? null
    this.registries = ports.registries ?? { of: () => 'well', admits, build: () => 0 }
    this.reaches = ports.reaches ?? (() => true)
    this.ran = ports.ran ?? (() => {})
    this.#events = ports.events
    this.#informers = ports.informers
    this.#room = { allocatable: allocatable(spec), memory: wholeOf(spec.memory) }
    this.#ledger = new Ledger(this, this.#room.allocatable)
    this.#resizer = lateResizer(this, this.#ledger, () => this.#records.values())
    const facts = (record: PodRecord) => this.#facts(record)
    this.runtime = new Runtime(
      ports.world,
      new RuntimeNews(this.name, spec.name, () => ({
        ctx: this,
        prober: this.#prober,
        roads: this.roads,
        evictor: this.evictor,
        record: this.recordOf,
        facts,
        records: () => this.#records.values(),
        allocatable: this.#room.allocatable,
      })),
    )
    this.roads = streamingServer(this, ports.streams, () => this.#records)
    this.#puller = new Puller(this, (end) => {
      const record = this.#records.get(end.uid)
      if (record) this.#worker.pulled(record, end)
      this.status.imagesChanged()
    })
    this.#prober = new Prober(this)
    this.reporter = new Reporter(this, this.#prober)
    this.#worker = new Worker(this, new Starter(this, this.#puller, facts), new Killer(this), this.#prober, facts, this.#resizer)
    this.status = new NodeStatus(this, spec, ports.events, ports.heartbeats, () => this.#puller.list())
    ports.world.join(this)
    ports.world.after(0, this.name, 'register')
    this.evictor = new Evictor({
      ctx: this,
      capacityMi: wholeOf(spec.memory) / 1_048_576,
      diskBytes: wholeOf(this.#room.allocatable['ephemeral-storage']),
      records: () => this.#records.values(),
      status: this.status,
      puller: this.#puller,
      disk: laidDisk,
    })
    this.#shutdown = new Shutdown(this, this.status, () => this.#records)
    this.#informers.on('pods', (change, pod, old) => this.#podChanged(change, pod as AnyObject as Pod, old as Pod | null))
    ports.network.onRange(spec.name, () => ports.world.after(RANGE_MS, this.name, 'range'))
  }

  get isOn(): boolean {
    return this.#power === 'on' && !this.isFrozen
  }

  // ——— what the workers use

  relist(): number {
    const phase = fnv1a(this.name) % TICK_MS
    return Math.floor((this.world.now - phase) / TICK_MS + 1) * TICK_MS + phase
  }

  readonly jitter = (ms: number): number => ms + Math.floor(this.world.random(this.name).fraction() * 0.5 * ms)

  event(record: PodRecord, type: 'Normal' | 'Warning', reason: string, message: string, container?: string): void {
    if (!spend(record, this.world.now)) return
    this.#events.record(record.pod, type, reason, message, container ? { fieldPath: fieldPath(record, container) } : {})
  }

  wake(record: PodRecord, at: number): void {
    const time = Math.max(at, this.world.now)
    if (record.wakeSeq !== null) {
      if (record.wakeAt <= time) return
      this.world.cancel(record.wakeSeq)
    }
    record.wakeAt = time
    record.wakeSeq = this.world.at(time, this.name, 'pod', record.uid)
  }

  freed = (record: PodRecord): void => {
    this.#ledger.count(record, false)
    this.roads.stopped(record)
    for (const { resizing } of this.#records.values()) if (resizing?.pending) return this.#resizer().retry()
  }

  forget(record: PodRecord): void {
    for (const slot of Object.values(record.slots)) {
      this.runtime.remove(slot.current)
      this.runtime.remove(slot.previous)
    }
    for (const seq of [record.wakeSeq, record.mountSeq, record.deadlineSeq]) if (seq !== null) this.world.cancel(seq)
    if (record.sandbox) this.network.detach(record.uid)
    this.#records.delete(record.uid)
  }

  #facts({ sandbox, startedAt }: PodRecord): PodFacts {
    const { hostIp, nodeName } = this
    return { podIp: sandbox?.ip ?? '', hostIp, nodeName, seenAt: startedAt, ...this.#room }
  }

  // ——— pods come, change and go

  #podChanged(change: Change, pod: Pod, old: Pod | null): void {
    if (!this.isOn) return
    if (pod.metadata.annotations?.[MIRROR] !== undefined) return this.statics.changed(change, pod)
    if (change === 'deleted') return this.#removed(pod)
    if (old && old.metadata.uid !== pod.metadata.uid) this.#removed(old)
    const record = this.#records.get(pod.metadata.uid ?? '')
    if (!record) return this.begin(newRecord(pod, keyOf(pod.metadata), this.world.now))
    // The answer to a patch of ours may be newer than what the watch brings.
    if (Number(pod.metadata.resourceVersion) <= Number(record.pod.metadata.resourceVersion)) return
    this.#updated(record, pod)
  }

  /** Made when the first is asked for. */
  get statics(): StaticPods {
    this.#statics ??= new (staticPods.get())(this)
    return this.#statics
  }

  end(record: PodRecord): void {
    record.phase = 'terminating'
    this.#worker.sync(record)
  }

  begin(record: PodRecord): void {
    const { pod } = record
    this.#records.set(record.uid, record)
    if (isTerminal(pod.status?.phase)) {
      record.phase = 'terminated'
      if (pod.metadata.deletionTimestamp) this.wake(record, this.world.now)
      return
    }
    if (!pod.metadata.deletionTimestamp) {
      const refusal = admitSpec(pod) ?? this.#shutdown.admit() ?? this.evictor.admit(pod) ?? this.#ledger.admit(pod)
      if (refusal) {
        this.event(record, 'Warning', refusal.reason, refusal.message)
        record.phase = 'terminated'
        this.reporter.rejected(record, refusal.reason, refusal.message)
        return
      }
    }
    this.#ledger.count(record, true)
    this.evictor.watch(record)
    this.#worker.sync(record)
  }

  #updated(record: PodRecord, pod: Pod): void {
    const before = record.pod
    renew(record, pod, this.world.now)
    const grace = Math.max(1, pod.metadata.deletionGracePeriodSeconds ?? record.grace)
    if (pod.metadata.deletionTimestamp && (!before.metadata.deletionTimestamp || grace < record.grace)) {
      if (record.killing && grace < record.grace) this.#worker.hurry(record, grace)
      record.grace = grace
    }
    this.#worker.sync(record)
  }

  #removed(pod: Pod): void {
    const record = this.#records.get(pod.metadata.uid ?? '')
    if (!record) return
    vanish(record, this.world.now)
    this.#ledger.count(record, false)
    if (record.phase === 'terminated') {
      this.forget(record)
      return
    }
    record.phase = 'terminating'
    this.#worker.sync(record)
  }

  // ——— time

  due(what: string, data: any): void {
    if (this.#power === 'off') return
    const record = this.#records.get(typeof data === 'string' ? data : (data?.uid ?? ''))
    if (record) fired(record, what, data)
    if (this.isFrozen && what !== 'wake' && what !== 'signal') this.#held.push({ what, data })
    else if (what === 'manifests') this.statics.look()
    else if (record && what === 'volumes') this.evictor.measure(record)
    else if (record) podDue(this, this.#worker, this.#prober, record, what, data)
    else nodeDue(this.#parts, what, data)
  }

  get #parts(): NodeParts {
    const [ctx, status, puller, evictor, shutdown] = [this, this.status, this.#puller, this.evictor, this.#shutdown]
    return { ctx, runtime: this.runtime, roads: this.roads, status, puller, evictor, shutdown }
  }

  // ——— faults

  readonly images = (): NodeImage[] => this.#puller.list()
  get isPowered(): boolean {
    return this.#power === 'on'
  }

  /** Off: everything on the machine ends at once and nobody is told. On: it boots, and its containers are started again. */
  power(on: boolean, graceSeconds = 0): void {
    if (on === this.isPowered) return
    if (!on && graceSeconds > 0 && this.isOn) return this.#shutdown.begin(graceSeconds)
    this.#shutdown.reset()
    if (!on) {
      this.#power = 'off'
      this.status.silence()
      this.#puller.reset()
      this.runtime.crash()
      this.tally.counts = {}
      for (const record of this.#records.values()) {
        this.roads.stopped(record)
        interrupt(record, this.world)
      }
      return
    }
    this.#power = 'on'
    this.isFrozen = false
    this.#held = []
    for (const record of this.#records.values()) this.wake(record, this.relist())
    this.evictor.reset()
    this.status.boot()
    this.#catchUp()
  }

  /** The kubelet stops acting; its containers go on. */
  freeze(frozen: boolean): void {
    if (frozen === this.isFrozen || !this.isPowered) return
    this.isFrozen = frozen
    if (frozen) {
      this.status.silence()
      return
    }
    const held = this.#held
    this.#held = []
    this.evictor.reset()
    this.status.resume()
    // Looks at memory and disk begin anew.
    for (const { what, data } of held) if (what !== 'pressure') this.due(what, data)
    this.#catchUp()
  }

  /** The way to the API server has been cut, or is open again: then it tells all that it could not. */
  relinked(): void {
    if (!this.isPowered || this.isFrozen) return
    if (!this.reaches()) return this.status.silence()
    this.status.resume()
    for (const record of this.#records.values()) this.wake(record, this.relist())
  }

  /** Sees what has happened to its pods while it was away. */
  #catchUp(): void {
    const cache = this.#informers.cache<Pod>('pods')
    const here = new Set<string>()
    for (const pod of [...cache.all()]) {
      here.add(pod.metadata.uid ?? '')
      this.#podChanged('modified', pod, null)
    }
    for (const record of [...this.#records.values()]) if (!here.has(record.uid) && !record.manifest) this.#removed(record.pod)
    this.#statics?.look()
  }

  get records(): Records {
    return this.#records
  }
  recordOf = (uid: string): PodRecord | undefined => this.#records.get(uid)

  save(): unknown {
    return {
      records: [...this.#records],
      load: this.#ledger.save(),
      evictor: this.evictor.save(),
      shutdown: this.#shutdown.save(),
      power: this.#power,
      frozen: this.isFrozen,
      held: this.#held,
      runtime: this.runtime.save(),
      puller: this.#puller.save(),
      status: this.status.save(),
      tally: this.tally.counts,
      ...(this.#statics ? { statics: this.#statics.save() } : {}),
    }
  }
  load(saved: any): void {
    this.#records = new Map(saved.records)
    this.#ledger.load(saved.load)
    this.evictor.load(saved.evictor)
    this.#shutdown.load(saved.shutdown)
    this.#power = saved.power
    this.isFrozen = saved.frozen
    this.#held = saved.held
    this.runtime.load(saved.runtime)
    this.#puller.load(saved.puller)
    this.status.load(saved.status)
    this.tally.counts = saved.tally ?? {}
    this.#statics = null
    if (saved.statics) this.statics.load(saved.statics)
  }
}
