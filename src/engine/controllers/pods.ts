/** What controllers ask of Pods: alive, ready, available; making one from a template; which to give up first. */
import type { Pod, PodTemplateSpec } from '#api/kinds.ts'
import type { KubeObject } from '#api/meta.ts'
import { ApiError } from '#api/status.ts'
import { parseTime } from '#api/time.ts'
import type { NewObject } from '../machinery/client.ts'
import { controllerRef } from '../machinery/owners.ts'

export const isTerminal = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed'

/** Counts as a replica: neither finished nor being deleted (controller.IsPodActive). */
export const isActive = (pod: Pod): boolean => !isTerminal(pod) && !pod.metadata.deletionTimestamp

/** Being deleted, but still there (controller.IsPodTerminating). */
export const isTerminating = (pod: Pod): boolean => !isTerminal(pod) && pod.metadata.deletionTimestamp !== undefined

export function readyCondition({ status }: Pod) {
  const conditions = status?.conditions
  if (conditions) for (const condition of conditions) if (condition.type === 'Ready') return condition
  return undefined
}

export const isReady = (pod: Pod): boolean => readyCondition(pod)?.status === 'True'

/** When a ready Pod counts as available, in ms since 1970; NaN when it isn't ready or says not since when. */
export function availableAt(pod: Pod, minReadySeconds: number): number {
  const ready = readyCondition(pod)
  if (ready?.status !== 'True') return Number.NaN
  return minReadySeconds === 0 ? 0 : parseTime(ready.lastTransitionTime) + minReadySeconds * 1000
}

export const isAvailable = (pod: Pod, minReadySeconds: number, now: number): boolean => availableAt(pod, minReadySeconds) <= now

/** Whether a refusal says that the namespace is going away: nothing can be created there any more. */
export const isNamespaceTerminating = (error: unknown): boolean =>
  error instanceof ApiError && (error.status.details?.causes ?? []).some((cause) => cause.reason === 'NamespaceTerminating')

const MAX_NAME = 253

/** A Pod of this template, controlled by `owner`; the template's spec is shared, not copied (controller.GetPodFromTemplate). */
export function podFrom(template: PodTemplateSpec, owner: KubeObject): NewObject<Pod> {
  const { labels, annotations, finalizers } = template.metadata ?? {}
  const { name, namespace } = owner.metadata
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: name.length < MAX_NAME ? `${name}-` : name,
      ...(namespace ? { namespace } : {}),
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
      ...(finalizers ? { finalizers } : {}),
      ownerReferences: [controllerRef(owner)],
    },
    spec: template.spec,
  }
}

interface Ranked {
  pod: Pod
  assigned: number
  phase: number
  ready: number
  cost: number
  rank: number
  readySince: number
  restarts: number
  sidecarRestarts: number
  created: number
}

const PHASES: Record<string, number> = { Pending: 0, Unknown: 1, Running: 2 }

function restartsOf(pod: Pod): { restarts: number; sidecarRestarts: number } {
  let restarts = 0
  let sidecarRestarts = 0
  for (const { restartCount } of pod.status?.containerStatuses ?? []) restarts = Math.max(restarts, restartCount)
  for (const { name, restartCount } of pod.status?.initContainerStatuses ?? []) {
    const sidecar = pod.spec.initContainers?.find((container) => container.name === name)?.restartPolicy === 'Always'
    if (sidecar) sidecarRestarts = Math.max(sidecarRestarts, restartCount)
  }
  return { restarts, sidecarRestarts }
}

const costOf = (pod: Pod): number => {
  const text = pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost']
  return text !== undefined && /^(0|-?[1-9]\d*)$/.test(text) ? Number(text) : 0
}

function ranked(pod: Pod, rank: number): Ranked {
  const ready = readyCondition(pod)
  return {
    pod,
    assigned: pod.spec.nodeName ? 1 : 0,
    phase: PHASES[pod.status?.phase ?? ''] ?? 0,
    ready: ready?.status === 'True' ? 1 : 0,
    cost: costOf(pod),
    rank,
    readySince: ready?.status === 'True' ? parseTime(ready.lastTransitionTime) : Number.NaN,
    ...restartsOf(pod),
    created: parseTime(pod.metadata.creationTimestamp),
  }
}

/** log2 of an age in nanoseconds: ages of one magnitude count as the same. */
const magnitude = (time: number, now: number): number => (now > time ? Math.trunc(Math.log2((now - time) * 1e6)) : -1)

/** Younger first by magnitude, equals in the order of their UIDs, which is as good as random. */
function byAge(a: Ranked, b: Ranked, timeA: number, timeB: number, now: number): number {
  const difference = magnitude(timeA, now) - magnitude(timeB, now)
  if (difference !== 0) return difference
  return (a.pod.metadata.uid ?? '') < (b.pod.metadata.uid ?? '') ? -1 : 1
}

function compare(a: Ranked, b: Ranked, now: number): number {
  const first = a.assigned - b.assigned || a.phase - b.phase || a.ready - b.ready || a.cost - b.cost || b.rank - a.rank
  if (first !== 0) return first
  if (a.ready && a.readySince !== b.readySince) return byAge(a, b, a.readySince, b.readySince, now)
  const restarts = b.restarts - a.restarts || b.sidecarRestarts - a.sidecarRestarts
  if (restarts !== 0) return restarts
  return a.created === b.created ? 0 : byAge(a, b, a.created, b.created, now)
}

/**
 * Pods in the order in which they are given up (controller.ActivePodsWithRanks): unassigned, pending, not ready, of lower
 * deletion cost, doubled up on a node (`colocated`: active related Pods per node), younger, oftener restarted.
 */
export function leastUsefulFirst(pods: readonly Pod[], colocated: ReadonlyMap<string, number>, now: number): Pod[] {
  const list = pods.map((pod) => ranked(pod, colocated.get(pod.spec.nodeName ?? '') ?? 0))
  list.sort((a, b) => compare(a, b, now))
  return list.map(({ pod }) => pod)
}
