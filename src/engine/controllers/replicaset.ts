/** The ReplicaSet controller: exactly as many Pods of one template as asked for. */
import type { ReplicaSet } from '#api/kinds.ts'
import { selects } from '#api/selector.ts'
import { replicaController } from './replicas.ts'

export const replicaSet = replicaController<ReplicaSet>({
  name: 'replicaset-controller',
  resource: 'replicasets.apps',
  kind: 'ReplicaSet',
  selects: (owner, labels) => selects(owner.spec.selector, labels),
  countsTerminating: true,
})
