/** The ReplicationController controller: the ReplicaSet's elder, with a plain map as its selector. */
import type { ReplicationController } from '#api/kinds.ts'
import { mapSelects } from '#api/selector.ts'
import { replicaController } from './replicas.ts'

export const replication = replicaController<ReplicationController>({
  name: 'replication-controller',
  resource: 'replicationcontrollers',
  kind: 'ReplicationController',
  selects: (owner, labels) => mapSelects(owner.spec.selector, labels),
  countsTerminating: false,
})
