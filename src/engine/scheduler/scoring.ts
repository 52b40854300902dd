/** The second half of a cycle: every scoring plugin rates the nodes that fit; the best is picked, by lot among equals. */
import type { Random } from '../sim/random.ts'
import type { ClusterCache } from './cache.ts'
import { type Plugin, skip } from './framework.ts'
import type { NodeInfo } from './node-info.ts'
import type { PodInfo } from './pod-info.ts'

/** Scores after normalising and weighting; columns and totals run parallel to the nodes that fit. */
export interface ScoreTable {
  readonly plugins: readonly string[]
  readonly columns: readonly Float64Array[]
  readonly totals: Float64Array
}

export function scoreNodes(
  plugins: readonly Plugin[],
  pod: PodInfo,
  nodes: readonly NodeInfo[],
  cluster: ClusterCache,
): ScoreTable {
  const names: string[] = []
  const columns: Float64Array[] = []
  const totals = new Float64Array(nodes.length)
  for (const plugin of plugins) {
    if (!plugin.score || !plugin.weight) continue
    const column = columnOf(plugin, pod, nodes, cluster)
    if (!column) continue
    for (let i = 0; i < nodes.length; i++) {
      const weighted = (column[i] as number) * plugin.weight
      column[i] = weighted
      totals[i] = (totals[i] as number) + weighted
    }
    names.push(plugin.name)
    columns.push(column)
  }
  return { plugins: names, columns, totals }
}

/** One plugin's normalised scores; `null` when it has nothing to say about this Pod. */
function columnOf(plugin: Plugin, pod: PodInfo, nodes: readonly NodeInfo[], cluster: ClusterCache): Float64Array | null {
  const column = new Float64Array(nodes.length)
  const flat = plugin.flat?.(pod, cluster) ?? null
  if (flat !== null) return flat === 0 ? column : column.fill(flat)
  const prepared = plugin.preScore ? plugin.preScore(pod, nodes, cluster) : { state: null }
  if (prepared === skip || !plugin.score) return null
  const { state } = prepared
  for (let i = 0; i < nodes.length; i++) column[i] = plugin.score(pod, nodes[i] as NodeInfo, state, cluster)
  plugin.normalize?.(column, nodes, state)
  return column
}

/** The index of the highest total; among equals each has the same chance (reservoir of one). */
export function pick(totals: Float64Array, random: Random): number {
  let best = 0
  let ties = 1
  for (let i = 1; i < totals.length; i++) {
    const difference = (totals[i] as number) - (totals[best] as number)
    if (difference > 0) {
      best = i
      ties = 1
    } else if (difference === 0) {
      ties += 1
      if (random.below(ties) === 0) best = i
    }
  }
  return best
}
