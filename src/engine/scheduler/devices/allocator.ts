/** Chooses devices for claims on one node: tries candidates in turn and goes back where that leads nowhere; the first solution is taken. */
import type { Node } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { type DeviceToleration, nameOf } from './allocation.ts'
import { type Constraint, distinct, matching } from './constraints.ts'
import { Counters } from './counters.ts'
import {
  AllocationError,
  type Ask,
  type ClaimSpec,
  type DeviceRequest,
  type DeviceTaint,
  requestsOf,
  type Selector,
} from './objects.ts'
import { type Candidate, type Pool, poolsFor, reachesNode } from './pools.ts'

/** What there is to choose from, the same for all nodes. */
export interface Supply {
  readonly slices: readonly AnyObject[]
  classOf(name: string): AnyObject | undefined
  /** Devices that some claim has. */
  readonly allocated: Pick<ReadonlySet<string>, 'has'>
  /** Whether an expression means the device; a text tells what went wrong. */
  means(expression: string, candidate: Candidate): boolean | string
}

/** A request that is to be met, or one of its alternatives. */
export interface Wish {
  readonly ask: Ask
  readonly deviceClass: AnyObject
  readonly request: string
  /** The alternative's name; empty for a request without any. */
  readonly sub: string
  readonly count: number
  /** All there are, when all are asked for. */
  readonly all: readonly Candidate[] | null
}

export interface Picked {
  readonly candidate: Candidate
  readonly wish: Wish
}

export interface Plan {
  readonly claim: AnyObject
  readonly picked: readonly Picked[]
  /** For each request the wish that was met. */
  readonly met: readonly Wish[]
}

interface Job {
  readonly claim: AnyObject
  readonly wishes: readonly (readonly Wish[])[]
  readonly constraints: readonly Constraint[]
  readonly picked: Picked[]
  readonly met: Wish[]
}

/** Most devices one claim may have. */
const MOST = 32
type Outcome = boolean | 'too many'
interface Place {
  pool: number
  device: number
}
const START: Place = { pool: 0, device: 0 }

/** A plan for each claim; `null` when they cannot all be had on this node, a text when some pool makes no sense. */
export function allocate(node: Node, claims: readonly AnyObject[], supply: Supply): Plan[] | string | null {
  const search = new Search(node, supply)
  const jobs = claims.map((claim) => search.jobFor(claim))
  if (search.run(jobs)) return jobs
  return search.pools.some((pool) => pool.invalid) ? 'invalid resource pools were encountered' : null
}

class Search {
  readonly pools: readonly Pool[]
  readonly #node: Node
  readonly #supply: Supply
  readonly #counters: Counters
  /** For which claims, by their place, a device is taken. */
  readonly #taken = new Map<string, Set<number>>()
  readonly #meant = new Map<Wish['ask'], Map<Candidate, boolean>>()
  #jobs: readonly Job[] = []

  constructor(node: Node, supply: Supply) {
    this.#node = node
    this.#supply = supply
    this.pools = poolsFor(node, supply.slices)
    this.#counters = new Counters(supply.allocated)
  }

  jobFor(claim: AnyObject): Job {
    const wishes = requestsOf(claim).map((request) => this.#wishesFor(claim, request))
    const least = wishes.reduce((sum, each) => sum + Math.min(...each.map(({ count }) => count)), 0)
    if (least > MOST) {
      throw new AllocationError(`claim ${nameOf(claim)}: number of requested devices ${least} exceeds the claim limit of ${MOST}`)
    }
    const { constraints = [] } = (claim['spec'] as ClaimSpec).devices ?? {}
    const made = constraints.map(({ requests = [], matchAttribute, distinctAttribute }, i) => {
      if (matchAttribute) return matching(requests, matchAttribute)
      if (distinctAttribute) return distinct(requests, distinctAttribute)
      throw new AllocationError(`claim ${nameOf(claim)}, constraint #${i}: empty constraint (unsupported constraint type?)`)
    })
    return { claim, wishes, constraints: made, picked: [], met: [] }
  }

  #wishesFor(claim: AnyObject, { name, exactly, firstAvailable = [] }: DeviceRequest): Wish[] {
    if (exactly) return [this.#wish(claim, name, '', exactly)]
    return firstAvailable.map((ask) => this.#wish(claim, name, ask.name, ask))
  }

  #wish(claim: AnyObject, request: string, sub: string, ask: Ask): Wish {
    const who = `claim ${nameOf(claim)}, ${sub ? 'subrequest' : 'request'} ${sub || request}`
    if (ask.capacity)
      throw new AllocationError(`${who}: has capacity requests, but the DRAConsumableCapacity feature is disabled`)
    const what = `claim ${nameOf(claim)}, request ${sub || request}`
    const deviceClass = this.#supply.classOf(ask.deviceClassName)
    if (!deviceClass) {
      const missing = `deviceclass.resource.k8s.io "${ask.deviceClassName}" not found`
      throw new AllocationError(`${what}: could not retrieve device class ${ask.deviceClassName}: ${missing}`)
    }
    const wish = { ask, deviceClass, request, sub, count: ask.count ?? 1, all: null }
    if (ask.allocationMode !== 'All') return wish
    const all: Candidate[] = []
    for (const pool of this.pools) {
      const where = `${pool.driver}/${pool.name}`
      if (pool.incomplete)
        throw new AllocationError(`${what}: asks for all devices, but resource pool ${where} is currently being updated`)
      if (pool.invalid)
        throw new AllocationError(`${what}: asks for all devices, but resource pool ${where} is currently invalid`)
      for (const candidate of pool.candidates) if (this.#suits(claim, wish, candidate)) all.push(candidate)
    }
    return { ...wish, count: all.length, all }
  }

  /** Whether class, request and place allow the device; who has it, and constraints, come later. */
  #suits(claim: AnyObject, { ask, deviceClass }: Wish, candidate: Candidate): boolean {
    let known = this.#meant.get(ask)
    if (!known) this.#meant.set(ask, (known = new Map()))
    let suits = known.get(candidate)
    if (suits === undefined) {
      const { device, slice } = candidate
      suits =
        !device.bindingConditions?.length &&
        this.#selected(candidate, deviceClass['spec']?.selectors ?? [], `class ${deviceClass.metadata.name}`) &&
        this.#selected(candidate, ask.selectors ?? [], `claim ${nameOf(claim)}`) &&
        (!slice.perDeviceNodeSelection || reachesNode(device, this.#node))
      known.set(candidate, suits)
    }
    return suits
  }

  #selected(candidate: Candidate, selectors: readonly Selector[], who: string): boolean {
    return selectors.every(({ cel }, i) => {
      const answer = this.#supply.means(cel?.expression ?? '', candidate)
      if (typeof answer === 'string') throw new AllocationError(`${who}: selector #${i}: ${answer}`)
      return answer
    })
  }

  run(jobs: readonly Job[]): boolean {
    this.#jobs = jobs
    return this.#claim(0) === true
  }

  #claim(c: number): Outcome {
    const job = this.#jobs[c]
    return job ? this.#request(c, job, 0) : true
  }

  #request(c: number, job: Job, r: number): Outcome {
    const wishes = job.wishes[r]
    if (!wishes) {
      // Another choice for an earlier claim may need fewer devices here.
      return this.#claim(c + 1) === true
    }
    let outcome: Outcome = 'too many'
    for (const wish of wishes) {
      job.met[r] = wish
      const answer = this.#device(c, job, r, wish, 0, START)
      if (answer === true) return true
      if (answer === false) outcome = false
    }
    return outcome
  }

  #device(c: number, job: Job, r: number, wish: Wish, i: number, from: Place): Outcome {
    if (wish.all?.length === 0) return false
    if (i >= wish.count) return this.#request(c, job, r + 1)
    if (job.picked.length + wish.count - i > MOST) return 'too many'
    if (wish.all) return this.#try(c, job, r, wish, i, wish.all[i] as Candidate, START)
    for (let p = from.pool; p < this.pools.length; p++) {
      const { incomplete, invalid, candidates } = this.pools[p] as Pool
      if (incomplete || invalid) continue
      for (let d = p === from.pool ? from.device : 0; d < candidates.length; d++) {
        const candidate = candidates[d] as Candidate
        if (!this.#isFree(c, wish, candidate) || !this.#suits(job.claim, wish, candidate)) continue
        const answer = this.#try(c, job, r, wish, i, candidate, { pool: p, device: d + 1 })
        if (answer !== false) return answer
      }
    }
    return false
  }

  /** Takes the device and goes on; gives it back when that leads nowhere. */
  #try(c: number, job: Job, r: number, wish: Wish, i: number, candidate: Candidate, next: Place): Outcome {
    if (!this.#take(c, job, wish, candidate)) return false
    const answer = this.#device(c, job, r, wish, i + 1, next)
    if (answer !== true) {
      job.picked.pop()
      for (const constraint of job.constraints) constraint.remove(wish.request, wish.sub)
      this.#taken.get(candidate.key)?.delete(c)
      this.#counters.giveBack(candidate)
    }
    return answer
  }

  #isFree(c: number, { ask }: Wish, { key }: Candidate): boolean {
    const taken = this.#taken.get(key)
    if (ask.adminAccess) return !taken?.has(c)
    return !this.#supply.allocated.has(key) && !taken?.size
  }

  #take(c: number, job: Job, wish: Wish, candidate: Candidate): boolean {
    if (!this.#isFree(c, wish, candidate) || !this.#counters.take(candidate)) return false
    if (isKeptOff(candidate.device.taints, wish.ask.tolerations)) {
      this.#counters.giveBack(candidate)
      return false
    }
    const { constraints } = job
    for (let k = 0; k < constraints.length; k++) {
      if ((constraints[k] as Constraint).add(wish.request, wish.sub, candidate)) continue
      for (const added of constraints.slice(0, k)) added.remove(wish.request, wish.sub)
      this.#counters.giveBack(candidate)
      if (!wish.all) return false
      const why = 'because a claim constraint would not be satisfied'
      const what = `claim ${nameOf(job.claim)}, request ${wish.sub || wish.request}`
      throw new AllocationError(`${what}: cannot add device ${candidate.key} ${why}`)
    }
    const taken = this.#taken.get(candidate.key)
    if (taken) taken.add(c)
    else this.#taken.set(candidate.key, new Set([c]))
    job.picked.push({ candidate, wish })
    return true
  }
}

const isKeptOff = (taints: readonly DeviceTaint[] = [], tolerations: readonly DeviceToleration[] = []): boolean =>
  taints.some(
    (taint) =>
      (taint.effect === 'NoSchedule' || taint.effect === 'NoExecute') && !tolerations.some((each) => isTolerated(each, taint)),
  )

function isTolerated({ key, operator = 'Equal', value = '', effect }: DeviceToleration, taint: DeviceTaint): boolean {
  if (effect && effect !== taint.effect) return false
  if (key && key !== taint.key) return false
  return operator === 'Exists' || value === (taint.value ?? '')
}
