/** How full a machine is: what its pods ask for against what it can give (the scheduler's view, not actual use). */
import type { Container, Node, Pod } from '#api/kinds.ts'
import { parseQuantity } from '#api/quantity.ts'

export interface Fullness {
  asked: number
  room: number
}

const amount = (value: string | number | undefined): number =>
  value === undefined ? 0 : Number(parseQuantity(value)?.nano ?? 0n) / 1e9

type What = 'cpu' | 'memory'

const sumOf = (containers: Container[] | undefined, what: What): number =>
  (containers ?? []).reduce((sum, c) => sum + amount(c.resources?.requests?.[what]), 0)

/** Remembered per object, for objects are immutable; done pods hold nothing. */
const asked = new WeakMap<Pod, Record<What, number>>()
function asks(pod: Pod): Record<What, number> {
  const known = asked.get(pod)
  if (known) return known
  const done = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
  const containers = done ? [] : pod.spec.containers
  const found = { cpu: sumOf(containers, 'cpu'), memory: sumOf(containers, 'memory') }
  asked.set(pod, found)
  return found
}

export const fullness = (node: Node, pods: Pod[], what: What): Fullness => ({
  asked: pods.reduce((sum, pod) => sum + asks(pod)[what], 0),
  room: amount(node.status?.allocatable?.[what]),
})
