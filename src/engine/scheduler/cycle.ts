/** One scheduling cycle: which nodes can take the Pod, which of them is best; a pure function of the cluster cache. */
import type { Random } from '../sim/random.ts'
import type { ClusterCache } from './cache.ts'
import { Diagnosis, leftOut } from './diagnosis.ts'
import { type Candidates, type Plugin, type PostFilterResult, type Round, skip, type Trial } from './framework.ts'
import type { NodeInfo } from './node-info.ts'
import { NodeTable } from './node-table.ts'
import type { PodInfo } from './pod-info.ts'
import type { PodShape } from './pod-shape.ts'
import { pick, type Scores, Scratch, scoreNodes } from './scoring.ts'
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

/** Valid until the next cycle: it points at numbers that are used again. */
export class Decision {
  readonly pod: PodInfo
  /** Where it goes; `null` when it fits nowhere. */
  readonly node: NodeInfo | null
  readonly candidates: Candidates
  readonly diagnosis: Diagnosis
  /** Absent when there was nothing to choose. */
  readonly scores: Scores | null
  readonly postFilter: PostFilterResult | null

  constructor(
    { pod, diagnosis }: CycleRound,
    candidates: Candidates,
    node: NodeInfo | null,
    scores: Scores | null,
    postFilter: PostFilterResult | null = null,
  ) {
    this.pod = pod
    this.diagnosis = diagnosis
    this.candidates = candidates
    this.node = node
    this.scores = scores
    this.postFilter = postFilter
  }

  /** The nodes that fit, in the order they were looked at. */
  get feasible(): NodeInfo[] {
    const { rows, count, nodes } = this.candidates
    return Array.from(rows.subarray(0, count), (position) => nodes[position] as NodeInfo)
  }
}

interface Active {
  plugin: Plugin
  state: unknown
}

/** Shapes of Pods for which verdicts are kept; beyond, the one not asked for longest is forgotten. */
const TABLES = 32

export class Scheduling {
  readonly #plugins: readonly Plugin[]
  /** Asked for anew every time: loading a saved world puts other streams in place. */
  readonly #random: () => Random
  readonly #scratch = new Scratch()
  readonly #tables = new Map<PodShape, NodeTable>()
  #cluster: ClusterCache | null = null
  /** Where the next cycle begins to look, so that all nodes get their turn. */
  nextStart = 0

  constructor(plugins: readonly Plugin[], random: () => Random) {
    this.#plugins = plugins
    this.#random = random
  }

  /** `null` when there are no nodes at all. */
  schedule(pod: PodInfo, cluster: ClusterCache, now: number): Decision | null {
    const { nodes } = cluster
    if (nodes.length === 0) return null
    const random = this.#random()
    this.#scratch.reset(nodes.length)
    const round = new CycleRound(pod, cluster, now, random, this.#table(pod, cluster))
    const candidates = this.#feasible(round)
    if (candidates.count === 0) return new Decision(round, candidates, null, null, this.#postFilter(round))
    if (candidates.count === 1) return new Decision(round, candidates, nodes[candidates.rows[0] as number] as NodeInfo, null)
    const scores = scoreNodes(this.#plugins, pod, candidates, cluster, round.table, this.#scratch)
    const best = candidates.rows[pick(scores.totals, random)] as number
    return new Decision(round, candidates, nodes[best] as NodeInfo, scores)
  }

  #table(pod: PodInfo, cluster: ClusterCache): NodeTable {
    if (this.#cluster !== cluster) this.#tables.clear()
    this.#cluster = cluster
    const { shape } = pod
    let table = this.#tables.get(shape)
    if (table) this.#tables.delete(shape)
    else table = new NodeTable(this.#plugins)
    this.#tables.set(shape, table)
    if (this.#tables.size > TABLES) this.#tables.delete(this.#tables.keys().next().value as PodShape)
    table.prepare(pod, cluster)
    return table
  }

  #feasible(round: CycleRound): Candidates {
    const { cluster, pod, diagnosis } = round
    const { nodes } = cluster
    const { rows } = this.#scratch
    const names = round.preFilter(this.#plugins)
    if (diagnosis.refused) return { count: 0, rows, nodes }
    const nominated = pod.pod.status?.nominatedNodeName
    const waitingFor = nominated ? cluster.node(nominated) : undefined
    // The node it drove others from is likely the only one that fits: try it alone first.
    if (waitingFor && round.verdict(waitingFor) === null) {
      rows[0] = waitingFor.position
      return { count: 1, rows, nodes }
    }
    const count = names ? round.filterNamed(names, rows) : round.sample(this.nextStart % nodes.length, rows)
    this.nextStart = (this.nextStart + count + diagnosis.size) % nodes.length
    return { count, rows, nodes }
  }

  #postFilter(round: CycleRound): PostFilterResult {
    const messages: string[] = []
    let perform: PostFilterResult['perform']
    let nominated: string | undefined
    for (const plugin of this.#plugins) {
      const result = plugin.postFilter?.(round)
      if (!result) continue
      if (result.outcome !== 'unschedulable') {
        round.diagnosis.postFilter = result.message
        return result
      }
      messages.push(result.message)
      perform ??= result.perform
      nominated = result.nominated ?? nominated
    }
    round.diagnosis.postFilter = messages.join(', ')
    const { postFilter: message } = round.diagnosis
    return {
      outcome: 'unschedulable',
      message,
      ...(nominated === undefined ? {} : { nominated }),
      ...(perform ? { perform } : {}),
    }
  }
}

/** The filters and their states for one Pod. */
class CycleRound implements Round {
  readonly pod: PodInfo
  readonly cluster: ClusterCache
  readonly now: number
  readonly diagnosis: Diagnosis
  /** What local plugins say. */
  readonly table: NodeTable
  readonly #random: Random
  readonly #reached = new Set<string>()
  readonly #filters: Active[] = []
  /** Those that are not local. */
  readonly #others: Active[] = []

  constructor(pod: PodInfo, cluster: ClusterCache, now: number, random: Random, table: NodeTable) {
    this.pod = pod
    this.cluster = cluster
    this.now = now
    this.diagnosis = new Diagnosis(cluster.nodes.length)
    this.table = table
    this.#random = random
  }

  readonly reached = (plugin: string): boolean => this.#reached.has(plugin)
  below(n: number): number {
    return this.#random.below(n)
  }
  readonly verdictOf = (node: NodeInfo): Verdict | null => this.diagnosis.refused ?? this.diagnosis.verdictOf(node)

  /** Prepares the filters; the result names the only nodes worth a look, `null` means all. */
  preFilter(plugins: readonly Plugin[]): ReadonlySet<string> | null {
    let names: ReadonlySet<string> | null = null
    const choosers: string[] = []
    for (const plugin of plugins) {
      if (!plugin.preFilter) {
        if (plugin.filter && !plugin.idle?.(this.pod, this.cluster)) this.#activate(plugin, null)
        continue
      }
      this.#reached.add(plugin.name)
      const prepared = plugin.preFilter(this.pod, this.cluster)
      if (prepared === skip) continue
      if ('refused' in prepared) {
        if (this.#refuse(prepared.refused)) return null
        continue
      }
      if (plugin.filter) this.#activate(plugin, prepared.state)
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

  #activate(plugin: Plugin, state: unknown): void {
    const active = { plugin, state }
    this.#filters.push(active)
    if (!plugin.local) this.#others.push(active)
  }

  /** True when the rest need not be asked: when preemption may help, all have to be prepared. */
  #refuse(verdict: Verdict): boolean {
    this.diagnosis.refused = verdict
    this.diagnosis.plugins.add(verdict.plugin)
    return verdict.kind === 'UnschedulableAndUnresolvable'
  }

  /** Writes the positions of nodes that fit into `rows`; returns how many. */
  filterNamed(names: ReadonlySet<string>, rows: Int32Array): number {
    let count = 0
    for (const name of names) {
      const node = this.cluster.node(name)
      if (!node) continue
      const verdict = this.verdict(node)
      if (verdict === null) rows[count++] = node.position
      else this.diagnosis.set(node.position, verdict)
    }
    return count
  }

  /** The same for nodes in turn from `start` on, until enough have been found. */
  sample(start: number, rows: Int32Array): number {
    const { pod, table, diagnosis } = this
    const { nodes } = this.cluster
    const enough = numFeasibleNodesToFind(nodes.length)
    const simple = this.#others.length === 0 && this.cluster.nominator.size === 0
    let count = 0
    let at = start
    for (let looked = 0; looked < nodes.length && count < enough; looked++) {
      const code = table.code(pod, at)
      const verdict = simple ? (code === 0 ? null : table.verdict(code)) : this.#verdict(nodes[at] as NodeInfo, code)
      if (verdict === null) rows[count++] = at
      else diagnosis.set(at, verdict)
      at = at + 1 === nodes.length ? 0 : at + 1
    }
    return count
  }

  /** Why the Pod cannot go to the node, also counting Pods of no lower priority that wait for room there. */
  verdict(node: NodeInfo): Verdict | null {
    return this.#verdict(node, this.table.code(this.pod, node.position))
  }

  #verdict(node: NodeInfo, code: number): Verdict | null {
    if (this.cluster.nominator.size > 0) {
      const first = this.#withNominated(node, this.#filters)
      if (first) return first
    }
    return code === 0 ? runFilters(this.#others, this.pod, node) : this.table.verdict(code)
  }

  #withNominated(node: NodeInfo, filters: readonly Active[]): Verdict | null {
    const nominated = this.cluster.nominator.on(node.name)
    if (!nominated) return null
    const waiting = [...nominated].filter((other) => other.key !== this.pod.key && other.priority >= this.pod.priority)
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
