/** The taint eviction controller: Pods that don't tolerate a NoExecute taint go, at once or when their time is up (pkg/controller/tainteviction). */
import type { Node, Pod, Taint, Toleration } from '#api/kinds.ts'
import { keyOf, splitKey } from '#api/meta.ts'
import { isNotFound } from '#api/status.ts'
import { type Context, controller } from '../../machinery/controller.ts'
import { semanticallyEqual } from '../equal.ts'
import { byNode } from './facts.ts'
import { podsOn } from './health.ts'
import { disruptionTarget, patchPodStatus } from './pod-conditions.ts'

const noExecuteTaints = ({ spec }: Node): Taint[] => (spec.taints ?? []).filter(({ effect }) => effect === 'NoExecute')

export const taintEviction = controller({
  name: 'taint-eviction-controller',
  account: 'node-controller',
  indexes: [byNode],
  watches: [
    {
      resource: 'nodes',
      keys(change, node, old) {
        const [now, before] = [node as unknown as Node, old as unknown as Node | null]
        if (change === 'deleted' || (before && now.spec.taints === before.spec.taints)) return []
        const same = before ? semanticallyEqual(noExecuteTaints(before), noExecuteTaints(now)) : noExecuteTaints(now).length === 0
        return same ? [] : [`node ${now.metadata.name}`]
      },
    },
    {
      resource: 'pods',
      keys(change, pod, old, context) {
        const [now, before] = [pod as Pod, old as Pod | null]
        const key = keyOf(now.metadata)
        if (change === 'deleted') cancel(key, context)
        if (change === 'deleted' || !now.spec.nodeName) return []
        const same = before?.spec.nodeName === now.spec.nodeName && before.spec.tolerations === now.spec.tolerations
        return same || !isTainted(now.spec.nodeName, context) ? [] : [`pod ${key}`]
      },
    },
  ],
  reconcile(key, context) {
    const cut = key.indexOf(' ')
    const [what, name] = [key.slice(0, cut), key.slice(cut + 1)]
    if (what === 'node') onNode(name, context)
    else if (what === 'pod') onPod(name, context)
    else due(name, context)
  },
})

function isTainted(nodeName: string, { cache }: Context): boolean {
  const node = cache<Node>('nodes').get('', nodeName)
  return node !== undefined && noExecuteTaints(node).length > 0
}

function onNode(name: string, context: Context): void {
  const node = context.cache<Node>('nodes').get('', name)
  if (!node) return
  const taints = noExecuteTaints(node)
  for (const pod of podsOn(name, context)) judge(pod, taints, context)
}

function onPod(key: string, context: Context): void {
  const pod = context.cache<Pod>('pods').byKey(key)
  if (!pod) {
    cancel(key, context)
    return
  }
  const node = context.cache<Node>('nodes').get('', pod.spec.nodeName ?? '')
  const taints = node ? noExecuteTaints(node) : []
  if (taints.length > 0) judge(pod, taints, context)
}

/** An eviction that is planned, or done and not to be done again. Plain data. */
interface Plan {
  since: number
  at: number
  done: boolean
}

const planKey = (key: string): string => `evict ${key}`

function judge(pod: Pod, taints: readonly Taint[], context: Context): void {
  const key = keyOf(pod.metadata)
  const plan: Plan | undefined = context.memory.get(planKey(key))
  const patience = toleratedMs(pod.spec.tolerations ?? [], taints)
  if (patience === Number.POSITIVE_INFINITY) {
    cancel(key, context)
    return
  }
  if (plan?.done) return
  const { now } = context
  const at = now + patience
  // A plan made earlier stands, whatever the taints are now, as long as all are tolerated for a while.
  if (plan && patience > 0 && (plan.since < now || plan.at === at)) return
  if (plan) cancel(key, context)
  context.memory.set(planKey(key), { since: now, at, done: false } satisfies Plan)
  if (at <= now) evict(key, context)
  else context.later(planKey(key), at - now)
}

/** How long all the taints are tolerated: 0 when one isn't, infinitely when no toleration sets a limit. */
function toleratedMs(tolerations: readonly Toleration[], taints: readonly Taint[]): number {
  let shortest = Number.POSITIVE_INFINITY
  for (const taint of taints) {
    const toleration = tolerations.find((each) => tolerates(each, taint))
    if (!toleration) return 0
    if (toleration.tolerationSeconds !== undefined)
      shortest = Math.min(shortest, Math.max(0, toleration.tolerationSeconds) * 1000)
  }
  return shortest
}

const tolerates = ({ key, operator, value = '', effect }: Toleration, taint: Taint): boolean =>
  (!effect || effect === taint.effect) && (!key || key === taint.key) && (operator === 'Exists' || value === (taint.value ?? ''))

/** The time of a plan has come, unless it was put off or called off meanwhile. */
function due(key: string, context: Context): void {
  const plan: Plan | undefined = context.memory.get(planKey(key))
  if (!plan || plan.done) return
  if (plan.at <= context.now) evict(key, context)
  else context.later(planKey(key), plan.at - context.now)
}

function subject(key: string) {
  const { namespace, name } = splitKey(key)
  return { apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name } }
}

function evict(key: string, context: Context): void {
  const { api, events, memory, world } = context
  const { namespace, name } = splitKey(key)
  events.record(subject(key), 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${key}`)
  const plan: Plan = memory.get(planKey(key))
  memory.set(planKey(key), { ...plan, done: true })
  const because = 'its node has a NoExecute taint that it does not tolerate (any longer)'
  try {
    const pod = api.get<Pod>('pods', namespace, name)
    const message = 'Taint manager: deleting due to NoExecute taint'
    const condition = disruptionTarget(pod, 'DeletionByTaintManager', message, world.timestamp())
    if (condition) patchPodStatus(pod, { conditions: [condition] }, because, context)
    api.delete('pods', namespace, name, { because })
  } catch (error) {
    if (!isNotFound(error)) {
      memory.set(planKey(key), plan)
      context.later(planKey(key), 10)
      throw error
    }
  }
}

/** Calls an eviction off; said in an event, unless it has been carried out. */
function cancel(key: string, { memory, events }: Context): void {
  const plan: Plan | undefined = memory.get(planKey(key))
  memory.delete(planKey(key))
  if (plan && !plan.done) events.record(subject(key), 'Normal', 'TaintManagerEviction', `Cancelling deletion of Pod ${key}`)
}
