/** Eviction: who has to go when the machine's memory runs out; what is done about its disk comes with the rest (kubelet eviction manager). */
import type { Pod } from '#api/kinds.ts'
import { wholeOf } from '#api/quantity.ts'
import type { Disk } from '#posix/disk.ts'
import { later } from '../sim/later.ts'
import type { Refusal } from './admission.ts'
import type { Context } from './context.ts'
import type { NodeStatus } from './node-status.ts'
import type { PodRecord } from './pod-record.ts'
import type { Puller } from './puller.ts'
import { podLoad } from './resources.ts'

const LOOK_MS = 10_000
const MEBI = 1_048_576
/** memory.available<100Mi, and what the machine itself takes. */
const THRESHOLD_MI = 100
const SYSTEM_MI = 400
/** Pressure is reported for so long after it was last seen (evictionPressureTransitionPeriod). */
export const TRANSITION_MS = 300_000
/** Nobody evicts what the cluster cannot do without. */
const CRITICAL = 2_000_000_000

interface NodePorts {
  readonly ctx: Context
  /** The machine's memory, MiB, and its disk, bytes. */
  readonly capacityMi: number
  readonly diskBytes: number
  records(): Iterable<PodRecord>
  /** Tells the node's object, and of the node. */
  readonly status: NodeStatus
  readonly puller: Puller
  /** The disk of a volume, if anybody has looked into it. */
  disk(record: PodRecord, volume: string): Disk | null
}

/** What the care for the disk is given beside that. */
export interface EvictorPorts extends NodePorts {
  rank(above: (record: PodRecord) => number): PodRecord[]
  evict(record: PodRecord, message: string): void
}

export interface DiskCare {
  /** Bytes that something beside pods and images has on the disk. */
  readonly filler: number
  /** The node's object says so. */
  readonly isLow: boolean
  fill(full: boolean): void
  /** Every 10 s; unless something else is being reclaimed, it may free images and evict a pod. */
  look(mayReclaim: boolean): void
  /** Why a pod has to go for what it has on the disk; empty: it need not. */
  exceeded(record: PodRecord): string
  /** The kubelet has started anew. */
  reset(): void
  save(): unknown
  load(saved: any): void
}

export const diskCares = later<new (ports: EvictorPorts) => DiskCare>('care for disks')

export class Evictor {
  readonly #ports: NodePorts
  /** When pressure was last seen; the next look. */
  #state: { seen: number | null; look: number | null } = { seen: null, look: null }
  #disk: DiskCare | null = null

  constructor(ports: NodePorts) {
    this.#ports = ports
  }

  get #availableMi(): number {
    let used = SYSTEM_MI
    for (const record of this.#ports.records()) used += this.#usedBy(record).total
    return this.#ports.capacityMi - used
  }

  #usedBy(record: PodRecord): { total: number; containers: [name: string, mi: number][] } {
    const { runtime } = this.#ports.ctx
    const containers = Object.values(record.slots).flatMap((slot): [string, number][] => {
      const state = runtime.get(slot.current)
      return state?.state === 'running' ? [[slot.name, runtime.usage(state).memoryMi]] : []
    })
    return { total: containers.reduce((sum, [, mi]) => sum + mi, 0), containers }
  }

  /** Some container uses more memory, or less, than before. */
  changed(): void {
    if (this.#availableMi < THRESHOLD_MI) this.#look()
  }

  #look(): void {
    if (this.#state.look !== null) return
    const { world, part } = this.#ports.ctx
    this.#state.look = world.at(Math.floor(world.now / LOOK_MS + 1) * LOOK_MS, part, 'pressure')
  }

  due(): void {
    this.#state.look = null
    const { now } = this.#ports.ctx.world
    const available = this.#availableMi
    const isShort = available < THRESHOLD_MI
    if (isShort) {
      if (this.#state.seen === null) this.#ports.status.memory(true)
      this.#state.seen = now
      this.#ports.status.warn('EvictionThresholdMet', 'Attempting to reclaim memory')
      const victim = this.#rank((record) => this.#usedBy(record).total - podLoad(record.pod).memory / MEBI)[0]
      if (victim) this.#evict(victim, this.#message(victim, available))
    } else if (this.#state.seen !== null && now - this.#state.seen >= TRANSITION_MS) {
      this.#state.seen = null
      this.#ports.status.memory(false)
    }
    this.#disk?.look(!isShort)
    if (this.#state.seen !== null || this.#disk?.isLow || this.isDiskFull) this.#look()
  }

  /** Made when it is needed first. */
  get #diskCare(): DiskCare {
    const rank: EvictorPorts['rank'] = (above) => this.#rank(above)
    this.#disk ??= new (diskCares.get())({ ...this.#ports, rank, evict: (record, why) => this.#evict(record, why) })
    return this.#disk
  }

  get isDiskFull(): boolean {
    return this.filler > 0
  }
  /** Bytes on the disk that are neither pods' nor images'. */
  get filler(): number {
    return this.#disk?.filler ?? 0
  }
  /** Something else has filled the disk, or it has room again. */
  disk(full: boolean): void {
    if (full === this.isDiskFull) return
    this.#diskCare.fill(full)
    this.#look()
  }

  /** The kubelet has started anew: it does not know what it had seen. */
  reset(): void {
    const { ctx, status } = this.#ports
    if (this.#state.look !== null) ctx.world.cancel(this.#state.look)
    this.#state = { seen: null, look: null }
    this.#disk?.reset()
    status.calm()
    if (this.isDiskFull) this.#look()
    else this.changed()
  }

  /** First those above their requests, then the least important, then those that are most above. */
  #rank(above: (record: PodRecord) => number): PodRecord[] {
    const candidates = [...this.#ports.records()].filter(
      (record) => record.phase === 'sync' && !record.verdict && this.#usedBy(record).total > 0 && !isCritical(record.pod),
    )
    const exceeds = new Map(candidates.map((record) => [record, above(record)]))
    const of = (record: PodRecord): number => exceeds.get(record) ?? 0
    return candidates.sort(
      (a, b) => Number(of(b) > 0) - Number(of(a) > 0) || (a.pod.spec.priority ?? 0) - (b.pod.spec.priority ?? 0) || of(b) - of(a),
    )
  }

  #message(record: PodRecord, availableMi: number): string {
    const larger = this.#usedBy(record).containers.flatMap(([name, mi]) => {
      const spec = record.pod.spec.containers.find((container) => container.name === name)
      const request = spec?.resources?.requests?.['memory']
      if (mi <= wholeOf(request) / MEBI) return []
      return `Container ${name} was using ${Math.round(mi * 1024)}Ki, request is ${request ?? 0}, has larger consumption of memory. `
    })
    const low = `Threshold quantity: ${THRESHOLD_MI}Mi, available: ${Math.max(0, Math.round(availableMi * 1024))}Ki. `
    return `The node was low on resource: memory. ${low}${larger.join('')}`
  }

  #evict(record: PodRecord, message: string): void {
    const { ctx } = this.#ports
    record.verdict = { reason: 'Evicted', message, disrupts: true }
    record.grace = 1
    ctx.event(record, 'Warning', 'Evicted', message)
    ctx.wake(record, ctx.world.now)
  }

  /** A pod that has limits on the disk is looked at every 10 s. */
  watch(record: PodRecord): void {
    const { world, part } = this.#ports.ctx
    if (limitsOf(record.pod).length > 0 || isLimited(record.pod)) world.after(LOOK_MS, part, 'volumes', record.uid)
  }

  measure(record: PodRecord): void {
    if (record.phase !== 'sync' || record.verdict) return
    const why = this.#diskCare.exceeded(record)
    if (why) this.#evict(record, why)
    else this.watch(record)
  }

  /** Short of room on its disk it takes none; short of memory no pods that ask for nothing, unless they say that they can bear it. */
  admit(pod: Pod): Refusal | null {
    const low = this.#state.seen !== null
    if (this.#disk?.isLow && !isCritical(pod)) {
      const conditions = low ? '[DiskPressure MemoryPressure]' : '[DiskPressure]'
      return { reason: 'Evicted', message: `The node had condition: ${conditions}. ` }
    }
    if (!low || isCritical(pod) || pod.status?.qosClass !== 'BestEffort') return null
    const tolerates = (pod.spec.tolerations ?? []).some(
      ({ key, operator }) => key === 'node.kubernetes.io/memory-pressure' || (!key && operator === 'Exists'),
    )
    return tolerates ? null : { reason: 'Evicted', message: 'The node had condition: [MemoryPressure]. ' }
  }

  save(): unknown {
    return { ...this.#state, ...(this.#disk ? { disk: this.#disk.save() } : {}) }
  }
  load({ disk, ...saved }: any): void {
    this.#state = saved
    this.#disk = null
    if (disk) this.#diskCare.load(disk)
  }
}

const isCritical = (pod: Pod): boolean => (pod.spec.priority ?? 0) >= CRITICAL
const isLimited = ({ spec }: Pod): boolean =>
  spec.containers.some(({ resources }) => resources?.limits?.['ephemeral-storage'] !== undefined)

/** Volumes on disk that may not grow beyond something. */
export function limitsOf(pod: Pod): { name: string; sizeLimit: string }[] {
  return (pod.spec.volumes ?? []).flatMap((volume) => {
    const { medium, sizeLimit } = (volume['emptyDir'] ?? {}) as { medium?: string; sizeLimit?: string }
    return sizeLimit && sizeLimit !== '0' && medium !== 'Memory' ? [{ name: volume.name, sizeLimit }] : []
  })
}
