import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Node, Pod, Service } from '#api/kinds.ts'
import { Random } from '../sim/random.ts'
import { ClusterCache } from './cache.ts'
import { type Decision, Scheduling } from './cycle.ts'
import { Lookups } from './lookups.ts'
import { defaultPlugins } from './plugins/index.ts'
import { PodInfo } from './pod-info.ts'
import { admitted, type Recorded } from './testing/decisions.ts'
import { decide } from './testing/plain.ts'

const recorded: Recorded[] = JSON.parse(
  gunzipSync(readFileSync(new URL('./testing/decisions.json.gz', import.meta.url))).toString('utf8'),
)

/** A cluster that lives: nodes of several recorded clusters together, Pods of all of them that come, go and change. */
class Life {
  readonly dice: Random
  readonly nodes = new Map<string, Node>()
  readonly pods = new Map<string, Pod>()
  readonly services: Service[] = []
  readonly cache: ClusterCache
  readonly scheduling: Scheduling
  #made = 0

  constructor(seed: string) {
    this.dice = Random.seeded(seed, 'life')
    this.cache = new ClusterCache(new Lookups({ get: () => undefined, all: () => [] }))
    this.scheduling = new Scheduling(defaultPlugins, () => Random.seeded(seed, 'scheduler'))
    for (let i = 0; i < 9; i++) {
      const { nodes, service } = this.#any(recorded)
      for (const node of nodes) this.setNode(renamed(node, `${node.metadata.name}-${i}`))
      if (service) this.#serve({ ...service, metadata: { ...service.metadata, name: `s${i}` } })
    }
  }

  #any<T>(all: readonly T[]): T {
    return all[this.dice.below(all.length)] as T
  }

  #serve(service: Service): void {
    this.services.push(service)
    this.cache.lookups.setService(service, false)
  }

  setNode(node: Node): void {
    this.nodes.set(node.metadata.name, node)
    this.cache.setNode(node)
  }

  newPod(): Pod {
    const { pods, pod } = this.#any(recorded)
    const made = admitted(this.dice.below(3) === 0 && pods.length > 0 ? this.#any(pods) : pod)
    const { nodeName: _, ...spec } = made.spec
    const name = `p${this.#made++}`
    return { ...made, metadata: { ...made.metadata, namespace: 'default', name, uid: name }, spec } as Pod
  }

  place(pod: Pod, node: string): void {
    const placed = { ...pod, spec: { ...pod.spec, nodeName: node } }
    this.pods.set(pod.metadata.name, placed)
    this.cache.addPod(new PodInfo(placed))
  }

  /** Something else happens: a Pod goes, is going, or has other labels; a node has. */
  change(): void {
    const names = [...this.pods.keys()]
    const what = this.dice.below(6)
    if (what < 3 && names.length > 0) this.#changePod(this.pods.get(this.#any(names)) as Pod, what)
    else if (what >= 3) this.#changeNode(this.#any([...this.nodes.values()]), what)
  }

  #changePod(pod: Pod, what: number): void {
    if (what === 0) {
      this.pods.delete(pod.metadata.name)
      this.cache.removePod(`default/${pod.metadata.name}`)
      return
    }
    const marked = { ...pod.metadata, deletionTimestamp: '2026-06-01T00:00:00Z' }
    const other = { ...pod.metadata, labels: this.#any(recorded).pod.metadata.labels ?? {} }
    const next = { ...pod, metadata: what === 1 ? marked : other } as Pod
    this.pods.set(pod.metadata.name, next)
    this.cache.addPod(new PodInfo(next))
  }

  #changeNode(node: Node, what: number): void {
    const zone = { 'topology.kubernetes.io/zone': this.#any(['a', 'b', 'c', 'd']) }
    const taint = { key: 'dedicated', value: 'db', effect: this.#any(['NoSchedule', 'PreferNoSchedule']) }
    if (what === 3) this.setNode({ ...node, metadata: { ...node.metadata, labels: { ...node.metadata.labels, ...zone } } })
    else if (what === 4) this.setNode({ ...node, spec: { ...node.spec, unschedulable: !node.spec.unschedulable } })
    else this.setNode({ ...node, spec: { ...node.spec, taints: node.spec.taints?.length ? [] : [taint] } } as Node)
  }
}

const renamed = (node: Node, name: string): Node => ({
  ...node,
  metadata: { ...node.metadata, name, labels: { ...node.metadata.labels, 'kubernetes.io/hostname': name } },
})

const ratings = ({ feasible, scores }: Decision): Record<string, number> =>
  Object.fromEntries(feasible.map(({ name }, i) => [name, scores?.totals[i] ?? 0]))

describe('counts that are kept say what counting anew says', () => {
  for (const seed of ['1', '2', '3', '4']) {
    it(`over 150 Pods that come, go and change (seed ${seed})`, () => {
      const life = new Life(seed)
      let placed = 0
      for (let step = 0; step < 150; step++) {
        const pod = life.newPod()
        const decision = life.scheduling.schedule(new PodInfo(pod), life.cache, 0)
        if (!decision) throw new Error('there are nodes')
        const nodes = life.cache.nodes.map(({ name }) => life.nodes.get(name) as Node)
        const plain = decide({ nodes, pods: [...life.pods.values()], services: life.services }, pod)
        expect(Object.keys(ratings(decision)).sort(), `${step}: ${JSON.stringify(pod.spec)}`).toEqual([...plain.keys()].sort())
        if (decision.scores) expect(ratings(decision), `${step}: ${JSON.stringify(pod.spec)}`).toEqual(Object.fromEntries(plain))
        if (decision.node) {
          expect(plain.get(decision.node.name)).toBe(Math.max(...plain.values()))
          life.place(pod, decision.node.name)
          placed += 1
        }
        life.change()
      }
      expect(placed).toBeGreaterThan(60)
    })
  }
})
