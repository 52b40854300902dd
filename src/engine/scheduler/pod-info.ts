/** A Pod as the scheduler sees it: the object, and what is parsed from it once. */

import type { HostPort } from '#api/host-ports.ts'
import type { Pod } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import { parseTime } from '#api/time.ts'
import type { PodTerms } from './affinity-terms.ts'
import type { NodeInfo } from './node-info.ts'
import { type PodShape, readShape } from './pod-shape.ts'
import { type Requests, requestsOf, sameAmounts } from './resources.ts'
import type { Constraints } from './spread-constraints.ts'

export class PodInfo {
  /** The newest version; an older one is replaced when the new one counts the same. */
  pod: Pod
  readonly key: string
  readonly shape: PodShape
  readonly requests: Requests
  /** Where it counts; `null` while it is nowhere. */
  place: NodeInfo | null = null

  constructor(pod: Pod, key = keyOf(pod.metadata)) {
    this.pod = pod
    this.key = key
    this.shape = readShape(pod)
    this.requests = askedBy(pod, this.shape)
  }

  get namespace(): string {
    return this.pod.metadata.namespace ?? ''
  }
  get labels(): Record<string, string> | undefined {
    return this.pod.metadata.labels
  }
  get priority(): number {
    return this.pod.spec.priority ?? 0
  }
  get terminating(): boolean {
    return this.pod.metadata.deletionTimestamp !== undefined
  }
  get uid(): string {
    return this.pod.metadata.uid ?? this.key
  }
  get ports(): readonly HostPort[] {
    return this.shape.ports
  }
  get terms(): PodTerms | null {
    return this.shape.terms(this.pod.metadata.namespace)
  }
  get constraints(): Constraints {
    return this.shape.constraints(this.pod.metadata.labels)
  }

  /** Whether a newer version counts on its node as this one does: then nothing kept about the node changes. */
  countsLike(pod: Pod): boolean {
    const old = this.pod
    if ((old.metadata.deletionTimestamp === undefined) !== (pod.metadata.deletionTimestamp === undefined)) return false
    if (!sameLabels(old.metadata.labels, pod.metadata.labels)) return false
    const shape = sameSpec(old.spec, pod.spec) ? this.shape : readShape(pod)
    return shape === this.shape && sameAmounts(this.requests, askedBy(pod, shape))
  }
}

/** Whether two specs share all parts that a shape is made of: a Pod that was only bound keeps them. */
const sameSpec = (a: Pod['spec'], b: Pod['spec']): boolean =>
  a === b ||
  (a.containers === b.containers &&
    a.initContainers === b.initContainers &&
    a.tolerations === b.tolerations &&
    a.affinity === b.affinity &&
    a.topologySpreadConstraints === b.topologySpreadConstraints &&
    a.resources === b.resources)

/** A Pod that runs may ask for more than its spec says, while it is being resized. */
const askedBy = (pod: Pod, shape: PodShape): Requests =>
  pod.status?.containerStatuses || pod.status?.initContainerStatuses ? requestsOf(pod) : shape.requests

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
