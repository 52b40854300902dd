/** Node autoscaling: kubernetes/autoscaler's cluster-autoscaler over node groups of the simulated cloud, as its own command line names them. */
import type { Addon } from '../addon.ts'
import { autoscalerLoop } from './loop.ts'
import { manifests } from './manifests.ts'
import { nodeLifecycle } from './node-lifecycle.ts'

export const clusterAutoscaler: Addon = {
  name: 'cluster-autoscaler',
  manifests,
  loops: (ground) => [autoscalerLoop(ground), nodeLifecycle(ground)],
}
