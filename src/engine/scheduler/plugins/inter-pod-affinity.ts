/** Brings Pods near others, or keeps them apart: what the Pod asks for, and what Pods already placed ask of it. */
import type { Node, Pod } from '#api/kinds.ts'
import { matches } from '#api/selector.ts'
import { type AffinityTerm, type PodTerms, termSelects } from '../affinity-terms.ts'
import type { ClusterCache } from '../cache.ts'
import type { Counter, DomainView } from '../counter.ts'
import { MAX_SCORE, plugin, skip } from '../framework.ts'
import { pairOf } from '../label-index.ts'
import type { Domains } from '../layout.ts'
import type { NodeInfo } from '../node-info.ts'
import type { PodInfo } from '../pod-info.ts'
import { shapeOf } from '../pod-shape.ts'
import { hopeless, unschedulable } from '../verdict.ts'

const NAME = 'InterPodAffinity'
const affinityUnmet = hopeless(NAME, "node(s) didn't match pod affinity rules")
const antiAffinityUnmet = unschedulable(NAME, "node(s) didn't match pod anti-affinity rules")
const othersObject = unschedulable(NAME, "node(s) didn't satisfy existing pods anti-affinity rules")

/** A term of the Pod itself, with the namespaces it is about (`null`: all). */
interface OwnTerm {
  term: AffinityTerm
  namespaces: readonly string[] | null
}

interface State {
  affinity: { own: OwnTerm; view: DomainView }[]
  /** `delta`: Pods that a trial has put on (or taken from) its node. */
  affinityDelta: number
  anti: { own: OwnTerm; view: DomainView; delta: number }[]
  /** Anti-affinity of placed Pods against this one, by topology key. */
  others: { domains: Domains; views: DomainView[]; delta: number }[]
  namespaceLabels: Record<string, string> | undefined
  cluster: ClusterCache
}

/** Terms with their weights: a node scores the weight of each for every such Pod in its domain. */
type Pulls = { view: DomainView; weight: number }[]

function resolve(term: AffinityTerm, cluster: ClusterCache): OwnTerm {
  const { namespaceSelector } = term
  if (namespaceSelector === null) return { term, namespaces: term.namespaces }
  if (namespaceSelector.length === 0) return { term, namespaces: null }
  const more = cluster.lookups.namespacesBy(JSON.stringify(namespaceSelector), (labels) => matches(namespaceSelector, labels))
  return { term, namespaces: [...new Set([...term.namespaces, ...more])].sort() }
}

const selectsPod = ({ term, namespaces }: OwnTerm, pod: PodInfo): boolean =>
  (namespaces === null || namespaces.includes(pod.namespace)) && term.selector !== null && matches(term.selector, pod.labels)

const selectsAll = (terms: readonly { own: OwnTerm }[], pod: PodInfo): boolean =>
  terms.length > 0 && terms.every(({ own }) => selectsPod(own, pod))

/** The running count of the Pods that all these terms select. */
function counterOf(terms: readonly OwnTerm[], cluster: ClusterCache): Counter {
  const [first] = terms
  const key = `affinity\u0000${terms.map(({ term, namespaces }) => JSON.stringify([namespaces, term.selector])).join('\u0000')}`
  return cluster.tally(key, () => ({
    namespaces: first?.namespaces ?? null,
    pair: pairOf(first?.term.selector ?? null),
    counts: (pod) => terms.every((own) => selectsPod(own, pod)),
  }))
}

const viewOf = (counter: Counter, topologyKey: string, cluster: ClusterCache): DomainView =>
  counter.view('', cluster.domains(topologyKey), null, cluster.nodes)

function othersAgainst(pod: PodInfo, namespaceLabels: State['namespaceLabels'], cluster: ClusterCache): State['others'] {
  const byKey = new Map<string, DomainView[]>()
  for (const { term, counter } of cluster.antiTerms.about(pod, namespaceLabels)) {
    const view = viewOf(counter, term.topologyKey, cluster)
    if (view.total === 0) continue
    const views = byKey.get(term.topologyKey)
    if (views) views.push(view)
    else byKey.set(term.topologyKey, [view])
  }
  return [...byKey].map(([topologyKey, views]) => ({ domains: cluster.domains(topologyKey), views, delta: 0 }))
}

function prepare(pod: PodInfo, cluster: ClusterCache): State | null {
  const namespaceLabels = cluster.lookups.namespaceLabels(pod.namespace)
  const others = othersAgainst(pod, namespaceLabels, cluster)
  const affinity = (pod.terms?.affinity ?? []).map((term) => resolve(term, cluster))
  const anti = (pod.terms?.antiAffinity ?? []).map((term) => resolve(term, cluster))
  if (others.length === 0 && affinity.length === 0 && anti.length === 0) return null
  const near = affinity.length > 0 ? counterOf(affinity, cluster) : null
  return {
    affinity: near ? affinity.map((own) => ({ own, view: viewOf(near, own.term.topologyKey, cluster) })) : [],
    affinityDelta: 0,
    anti: anti.map((own) => ({ own, view: viewOf(counterOf([own], cluster), own.term.topologyKey, cluster), delta: 0 })),
    others,
    namespaceLabels,
    cluster,
  }
}

function affinityHolds({ affinity, affinityDelta }: State, pod: PodInfo, node: NodeInfo): boolean {
  let near = true
  for (const { view } of affinity) {
    const domain = view.domains.of(node)
    if (domain < 0) return false
    if (view.count(domain) + affinityDelta <= 0) near = false
  }
  if (near) return true
  // The first of a group that wants to be together must go somewhere: when nobody matches yet and it matches itself.
  const nobody = affinity.every(({ view }) => view.total + affinityDelta === 0)
  return nobody && selectsAll(affinity, pod)
}

function antiAffinityHolds({ anti }: State, node: NodeInfo): boolean {
  for (const { view, delta } of anti) {
    const domain = view.domains.of(node)
    if (domain >= 0 && view.count(domain) + delta > 0) return false
  }
  return true
}

function othersAgree({ others }: State, node: NodeInfo): boolean {
  for (const { domains, views, delta } of others) {
    const domain = domains.of(node)
    if (domain < 0) continue
    let count = delta
    for (const view of views) count += view.count(domain)
    if (count > 0) return false
  }
  return true
}

function pullsOn(pod: PodInfo, cluster: ClusterCache): Pulls {
  const pulls: Pulls = []
  const push = (counter: Counter, topologyKey: string, weight: number) => {
    const view = viewOf(counter, topologyKey, cluster)
    if (view.total > 0) pulls.push({ view, weight })
  }
  for (const term of pod.terms?.preferred ?? []) push(counterOf([resolve(term, cluster)], cluster), term.topologyKey, term.weight)
  const labels = cluster.lookups.namespaceLabels(pod.namespace)
  for (const { term, counter, weight } of cluster.pullTerms.about(pod, labels)) push(counter, term.topologyKey, weight)
  return pulls
}

const placed = (pod: Pod): boolean => pod.spec.nodeName !== undefined || !!pod.status?.nominatedNodeName

const hits = (terms: readonly AffinityTerm[], pod: Pod): boolean =>
  terms.length > 0 && terms.every((term) => termSelects(term, pod.metadata.namespace ?? '', pod.metadata.labels, undefined))

const NO_TERMS: PodTerms = { affinity: [], antiAffinity: [], preferred: [] }
const termsOf = (pod: Pod): PodTerms => shapeOf(pod).terms(pod.metadata.namespace) ?? NO_TERMS

function labelHint(pod: Pod, old: Pod, next: Pod): boolean {
  if (pod.metadata.uid === next.metadata.uid) return true
  if (!placed(next) || !placed(old)) return false
  const { affinity, antiAffinity } = termsOf(pod)
  return (!hits(affinity, old) && hits(affinity, next)) || (hits(antiAffinity, old) && !hits(antiAffinity, next))
}

function nodeHint(pod: Pod, old: Node | null, next: Node): boolean {
  const { affinity, antiAffinity } = termsOf(pod)
  if (!old) return antiAffinity.length > 0 || affinity.some((t) => next.metadata.labels?.[t.topologyKey] !== undefined)
  const change = (key: string) => [old.metadata.labels?.[key], next.metadata.labels?.[key]] as const
  const nearer = affinity.some((t) => {
    const [before, after] = change(t.topologyKey)
    return after !== undefined && before !== after
  })
  const freer = antiAffinity.some((t) => {
    const [before, after] = change(t.topologyKey)
    return before !== undefined && before !== after
  })
  return nearer || freer
}

export const interPodAffinity = plugin<State, Pulls>({
  name: NAME,
  weight: 2,
  preFilter(pod, cluster) {
    const state = prepare(pod, cluster)
    return state ? { state } : skip
  },
  filter(pod, node, state) {
    if (!affinityHolds(state, pod, node)) return affinityUnmet
    if (!antiAffinityHolds(state, node)) return antiAffinityUnmet
    return othersAgree(state, node) ? null : othersObject
  },
  fork: (state) => ({
    ...state,
    anti: state.anti.map((anti) => ({ ...anti })),
    others: state.others.map((other) => ({ ...other })),
  }),
  imagine(state, pod, other, _node, delta) {
    if (selectsAll(state.affinity, other)) state.affinityDelta += delta
    for (const anti of state.anti) if (selectsPod(anti.own, other)) anti.delta += delta
    for (const term of other.terms?.antiAffinity ?? []) {
      if (!termSelects(term, pod.namespace, pod.labels, state.namespaceLabels)) continue
      const known = state.others.find(({ domains }) => domains.key === term.topologyKey)
      if (known) known.delta += delta
      else state.others.push({ domains: state.cluster.domains(term.topologyKey), views: [], delta })
    }
  },
  preScore(pod, _nodes, cluster) {
    const state = pullsOn(pod, cluster)
    return state.length === 0 ? skip : { state }
  },
  score(_pod, node, pulls) {
    let score = 0
    for (const { view, weight } of pulls) {
      const domain = view.domains.of(node)
      if (domain >= 0) score += weight * view.count(domain)
    }
    return score
  },
  normalize(scores) {
    let least = Number.POSITIVE_INFINITY
    let most = Number.NEGATIVE_INFINITY
    for (const score of scores) {
      if (score < least) least = score
      if (score > most) most = score
    }
    const range = most - least
    for (let i = 0; i < scores.length; i++) {
      scores[i] = range > 0 ? Math.trunc(MAX_SCORE * (((scores[i] as number) - least) / range)) : 0
    }
  },
  retryOn: {
    'pod/add': (pod, _old, next) => placed(next) && hits(termsOf(pod).affinity, next),
    'pod/delete': (pod, old) => placed(old) && (hits(termsOf(pod).antiAffinity, old) || hits(termsOf(old).antiAffinity, pod)),
    'pod/labels': labelHint,
    'node/add': nodeHint,
    'node/labels': nodeHint,
  },
})
