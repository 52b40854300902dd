/** Faults of the control plane: its parts stopped and started, the clock that jumps; and the leases by which its processes lead. */

import type { AnyObject } from '#api/meta.ts'
import type { Fault } from '#api/request.ts'
import { ApiError } from '#api/status.ts'
import { formatMicroTime, parseTime } from '#api/time.ts'
import type { ControlPlane } from './control-plane.ts'
import type { Api, Connect } from './machinery/client.ts'
import { EventRecorder } from './machinery/events.ts'
import type { Links, Outage } from './machinery/links.ts'
import type { Part, World } from './sim/world.ts'

const API_SERVER = 'kube-apiserver'
const ETCD = 'etcd'
const MANAGER = 'kube-controller-manager'
const SCHEDULER = 'kube-scheduler'
const LEASES = 'leases.coordination.k8s.io'
const NAMESPACE = 'kube-system'

/** --leader-elect-lease-duration: how long the others wait after the last renewal. */
const LEASE_MS = 15_000
/** --leader-elect-retry-period: between renewals, and between tries. */
const RETRY_MS = 2000
/** A process takes so long to start. */
const START_MS = 700

type Leader = typeof MANAGER | typeof SCHEDULER

interface Process {
  /** Stopped by a fault. */
  stopped: boolean
  /** `vm_UUID`; each start has its own. */
  holder: string
  /** When it stopped renewing; null while it leads or tries to. */
  until: number | null
  leads: boolean
}

export interface FaultOptions {
  world: World
  links: Links
  connect: Connect
  controlPlane: ControlPlane
  /** The ways to the API server have changed. */
  relinked(): void
}

export class Faults implements Part {
  readonly name = 'faults'
  readonly #options: FaultOptions
  readonly #apis: Record<Leader, Api>
  readonly #events: Record<Leader, EventRecorder>
  #processes: Record<Leader, Process>
  /** Single controllers that were stopped. */
  #stopped = new Set<string>()

  constructor(options: FaultOptions) {
    const { world, connect } = options
    this.#options = options
    const manager = connect({ user: 'system:kube-controller-manager', manager: MANAGER })
    const scheduler = connect({ user: 'system:kube-scheduler', manager: SCHEDULER })
    this.#apis = { [MANAGER]: manager, [SCHEDULER]: scheduler }
    this.#events = {
      [MANAGER]: new EventRecorder(MANAGER, world, manager),
      // The scheduler's own recorder is that of its profile; this one writes as it does.
      [SCHEDULER]: new EventRecorder('default-scheduler', world, scheduler, '', 'leader'),
    }
    world.join(this)
    const begin = (): Process => ({ stopped: false, holder: this.#newHolder(), until: null, leads: true })
    this.#processes = { [MANAGER]: begin(), [SCHEDULER]: begin() }
    for (const name of this.#leaders()) world.after(START_MS, this.name, 'lead', name)
  }

  #newHolder(): string {
    return `vm_${this.#options.world.random('leaders').uuid()}`
  }

  /** Those that run here: a part may be left to somebody outside. */
  #leaders(): Leader[] {
    const { scheduler, manager } = this.#options.controlPlane
    return [...(manager ? [MANAGER] : []), ...(scheduler ? [SCHEDULER] : [])] as Leader[]
  }

  /** The names of all that can be stopped. */
  components(): string[] {
    return [API_SERVER, ETCD, ...this.#leaders(), ...this.#options.controlPlane.loops.map(({ name }) => name)]
  }

  /** The names of all that were stopped. */
  stopped(): string[] {
    const { outage } = this.#options.links
    const leaders = this.#leaders().filter((name) => this.#processes[name].stopped)
    return [...(outage ? [outage] : []), ...leaders, ...this.#stopped]
  }

  /** Why this fault can't be; null when it can. */
  refuses(fault: Fault): string | null {
    if (fault.kind === 'clock-jump') return fault.ms >= 0 ? null : 'the clock can only jump ahead'
    if (fault.kind !== 'component' || this.components().includes(fault.component)) return null
    return `there is no component ${fault.component}; there are ${this.components().join(', ')}`
  }

  /** False: it is none of the control plane's. */
  strike(fault: Fault): boolean {
    if (fault.kind === 'clock-jump') this.#options.world.jump(fault.ms)
    else if (fault.kind === 'component') this.#switch(fault.component, fault.on)
    else return false
    return true
  }

  #switch(component: string, on: boolean): void {
    if (component === API_SERVER || component === ETCD) return this.#setOutage(component, on)
    if (component === MANAGER || component === SCHEDULER) return on ? this.#start(component) : this.#stop(component)
    if (on) this.#stopped.delete(component)
    else this.#stopped.add(component)
    this.#settle()
  }

  #setOutage(component: Outage, on: boolean): void {
    const { links, relinked } = this.#options
    if (on ? links.outage !== component : links.outage === API_SERVER) return
    links.setOutage(on ? '' : component)
    this.#settle()
    relinked()
  }

  #stop(name: Leader): void {
    const process = this.#processes[name]
    if (process.stopped) return
    this.#processes[name] = {
      ...process,
      stopped: true,
      leads: false,
      until: process.leads ? this.#options.world.now : process.until,
    }
    this.#settle()
  }

  /** A new process: it leads once the lease of the one before it has run out. */
  #start(name: Leader): void {
    const { world } = this.#options
    const process = this.#processes[name]
    if (!process.stopped) return
    this.#processes[name] = { ...process, stopped: false, holder: this.#newHolder() }
    const free = (process.until ?? world.now) + LEASE_MS
    const tries = Math.max(0, Math.ceil((free - world.now - START_MS) / RETRY_MS))
    world.after(START_MS + tries * RETRY_MS, this.name, 'lead', name)
  }

  /** A leader's Lease with the renewals that were never written: one every RETRY_MS for as long as it led. */
  freshLease(lease: AnyObject): AnyObject {
    const { name, namespace } = lease.metadata
    const spec = lease['spec']
    if (namespace !== NAMESPACE || !Object.hasOwn(this.#processes, name)) return lease
    const process = this.#processes[name as Leader]
    if (spec?.holderIdentity !== process.holder || !spec.acquireTime) return lease
    const since = parseTime(spec.acquireTime)
    const until = process.until ?? this.#options.world.now
    const renewTime = formatMicroTime(since + Math.floor((until - since) / RETRY_MS) * RETRY_MS)
    return spec.renewTime >= renewTime ? lease : { ...lease, spec: { ...spec, renewTime } }
  }

  due(_what: string, name: Leader): void {
    const process = this.#processes[name]
    if (process.stopped) return
    try {
      const lease = this.#acquire(name, process.holder)
      this.#processes[name] = { ...process, leads: true, until: null }
      this.#events[name].record(lease, 'Normal', 'LeaderElection', `${process.holder} became leader`)
      this.#settle()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.#options.world.after(RETRY_MS, this.name, 'lead', name)
    }
  }

  #acquire(name: Leader, holderIdentity: string): AnyObject {
    const api = this.#apis[name]
    const now = formatMicroTime(this.#options.world.now)
    const spec = { acquireTime: now, holderIdentity, leaseDurationSeconds: LEASE_MS / 1000, renewTime: now }
    const [old] = api.list(LEASES, NAMESPACE).filter(({ metadata }) => metadata.name === name)
    const because = `one ${name} leads at a time`
    if (!old)
      return api.create(LEASES, { metadata: { name, namespace: NAMESPACE }, spec: { ...spec, leaseTransitions: 0 } }, { because })
    const leaseTransitions = (old['spec']?.leaseTransitions ?? 0) + 1
    return api.update(LEASES, { ...old, spec: { ...spec, leaseTransitions } }, { because })
  }

  /** Lets everything run that may run now, and nothing else. */
  #settle(): void {
    const { controlPlane, links } = this.#options
    const open = links.outage === ''
    for (const loop of controlPlane.loops) {
      const led = !loop.inManager || this.#processes[MANAGER].leads
      if (open && led && !this.#stopped.has(loop.name)) loop.start()
      else loop.stop()
    }
    if (open && this.#processes[SCHEDULER].leads) controlPlane.scheduler?.start()
    else controlPlane.scheduler?.stop()
  }

  save(): unknown {
    return { processes: this.#processes, stopped: [...this.#stopped] }
  }
  load(saved: any): void {
    this.#processes = { ...saved.processes }
    this.#stopped = new Set(saved.stopped)
  }
}
