/** What the kubelet's pages tell of use: a machine, its pods and containers, now and since they began. */
import type { Container, Pod } from '#api/kinds.ts'
import { wholeOf } from '#api/quantity.ts'
import { MACHINE_ITSELF } from '../sim/machine-load.ts'
import type { ContainerState } from './container.ts'
import { cpuTime } from './cpu-time.ts'
import type { KubeletPages } from './kubelet-slot.ts'
import { containerSpec, type PodRecord } from './pod-record.ts'

const MI = 1_048_576
/** The disk of every machine; what the system itself takes of it. */
export const DISK_BYTES = 264_212_084 * 1024
export const SYSTEM_DISK_BYTES = 9_663_676_416
export const INODES = 16_777_216
const SYSTEM_INODES = 104_000

export interface ContainerUse {
  name: string
  state: ContainerState
  spec: Container | undefined
  cpuMilli: number
  /** Since it began. */
  cpuMs: number
  memoryBytes: number
  logBytes: number
}

export interface PodUse {
  pod: Pod
  record: PodRecord
  containers: readonly ContainerUse[]
  cpuMilli: number
  cpuMs: number
  memoryBytes: number
  logBytes: number
}

/** Every pod with something that runs, by namespace and name. */
export function podUses(kubelet: KubeletPages): PodUse[] {
  const uses = [...kubelet.records.values()].flatMap((record): PodUse[] => {
    const containers = Object.values(record.slots).flatMap(({ current }) => {
      const state = kubelet.runtime.get(current)
      return state?.state === 'running' ? [containerUse(kubelet, record, state)] : []
    })
    if (containers.length === 0) return []
    const total = (of: (each: ContainerUse) => number) => containers.reduce((sum, each) => sum + of(each), 0)
    const sums = {
      cpuMilli: total(({ cpuMilli }) => cpuMilli),
      cpuMs: (record.cpuMs ?? 0) + total(({ cpuMs }) => cpuMs),
      memoryBytes: total(({ memoryBytes }) => memoryBytes),
      logBytes: total(({ logBytes }) => logBytes),
    }
    return [{ pod: record.pod, record, containers, ...sums }]
  })
  const key = ({ pod: { metadata } }: PodUse) => `${metadata.namespace}/${metadata.name}`
  return uses.sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

function containerUse({ runtime, world }: KubeletPages, record: PodRecord, state: ContainerState): ContainerUse {
  const spec = containerSpec(record.pod, state.name)
  const { cpuMilli, memoryMi } = runtime.usage(state)
  return {
    name: state.name,
    state,
    spec,
    cpuMilli,
    cpuMs: cpuTime(state, world.now),
    memoryBytes: Math.round(memoryMi * MI),
    logBytes: state.logBytes ?? 0,
  }
}

export interface NodeUse {
  /** Since the kubelets' machines were switched on, as far as can be told: since its node is known. */
  startedAt: number
  cpuMilli: number
  /** Its own, and its pods': those that have ended, too. */
  ownMs: number
  podsMs: number
  memoryBytes: number
  memoryLimit: number
  imageBytes: number
  diskBytes: number
  inodes: number
}

export function nodeUse(kubelet: KubeletPages, pods: readonly PodUse[]): NodeUse {
  const { world, spec, tally } = kubelet
  const total = (of: (each: PodUse) => number) => pods.reduce((sum, each) => sum + of(each), 0)
  const each = (of: (one: ContainerUse) => number) => total(({ containers }) => containers.reduce((sum, one) => sum + of(one), 0))
  const own = MACHINE_ITSELF.cpuMilli + MACHINE_ITSELF.perPodMilli * each(() => 1)
  const ran = (tally.counts['ran'] ?? 0) + each(({ state }) => world.now - state.startedAt)
  const startedAt = world.epoch
  const imageBytes = kubelet.images().reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  return {
    startedAt,
    cpuMilli: own + total(({ cpuMilli }) => cpuMilli),
    ownMs: ((world.now - startedAt) * MACHINE_ITSELF.cpuMilli + ran * MACHINE_ITSELF.perPodMilli) / 1000,
    podsMs: (tally.counts['cpu'] ?? 0) + each(({ cpuMs }) => cpuMs),
    memoryBytes: MACHINE_ITSELF.memoryMi * MI + total(({ memoryBytes }) => memoryBytes),
    memoryLimit: wholeOf(spec.memory),
    imageBytes,
    diskBytes: SYSTEM_DISK_BYTES + kubelet.filler() + imageBytes + total(({ logBytes }) => logBytes),
    inodes: SYSTEM_INODES + 2000 * kubelet.images().length,
  }
}
