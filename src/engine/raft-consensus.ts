/** What etcd's members agree by in a whole cluster: a ring over its store, which does what is committed late. */
import { asAdmin } from './administrator.ts'
import type { Server } from './apiserver/api-server.ts'
import { ClusterKeys } from './cluster-keys.ts'
import type { Consensus, ConsensusOptions } from './control-machines.ts'
import type { Wish } from './etcd/raft/member.ts'
import { Ring } from './etcd/raft/ring.ts'
import { EtcdKv } from './machinery/etcd-kv.ts'

/** Nobody waits for the answer any more, and nobody is told a refusal. */
function apply(server: Server, wish: Wish): void {
  if ('request' in wish) {
    server.request(asAdmin(wish.request))
    return
  }
  const alone = { now: server.world.now, clusterId: '0', memberId: '1', leader: '1', term: 0, members: [], version: '' }
  try {
    new EtcdKv(new ClusterKeys(server), alone).call(wish.method, wish.said)
  } catch (error) {
    if (!(error instanceof Error)) throw error
  }
}

export const raftConsensus = ({ server, ...options }: ConsensusOptions): Consensus =>
  new Ring({
    ...options,
    revision: () => server.store.revision,
    keyAt: (revision) => server.store.eventAt(revision)?.key ?? '',
    apply: (wish) => apply(server, wish),
  })
