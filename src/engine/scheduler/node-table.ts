/** What local plugins say about every node for Pods of one shape: asked again only for nodes that have changed since. */
import type { ClusterCache } from './cache.ts'
import { type Plugin, skip } from './framework.ts'
import type { Layout } from './layout.ts'
import type { NodeInfo } from './node-info.ts'
import type { PodInfo } from './pod-info.ts'
import type { Verdict } from './verdict.ts'

/** One local plugin's scores, before normalising, by the nodes' positions. */
export interface RawScores {
  readonly plugin: Plugin
  /** The plugin's state for scoring; `skip`: it has nothing to say about such Pods. */
  state: unknown
  raw: Int32Array
}

const UNKNOWN = -1

export class NodeTable {
  readonly scorers: readonly RawScores[]
  /** The weighted scores of local plugins that normalise nothing, summed up. */
  sums = new Int32Array(0)
  readonly #filters: readonly Plugin[]
  #layout: Layout | null = null
  #epoch = ''
  #stamps = new Int32Array(0)
  #codes = new Uint16Array(0)
  /** Code 0: the Pod fits. */
  readonly #verdicts: (Verdict | null)[] = [null]

  constructor(plugins: readonly Plugin[]) {
    const local = plugins.filter((plugin) => plugin.local)
    this.#filters = local.filter((plugin) => plugin.filter)
    this.scorers = local
      .filter((plugin) => plugin.score && plugin.weight)
      .map((plugin) => ({ plugin, state: null, raw: new Int32Array(0) }))
  }

  /** To be called before a cycle: forgets what is known of other nodes, or under other circumstances. */
  prepare(pod: PodInfo, cluster: ClusterCache): void {
    const { layout } = cluster
    let epoch = ''
    for (const { plugin } of this.scorers) if (plugin.epoch) epoch += `${plugin.epoch(pod, cluster)};`
    if (layout === this.#layout && epoch === this.#epoch) return
    const fresh = this.#layout === null || epoch !== this.#epoch
    this.#epoch = epoch
    if (fresh) for (const scorer of this.scorers) scorer.state = stateOf(scorer.plugin, pod, cluster)
    if (layout !== this.#layout) this.#resize(layout)
    this.#stamps.fill(UNKNOWN)
  }

  #resize(layout: Layout): void {
    const { length } = layout.nodes
    this.#layout = layout
    this.#stamps = new Int32Array(length)
    this.#codes = new Uint16Array(length)
    this.sums = new Int32Array(length)
    for (const scorer of this.scorers) scorer.raw = new Int32Array(length)
  }

  /** 0 when no local filter objects to the node at this position; else what {@link verdict} knows. */
  code(pod: PodInfo, position: number): number {
    const layout = this.#layout as Layout
    if (this.#stamps[position] === layout.generations[position]) return this.#codes[position] as number
    return this.#look(pod, position, layout)
  }
  verdict(code: number): Verdict {
    return this.#verdicts[code] as Verdict
  }

  #look(pod: PodInfo, position: number, layout: Layout): number {
    const node = layout.nodes[position] as NodeInfo
    const verdict = this.#filter(pod, node)
    let code = 0
    if (verdict) {
      code = this.#verdicts.indexOf(verdict)
      if (code < 0) code = this.#verdicts.push(verdict) - 1
    } else this.#score(pod, node, position)
    this.#codes[position] = code
    this.#stamps[position] = layout.generations[position] as number
    return code
  }

  #filter(pod: PodInfo, node: NodeInfo): Verdict | null {
    for (const plugin of this.#filters) {
      const verdict = plugin.filter?.(pod, node, null)
      if (verdict) return verdict
    }
    return null
  }

  #score(pod: PodInfo, node: NodeInfo, position: number): void {
    let sum = 0
    for (const { plugin, state, raw } of this.scorers) {
      if (state === skip || !plugin.score) continue
      const score = plugin.score(pod, node, state)
      raw[position] = score
      if (!plugin.normalize) sum += score * (plugin.weight ?? 0)
    }
    this.sums[position] = sum
  }
}

function stateOf(plugin: Plugin, pod: PodInfo, cluster: ClusterCache): unknown {
  if (!plugin.preScore) return null
  const prepared = plugin.preScore(pod, NOBODY, cluster)
  return prepared === skip ? skip : prepared.state
}
const NOBODY = { count: 0, rows: new Int32Array(0), nodes: [] }
