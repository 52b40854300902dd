/** The Node object that a kubelet makes of its machine. */
import type { Node, Taint } from '#api/kinds.ts'
import { wholeOf } from '#api/quantity.ts'
import { formatTime } from '#api/time.ts'
import { hex64 } from './pull.ts'
import type { NodeImage } from './puller.ts'

export interface NodeSpec {
  name: string
  /** Topology zone; empty for none. */
  zone: string
  /** `4`. */
  cpu: string
  /** `8Gi`. */
  memory: string
  pods: number
  ip: string
  labels: Record<string, string>
  taints: Taint[]
  /** The version of its kubelet when it was set up. */
  kubelet: string
}

/** Memory kept back for the system. */
const RESERVED_MI = 100
const DISK = '264212084Ki'

export function capacity(spec: NodeSpec): Record<string, string> {
  return {
    cpu: spec.cpu,
    'ephemeral-storage': DISK,
    'hugepages-1Gi': '0',
    'hugepages-2Mi': '0',
    memory: spec.memory,
    pods: String(spec.pods),
  }
}

export function allocatable(spec: NodeSpec): Record<string, string> {
  return { ...capacity(spec), memory: `${Math.floor(wholeOf(spec.memory) / 1_048_576) - RESERVED_MI}Mi` }
}

/** As containerd says it, and the kubelet passes it on. */
export const NO_NETWORK =
  'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized'

/** How a machine is; `networked`: the network is there; `unplugged`: its plugin is not configured any more. */
export interface Being {
  networked: boolean
  unplugged?: boolean
  diskFull: boolean
  memoryLow: boolean
  shuttingDown?: boolean
}

/** The four conditions. */
export function conditions(
  now: number,
  { networked, unplugged = false, diskFull, memoryLow, shuttingDown = false }: Being,
  old: NonNullable<Node['status']>['conditions'] = [],
) {
  const make = (type: string, status: string, reason: string, message: string) => {
    const known = old.find((c) => c.type === type)
    const since = known?.status === status ? known.lastTransitionTime : undefined
    return { type, status, lastHeartbeatTime: formatTime(now), lastTransitionTime: since ?? formatTime(now), reason, message }
  }
  const troubles = [
    ...(networked && !unplugged ? [] : [NO_NETWORK]),
    ...(networked ? [] : ['CSINode is not yet initialized']),
    ...(shuttingDown ? ['node is shutting down'] : []),
  ]
  return [
    memoryLow
      ? make('MemoryPressure', 'True', 'KubeletHasInsufficientMemory', 'kubelet has insufficient memory available')
      : make('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
    diskFull
      ? make('DiskPressure', 'True', 'KubeletHasDiskPressure', 'kubelet has disk pressure')
      : make('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
    make('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
    troubles.length === 0
      ? make('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status')
      : make('Ready', 'False', 'KubeletNotReady', troubles.length > 1 ? `[${troubles.join(', ')}]` : (troubles[0] as string)),
  ]
}

const uuid = (text: string): string => {
  const h = hex64(text)
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20, 32)}`
}

/** `boots`: how often the machine has started; `kubelet`: the version that runs. */
export function nodeInfo(spec: NodeSpec, seed: string, boots: number, kubelet = spec.kubelet): Record<string, unknown> {
  const machine = hex64(`${seed}/machine/${spec.name}`).slice(0, 32)
  return {
    machineID: machine,
    systemUUID: machine,
    bootID: uuid(`${seed}/boot/${spec.name}/${boots}`),
    kernelVersion: '6.18.44',
    osImage: 'Debian GNU/Linux 12 (bookworm)',
    containerRuntimeVersion: 'containerd://2.1.4',
    kubeletVersion: kubelet,
    kubeProxyVersion: '',
    operatingSystem: 'linux',
    architecture: 'amd64',
  }
}

export const imagesOf = (images: readonly NodeImage[]) => images.map(({ names, sizeBytes }) => ({ names, sizeBytes }))

export function nodeObject(spec: NodeSpec, seed: string, now: number, kubelet = spec.kubelet) {
  return {
    metadata: {
      name: spec.name,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': spec.name,
        'kubernetes.io/os': 'linux',
        ...(spec.zone ? { 'topology.kubernetes.io/zone': spec.zone } : {}),
        ...spec.labels,
      },
      annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
    },
    spec: spec.taints.length > 0 ? { taints: spec.taints } : {},
    status: {
      capacity: capacity(spec),
      allocatable: allocatable(spec),
      conditions: conditions(now, { networked: false, diskFull: false, memoryLow: false }),
      addresses: [
        { type: 'InternalIP', address: spec.ip },
        { type: 'Hostname', address: spec.name },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: nodeInfo(spec, seed, 0, kubelet),
      runtimeHandlers: [{ name: '', features: { recursiveReadOnlyMounts: true, userNamespaces: true } }],
      features: { supplementalGroupsPolicy: true },
      declaredFeatures: [
        'ExtendWebSocketsToKubelet',
        'InPlacePodLevelResourcesVerticalScaling',
        'InPlacePodVerticalScalingInitContainers',
        'RestartAllContainersOnContainerExits',
      ],
    },
  }
}
