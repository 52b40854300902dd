/** What a pod asks for in all: sums over its containers, as the scheduler and the kubelet count them (component-helpers resource). */
import type { Container, Pod, ResourceList } from '#api/kinds.ts'
import { addQuantities, canonicalQuantity, compareQuantities, milliOf, wholeOf } from '#api/quantity.ts'
import { isSidecar } from './pod-record.ts'

const plus = (a: ResourceList, b: ResourceList | undefined): ResourceList => {
  if (!b) return a
  const sum = { ...a }
  for (const [name, value] of Object.entries(b)) {
    const known = sum[name]
    sum[name] = known === undefined ? canonicalQuantity(value) : addQuantities(known, value)
  }
  return sum
}

const most = (a: ResourceList, b: ResourceList): ResourceList => {
  const max = { ...a }
  for (const [name, value] of Object.entries(b)) {
    const known = max[name]
    if (known === undefined || compareQuantities(value, known) > 0) max[name] = canonicalQuantity(value)
  }
  return max
}

const known = new WeakMap<object, { requests: ResourceList; limits: ResourceList }>()

/** Requests and limits of the whole pod: containers and sidecars together, or the largest init container if that is more. */
export function podResources(pod: Pod): { requests: ResourceList; limits: ResourceList } {
  let found = known.get(pod.spec)
  if (!found) {
    found = { requests: total(pod, 'requests'), limits: total(pod, 'limits') }
    known.set(pod.spec, found)
  }
  return found
}

function total(pod: Pod, what: 'requests' | 'limits'): ResourceList {
  const { spec } = pod
  const of = (c: Container): ResourceList | undefined => c.resources?.[what]
  let sum = spec.containers.reduce((list, c) => plus(list, of(c)), {} as ResourceList)
  let sidecars: ResourceList = {}
  let init: ResourceList = {}
  for (const c of spec.initContainers ?? []) {
    if (isSidecar(c)) {
      sum = plus(sum, of(c))
      sidecars = plus(sidecars, of(c))
      init = most(init, sidecars)
    } else init = most(init, plus(sidecars, of(c)))
  }
  sum = most(sum, init)
  if (spec.resources?.[what]) sum = { ...sum, ...spec.resources[what] }
  return what === 'requests' || Object.keys(sum).length > 0 ? plus(sum, spec.overhead) : sum
}

/** What admission counts: milli-CPU and bytes. */
export function podLoad(pod: Pod): { cpu: number; memory: number } {
  const { requests } = podResources(pod)
  return { cpu: milliOf(requests['cpu']), memory: wholeOf(requests['memory']) }
}
