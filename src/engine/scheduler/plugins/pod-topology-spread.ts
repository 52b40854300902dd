/** Spreads Pods evenly over nodes, zones or other domains, strictly or as well as may be. */
import type { Node, Pod } from '#api/kinds.ts'
import { matches } from '#api/selector.ts'
import type { ClusterCache } from '../cache.ts'
import { sameTaints } from '../cache.ts'
import type { Counter, DomainView } from '../counter.ts'
import { type Candidates, MAX_SCORE, plugin, skip } from '../framework.ts'
import type { Domains } from '../layout.ts'
import type { PodInfo } from '../pod-info.ts'
import { shapeOf } from '../pod-shape.ts'
import { type Constraint, counterOf, countsNode, defaultConstraints, HOSTNAME, hasKeys, viewOf } from '../spread-constraints.ts'
import { hopeless, unschedulable } from '../verdict.ts'

const NAME = 'PodTopologySpread'
const uneven = unschedulable(NAME, "node(s) didn't match pod topology spread constraints")
const keyless = hopeless(NAME, "node(s) didn't match pod topology spread constraints (missing required label)")

interface Hard {
  constraint: Constraint
  view: DomainView
  /** The least of all domains, as the constraint sees it. */
  least: number
  /** 1 when the Pod itself is among those it is spread with. */
  self: number
  /** Pods that a trial has put on (or taken from) the domain of its node. */
  delta: number
}

interface Soft {
  constraints: { constraint: Constraint; counter: Counter; view: DomainView; weight: number }[]
  /** A node must be in one of each of these for it to be scored. */
  strict: readonly Domains[]
}

function prepareHard(pod: PodInfo, cluster: ClusterCache): Hard[] {
  const constraints = pod.constraints.hard
  return constraints.map((constraint) => {
    const view = viewOf(constraint, pod, constraints, counterOf(constraint, pod, cluster), cluster)
    const least = view.size < constraint.minDomains ? 0 : view.least()
    const self = constraint.selector !== null && matches(constraint.selector, pod.labels) ? 1 : 0
    return { constraint, view, least, self, delta: 0 }
  })
}

/** The more domains, the more a Pod in one of them weighs: big numbers of small domains shall not drown. */
const weightOf = (domains: number): number => Math.log(domains + 2)

function prepareSoft(pod: PodInfo, candidates: Candidates, cluster: ClusterCache): Soft | null {
  const own = (pod.pod.spec.topologySpreadConstraints?.length ?? 0) > 0
  const constraints = own ? pod.constraints.soft : defaultConstraints(pod.pod, cluster)
  if (constraints.length === 0) return null
  const strict = own ? constraints.map((constraint) => cluster.domains(constraint.topologyKey)) : []
  return {
    strict,
    constraints: constraints.map((constraint) => {
      const counter = counterOf(constraint, pod, cluster)
      const view = viewOf(constraint, pod, own ? constraints : null, counter, cluster)
      return { constraint, counter, view, weight: weightOf(domainsAmong(candidates, strict, view)) }
    }),
  }
}

/** Whether the node at this position is in one of each of these. */
function isIn(position: number, strict: readonly Domains[]): boolean {
  for (const { ids } of strict) if ((ids[position] as number) < 0) return false
  return true
}

/** How many domains the nodes to be scored are in; there are no more than all, so that few nodes have to be asked. */
function domainsAmong({ count, rows }: Candidates, strict: readonly Domains[], { domains, size }: DomainView): number {
  const values = new Set<number>()
  let nodes = 0
  for (let i = 0; i < count; i++) {
    const position = rows[i] as number
    if (!isIn(position, strict)) continue
    nodes += 1
    if (domains.key === HOSTNAME) continue
    values.add(domains.ids[position] as number)
    if (values.size >= size) break
  }
  return domains.key === HOSTNAME ? nodes : values.size
}

const involved = (pod: Pod, other: Pod): boolean =>
  other.metadata.uid === pod.metadata.uid ||
  ((other.spec.nodeName !== undefined || !!other.status?.nominatedNodeName) &&
    other.metadata.namespace === pod.metadata.namespace)

const hardOf = (pod: Pod): readonly Constraint[] => shapeOf(pod).constraints(pod.metadata.labels).hard

const selectedBy = (pod: Pod, other: Pod): boolean[] =>
  hardOf(pod).map((c) => c.selector !== null && matches(c.selector, other.metadata.labels))

function nodeHint(pod: Pod, old: Node | null, next: Node | null): boolean {
  const constraints = hardOf(pod)
  const has = (node: Node | null) =>
    node !== null && constraints.every((c) => node.metadata.labels?.[c.topologyKey] !== undefined)
  if (!old || !next) return has(old) || has(next)
  if (has(old) !== has(next)) return true
  if (!has(next)) return false
  const moved = constraints.some((c) => old.metadata.labels?.[c.topologyKey] !== next.metadata.labels?.[c.topologyKey])
  return moved || !sameTaints(old.spec.taints, next.spec.taints)
}

export const podTopologySpread = plugin<Hard[], Soft>({
  name: NAME,
  weight: 2,
  preFilter(pod, cluster) {
    if (!pod.pod.spec.topologySpreadConstraints?.length) return skip
    const state = prepareHard(pod, cluster)
    return state.length === 0 ? skip : { state }
  },
  filter(_pod, node, state) {
    for (const { constraint, view, least, self, delta } of state) {
      const domain = view.domains.of(node)
      if (domain < 0) return keyless
      const others = delta === 0 || view.size < constraint.minDomains ? least : view.least(domain, delta)
      if (view.count(domain) + delta + self - others > constraint.maxSkew) return uneven
    }
    return null
  },
  fork: (state) => state.map((hard) => ({ ...hard })),
  imagine(state, pod, other, node, delta) {
    if (other.namespace !== pod.namespace) return
    if (
      !hasKeys(
        node,
        state.map((hard) => hard.constraint),
      )
    )
      return
    for (const hard of state) {
      const { selector } = hard.constraint
      if (!selector || !matches(selector, other.labels) || !countsNode(hard.constraint, pod.pod, node)) continue
      hard.delta += delta
    }
  },
  preScore(pod, candidates, cluster) {
    const state = prepareSoft(pod, candidates, cluster)
    return state ? { state } : skip
  },
  score(_pod, node, { constraints, strict }) {
    if (!isIn(node.position, strict)) return -1
    let score = 0
    for (const { constraint, counter, view, weight } of constraints) {
      const domain = view.domains.of(node)
      if (domain < 0) continue
      const count = constraint.topologyKey === HOSTNAME ? counter.on(node) : view.count(domain)
      score += count * weight + (constraint.maxSkew - 1)
    }
    return Math.round(score)
  },
  normalize(scores) {
    let least = Number.POSITIVE_INFINITY
    let most = 0
    for (const score of scores) {
      if (score < 0) continue
      if (score < least) least = score
      if (score > most) most = score
    }
    for (let i = 0; i < scores.length; i++) {
      const score = scores[i] as number
      if (score < 0) scores[i] = 0
      else scores[i] = most === 0 ? MAX_SCORE : Math.trunc((MAX_SCORE * (most + least - score)) / most)
    }
  },
  retryOn: {
    'pod/add': (pod, _old, next) => involved(pod, next) && selectedBy(pod, next).includes(true),
    'pod/delete': (pod, old) => involved(pod, old) && selectedBy(pod, old).includes(true),
    'pod/labels': (pod, old, next) =>
      involved(pod, next) && involved(pod, old) && selectedBy(pod, old).join() !== selectedBy(pod, next).join(),
    'pod/tolerations': (pod, _old, next) => next.metadata.uid === pod.metadata.uid && hardOf(pod).some((c) => c.honorTaints),
    'node/add': nodeHint,
    'node/delete': nodeHint,
    'node/labels': nodeHint,
    'node/taints': nodeHint,
  },
})
