/** One scheduling cycle: which nodes can take the Pod, which of them is best; a pure function of the cluster cache. */
import type { Random } from '../sim/random.ts'
import type { ClusterCache } from './cache.ts'
import { Diagnosis, leftOut } from './diagnosis.ts'
import { type Plugin, type PostFilterResult, type Round, skip, type Trial } from './framework.ts'
import type { NodeInfo } from './node-info.ts'
import type { PodInfo } from './pod-info.ts'
import { pick, type ScoreTable, scoreNodes } from './scoring.ts'
import { hopeless, type Verdict } from './verdict.ts'

/** Below this many nodes all are looked at; above, a part that shrinks with size, but never fewer than this. */
const MIN_FEASIBLE = 100
const MIN_PERCENTAGE = 5

/** How many fitting nodes are enough (scheduler numFeasibleNodesToFind). */
export function numFeasibleNodesToFind(nodes: number): number {
  if (nodes < MIN_FEASIBLE) return nodes
  const percentage = Math.max(MIN_PERCENTAGE, 50 - Math.floor(nodes / 125))
  return Math.max(MIN_FEASIBLE, Math.floor((nodes * percentage) / 100))
}

export interface Decision {
  readonly pod: PodInfo
  /** Where it goes; `null` when it fits nowhere. */
  readonly node: NodeInfo | null
  /** The nodes that fit, in the order they were looked at. */
  readonly feasible: readonly NodeInfo[]
  readonly diagnosis: Diagnosis
  /** Absent when there was nothing to choose. */
  readonly scores: ScoreTable | null
  readonly postFilter: PostFilterResult | null
}

interface Active {
  plugin: Plugin
  state: unknown
}

export class Scheduling {
  readonly #plugins: readonly Plugin[]
  /** Asked for anew every time: loading a saved world puts other streams in place. */
  readonly #random: () => Random
  /** Where the next cycle begins to look, so that all nodes get their turn. */
  nextStart = 0

  constructor(plugins: readonly Plugin[], random: () => Random) {
    this.#plugins = plugins
    this.#random = random
  }

  /** `null` when there are no nodes at all. */
  schedule(pod: PodInfo, cluster: ClusterCache, now: number): Decision | null {
    const nodes = cluster.nodes
    if (nodes.length === 0) return null
    const round = new CycleRound(pod, cluster, now, this.#random(), new Diagnosis(nodes.length))
    const feasible = this.#feasible(round)
    const { diagnosis } = round
    if (feasible.length === 0) {
      const postFilter = this.#postFilter(round)
      return { pod, node: null, feasible, diagnosis, scores: null, postFilter }
    }
    const only = feasible.length === 1
    const scores = only ? null : scoreNodes(this.#plugins, pod, feasible, cluster)
    const node = scores ? (feasible[pick(scores.totals, this.#random())] as NodeInfo) : (feasible[0] as NodeInfo)
    return { pod, node, feasible, diagnosis, scores, postFilter: null }
  }

  #feasible(round: CycleRound): NodeInfo[] {
    const { cluster, pod, diagnosis } = round
    const names = round.preFilter(this.#plugins)
    if (diagnosis.refused) return []
    const nominated = pod.pod.status?.nominatedNodeName
    const waitingFor = nominated ? cluster.node(nominated) : undefined
    // The node it drove others from is likely the only one that fits: try it alone first.
    if (waitingFor && round.verdict(waitingFor) === null) return [waitingFor]
    const feasible = names ? round.filterNamed(names) : this.#sample(round)
    this.nextStart = (this.nextStart + feasible.length + diagnosis.verdicts.size) % cluster.nodes.length
    return feasible
  }

  #sample(round: CycleRound): NodeInfo[] {
    const nodes = round.cluster.nodes
    const enough = numFeasibleNodesToFind(nodes.length)
    const feasible: NodeInfo[] = []
    let at = this.nextStart % nodes.length
    for (let looked = 0; looked < nodes.length && feasible.length < enough; looked++) {
      const node = nodes[at] as NodeInfo
      at = at + 1 === nodes.length ? 0 : at + 1
      const verdict = round.verdict(node)
      if (verdict === null) feasible.push(node)
      else round.diagnosis.set(node, verdict)
    }
    return feasible
  }

  #postFilter(round: CycleRound): PostFilterResult {
    const messages: string[] = []
    let nominated: string | undefined
    for (const plugin of this.#plugins) {
      const result = plugin.postFilter?.(round)
      if (!result) continue
      if (result.outcome !== 'unschedulable') {
        round.diagnosis.postFilter = result.message
        return result
      }
      messages.push(result.message)
      nominated = result.nominated ?? nominated
    }
    round.diagnosis.postFilter = messages.join(', ')
    return { outcome: 'unschedulable', message: round.diagnosis.postFilter, ...(nominated === undefined ? {} : { nominated }) }
  }
}

/** The filters and their states for one Pod. */
class CycleRound implements Round {
  readonly pod: PodInfo
  readonly cluster: ClusterCache
  readonly now: number
  readonly diagnosis: Diagnosis
  readonly #random: Random
  readonly #reached = new Set<string>()
  readonly #filters: Active[] = []

  constructor(pod: PodInfo, cluster: ClusterCache, now: number, random: Random, diagnosis: Diagnosis) {
    this.pod = pod
    this.cluster = cluster
    this.now = now
    this.diagnosis = diagnosis
    this.#random = random
  }

  readonly reached = (plugin: string): boolean => this.#reached.has(plugin)
  below(n: number): number {
    return this.#random.below(n)
  }
  verdictOf(node: NodeInfo): Verdict | null {
    return this.diagnosis.refused ?? this.diagnosis.verdictOf(node)
  }

  /** Prepares the filters; the result names the only nodes worth a look, `null` means all. */
  preFilter(plugins: readonly Plugin[]): ReadonlySet<string> | null {
    let names: ReadonlySet<string> | null = null
    const choosers: string[] = []
    for (const plugin of plugins) {
      if (!plugin.preFilter) {
        if (plugin.filter && !plugin.idle?.(this.pod, this.cluster)) this.#filters.push({ plugin, state: null })
        continue
      }
      this.#reached.add(plugin.name)
      const prepared = plugin.preFilter(this.pod, this.cluster)
      if (prepared === skip) continue
      if ('refused' in prepared) {
        if (this.#refuse(prepared.refused)) return null
        continue
      }
      if (plugin.filter) this.#filters.push({ plugin, state: prepared.state })
      if (!prepared.nodes) continue
      names = intersect(names, prepared.nodes)
      choosers.push(plugin.name)
      if (names.size === 0) {
        const which = choosers.length === 1 ? `plugin ${choosers[0]}` : `plugin(s) [${choosers.sort().join(' ')}] simultaneously`
        for (const name of choosers) this.diagnosis.plugins.add(name)
        this.diagnosis.refused = hopeless('', `node(s) didn't satisfy ${which}`)
        return null
      }
    }
    if (names) {
      this.diagnosis.absent = leftOut(choosers)
      for (const name of choosers) this.diagnosis.plugins.add(name)
    }
    return names
  }

  /** True when the rest need not be asked: when preemption may help, all have to be prepared. */
  #refuse(verdict: Verdict): boolean {
    this.diagnosis.refused = verdict
    this.diagnosis.plugins.add(verdict.plugin)
    return verdict.kind === 'UnschedulableAndUnresolvable'
  }

  filterNamed(names: ReadonlySet<string>): NodeInfo[] {
    const feasible: NodeInfo[] = []
    for (const name of names) {
      const node = this.cluster.node(name)
      if (!node) continue
      const verdict = this.verdict(node)
      if (verdict === null) feasible.push(node)
      else this.diagnosis.set(node, verdict)
    }
    return feasible
  }

  /** Why the Pod cannot go to the node, also counting Pods of no lower priority that wait for room there. */
  verdict(node: NodeInfo): Verdict | null {
    if (this.cluster.nominator.size > 0) {
      const first = this.#withNominated(node, this.#filters)
      if (first) return first
    }
    return runFilters(this.#filters, this.pod, node)
  }

  #withNominated(node: NodeInfo, filters: readonly Active[]): Verdict | null {
    const waiting = [...(this.cluster.nominator.on(node.name) ?? [])].filter(
      (other) => other.key !== this.pod.key && other.priority >= this.pod.priority,
    )
    if (waiting.length === 0) return null
    const trial = new FilterTrial(this.pod, node, filters)
    for (const other of waiting) trial.add(other)
    return runFilters(trial.filters, this.pod, trial.node)
  }

  trial(node: NodeInfo): Trial {
    return new FilterTrial(this.pod, node, this.#filters, (at, filters) => {
      const first = this.cluster.nominator.size > 0 ? this.#withNominated(at, filters) : null
      return first ?? runFilters(filters, this.pod, at)
    })
  }
}

const intersect = (a: ReadonlySet<string> | null, b: ReadonlySet<string>): ReadonlySet<string> =>
  a === null ? b : new Set([...a].filter((name) => b.has(name)))

function runFilters(filters: readonly Active[], pod: PodInfo, node: NodeInfo): Verdict | null {
  for (let i = 0; i < filters.length; i++) {
    const { plugin, state } = filters[i] as Active
    const verdict = plugin.filter?.(pod, node, state)
    if (verdict) return verdict
  }
  return null
}

class FilterTrial implements Trial {
  readonly node: NodeInfo
  readonly filters: Active[]
  readonly #pod: PodInfo
  readonly #judge: ((node: NodeInfo, filters: readonly Active[]) => Verdict | null) | undefined

  constructor(
    pod: PodInfo,
    node: NodeInfo,
    filters: readonly Active[],
    judge?: (node: NodeInfo, filters: readonly Active[]) => Verdict | null,
  ) {
    this.#pod = pod
    this.#judge = judge
    this.node = node.clone()
    this.filters = filters.map(({ plugin, state }) => ({ plugin, state: plugin.fork ? plugin.fork(state) : state }))
  }

  add(other: PodInfo): void {
    this.node.add(other)
    this.#imagine(other, 1)
  }
  remove(other: PodInfo): void {
    this.node.remove(other)
    this.#imagine(other, -1)
  }
  verdict(): Verdict | null {
    return this.#judge ? this.#judge(this.node, this.filters) : runFilters(this.filters, this.#pod, this.node)
  }

  #imagine(other: PodInfo, delta: 1 | -1): void {
    for (const { plugin, state } of this.filters) plugin.imagine?.(state, this.#pod, other, this.node, delta)
  }
}
