/** Replays the decisions of a real kube-scheduler, which `decisions.json.gz` beside this file records. */
import type { Node, Pod, Service } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { parseTime } from '#api/time.ts'
import { Random } from '../../sim/random.ts'
import { ClusterCache } from '../cache.ts'
import { type Decision, Scheduling } from '../cycle.ts'
import { Lookups } from '../lookups.ts'
import { defaultPlugins } from '../plugins/index.ts'
import { PodInfo } from '../pod-info.ts'

export interface Recorded {
  seed: number
  theme: string
  nodes: Node[]
  pods: Pod[]
  service?: Service
  budgets?: AnyObject[]
  pod: Pod
  outcome: {
    node?: string
    best?: string[]
    final?: Record<string, number>
    scores?: Record<string, Record<string, number>>
    reason?: string
    message?: string
    nominated?: string
    victims?: string[]
  }
}

const PRIORITIES: Record<string, number> = { low: 10, mid: 100, high: 1000, polite: 1000 }

/** What admission and defaulting add before the scheduler sees a Pod. */
export function admitted(pod: Pod): Pod {
  const name = pod.spec.priorityClassName
  const containers = pod.spec.containers.map((c) => ({
    ...c,
    resources: { ...c.resources, requests: { ...c.resources?.limits, ...c.resources?.requests } },
  }))
  return {
    ...pod,
    kind: 'Pod',
    apiVersion: 'v1',
    spec: {
      ...pod.spec,
      containers,
      priority: name ? (PRIORITIES[name] ?? 0) : 0,
      ...(name === 'polite' ? { preemptionPolicy: 'Never' } : {}),
    },
  }
}

/** The cluster as it was before the Pod came. */
export function clusterOf({ nodes, pods, service, budgets = [] }: Recorded): ClusterCache {
  const lookups = new Lookups({
    get: () => undefined,
    all: (resource) => (resource === 'poddisruptionbudgets.policy' ? budgets : []),
  })
  const cluster = new ClusterCache(lookups)
  for (const node of nodes) cluster.setNode(node)
  for (const pod of pods) cluster.addPod(new PodInfo(admitted(pod)))
  if (service) lookups.setService(service, false)
  return cluster
}

export function replay(line: Recorded): Decision | null {
  const scheduling = new Scheduling(defaultPlugins, () => Random.seeded(String(line.seed), 'scheduler'))
  return scheduling.schedule(new PodInfo(admitted(line.pod)), clusterOf(line), parseTime('2026-06-01T00:00:00Z'))
}
