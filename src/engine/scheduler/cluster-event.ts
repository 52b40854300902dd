/** Things that happen in the cluster and may make a rejected Pod fit: named finely, so that few Pods are tried in vain. */
import type { Node, Pod } from '#api/kinds.ts'
import { sameTaints } from './cache.ts'
import { sameLabels } from './pod-info.ts'
import { requestsOf } from './resources.ts'

/** `pod/add` is a Pod that got a node; `pod/delete` one that freed its node; the other `pod/…` are updates of any Pod. */
export type ClusterEvent =
  | 'node/add'
  | 'node/delete'
  | 'node/allocatable'
  | 'node/labels'
  | 'node/taints'
  | 'node/conditions'
  | 'node/annotations'
  | 'pod/add'
  | 'pod/delete'
  | 'pod/labels'
  | 'pod/scale-down'
  | 'pod/tolerations'
  | 'pod/gates'
  | 'pod/claims'
  | 'pod/other'
  | 'claim/add'
  | 'claim/update'
  | 'volume/add'
  | 'volume/update'
  | 'class/add'
  | 'class/update'
  | 'device-claim/add'
  | 'device-claim/update'
  | 'device-class/add'
  | 'device-class/update'
  | 'device-slice/add'
  | 'device-slice/update'

/** The objects before and after; `null` when there was or is none. */
export interface Happening {
  readonly event: ClusterEvent
  readonly old: any
  readonly next: any
}

const sameResources = (a: Record<string, string | number> = {}, b: Record<string, string | number> = {}): boolean => {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name])
}

const conditionsOf = (node: Node): string =>
  (node.status?.conditions ?? [])
    .map((c) => `${c.type}=${c.status}`)
    .sort()
    .join()

/** What a node's update amounts to (scheduler framework NodeSchedulingPropertiesChange). */
export function nodeEvents(old: Node, next: Node): ClusterEvent[] {
  const events: ClusterEvent[] = []
  if (old.spec.unschedulable && !next.spec.unschedulable) events.push('node/taints')
  if (!sameResources(old.status?.allocatable, next.status?.allocatable)) events.push('node/allocatable')
  if (!sameLabels(old.metadata.labels, next.metadata.labels)) events.push('node/labels')
  if (!sameTaints(old.spec.taints, next.spec.taints)) events.push('node/taints')
  if (old.status?.conditions !== next.status?.conditions && conditionsOf(old) !== conditionsOf(next)) {
    events.push('node/conditions')
  }
  if (!sameLabels(old.metadata.annotations, next.metadata.annotations)) events.push('node/annotations')
  return [...new Set(events)]
}

/** What a Pod's update amounts to (scheduler framework PodSchedulingPropertiesChange). */
export function podEvents(old: Pod, next: Pod): ClusterEvent[] {
  const events: ClusterEvent[] = []
  if (!sameLabels(old.metadata.labels, next.metadata.labels)) events.push('pod/labels')
  if (old.spec !== next.spec || old.status?.containerStatuses !== next.status?.containerStatuses) {
    if (scaledDown(old, next)) events.push('pod/scale-down')
    if (old.spec.schedulingGates?.length && !next.spec.schedulingGates?.length) events.push('pod/gates')
    if ((old.spec.tolerations?.length ?? 0) !== (next.spec.tolerations?.length ?? 0)) events.push('pod/tolerations')
  }
  const [claims, before] = [next.status?.resourceClaimStatuses, old.status?.resourceClaimStatuses]
  if (claims !== before && JSON.stringify(claims) !== JSON.stringify(before)) events.push('pod/claims')
  return events.length > 0 ? events : OTHER
}
const OTHER: ClusterEvent[] = ['pod/other']

function scaledDown(old: Pod, next: Pod): boolean {
  const [before, after] = [requestsOf(old), requestsOf(next)]
  if (before === after) return false
  if (after.cpu < before.cpu || after.memory < before.memory || after.ephemeral < before.ephemeral) return true
  for (const name in before.scalars) if ((after.scalars?.[name] ?? 0) < (before.scalars[name] ?? 0)) return true
  return false
}
