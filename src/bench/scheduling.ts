/** The scheduler's throughput on the clusters and Pods of Kubernetes' scheduler_perf: its workloads by their names. */
import { Cluster } from '#engine'
import { measure, type Numbers, round } from './measure.ts'

type Spec = Record<string, unknown>

interface Workload {
  nodes: number
  /** Pods that are placed before the clock starts. */
  before: number
  measured: number
  /** What scheduler_perf asks for: Pods a second. */
  threshold: number
  beforePod?: (i: number) => Spec
  pod?: (i: number) => Spec
  zones?: readonly string[]
  /** A part of the nodes nobody tolerates. */
  tainted?: number
}

const terms = (labels: Record<string, string>, topologyKey: string, more: Spec = {}) => ({
  labelSelector: { matchLabels: labels },
  topologyKey,
  ...more,
})
const blue = { color: 'blue' }
const green = { color: 'green' }
const HOST = 'kubernetes.io/hostname'
const ZONE = 'topology.kubernetes.io/zone'

const required = (kind: string, labels: Record<string, string>, key: string) => (): Spec => ({
  labels,
  affinity: { [kind]: { requiredDuringSchedulingIgnoredDuringExecution: [terms(labels, key)] } },
})
const preferred = (kind: string, labels: Record<string, string>, key: string) => (): Spec => ({
  labels,
  affinity: {
    [kind]: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: terms(labels, key) }] },
  },
})
const spread = (whenUnsatisfiable: string) => (): Spec => ({
  labels: blue,
  topologySpreadConstraints: [{ maxSkew: 5, topologyKey: ZONE, whenUnsatisfiable, labelSelector: { matchLabels: blue } }],
})
const inZones = (): Spec => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: ZONE, operator: 'In', values: ['zone1', 'zone2'] }] }],
      },
    },
  },
})
const three = ['moon-1', 'moon-2', 'moon-3']

/** As many such Pods before as are measured. */
const alike = (pod: () => Spec): Workload => ({ nodes: 5000, before: 5000, measured: 5000, threshold: 90, beforePod: pod, pod })

export const workloads: Record<string, Workload> = {
  SchedulingBasic_100: { nodes: 100, before: 0, measured: 1000, threshold: 680 },
  SchedulingBasic_1000: { nodes: 1000, before: 1000, measured: 5000, threshold: 680 },
  SchedulingBasic_5000: { nodes: 5000, before: 1000, measured: 10_000, threshold: 680 },
  SchedulingBasic_15000: { nodes: 15_000, before: 1000, measured: 10_000, threshold: 680 },
  TopologySpreading: { nodes: 5000, before: 5000, measured: 5000, threshold: 460, zones: three, pod: spread('DoNotSchedule') },
  PreferredTopologySpreading: {
    nodes: 5000,
    before: 5000,
    measured: 5000,
    threshold: 340,
    zones: three,
    pod: spread('ScheduleAnyway'),
  },
  SchedulingNodeAffinity: { nodes: 5000, before: 5000, measured: 10_000, threshold: 220, zones: ['zone1'], pod: inZones },
  SchedulingPodAntiAffinity: {
    nodes: 5000,
    before: 1000,
    measured: 2000,
    threshold: 60,
    beforePod: required('podAntiAffinity', green, HOST),
    pod: required('podAntiAffinity', green, HOST),
  },
  SchedulingPodAffinity: {
    nodes: 5000,
    before: 5000,
    measured: 5000,
    threshold: 35,
    zones: ['zone1'],
    beforePod: required('podAffinity', blue, ZONE),
    pod: required('podAffinity', blue, ZONE),
  },
  SchedulingPreferredPodAffinity: alike(preferred('podAffinity', { color: 'red' }, HOST)),
  SchedulingPreferredPodAntiAffinity: alike(preferred('podAntiAffinity', { color: 'yellow' }, HOST)),
  SchedulingWithNodeInclusionPolicy: {
    nodes: 5000,
    before: 0,
    measured: 4000,
    threshold: 270,
    tainted: 1000,
    pod: () => ({
      labels: { foo: '' },
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: HOST,
          whenUnsatisfiable: 'DoNotSchedule',
          labelSelector: { matchLabels: { foo: '' } },
          nodeTaintsPolicy: 'Honor',
        },
      ],
    }),
  },
  PreemptionAsync: {
    nodes: 5000,
    before: 20_000,
    measured: 5000,
    threshold: 570,
    beforePod: () => ({ cpu: '900m' }),
    pod: (i) => (i % 114 === 0 ? { cpu: '3', priority: 'high' } : {}),
  },
  Unschedulable: {
    nodes: 5000,
    before: 100,
    measured: 10_000,
    threshold: 590,
    beforePod: () => ({ cpu: '9' }),
  },
}

function post(cluster: Cluster, path: string, body: object): void {
  const { status, body: answer } = cluster.request({ method: 'POST', path, body })
  if (status >= 300) throw new Error(JSON.stringify(answer))
}

/** scheduler_perf's node-default.yaml: 4 CPUs, 32 Gi, 110 Pods. */
function addNodes(cluster: Cluster, { nodes, zones, tainted = 0 }: Workload): void {
  for (let i = 0; i < nodes; i++) {
    const name = `node-${i}`
    const zone = zones ? { [ZONE]: zones[i % zones.length] as string } : {}
    const room = { cpu: '4', memory: '32Gi', pods: '110' }
    const status = { capacity: room, allocatable: room, phase: 'Running', conditions: [{ status: 'True', type: 'Ready' }] }
    const metadata = { name, labels: { [HOST]: name, ...zone } }
    post(cluster, '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata, status })
    const taints = i < tainted ? [{ key: 'foo', effect: 'NoSchedule' }] : []
    const { status: code } = cluster.request({
      method: 'PATCH',
      path: `/api/v1/nodes/${name}`,
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { spec: { taints } },
    })
    if (code !== 200) throw new Error(`node ${name}: ${code}`)
  }
}

/** pod-default.yaml: 100m CPU, 500Mi. */
function addPods(cluster: Cluster, prefix: string, count: number, specOf: (i: number) => Spec = () => ({})): void {
  for (let i = 0; i < count; i++) {
    const { labels, cpu = '100m', priority, ...spec } = specOf(i)
    const requests = { cpu, memory: '500Mi' }
    const containers = [{ name: 'pause', image: 'registry.k8s.io/pause:3.10.1', resources: { requests, limits: requests } }]
    const metadata = { name: `${prefix}-${i}`, ...(labels ? { labels } : {}) }
    const rank = priority ? { priorityClassName: priority } : {}
    const body = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers, ...rank, ...spec } }
    post(cluster, '/api/v1/namespaces/default/pods', body)
  }
}

const waiting = (cluster: Cluster): number => {
  const { active, backoff } = cluster.controlPlane.scheduler?.pending() ?? { active: 0, backoff: 0 }
  return active + backoff
}

function drain(cluster: Cluster): number {
  let longest = 0
  for (let quiet = 0; quiet < 3; quiet = waiting(cluster) > 0 ? 0 : quiet + 1) {
    const from = performance.now()
    cluster.run(10)
    longest = Math.max(longest, performance.now() - from)
  }
  return longest
}

/** Pods a CPU second: of the scheduler with its binding, and with the creation of the Pods by the API. */
export function throughput(name: string): Numbers {
  const workload = workloads[name] as Workload
  const cluster = new Cluster({ seed: 'bench', nodes: 0, without: ['controller-manager'] })
  cluster.run(1000)
  addNodes(cluster, workload)
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } }
  cluster.request({ method: 'POST', path: '/api/v1/namespaces/default/serviceaccounts', body: account })
  const high = { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'high' }, value: 10 }
  post(cluster, '/apis/scheduling.k8s.io/v1/priorityclasses', high)
  cluster.run(1000)
  addPods(cluster, 'before', workload.before, workload.beforePod)
  drain(cluster)
  const created = measure(() => addPods(cluster, 'pod', workload.measured, workload.pod))
  const scheduled = measure(() => drain(cluster))
  const placed = cluster.server
    .readAll('pods', 'default')
    .filter((pod) => pod.metadata.name?.startsWith('pod-') && pod['spec'].nodeName)
  const perSecond = workload.measured / scheduled.cpu_s
  return {
    pods_per_cpu_s: Math.round(perSecond),
    pods_per_cpu_s_with_creation: Math.round(workload.measured / (scheduled.cpu_s + created.cpu_s)),
    times_threshold: round(perSecond / workload.threshold, 1),
    placed: placed.length,
  }
}
