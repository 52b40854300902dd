/** Faults of the control plane: its machines and their processes stopped and started, single controllers too, and clocks that jump. */

import type { AnyObject } from '#api/meta.ts'
import type { Broken, Fault, Wire } from '#api/request.ts'
import type { ControlPods } from './addons/addon.ts'
import { publishEndpoints } from './bootstrap.ts'
import { type ControlMachines, MANAGER, SCHEDULER } from './control-machines.ts'
import type { ControlPlane } from './control-plane.ts'
import { identityLease } from './controllers/identity-lease.ts'
import { type Leader, Leaders } from './leaders.ts'
import { type Api, AS_API_SERVER, type Connect } from './machinery/client.ts'
import type { Links } from './machinery/links.ts'
import type { Part, World } from './sim/world.ts'

/** How long the API servers take to find that one of them has gone or come. */
const RECONCILED_MS = 15_000

export interface FaultOptions {
  world: World
  links: Links
  connect: Connect
  machines: ControlMachines
  controlPlane: ControlPlane
  /** Its processes are containers of static Pods. */
  pods?: ControlPods
  wires: { set(wire: Wire): void }
  /** The ways to the API server have changed. */
  relinked(): void
}

export class Faults implements Part {
  readonly name = 'faults'
  readonly machines: ControlMachines
  readonly #options: FaultOptions
  readonly #leaders: Leaders
  readonly #api: Api
  /** Single controllers that were stopped. */
  #stopped = new Set<string>()

  constructor(options: FaultOptions) {
    const { world, connect, machines, controlPlane } = options
    this.#options = options
    this.machines = machines
    this.#api = connect(AS_API_SERVER)
    world.join(this)
    const leaders: Leader[] = [
      ...(controlPlane.manager ? [MANAGER] : []),
      ...(controlPlane.scheduler ? [SCHEDULER] : []),
    ] as Leader[]
    this.#leaders = new Leaders({ world, connect, machines, leaders, changed: () => this.#settle() })
    options.links.outageAt = (address, request) => machines.outageAt(address, request)
    options.links.knownAt = (address) => machines.knownAt(address)
    machines.onChange = () => this.#machinesChanged()
  }

  /** The names of all that can be stopped. */
  components(): string[] {
    return [...this.machines.names(), ...this.#options.controlPlane.loops.map(({ name }) => name)]
  }

  /** The names of all that were stopped. */
  stopped(): string[] {
    return [...this.machines.stopped(), ...this.#stopped]
  }

  /** The same, as those who look on are told it. */
  broken(): Pick<Broken, 'components' | 'controlPlanes'> {
    const { hosts } = this.machines
    return { components: this.stopped(), ...(hosts.length > 1 ? { controlPlanes: hosts } : {}) }
  }

  /** Why this fault can't be; null when it can. */
  refuses(fault: Fault): string | null {
    if (fault.kind === 'clock-jump') return fault.ms >= 0 ? null : 'the clock can only jump ahead'
    if (fault.kind === 'partition') return this.#refusesIsland(fault.machines)
    if (fault.kind !== 'component' || this.components().includes(fault.component)) return null
    return `there is no component ${fault.component}; there are ${this.components().join(', ')}`
  }

  /** False: it is none of the control plane's. */
  strike(fault: Fault): boolean {
    if (fault.kind === 'clock-jump') this.#options.world.jump(fault.ms)
    else if (fault.kind === 'component') this.#switch(fault.component, fault.on)
    else if (fault.kind === 'partition') this.#part(fault.machines)
    else return false
    return true
  }

  #refusesIsland(island: readonly string[]): string | null {
    const { hosts } = this.machines
    const unknown = island.find((name) => !hosts.includes(name))
    return unknown === undefined ? null : `the control plane has no machine ${unknown}; it has ${hosts.join(', ')}`
  }

  /** Between these machines and the others no packet gets through; all others do. */
  #part(island: readonly string[]): void {
    const { hosts } = this.machines
    for (const [i, a] of hosts.entries())
      for (const b of hosts.slice(i + 1))
        this.#options.wires.set({ a, b, ms: 0, loss: island.includes(a) === island.includes(b) ? 0 : 100 })
    this.machines.look()
  }

  #switch(component: string, on: boolean): void {
    if ((this.#options.pods ?? this.machines).switch(component, on)) return
    if (on) this.#stopped.delete(component)
    else this.#stopped.add(component)
    this.#settle()
  }

  /** An API server's address goes from its Service when it has not renewed it for so long (--endpoint-reconciler-type=lease). */
  due(): void {
    const ips = this.machines.servingIps()
    if (ips.length > 0) publishEndpoints(this.#api, ips)
  }

  #machinesChanged(): void {
    const { links, relinked } = this.#options
    const outage = this.machines.outage()
    const other = outage !== links.outage
    if (other) links.setOutage(outage)
    this.#leaders.look()
    this.#settle()
    if (other) relinked()
    if (this.machines.hosts.length > 1) this.#options.world.after(RECONCILED_MS, this.name, 'endpoints')
  }

  /** A Lease of the control plane's as its holder would have renewed it. */
  freshLease(lease: AnyObject): AnyObject {
    return this.#leaders.freshLease(identityLease(lease, this.#options.world.now, (host) => this.machines.silentSince(host)))
  }

  /** Lets everything run that may run now, and nothing else. */
  #settle(): void {
    const { controlPlane, links } = this.#options
    const open = links.outage === ''
    const managed = this.#leaders.leads(MANAGER)
    for (const loop of controlPlane.loops) {
      if (open && (managed || !loop.inManager) && !this.#stopped.has(loop.name)) loop.start()
      else loop.stop()
    }
    if (open && this.#leaders.leads(SCHEDULER)) controlPlane.scheduler?.start()
    else controlPlane.scheduler?.stop()
  }

  save(): unknown {
    return { stopped: [...this.#stopped] }
  }
  load(saved: any): void {
    this.#stopped = new Set(saved.stopped)
  }
}
