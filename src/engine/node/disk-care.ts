/** What a kubelet does about its machine's disk: unused images are deleted, then pods are evicted, while something fills it (kubelet eviction manager, image GC). */
import type { Container, Pod } from '#api/kinds.ts'
import { wholeOf } from '#api/quantity.ts'
import { usedOf } from '#posix/disk.ts'
import { type DiskCare, type EvictorPorts, limitsOf, TRANSITION_MS } from './evictor.ts'
import { SYSTEM_DISK_BYTES } from './kubelet-usage.ts'
import { isInMemory } from './memory-volumes.ts'
import type { PodRecord } from './pod-record.ts'
import { podResources } from './resources.ts'

const STORAGE = 'ephemeral-storage'
/** nodefs.available<10%, imagefs.available<15%: both lie on one disk. */
const NODE_LEAST = Math.fround(0.1)
const IMAGES_LEAST = Math.fround(0.15)
/** What a filled disk has left. */
const LEFT = 0.01
/** The image manager looks for new images, and collects, every five minutes (ImageGCPeriod); none is deleted in its first two. */
const COLLECT_MS = 300_000
const LEAST_AGE_MS = 120_000
const HIGH_PERCENT = 85
const LOW_PERCENT = 80

interface State {
  /** Bytes that something beside pods and images has on the disk. */
  filler: number
  /** When too little room was last seen. */
  seen: number | null
  looked: number
  /** Since when images are known, by their names. */
  known: Record<string, number>
  /** The last collection did not free enough. */
  failed: boolean
}

export class KubeletDisk implements DiskCare {
  readonly #ports: EvictorPorts
  #state: State

  constructor(ports: EvictorPorts) {
    this.#ports = ports
    this.#state = { filler: 0, seen: null, looked: ports.ctx.world.now, known: {}, failed: false }
  }

  get filler(): number {
    return this.#state.filler
  }
  get isLow(): boolean {
    return this.#state.seen !== null
  }

  fill(full: boolean): void {
    this.#state.filler = 0
    if (full) this.#state.filler = Math.max(0, Math.floor(this.#available - this.#ports.diskBytes * LEFT))
  }

  get #available(): number {
    const ports = this.#ports
    let used = SYSTEM_DISK_BYTES + this.#state.filler
    for (const { sizeBytes } of ports.puller.list()) used += sizeBytes
    for (const record of ports.records()) for (const [, bytes] of diskUse(record, ports)) used += bytes
    return Math.max(0, ports.diskBytes - used)
  }
  get #isShort(): boolean {
    return this.#available < this.#ports.diskBytes * IMAGES_LEAST
  }

  look(mayReclaim: boolean): void {
    const { now } = this.#ports.ctx.world
    const state = this.#state
    if (this.#isShort) {
      if (state.seen === null) this.#ports.status.disk(true)
      state.seen = now
      if (mayReclaim) this.#reclaim(now)
    } else if (state.seen !== null && now - state.seen >= TRANSITION_MS) {
      state.seen = null
      this.#ports.status.disk(false)
    }
    if (Math.floor(now / COLLECT_MS) > Math.floor(state.looked / COLLECT_MS)) this.#collect(now)
    state.looked = now
  }

  #reclaim(now: number): void {
    this.#ports.status.warn('EvictionThresholdMet', `Attempting to reclaim ${STORAGE}`)
    for (const key of this.#unused(now)) this.#drop(key)
    if (this.#isShort) this.#evictOne()
  }

  /** Images that no container has, old enough to be deleted. Those that came since the image manager's last look become known now. */
  #unused(now: number): string[] {
    const inUse = new Set<string>()
    const { ctx } = this.#ports
    for (const record of this.#ports.records()) {
      if (record.phase === 'terminated') continue
      for (const { current, previous } of Object.values(record.slots))
        for (const id of [current, previous]) inUse.add(ctx.runtime.get(id)?.imageId ?? '')
    }
    const known: Record<string, number> = {}
    const unused: string[] = []
    for (const { names, at = 0 } of this.#ports.puller.list()) {
      const key = names.at(-1) as string
      const since = this.#state.known[key] ?? Math.min(Math.ceil(at / COLLECT_MS) * COLLECT_MS, now)
      known[key] = since
      if (!names.some((name) => inUse.has(name)) && now - since >= LEAST_AGE_MS) unused.push(key)
    }
    this.#state.known = known
    return unused
  }

  /** Above 85 % images are to go until it is 80; what can't be freed is told (image_gc_manager.go GarbageCollect). */
  #collect(now: number): void {
    const { diskBytes } = this.#ports
    const available = this.#available
    if (100 - Math.floor((available * 100) / diskBytes) < HIGH_PERCENT) {
      this.#state.failed = false
      return
    }
    const wanted = Math.floor((diskBytes * (100 - LOW_PERCENT)) / 100) - available
    const sizes = new Map(this.#ports.puller.list().map(({ names, sizeBytes }) => [names.at(-1), sizeBytes]))
    let freed = 0
    for (const key of this.#unused(now)) {
      if (freed >= wanted) break
      freed += sizes.get(key) ?? 0
      this.#drop(key)
    }
    const failed = freed < wanted
    const words = `Failed to garbage collect required amount of images. Attempted to free ${wanted} bytes, but only found ${freed} bytes eligible to free.`
    if (failed) this.#ports.status.warn('FreeDiskSpaceFailed', words)
    if (failed && this.#state.failed) this.#ports.status.warn('ImageGCFailed', words)
    this.#state.failed = failed
  }

  #drop(image: string): void {
    this.#ports.puller.drop(image)
    this.#ports.status.imagesChanged()
  }

  #evictOne(): void {
    const ports = this.#ports
    const used = (record: PodRecord): number => diskUse(record, ports).reduce((sum, [, bytes]) => sum + bytes, 0)
    const request = ({ pod }: PodRecord): number => wholeOf(podResources(pod).requests[STORAGE])
    const victim = ports.rank((record) => used(record) - request(record))[0]
    if (!victim) return
    const larger = diskUse(victim, ports).flatMap(([name, bytes]) => {
      const wanted = victim.pod.spec.containers.find((container) => container.name === name)?.resources?.requests?.[STORAGE]
      if (bytes <= wholeOf(wanted)) return []
      return `Container ${name} was using ${Math.ceil(bytes / 1024)}Ki, request is ${wanted ?? 0}, has larger consumption of ${STORAGE}. `
    })
    const available = this.#available
    const least = ports.diskBytes * (available < ports.diskBytes * NODE_LEAST ? NODE_LEAST : IMAGES_LEAST)
    const low = `Threshold quantity: ${Math.floor(least)}, available: ${Math.floor(available / 1024)}Ki. `
    ports.evict(victim, `The node was low on resource: ${STORAGE}. ${low}${larger.join('')}`)
  }

  /** A kubelet that starts knows nothing of pressure, and all images as if they had always been there. */
  reset(): void {
    const known = Object.fromEntries(this.#ports.puller.list().map(({ names }) => [names.at(-1) as string, 0]))
    this.#state = { ...this.#state, seen: null, known, failed: false }
  }

  exceeded(record: PodRecord): string {
    for (const { name, sizeLimit } of limitsOf(record.pod)) {
      const disk = this.#ports.disk(record, name)
      if (disk && disk.used() > wholeOf(sizeLimit)) return `Usage of EmptyDir volume "${name}" exceeds the limit "${sizeLimit}". `
    }
    return tooMuch(record, this.#ports)
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

const limitOf = ({ resources }: Container): string | undefined => resources?.limits?.[STORAGE] as string | undefined
const isLimited = ({ spec }: Pod): boolean => spec.containers.some((container) => limitOf(container) !== undefined)

/** Whether a pod has more on the disk than its containers may have in all, or one of them more than its own. */
function tooMuch(record: PodRecord, ports: EvictorPorts): string {
  if (!isLimited(record.pod)) return ''
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
    const limit = container && limitOf(container)
    if (limit !== undefined && bytes > wholeOf(limit))
      return `Container ${name} exceeded its local ephemeral storage limit "${limit}". `
  }
  return ''
}
