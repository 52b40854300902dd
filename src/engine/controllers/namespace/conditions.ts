/** The conditions of a namespace that is going: what was found, in the words of status_condition_utils.go. */
import type { Condition } from '#api/meta.ts'

/** Plain data: what one pass over the namespace's content found. */
export interface Findings {
  /** Seconds until what remains is expected to be gone; 0 when nothing is expected to remain. */
  estimateSeconds: number
  errors: string[]
  /** Group versions whose resources could not be learnt. */
  undiscovered: readonly string[]
  /** `pods.`, `deployments.apps` with the number of objects left. */
  remaining: [kind: string, count: number][]
  finalizers: [name: string, count: number][]
}

interface Finding {
  status: 'True' | 'False'
  reason: string
  message: string
}

const fine = (reason: string, message: string): Finding => ({ status: 'False', reason, message })
const trouble = (reason: string, message: string): Finding => ({ status: 'True', reason, message })

function discoveryFinding(versions: readonly string[]): Finding {
  if (versions.length === 0) return fine('ResourcesDiscovered', 'All resources successfully discovered')
  const failures = [...versions].sort().map((each) => `${each}: stale GroupVersion discovery: ${each}`)
  const why = `unable to retrieve the complete list of server APIs: ${failures.join(', ')}`
  return trouble('DiscoveryFailed', `Discovery failed for some groups, ${versions.length} failing: ${why}`)
}

function findingsByType({ errors, undiscovered, remaining, finalizers }: Findings): [string, Finding][] {
  const kinds = remaining.map(([kind, count]) => `${kind} has ${count} resource instances`).sort()
  const holders = finalizers.map(([name, count]) => `${name} in ${count} resource instances`).sort()
  return [
    ['NamespaceDeletionDiscoveryFailure', discoveryFinding(undiscovered)],
    ['NamespaceDeletionGroupVersionParsingFailure', fine('ParsedGroupVersions', 'All legacy kube types successfully parsed')],
    [
      'NamespaceDeletionContentFailure',
      errors.length
        ? trouble(
            'ContentDeletionFailed',
            `Failed to delete all resource types, ${errors.length} remaining: ${[...errors].sort().join(', ')}`,
          )
        : fine('ContentDeleted', 'All content successfully deleted, may be waiting on finalization'),
    ],
    [
      'NamespaceContentRemaining',
      kinds.length
        ? trouble('SomeResourcesRemain', `Some resources are remaining: ${kinds.join(', ')}`)
        : fine('ContentRemoved', 'All content successfully removed'),
    ],
    [
      'NamespaceFinalizersRemaining',
      holders.length
        ? trouble('SomeFinalizersRemain', `Some content in the namespace has finalizers remaining: ${holders.join(', ')}`)
        : fine('ContentHasNoFinalizers', 'All content-preserving finalizers finished'),
    ],
  ]
}

/** The namespace's conditions after this pass; null when they stay as they are. */
export function conditionsAfter(present: readonly Condition[], findings: Findings, time: string): Condition[] | null {
  let changed = false
  const next = [...present]
  for (const [type, finding] of findingsByType(findings)) {
    const at = next.findIndex((condition) => condition.type === type)
    const old = next[at]
    if (old?.status === finding.status && old.reason === finding.reason && old.message === finding.message) continue
    changed = true
    const since = old?.status === finding.status ? (old.lastTransitionTime ?? time) : time
    const condition: Condition = {
      type,
      status: finding.status,
      lastTransitionTime: since,
      reason: finding.reason,
      message: finding.message,
    }
    if (at < 0) next.push(condition)
    else next[at] = condition
  }
  return changed ? next : null
}
