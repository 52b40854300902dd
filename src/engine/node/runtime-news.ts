/** What the runtime asks of its kubelet, and tells it: ends of containers and commands, output, requests into the network. */
import { milliOf } from '#api/quantity.ts'
import { type DiskState, newDisk } from '#posix/disk.ts'
import type { HttpOutcome, HttpRequest } from '../machinery/http.ts'
import { MACHINE_ITSELF } from '../sim/machine-load.ts'
import { CGROUP, cgroupFile } from './cgroup-files.ts'
import type { ContainerState, ProcessState } from './container.ts'
import type { Context, Resolved } from './context.ts'
import type { CpuRank } from './cpu-scarcity.ts'
import { leftCpu } from './cpu-time.ts'
import type { PodFacts } from './environment.ts'
import type { Evictor } from './evictor.ts'
import { hostGroups } from './group-mount.ts'
import { managedFile } from './managed-files.ts'
import { containerSpec, type PodRecord } from './pod-record.ts'
import type { Prober } from './prober.ts'
import { actuatedOf } from './resizing.ts'
import type { Roads } from './roads.ts'
import type { RuntimeOwner } from './runtime-types.ts'
import { SYSCTLS, sysctlFile } from './sysctls.ts'
import { diskOf } from './volumes.ts'

export interface News {
  readonly ctx: Context
  readonly prober: Prober
  readonly roads: Roads
  readonly evictor: Evictor
  record(uid: string): PodRecord | undefined
  facts(record: PodRecord): PodFacts
  records(): Iterable<PodRecord>
  readonly allocatable: Record<string, string>
}

export class RuntimeNews implements RuntimeOwner {
  readonly part: string
  readonly nodeName: string
  readonly #news: () => News
  /** As it is written, and without what the machine itself takes. */
  #cpu = { text: '', milli: 0 }

  /** `news` is asked later: the runtime is made before the rest of its kubelet. */
  constructor(part: string, nodeName: string, news: () => News) {
    this.part = part
    this.nodeName = nodeName
    this.#news = news
  }

  get processors(): number {
    const cpu = this.#news().allocatable['cpu'] ?? '0'
    if (cpu !== this.#cpu.text) this.#cpu = { text: cpu, milli: milliOf(cpu) - MACHINE_ITSELF.cpuMilli }
    return this.#cpu.milli
  }
  rank({ podUid, name }: ContainerState): CpuRank {
    const record = this.#news().record(podUid)
    const spec = record && containerSpec(record.pod, name)
    const cpu = spec && actuatedOf(record, spec).requests?.['cpu']
    const quality = (record?.pod.status?.qosClass ?? 'BestEffort') as CpuRank['quality']
    return { pod: podUid, quality, asks: cpu === undefined ? 0 : milliOf(cpu) }
  }
  started(container: ContainerState): void {
    this.#news().ctx.ran(container, true)
  }
  exited(container: ContainerState): void {
    const { ctx, roads, record } = this.#news()
    ctx.ran(container, false)
    this.#wrote(container, ctx)
    roads.exited(container)
    leftCpu(container, record(container.podUid), ctx.tally.counts)
    ctx.world.after(1, this.part, 'ended', { uid: container.podUid, name: container.name })
  }
  executed(container: ContainerState, process: ProcessState, code: number): void {
    const { ctx, roads } = this.#news()
    if (process.stream !== null) return roads.executed(process, code)
    const { podUid: uid, name, id } = container
    const { purpose: kind, output, errors } = process
    ctx.world.after(1, this.part, 'hook', { uid, name, id, kind, code, output, errors })
  }
  send(stream: number, to: 'stdout' | 'stderr', text: string): void {
    this.#news().roads.send(stream, to, text)
  }
  say(connection: string, text: string | null): void {
    this.#news().roads.say(connection, text)
  }
  memory(): void {
    this.#news().evictor.changed()
  }
  logged(container: ContainerState): void {
    this.#news().roads.logged(container)
  }
  crashed(container: ContainerState): void {
    const { ctx, roads } = this.#news()
    ctx.ran(container, false)
    roads.crashed(container)
  }
  changed(container: ContainerState): void {
    const { ctx, prober, record: find } = this.#news()
    const record = find(container.podUid)
    if (!record) return
    this.#wrote(container, ctx)
    // What it has written may be on a volume that others of its pod look into.
    const names = new Set(Object.keys(record.probes).map((key) => key.slice(0, key.lastIndexOf('/'))))
    for (const name of names) prober.poke(record, name)
  }
  /** It may have written a manifest of the machine's. */
  #wrote({ mounts }: ContainerState, { world }: Context): void {
    if (mounts.some(({ manifests }) => manifests)) world.after(1, this.part, 'manifests')
  }
  siblings(container: ContainerState): ContainerState[] {
    const { ctx, record } = this.#news()
    const slots = Object.values(record(container.podUid)?.slots ?? {})
    return slots.flatMap((slot) => ctx.runtime.get(slot.current) ?? [])
  }
  volume(podUid: string, name: string): DiskState {
    const { ctx, record: find, facts } = this.#news()
    const record = find(podUid)
    return record ? diskOf(record, name, ctx, facts(record)) : newDisk()
  }
  managedFile(container: ContainerState, path: string): string | undefined {
    const { ctx, record: find } = this.#news()
    const record = find(container.podUid)
    if (!record) return undefined
    if (path.startsWith(SYSCTLS)) return sysctlFile(record.pod, path)
    if (!path.startsWith(CGROUP)) return managedFile(path, record.pod, container.podIp, this.nodeName)
    const spec = containerSpec(record.pod, container.name)
    if (!spec) return undefined
    return cgroupFile(path.slice(CGROUP.length), actuatedOf(record, spec), ctx.runtime.usage(container).memoryMi)
  }
  hostGroup(container: ContainerState, path: string): string | readonly string[] | undefined {
    const { ctx, records, allocatable } = this.#news()
    return hostGroups.get()(container.mounts, path, { records: records(), runtime: ctx.runtime, allocatable })
  }
  fetch(container: ContainerState, host: string, port: number, request: HttpRequest): HttpOutcome {
    const { podUid, podIp: ip } = container
    return this.#news().ctx.network.fetch(
      { node: this.nodeName, podUid, ip, namespace: this.#namespace(container) },
      host,
      port,
      request,
    )
  }
  resolve(container: ContainerState, name: string): string[] {
    return this.lookUp(container, name, 'A').addresses
  }
  lookUp(container: ContainerState, name: string, type: string): Resolved {
    const { podUid, podIp: ip } = container
    const from = { node: this.nodeName, podUid, ip, namespace: this.#namespace(container) }
    return this.#news().ctx.network.lookUp(from, name, type)
  }
  #namespace(container: ContainerState): string {
    return this.#news().record(container.podUid)?.pod.metadata.namespace ?? ''
  }
}
