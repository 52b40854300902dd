/** Gives Services their cluster address, node ports and health check port (registry/core/service/storage/alloc.go). */
import { type FieldError, invalid, invalidObject } from '#api/field-error.ts'
import type { Service, ServicePort } from '#api/kinds.ts'
import { type ApiError, fail } from '#api/status.ts'
import { type Hooks, put } from '../../apiserver/resource.ts'
import { allocatorOf, nodePortsOf, type ServiceAllocator } from './service-allocator.ts'

type Spec = Service['spec']

const refusal = (service: Service, error: FieldError): ApiError => invalidObject('', 'Service', service.metadata.name, [error])
const internal = (why: string): ApiError =>
  fail(500, 'InternalError', `Internal error occurred: ${why}`, { causes: [{ message: why }] })

export const needsNodePorts = ({ type }: Spec): boolean => type === 'NodePort' || type === 'LoadBalancer'
export const needsHealthCheck = ({ type, externalTrafficPolicy }: Spec): boolean =>
  type === 'LoadBalancer' && externalTrafficPolicy === 'Local'

/** A cluster address: the one asked for, or any. Headless and ExternalName Services have none. */
export function withClusterIp(service: Service, hooks: Hooks): Service {
  const { spec } = service
  if (spec.type === 'ExternalName' || spec.clusterIPs?.[0] === 'None') return service
  const allocator = allocatorOf(hooks.store)
  const asked = spec.clusterIPs?.[0]
  if (asked) {
    const problem = allocator.ipProblem(asked)
    // A dry run asks nobody whether the address is taken (ipallocator's dryRun).
    if (!problem || (hooks.dryRun && problem === 'provided IP is already allocated')) return service
    throw refusal(service, invalid('spec.clusterIPs', spec.clusterIPs, `failed to allocate IP ${asked}: ${problem}`))
  }
  // A dry run doesn't look for one that is free (allocateNextService).
  const ip = hooks.dryRun ? allocator.anyIp : allocator.nextIp(hooks.world.random('service-ips'))
  if (ip === null) throw internal(`failed to allocate a serviceIP for Service "${service.metadata.name}": range is full`)
  return put(service, 'spec', { ...spec, clusterIP: ip, clusterIPs: [ip] })
}

/** Ports taken while one Service is looked at, beside those that others hold. */
class PortTaking {
  readonly #service: Service
  readonly #hooks: Hooks
  readonly #allocator: ServiceAllocator
  readonly #taken = new Set<number>()
  constructor(service: Service, hooks: Hooks) {
    this.#service = service
    this.#hooks = hooks
    this.#allocator = allocatorOf(hooks.store)
  }
  problem(port: number): string | null {
    const problem = this.#allocator.portProblem(port, this.#taken, this.#hooks.dryRun)
    if (!problem) this.#taken.add(port)
    return problem
  }
  take(port: number, index: number): void {
    const problem = this.problem(port)
    if (problem) throw refusal(this.#service, invalid(`spec.ports[${index}].nodePort`, port, problem))
  }
  /** What a dry run is shown: nobody looks for a port that is free, except below 100 (portallocator's operation). */
  #shown(): number {
    const first = (this.#taken.size ? Math.max(...this.#taken) : 32768) + 1
    for (let port = first; port < 100; port += 1) if (!this.#allocator.portProblem(port, this.#taken, true)) return port
    return first
  }
  next(what: string): number {
    const port = this.#hooks.dryRun
      ? this.#shown()
      : this.#allocator.nextPort(this.#hooks.world.random('service-ports'), this.#taken)
    if (port === null) throw internal(`failed to allocate a ${what}: range is full`)
    this.#taken.add(port)
    return port
  }
}

const allocates = ({ type, allocateLoadBalancerNodePorts }: Spec): boolean =>
  type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false)

/** Node ports of a new Service. Ports of one number but several protocols share theirs. */
export function withNodePorts(service: Service, hooks: Hooks): Service {
  const { spec } = service
  if (!needsNodePorts(spec)) return service
  const taking = new PortTaking(service, hooks)
  const byPort = new Map<number, number>()
  const given = spec.ports ?? []
  const ports = given.map((port, i): ServicePort => {
    const own = port.nodePort ?? 0
    if (own === 0 && !allocates(spec)) return port
    const shared = byPort.get(port.port)
    if (shared === undefined) {
      const asked = given.slice(i).find((other) => other.port === port.port && other.nodePort)?.nodePort
      if (asked) taking.take(asked, i)
      const nodePort = asked ?? taking.next('nodePort')
      byPort.set(port.port, nodePort)
      return put(port, 'nodePort', nodePort)
    }
    if (own === 0) return { ...port, nodePort: shared }
    if (own !== shared) taking.take(own, i)
    return port
  })
  const next = ports.every((port, i) => port === given[i]) ? service : put(service, 'spec', { ...spec, ports })
  return needsHealthCheck(next.spec) ? withHealthCheckPort(next, taking) : next
}

function withHealthCheckPort(service: Service, taking: PortTaking): Service {
  const asked = service.spec.healthCheckNodePort
  if (!asked) return put(service, 'spec', { ...service.spec, healthCheckNodePort: taking.next('HealthCheck NodePort 0') })
  const problem = taking.problem(asked)
  if (problem) throw internal(`failed to allocate requested HealthCheck NodePort ${asked}: ${problem}`)
  return service
}

/** Node ports of a changed Service: what it has it keeps, the rest is new. */
export function withUpdatedNodePorts(service: Service, old: Service, hooks: Hooks): Service {
  const { spec } = service
  if (!needsNodePorts(spec)) return service
  const taking = new PortTaking(service, hooks)
  const held = new Set(nodePortsOf({ ports: old.spec.ports ?? [] }))
  const mine = new Set<number>()
  const given = spec.ports ?? []
  const ports = given.map((port, i): ServicePort => {
    if (port.nodePort) {
      if (!held.has(port.nodePort) && !mine.has(port.nodePort)) taking.take(port.nodePort, i)
      mine.add(port.nodePort)
      return port
    }
    return allocates(spec) ? { ...port, nodePort: taking.next('nodePort') } : port
  })
  const next = ports.every((port, i) => port === given[i]) ? service : put(service, 'spec', { ...spec, ports })
  return !needsHealthCheck(old.spec) && needsHealthCheck(next.spec) ? withHealthCheckPort(next, taking) : next
}
