/** Keeps Pods off cordoned nodes, unless they tolerate the taint that goes with it. */

import { tolerates, UNSCHEDULABLE_TAINT } from '#api/taints.ts'
import { plugin } from '../framework.ts'
import { hopeless } from '../verdict.ts'

const NAME = 'NodeUnschedulable'
const cordoned = hopeless(NAME, 'node(s) were unschedulable')

export const nodeUnschedulable = plugin({
  name: NAME,
  local: true,
  idle: (_pod, cluster) => cluster.cordoned === 0,
  filter: ({ pod }, node) => (!node.cordoned || tolerates(pod.spec.tolerations, UNSCHEDULABLE_TAINT) ? null : cordoned),
  retryOn: {
    'node/add': (_pod, _old, next) => !next.spec.unschedulable,
    'node/taints': (_pod, old, next) => old.spec.unschedulable === true && !next.spec.unschedulable,
    'pod/tolerations': (pod, _old, next) =>
      next?.metadata.uid === pod.metadata.uid && tolerates(next.spec.tolerations, UNSCHEDULABLE_TAINT),
  },
})
