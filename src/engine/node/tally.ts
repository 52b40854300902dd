/** What has happened on a kubelet since it began, and how often: each fact is words, its metrics (kubelet-metrics.ts) say what they mean. */
import type { PodStatus } from '#api/kinds.ts'

const LISTS = ['initContainerStatuses', 'containerStatuses', 'ephemeralContainerStatuses'] as const

export class Tally {
  counts: Record<string, number> = {}

  add(...words: (string | number | boolean | undefined)[]): void {
    const key = words.join(' ')
    this.counts[key] = (this.counts[key] ?? 0) + 1
  }

  /** Containers that this status is the first to show as ended. */
  ended(before: PodStatus, status: PodStatus): void {
    for (const list of LISTS) {
      for (const { name, state } of status[list] ?? []) {
        const end = state?.terminated
        if (end && !before[list]?.some((old: { name: string; state?: any }) => old.name === name && old.state?.terminated))
          this.add('end', list, end.exitCode, end.reason)
      }
    }
  }
}
