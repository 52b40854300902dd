/** What the autoscaler reads from Nodes and Pods. */
import { isTrue } from '#api/conditions.ts'
import type { Node, Pod } from '#api/kinds.ts'
import { controllerOf } from '#api/meta.ts'
import { parseTime } from '#api/time.ts'

export const isReady = (node: Node): boolean => isTrue(node, 'Ready')

/** Waits, and the scheduler has said that it fits nowhere. */
export function isUnschedulable({ metadata, spec, status }: Pod): boolean {
  if (spec.nodeName || status?.nominatedNodeName || metadata.deletionTimestamp) return false
  return (
    status?.conditions?.some((c) => c.type === 'PodScheduled' && c.status === 'False' && c.reason === 'Unschedulable') ?? false
  )
}

export const createdAt = ({ metadata }: Pod | Node): number => parseTime(metadata.creationTimestamp)
export const isDaemon = ({ metadata }: Pod): boolean =>
  controllerOf(metadata)?.kind === 'DaemonSet' ||
  metadata.annotations?.['cluster-autoscaler.kubernetes.io/daemonset-pod'] === 'true'
export const isMirror = ({ metadata }: Pod): boolean => metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined
