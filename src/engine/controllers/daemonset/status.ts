/** The numbers of a DaemonSet (daemon_controller.go updateDaemonSetStatus). */
import type { DaemonSet, DaemonSetStatus } from '#api/kinds.ts'
import { ApiError } from '#api/status.ts'
import { wrote } from '../../machinery/own-writes.ts'
import { isAvailable, isReady } from '../pods.ts'
import { fitOf, isUpdated } from './fit.ts'
import { type Daemons, oldestFirst } from './manage.ts'

export const SETS = 'daemonsets.apps'

const TRIES = 2

const NUMBERS = [
  'desiredNumberScheduled',
  'currentNumberScheduled',
  'numberMisscheduled',
  'numberReady',
  'updatedNumberScheduled',
  'numberAvailable',
  'numberUnavailable',
] as const

type Numbers = Record<(typeof NUMBERS)[number], number>

function count({ context, set, hash, nodes, podsOn }: Daemons): Numbers {
  const minReady = set.spec.minReadySeconds ?? 0
  const n: Numbers = {
    desiredNumberScheduled: 0,
    currentNumberScheduled: 0,
    numberMisscheduled: 0,
    numberReady: 0,
    updatedNumberScheduled: 0,
    numberAvailable: 0,
    numberUnavailable: 0,
  }
  for (const node of nodes) {
    const pods = podsOn.get(node.metadata.name) ?? []
    if (!fitOf(set, node).run) {
      if (pods.length > 0) n.numberMisscheduled += 1
      continue
    }
    n.desiredNumberScheduled += 1
    const pod = pods.length > 1 ? oldestFirst(pods)[0] : pods[0]
    if (!pod) continue
    n.currentNumberScheduled += 1
    if (isReady(pod)) n.numberReady += 1
    if (isAvailable(pod, minReady, context.now)) n.numberAvailable += 1
    if (isUpdated(pod, set, hash)) n.updatedNumberScheduled += 1
  }
  n.numberUnavailable = n.desiredNumberScheduled - n.numberAvailable
  return n
}

/** Writes the status where it differs. `acted` tells whether this generation of the set has been acted upon. */
export function writeStatus(daemons: Daemons, acted: boolean): void {
  const { context, key, set } = daemons
  const numbers = count(daemons)
  const minReady = set.spec.minReadySeconds ?? 0
  const same = NUMBERS.every((name) => (set.status?.[name] ?? 0) === numbers[name])
  if (!same || (set.status?.observedGeneration ?? 0) < (set.metadata.generation ?? 0)) store(daemons, numbers, acted)
  if (minReady > 0 && numbers.numberReady !== numbers.numberAvailable) context.later(key, minReady * 1000)
}

function store({ context, key, set }: Daemons, numbers: Numbers, acted: boolean): void {
  const { api } = context
  const because = `${numbers.currentNumberScheduled} of ${numbers.desiredNumberScheduled} nodes have a Pod, ${numbers.numberReady} ready`
  for (let object = set, i = 1; ; i++) {
    const status = statusFrom(object.status, numbers, acted ? set.metadata.generation : object.status?.observedGeneration)
    try {
      wrote(context, key, SETS, api.update<DaemonSet>(SETS, { ...object, status }, { subresource: 'status', because }))
      return
    } catch (error) {
      if (!(error instanceof ApiError) || i === TRIES) throw error
      object = api.get<DaemonSet>(SETS, set.metadata.namespace ?? '', set.metadata.name)
    }
  }
}

function statusFrom(old: DaemonSetStatus | undefined, n: Numbers, generation: number | undefined): DaemonSetStatus {
  const some = (name: keyof Numbers) => (n[name] ? { [name]: n[name] } : {})
  return {
    currentNumberScheduled: n.currentNumberScheduled,
    numberMisscheduled: n.numberMisscheduled,
    desiredNumberScheduled: n.desiredNumberScheduled,
    numberReady: n.numberReady,
    ...(generation ? { observedGeneration: generation } : {}),
    ...some('updatedNumberScheduled'),
    ...some('numberAvailable'),
    ...some('numberUnavailable'),
    ...(old?.collisionCount === undefined ? {} : { collisionCount: old.collisionCount }),
    ...(old?.conditions ? { conditions: old.conditions } : {}),
  }
}
