/** The kubelet's pages for Prometheus: its own, cadvisor's, those of its probes and of resources. */
import { milliOf, wholeOf } from '#api/quantity.ts'
import { exposition, type Family, type Sample } from '../machinery/prometheus.ts'
import { podSlices, scopeOf } from './host-groups.ts'
import type { KubeletPages } from './kubelet-slot.ts'
import { type ContainerUse, type NodeUse, nodeUse, type PodUse, podUses } from './kubelet-usage.ts'
import type { Tally } from './tally.ts'

const family = (name: string, type: Family['type'], help: string, samples: readonly Sample[]): Family => ({
  name,
  type,
  help,
  samples,
})

type Fact<T> = readonly [name: string, type: Family['type'], help: string, value: (use: T) => number | null]

const cpuOf = (whose: string): string => `[STABLE] Cumulative cpu time consumed by the ${whose} in core-seconds`
const memoryOf = (whose: string): string => `[STABLE] Current working set of the ${whose} in bytes`
const swapOf = (what: string): string => `[ALPHA] Current amount of the ${what} in bytes. Reported only on non-windows systems`
const namespaceOf = ({ pod }: PodUse): string => pod.metadata.namespace ?? ''

const START = 'container_start_time_seconds'
const CONTAINERS: readonly Fact<ContainerUse>[] = [
  ['container_cpu_usage_seconds_total', 'counter', cpuOf('container'), ({ cpuMs }) => cpuMs / 1000],
  ['container_memory_working_set_bytes', 'gauge', memoryOf('container'), ({ memoryBytes }) => memoryBytes],
  [START, 'gauge', '[STABLE] Start time of the container since unix epoch in seconds', ({ state }) => state.startedAt / 1000],
  ['container_swap_limit_bytes', 'gauge', swapOf('container swap limit'), () => 0],
  ['container_swap_usage_bytes', 'gauge', swapOf('container swap usage'), () => 0],
]
const PODS: readonly Fact<PodUse>[] = [
  ['pod_cpu_usage_seconds_total', 'counter', cpuOf('pod'), ({ cpuMs }) => cpuMs / 1000],
  ['pod_memory_working_set_bytes', 'gauge', memoryOf('pod'), ({ memoryBytes }) => memoryBytes],
  ['pod_swap_usage_bytes', 'gauge', swapOf('pod swap usage'), () => 0],
]
const NODE_SWAP = '[ALPHA] Current swap usage of the node in bytes. Reported only on non-windows systems'
const NODES: readonly Fact<NodeUse>[] = [
  ['node_cpu_usage_seconds_total', 'counter', cpuOf('node'), ({ ownMs, podsMs }) => (ownMs + podsMs) / 1000],
  ['node_memory_working_set_bytes', 'gauge', memoryOf('node'), ({ memoryBytes }) => memoryBytes],
  ['node_swap_usage_bytes', 'gauge', NODE_SWAP, () => 0],
]

/** A family of each fact: a sample of everything of which there is something to say. */
function families<T>(
  facts: readonly Fact<T>[],
  all: readonly T[],
  labels: (one: T) => Record<string, string>,
  at: number,
): Family[] {
  return facts.map(([name, type, help, value]) => {
    const samples = all.flatMap((one): Sample[] => {
      const said = value(one)
      return said === null ? [] : [{ labels: labels(one), value: said, ...(name === START ? {} : { at }) }]
    })
    return family(name, type, help, samples)
  })
}

const SCRAPE_ERROR = '[STABLE] 1 if there was an error while getting container metrics, 0 otherwise'

/** `/metrics/resource`: what metrics-server reads. */
export function resourceMetrics(kubelet: KubeletPages): string {
  const pods = podUses(kubelet)
  const at = kubelet.world.now
  const podLabels = (use: PodUse) => ({ namespace: namespaceOf(use), pod: use.pod.metadata.name })
  return exposition([
    ...families(
      CONTAINERS,
      pods.flatMap(({ containers }) => containers),
      ofPod(pods),
      at,
    ),
    ...families(PODS, pods, podLabels, at),
    ...families(NODES, [nodeUse(kubelet, pods)], () => ({}), at),
    family('resource_scrape_error', 'gauge', SCRAPE_ERROR, [{ value: 0 }]),
  ])
}

/** Whose a container is. */
function ofPod(pods: readonly PodUse[]): (use: ContainerUse) => Record<string, string> {
  const whose = new Map(pods.flatMap((pod) => pod.containers.map((container) => [container, pod] as const)))
  return (use) => {
    const pod = whose.get(use) as PodUse
    return { container: use.name, namespace: namespaceOf(pod), pod: pod.pod.metadata.name }
  }
}

/** What cadvisor tells of a control group, be it a container's or the root. */
interface Group {
  labels: Record<string, string>
  cpuMs: number
  memoryBytes: number
  memoryLimit: number
  startedAt: number
  quota: number | null
  period: number | null
}

function groupOf(pod: PodUse, { name, state, spec, cpuMs, memoryBytes }: ContainerUse): Group {
  const { metadata } = pod.pod
  const { cpu, memory } = (spec?.resources?.limits ?? {}) as Record<string, string | undefined>
  const id = `/${[...podSlices(pod.pod), scopeOf(state)].join('/')}`
  return {
    labels: { container: name, id, image: state.image, name: state.id, namespace: namespaceOf(pod), pod: metadata.name },
    cpuMs,
    memoryBytes,
    memoryLimit: memory === undefined ? 0 : wholeOf(memory),
    startedAt: Math.floor(state.startedAt / 1000),
    quota: cpu === undefined ? null : milliOf(cpu) * 100,
    period: 100_000,
  }
}

const rootGroup = (node: NodeUse): Group => ({
  labels: { container: '', id: '/', image: '', name: '', namespace: '', pod: '' },
  cpuMs: node.ownMs + node.podsMs,
  memoryBytes: node.memoryBytes,
  memoryLimit: node.memoryLimit,
  startedAt: Math.floor(node.startedAt / 1000),
  quota: null,
  period: null,
})

const USED = 'Current memory usage in bytes, including all memory regardless of when it was accessed'
const CPU_TOTAL: Fact<Group> = [
  'container_cpu_usage_seconds_total',
  'counter',
  'Cumulative cpu time consumed in seconds.',
  ({ cpuMs }) => cpuMs / 1000,
]
const GROUPS: readonly Fact<Group>[] = [
  ['container_memory_rss', 'gauge', 'Size of RSS in bytes.', ({ memoryBytes }) => memoryBytes],
  ['container_memory_usage_bytes', 'gauge', USED, ({ memoryBytes }) => memoryBytes],
  ['container_memory_working_set_bytes', 'gauge', 'Current working set in bytes.', ({ memoryBytes }) => memoryBytes],
  ['container_spec_cpu_period', 'gauge', 'CPU period of the container.', ({ period }) => period],
  ['container_spec_cpu_quota', 'gauge', 'CPU quota of the container.', ({ quota }) => quota],
  ['container_spec_memory_limit_bytes', 'gauge', 'Memory limit for the container.', ({ memoryLimit }) => memoryLimit],
]
const GROUP_START = 'Start time of the container since unix epoch in seconds.'
const VERSION_INFO =
  "A metric with a constant '1' value labeled by kernel version, OS version, docker version, cadvisor version & cadvisor revision."

/** `/metrics/cadvisor`, as far as there is something to tell. */
export function cadvisorMetrics(kubelet: KubeletPages): string {
  const pods = podUses(kubelet)
  const at = kubelet.world.now
  const own = pods.flatMap((pod) => pod.containers.map((container) => groupOf(pod, container)))
  const groups = [rootGroup(nodeUse(kubelet, pods)), ...own]
  const withCpu = ({ labels: { container = '', ...others } }: Group) => ({ container, cpu: 'total', ...others })
  const started = groups.map(({ labels, startedAt }) => ({ labels, value: startedAt, at }))
  const seen = groups.map(({ labels }) => ({ labels, value: Math.floor(at / 1000), at }))
  return exposition([
    family('cadvisor_version_info', 'gauge', VERSION_INFO, [
      { labels: { cadvisorRevision: '', cadvisorVersion: '', dockerVersion: '', ...MACHINE }, value: 1 },
    ]),
    ...families([CPU_TOTAL], groups, withCpu, at),
    ...families(GROUPS, groups, ({ labels }) => labels, at),
    family(START, 'gauge', GROUP_START, started),
    family('container_last_seen', 'gauge', 'Last time a container was seen by the exporter', seen),
    ...machine(kubelet),
  ])
}

function machine({ spec, world: { now } }: KubeletPages): Family[] {
  const facts: [string, string, number][] = [
    ['machine_cpu_cores', 'Number of logical CPU cores.', Number(spec.cpu)],
    ['machine_cpu_physical_cores', 'Number of physical CPU cores.', Number(spec.cpu)],
    ['machine_cpu_sockets', 'Number of CPU sockets.', 1],
    ['machine_memory_bytes', 'Amount of memory installed on the machine.', wholeOf(spec.memory)],
    ['machine_swap_bytes', 'Amount of swap memory available on the machine.', 0],
  ]
  const error = '1 if there was an error while getting machine metrics, 0 otherwise.'
  return [
    ...facts.map(([name, help, value]) => family(name, 'gauge', help, [{ labels: IDS, value, at: now }])),
    family('machine_scrape_error', 'gauge', error, [{ value: 0 }]),
  ]
}

const MACHINE = { kernelVersion: '6.18.44', osVersion: 'Debian GNU/Linux 12 (bookworm)' }
const IDS = { boot_id: '', machine_id: '', system_uuid: '' }

const KINDS: Record<string, string> = { liveness: 'Liveness', readiness: 'Readiness', startup: 'Startup' }

/** `/metrics/probes`: how often each probe has come by since its container began, and how that went. */
export function probeMetrics({ records, world }: KubeletPages): string {
  const samples = [...records.values()].flatMap(({ pod, slots, probes }) =>
    Object.entries(probes).flatMap(([key, probing]): Sample[] => {
      const [container = '', kind = ''] = key.split('/')
      if (probing.containerId === '' || slots[container]?.current !== probing.containerId || !probing.ran) return []
      const { name, namespace = '', uid = '' } = pod.metadata
      const spec = pod.spec.containers.find((each) => each.name === container) as Record<string, any> | undefined
      const period = (spec?.[`${kind}Probe`]?.periodSeconds ?? 10) * 1000
      const times = Math.max(1, Math.floor((world.now - probing.base) / period) + 1)
      const result = probing.last === 'failure' ? 'failed' : 'successful'
      const labels = { container, namespace, pod: name, pod_uid: uid, probe_type: KINDS[kind] ?? kind, result }
      return [{ labels, value: result === 'failed' ? probing.run : times }]
    }),
  )
  const start = { value: world.epoch / 1000 }
  return exposition([
    family(
      'prober_probe_total',
      'counter',
      '[BETA] Cumulative number of a liveness, readiness or startup probe for a container by result.',
      samples,
    ),
    family('process_start_time_seconds', 'gauge', PROCESS_START, [start]),
  ])
}

const PROCESS_START = '[ALPHA] Start time of the process since unix epoch in seconds.'

const TYPES: Record<string, string> = {
  init: 'init_container',
  initContainerStatuses: 'init_container',
  ephemeral: 'ephemeral_container',
  ephemeralContainerStatuses: 'ephemeral_container',
}
const typeOf = (word = ''): string => TYPES[word] ?? 'container'

/** What is counted: of which facts (tally.ts), each with its labels, or null: it does not count. */
type Counter = readonly [name: string, what: string, fact: string, labels: (words: string[]) => Record<string, string> | null]

const COUNTERS: readonly Counter[] = [
  [
    'started_containers_errors_total',
    'errors when starting containers',
    'fail',
    ([kind, code = '']) => ({ container_type: typeOf(kind), code }),
  ],
  ['started_containers_total', 'containers started', 'start', ([kind]) => ({ container_type: typeOf(kind) })],
  ['started_pods_errors_total', 'errors when starting pods', '', () => ({})],
  ['started_pods_total', 'pods started', 'sandbox', () => ({})],
  [
    'started_user_namespaced_pods_errors_total',
    'errors when starting pods with user namespaces. This metric will only be collected on Linux.',
    'failed',
    ([own]) => (own === 'true' ? {} : null),
  ],
  [
    'started_user_namespaced_pods_total',
    'pods with user namespaces started. This metric will only be collected on Linux.',
    'sandbox',
    ([own]) => (own === 'true' ? {} : null),
  ],
  [
    'terminated_containers_total',
    'container terminations.',
    'end',
    ([list, exit_code = '', reason = '']) => ({ container_type: typeOf(list), exit_code, reason }),
  ],
]

function counted({ counts }: Tally, [name, what, fact, labelsOf]: Counter): Family {
  const samples = new Map<string, { labels: Record<string, string>; value: number }>()
  for (const [key, times] of Object.entries(counts)) {
    const [word, ...words] = key.split(' ')
    const labels = word === fact ? labelsOf(words) : null
    if (!labels) continue
    const id = JSON.stringify(labels)
    samples.set(id, { labels, value: (samples.get(id)?.value ?? 0) + times })
  }
  // One without labels begins at none.
  const plain = Object.keys(labelsOf(['', 'true']) ?? {}).length === 0
  const all = samples.size === 0 && plain ? [{ value: 0 }] : [...samples.values()]
  return family(`kubelet_${name}`, 'counter', `[ALPHA] Cumulative number of ${what}`, all)
}

/** `/metrics`: of the kubelet itself. */
export function kubeletMetrics(kubelet: KubeletPages): string {
  const pods = podUses(kubelet)
  const running = pods.reduce((sum, { containers }) => sum + containers.length, 0)
  const build = { build_date: '2026-09-01T00:00:00Z', compiler: 'gc', git_commit: 'tabernetes', git_tree_state: 'clean' }
  const version = {
    git_version: kubelet.status.version,
    go_version: 'go1.26.8',
    major: '1',
    minor: '36',
    platform: 'linux/amd64',
  }
  return exposition([
    family('kubelet_node_name', 'gauge', "[ALPHA] The node's name. The count is always 1.", [
      { labels: { node: kubelet.spec.name }, value: 1 },
    ]),
    family('kubelet_running_containers', 'gauge', '[ALPHA] Number of containers currently running', [
      { labels: { container_state: 'running' }, value: running },
    ]),
    family('kubelet_running_pods', 'gauge', '[ALPHA] Number of pods that have a running pod sandbox', [{ value: pods.length }]),
    ...COUNTERS.map((counter) => counted(kubelet.tally, counter)),
    family(
      'kubernetes_build_info',
      'gauge',
      "[ALPHA] A metric with a constant '1' value labeled by major, minor, git version, git commit, git tree state, build date, Go version, and compiler from which Kubernetes was built, and platform on which it is running.",
      [{ labels: { ...build, ...version }, value: 1 }],
    ),
    family('process_start_time_seconds', 'gauge', PROCESS_START, [{ value: kubelet.world.epoch / 1000 }]),
  ])
}

const HEALTH = ['device-plugin', 'log', 'ping', 'syncloop']

export const sliMetrics = (): string =>
  exposition([
    family(
      'kubernetes_healthcheck',
      'gauge',
      '[STABLE] This metric records the result of a single healthcheck.',
      HEALTH.map((name) => ({ labels: { name, type: 'healthz' }, value: 1 })),
    ),
    family(
      'kubernetes_healthchecks_total',
      'counter',
      '[STABLE] This metric records the results of all healthcheck.',
      HEALTH.map((name) => ({ labels: { name, status: 'success', type: 'healthz' }, value: 1 })),
    ),
  ])
