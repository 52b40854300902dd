/** Node selectors and required node affinity (component-helpers scheduling/corev1/nodeaffinity). */
import type { Node, NodeSelectorRequirement, NodeSelectorTerm, Pod } from './kinds.ts'
import { matches, type Requirement, type Selector } from './selector.ts'

const compiled = new WeakMap<readonly NodeSelectorRequirement[], Selector>()

function selectorFrom(requirements: readonly NodeSelectorRequirement[]): Selector {
  let selector = compiled.get(requirements)
  if (!selector) {
    selector = requirements.map((r): Requirement => ({ key: r.key, op: r.operator as Requirement['op'], values: r.values ?? [] }))
    compiled.set(requirements, selector)
  }
  return selector
}

/** Whether a term selects the node; an empty term selects none. The only field is `metadata.name`. */
export function termMatches(term: NodeSelectorTerm, node: Node): boolean {
  const { matchExpressions, matchFields } = term
  if (!matchExpressions?.length && !matchFields?.length) return false
  if (matchExpressions?.length && !matches(selectorFrom(matchExpressions), node.metadata.labels)) return false
  return !matchFields?.length || matches(selectorFrom(matchFields), { 'metadata.name': node.metadata.name })
}

export const anyTermMatches = (terms: readonly NodeSelectorTerm[], node: Node): boolean =>
  terms.some((term) => termMatches(term, node))

export const requiredTerms = (pod: Pod): readonly NodeSelectorTerm[] | undefined =>
  pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms

/** Whether the node has what the Pod's nodeSelector and required node affinity ask for. */
export function nodeMatches(pod: Pod, node: Node): boolean {
  const wanted = pod.spec.nodeSelector
  if (wanted) {
    const labels = node.metadata.labels
    for (const key in wanted) if (labels?.[key] !== wanted[key]) return false
  }
  const terms = requiredTerms(pod)
  return terms === undefined || anyTermMatches(terms, node)
}
