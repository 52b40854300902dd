/** The annotations that a Deployment keeps on its ReplicaSets: revision, history, sizes, and copies of its own. */
import type { Deployment, ReplicaSet } from '#api/kinds.ts'
import { DESIRED, MAX, maxSurge, REVISION, REVISION_HISTORY, wanted } from './facts.ts'

type Annotations = Record<string, string>

/** Not copied from the Deployment to its ReplicaSets. */
const OWN = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deprecated.deployment.rollback.to',
  REVISION,
  REVISION_HISTORY,
  DESIRED,
  MAX,
])

const HISTORY_LIMIT = 2000

/** Annotations of the new ReplicaSet, or null when they are right already (SetNewReplicaSetAnnotations). */
export function newSetAnnotations(d: Deployment, present: Annotations | undefined, revision: bigint): Annotations | null {
  const next: Annotations = { ...present }
  let changed = false
  for (const [key, value] of Object.entries(d.metadata.annotations ?? {})) {
    if (OWN.has(key) || next[key] === value) continue
    next[key] = value
    changed = true
  }
  const old = next[REVISION]
  if (old && !/^-?\d+$/.test(old)) return null
  if (BigInt(old || 0) < revision) {
    next[REVISION] = String(revision)
    if (old !== undefined) remember(next, old)
    changed = true
  }
  return changed ? next : null
}

/** Rolling back to a ReplicaSet gives it a new revision; the old one goes into its history, which has a length limit. */
function remember(annotations: Annotations, revision: string): void {
  const history = (annotations[REVISION_HISTORY] ?? '').split(',')
  if (!history[0]) {
    annotations[REVISION_HISTORY] = revision
    return
  }
  history.push(revision)
  while (history.join().length > HISTORY_LIMIT) history.shift()
  if (history.length > 0) annotations[REVISION_HISTORY] = history.join()
}

export const sizeAnnotations = (d: Deployment): Annotations => ({
  [DESIRED]: String(wanted(d)),
  [MAX]: String(wanted(d) + maxSurge(d)),
})

export function sizesDiffer(rs: ReplicaSet, d: Deployment): boolean {
  const present = rs.metadata.annotations
  const next = sizeAnnotations(d)
  return present?.[DESIRED] !== next[DESIRED] || present?.[MAX] !== next[MAX]
}
