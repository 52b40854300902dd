/** `/stats/summary`: what a node and its pods use, as the kubelet sums it up (stats/v1alpha1, from what the runtime tells). */
import type { Pod } from '#api/kinds.ts'
import { wholeOf } from '#api/quantity.ts'
import { formatTime } from '#api/time.ts'
import type { KubeletPages } from './kubelet-slot.ts'
import { type ContainerUse, DISK_BYTES, INODES, type NodeUse, nodeUse, type PodUse, podUses } from './kubelet-usage.ts'

/** Files are kept in blocks. */
const BLOCK = 4096
const PIDS = 192_731

export function summary(kubelet: KubeletPages, cpuAndMemoryOnly: boolean): unknown {
  const now = formatTime(kubelet.world.now)
  const uses = podUses(kubelet)
  const node = nodeUse(kubelet, uses)
  const look = { now, node, only: cpuAndMemoryOnly }
  return { node: nodeStats(kubelet, look, uses), pods: uses.map((use) => podStats(use, look)) }
}

interface Look {
  now: string
  node: NodeUse
  only: boolean
}

const cpu = (time: string, milli: number, ms: number) => ({
  time,
  usageNanoCores: Math.round(milli * 1e6),
  usageCoreNanoSeconds: Math.round(ms * 1e6),
})

const memory = (bytes: number) => ({ usageBytes: bytes, workingSetBytes: bytes, rssBytes: bytes })
const available = (limit: number | undefined, used: number) =>
  limit === undefined ? {} : { availableBytes: Math.max(0, limit - used) }
const swap = (time: string) => ({ time, swapAvailableBytes: 0, swapUsageBytes: 0 })

/** Of the machine's disk. */
const disk = (time: string, { diskBytes, inodes }: NodeUse, usedBytes: number, inodesUsed: number) => ({
  time,
  availableBytes: DISK_BYTES - diskBytes,
  capacityBytes: DISK_BYTES,
  usedBytes,
  inodesFree: INODES - inodes,
  inodes: INODES,
  inodesUsed,
})

function nodeStats({ spec, images }: KubeletPages, { now, node, only }: Look, uses: readonly PodUse[]) {
  const startTime = formatTime(node.startedAt)
  const sum = (of: (use: PodUse) => number) => uses.reduce((total, use) => total + of(use), 0)
  const pods = { milli: sum(({ cpuMilli }) => cpuMilli), ms: node.podsMs, bytes: sum((use) => use.memoryBytes) }
  const own = { milli: node.cpuMilli - pods.milli, ms: node.ownMs, bytes: node.memoryBytes - pods.bytes }
  const part = (name: string, share: number, of: typeof pods, limit?: number) => ({
    name,
    startTime,
    cpu: cpu(now, of.milli * share, of.ms * share),
    memory: {
      time: now,
      ...available(limit, of.bytes),
      ...memory(Math.round(of.bytes * share)),
      pageFaults: 0,
      majorPageFaults: 0,
    },
  })
  const whole = {
    nodeName: spec.name,
    systemContainers: [part('kubelet', 0.2, own), part('runtime', 0.3, own), part('pods', 1, pods, node.memoryLimit)],
    startTime,
    cpu: cpu(now, node.cpuMilli, node.ownMs + node.podsMs),
    memory: {
      time: now,
      ...available(node.memoryLimit, node.memoryBytes),
      ...memory(node.memoryBytes),
      pageFaults: 0,
      majorPageFaults: 0,
    },
  }
  if (only) return whole
  const link = { name: 'eth0', rxBytes: 0, rxErrors: 0, txBytes: 0, txErrors: 0 }
  const layers = disk(now, node, node.imageBytes, 2000 * images().length)
  return {
    ...whole,
    network: { time: now, ...link, interfaces: [link] },
    fs: disk(now, node, node.diskBytes, node.inodes),
    runtime: { imageFs: layers, containerFs: layers },
    rlimit: { time: now, maxpid: PIDS, curproc: 150 + sum(({ containers }) => containers.length) },
    swap: swap(now),
  }
}

function containerStats(use: ContainerUse, { now, node, only }: Look) {
  const { name, state, spec, cpuMilli, cpuMs, memoryBytes, logBytes } = use
  const limit = spec?.resources?.limits?.['memory']
  const stats = {
    name,
    startTime: formatTime(state.startedAt),
    cpu: cpu(now, cpuMilli, cpuMs),
    memory: {
      time: now,
      ...available(limit === undefined ? undefined : wholeOf(limit), memoryBytes),
      ...memory(memoryBytes),
    },
  }
  if (only) return stats
  return {
    ...stats,
    rootfs: disk(now, node, BLOCK, 20),
    logs: disk(now, node, blocks(logBytes), 1),
    swap: swap(now),
  }
}

const blocks = (bytes: number): number => Math.ceil(bytes / BLOCK) * BLOCK

function podStats(use: PodUse, look: Look) {
  const { pod, record, containers } = use
  const { now, node, only } = look
  const { name, namespace, uid } = pod.metadata
  const limits = pod.spec.containers.map(({ resources }) => resources?.limits?.['memory'])
  const limit = limits.every((each) => each !== undefined)
    ? limits.reduce<number>((sum, each) => sum + wholeOf(each as string), 0)
    : undefined
  const stats = {
    podRef: { name, namespace, uid },
    startTime: formatTime(record.startedAt),
    containers: containers.map((each) => containerStats(each, look)),
    cpu: cpu(now, use.cpuMilli, use.cpuMs),
    memory: {
      time: now,
      ...available(limit, use.memoryBytes),
      ...memory(use.memoryBytes),
      pageFaults: 0,
      majorPageFaults: 0,
    },
  }
  if (only) return stats
  const volume = volumeStats(pod, look)
  const kept = containers.length * BLOCK + blocks(use.logBytes) + volume.reduce((sum, { usedBytes }) => sum + usedBytes, 0)
  return {
    ...stats,
    ...(volume.length > 0 ? { volume } : {}),
    'ephemeral-storage': disk(now, node, kept, containers.length * 21),
    swap: swap(now),
  }
}

const MEASURED = ['emptyDir', 'configMap', 'secret', 'projected', 'downwardAPI', 'persistentVolumeClaim'] as const

function volumeStats({ spec, metadata }: Pod, { now, node }: Look) {
  const measured = (spec.volumes ?? []).filter((volume) => MEASURED.some((kind) => volume[kind] !== undefined))
  return measured.map((volume) => ({
    ...disk(now, node, BLOCK, 1),
    name: volume.name,
    ...(volume['persistentVolumeClaim']
      ? { pvcRef: { name: volume['persistentVolumeClaim'].claimName, namespace: metadata.namespace } }
      : {}),
  }))
}
