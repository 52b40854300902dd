/** How full a machine is: what its pods ask for against what it can give (the scheduler's view, not actual use). */
import type { Container, Node, Pod } from '#api/kinds.ts'
import { parseQuantity } from '#api/quantity.ts'

export interface Fullness {
  asked: number
  room: number
}

const amount = (value: string | number | undefined): number =>
  value === undefined ? 0 : Number(parseQuantity(value)?.nano ?? 0n) / 1e9

const asks = (containers: Container[] | undefined, what: string): number =>
  (containers ?? []).reduce((sum, c) => sum + amount(c.resources?.requests?.[what]), 0)

export function fullness(node: Node, pods: Pod[], what: 'cpu' | 'memory'): Fullness {
  const holds = pods.filter((pod) => pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed')
  return {
    asked: holds.reduce((sum, pod) => sum + asks(pod.spec.containers, what), 0),
    room: amount(node.status?.allocatable?.[what]),
  }
}
