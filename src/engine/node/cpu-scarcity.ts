/** Whether a machine's processors suffice for what its containers want. If not, they are shared out, and requests wait longer (cpu-shares.ts comes with the rest). */
import { later } from '../sim/later.ts'
import type { ContainerState } from './container.ts'
import { paceCpu } from './cpu-time.ts'
import type { Image } from './image.ts'
import { costOf, workOf } from './meter.ts'

/** What a container has asked for, wants, and may have, milli-CPU. */
export interface CpuClaim extends CpuRank {
  id: string
  wants: number
  most: number
}

/** Where it stands in the kubelet's tree of control groups. */
export interface CpuRank {
  pod: string
  quality: 'Guaranteed' | 'Burstable' | 'BestEffort'
  asks: number
}

export interface CpuShares {
  /** Milli-CPU by container. */
  granted(milli: number, claims: readonly CpuClaim[]): ReadonlyMap<string, number>
  /** What this one would get if it wanted all it may have. */
  most(milli: number, claims: readonly CpuClaim[], id: string): number
}

export const sharing = later<CpuShares>('sharing of processors')

export interface ProcessorsPorts {
  now(): number
  /** Milli-CPU for all containers of the machine. */
  milli(): number
  rank(container: ContainerState): CpuRank
  all(): Iterable<ContainerState>
  image(container: ContainerState): Image
  /** By chance: a number in [0, 1). */
  luck(): number
}

/** Steady work that a container wants to do, beside its requests. */
const wantOf = ({ cpuWant, cpu }: ContainerState): number => cpuWant ?? cpu?.milli ?? 1

/** A queue is never thought to be fuller than this, nor anybody to wait longer: whoever finds it so goes away. */
const FULLEST = 0.95
const LONGEST_MS = 4000

export class Processors {
  readonly #ports: ProcessorsPorts

  /** Milli-CPU that all together want, or more: what requests cost becomes less unseen. Null: it has to be counted. */
  #wanted: number | null = null
  /** What each one's requests were last counted with. */
  readonly #work = new Map<string, number>()
  /** Somebody may be given less than it wants. */
  #isScarce = true

  constructor(ports: ProcessorsPorts) {
    this.#ports = ports
  }

  *#running(): Generator<ContainerState> {
    for (const each of this.#ports.all()) if (each.state === 'running') yield each
  }

  #workOf(container: ContainerState): number {
    return container.load ? workOf(container, this.#ports.image(container), this.#ports.now()) : 0
  }

  #wants(container: ContainerState): number {
    return Math.min(wantOf(container) + this.#workOf(container), container.cpuMost ?? Number.POSITIVE_INFINITY)
  }

  /** Nobody is looked at one by one while what is known suffices. */
  #suffices(): boolean {
    const milli = this.#ports.milli()
    if (this.#wanted !== null && this.#wanted <= milli) return true
    this.#work.clear()
    this.#wanted = 0
    let exact = 0
    for (const each of this.#running()) {
      const work = this.#workOf(each)
      this.#work.set(each.id, work)
      this.#wanted += wantOf(each) + work
      exact += this.#wants(each)
    }
    return exact <= milli
  }

  #more(milli: number): void {
    if (this.#wanted !== null) this.#wanted += milli
  }

  begun(container: ContainerState): void {
    this.#more(wantOf(container))
  }

  /** What it wanted is found out to be gone when it is counted next. */
  ended(): void {
    this.#shareOut()
  }

  /** After a load all is counted anew. */
  forget(): void {
    this.#wanted = null
    this.#isScarce = true
  }

  /** Null: there is enough for all. */
  #claims(): CpuClaim[] | null {
    if (this.#suffices()) return null
    const milli = this.#ports.milli()
    return [...this.#running()].map((each) => ({
      ...this.#ports.rank(each),
      id: each.id,
      wants: this.#wants(each),
      most: Math.min(milli, each.cpuMost ?? milli),
    }))
  }

  /** The most that it is given now. */
  granted(container: ContainerState): number {
    const { cpuMost = Number.POSITIVE_INFINITY } = container
    const claims = this.#claims()
    return claims ? Math.min(cpuMost, sharing.get().granted(this.#ports.milli(), claims).get(container.id) ?? 0) : cpuMost
  }

  /** It may want to work otherwise than before, at this rate. */
  paced(container: ContainerState, rate: number): void {
    const want = Math.min(rate, container.cpuMost ?? rate)
    if (want === wantOf(container)) return
    this.#more(want - wantOf(container))
    paceCpu(container, want, this.#ports.now())
    delete container.cpuWant
    this.#shareOut()
  }

  /** Somebody wants more or less than before, or is gone. */
  #shareOut(): void {
    const claims = this.#claims()
    if (!claims && !this.#isScarce) return
    this.#isScarce = claims !== null
    const given = claims && sharing.get().granted(this.#ports.milli(), claims)
    for (const each of this.#running()) {
      const want = wantOf(each)
      const share = given ? (want * (given.get(each.id) ?? 0)) / Math.max(1, this.#wants(each)) : want
      paceCpu(each, Math.min(want, share), this.#ports.now())
      if (share < want) each.cpuWant = want
      else delete each.cpuWant
    }
  }

  /** So many ms a request waits longer than on an idle machine: its work goes more slowly, and there is a queue before it (M/M/1). */
  delay(container: ContainerState, image: Image): number {
    const work = workOf(container, image, this.#ports.now())
    this.#more(work - (this.#work.get(container.id) ?? 0))
    this.#work.set(container.id, work)
    const claims = this.#claims()
    if (!claims) return 0
    const costMs = costOf(image)
    const most = sharing.get().most(this.#ports.milli(), claims, container.id)
    const room = Math.max(1, most - wantOf(container))
    const service = (costMs * 1000) / Math.min(1000, room)
    const busy = work / room
    // What is more than it can do is left undone.
    if (busy > 1 && this.#ports.luck() * busy > 1) return LONGEST_MS
    return Math.round(Math.min(LONGEST_MS, service / (1 - Math.min(FULLEST, busy)) - costMs))
  }
}
