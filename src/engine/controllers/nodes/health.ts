/** Is a node still heard of? Its conditions turn Unknown when its heartbeats have failed for too long (node_lifecycle_controller.go monitorNodeHealth). */
import type { Lease, Node, Pod } from '#api/kinds.ts'
import { ApiError, isConflict, isNotFound } from '#api/status.ts'
import { parseTime } from '#api/time.ts'
import type { Context } from '../../machinery/controller.ts'
import type { Heartbeats } from '../../machinery/heartbeats.ts'
import { BY_NODE, type NodeCondition, nodeCondition, READY } from './facts.ts'

/** --node-monitor-period: nodes are judged at multiples of it only. */
export const MONITOR_MS = 5000
/** --node-monitor-grace-period, and --node-startup-grace-period for nodes that have never said how they are. */
export const GRACE_MS = 50_000
const STARTUP_GRACE_MS = 60_000

const TYPES = [READY, 'MemoryPressure', 'DiskPressure', 'PIDPressure']

/** The first judgement at or after this time, in ms from now. */
export function untilTick({ world, now }: Context, time: number): number {
  const since = Math.max(time, now) - world.epoch
  return world.epoch + Math.ceil(since / MONITOR_MS) * MONITOR_MS - now
}

/** The last sign of life: a renewal of the Lease, or a heartbeat in the status. */
function lastSign(node: Node, heartbeats: Heartbeats, { cache, now, memory }: Context): number {
  const lease = cache<Lease>('leases.coordination.k8s.io').get('kube-node-lease', node.metadata.name)
  const signs = [
    heartbeats.lastRenew(node.metadata.name, now),
    parseTime(lease?.spec?.renewTime),
    parseTime(nodeCondition(node, READY)?.lastHeartbeatTime),
    parseTime(node.metadata.creationTimestamp),
    memory.get('all nodes came back') as number | undefined,
  ]
  return Math.max(...signs.map((sign) => (sign === undefined || Number.isNaN(sign) ? 0 : sign)))
}

export interface Verdict {
  node: Node
  /** Ready turned Unknown just now. */
  lost: boolean
}

/** Judges a node; its conditions are written when it is silent for too long, else the next look is planned. */
export function judge(node: Node, heartbeats: Heartbeats, context: Context): Verdict {
  const { name } = node.metadata
  const ready = nodeCondition(node, READY)
  const deadline = lastSign(node, heartbeats, context) + (ready ? GRACE_MS : STARTUP_GRACE_MS)
  if (context.now < deadline) {
    const beats = heartbeats.lastRenew(name, context.now) !== undefined && !heartbeats.isSilent(name)
    if (!beats) context.later(`health ${name}`, untilTick(context, deadline))
    return { node, lost: false }
  }
  if (ready?.status === 'Unknown') return { node, lost: false }
  return { node: markUnknown(node, context), lost: ready?.status === 'True' }
}

function unknown(node: Node, time: string): Node {
  const conditions: NodeCondition[] = (node.status?.conditions ?? []).map((condition) =>
    !TYPES.includes(condition.type) || condition.status === 'Unknown'
      ? condition
      : {
          ...condition,
          status: 'Unknown',
          reason: 'NodeStatusUnknown',
          message: 'Kubelet stopped posting node status.',
          lastTransitionTime: time,
        },
  )
  for (const type of TYPES) {
    if (conditions.some((condition) => condition.type === type)) continue
    conditions.push({
      type,
      status: 'Unknown',
      lastHeartbeatTime: node.metadata.creationTimestamp ?? time,
      lastTransitionTime: time,
      reason: 'NodeStatusNeverUpdated',
      message: 'Kubelet never posted node status.',
    })
  }
  return { ...node, status: { ...node.status, conditions } }
}

function markUnknown(node: Node, { api, world }: Context): Node {
  const because = 'its kubelet has not renewed its lease for too long'
  try {
    return api.update<Node>('nodes', unknown(node, world.timestamp()), { subresource: 'status', because })
  } catch (error) {
    if (!isConflict(error)) throw error
    const fresh = api.get<Node>('nodes', '', node.metadata.name)
    return api.update<Node>('nodes', unknown(fresh, world.timestamp()), { subresource: 'status', because })
  }
}

/** Ready=False for all Pods of a node that is not ready; what cannot be written now is tried again at the next tick. */
export function markPodsNotReady(node: string, pods: readonly Pod[], context: Context): void {
  let failed: ApiError | null = null
  for (const pod of pods) {
    try {
      markPodNotReady(node, pod, context)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (!isNotFound(error)) failed = error
    }
  }
  if (failed) context.later(`pods ${node}`, untilTick(context, context.now + 1))
}

function markPodNotReady(node: string, pod: Pod, { api, events, world }: Context): void {
  const ready = pod.status?.conditions?.find(({ type }) => type === 'Ready')
  if (!ready || ready.status === 'False') return
  const lastTransitionTime = world.timestamp()
  const conditions = (pod.status?.conditions ?? []).map((each) =>
    each === ready ? { ...each, status: 'False', lastTransitionTime } : each,
  )
  const because = `node ${node} is not ready`
  const updated = api.update<Pod>('pods', { ...pod, status: { ...pod.status, conditions } }, { subresource: 'status', because })
  events.record(updated, 'Warning', 'NodeNotReady', 'Node is not ready')
}

export const podsOn = (node: string, { cache }: Context): Pod[] => cache<Pod>('pods').by(BY_NODE, node)
