/** What the pods of a node ask for in all, kept as they come and go, and whether another one fits. */
import { type HostPort, hostPortsOf } from '#api/host-ports.ts'
import type { Node, Pod } from '#api/kinds.ts'
import { ApiError } from '#api/status.ts'
import { admit, type Load, type Refusal } from './admission.ts'
import type { Context } from './context.ts'
import type { PodRecord } from './pod-record.ts'
import { allocatedPod } from './resizing.ts'
import { podLoad } from './resources.ts'

export class Ledger {
  readonly #ctx: Context
  readonly #allocatable: Record<string, string>
  #used: Load = { cpu: 0, memory: 0, pods: 0, ports: [] }

  constructor(ctx: Context, allocatable: Record<string, string>) {
    this.#ctx = ctx
    this.#allocatable = allocatable
  }

  /** Null: it is taken. */
  admit(pod: Pod): Refusal | null {
    return admit(pod, this.#node(), this.#allocatable, this.#used)
  }

  #node(): Node | undefined {
    try {
      return this.#ctx.api.get<Node>('nodes', '', this.#ctx.nodeName)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return undefined
    }
  }

  /** Whether a pod that is here already could have what it asks for now. */
  admitResized(record: PodRecord): Refusal | null {
    const { cpu, memory, pods, ports } = this.#used
    const own = record.load ?? { cpu: 0, memory: 0 }
    const others = {
      cpu: cpu - own.cpu,
      memory: memory - own.memory,
      pods: pods - 1,
      ports: withPorts(ports, hostPortsOf(record.pod), false),
    }
    return admit(record.pod, this.#node(), this.#allocatable, others)
  }

  /** What the pod has been granted has changed. */
  recount(record: PodRecord): void {
    this.count(record, false)
    this.count(record, true)
  }

  /** The pod's requests count from now on, or no more; asking twice changes nothing. */
  count(record: PodRecord, present: boolean): void {
    if ((record.load !== null) === present) return
    const sign = present ? 1 : -1
    const { cpu, memory } = record.load ?? podLoad(allocatedPod(record))
    record.load = present ? { cpu, memory } : null
    const used = this.#used
    this.#used = {
      cpu: used.cpu + sign * cpu,
      memory: used.memory + sign * memory,
      pods: used.pods + sign,
      ports: withPorts(used.ports, hostPortsOf(record.pod), present),
    }
  }

  save(): unknown {
    return this.#used
  }
  load(saved: any): void {
    this.#used = saved
  }
}

function withPorts(used: readonly HostPort[], own: readonly HostPort[], present: boolean): readonly HostPort[] {
  if (own.length === 0) return used
  if (present) return [...used, ...own]
  const left = [...used]
  for (const { ip, protocol, port } of own) {
    const at = left.findIndex((other) => other.port === port && other.protocol === protocol && other.ip === ip)
    if (at >= 0) left.splice(at, 1)
  }
  return left
}
