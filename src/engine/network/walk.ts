/** One request's way through the cluster, hop by hop: name, service proxy, endpoint, node, pod, answer. */
import type { Service, ServicePort } from '#api/kinds.ts'
import type { FlightHop } from '#api/request.ts'
import type { HttpOutcome, HttpRequest, NoReply } from '../machinery/http.ts'
import { fnv1a } from '../sim/random.ts'
import type { World } from '../sim/world.ts'
import type { Addresses } from './addresses.ts'
import { resolve } from './dns.ts'
import { type ServiceTable, type Target, targets, usable } from './table.ts'

/** What the network asks of a node. */
export interface NodeEnd {
  readonly name: string
  readonly ip: string
  readonly isPowered: boolean
  /** Hands a request to whatever listens on this port of a pod. */
  answer(podUid: string, port: number, request: HttpRequest): HttpOutcome
  /** `namespace/name` of a pod it runs. */
  podName(podUid: string): string
}

export interface Walk {
  outcome: HttpOutcome
  hops: FlightHop[]
  /** `namespace/name`, or empty when no Service was in the way. */
  service: string
  pod: string
  node: string
  ms: number
}

export interface Origin {
  /** The node whose proxy handles it. */
  node: string
  ip: string
  namespace: string
  /** How the first hop is called. */
  label: string
}

/** A client gives up a connection that nobody answers. */
const TIMEOUT_MS = 5000
const HOP_MS = 1

/** Proxies are a little behind, each by its own amount. */
export const proxyLag = (node: string): number => 50 + (fnv1a(`proxy/${node}`) % 150)

export class Router {
  readonly #world: World
  readonly #table: ServiceTable
  readonly #addresses: Addresses
  readonly #nodes: ReadonlyMap<string, NodeEnd>
  /** Session affinity: `service|client` → endpoint address, and until when. */
  #affinity = new Map<string, { ip: string; until: number }>()

  constructor(world: World, table: ServiceTable, addresses: Addresses, nodes: ReadonlyMap<string, NodeEnd>) {
    this.#world = world
    this.#table = table
    this.#addresses = addresses
    this.#nodes = nodes
  }

  walk(origin: Origin, host: string, port: number, request: HttpRequest): Walk {
    const hops: FlightHop[] = [{ at: origin.label, did: `${request.method} http://${host}:${port}${request.path}`, why: '' }]
    const walk: Walk = { outcome: { ok: false, why: 'timeout' }, hops, service: '', pod: '', node: '', ms: HOP_MS }
    const answer = resolve(this.#table, origin.namespace, host)
    walk.service = answer.service
    if (answer.ips.length === 0) {
      hops.push({ at: 'dns', did: 'found nothing', why: answer.why })
      return this.#fail(walk, 'no such host')
    }
    const ip = answer.ips.length > 1 ? this.#world.random('dns').pick(answer.ips) : (answer.ips[0] as string)
    if (ip !== host) hops.push({ at: 'dns', did: `${host} is ${ip}`, why: answer.why })
    return this.to(walk, origin, ip, port, { ...request, from: request.from ?? origin.ip })
  }

  /** Onwards from an address. */
  to(walk: Walk, origin: Origin, ip: string, port: number, request: HttpRequest): Walk {
    const key = this.#table.byIp(ip)
    if (key !== undefined) return this.#service(walk, origin, key, (p) => p.port === port, false, request)
    const byNode = [...this.#nodes.values()].find((n) => n.ip === ip)
    const nodePort = byNode ? this.#table.byNodePort(port) : undefined
    if (byNode && nodePort !== undefined) {
      if (!byNode.isPowered) return this.#dead(walk, byNode.name)
      walk.hops.push({ at: `node ${byNode.name}`, did: `took port ${port}`, why: `it is the node port of ${nodePort}` })
      return this.#service(walk, { ...origin, node: byNode.name }, nodePort, (p) => p.nodePort === port, true, request)
    }
    if (byNode) {
      walk.hops.push({ at: `node ${byNode.name}`, did: 'refused', why: `nothing listens on port ${port} of the node` })
      return this.#fail(walk, 'connection refused')
    }
    return this.#pod(walk, { ip, port, node: '', pod: '', ready: true, serving: true, terminating: false, hostname: '' }, request)
  }

  #fail(walk: Walk, why: NoReply): Walk {
    walk.outcome = { ok: false, why }
    walk.ms += why === 'timeout' || why === 'no route to host' ? TIMEOUT_MS : HOP_MS
    return walk
  }

  #dead(walk: Walk, node: string): Walk {
    walk.hops.push({ at: `node ${node}`, did: 'was silent', why: 'the machine is off' })
    return this.#fail(walk, 'timeout')
  }

  #service(
    walk: Walk,
    origin: Origin,
    key: string,
    wanted: (port: ServicePort) => boolean,
    external: boolean,
    request: HttpRequest,
  ): Walk {
    walk.service = key
    const at = `proxy on ${origin.node}`
    const version = this.#table.see(key, proxyLag(origin.node))
    const service = version?.service
    const port = service?.spec.ports?.find(wanted)
    if (!version || !service || !port) {
      walk.hops.push({
        at,
        did: 'had no rule',
        why: service ? `${key} has no such port` : `it knows no Service ${key} (any more)`,
      })
      return this.#fail(walk, service ? 'connection refused' : 'timeout')
    }
    const all = targets(version, port.name ?? '')
    const open = usable(all)
    const local = this.#localOnly(service, external)
    const choice = local ? open.filter((t) => t.node === origin.node) : open
    if (choice.length === 0) {
      const why = this.#noChoice(key, all, open, local, origin.node)
      walk.hops.push({ at, did: local && open.length > 0 ? 'dropped it' : 'refused', why })
      return this.#fail(walk, local && open.length > 0 ? 'timeout' : 'connection refused')
    }
    const target = this.#pick(origin, key, service, choice, request.from ?? origin.ip)
    const lag = this.#table.see(key, 0) === version ? '' : ', by a table that is a little old'
    walk.hops.push({
      at,
      did: `chose ${target.pod || target.ip}:${target.port}`,
      why: `one of ${choice.length} ready endpoints${lag}`,
    })
    return this.#pod(walk, target, request)
  }

  #localOnly(service: Service, external: boolean): boolean {
    return (external ? service.spec.externalTrafficPolicy : service.spec.internalTrafficPolicy) === 'Local'
  }

  #noChoice(key: string, all: Target[], open: Target[], local: boolean, node: string): string {
    if (local && open.length > 0) return `its traffic policy is Local, and no pod of ${key} is ready on ${node}`
    if (all.length === 0) return `${key} has no endpoints: no running pod matches its selector`
    return `none of the ${all.length} endpoints of ${key} is ready`
  }

  #pick(origin: Origin, key: string, service: Service, choice: Target[], client: string): Target {
    const random = this.#world.random(`proxy/${origin.node}`)
    if (service.spec.sessionAffinity !== 'ClientIP') return random.pick(choice)
    const session = `${origin.node}|${key}|${client}`
    const known = this.#affinity.get(session)
    const { now } = this.#world
    const again = known && known.until > now ? choice.find((t) => t.ip === known.ip) : undefined
    const target = again ?? random.pick(choice)
    const seconds = service.spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800
    this.#affinity.set(session, { ip: target.ip, until: now + seconds * 1000 })
    return target
  }

  #pod(walk: Walk, target: Target, request: HttpRequest): Walk {
    const found = this.#addresses.at(target.ip)
    const end = found ? this.#nodes.get(found.node) : undefined
    walk.ms += HOP_MS
    if (!found || !end) {
      walk.pod = target.pod
      walk.node = target.node
      walk.hops.push({
        at: target.node ? `node ${target.node}` : 'network',
        did: 'found nobody',
        why: `no pod has the address ${target.ip} any more`,
      })
      return this.#fail(walk, 'no route to host')
    }
    walk.node = end.name
    walk.pod = end.podName(found.uid) || target.pod
    if (!end.isPowered) return this.#dead(walk, end.name)
    walk.outcome = end.answer(found.uid, target.port, request)
    if (walk.outcome.ok) {
      walk.ms += walk.outcome.reply.ms ?? 2
      walk.hops.push({ at: `pod ${walk.pod}`, did: `answered ${walk.outcome.reply.status}`, why: '' })
      return walk
    }
    walk.hops.push({ at: `pod ${walk.pod}`, did: 'refused', why: `nothing in it listens on port ${target.port}` })
    return this.#fail(walk, walk.outcome.why)
  }

  save(): unknown {
    return [...this.#affinity]
  }
  load(saved: any): void {
    this.#affinity = new Map(saved)
  }
}
