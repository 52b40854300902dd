/** How the cluster fares, in one line for a host. */
import type { Node, Pod } from '#api/kinds.ts'
import type { Summary } from '#embed/protocol.ts'
import type { Desk } from '../state/desk.ts'
import { lookOf, nodeLook } from '../state/look.ts'

export function summaryOf({ mirror, traffic }: Desk): Summary {
  const nodes = [...mirror.all('nodes').values()] as unknown as Node[]
  const pods = [...mirror.all('pods').values()] as unknown as Pod[]
  const { ok, lost } = traffic.total()
  return {
    nodes: nodes.length,
    nodesReady: nodes.filter((node) => nodeLook(node).ready).length,
    pods: pods.length,
    podsReady: pods.filter((pod) => lookOf(pod).family === 'good' && lookOf(pod).fill === 'solid').length,
    served: ok,
    lost,
  }
}
