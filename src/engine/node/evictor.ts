/** Eviction: who has to go when the machine's memory or its disk runs out, or when a volume has grown beyond its limit (kubelet eviction manager). */
import type { Container, Pod } from '#api/kinds.ts'
import { wholeOf } from '#api/quantity.ts'
import { type Disk, usedOf } from '#posix/disk.ts'
import type { Refusal } from './admission.ts'
import type { Context } from './context.ts'
import { isInMemory } from './memory-volumes.ts'
import type { PodRecord } from './pod-record.ts'
import { podLoad, podResources } from './resources.ts'

const LOOK_MS = 10_000
const MEBI = 1_048_576
const STORAGE = 'ephemeral-storage'
/** memory.available<100Mi, and what the machine itself takes. */
const THRESHOLD_MI = 100
const SYSTEM_MI = 400
/** Pressure is reported for so long after it was last seen. */
const TRANSITION_MS = 300_000
/** Nobody evicts what the cluster cannot do without. */
const CRITICAL = 2_000_000_000

export interface EvictorPorts {
  readonly ctx: Context
  /** The machine's memory, MiB, and its disk, bytes. */
  readonly capacityMi: number
  readonly diskBytes: number
  records(): Iterable<PodRecord>
  /** Tells the node's object. */
  pressure(on: boolean): void
  diskPressure(full: boolean): void
  /** An event about the node. */
  warn(reason: string, message: string): void
  /** The disk of a volume, if anybody has looked into it. */
  disk(record: PodRecord, volume: string): Disk | null
}

export class Evictor {
  readonly #ports: EvictorPorts
  /** When pressure was last seen; whether a look is due; and whether something has filled the disk. */
  #state: { seen: number | null; looking: boolean; full: boolean } = { seen: null, looking: false, full: false }

  constructor(ports: EvictorPorts) {
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
    if (this.#state.looking) return
    this.#state.looking = true
    const { world, part } = this.#ports.ctx
    world.at(Math.floor(world.now / LOOK_MS + 1) * LOOK_MS, part, 'pressure')
  }

  due(): void {
    this.#state.looking = false
    const { now } = this.#ports.ctx.world
    if (this.#state.full) this.#reclaimDisk()
    const available = this.#availableMi
    if (available < THRESHOLD_MI) {
      if (this.#state.seen === null) this.#ports.pressure(true)
      this.#state.seen = now
      this.#ports.warn('EvictionThresholdMet', 'Attempting to reclaim memory')
      const victim = this.#rank((record) => this.#usedBy(record).total - podLoad(record.pod).memory / MEBI)[0]
      if (victim) this.#evict(victim, this.#message(victim, available))
    }
    if (this.#state.seen === null) {
      if (this.#state.full) this.#look()
      return
    }
    if (now - this.#state.seen >= TRANSITION_MS) {
      this.#state.seen = null
      this.#ports.pressure(false)
    } else this.#look()
  }

  get isDiskFull(): boolean {
    return this.#state.full
  }
  /** Something else has filled the disk, or it has room again. Pods are evicted one by one until it has. */
  disk(full: boolean): void {
    this.#state.full = full
    this.#ports.diskPressure(full)
    if (full) this.#look()
  }

  #reclaimDisk(): void {
    this.#ports.warn('EvictionThresholdMet', 'Attempting to reclaim ephemeral-storage')
    const used = (record: PodRecord): number => diskUse(record, this.#ports).reduce((sum, [, bytes]) => sum + bytes, 0)
    const request = ({ pod }: PodRecord): number => wholeOf(podResources(pod).requests[STORAGE])
    const victim = this.#rank((record) => used(record) - request(record))[0]
    if (!victim) return
    const larger = diskUse(victim, this.#ports).flatMap(([name, bytes]) => {
      const wanted = victim.pod.spec.containers.find((container) => container.name === name)?.resources?.requests?.[STORAGE]
      if (bytes <= wholeOf(wanted)) return []
      return `Container ${name} was using ${Math.ceil(bytes / 1024)}Ki, request is ${wanted ?? 0}, has larger consumption of ${STORAGE}. `
    })
    const { diskBytes } = this.#ports
    const low = `Threshold quantity: ${Math.floor(diskBytes * Math.fround(0.1))}, available: ${Math.floor((diskBytes * 0.01) / 1024)}Ki. `
    this.#evict(victim, `The node was low on resource: ${STORAGE}. ${low}${larger.join('')}`)
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
    for (const { name, sizeLimit } of limitsOf(record.pod)) {
      const disk = this.#ports.disk(record, name)
      if (!disk || disk.used() <= wholeOf(sizeLimit)) continue
      return this.#evict(record, `Usage of EmptyDir volume "${name}" exceeds the limit "${sizeLimit}". `)
    }
    const why = isLimited(record.pod) ? tooMuch(record, this.#ports) : ''
    if (why) this.#evict(record, why)
    else this.watch(record)
  }

  /** With a full disk it takes none; under pressure the machine takes no pods that ask for nothing, unless they say that they can bear it. */
  admit(pod: Pod): Refusal | null {
    if (this.#state.full && !isCritical(pod)) {
      const conditions = this.#state.seen === null ? '[DiskPressure]' : '[DiskPressure MemoryPressure]'
      return { reason: 'Evicted', message: `The node had condition: ${conditions}. ` }
    }
    if (this.#state.seen === null || isCritical(pod) || pod.status?.qosClass !== 'BestEffort') return null
    const tolerates = (pod.spec.tolerations ?? []).some(
      ({ key, operator }) => key === 'node.kubernetes.io/memory-pressure' || (!key && operator === 'Exists'),
    )
    return tolerates ? null : { reason: 'Evicted', message: 'The node had condition: [MemoryPressure]. ' }
  }

  save(): unknown {
    return this.#state
  }
  load(saved: any): void {
    this.#state = { ...saved }
  }
}

/** A block of the disk, and what a container has on it however little it writes. */
const BLOCK = 4096
const LEAST = 2 * BLOCK

/** What containers have written beside their volumes: files and logs. */
function diskUse(record: PodRecord, { ctx }: EvictorPorts): [name: string, bytes: number][] {
  return Object.values(record.slots).flatMap((slot): [string, number][] => {
    const state = ctx.runtime.get(slot.current)
    if (!state) return []
    const logs = state.logs.reduce((sum, { text }) => sum + text.length + 1, 0)
    const written = (state.disk ? usedOf(state.disk) : 0) + logs
    return [[slot.name, LEAST + Math.ceil(written / BLOCK) * BLOCK]]
  })
}

const storageLimit = ({ resources }: Container): string | undefined => resources?.limits?.[STORAGE] as string | undefined
const isLimited = ({ spec }: Pod): boolean => spec.containers.some((container) => storageLimit(container) !== undefined)

/** Whether a pod has more on the disk than its containers may have in all, or one of them more than its own. */
function tooMuch(record: PodRecord, ports: EvictorPorts): string {
  const used = diskUse(record, ports)
  const volumes = (record.pod.spec.volumes ?? []).filter((volume) => volume['emptyDir'] && !isInMemory(volume))
  const onVolumes = volumes.reduce((sum, { name }) => sum + (ports.disk(record, name)?.used() ?? 0), 0)
  const total = used.reduce((sum, [, bytes]) => sum + bytes, onVolumes)
  const most = podResources(record.pod).limits[STORAGE]
  if (most !== undefined && total > wholeOf(most)) {
    return `Pod ephemeral local storage usage exceeds the total limit of containers ${most}. `
  }
  for (const [name, bytes] of used) {
    const container = record.pod.spec.containers.find((each) => each.name === name)
    const limit = container && storageLimit(container)
    if (limit !== undefined && bytes > wholeOf(limit))
      return `Container ${name} exceeded its local ephemeral storage limit "${limit}". `
  }
  return ''
}

const isCritical = (pod: Pod): boolean => (pod.spec.priority ?? 0) >= CRITICAL

/** Volumes on disk that may not grow beyond something. */
function limitsOf(pod: Pod): { name: string; sizeLimit: string }[] {
  return (pod.spec.volumes ?? []).flatMap((volume) => {
    const { medium, sizeLimit } = (volume['emptyDir'] ?? {}) as { medium?: string; sizeLimit?: string }
    return sizeLimit && sizeLimit !== '0' && medium !== 'Memory' ? [{ name: volume.name, sizeLimit }] : []
  })
}
