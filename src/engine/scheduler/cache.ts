/** The scheduler's picture of the cluster: nodes, the Pods on them (bound or only assumed), and the counts kept about them. */
import type { Node, Pod } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import type { Counter } from './counter.ts'
import { ClaimBook } from './devices/claim-book.ts'
import { type Domains, Layout } from './layout.ts'
import type { Lookups } from './lookups.ts'
import { NodeInfo } from './node-info.ts'
import { NodeTree, zoneOf } from './node-tree.ts'
import { Nominator } from './nominator.ts'
import { PodInfo, sameLabels } from './pod-info.ts'
import { Tallies, type TallySpec } from './tallies.ts'
import { TermBook } from './term-book.ts'

/** What a Pod's required affinity adds to the score of nodes near it (`hardPodAffinityWeight`). */
const HARD_AFFINITY_WEIGHT = 1

/** An image, its size in bytes as the first node told it that has it (scheduler cache imageStates). */
interface ImageState {
  readonly size: number
  /** How many nodes have it. */
  nodes: number
}

export class ClusterCache {
  readonly lookups: Lookups
  readonly nominator = new Nominator()
  readonly claims = new ClaimBook()
  /** Required anti-affinity terms of placed Pods. */
  readonly antiTerms = new TermBook()
  /** Terms of placed Pods that pull or push other Pods, with their weights. */
  readonly pullTerms = new TermBook()
  /** Nodes that are cordoned, have taints that keep Pods off, or that only steer them: with none, nobody needs to look. */
  cordoned = 0
  hardTainted = 0
  softTainted = 0
  readonly #nodes = new Map<string, NodeInfo>()
  readonly #freeSlots: number[] = []
  readonly #tree = new NodeTree()
  #layout: Layout | null = null
  readonly #pods = new Map<string, PodInfo>()
  readonly #namespaces = new Map<string, Set<PodInfo>>()
  readonly #tallies = new Tallies()
  readonly #images = new Map<string, ImageState>()

  constructor(lookups: Lookups) {
    this.lookups = lookups
  }

  get layout(): Layout {
    this.#layout ??= new Layout(this.#tree.list().map((name) => this.#nodes.get(name) as NodeInfo))
    return this.#layout
  }
  /** The nodes that are there, in the order they are looked at. */
  get nodes(): readonly NodeInfo[] {
    return this.layout.nodes
  }
  /** What a label divides the nodes into. */
  domains(topologyKey: string): Domains {
    return this.layout.domains(topologyKey)
  }
  node(name: string): NodeInfo | undefined {
    const info = this.#nodes.get(name)
    return info?.node ? info : undefined
  }
  /** What is known of an image that some node has. */
  image(name: string): ImageState | undefined {
    return this.#images.get(name)
  }
  get anyImages(): boolean {
    return this.#images.size > 0
  }
  pod(key: string): PodInfo | undefined {
    return this.#pods.get(key)
  }
  get podCount(): number {
    return this.#pods.size
  }

  #info(name: string): NodeInfo {
    let info = this.#nodes.get(name)
    if (!info) this.#nodes.set(name, (info = new NodeInfo(name, this.#freeSlots.pop() ?? this.#nodes.size)))
    return info
  }

  /** There are other nodes, or another order of them. */
  #relaid(): void {
    this.#layout?.forgetDomains()
    this.#layout = null
  }

  #changed(info: NodeInfo): void {
    if (this.#layout && info.position >= 0) this.#layout.generations[info.position] = info.generation
  }

  #drop(info: NodeInfo): void {
    this.#nodes.delete(info.name)
    this.#freeSlots.push(info.slot)
  }

  setNode(node: Node): void {
    const info = this.#info(node.metadata.name)
    const old = info.node
    const moved = old !== null && zoneOf(old) !== zoneOf(node)
    if (moved) this.#tree.remove(zoneOf(old), info.name)
    if (!old || moved) {
      this.#tree.add(zoneOf(node), info.name)
      this.#relaid()
    } else if (changesDomains(old, node)) this.#layout?.forgetDomains()
    this.#tellApart(info, -1)
    info.setNode(node)
    this.#tellApart(info, 1)
    this.#changed(info)
  }

  removeNode(name: string): void {
    const info = this.#nodes.get(name)
    if (!info?.node) return
    this.#tree.remove(zoneOf(info.node), name)
    this.#relaid()
    this.#tellApart(info, -1)
    info.setNode(null)
    info.position = -1
    if (info.pods.length === 0) this.#drop(info)
  }

  #tellApart(info: NodeInfo, sign: 1 | -1): void {
    if (!info.node) return
    if (info.cordoned) this.cordoned += sign
    if (info.hardTaints.length > 0) this.hardTainted += sign
    if (info.softTaints.length > 0) this.softTainted += sign
    for (const [name, size] of info.images ?? []) {
      const state = this.#images.get(name)
      if (!state) this.#images.set(name, { size, nodes: 1 })
      else if (state.nodes + sign === 0) this.#images.delete(name)
      else state.nodes += sign
    }
  }

  /** A Pod with a node's name in its spec, or its newer version. */
  setPod(pod: Pod, key = keyOf(pod.metadata)): void {
    const old = this.#pods.get(key)
    if (old && old.place?.name === pod.spec.nodeName && old.countsLike(pod)) old.pod = pod
    else this.addPod(new PodInfo(pod, key))
  }

  /** Puts a Pod on the node that its spec names, or on this one. */
  addPod(pod: PodInfo, nodeName = pod.pod.spec.nodeName as string): void {
    this.removePod(pod.key)
    const node = this.#info(nodeName)
    pod.place = node
    this.#pods.set(pod.key, pod)
    const neighbours = this.#namespaces.get(pod.namespace)
    if (neighbours) neighbours.add(pod)
    else this.#namespaces.set(pod.namespace, new Set([pod]))
    node.add(pod)
    this.#bump(pod, node, 1)
    this.#changed(node)
  }

  removePod(key: string): void {
    const pod = this.#pods.get(key)
    if (!pod?.place) return
    const node = pod.place
    this.#pods.delete(key)
    const neighbours = this.#namespaces.get(pod.namespace)
    if (neighbours?.delete(pod) && neighbours.size === 0) this.#namespaces.delete(pod.namespace)
    node.remove(pod)
    this.#bump(pod, node, -1)
    this.#changed(node)
    if (!node.node && node.pods.length === 0) this.#drop(node)
    pod.place = null
  }

  #bump(pod: PodInfo, node: NodeInfo, delta: 1 | -1): void {
    this.#tallies.bump(pod, node, delta)
    const { terms } = pod
    if (!terms) return
    for (const term of terms.antiAffinity) this.antiTerms.bump(term, 1, node, delta)
    for (const term of terms.affinity) this.pullTerms.bump(term, HARD_AFFINITY_WEIGHT, node, delta)
    for (const term of terms.preferred) this.pullTerms.bump(term, term.weight, node, delta)
  }

  /** The running count of the Pods that `spec` selects, named by `key`. */
  tally(key: string, spec: () => TallySpec): Counter {
    return this.#tallies.get(key, spec, (namespace) =>
      namespace === null ? this.#pods.values() : (this.#namespaces.get(namespace) ?? []),
    )
  }

  /** The order of nodes: all that cannot be had again from the objects. */
  save(): unknown {
    return this.#tree.save()
  }
  /** To be called on an empty cache, before the nodes are set again. */
  loadOrder(saved: any): void {
    this.#tree.load(saved)
  }
}

/** Whether a node's new version may belong to other domains, or let other Pods on. */
function changesDomains(old: Node, node: Node): boolean {
  return (
    !sameLabels(old.metadata.labels, node.metadata.labels) ||
    old.spec.unschedulable !== node.spec.unschedulable ||
    !sameTaints(old.spec.taints, node.spec.taints)
  )
}

type Taints = Node['spec']['taints']

export function sameTaints(a: Taints, b: Taints): boolean {
  if (a === b) return true
  if ((a?.length ?? 0) !== (b?.length ?? 0)) return false
  return (a ?? []).every((taint, i) => {
    const other = b?.[i]
    return taint.key === other?.key && (taint.value ?? '') === (other.value ?? '') && taint.effect === other.effect
  })
}
