/** The Pod garbage collector: Pods of nodes that are gone, Pods deleted before they were bound, and too many finished ones (pkg/controller/podgc). */
import type { Node, Pod } from '#api/kinds.ts'
import { ApiError, isNotFound } from '#api/status.ts'
import { type Context, controller } from '../../machinery/controller.ts'
import { isTerminal } from '../pods.ts'
import { byNode, nodeCondition, READY } from './facts.ts'
import { podsOn } from './health.ts'
import { disruptionTarget, patchPodStatus } from './pod-conditions.ts'

/** It looks every 20 s; here only when there may be something to see. */
const PERIOD_MS = 20_000
/** How long a node must be missing before its Pods are given up. */
const QUARANTINE_MS = 40_000
/** --terminated-pod-gc-threshold. */
const THRESHOLD = 12_500

const STATE = 'doomed'
const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service'

const stateIndex = {
  resource: 'pods',
  name: STATE,
  of: (object: object): string[] => {
    const pod = object as Pod
    const deleting = pod.metadata.deletionTimestamp !== undefined
    return [...(isTerminal(pod) ? ['finished'] : []), ...(deleting ? [pod.spec.nodeName ? 'ending' : 'never bound'] : [])]
  },
}

/** The next look, at multiples of the period. */
function soon({ world, now, later }: Context): void {
  const since = now + 1 - world.epoch
  later('look', world.epoch + Math.ceil(since / PERIOD_MS) * PERIOD_MS - now)
}

const missingKey = (node: string): string => `missing ${node}`

export const podGc = controller({
  name: 'pod-garbage-collector-controller',
  account: 'pod-garbage-collector',
  indexes: [byNode, stateIndex],
  watches: [
    {
      resource: 'nodes',
      keys(change, node, old, context) {
        const { name } = node.metadata
        if (change === 'deleted') missing(name, context)
        else context.memory.delete(missingKey(name))
        if (node['spec']?.taints !== old?.['spec']?.taints && outOfService(node as unknown as Node)) soon(context)
        return []
      },
    },
    {
      resource: 'pods',
      keys(change, object, old, context) {
        const pod = object as Pod
        if (change === 'deleted') return []
        const { nodeName } = pod.spec
        if (nodeName && old?.['spec']?.nodeName !== nodeName && !context.cache('nodes').get('', nodeName))
          missing(nodeName, context)
        if (pod.metadata.deletionTimestamp && !old?.metadata.deletionTimestamp) soon(context)
        if (isTerminal(pod) && context.cache('pods').countBy(STATE, 'finished') > THRESHOLD) soon(context)
        return []
      },
    },
  ],
  reconcile: (_key, context) => look(context),
})

/** A node that Pods name is not there: wait whether it comes back. */
function missing(node: string, context: Context): void {
  if (!context.memory.has(missingKey(node))) context.memory.set(missingKey(node), 0)
  soon(context)
}

function look(context: Context): void {
  let failed: ApiError | null = null
  const attempt = (pod: Pod, reason: string, disrupted = false): void => {
    try {
      giveUp(pod, reason, disrupted, context)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      failed ??= error
    }
  }
  const pods = context.cache<Pod>('pods')
  const surplus = pods.countBy(STATE, 'finished') - THRESHOLD
  if (surplus > 0)
    for (const pod of oldest(pods.by(STATE, 'finished')).slice(0, surplus)) attempt(pod, 'there are too many finished Pods')
  for (const pod of pods.by(STATE, 'ending')) {
    const node = context.cache<Node>('nodes').get('', pod.spec.nodeName ?? '')
    if (node && outOfService(node)) attempt(pod, 'its node is out of service')
  }
  for (const node of deletedNodes(context))
    for (const pod of podsOn(node, context)) attempt(pod, 'its node no longer exists', true)
  for (const pod of pods.by(STATE, 'never bound')) attempt(pod, 'it was deleted before it was bound to a node')
  if (failed || surplus > 0) soon(context)
}

const outOfService = (node: Node): boolean =>
  nodeCondition(node, READY)?.status !== 'True' && (node.spec.taints ?? []).some(({ key }) => key === OUT_OF_SERVICE)

const oldest = (pods: Pod[]): Pod[] => {
  const rank = ({ metadata, status }: Pod): string =>
    `${status?.reason === 'Evicted' ? 0 : 1}${metadata.creationTimestamp} ${metadata.name}`
  return pods.sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
}

/** Nodes that have been missing for the whole quarantine, and that the API does not know either. */
function deletedNodes(context: Context): string[] {
  const { memory, now, api } = context
  const gone: string[] = []
  for (const [key, since] of [...memory] as [string, number][]) {
    const node = key.slice('missing '.length)
    if (podsOn(node, context).length === 0) memory.delete(key)
    else if (since === 0) memory.set(key, now)
    else if (now >= since + QUARANTINE_MS) {
      try {
        api.get('nodes', '', node)
        memory.delete(key)
      } catch (error) {
        if (!isNotFound(error)) throw error
        gone.push(node)
      }
    }
    if (memory.has(key)) soon(context)
  }
  return gone
}

/** Marks the Pod as failed, so that its owners see its end, and deletes it without grace. */
function giveUp(pod: Pod, because: string, disrupted: boolean, context: Context): void {
  const { namespace = '', name, generation } = pod.metadata
  try {
    if (!isTerminal(pod)) {
      const message = 'PodGC: node no longer exists'
      const condition = disrupted ? disruptionTarget(pod, 'DeletionByPodGC', message, context.world.timestamp()) : null
      const status = {
        phase: 'Failed',
        ...(generation ? { observedGeneration: generation } : {}),
        ...(condition ? { conditions: [condition] } : {}),
      }
      patchPodStatus(pod, status, because, context)
    }
    context.api.delete('pods', namespace, name, { gracePeriodSeconds: 0, because })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}
