/**
 * The machines of the control plane: which of their processes run, whether etcd has a leader, and so which API servers serve. Each API
 * server asks the etcd member beside it, as kubeadm sets it up; a load balancer in front sends everybody to one that serves.
 */
import { advertisedIp } from './machinery/address.ts'
import type { Outage } from './machinery/links.ts'
import type { Part, World } from './sim/world.ts'

export const API_SERVER = 'kube-apiserver'
export const ETCD = 'etcd'
export const MANAGER = 'kube-controller-manager'
export const SCHEDULER = 'kube-scheduler'
const PROCESSES = [API_SERVER, ETCD, MANAGER, SCHEDULER] as const
export type Process = (typeof PROCESSES)[number]

/** etcd's election timeout (--election-timeout), and as much again by chance. */
const ELECTION_MS = 1000

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
  /** The machine of etcd's leader; empty while there is none. */
  #leader: string
  /** Since when an API server has not served, by its machine. */
  #silent = new Map<string, number>()
  onChange: (() => void) | null = null

  /** `processes`: those that run here, for a part may be left to somebody outside; `only`: how a single machine is called. */
  constructor(world: World, count: number, processes: (process: Process) => boolean, only = 'vm') {
    this.#world = world
    this.hosts = count === 1 ? [only] : Array.from({ length: count }, (_, i) => `control-plane-${i + 1}`)
    this.#processes = PROCESSES.filter(processes)
    this.#leader = this.hosts[0] as string
    world.join(this)
  }

  get leader(): string {
    return this.#leader
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
    this.#look()
    return true
  }

  runs(process: Process, host: string): boolean {
    return !this.#off.has(host) && !this.#stopped.has(`${process} ${host}`)
  }

  /** Whether the API server of this machine answers, and has a memory. */
  serves(host: string): boolean {
    return this.#leader !== '' && this.runs(API_SERVER, host) && this.runs(ETCD, host)
  }

  /** Since when it doesn't; null while it does. */
  silentSince(host: string): number | null {
    return this.#silent.get(host) ?? null
  }

  outage(): Outage {
    if (this.hosts.some((host) => this.serves(host))) return ''
    return this.hosts.some((host) => this.runs(API_SERVER, host)) ? ETCD : API_SERVER
  }

  #members(): string[] {
    return this.hosts.filter((host) => this.runs(ETCD, host))
  }

  /** A leader that is gone, or has no majority behind it, leads no longer; a majority without a leader elects one. */
  #look(): void {
    const members = this.#members()
    const majority = members.length > this.hosts.length / 2
    if (!majority || !members.includes(this.#leader)) this.#leader = ''
    // A member that is alone need not wait for the others.
    if (majority && this.#leader === '' && this.hosts.length === 1) this.#leader = members[0] as string
    else if (majority && this.#leader === '') {
      this.#world.after(ELECTION_MS + this.#world.random('etcd').below(ELECTION_MS), this.name, 'elect')
    }
    this.#tell()
  }

  #tell(): void {
    for (const host of this.hosts) {
      if (this.serves(host)) this.#silent.delete(host)
      else if (!this.#silent.has(host)) this.#silent.set(host, this.#world.now)
    }
    this.onChange?.()
  }

  /** The election is over, if it could be held to its end. */
  due(): void {
    const members = this.#members()
    if (this.#leader !== '' || members.length <= this.hosts.length / 2) return
    this.#leader = this.#world.random('etcd').pick(members)
    this.#tell()
  }

  save(): unknown {
    return { stopped: [...this.#stopped], off: [...this.#off], leader: this.#leader, silent: [...this.#silent] }
  }
  load(saved: any): void {
    this.#stopped = new Set(saved.stopped)
    this.#off = new Set(saved.off)
    this.#leader = saved.leader
    this.#silent = new Map(saved.silent)
  }
}
