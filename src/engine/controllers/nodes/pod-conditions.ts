/** Conditions that controllers write into a Pod's status, and the end that some of them bring it. */
import type { Pod, PodCondition, PodStatus } from '#api/kinds.ts'
import type { Context } from '../../machinery/controller.ts'

/** The DisruptionTarget condition; null when the Pod bears it already. */
export function disruptionTarget(pod: Pod, reason: string, message: string, time: string): PodCondition | null {
  const type = 'DisruptionTarget'
  const old = pod.status?.conditions?.find((condition) => condition.type === type)
  if (old?.status === 'True' && old.reason === reason && old.message === message) return null
  const { generation } = pod.metadata
  return {
    type,
    ...(generation ? { observedGeneration: generation } : {}),
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: old?.status === 'True' ? (old.lastTransitionTime ?? time) : time,
    reason,
    message,
  }
}

/** Patches parts of a Pod's status, if it is still this Pod. Conditions that it has not had come last. */
export function patchPodStatus(pod: Pod, status: Partial<PodStatus>, because: string, { api }: Context): void {
  const { namespace = '', name, uid } = pod.metadata
  const types = new Set([...(pod.status?.conditions ?? []), ...(status.conditions ?? [])].map(({ type }) => type))
  const order = status.conditions ? { '$setElementOrder/conditions': [...types].map((type) => ({ type })) } : {}
  const patch = { metadata: { uid }, status: { ...order, ...status } }
  api.patch('pods', namespace, name, 'strategic', patch, { subresource: 'status', because })
}
