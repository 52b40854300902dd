/** Writes each node's Lease renewals, for a node lifecycle controller that is not ours and so cannot ask when a node was last heard of. */
import type { Api } from './machinery/client.ts'
import { freshLease, type Heartbeats, LEASE_PERIOD_MS } from './machinery/heartbeats.ts'
import type { Part, World } from './sim/world.ts'

export class LeaseRenewals implements Part {
  readonly name = 'lease-renewals'
  readonly #world: World
  readonly #api: Api
  readonly #heartbeats: Heartbeats

  constructor(world: World, api: Api, heartbeats: Heartbeats) {
    this.#world = world
    this.#api = api
    this.#heartbeats = heartbeats
    world.join(this)
    world.after(LEASE_PERIOD_MS, this.name, 'renew')
  }

  due(): void {
    for (const lease of this.#api.list('leases.coordination.k8s.io', 'kube-node-lease')) {
      const fresh = freshLease(lease, this.#heartbeats, this.#world.now)
      if (fresh === lease) continue
      const spec = { renewTime: fresh['spec'].renewTime }
      this.#api.patch('leases.coordination.k8s.io', 'kube-node-lease', lease.metadata.name, 'merge', { spec })
    }
    this.#world.after(LEASE_PERIOD_MS, this.name, 'renew')
  }

  save(): unknown {
    return null
  }
  load(): void {}
}
