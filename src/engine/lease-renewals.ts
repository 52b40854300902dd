/** Writes each node's Lease renewals, for a node lifecycle controller that is not ours and so cannot ask when a node was last heard of. */
import { formatMicroTime } from '#api/time.ts'
import type { Api } from './machinery/client.ts'
import { type Heartbeats, LEASE_PERIOD_MS } from './machinery/heartbeats.ts'
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
    const { now } = this.#world
    for (const { metadata } of this.#api.list('leases.coordination.k8s.io', 'kube-node-lease')) {
      // What is read is as fresh as its node: what is stored has to become so.
      const renewed = this.#heartbeats.lastRenew(metadata.name, now)
      if (renewed === undefined || renewed <= now - LEASE_PERIOD_MS) continue
      const spec = { renewTime: formatMicroTime(renewed) }
      this.#api.patch('leases.coordination.k8s.io', 'kube-node-lease', metadata.name, 'merge', { spec })
    }
    this.#world.after(LEASE_PERIOD_MS, this.name, 'renew')
  }

  save(): unknown {
    return null
  }
  load(): void {}
}
