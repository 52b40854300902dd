/** A daemon on every node that is to have one, and none elsewhere (daemon_controller.go manage, podsShouldBeOnNode, syncNodes). */
import type { DaemonSet, Node, Pod } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import type { ApiError } from '#api/status.ts'
import type { Context } from '../../machinery/controller.ts'
import { HASH_LABEL } from '../history.ts'
import { scaled } from '../int-or-percent.ts'
import { createPods, deletePod, portion } from '../pod-control.ts'
import { isAvailable, isReady, podFrom } from '../pods.ts'
import { mayDelete } from './failures.ts'
import { type Fit, fitOf, templateFor } from './fit.ts'

export interface Daemons {
  readonly context: Context
  readonly key: string
  readonly set: DaemonSet
  readonly hash: string
  readonly nodes: readonly Node[]
  /** Pods by the node they are on or tied to; only nodes that have some. */
  readonly podsOn: ReadonlyMap<string, readonly Pod[]>
}

/** What is to be done: Pods for these nodes, and these Pods' end. */
export interface Plan {
  readonly create: string[]
  readonly remove: Pod[]
}

/** Scheduled ones first, then by age. */
export function oldestFirst(pods: readonly Pod[]): Pod[] {
  const text = (x = '', y = ''): number => (x < y ? -1 : x > y ? 1 : 0)
  return [...pods].sort(
    (a, b) =>
      Number(!a.spec.nodeName) - Number(!b.spec.nodeName) ||
      text(a.metadata.creationTimestamp, b.metadata.creationTimestamp) ||
      text(a.metadata.name, b.metadata.name),
  )
}

export function surgeOf({ spec }: DaemonSet, nodes: number): number {
  const { type, rollingUpdate } = spec.updateStrategy ?? {}
  return type === 'RollingUpdate' ? scaled(rollingUpdate?.maxSurge, nodes, true) : 0
}

export function manage(daemons: Daemons): Plan {
  const plan: Plan = { create: [], remove: [] }
  for (const node of daemons.nodes) planNode(daemons, node, plan)
  const names = new Set(daemons.nodes.map((node) => node.metadata.name))
  for (const [name, pods] of daemons.podsOn) if (!names.has(name)) plan.remove.push(...pods.filter((pod) => !pod.spec.nodeName))
  return plan
}

function planNode(daemons: Daemons, node: Node, { create, remove }: Plan): void {
  const { set, podsOn } = daemons
  const { name } = node.metadata
  const pods = podsOn.get(name)
  const fit = fitOf(set, node)
  if (!pods) {
    if (fit.run) create.push(name)
    return
  }
  const living = pods.filter((pod) => !pod.metadata.deletionTimestamp)
  if (!fit.stay) remove.push(...living)
  else stay(daemons, fit, name, living, { create, remove })
}

function stay(daemons: Daemons, fit: Fit, node: string, living: Pod[], { create, remove }: Plan): void {
  const running: Pod[] = []
  for (const pod of living) {
    if (pod.status?.phase !== 'Failed' && pod.status?.phase !== 'Succeeded') running.push(pod)
    else if (mayDelete(daemons, pod, node)) remove.push(pod)
  }
  const surging = surgeOf(daemons.set, 1) > 0
  if (running.length > 1) {
    const sorted = oldestFirst(running)
    remove.push(...(surging ? tooMany(daemons, sorted) : sorted.slice(1)))
  } else if (surging && running.length === 0 && fit.run) create.push(node)
}

/** While surging an old Pod may stay beside a new one, as long as it is ready and the new one not available. */
function tooMany({ set, hash, context }: Daemons, sorted: readonly Pod[]): Pod[] {
  const isNew = (pod: Pod): boolean => pod.metadata.labels?.[HASH_LABEL] === hash
  const fresh = sorted.find(isNew)
  const old = sorted.find((pod) => !isNew(pod))
  const excess = sorted.filter((pod) => pod !== fresh && pod !== old)
  const replaced = fresh && old && (!isReady(old) || isAvailable(fresh, set.spec.minReadySeconds ?? 0, context.now))
  return replaced ? [...excess, old] : excess
}

/** Does what is planned, a portion of it; the first refusal is returned. */
export function carryOut({ context, key, set, hash }: Daemons, plan: Plan): ApiError | null {
  const nodes = plan.create.slice(0, portion(context))
  const because = `DaemonSet ${set.metadata.name} wants a Pod on every node that fits`
  const draft = (index: number) => podFrom(templateFor(set, hash, nodes[index] ?? ''), set)
  let { failed } = createPods(key, nodes.length, set, draft, because, context)
  const victims = plan.remove.slice(0, portion(context)).map((pod) => keyOf(pod.metadata))
  context.expectations.alsoExpectDeletions(key, victims)
  for (const victim of victims) {
    const refused = deletePod(set, victim, `DaemonSet ${set.metadata.name} no longer wants this Pod`, context)
    if (!refused) continue
    context.expectations.deletionObserved(key, victim)
    if (refused.reason !== 'NotFound') failed ??= refused
  }
  return failed
}
