/** A Pod as the scheduler sees it: the object, and what is parsed from it once. */

import { type HostPort, hostPortsOf } from '#api/host-ports.ts'
import type { Pod } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import { parseTime } from '#api/time.ts'
import { type PodTerms, termsOf } from './affinity-terms.ts'
import { type Requests, requestsOf, sameAmounts } from './resources.ts'

export class PodInfo {
  readonly pod: Pod
  readonly key: string
  readonly namespace: string
  readonly labels: Record<string, string> | undefined
  readonly priority: number
  readonly terminating: boolean
  readonly requests: Requests
  readonly ports: readonly HostPort[]
  readonly terms: PodTerms | null

  constructor(pod: Pod) {
    this.pod = pod
    this.key = keyOf(pod.metadata)
    this.namespace = pod.metadata.namespace ?? ''
    this.labels = pod.metadata.labels
    this.priority = pod.spec.priority ?? 0
    this.terminating = pod.metadata.deletionTimestamp !== undefined
    this.requests = requestsOf(pod)
    this.ports = hostPortsOf(pod)
    this.terms = termsOf(pod)
  }

  get uid(): string {
    return this.pod.metadata.uid ?? this.key
  }

  /** Whether this version counts on its node as that one did: then nothing kept about the node changes. */
  countsLike(other: PodInfo): boolean {
    return (
      this.terminating === other.terminating &&
      sameLabels(this.labels, other.labels) &&
      sameAmounts(this.requests, other.requests) &&
      this.ports.length === other.ports.length &&
      this.terms === other.terms
    )
  }
}

export function sameLabels(a: Record<string, string> | undefined, b: Record<string, string> | undefined): boolean {
  if (a === b) return true
  let left = 0
  for (const key in a) {
    left += 1
    if (b?.[key] !== a[key]) return false
  }
  for (const _ in b) left -= 1
  return left === 0
}

/** When the Pod began, in ms since 1970; a Pod that has not begun counts as beginning now. */
export function startOf(pod: Pod, now: number): number {
  const start = parseTime(pod.status?.startTime)
  return Number.isNaN(start) ? now : start
}

/** Higher priority first, then the older: who is spared first when Pods must go (scheduler/util MoreImportantPod). */
export function byImportance(now: number): (a: PodInfo, b: PodInfo) => number {
  return (a, b) =>
    b.priority - a.priority || startOf(a.pod, now) - startOf(b.pod, now) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
}

/** Pods that have ended take no room: the scheduler's watch leaves them out. */
export const hasEnded = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
