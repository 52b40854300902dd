/** The load balancer before a Service, as visitors meet it: which nodes it sends them to, and how that is told. */
import type { FlightHop } from '#api/request.ts'
import { targets, usable, type Version } from './table.ts'

export interface Balancer {
  /** Its health checks: with the policy Local only nodes with endpoints of their own are well. */
  sendsTo(node: string): boolean
  hop(node: string, choice: number): FlightHop
}

/** Null when the Service has none (yet). */
export function balancerOf(version: Version): Balancer | null {
  const { service } = version
  const ip = service?.status?.loadBalancer?.ingress?.[0]?.ip
  if (!service || !ip || service.spec.type !== 'LoadBalancer') return null
  const local = service.spec.externalTrafficPolicy === 'Local'
  const endpoints = local ? usable(targets(version, service.spec.ports?.[0]?.name ?? '')) : []
  return {
    sendsTo: (node) => !local || endpoints.some((target) => target.node === node),
    hop: (node, choice) => ({ at: `load balancer ${ip}`, did: `chose ${node}`, why: `one of ${choice} nodes that are well` }),
  }
}
