/** How full a machine is: what its pods ask for against what it can give (the scheduler's view, not actual use). */
import type { Node, Pod } from '#api/kinds.ts'
import { amount, asks } from '../../state/asks.ts'

export interface Fullness {
  asked: number
  room: number
}

export const fullness = (node: Node, pods: Pod[], what: 'cpu' | 'memory'): Fullness => ({
  asked: pods.reduce((sum, pod) => sum + asks(pod, what), 0),
  room: amount(node.status?.allocatable?.[what]),
})
