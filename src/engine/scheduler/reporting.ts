/** What the scheduler writes about a Pod: the condition PodScheduled, the nomination, and events. */
import type { Pod, PodCondition } from '#api/kinds.ts'
import { ApiError, isNotFound } from '#api/status.ts'
import { formatTime } from '#api/time.ts'
import type { Api } from '../machinery/client.ts'
import type { EventRecorder } from '../machinery/events.ts'
import type { PodInfo } from './pod-info.ts'

/** Longest note of an event (events.k8s.io validation). */
const NOTE_LIMIT = 1024
const shorten = (text: string): string => (text.length <= NOTE_LIMIT ? text : `${text.slice(0, NOTE_LIMIT - 4)} ...`)

type NewCondition = Pick<PodCondition, 'type' | 'status' | 'reason' | 'message'>

/** The condition with its time, or `null` when the Pod has it already. */
function changed(pod: Pod, condition: NewCondition, now: number): PodCondition | null {
  const old = pod.status?.conditions?.find((c) => c.type === condition.type)
  const same = old && old.status === condition.status
  if (same && old.reason === condition.reason && old.message === condition.message) return null
  return {
    ...condition,
    lastProbeTime: null,
    lastTransitionTime: same ? (old.lastTransitionTime ?? formatTime(now)) : formatTime(now),
    observedGeneration: pod.metadata.generation ?? 1,
  }
}

/** Sends only what differs; a Pod that is gone meanwhile is no trouble. */
function patchStatus(api: Api, pod: Pod, status: Record<string, unknown>, because: string): void {
  const { namespace = '', name } = pod.metadata
  try {
    api.patch('pods', namespace, name, 'strategic', { status }, { subresource: 'status', because })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
  }
}

/** Tells that the Pod could not be placed. `nominated`: the node it waits for from now on, "" for none, absent: unchanged. */
export function reportFailure(
  api: Api,
  events: EventRecorder,
  pod: Pod,
  failure: { reason: 'Unschedulable' | 'SchedulerError'; message: string; nominated: string | undefined; now: number },
): void {
  const { reason, message, nominated, now } = failure
  events.record(pod, 'Warning', 'FailedScheduling', shorten(message), { action: 'Scheduling' })
  const condition = changed(pod, { type: 'PodScheduled', status: 'False', reason, message }, now)
  const moved = nominated !== undefined && nominated !== (pod.status?.nominatedNodeName ?? '')
  if (!condition && !moved) return
  const status = {
    ...(condition ? { conditions: [condition] } : {}),
    ...(moved ? { nominatedNodeName: nominated === '' ? null : nominated } : {}),
  }
  patchStatus(api, pod, status, message)
}

/** Tells where a Pod will go that cannot be bound at once: others may count on it (NominatedNodeNameForExpectation). */
export function reportExpected(api: Api, pod: Pod, node: string): void {
  if (pod.status?.nominatedNodeName === node) return
  patchStatus(api, pod, { nominatedNodeName: node }, `${pod.metadata.name} will go to ${node}`)
}

export function reportBound(events: EventRecorder, pod: Pod, node: string): void {
  const { namespace, name } = pod.metadata
  events.record(pod, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to ${node}`, { action: 'Binding' })
}

export function reportLeaving(events: EventRecorder, pod: Pod): void {
  const { namespace, name } = pod.metadata
  events.record(pod, 'Warning', 'FailedScheduling', `skip schedule deleting pod: ${namespace}/${name}`, { action: 'Scheduling' })
}

/** Takes the nomination back from a Pod: a more important one goes where it wanted to go. */
export function clearNomination(api: Api, pod: Pod): void {
  if (!pod.status?.nominatedNodeName) return
  patchStatus(api, pod, { nominatedNodeName: null }, 'a more important Pod goes to the node it waited for')
}

/** Makes a Pod go for a more important one: says so in its conditions, deletes it, records it. */
export function evict(api: Api, events: EventRecorder, victim: PodInfo, preemptor: PodInfo, node: string, now: number): void {
  const { pod } = victim
  if (pod.metadata.deletionTimestamp) return
  const { namespace = '', name } = pod.metadata
  const because = `${preemptor.pod.metadata.name} has a higher priority and needs its place on ${node}`
  const scheduler = preemptor.pod.spec.schedulerName ?? 'default-scheduler'
  const condition = changed(
    pod,
    {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'PreemptionByScheduler',
      message: `${scheduler}: preempting to accommodate a higher priority pod`,
    },
    now,
  )
  if (condition) patchStatus(api, pod, { conditions: [condition] }, because)
  try {
    api.delete('pods', namespace, name, { because })
  } catch (error) {
    if (isNotFound(error)) return
    throw error
  }
  const { metadata } = preemptor.pod
  events.record(pod, 'Normal', 'Preempted', `Preempted by pod ${metadata.uid} on node ${node}`, {
    action: 'Preempting',
    related: {
      apiVersion: 'v1',
      kind: 'Pod',
      namespace: metadata.namespace ?? '',
      name: metadata.name,
      ...(metadata.uid ? { uid: metadata.uid } : {}),
    },
  })
}
