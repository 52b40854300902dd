/** Running counts of an owner's Pods: one event changes them by one Pod's share, so that no sync has to count them all. */
import type { Pod } from '#api/kinds.ts'
import { isActive, isReady, isTerminating } from './pods.ts'
import type { ReplicaKind, Replicated } from './replicas-kind.ts'

/** Plain data; replaced, never changed. `available` is right for owners without minReadySeconds. */
export interface Tally {
  active: number
  labelled: number
  ready: number
  available: number
  terminating: number
}

const share = (active: number, labelled: number, ready: number, terminating: number): Tally => ({
  active,
  labelled,
  ready,
  available: ready,
  terminating,
})

export const EMPTY: Tally = share(0, 0, 0, 0)
/** There are few different shares: equal ones are the same object, so that "nothing changed" is a comparison of references. */
const LEAVING = share(0, 0, 0, 1)
const ACTIVE = [share(1, 0, 0, 0), share(1, 1, 0, 0), share(1, 0, 1, 0), share(1, 1, 1, 0)] as const

/** What one Pod, controlled by the owner, adds to its counts. */
export function contribution<T extends Replicated>(pod: Pod, owner: T, kind: ReplicaKind<T>): Tally {
  const { labels } = pod.metadata
  if (isActive(pod)) {
    if (!kind.selects(owner, labels)) return EMPTY
    return ACTIVE[(carries(labels, owner.spec.template?.metadata?.labels) ? 1 : 0) + (isReady(pod) ? 2 : 0)] as Tally
  }
  return isTerminating(pod) && kind.selects(owner, labels) ? LEAVING : EMPTY
}

function carries(labels: Record<string, string> | undefined, wanted: Record<string, string> | undefined): boolean {
  for (const key in wanted) if (labels?.[key] !== wanted[key]) return false
  return true
}

export const add = (a: Tally, b: Tally, sign: 1 | -1): Tally => ({
  active: a.active + sign * b.active,
  labelled: a.labelled + sign * b.labelled,
  ready: a.ready + sign * b.ready,
  available: a.available + sign * b.available,
  terminating: a.terminating + sign * b.terminating,
})

export const tallyOf = <T extends Replicated>(pods: readonly Pod[], owner: T, kind: ReplicaKind<T>): Tally =>
  pods.reduce((sum, pod) => add(sum, contribution(pod, owner, kind), 1), EMPTY)
