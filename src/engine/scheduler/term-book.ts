/** The affinity terms of the Pods that are placed, one entry for all Pods with the same term. */
import { type AffinityTerm, termSelects } from './affinity-terms.ts'
import { Counter } from './counter.ts'
import { LabelIndex, pairOf } from './label-index.ts'
import type { NodeInfo } from './node-info.ts'
import type { PodInfo } from './pod-info.ts'

export interface TermGroup {
  readonly term: AffinityTerm
  /** What one Pod with this term adds: a weight, or 1. */
  readonly weight: number
  /** How many Pods with this term are on each node. */
  readonly counter: Counter
}

const namespacesOf = (term: AffinityTerm): readonly string[] | null => (term.namespaceSelector === null ? term.namespaces : null)

export class TermBook {
  readonly #groups = new Map<string, TermGroup>()
  readonly #index = new LabelIndex<TermGroup>()

  bump(term: AffinityTerm, weight: number, node: NodeInfo, delta: 1 | -1): void {
    if (term.selector === null) return
    const key = `${weight}\u0000${term.key}`
    let group = this.#groups.get(key)
    if (!group) {
      group = { term, weight, counter: new Counter() }
      this.#groups.set(key, group)
      this.#index.add(group, namespacesOf(term), pairOf(term.selector))
    }
    group.counter.bump(node, delta)
    if (group.counter.total === 0) {
      this.#groups.delete(key)
      this.#index.remove(group, namespacesOf(term), pairOf(term.selector))
    }
  }

  /** The groups whose term selects this Pod. */
  about(pod: PodInfo, namespaceLabels: Record<string, string> | undefined): TermGroup[] {
    const found: TermGroup[] = []
    this.#index.near(pod.namespace, pod.labels, (group) => {
      if (termSelects(group.term, pod.namespace, pod.labels, namespaceLabels)) found.push(group)
    })
    return found
  }
}
