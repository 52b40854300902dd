/** The second half of a cycle: every scoring plugin rates the nodes that fit; the best is picked, by lot among equals. */
import type { Random } from '../sim/random.ts'
import type { ClusterCache } from './cache.ts'
import { type Candidates, type Plugin, skip } from './framework.ts'
import type { NodeInfo } from './node-info.ts'
import type { NodeTable } from './node-table.ts'
import type { PodInfo } from './pod-info.ts'

/** One plugin's scores, normalised but not yet weighted: the same for all, by position, or one for each candidate. */
interface Column {
  readonly plugin: Plugin
  readonly flat: number
  readonly raw: Int32Array | null
  readonly own: Float64Array | null
}

/** Who said what about the candidates. Valid until the next cycle: the numbers are not copied. */
export class Scores {
  readonly columns: readonly Column[]
  /** One for each candidate. */
  readonly totals: Float64Array
  readonly #rows: Int32Array

  constructor(columns: readonly Column[], totals: Float64Array, rows: Int32Array) {
    this.columns = columns
    this.totals = totals
    this.#rows = rows
  }

  /** The normalised score that a plugin, by its place in the columns, gave a candidate. */
  of(column: number, candidate: number): number {
    const { flat, raw, own } = this.columns[column] as Column
    if (own) return own[candidate] as number
    return raw ? (raw[this.#rows[candidate] as number] as number) : flat
  }

  /** The weighted scores of a candidate by plugin. */
  row(candidate: number): Record<string, number> {
    const entries = this.columns.map(({ plugin }, i): [string, number] => [
      plugin.name,
      this.of(i, candidate) * (plugin.weight ?? 0),
    ])
    return Object.fromEntries(entries)
  }
}

/** Numbers for one cycle, used again by the next. */
export class Scratch {
  rows = new Int32Array(0)
  #columns: Float64Array[] = []
  #used = 0

  /** To be called before each cycle. */
  reset(nodes: number): void {
    this.#used = 0
    if (this.rows.length >= nodes) return
    this.rows = new Int32Array(nodes)
    this.#columns = []
  }

  column(length: number): Float64Array {
    const known = this.#columns[this.#used]
    const column = known ?? new Float64Array(this.rows.length)
    if (!known) this.#columns.push(column)
    this.#used += 1
    return column.subarray(0, length)
  }
}

export function scoreNodes(
  plugins: readonly Plugin[],
  pod: PodInfo,
  candidates: Candidates,
  cluster: ClusterCache,
  table: NodeTable,
  scratch: Scratch,
): Scores {
  const { count, rows } = candidates
  const columns: Column[] = []
  const totals = scratch.column(count)
  const { sums } = table
  let flats = 0
  for (let i = 0; i < count; i++) totals[i] = sums[rows[i] as number] as number
  for (const plugin of plugins) {
    if (!plugin.score || !plugin.weight) continue
    const column = columnOf(plugin, pod, candidates, cluster, table, scratch)
    if (!column) continue
    columns.push(column)
    flats += column.flat * plugin.weight
    if (column.own) addTo(totals, column.own, plugin.weight)
  }
  if (flats !== 0) for (let i = 0; i < count; i++) totals[i] = (totals[i] as number) + flats
  return new Scores(columns, totals, rows)
}

function addTo(totals: Float64Array, own: Float64Array, weight: number): void {
  for (let i = 0; i < totals.length; i++) totals[i] = (totals[i] as number) + (own[i] as number) * weight
}

/** One plugin's normalised scores; `null` when it has nothing to say about this Pod. */
function columnOf(
  plugin: Plugin,
  pod: PodInfo,
  candidates: Candidates,
  cluster: ClusterCache,
  table: NodeTable,
  scratch: Scratch,
): Column | null {
  const local = plugin.local ? table.scorers.find((scorer) => scorer.plugin === plugin) : undefined
  if (local?.state === skip) return null
  if (local && !plugin.normalize) return { plugin, flat: 0, raw: local.raw, own: null }
  const flat = plugin.flat?.(pod, cluster) ?? null
  if (flat !== null) return { plugin, flat, raw: null, own: null }
  const { count, rows, nodes } = candidates
  const own = scratch.column(count)
  if (local) for (let i = 0; i < count; i++) own[i] = local.raw[rows[i] as number] as number
  else {
    const prepared = plugin.preScore ? plugin.preScore(pod, candidates, cluster) : { state: null }
    if (prepared === skip || !plugin.score) return null
    const { state } = prepared
    for (let i = 0; i < count; i++) own[i] = plugin.score(pod, nodes[rows[i] as number] as NodeInfo, state)
  }
  plugin.normalize?.(own)
  return { plugin, flat: 0, raw: null, own }
}

/** The index of the highest total; among equals each has the same chance (reservoir of one). */
export function pick(totals: Float64Array, random: Random): number {
  let best = 0
  let most = totals[0] as number
  let ties = 1
  for (let i = 1; i < totals.length; i++) {
    const total = totals[i] as number
    if (total < most) continue
    if (total > most) {
      best = i
      most = total
      ties = 1
    } else {
      ties += 1
      if (random.below(ties) === 0) best = i
    }
  }
  return best
}
