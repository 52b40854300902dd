/** Topology spread constraints of a Pod, its own or the default ones, parsed once, and the counts behind them. */
import { extend } from '#api/extend.ts'
import type { Pod, TopologySpreadConstraint } from '#api/kinds.ts'
import { nodeMatches, requiredTerms } from '#api/node-selector.ts'
import { matches, type Selector, selectorOf } from '#api/selector.ts'
import { untolerated } from '#api/taints.ts'
import type { ClusterCache } from './cache.ts'
import type { Counter, DomainView } from './counter.ts'
import { pairOf } from './label-index.ts'
import type { NodeInfo } from './node-info.ts'
import type { PodInfo } from './pod-info.ts'

export const HOSTNAME = 'kubernetes.io/hostname'
const ZONE = 'topology.kubernetes.io/zone'

export interface Constraint {
  readonly topologyKey: string
  readonly maxSkew: number
  readonly minDomains: number
  /** `null` selects nothing. An empty one is met by every Pod, yet no Pod is counted for it (countPodsMatchSelector). */
  readonly selector: Selector | null
  readonly selectorKey: string
  /** Count only nodes that the Pod's node affinity allows, or whose taints it tolerates. */
  readonly honorAffinity: boolean
  readonly honorTaints: boolean
}

/** A Pod's own constraints. */
export interface Constraints {
  /** DoNotSchedule. */
  readonly hard: readonly Constraint[]
  /** ScheduleAnyway. */
  readonly soft: readonly Constraint[]
}

const NONE: Constraints = { hard: [], soft: [] }

/** The constraints of Pods with this list and these labels: `matchLabelKeys` makes the selectors depend on the latter. */
export function parseConstraints(
  list: readonly TopologySpreadConstraint[] | undefined,
  labels: Record<string, string> | undefined,
): Constraints {
  if (!list?.length) return NONE
  const of = (action: string) => list.filter((c) => c.whenUnsatisfiable === action).map((c) => parse(c, labels))
  return { hard: of('DoNotSchedule'), soft: of('ScheduleAnyway') }
}

function parse(c: TopologySpreadConstraint, labels: Record<string, string> | undefined): Constraint {
  const own = selectorOf(c.labelSelector)
  const extra: Selector = (c.matchLabelKeys ?? [])
    .filter((key) => labels?.[key] !== undefined)
    .map((key) => ({ key, op: 'In', values: [labels?.[key] ?? ''] }))
  const selector = own && [...extra, ...own]
  return {
    topologyKey: c.topologyKey,
    maxSkew: c.maxSkew,
    minDomains: c.minDomains ?? 1,
    selector,
    selectorKey: JSON.stringify(selector),
    honorAffinity: c.nodeAffinityPolicy !== 'Ignore',
    honorTaints: c.nodeTaintsPolicy === 'Honor',
  }
}

/** What spreads Pods that say nothing themselves: softly over nodes and zones, among those of their Services and owner. */
export function defaultConstraints(pod: Pod, cluster: ClusterCache): readonly Constraint[] {
  const spread = cluster.lookups.spreadSelector(pod)
  if (!spread) return []
  const common = { minDomains: 1, selector: spread.selector, selectorKey: spread.key, honorAffinity: true, honorTaints: false }
  return [extend(common, { topologyKey: HOSTNAME, maxSkew: 3 }), extend(common, { topologyKey: ZONE, maxSkew: 5 })]
}

/** The running count of the Pods a constraint is about, in the Pod's namespace. Pods on their way out do not count. */
export function counterOf(constraint: Constraint, pod: PodInfo, cluster: ClusterCache): Counter {
  const { selector, selectorKey } = constraint
  return cluster.tally(`spread\u0000${pod.namespace}\u0000${selectorKey}`, () => ({
    namespaces: selector?.length ? [pod.namespace] : [],
    pair: pairOf(selector),
    counts: (other) => !other.terminating && selector !== null && matches(selector, other.labels),
  }))
}

/** Whether the constraint counts this node for this Pod. */
export function countsNode(constraint: Constraint, pod: Pod, node: NodeInfo): boolean {
  if (constraint.honorAffinity && node.node && !nodeMatches(pod, node.node)) return false
  return !constraint.honorTaints || !untolerated(node.hardTaints, pod.spec.tolerations)
}

export const hasKeys = (node: NodeInfo, constraints: readonly Constraint[]): boolean => {
  for (const { topologyKey } of constraints) if (node.labels[topologyKey] === undefined) return false
  return true
}

/**
 * The counts by domain that a constraint is judged by. `all`: only nodes with the keys of all these constraints count;
 * `null` when nodes without a key are let in.
 */
export function viewOf(
  constraint: Constraint,
  pod: PodInfo,
  all: readonly Constraint[] | null,
  counter: Counter,
  cluster: ClusterCache,
): DomainView {
  const selective = constraint.honorAffinity && (pod.pod.spec.nodeSelector || requiredTerms(pod.pod))
  let key = all === null ? '' : all.map((c) => c.topologyKey).join()
  if (selective || constraint.honorTaints) {
    key = JSON.stringify([
      key,
      selective ? [pod.pod.spec.nodeSelector, requiredTerms(pod.pod)] : null,
      constraint.honorTaints ? (pod.pod.spec.tolerations ?? []) : null,
    ])
  }
  if (all === null) key += '*'
  const eligible = (node: NodeInfo) => (all === null || hasKeys(node, all)) && countsNode(constraint, pod.pod, node)
  return counter.view(key, cluster.domains(constraint.topologyKey), eligible, cluster.nodes)
}
