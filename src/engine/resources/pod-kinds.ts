/** The kinds that are Pods, make Pods, or run them. */
import type { Resource } from '../apiserver/resource.ts'
import { controllerRevisions } from './apps/controller-revision.ts'
import { deployments } from './apps/deployment.ts'
import { replicaSets } from './apps/replica-set.ts'
import { bindings } from './core/binding.ts'
import { nodes } from './core/node.ts'
import { pods } from './core/pod.ts'
import { podTemplates } from './core/pod-template.ts'
import { replicationControllers } from './core/replication-controller.ts'

export const podResources: Resource[] = [
  bindings,
  nodes,
  pods,
  podTemplates,
  replicationControllers,
  controllerRevisions,
  deployments,
  replicaSets,
]
