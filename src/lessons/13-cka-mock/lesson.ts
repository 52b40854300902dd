/** Exam 13.2: sixteen tasks in the manner of CKA, on a cluster in which not everything is as it should be. */
import { namespace } from '../exam-objects.ts'
import { lesson } from '../lesson.ts'
import { BASE, cluster, clusterObjects } from './cluster.ts'
import { network, networkObjects } from './network.ts'
import { trouble, troubleObjects } from './trouble.ts'

const NAMESPACES = 'bay cove delta estuary fjord gulf harbour inlet jetty key lagoon marsh narrows ocean'.split(' ')

export default lesson({
  start: {
    objects: [...NAMESPACES.map(namespace), ...clusterObjects, ...networkObjects, ...troubleObjects],
    patches: [
      { object: 'nodes/node-1', patch: { metadata: { labels: { zone: 'a' } } } },
      { object: 'nodes/node-2', patch: { metadata: { labels: { zone: 'b' } }, spec: { unschedulable: true } } },
      {
        object: 'nodes/node-3',
        patch: {
          metadata: { labels: { zone: 'c', disk: 'ssd' } },
          spec: { taints: [{ key: 'dedicated', value: 'db', effect: 'NoSchedule' }] },
        },
      },
      { object: 'deployments/kube-system/coredns', patch: { spec: { replicas: 0 } } },
    ],
    warmUp: 30_000,
  },
  files: BASE,
  steps: [...cluster, ...network, ...trouble],
})
