/** A node's service proxy: which endpoint a packet for a Service goes to, and why (kube-proxy). */

import { contains, parseCidr, parseIp } from '#api/ip.ts'
import type { Service, ServicePort } from '#api/kinds.ts'
import { fnv1a } from '../sim/random.ts'
import type { World } from '../sim/world.ts'
import { forProxies, type ServiceTable, type Target, targets, usable } from './table.ts'

/** Proxies are a little behind, each by its own amount. */
export const proxyLag = (node: string): number => 50 + (fnv1a(`proxy/${node}`) % 150)

/** By which door a packet comes to a Service. */
export type Door = 'cluster' | 'node port' | 'outside address'

export interface Choice {
  target?: Target
  /** Why there is none: it is refused, or dropped. */
  fate?: 'refused' | 'dropped'
  did: string
  why: string
  /** The source address is replaced by the node's own. */
  masked?: boolean
}

export interface Wish {
  key: string
  node: string
  zone: string
  /** Who asks, for session affinity. */
  client: string
  door: Door
  /** It comes from within the cluster: from a pod. */
  inside: boolean
  /** It stands for many, which chance would have shared out evenly: the one whose turn it is. */
  turn?: number | undefined
  port(port: ServicePort): boolean
}

const DEFAULT_TIMEOUT_S = 10_800

export class ServiceProxy {
  readonly #world: World
  readonly #table: ServiceTable
  /** Session affinity: `node|service|port|client` → endpoint address, and until when. */
  #affinity = new Map<string, { ip: string; until: number }>()

  constructor(world: World, table: ServiceTable) {
    this.#world = world
    this.#table = table
  }

  choose(wish: Wish): Choice {
    const { key, node, door } = wish
    const known = this.#table.see(key, proxyLag(node))
    const version = known && forProxies(known)
    const service = version?.service
    const port = service?.spec.ports?.find(wish.port)
    if (!version || !service || !port) {
      const why = service ? `${key} has no such port` : `it knows no Service ${key} (any more)`
      return { fate: service ? 'refused' : 'dropped', did: 'had no rule', why }
    }
    if (door === 'outside address' && !isAllowed(service, wish.client)) {
      return { fate: 'dropped', did: 'dropped it', why: `${wish.client} is in none of its loadBalancerSourceRanges` }
    }
    const all = targets(version, port.name ?? '')
    const local = isLocalOnly(service, door) && !(door !== 'cluster' && wish.inside)
    const choice = usable(local ? localTo(all, node) : nearby(all, wish))
    if (choice.length === 0) return nobody(key, all, local && usable(all).length > 0, node)
    const target = this.#pick(wish, service, port, choice)
    const lag = this.#table.see(key, 0) === known ? '' : ', by a table that is a little old'
    return {
      target,
      did: `chose ${target.pod || target.ip}:${target.port}`,
      why: `one of ${choice.length} ready endpoints${lag}`,
      masked: door !== 'cluster' && !local,
    }
  }

  #pick({ node, key, client, turn }: Wish, service: Service, { port, protocol = 'TCP' }: ServicePort, choice: Target[]): Target {
    const random = this.#world.random(`proxy/${node}`)
    if (service.spec.sessionAffinity !== 'ClientIP')
      return turn === undefined ? random.pick(choice) : (choice[turn % choice.length] as Target)
    const session = `${node}|${key}|${protocol}/${port}|${client}`
    const known = this.#affinity.get(session)
    const { now } = this.#world
    const again = known && known.until > now ? choice.find((t) => t.ip === known.ip) : undefined
    const target = again ?? random.pick(choice)
    const seconds = service.spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? DEFAULT_TIMEOUT_S
    this.#affinity.set(session, { ip: target.ip, until: now + seconds * 1000 })
    return target
  }

  /** Whether a port of a node is, to its proxy, where the health of a Service is told. */
  checks(key: string, node: string, port: number): boolean {
    return this.#table.see(key, proxyLag(node))?.service?.spec.healthCheckNodePort === port
  }

  /** What a balancer is told that asks a node whether it has endpoints (healthcheck.go). */
  health(key: string, node: string): { status: number; body: string } {
    const version = this.#table.see(key, proxyLag(node))
    const port = version?.service?.spec.ports?.[0]
    const count = version && port ? localTo(targets(version, port.name ?? ''), node).filter((each) => each.ready).length : 0
    const [namespace, name] = key.split('/')
    const body = { service: { namespace, name }, localEndpoints: count, serviceProxyHealthy: true }
    return { status: count > 0 ? 200 : 503, body: JSON.stringify(body, null, '\t') }
  }

  save(): unknown {
    return [...this.#affinity]
  }
  load(saved: any): void {
    this.#affinity = new Map(saved)
  }
}

const isLocalOnly = ({ spec }: Service, door: Door): boolean =>
  (door === 'cluster' ? spec.internalTrafficPolicy : spec.externalTrafficPolicy) === 'Local'

function isAllowed({ spec }: Service, client: string): boolean {
  const ranges = spec.type === 'LoadBalancer' ? (spec.loadBalancerSourceRanges ?? []) : []
  const ip = parseIp(client)
  return (
    ranges.length === 0 ||
    ranges.some((each) => ip && contains(parseCidr(each.trim()) as NonNullable<ReturnType<typeof parseCidr>>, ip))
  )
}

const byNode = new WeakMap<readonly Target[], Map<string, Target[]>>()

function localTo(all: readonly Target[], node: string): Target[] {
  let nodes = byNode.get(all)
  if (!nodes) {
    nodes = new Map()
    for (const target of all) {
      const list = nodes.get(target.node)
      if (list) list.push(target)
      else nodes.set(target.node, [target])
    }
    byNode.set(all, nodes)
  }
  return nodes.get(node) ?? []
}

const byPlace = new WeakMap<readonly Target[], Map<string, Target[]>>()

/** Those that the slices mean for this node or its zone, when they say it of all that are ready (kube-proxy topology.go). */
function nearby(all: Target[], { node, zone }: Wish): Target[] {
  if (!all.some((target) => target.zones || target.nodes)) return all
  let places = byPlace.get(all)
  if (!places) byPlace.set(all, (places = new Map()))
  const place = `${node}|${zone}`
  let chosen = places.get(place)
  if (!chosen) places.set(place, (chosen = hinted(all, node, zone)))
  return chosen
}

function hinted(all: Target[], node: string, zone: string): Target[] {
  const ready = all.filter((target) => target.ready)
  if (ready.every((target) => target.nodes)) {
    const here = ready.filter((target) => target.nodes?.includes(node))
    if (here.length > 0) return here
  }
  if (zone === '' || !ready.every((target) => target.zones)) return all
  const near = ready.filter((target) => target.zones?.includes(zone))
  return near.length > 0 ? near : all
}

function nobody(key: string, all: readonly Target[], local: boolean, node: string): Choice {
  if (local) {
    const why = `its traffic policy is Local, and no pod of ${key} is ready on ${node}`
    return { fate: 'dropped', did: 'dropped it', why }
  }
  const why =
    all.length === 0
      ? `${key} has no endpoints: no running pod matches its selector`
      : `none of the ${all.length} endpoints of ${key} is ready`
  return { fate: 'refused', did: 'refused', why }
}
