/** Who leads: of the controller managers and schedulers on the control plane's machines one each works, the one that holds the Lease. */
import type { AnyObject } from '#api/meta.ts'
import { ApiError } from '#api/status.ts'
import { formatMicroTime, parseTime } from '#api/time.ts'
import { type ControlMachines, MANAGER, SCHEDULER } from './control-machines.ts'
import type { Api, Connect } from './machinery/client.ts'
import { EventRecorder } from './machinery/events.ts'
import { leaseOf, takeLease } from './machinery/lease.ts'
import type { Part, World } from './sim/world.ts'

const NAMESPACE = 'kube-system'

/** --leader-elect-lease-duration: how long the others wait after the last renewal. */
const LEASE_MS = 15_000
/** --leader-elect-renew-deadline: a leader that could not renew for so long gives up, and its process ends. */
const DEADLINE_MS = 10_000
/** --leader-elect-retry-period: between renewals, and between tries. */
const RETRY_MS = 2000
/** A process takes so long to start. */
const START_MS = 700

export type Leader = typeof MANAGER | typeof SCHEDULER

/** One process that leads or would. */
interface Candidate {
  host: string
  /** `HOST_UUID`; each start has its own. */
  holder: string
  runs: boolean
  leads: boolean
  /** When it was started. */
  since: number
  /** Since when it can't renew its Lease. */
  silent: number | null
}

/** Who led last, and until when it renewed. */
interface Past {
  holder: string
  until: number
}

export interface LeaderOptions {
  world: World
  connect: Connect
  machines: ControlMachines
  /** Those that run here. */
  leaders: readonly Leader[]
  /** Somebody leads who did not, or the other way round. */
  changed(): void
}

export class Leaders implements Part {
  readonly name = 'leaders'
  readonly #options: LeaderOptions
  readonly #apis: Record<Leader, Api>
  readonly #events: Record<Leader, EventRecorder>
  #candidates: Record<Leader, Candidate[]>
  #past: Partial<Record<Leader, Past>> = {}

  constructor(options: LeaderOptions) {
    const { world, connect, machines, leaders } = options
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
    const begin = (): Candidate[] =>
      machines.hosts.map((host, i) => ({
        host,
        holder: this.#newHolder(host),
        runs: true,
        leads: i === 0,
        since: world.now,
        silent: null,
      }))
    this.#candidates = { [MANAGER]: begin(), [SCHEDULER]: begin() }
    for (const name of leaders) world.after(START_MS, this.name, 'lead', [name, machines.hosts[0]])
  }

  #newHolder(host: string): string {
    return `${host}_${this.#options.world.random('leaders').uuid()}`
  }

  /** Whether one of them leads and can work. */
  leads(name: Leader): boolean {
    return this.#candidates[name].some(({ leads, silent }) => leads && silent === null)
  }

  /** The machines have changed: processes begin and end, leaders fall silent and are heard again. */
  look(): void {
    const { machines, world, leaders } = this.#options
    for (const name of leaders) {
      for (const candidate of this.#candidates[name]) {
        const runs = machines.runs(name, candidate.host)
        if (candidate.runs && !runs) this.#end(name, candidate, candidate.silent ?? world.now)
        else if (!candidate.runs && runs) this.#restart(candidate)
        candidate.runs = runs
        if (!candidate.leads) continue
        if (machines.serves(candidate.host)) candidate.silent = null
        else if (candidate.silent === null) {
          candidate.silent = world.now
          world.after(DEADLINE_MS, this.name, 'give up', [name, candidate.host])
        }
      }
      this.#compete(name)
    }
  }

  #restart(candidate: Candidate): void {
    candidate.holder = this.#newHolder(candidate.host)
    candidate.since = this.#options.world.now
  }

  #end(name: Leader, candidate: Candidate, until: number): void {
    if (candidate.leads) this.#past[name] = { holder: candidate.holder, until }
    candidate.leads = false
    candidate.silent = null
  }

  /** Without a leader everyone who can tries, each at its own beat, once the last leader's Lease has run out. */
  #compete(name: Leader): void {
    const { machines, world } = this.#options
    const all = this.#candidates[name]
    if (all.some(({ leads }) => leads)) return
    const free = Math.max(world.now, (this.#past[name]?.until ?? Number.NEGATIVE_INFINITY) + LEASE_MS)
    for (const { host, runs, since } of all) {
      if (!runs || !machines.serves(host)) continue
      const first = since + START_MS
      const tries = Math.max(0, Math.ceil((free - first) / RETRY_MS))
      world.after(first + tries * RETRY_MS - world.now, this.name, 'lead', [name, host])
    }
  }

  due(what: string, [name, host]: [Leader, string]): void {
    const candidate = this.#candidates[name].find((each) => each.host === host)
    if (!candidate?.runs) return
    if (what === 'give up') this.#giveUp(name, candidate)
    else this.#lead(name, candidate)
  }

  /** Its process ends, and is started again by the kubelet beside it. */
  #giveUp(name: Leader, candidate: Candidate): void {
    const { now } = this.#options.world
    if (candidate.silent === null || now - candidate.silent < DEADLINE_MS) return
    this.#end(name, candidate, candidate.silent)
    this.#restart(candidate)
    this.#compete(name)
    this.#options.changed()
  }

  #lead(name: Leader, candidate: Candidate): void {
    const { machines, world, changed } = this.#options
    const other = this.#candidates[name].some((each) => each !== candidate && each.leads)
    const past = this.#past[name]
    if (other || !machines.serves(candidate.host) || (past && world.now < past.until + LEASE_MS)) return
    const api = this.#apis[name]
    try {
      const { holder } = candidate
      const candidacy = { namespace: NAMESPACE, name, holder, durationMs: LEASE_MS, because: `one ${name} leads at a time` }
      const lease = takeLease(api, leaseOf(api, candidacy), candidacy, world.now)
      candidate.leads = true
      this.#events[name].record(lease, 'Normal', 'LeaderElection', `${candidate.holder} became leader`)
      changed()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      world.after(RETRY_MS, this.name, 'lead', [name, candidate.host])
    }
  }

  /** A leader's Lease with the renewals that were never written: one every RETRY_MS for as long as it led. */
  freshLease(lease: AnyObject): AnyObject {
    const { name, namespace } = lease.metadata
    const spec = lease['spec']
    if (namespace !== NAMESPACE || !Object.hasOwn(this.#candidates, name) || !spec?.acquireTime) return lease
    const until = this.#renewedUntil(name as Leader, spec.holderIdentity)
    if (until === null) return lease
    const since = parseTime(spec.acquireTime)
    const renewTime = formatMicroTime(since + Math.floor((until - since) / RETRY_MS) * RETRY_MS)
    return spec.renewTime >= renewTime ? lease : { ...lease, spec: { ...spec, renewTime } }
  }

  #renewedUntil(name: Leader, holder: string): number | null {
    const past = this.#past[name]
    if (past?.holder === holder) return past.until
    const leader = this.#candidates[name].find((each) => each.leads && each.holder === holder)
    return leader ? (leader.silent ?? this.#options.world.now) : null
  }

  save(): unknown {
    return { candidates: this.#candidates, past: this.#past }
  }
  load(saved: any): void {
    const copy = (all: Candidate[]): Candidate[] => all.map((each) => ({ ...each }))
    this.#candidates = { [MANAGER]: copy(saved.candidates[MANAGER]), [SCHEDULER]: copy(saved.candidates[SCHEDULER]) }
    this.#past = { ...saved.past }
  }
}
