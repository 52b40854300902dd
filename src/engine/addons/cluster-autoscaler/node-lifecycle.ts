/** The cloud's node lifecycle controller: a Node whose machine the cloud has no more is deleted (cloud-provider, controllers/nodelifecycle). */
import type { Node } from '#api/kinds.ts'
import { type ControllerDeclaration, controller } from '../../machinery/controller.ts'
import type { Ground } from '../addon.ts'
import { GROUP_LABEL } from './cloud.ts'
import { isReady } from './nodes.ts'

/** --node-monitor-period: how late it looks at the most. */
const PERIOD_MS = 5000

export const nodeLifecycle = (ground: Ground): ControllerDeclaration =>
  controller({
    name: 'cloud-node-lifecycle-controller',
    identity: {
      user: 'system:serviceaccount:kube-system:cloud-controller-manager',
      groups: ['system:masters'],
      manager: 'cloud-controller-manager',
    },
    watches: [
      {
        resource: 'nodes',
        keys(change, object, _old, { later, now }) {
          const node = object as unknown as Node
          const isOurs = node.metadata.labels?.[GROUP_LABEL] !== undefined
          if (change !== 'deleted' && isOurs && !isReady(node)) later(node.metadata.name, PERIOD_MS - (now % PERIOD_MS))
          return []
        },
      },
    ],
    reconcile(name, { cache, events, api, later }) {
      const node = cache<Node>('nodes').get('', name)
      if (!node || isReady(node)) return
      if (ground.node(name)) return later(name, PERIOD_MS)
      events.record(node, 'Normal', 'DeletingNode', `Deleting node ${name} because it does not exist in the cloud provider`)
      api.delete('nodes', '', name, { because: 'its machine is gone' })
    },
  })
