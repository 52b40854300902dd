/** Holds a Pod to the nodes its nodeSelector and node affinity ask for, and prefers those it would like. */
import type { NodeSelectorTerm, Pod } from '#api/kinds.ts'
import { nodeMatches, requiredTerms, termMatches } from '#api/node-selector.ts'
import { type Prepared, plugin, ready, scale, skip } from '../framework.ts'
import { hopeless } from '../verdict.ts'

const NAME = 'NodeAffinity'
const mismatch = hopeless(NAME, "node(s) didn't match Pod's node affinity/selector")
const conflict = hopeless(NAME, 'pod affinity terms conflict')

type Preferred = { weight: number; preference: NodeSelectorTerm }[]

/** The nodes that the terms name by `metadata.name`; `null` when some term leaves the name open. */
function namedNodes(terms: readonly NodeSelectorTerm[]): Set<string> | null {
  const named = new Set<string>()
  for (const term of terms) {
    const lists = (term.matchFields ?? [])
      .filter((r) => r.key === 'metadata.name' && r.operator === 'In')
      .map((r) => r.values ?? [])
    const [first, ...others] = lists
    if (!first) return null
    for (const name of first) if (others.every((list) => list.includes(name))) named.add(name)
  }
  return named
}

const matchesNow = (pod: Pod, old: any, next: any): boolean => nodeMatches(pod, next) && (!old || !nodeMatches(pod, old))

export const nodeAffinity = plugin<null, Preferred>({
  name: NAME,
  weight: 2,
  local: true,
  preFilter({ pod }) {
    const terms = requiredTerms(pod)
    if (!terms && !pod.spec.nodeSelector) return skip
    const nodes = terms?.length ? namedNodes(terms) : null
    if (nodes === null) return ready
    return nodes.size === 0 ? { refused: conflict } : ({ state: null, nodes } satisfies Prepared<null>)
  },
  filter: ({ pod }, node) => (node.node && nodeMatches(pod, node.node) ? null : mismatch),
  preScore({ pod }) {
    const preferred = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution
    return preferred ? { state: preferred } : skip
  },
  score(_pod, { node }, preferred) {
    let score = 0
    for (const { weight, preference } of preferred) if (node && termMatches(preference, node)) score += weight
    return score
  },
  normalize: (scores) => scale(scores, false),
  retryOn: { 'node/add': matchesNow, 'node/labels': matchesNow },
})
