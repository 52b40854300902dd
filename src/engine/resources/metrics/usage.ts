/** metrics.k8s.io: what nodes and Pods use. Nothing of it is stored: it is what was measured when metrics-server last looked. */
import type { Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { formatTime } from '#api/time.ts'
import { type Column, type Resource, resource } from '../../apiserver/resource.ts'
import type { ApiServer } from '../../apiserver/server.ts'
import { MACHINE_ITSELF } from '../../sim/machine-load.ts'
import { fnv1a } from '../../sim/random.ts'

/** What one container used in the last window. */
export interface ContainerUsage {
  name: string
  cpuMilli: number
  /** More than that it is not given. */
  mostMilli: number
  memoryMi: number
  /** Since when it runs. */
  startedAt: number
}

/** The kubelets' answers. */
export interface UsageSource {
  /** Null when the node doesn't answer, or doesn't run the Pod. */
  pod(node: string, uid: string): ContainerUsage[] | null
  /** Whether its kubelet answers. */
  answers(node: string): boolean
}

const SCRAPE_MS = 15_000
/** A container is told of once it was seen twice, some seconds apart. */
const YOUNG_MS = 10_000

const lastScrape = (now: number): number => Math.floor(now / SCRAPE_MS) * SCRAPE_MS

/** Between 0 and 1, the same for the same thing at the same look. */
const wobble = (what: string, at: number): number => (fnv1a(`${what}/${at}`) % 1000) / 1000

/** Nobody uses a round number: within two per cent of it. */
const about = (amount: number, what: string, at: number): number =>
  Math.max(0, Math.round(amount * (0.98 + 0.04 * wobble(what, at))))

const usage = (cpuMilli: number, memoryMi: number, what: string, at: number, mostMilli = Number.POSITIVE_INFINITY) => ({
  cpu: `${Math.min(about(cpuMilli * 1_000_000, `cpu ${what}`, at), mostMilli * 1_000_000)}n`,
  memory: `${about(memoryMi * 1024, `memory ${what}`, at)}Ki`,
})

const windowOf = (what: string, at: number): string => `${(14.5 + 1.5 * wobble(`window ${what}`, at)).toFixed(3)}s`

/** metrics-server copies name, namespace and labels; the object was "made" when it is asked for. */
function head(kind: string, { metadata }: AnyObject, now: number, at: number, key: string) {
  const { name, namespace, labels } = metadata
  const meta = { name, ...(namespace ? { namespace } : {}), creationTimestamp: formatTime(now), ...(labels ? { labels } : {}) }
  return { apiVersion: 'metrics.k8s.io/v1beta1', kind, metadata: meta, timestamp: formatTime(at), window: windowOf(key, at) }
}

function podMetrics(pod: Pod, source: UsageSource, now: number): AnyObject | null {
  const { uid = '' } = pod.metadata
  if (!pod.spec.nodeName || pod.status?.phase !== 'Running') return null
  const at = lastScrape(now)
  const containers = source.pod(pod.spec.nodeName, uid)?.filter(({ startedAt }) => startedAt <= at - YOUNG_MS)
  if (!containers?.length) return null
  const told = containers.map(({ name, cpuMilli, mostMilli, memoryMi }) => ({
    name,
    usage: usage(cpuMilli, memoryMi, `${uid} ${name}`, at, mostMilli),
  }))
  return { ...head('PodMetrics', pod as unknown as AnyObject, now, at, uid), containers: told } as AnyObject
}

function nodeMetrics(node: AnyObject, pods: readonly Pod[], source: UsageSource, now: number): AnyObject | null {
  const { name, creationTimestamp = '' } = node.metadata
  const at = lastScrape(now)
  if (!source.answers(name) || creationTimestamp > formatTime(at - YOUNG_MS)) return null
  let [cpu, memory] = [MACHINE_ITSELF.cpuMilli, MACHINE_ITSELF.memoryMi]
  for (const { metadata } of pods) {
    const containers = source.pod(name, metadata.uid ?? '') ?? []
    for (const { cpuMilli, memoryMi } of containers)
      [cpu, memory] = [cpu + cpuMilli + MACHINE_ITSELF.perPodMilli, memory + memoryMi]
  }
  return { ...head('NodeMetrics', node, now, at, name), usage: usage(cpu, memory, name, at) } as AnyObject
}

const present = <T>(all: (T | null)[]): T[] => all.filter((each) => each !== null)

function allNodeMetrics(server: ApiServer, source: UsageSource): AnyObject[] {
  const byNode = new Map<string, Pod[]>()
  for (const pod of server.readAll('pods') as unknown as Pod[]) {
    if (!pod.spec.nodeName) continue
    const known = byNode.get(pod.spec.nodeName)
    if (known) known.push(pod)
    else byNode.set(pod.spec.nodeName, [pod])
  }
  const { now } = server.world
  return present(server.readAll('nodes').map((node) => nodeMetrics(node, byNode.get(node.metadata.name) ?? [], source, now)))
}

type Usage = Record<string, string>

/** The sum over a Pod's containers, in the form of the first. */
function total(object: AnyObject, name: string): string {
  const usages: Usage[] = object['usage']
    ? [object['usage']]
    : (object['containers'] ?? []).map((each: { usage: Usage }) => each.usage)
  const unit = name === 'cpu' ? 'n' : 'Ki'
  return `${usages.reduce((sum, each) => sum + Number.parseInt(each[name] ?? '0', 10), 0)}${unit}`
}

const columns: readonly Column[] = [
  {
    name: 'Name',
    type: 'string',
    format: 'name',
    description: 'Name of the resource',
    priority: 0,
    cell: ({ metadata }) => metadata.name,
  },
  { name: 'cpu', type: 'string', format: 'quantity', priority: 0, cell: (object) => total(object, 'cpu') },
  { name: 'memory', type: 'string', format: 'quantity', priority: 0, cell: (object) => total(object, 'memory') },
  { name: 'Window', type: 'string', format: 'duration', priority: 0, cell: (object) => object['window'] },
]

const declaration = (kind: string, plural: string, scope: 'Cluster' | 'Namespaced') => ({
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  kind,
  plural,
  singular: '',
  scope,
  schema: `io.k8s.metrics.pkg.apis.metrics.v1beta1.${kind}`,
  verbs: ['get', 'list'],
  columns,
})

/** What is served while metrics-server is there. `refuse` throws when it doesn't answer. */
export const metricsResources = (source: UsageSource, refuse: (resource: string) => void): Resource[] => [
  resource({
    ...declaration('NodeMetrics', 'nodes', 'Cluster'),
    live(server) {
      refuse('nodes')
      return allNodeMetrics(server, source)
    },
  }),
  resource({
    ...declaration('PodMetrics', 'pods', 'Namespaced'),
    live(server, namespace) {
      refuse('pods')
      const pods = server.readAll('pods', namespace) as unknown as Pod[]
      return present(pods.map((pod) => podMetrics(pod, source, server.world.now)))
    },
  }),
]
