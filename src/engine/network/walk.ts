/** One packet's way through the cluster, hop by hop: name, policy, service proxy, node, endpoint, pod, answer. */

import { hostPortsOf } from '#api/host-ports.ts'
import type { Node, Pod, ServicePort } from '#api/kinds.ts'
import { API_SERVER, isApiServer } from '../machinery/address.ts'
import { type Forwarder, page } from '../machinery/forwarder.ts'
import { type HttpOutcome, type HttpReply, type HttpRequest, listenedPort, type NoReply } from '../machinery/http.ts'
import type { Cache } from '../machinery/informer.ts'
import type { NodeEnd } from '../machinery/node-end.ts'
import type { World } from '../sim/world.ts'
import type { Addresses } from './addresses.ts'
import { askOutside, isOutside } from './outside.ts'
import { askedFor, type Origin, type Packet, protocolOf, type Walk } from './packet.ts'
import type { End, Policies } from './policies.ts'
import { type Door, ServiceProxy } from './proxy.ts'
import type { ServiceTable, Target } from './table.ts'
import type { Wires } from './wires.ts'

/** A client gives up a connection that nobody answers. */
const TIMEOUT_MS = 5000
const HOP_MS = 1
const ZONE = 'topology.kubernetes.io/zone'

export interface Terrain {
  readonly world: World
  readonly table: ServiceTable
  readonly addresses: Addresses
  readonly nodes: ReadonlyMap<string, NodeEnd>
  readonly objects: Cache<Node>
  /** Null: the network plugin enforces none. */
  readonly policies: Policies | null
  /** By the names of addons. */
  readonly forwarders: ReadonlyMap<string, Forwarder>
  readonly wires: Wires
  /** Name → address, with a hop that tells how; null when there is none (the walk has failed). */
  resolve(packet: Packet, host: string): string | null
  /** A request to the API server by its address. */
  askApiServer(request: HttpRequest): HttpOutcome
}

export class Router {
  readonly #terrain: Terrain
  readonly proxy: ServiceProxy
  #byIp = new Map<string, NodeEnd>()

  constructor(terrain: Terrain) {
    this.#terrain = terrain
    this.proxy = new ServiceProxy(terrain.world, terrain.table)
  }

  /** Machines have come or gone. */
  remap(): void {
    this.#byIp = new Map([...this.#terrain.nodes.values()].map((end) => [end.ip, end]))
  }

  walk(origin: Origin, host: string, port: number, request: HttpRequest): Walk {
    const packet = this.begin(origin, host, port, request)
    const ip = this.#terrain.resolve(packet, host)
    return ip === null ? packet.walk : this.to(packet, ip, port)
  }

  begin(origin: Origin, host: string, port: number, request: HttpRequest): Packet {
    const protocol = protocolOf(request)
    const hops = [{ at: origin.label, did: askedFor(request, host, port), why: '' }]
    const walk: Walk = { outcome: { ok: false, why: 'timeout' }, hops, service: '', pod: '', node: '', ms: HOP_MS }
    return { origin, protocol, request: { ...request, from: request.from ?? origin.ip }, walk }
  }

  /** Onwards from an address. */
  to(packet: Packet, ip: string, port: number): Walk {
    const { table } = this.#terrain
    if (ip.startsWith('127.')) return this.#loopback(packet, port)
    if (isApiServer(ip, port)) return this.#apiServer(packet)
    const key = table.byIp(ip)
    if (key !== undefined) {
      const clusterIp = table.see(key, 0)?.service?.spec.clusterIPs?.includes(ip) ?? true
      return this.#service(packet, key, clusterIp ? 'cluster' : 'outside address', packet.origin.node, (p) => p.port === port)
    }
    const end = this.#byIp.get(ip)
    if (end) return this.#machine(packet, end, port)
    if (!isOutside(ip) || this.#terrain.addresses.at(ip)) return this.#endpoint(packet, anyTarget(ip, port))
    return this.#outside(packet, ip, port)
  }

  // ——— ends of the way

  #end({ walk }: Packet, at: string, did: string, why: string, fate: NoReply): Walk {
    walk.hops.push({ at, did, why })
    walk.outcome = { ok: false, why: fate }
    walk.ms += fate === 'timeout' || fate === 'no route to host' ? TIMEOUT_MS : HOP_MS
    return walk
  }

  #dead(packet: Packet, node: string): Walk {
    return this.#end(packet, `node ${node}`, 'was silent', 'the machine is off', 'timeout')
  }

  /** Over the wire to another machine, which may be off. */
  #cross(packet: Packet, end: NodeEnd): Walk | null {
    const crossing = this.#terrain.wires.cross(packet.origin.node, end.name, packet.protocol)
    if (crossing?.lost) return this.#end(packet, crossing.hop.at, crossing.hop.did, crossing.hop.why, 'timeout')
    if (!end.isPowered) return this.#dead(packet, end.name)
    if (crossing) {
      packet.walk.hops.push(crossing.hop)
      packet.walk.ms += crossing.ms
    }
    return null
  }

  #apiServer(packet: Packet): Walk {
    const { walk, request } = packet
    const blocked = this.#keptIn(packet, API_SERVER.ip, null, API_SERVER.port)
    if (blocked) return blocked
    if (packet.protocol !== 'TCP')
      return this.#end(packet, 'kube-apiserver', 'refused', 'it speaks TCP only', 'connection refused')
    walk.outcome = this.#terrain.askApiServer(request)
    walk.ms += 2
    const status = walk.outcome.ok ? walk.outcome.reply.status : 0
    walk.hops.push({ at: 'kube-apiserver', did: `answered ${status}`, why: '' })
    return walk
  }

  #outside(packet: Packet, ip: string, port: number): Walk {
    const blocked = this.#keptIn(packet, ip, null, port)
    if (blocked) return blocked
    const { walk, request } = packet
    walk.outcome = askOutside(ip, port, request)
    walk.ms += walk.outcome.ok ? (walk.outcome.reply.ms ?? 0) : TIMEOUT_MS
    walk.hops.push({
      at: `outside ${ip}`,
      did: walk.outcome.ok ? 'answered 200' : 'was silent',
      why: 'it is no address of the cluster',
    })
    return walk
  }

  /** Within the pod, or within the machine for those on its network. */
  #loopback(packet: Packet, port: number): Walk {
    const { podUid = '', node } = packet.origin
    const end = this.#terrain.nodes.get(node)
    const pod = end?.pod(podUid)
    if (!end) return this.#end(packet, packet.origin.label, 'refused', `nothing listens on port ${port}`, 'connection refused')
    if (pod && !pod.spec.hostNetwork) return this.#deliver(packet, end, podUid, port)
    if (this.#daemon(packet, end, port, true)) return packet.walk
    const taken = this.#hostPort(end, '127.0.0.1', port, packet)
    if (taken) return this.#deliver(packet, end, taken.uid, taken.port)
    return this.#end(packet, `node ${end.name}`, 'refused', `nothing listens on port ${port}`, 'connection refused')
  }

  // ——— machines

  #machine(packet: Packet, end: NodeEnd, port: number): Walk {
    const { table } = this.#terrain
    const { protocol, walk, origin } = packet
    const stuck = this.#cross(packet, end)
    if (stuck) return stuck
    const key = table.byNodePort(protocol, port)
    if (key !== undefined) {
      const at = `node ${end.name}`
      walk.hops.push({ at, did: `took port ${port}`, why: `it is the node port of ${key}` })
      return this.#service(packet, key, 'node port', end.name, (p) => p.nodePort === port)
    }
    const checked = protocol === 'TCP' ? table.byNodePort('health', port) : undefined
    if (checked !== undefined && this.proxy.checks(checked, end.name, port)) return this.#health(packet, checked, end)
    const blocked = this.#keptIn(packet, end.ip, null, port)
    if (blocked) return blocked
    if (this.#daemon(packet, end, port, false)) return walk
    const taken = this.#hostPort(end, end.ip, port, packet)
    if (taken) {
      if (taken.mapped) walk.hops.push({ at: `node ${end.name}`, did: `took port ${port}`, why: 'it is the host port of a pod' })
      const uid = taken.uid
      const pod = end.pod(uid)
      if (taken.mapped && pod && origin.node !== end.name) {
        const kept = this.#keptOut(packet, end, pod, taken.port)
        if (kept) return kept
      }
      return this.#deliver(packet, end, uid, taken.port)
    }
    const why = `nothing listens on port ${port} of the node`
    return this.#end(packet, `node ${end.name}`, 'refused', why, 'connection refused')
  }

  /** The kubelet and the proxy have ports of the machine themselves. */
  #daemon({ protocol, request, walk }: Packet, end: NodeEnd, port: number, local: boolean): boolean {
    const found = protocol === 'TCP' ? end.daemon(port, request, local) : null
    if (!found) return false
    walk.outcome = { ok: true, reply: found.reply }
    walk.hops.push({ at: `node ${end.name}`, did: 'answered', why: `its ${found.name} listens on this port` })
    return true
  }

  #health(packet: Packet, key: string, end: NodeEnd): Walk {
    const { status, body } = this.proxy.health(key, end.name)
    packet.walk.hops.push({ at: `proxy on ${end.name}`, did: `answered ${status}`, why: `it tells balancers of ${key}` })
    packet.walk.outcome = { ok: true, reply: { status, body, headers: { 'content-type': 'application/json' } } }
    return packet.walk
  }

  /** Who has a port of the machine: a pod on its network that listens there, or one with a host port. */
  #hostPort(end: NodeEnd, ip: string, port: number, { protocol }: Packet): { uid: string; port: number; mapped: boolean } | null {
    for (const pod of end.hostPods()) {
      const uid = pod.metadata.uid ?? ''
      if (pod.spec.hostNetwork) {
        if (end.listens(uid, listenedPort(protocol, port))) return { uid, port, mapped: false }
        continue
      }
      const fits = hostPortsOf(pod).some(
        (each) => each.port === port && each.protocol === protocol && (each.ip === '0.0.0.0' || each.ip === ip),
      )
      if (fits) return { uid, port: containerPort(pod, port, protocol), mapped: true }
    }
    return null
  }

  // ——— services

  #service(packet: Packet, key: string, door: Door, node: string, wanted: (port: ServicePort) => boolean): Walk {
    const { walk, origin, protocol, request } = packet
    const { objects, addresses } = this.#terrain
    walk.service = key
    walk.pod = ''
    const client = request.from ?? origin.ip
    const choice = this.proxy.choose({
      key,
      node,
      client,
      door,
      turn: request.turn,
      zone: objects.get('', node)?.metadata.labels?.[ZONE] ?? '',
      // What comes from a pod of another machine has left that under the machine's name.
      inside: addresses.at(client)?.node === node || this.#terrain.nodes.get(node)?.ip === client,
      port: (each) => (each.protocol ?? 'TCP') === protocol && wanted(each),
    })
    const at = node === '' ? 'service proxy' : `proxy on ${node}`
    if (!choice.target) {
      return this.#end(packet, at, choice.did, choice.why, choice.fate === 'dropped' ? 'timeout' : 'connection refused')
    }
    walk.hops.push({ at, did: choice.did, why: choice.why })
    if (!choice.masked) return this.#endpoint(packet, choice.target)
    const own = this.#terrain.nodes.get(node)?.ip ?? client
    return this.#endpoint({ ...packet, request: { ...request, from: own } }, choice.target)
  }

  // ——— pods

  #endpoint(packet: Packet, target: Target): Walk {
    const { walk, protocol } = packet
    const { addresses, nodes } = this.#terrain
    if (isApiServer(target.ip, target.port)) return this.#apiServer(packet)
    const machine = this.#byIp.get(target.ip)
    if (machine) return this.#onHost(packet, machine, target)
    const found = addresses.at(target.ip)
    const end = found ? nodes.get(found.node) : undefined
    walk.ms += HOP_MS
    if (!found || !end) {
      if (isOutside(target.ip)) return this.#outside(packet, target.ip, target.port)
      walk.pod = target.pod
      walk.node = target.node
      const why = `no pod has the address ${target.ip} any more`
      return this.#end(packet, target.node ? `node ${target.node}` : 'network', 'found nobody', why, 'no route to host')
    }
    walk.node = end.name
    walk.pod = end.podName(found.uid) || target.pod
    const pod = end.pod(found.uid) ?? null
    const kept = this.#keptIn(packet, target.ip, pod, target.port) ?? (pod && this.#keptOut(packet, end, pod, target.port))
    if (kept) return kept
    const stuck = this.#cross(packet, end)
    if (stuck) return stuck
    walk.ms += protocol === 'TCP' ? 0 : HOP_MS
    return this.#deliver(packet, end, found.uid, target.port)
  }

  /** An endpoint on a machine's own network. */
  #onHost(packet: Packet, end: NodeEnd, target: Target): Walk {
    const { walk } = packet
    walk.node = end.name
    walk.pod = target.pod
    const blocked = this.#keptIn(packet, target.ip, null, target.port) ?? this.#cross(packet, end)
    if (blocked) return blocked
    const taken = this.#hostPort(end, end.ip, target.port, packet)
    if (taken) return this.#deliver(packet, end, taken.uid, taken.port)
    const why = `nothing listens on port ${target.port} of the node`
    return this.#end(packet, `node ${end.name}`, 'refused', why, 'connection refused')
  }

  #deliver(packet: Packet, end: NodeEnd, uid: string, port: number): Walk {
    const { walk, protocol, request } = packet
    walk.node = end.name
    walk.pod = end.podName(uid) || walk.pod
    const listened = listenedPort(protocol, port)
    const isOpen = end.listens(uid, listened)
    if (isOpen && (request.transport === 'CONNECT' || (request.transport === 'SCTP' && !request.body))) {
      walk.outcome = { ok: true, reply: { status: 200, body: '' } }
      walk.hops.push({ at: `pod ${walk.pod}`, did: 'accepted the connection', why: '' })
      return walk
    }
    walk.outcome = isOpen ? end.answer(uid, listened, request) : { ok: false, why: 'connection refused' }
    if (walk.outcome.ok && walk.outcome.reply.forward) return this.#passOn(packet, end, { uid, port, told: walk.outcome.reply })
    if (walk.outcome.ok && protocol !== 'TCP' && walk.outcome.reply.status === 0) {
      return this.#end(packet, `pod ${walk.pod}`, 'said nothing', 'it does not answer such datagrams', 'timeout')
    }
    if (walk.outcome.ok) {
      walk.ms += walk.outcome.reply.ms ?? 2
      walk.hops.push({
        at: `pod ${walk.pod}`,
        did: `answered${protocol === 'TCP' ? ` ${walk.outcome.reply.status}` : ''}`,
        why: '',
      })
      return walk
    }
    if (walk.outcome.why === 'empty reply')
      return this.#end(packet, `pod ${walk.pod}`, 'closed the connection', 'it speaks another protocol', 'empty reply')
    const why = `nothing in it listens on port ${port}`
    return this.#end(packet, `pod ${walk.pod}`, 'refused', why, walk.outcome.why)
  }

  /** A proxy sends the request on, from its own address. */
  #passOn({ walk, request, protocol }: Packet, end: NodeEnd, at: { uid: string; port: number; told: HttpReply }): Walk {
    const { uid, port, told } = at
    const by = this.#terrain.forwarders.get(told.forward ?? '')
    const route =
      by?.route(request, { pod: end.pod(uid), port, told }) ?? (told.forward === 'etcd' ? { reply: told, why: '' } : NO_TABLE)
    const [label, own] = [`pod ${walk.pod}`, this.#terrain.addresses.of(uid)?.ip ?? end.ip]
    if ('reply' in route) {
      walk.outcome = { ok: true, reply: route.reply }
      walk.hops.push({ at: label, did: `answered ${route.reply.status}`, why: route.why })
      return walk
    }
    walk.hops.push({ at: label, did: `sent it to ${route.service}`, why: route.why })
    const forwarded = { 'x-forwarded-for': request.from ?? '', 'x-forwarded-host': request.headers?.['host'] ?? '' }
    const headers = route.headers ?? { ...request.headers, ...forwarded }
    const onward = { ...request, path: route.path, headers, from: own }
    const origin: Origin = { node: end.name, ip: own, namespace: '', label, podUid: uid }
    const wanted = (each: ServicePort) => (route.port.name ? each.name === route.port.name : each.port === route.port.number)
    this.#service({ origin, protocol, request: onward, walk }, route.service, 'cluster', end.name, wanted)
    if (!walk.outcome.ok) walk.outcome = { ok: true, reply: failed(walk) }
    else if (route.answer) walk.outcome = { ok: true, reply: route.answer(walk.outcome.reply) }
    return walk
  }

  // ——— policies

  /** What the sender's own policies say. */
  #keptIn(packet: Packet, ip: string, target: Pod | null, port: number): Walk | null {
    const { origin, protocol } = packet
    const pod = origin.podUid === undefined ? null : this.#plainPod(origin.node, origin.podUid)
    if (!pod || !this.#terrain.policies || target?.metadata.uid === pod.metadata.uid) return null
    const aim = { port, protocol }
    const why = this.#terrain.policies.refuses('Egress', origin.node, pod, { ip, pod: notOnHost(target) }, aim, target)
    return why === null ? null : this.#end(packet, `policy on ${origin.node}`, 'dropped it', why, 'timeout')
  }

  /** What the receiver's say. Its own machine always reaches it. */
  #keptOut(packet: Packet, end: NodeEnd, target: Pod, port: number): Walk | null {
    const { policies, addresses, nodes } = this.#terrain
    const { request, protocol, origin } = packet
    const ip = request.from ?? origin.ip
    if (!policies || target.spec.hostNetwork || ip === end.ip) return null
    const sender = addresses.at(ip)
    const peer: End = { ip, pod: sender ? (nodes.get(sender.node)?.pod(sender.uid) ?? null) : null }
    if (peer.pod && peer.pod.metadata.uid === target.metadata.uid) return null
    const why = policies.refuses('Ingress', end.name, target, peer, { port, protocol }, target)
    return why === null ? null : this.#end(packet, `policy on ${end.name}`, 'dropped it', why, 'timeout')
  }

  #plainPod(node: string, uid: string): Pod | null {
    return notOnHost(this.#terrain.nodes.get(node)?.pod(uid) ?? null)
  }
}

/** A proxy in a cluster that knows no routes for it. */
const NO_TABLE = { reply: page(404, 'Not Found'), why: 'nobody has told it where to send requests' }

/** What a proxy says when what is behind it doesn't answer. */
function failed({ pod, outcome }: Walk): HttpReply {
  if (pod === '' || outcome.ok) return page(503, 'Service Temporarily Unavailable')
  return outcome.why === 'timeout' ? page(504, 'Gateway Time-out') : page(502, 'Bad Gateway')
}

/** Policies know only pods with an address of their own. */
const notOnHost = (pod: Pod | null): Pod | null => (pod?.spec.hostNetwork ? null : pod)

const anyTarget = (ip: string, port: number): Target => ({
  ip,
  port,
  node: '',
  pod: '',
  ready: true,
  serving: true,
  terminating: false,
  hostname: '',
})

function containerPort({ spec }: Pod, hostPort: number, protocol: string): number {
  for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) {
    const found = container.ports?.find((each) => each.hostPort === hostPort && (each.protocol ?? 'TCP') === protocol)
    if (found) return found.containerPort
  }
  return hostPort
}
