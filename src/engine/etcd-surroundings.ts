/** What etcd's members have around them in a whole cluster: the wires between their machines, the store, and who does what they have committed. */
import { asAdmin } from './administrator.ts'
import type { Cluster } from './cluster.ts'
import type { Surroundings } from './control-machines.ts'

export const surroundingsIn = (cluster: Cluster): Surroundings => ({
  wire: (a, b) => cluster.machines.network.wires.between(a, b),
  revision: () => cluster.server.store.revision,
  keyAt: (revision) => cluster.server.store.eventAt(revision)?.key ?? '',
  apply: (request) => void cluster.server.request(asAdmin(request)),
})
