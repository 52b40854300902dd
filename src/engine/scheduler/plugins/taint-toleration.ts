/** Keeps Pods off tainted nodes they do not tolerate, and steers them from soft-tainted ones. */
import type { Toleration } from '#api/kinds.ts'
import { tolerates, untolerated } from '#api/taints.ts'
import { MAX_SCORE, plugin, scale } from '../framework.ts'
import { hopeless } from '../verdict.ts'

const NAME = 'TaintToleration'
const tainted = hopeless(NAME, 'node(s) had untolerated taint(s)')

export const taintToleration = plugin<null, Toleration[]>({
  name: NAME,
  weight: 3,
  local: true,
  idle: (_pod, cluster) => cluster.hardTainted === 0,
  filter: ({ pod }, node) => (untolerated(node.hardTaints, pod.spec.tolerations) ? tainted : null),
  flat: (_pod, cluster) => (cluster.softTainted === 0 ? MAX_SCORE : null),
  preScore: ({ pod }) => ({ state: (pod.spec.tolerations ?? []).filter((t) => !t.effect || t.effect === 'PreferNoSchedule') }),
  score(_pod, node, tolerations) {
    let count = 0
    for (const taint of node.softTaints) if (!tolerates(tolerations, taint)) count += 1
    return count
  },
  normalize: (scores) => scale(scores, true),
  retryOn: {
    'node/add': (pod, _old, next) => !untolerated(next.spec.taints, pod.spec.tolerations),
    'node/taints': (pod, old, next) =>
      untolerated(old.spec.taints, pod.spec.tolerations) !== null && !untolerated(next.spec.taints, pod.spec.tolerations),
    'pod/tolerations': (pod, _old, next) => next?.metadata.uid === pod.metadata.uid,
  },
})
