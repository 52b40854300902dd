/** The node lifecycle controller: taints by condition, lost nodes, and what becomes of their Pods (pkg/controller/nodelifecycle). */
import type { Node, Pod, Taint } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import { type Context, controller } from '../../machinery/controller.ts'
import type { Heartbeats } from '../../machinery/heartbeats.ts'
import type { Change } from '../../machinery/informer.ts'
import type { Ports } from '../ports.ts'
import { byNode, hasTaint, NOT_READY, nodeCondition, patchTaints, READY, sameTaint, UNREACHABLE } from './facts.ts'
import { GRACE_MS, judge, markPodsNotReady, podsOn, untilTick } from './health.ts'
import { assessZones, forgetTaint, noExecute, queueTaint, taintNext } from './zones.ts'

const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable'

/** Which condition in which state brings which NoSchedule taint. */
const TAINTS: Record<string, Record<string, string>> = {
  Ready: { False: NOT_READY, Unknown: UNREACHABLE },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
}
const OWN = new Set([UNSCHEDULABLE, ...Object.values(TAINTS).flatMap((each) => Object.values(each))])

export const nodeLifecycle = ({ heartbeats }: Ports) =>
  controller({
    name: 'node-lifecycle-controller',
    account: 'node-controller',
    component: 'node-controller',
    indexes: [byNode],
    watches: [
      {
        resource: 'nodes',
        keys: (change, node, old, context) =>
          nodeChanged(change, node as unknown as Node, old as unknown as Node | null, context),
      },
      {
        resource: 'pods',
        keys: (change, pod, old, context) => (change === 'deleted' ? [] : podBound(pod as Pod, old as Pod | null, context)),
      },
      { resource: 'leases.coordination.k8s.io', keys: () => [] },
    ],
    begin(context) {
      heartbeats.onSilent((node, last) => context.later(`health ${node}`, untilTick(context, last + GRACE_MS)))
    },
    reconcile(key, context) {
      const cut = key.indexOf(' ')
      work(key.slice(0, cut), key.slice(cut + 1), heartbeats, context)
    },
  })

/** Keys: `node N` its taints and labels, `health N` is it alive, `pods N` and `pod NS/N` its Pods' readiness, `zone Z`, `zones`. */
function work(what: string, name: string, heartbeats: Heartbeats, context: Context): void {
  if (what === 'zone') taintNext(name, context)
  else if (what === 'zones') assessZones(context, (each) => release(each, context))
  else if (what === 'pod') podLanded(name, context)
  else {
    const node = context.cache<Node>('nodes').get('', name)
    if (what === 'health') {
      if (node) monitor(node, heartbeats, context)
      else removed(name, context)
    } else if (node && what === 'pods') {
      if (!isReady(node)) markPodsNotReady(name, podsOn(name, context), context)
    } else if (node) adjust(node, context)
  }
}

const isReady = (node: Node): boolean => nodeCondition(node, READY)?.status === 'True'

function nodeChanged(change: Change, node: Node, old: Node | null, context: Context): string[] {
  const { name } = node.metadata
  const turned = change !== 'modified' || !old || nodeCondition(node, READY)?.status !== nodeCondition(old, READY)?.status
  if (turned || node.spec.taints !== old?.spec.taints) context.later(`health ${name}`, untilTick(context, context.now + 1))
  const keys = change === 'deleted' ? [] : [`node ${name}`]
  return turned ? [...keys, 'zones '] : keys
}

function podBound(pod: Pod, old: Pod | null, { cache }: Context): string[] {
  const { nodeName } = pod.spec
  if (!nodeName || old?.spec.nodeName === nodeName) return []
  const node = cache<Node>('nodes').get('', nodeName)
  return node && nodeCondition(node, READY) && !isReady(node) ? [`pod ${keyOf(pod.metadata)}`] : []
}

/** A Pod has been bound to a node that is not ready. */
function podLanded(key: string, context: Context): void {
  const pod = context.cache<Pod>('pods').byKey(key)
  const node = pod && context.cache<Node>('nodes').get('', pod.spec.nodeName ?? '')
  if (pod && node && nodeCondition(node, READY) && !isReady(node)) markPodsNotReady(node.metadata.name, [pod], context)
}

/** What the monitor does with a node at its ticks. */
function monitor(found: Node, heartbeats: Heartbeats, context: Context): void {
  const { memory, events } = context
  const { name, uid } = found.metadata
  if (!memory.has(`known ${name}`)) {
    memory.set(`known ${name}`, uid)
    events.record(found, 'Normal', 'RegisteredNode', `Node ${name} event: Registered Node ${name} in Controller`)
  }
  const { node, lost } = judge(found, heartbeats, context)
  evict(node, context)
  if (!lost) return
  events.record(node, 'Normal', 'NodeNotReady', `Node ${name} status is now: NodeNotReady`)
  markPodsNotReady(name, podsOn(name, context), context)
}

function removed(name: string, { memory, events }: Context): void {
  const uid: string | undefined = memory.get(`known ${name}`)
  if (uid === undefined) return
  memory.delete(`known ${name}`)
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name, uid } }
  events.record(node, 'Normal', 'RemovingNode', `Node ${name} event: Removing Node ${name} from Controller`)
}

/** NoExecute taints after the Ready condition: swapped at once where one stands already, else asked for in the zone's queue. */
function evict(node: Node, context: Context): void {
  const status = nodeCondition(node, READY)?.status
  if (status === 'True') {
    release(node, context)
    return
  }
  if (status !== 'False' && status !== 'Unknown') return
  const [key, opposite] = status === 'False' ? [NOT_READY, UNREACHABLE] : [UNREACHABLE, NOT_READY]
  if (hasTaint(node, noExecute(opposite))) {
    const because = status === 'False' ? 'the node is not ready' : 'the node cannot be reached'
    const timeAdded = context.world.timestamp()
    patchTaints(context.api, node.metadata.name, [{ ...noExecute(key), timeAdded }], [noExecute(opposite)], because)
  } else if (!hasTaint(node, noExecute(key))) queueTaint(node, context)
}

/** The node answers, or is not to blame: its NoExecute taints go. */
function release(node: Node, context: Context): void {
  forgetTaint(node, context)
  for (const taint of [noExecute(UNREACHABLE), noExecute(NOT_READY)]) {
    if (hasTaint(node, taint)) patchTaints(context.api, node.metadata.name, [], [taint], 'the node is ready')
  }
}

/** NoSchedule taints after the conditions and the cordon, and the old names of labels. */
function adjust(node: Node, context: Context): void {
  const wanted: Taint[] = []
  for (const { type, status } of node.status?.conditions ?? []) {
    const key = TAINTS[type]?.[status]
    if (key) wanted.push({ key, effect: 'NoSchedule' })
  }
  if (node.spec.unschedulable) wanted.push({ key: UNSCHEDULABLE, effect: 'NoSchedule' })
  const present = (node.spec.taints ?? []).filter(({ key, effect }) => effect === 'NoSchedule' && OWN.has(key))
  const add = wanted.filter((taint) => !present.some((each) => sameTaint(each, taint)))
  const remove = present.filter((taint) => !wanted.some((each) => sameTaint(each, taint)))
  if (add.length + remove.length > 0) swap(node, add, remove, context)
  relabel(node, context)
}

/** Two writes, as the real controller makes them: first what comes, then what goes. */
function swap(node: Node, add: readonly Taint[], remove: readonly Taint[], { api, world }: Context): void {
  const { name } = node.metadata
  const because = 'taints follow the conditions of the node'
  const timeAdded = world.timestamp()
  if (add.length > 0)
    patchTaints(
      api,
      name,
      add.map((taint) => ({ ...taint, timeAdded })),
      [],
      because,
    )
  if (remove.length > 0) patchTaints(api, name, [], remove, because)
}

const LABELS = [
  ['kubernetes.io/os', 'beta.kubernetes.io/os'],
  ['kubernetes.io/arch', 'beta.kubernetes.io/arch'],
] as const

function relabel({ metadata }: Node, { api }: Context): void {
  const labels: Record<string, string> = {}
  for (const [name, old] of LABELS) {
    const value = metadata.labels?.[name]
    if (value !== undefined && metadata.labels?.[old] !== value) labels[old] = value
  }
  if (Object.keys(labels).length === 0) return
  api.patch('nodes', '', metadata.name, 'strategic', { metadata: { labels } }, { because: 'old labels follow the new ones' })
}
