/** Pod affinity terms, parsed once for all Pods that are alike (kube-scheduler framework AffinityTerm). */
import type { Affinity, PodAffinity, PodAffinityTerm } from '#api/kinds.ts'
import { matches, type Selector, selectorOf } from '#api/selector.ts'

export interface AffinityTerm {
  /** Equal for terms that mean the same, whoever wrote them. */
  readonly key: string
  readonly namespaces: readonly string[]
  /** `null` selects no namespace; an empty one every namespace. */
  readonly namespaceSelector: Selector | null
  /** `null` selects no Pod. */
  readonly selector: Selector | null
  readonly topologyKey: string
}

export interface WeightedTerm extends AffinityTerm {
  /** Negative for anti-affinity. */
  readonly weight: number
}

export interface PodTerms {
  readonly affinity: readonly AffinityTerm[]
  readonly antiAffinity: readonly AffinityTerm[]
  readonly preferred: readonly WeightedTerm[]
}

/** The inter-pod terms of a Pod of this namespace, or `null` when it has none. */
export const parseTerms = (affinity: Affinity | undefined, namespace: string): PodTerms | null =>
  affinity?.podAffinity || affinity?.podAntiAffinity ? parse(affinity, namespace) : null

const required = (affinity: PodAffinity | undefined, namespace: string): AffinityTerm[] =>
  (affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => parseTerm(term, namespace))

const preferred = (affinity: PodAffinity | undefined, namespace: string, sign: 1 | -1): WeightedTerm[] =>
  (affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ weight, podAffinityTerm }) => ({
    ...parseTerm(podAffinityTerm, namespace),
    weight: sign * weight,
  }))

const parse = (affinity: Affinity, namespace: string): PodTerms => ({
  affinity: required(affinity.podAffinity, namespace),
  antiAffinity: required(affinity.podAntiAffinity, namespace),
  preferred: [...preferred(affinity.podAffinity, namespace, 1), ...preferred(affinity.podAntiAffinity, namespace, -1)],
})

function parseTerm(term: PodAffinityTerm, namespace: string): AffinityTerm {
  const selector = selectorOf(term.labelSelector)
  const namespaceSelector = selectorOf(term.namespaceSelector)
  const own = !term.namespaces?.length && !term.namespaceSelector
  const namespaces = own ? [namespace] : [...(term.namespaces ?? [])].sort()
  const key = JSON.stringify([namespaces, namespaceSelector, selector, term.topologyKey])
  return { key, namespaces, namespaceSelector, selector, topologyKey: term.topologyKey }
}

/** Whether a term, of whomever, is about a Pod of this namespace with these labels. */
export function termSelects(
  term: AffinityTerm,
  namespace: string,
  labels: Record<string, string> | undefined,
  namespaceLabels: Record<string, string> | undefined,
): boolean {
  if (term.selector === null) return false
  const near =
    term.namespaces.includes(namespace) || (term.namespaceSelector !== null && matches(term.namespaceSelector, namespaceLabels))
  return near && matches(term.selector, labels)
}
