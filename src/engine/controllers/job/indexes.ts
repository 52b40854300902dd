/** Indexes of Indexed Jobs: sets of numbers written as `0,2-5,9` (pkg/controller/job/indexed_job_utils.go). */
import type { Job, Pod } from '#api/kinds.ts'

export const INDEX = 'batch.kubernetes.io/job-completion-index'
const FAILURES = 'batch.kubernetes.io/job-index-failure-count'
const IGNORED = 'batch.kubernetes.io/job-index-ignored-failure-count'

export const isIndexed = ({ spec }: Job): boolean => spec.completionMode === 'Indexed'

/** The Pod's completion index, or -1. */
export function indexOf({ metadata }: Pod): number {
  const text = metadata.annotations?.[INDEX]
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : -1
}

/** The Pod's index if the Job has that many completions, or -1. */
export const validIndexOf = (pod: Pod, job: Job): number => (indexOf(pod) < (job.spec.completions ?? 0) ? indexOf(pod) : -1)

/** Reads `0,2-5`; numbers from `completions` on are left out, for a Job may have been scaled down. */
export function parseIndexes(text: string | undefined, completions: number): Set<number> {
  const indexes = new Set<number>()
  for (const part of (text ?? '').split(',')) {
    const range = /^(\d+)(?:-(\d+))?$/.exec(part)
    if (!range) continue
    const last = Math.min(Number(range[2] ?? range[1]), completions - 1)
    for (let i = Number(range[1]); i <= last; i++) indexes.add(i)
  }
  return indexes
}

export function formatIndexes(indexes: ReadonlySet<number>): string {
  const sorted = [...indexes].sort((a, b) => a - b)
  const parts: string[] = []
  for (let i = 0; i < sorted.length; ) {
    let end = i
    while (sorted[end + 1] === (sorted[end] as number) + 1) end += 1
    const [first, last] = [sorted[i], sorted[end]]
    parts.push(end === i ? `${first}` : end === i + 1 ? `${first},${last}` : `${first}-${last}`)
    i = end + 1
  }
  return parts.join()
}

const count = (pod: Pod, annotation: string): number => {
  const text = pod.metadata.annotations?.[annotation]
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : 0
}

/** How often the index of this Pod had failed before it. */
export const failureCount = (pod: Pod): number => count(pod, FAILURES)
export const ignoredFailureCount = (pod: Pod): number => count(pod, IGNORED)

/** What the replacement of a failed Pod remembers of the failures of its index. */
export function failureAnnotations(replaced: Pod | undefined, counted: boolean): Record<string, string> {
  const failures = replaced ? failureCount(replaced) + (counted ? 1 : 0) : 0
  const ignored = replaced ? ignoredFailureCount(replaced) + (counted ? 0 : 1) : 0
  return { [FAILURES]: String(failures), ...(ignored > 0 ? { [IGNORED]: String(ignored) } : {}) }
}

/** The lowest `wanted` indexes that are not taken. */
export function pendingIndexes(wanted: number, completions: number, taken: (index: number) => boolean): number[] {
  const pending: number[] = []
  for (let i = 0; i < completions && pending.length < wanted; i++) if (!taken(i)) pending.push(i)
  return pending
}
