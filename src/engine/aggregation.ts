/** Aggregated APIs: what is served while an APIService points to somebody who can answer; here, metrics-server. */
import type { Condition } from '#api/meta.ts'
import { fail } from '#api/status.ts'
import type { Server } from './apiserver/api-server.ts'
import { metricsResources, type UsageSource } from './resources/metrics/usage.ts'
import type { Part, World } from './sim/world.ts'

const API_SERVICES = 'apiservices.apiregistration.k8s.io'
const METRICS = 'v1beta1.metrics.k8s.io'

/** Whether anybody in this world can answer for the group. */
export const aggregates = (group: string, version: string): boolean => `${version}.${group}` === METRICS

export class Aggregation implements Part {
  readonly name = 'kube-aggregator'
  readonly #server: Server
  readonly #source: UsageSource

  constructor(world: World, server: Server, source: UsageSource) {
    this.#server = server
    this.#source = source
    world.join(this)
    server.listen(server.resource(API_SERVICES), () => this.#follow())
    this.#follow()
  }

  /** Serves what is registered, and nothing else. */
  #follow(): void {
    const there = this.#server.read(API_SERVICES, '', METRICS) !== undefined
    if (there === (this.#server.known('pods.metrics.k8s.io') !== undefined)) return
    const resources = metricsResources(this.#source, (plural) => this.#refuse(plural))
    if (there) this.#server.extend(resources)
    else this.#server.withdraw(resources.map(({ groupVersion, plural }) => `${groupVersion}/${plural}`))
  }

  #refuse(plural: string): void {
    const conditions: Condition[] = this.#server.read(API_SERVICES, '', METRICS)?.['status']?.conditions ?? []
    if (conditions.some(({ type, status }) => type === 'Available' && status === 'True')) return
    const message = `the server is currently unable to handle the request (get ${plural}.metrics.k8s.io)`
    throw fail(503, 'ServiceUnavailable', message)
  }

  due(): void {}
  save(): unknown {
    return null
  }
  /** The store has been loaded before. */
  load(): void {
    this.#follow()
  }
}
