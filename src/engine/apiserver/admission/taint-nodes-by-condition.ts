/** TaintNodesByCondition: a new node takes no Pods until the node lifecycle controller has seen it ready. */
import type { Node } from '#api/kinds.ts'
import { plugin } from './plugin.ts'

const NOT_READY = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }

export const taintNodesByCondition = plugin({
  name: 'TaintNodesByCondition',
  operations: ['CREATE'],
  resources: ['nodes'],
  mutate(node: Node, ask) {
    const taints = node.spec?.taints ?? []
    const tainted = taints.some((t) => t.key === NOT_READY.key && t.effect === NOT_READY.effect)
    if (ask.subresource !== '' || tainted) return node
    return { ...node, spec: { ...node.spec, taints: [...taints, NOT_READY] } } as Node
  },
})
