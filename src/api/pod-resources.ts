/** What the containers of a Pod ask for together (component-helpers/resource). */

import type { Container, PodSpec, ResourceList } from './kinds.ts'
import { addQuantities, compareQuantities } from './quantity.ts'

const plus = (a: ResourceList, b: ResourceList | undefined): ResourceList => {
  if (!b) return a
  const sum = { ...a }
  for (const name in b) {
    const amount = b[name] as string
    sum[name] = sum[name] === undefined ? amount : addQuantities(sum[name], amount)
  }
  return sum
}

const larger = (a: ResourceList, b: ResourceList): ResourceList => {
  const most = { ...a }
  for (const name in b) {
    const amount = b[name] as string
    if (most[name] === undefined || compareQuantities(most[name], amount) < 0) most[name] = amount
  }
  return most
}

/**
 * AggregateContainerRequests / Limits: containers and sidecars run together, init containers one after the other beside the
 * sidecars that were started before them.
 */
export function aggregate(spec: PodSpec, what: 'requests' | 'limits'): ResourceList {
  const of = (c: Container) => c.resources?.[what]
  let total: ResourceList = {}
  for (const c of spec.containers) total = plus(total, of(c))
  let sidecars: ResourceList = {}
  let initial: ResourceList = {}
  for (const c of spec.initContainers ?? []) {
    if (c.restartPolicy === 'Always') {
      total = plus(total, of(c))
      sidecars = plus(sidecars, of(c))
      initial = larger(initial, sidecars)
    } else initial = larger(initial, plus(sidecars, of(c)))
  }
  return larger(total, initial)
}

/** What the scheduler and quotas count: pod-level amounts where given, else the containers' sum, and the overhead. */
export function podTotals(spec: PodSpec, what: 'requests' | 'limits'): ResourceList {
  const sum = spec.resources?.[what] ? { ...aggregate(spec, what), ...spec.resources[what] } : aggregate(spec, what)
  if (!spec.overhead) return sum
  const total = { ...sum }
  for (const name in spec.overhead) {
    const extra = spec.overhead[name] as string
    const had = sum[name]
    if (had !== undefined) total[name] = addQuantities(had, extra)
    else if (what === 'requests') total[name] = extra
  }
  return total
}
