import { describe, expect, it } from 'vitest'
import type { Node, Pod } from '#api/kinds.ts'
import { Random } from '../sim/random.ts'
import { ClusterCache } from './cache.ts'
import { Counter } from './counter.ts'
import { Scheduling } from './cycle.ts'
import { Lookups } from './lookups.ts'
import { NodeTree } from './node-tree.ts'
import { defaultPlugins } from './plugins/index.ts'
import { PodInfo } from './pod-info.ts'

const lookups = () => new Lookups({ get: () => undefined, all: () => [] })
const ZONE = 'topology.kubernetes.io/zone'
const HOST = 'kubernetes.io/hostname'

/** A life of its own for a small cluster: nodes and Pods come, change and go. */
class Life {
  readonly random: Random
  readonly nodes = new Map<string, Node>()
  readonly pods = new Map<string, Pod>()
  #next = 0
  constructor(seed: number) {
    this.random = Random.seeded(String(seed), 'life')
  }

  node(name: string): Node {
    const r = this.random
    const labels = { [HOST]: name, ...(r.chance(4, 5) ? { [ZONE]: r.pick(['a', 'b', 'c']) } : {}) }
    const taints = r.chance(1, 6) ? [{ key: 'k', value: 'v', effect: r.pick(['NoSchedule', 'PreferNoSchedule']) }] : []
    const images = r.chance(1, 3) ? [{ names: ['x:1'], sizeBytes: 500_000_000 }] : []
    const status = { allocatable: { cpu: '8', memory: '16Gi', pods: '40' }, images }
    return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec: { taints, unschedulable: r.chance(1, 9) }, status }
  }

  pod(): Pod {
    const r = this.random
    const selector = { matchLabels: { app: r.pick(['a', 'b']) } }
    const term = { labelSelector: selector, topologyKey: r.pick([ZONE, HOST]) }
    const soft = [{ weight: 1 + r.below(50), podAffinityTerm: term }]
    const affinities = [
      { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: soft } },
      { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: soft } },
      { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
      { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ ...term, topologyKey: HOST }] } },
    ]
    const whenUnsatisfiable = r.pick(['DoNotSchedule', 'ScheduleAnyway'])
    const spread = [{ maxSkew: 1 + r.below(2), topologyKey: r.pick([ZONE, HOST]), whenUnsatisfiable, labelSelector: selector }]
    const resources = { requests: { cpu: `${100 * (1 + r.below(9))}m`, memory: '256Mi' } }
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `p${this.#next++}`, namespace: r.pick(['x', 'y']), labels: { app: r.pick(['a', 'b']) } },
      spec: {
        containers: [{ name: 'c', image: 'x:1', resources }],
        ...(r.chance(1, 3) ? { affinity: r.pick(affinities) } : {}),
        ...(r.chance(1, 3) ? { topologySpreadConstraints: spread } : {}),
      },
    }
  }
}

const schedule = (cluster: ClusterCache, pod: Pod) => {
  const decision = new Scheduling(defaultPlugins, () => Random.seeded('1', 'ties')).schedule(new PodInfo(pod), cluster, 0)
  const { node, feasible, scores, diagnosis } = decision ?? {}
  return {
    node: node?.name,
    feasible: feasible?.map((info) => info.name),
    totals: [...(scores?.totals ?? [])],
    plugins: scores?.columns.map(({ plugin }) => plugin.name),
    message: node ? '' : diagnosis?.message(),
  }
}

/** The same cluster, counted from scratch. */
function recounted(life: Life, order: unknown): ClusterCache {
  const fresh = new ClusterCache(lookups())
  fresh.loadOrder(order)
  for (const node of life.nodes.values()) fresh.setNode(node)
  for (const pod of life.pods.values()) fresh.addPod(new PodInfo(pod))
  return fresh
}

function step(life: Life, cluster: ClusterCache): void {
  const r = life.random
  const what = r.below(12)
  const someNode = () => `n${r.below(12)}`
  if (what === 0) {
    const node = life.node(someNode())
    life.nodes.set(node.metadata.name, node)
    cluster.setNode(node)
  } else if (what === 1 && r.chance(1, 3)) {
    const name = someNode()
    life.nodes.delete(name)
    cluster.removeNode(name)
  } else if (what <= 4 && life.pods.size > 0) {
    const [key, pod] = r.pick([...life.pods])
    if (r.chance(1, 3)) {
      const changed = { ...pod, metadata: { ...pod.metadata, deletionTimestamp: '2026-01-01T00:00:00Z', labels: { app: 'b' } } }
      life.pods.set(key, changed)
      cluster.addPod(new PodInfo(changed))
    } else {
      life.pods.delete(key)
      cluster.removePod(key)
    }
  } else {
    const pod = life.pod()
    const node = schedule(cluster, pod).node ?? (r.chance(1, 4) ? someNode() : undefined)
    if (!node) return
    const placed = { ...pod, spec: { ...pod.spec, nodeName: node } }
    life.pods.set(`${pod.metadata.namespace}/${pod.metadata.name}`, placed)
    cluster.addPod(new PodInfo(placed))
  }
}

describe('the cluster cache', () => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    it(`counts as it goes what a recount would find (seed ${seed})`, () => {
      const life = new Life(seed)
      const cluster = new ClusterCache(lookups())
      for (let i = 0; i < 400; i++) {
        step(life, cluster)
        const pod = life.pod()
        expect(schedule(cluster, pod)).toEqual(schedule(recounted(life, cluster.save()), pod))
      }
    })
  }
})

describe('a counter', () => {
  it('knows the least of its domains, also as if one had more or less', () => {
    const cluster = new ClusterCache(lookups())
    const life = new Life(1)
    for (const [name, zone] of Object.entries({ n1: 'a', n2: 'b', n3: 'c' })) {
      const node = life.node(name)
      cluster.setNode({ ...node, metadata: { name, labels: { [HOST]: name, [ZONE]: zone } } })
    }
    const counter = new Counter()
    const view = counter.view('', cluster.domains(ZONE), null, cluster.nodes)
    const [a, b, c] = cluster.nodes
    for (const [node, count] of [
      [a, 3],
      [b, 1],
      [c, 4],
    ] as const)
      if (node) counter.bump(node, count)
    const [, inB = 0, inC = 0] = [a, b, c].map((node) => (node ? view.domains.of(node) : -1))
    expect([view.least(), view.least(inB, 5), view.least(inB, -1), view.least(inC, -4)]).toEqual([1, 3, 0, 0])
    if (b) counter.bump(b, 6)
    expect([view.least(), view.total, view.size, counter.total]).toEqual([3, 14, 3, 14])
  })
})

describe('the node tree', () => {
  it('lists nodes zone by zone in turn', () => {
    const tree = new NodeTree()
    for (const [zone, name] of ['a1', 'a2', 'a3', 'b1', 'c1', 'c2'].map((n) => [n[0], n]))
      tree.add(zone as string, name as string)
    expect(tree.list()).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3'])
    tree.remove('b', 'b1')
    expect(tree.list()).toEqual(['a1', 'c1', 'a2', 'c2', 'a3'])
  })
})
