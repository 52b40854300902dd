/**
 * The machines of the control plane: which of their processes run, whether etcd can answer there, and so which API servers serve. Each API
 * server asks the etcd member beside it, as kubeadm sets it up; a load balancer in front sends everybody to one that serves.
 */
import type { Raft } from '#api/raft.ts'
import type { ApiRequest } from '#api/request.ts'
import type { Server } from './apiserver/api-server.ts'
import type { Wish } from './etcd/raft/member.ts'
import { advertisedIp, isApiServer } from './machinery/address.ts'
import type { Outage } from './machinery/links.ts'
import { later } from './sim/later.ts'
import type { Part, World } from './sim/world.ts'

export const API_SERVER = 'kube-apiserver'
export const ETCD = 'etcd'
export const MANAGER = 'kube-controller-manager'
export const SCHEDULER = 'kube-scheduler'
const PROCESSES = [API_SERVER, ETCD, MANAGER, SCHEDULER] as const
export type Process = (typeof PROCESSES)[number]

/** What several members of etcd agree by: who leads them, and who hears of it. One alone agrees with itself. */
export interface Consensus {
  readonly leader: string
  hears(member: string): boolean
  /** Something that it depends on has changed. */
  look(): void
  /** What somebody wanted of a member that cannot answer. */
  propose(member: string, wish: Wish): void
  standing(member: string): Standing
  /** The leader hands its office over. */
  transfer(member: string): void
  /** They are members of another cluster from now on, which nobody leads yet. */
  reborn(): void
  view(): Raft
  due(what: string, data: unknown): void
  save(): unknown
  load(saved: unknown): void
}

/** What the members have around them. */
export interface Surroundings {
  readonly server: Server
  /** What ails the way between two machines; null: nothing. */
  wire(a: string, b: string): { ms: number; loss: number } | null
}

/** How a member stands: what it can say of itself and of the others. */
export interface Standing {
  term: number
  /** Whom it follows; empty: nobody. */
  leader: string
  /** It hears a leader that has a majority, or is that. */
  hears: boolean
  /** How much of its log it knows to be committed, and the store's revision there. */
  commit: number
  revision: number
}

export interface ConsensusOptions extends Surroundings {
  world: World
  name: string
  members: readonly string[]
  runs(member: string): boolean
  changed(): void
}

export const consensus = later<(options: ConsensusOptions) => Consensus>('consensus of etcd')

/** One machine, or one process on it. */
interface Place {
  host: string
  process: Process | null
}

export class ControlMachines implements Part {
  readonly name = 'control-machines'
  readonly hosts: readonly string[]
  readonly #world: World
  readonly #processes: readonly Process[]
  /** `process host`: stopped by a fault. */
  #stopped = new Set<string>()
  /** Machines without power. */
  #off = new Set<string>()
  /** Where there are several. */
  #ring: Consensus | null = null
  #saved: unknown = null
  /** Since when an API server has not served, by its machine. */
  #silent = new Map<string, number>()
  onChange: (() => void) | null = null

  /** `processes`: those that run here, for a part may be left to somebody outside; `only`: how a single machine is called. */
  constructor(world: World, count: number, processes: (process: Process) => boolean, around: Surroundings, only = 'vm') {
    this.#world = world
    this.hosts = count === 1 ? [only] : Array.from({ length: count }, (_, i) => `control-plane-${i + 1}`)
    this.#processes = PROCESSES.filter(processes)
    world.join(this)
    if (count === 1) return
    const [name, members] = [this.name, this.hosts]
    const runs = (member: string): boolean => this.runs(ETCD, member)
    consensus.when((make) => {
      this.#ring = make({ ...around, world, name, members, runs, changed: () => this.#tell() })
      if (this.#saved) this.#ring.load(this.#saved)
    })
  }

  get ring(): Consensus | null {
    return this.#ring
  }
  /** The machine of etcd's leader; empty while there is none. */
  get leader(): string {
    const only = this.hosts[0] as string
    return this.#ring ? this.#ring.leader : this.runs(ETCD, only) ? only : ''
  }

  /** Where each machine's API server can be reached. */
  ips(): string[] {
    return this.hosts.map((_, i) => advertisedIp(i, this.hosts.length))
  }

  /** Each machine with that address. */
  addresses(): { name: string; ip: string }[] {
    const ips = this.ips()
    return this.hosts.map((name, i) => ({ name, ip: ips[i] as string }))
  }

  /** Of those that serve. */
  servingIps(): string[] {
    const ips = this.ips()
    return ips.filter((_, i) => this.serves(this.hosts[i] as string))
  }

  /** As static Pods are called; with one machine there is nothing to tell apart. */
  #nameOf(process: Process, host: string): string {
    return this.hosts.length === 1 ? process : `${process}-${host}`
  }

  /** The process on a machine that goes by this name. */
  processOf(name: string): { host: string; process: Process } | null {
    const place = this.#find(name)
    return place?.process ? { host: place.host, process: place.process } : null
  }

  /** A process has begun or ended by itself, as its container on the machine has. */
  follow(name: string, host: string, runs: boolean): void {
    const process = this.#processes.find((each) => each === name)
    if (process && this.runs(process, host) !== runs) this.switch(this.#nameOf(process, host), runs)
  }

  /** Names of all that can be stopped: processes, and machines where there are several. */
  names(): string[] {
    const machines = this.hosts.length === 1 ? [] : this.hosts
    return [...machines, ...this.#processes.flatMap((process) => this.hosts.map((host) => this.#nameOf(process, host)))]
  }

  stopped(): string[] {
    const still = this.#processes.flatMap((process) =>
      this.hosts.filter((host) => this.#stopped.has(`${process} ${host}`)).map((host) => this.#nameOf(process, host)),
    )
    return [...this.#off, ...still]
  }

  #find(name: string): Place | null {
    for (const host of this.hosts) {
      if (host === name) return { host, process: null }
      const process = this.#processes.find((each) => this.#nameOf(each, host) === name)
      if (process) return { host, process }
    }
    return null
  }

  /** Stops or starts what is called so; false when there is nothing of that name. */
  switch(name: string, on: boolean): boolean {
    const place = this.#find(name)
    if (!place) return false
    const [set, key] = place.process ? [this.#stopped, `${place.process} ${place.host}`] : [this.#off, place.host]
    if (on) set.delete(key)
    else set.add(key)
    this.look()
    return true
  }

  runs(process: Process, host: string): boolean {
    return !this.#off.has(host) && !this.#stopped.has(`${process} ${host}`)
  }

  /** Whether the API server of this machine answers, and has a memory. */
  serves(host: string): boolean {
    return this.runs(API_SERVER, host) && this.runs(ETCD, host) && this.#ring?.hears(host) !== false
  }

  /** The same for whoever asks the one at this address; null: it is not one machine's. */
  outageAt(address: string, request: ApiRequest): Outage | null {
    const [ip = '', port] = address.split(':')
    const host = this.hosts[this.ips().indexOf(ip)]
    if (!isApiServer(ip, Number(port))) return null
    if (!host) return ip === advertisedIp(0, 1) ? null : API_SERVER
    if (this.serves(host)) return ''
    if (!this.runs(API_SERVER, host)) return API_SERVER
    if (request.method !== 'GET') this.#ring?.propose(host, { request })
    return ETCD
  }

  /** The revision up to which the member of the machine at this address knows the store; null: all of it. */
  knownAt(address: string): number | null {
    const host = this.hosts[this.ips().indexOf(address.split(':')[0] as string)]
    return host === undefined || !this.#ring || this.#ring.hears(host) ? null : this.#ring.standing(host).revision
  }

  /** Since when it doesn't; null while it does. */
  silentSince(host: string): number | null {
    return this.#silent.get(host) ?? null
  }

  outage(): Outage {
    if (this.hosts.some((host) => this.serves(host))) return ''
    return this.hosts.some((host) => this.runs(API_SERVER, host)) ? ETCD : API_SERVER
  }

  /** Processes or wires are others than before. */
  look(): void {
    this.#ring?.look()
    this.#tell()
  }

  #tell(): void {
    for (const host of this.hosts) {
      if (this.serves(host)) this.#silent.delete(host)
      else if (!this.#silent.has(host)) this.#silent.set(host, this.#world.now)
    }
    this.onChange?.()
  }

  due(what: string, data: unknown): void {
    this.#ring?.due(what, data)
  }

  save(): unknown {
    const raft = this.#ring?.save() ?? this.#saved
    return { stopped: [...this.#stopped], off: [...this.#off], silent: [...this.#silent], ...(raft ? { raft } : {}) }
  }
  load(saved: any): void {
    this.#stopped = new Set(saved.stopped)
    this.#off = new Set(saved.off)
    this.#silent = new Map(saved.silent)
    this.#saved = saved.raft ?? null
    if (saved.raft) this.#ring?.load(saved.raft)
  }
}
