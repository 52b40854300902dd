/** Aggregated APIs: what APIServices give to somebody else. How requests get there comes with the rest of the engine. */
import type { AnyObject } from '#api/meta.ts'
import type { Server } from './apiserver/api-server.ts'
import type { Resource } from './apiserver/resource.ts'
import type { ControlMachines } from './control-machines.ts'
import type { Forwarder } from './machinery/forwarder.ts'
import type { Machines } from './machines.ts'
import { later } from './sim/later.ts'
import type { Part, World } from './sim/world.ts'

/** What does the work: a forwarder of what programs in Pods leave to the API servers, or the cluster's etcd, that they are. */
export interface AggregationWork extends Pick<Forwarder, 'route'> {
  served(): readonly Resource[]
  undiscovered(): readonly string[]
  probe(service: AnyObject): string | null
  due(what: string, data: any): void
  save(): unknown
  load(state: any): void
}

export type MakeAggregation = (
  world: World,
  server: Server,
  machines: Machines,
  hosts: ControlMachines,
  part: string,
) => AggregationWork

export const aggregations = later<MakeAggregation>('aggregated APIs')

/** The one that metrics-server serves is answered here: the first scene has it before the rest of the engine is there. */
export const METRICS = 'v1beta1.metrics.k8s.io'

export class Aggregation implements Part {
  readonly name = 'kube-aggregator'
  readonly #server: Server
  #work: AggregationWork | null = null
  #saved: unknown = null

  constructor(world: World, server: Server, machines: Machines, hosts: ControlMachines) {
    this.#server = server
    world.join(this)
    aggregations.when((make) => {
      this.#work = make(world, server, machines, hosts, this.name)
      if (this.#saved) this.#work.load(this.#saved)
    })
  }

  served(): readonly Resource[] {
    return this.#work?.served() ?? this.#server.resources
  }
  undiscovered(): readonly string[] {
    return this.#work?.undiscovered() ?? []
  }
  probe(service: AnyObject): string | null | undefined {
    return service.metadata.name === METRICS ? undefined : this.#work?.probe(service)
  }
  route(...asked: Parameters<Forwarder['route']>): ReturnType<Forwarder['route']> {
    return (this.#work as AggregationWork).route(...asked)
  }

  due(what: string, data: any): void {
    this.#work?.due(what, data)
  }
  save(): unknown {
    return this.#work?.save() ?? this.#saved
  }
  load(saved: unknown): void {
    this.#saved = saved
    this.#work?.load(saved)
  }
}
