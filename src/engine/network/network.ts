/** The network between the machines: addresses, names, service proxies, requests on their way, and visitors from outside. */
import { isTrue } from '#api/conditions.ts'
import type { Namespace, Node } from '#api/kinds.ts'
import type { Flight } from '#api/request.ts'
import type { Connect } from '../machinery/client.ts'
import type { Forwarder, MakeForwarder } from '../machinery/forwarder.ts'
import type { HttpOutcome, HttpRequest } from '../machinery/http.ts'
import { Informers, type WatchSource } from '../machinery/informer.ts'
import type { NodeEnd } from '../machinery/node-end.ts'
import type { Part, World } from '../sim/world.ts'
import { Addresses } from './addresses.ts'
import { balancerOf } from './balancer.ts'
import { answerBy } from './dns-server.ts'
import { IngressRoutes } from './ingress.ts'
import { isOutside, resolveOutside } from './outside.ts'
import type { Origin, Packet, Walk } from './packet.ts'
import { Policies } from './policies.ts'
import { type DnsReply, Records, type RecordType } from './records.ts'
import { type Answer, configurationIn, configurationOf, HOST_DNS, lookUp } from './resolver.ts'
import { serviceEnv } from './service-env.ts'
import { ServiceTable, targets, usable } from './table.ts'
import { type Source, Traffic } from './traffic.ts'
import { Router } from './walk.ts'
import { Wires } from './wires.ts'

export type { Origin, Walk } from './packet.ts'
export type { Answer } from './resolver.ts'

export interface NetworkOptions {
  world: World
  source: WatchSource
  /** Not needed: the network only watches. Accepted so that all parts are made alike. */
  connect?: Connect
  /** Its plugin enforces NetworkPolicies. */
  policies?: boolean
  /** Of addons, by their names. */
  proxies?: ReadonlyMap<string, MakeForwarder>
}

/** Who sends a packet from within: a pod's containers. */
export interface Sender {
  node: string
  podUid: string
  ip: string
  namespace: string
}

const DNS_PORT = 53
const INFORMER_LAG_MS = 2
const FLIGHTS = 500
const MOST_NESTED = 16
/** Where visitors come from. */
const OUTSIDE = '203.0.113.7'

export class Network implements Part {
  readonly name = 'network'
  readonly #world: World
  readonly wires: Wires
  readonly #addresses = new Addresses()
  readonly #table: ServiceTable
  readonly #router: Router
  readonly #traffic: Traffic
  readonly #records: Records
  readonly #policies: Policies | null
  readonly #forwarders: ReadonlyMap<string, Forwarder>
  /** Answers requests to the API server's own address. Set by the composition root. */
  apiServer: ((request: HttpRequest) => HttpOutcome) | null = null
  readonly #informers: Informers
  #nodes = new Map<string, NodeEnd>()
  #waiting = new Map<string, (range: string) => void>()
  #flights: Flight[] = []
  #flightSeq = 0
  /** Requests that are being answered by asking somebody else. */
  #nested = 0
  /** Only remembered, never saved. */
  readonly #envs = new Map<string, { version: number; env: Record<string, string> }>()

  constructor({ world, source, policies = false, proxies = new Map() }: NetworkOptions) {
    this.#world = world
    this.wires = new Wires(world)
    // Joined before this part, so that its caches are loaded first.
    this.#informers = new Informers('network', world, source, INFORMER_LAG_MS)
    this.#table = new ServiceTable(world, this.#informers)
    this.#policies = policies ? new Policies(world, this.#informers) : null
    this.#forwarders = new Map<string, Forwarder>([
      ['ingress', new IngressRoutes(this.#informers)],
      ...[...proxies].map(([name, make]) => [name, make(this.#informers, world)] as const),
    ])
    this.#records = new Records(this.#table, this.#informers.cache<Namespace>('namespaces'), resolveOutside, (ip) =>
      this.#namespaceAt(ip),
    )
    this.#router = new Router({
      world,
      table: this.#table,
      addresses: this.#addresses,
      nodes: this.#nodes,
      objects: this.#informers.cache<Node>('nodes'),
      policies: this.#policies,
      forwarders: this.#forwarders,
      wires: this.wires,
      resolve: (packet, host) => this.#resolve(packet, host),
      askApiServer: (request) => this.apiServer?.(request) ?? { ok: false, why: 'connection refused' },
    })
    this.#traffic = new Traffic(world, this.name, (visitors, times, turn) => this.#visit(visitors, times, turn))
    world.join(this)
    this.#informers.on('nodes', (change, object) => {
      const node = object as unknown as Node
      if (change === 'deleted') this.#addresses.dropRange(node.metadata.name)
      else if (node.spec.podCIDR) this.#range(node.metadata.name, node.spec.podCIDR)
    })
  }

  #range(node: string, cidr: string): void {
    const known = this.#addresses.range(node)
    this.#addresses.setRange(node, cidr)
    if (known !== cidr) this.#waiting.get(node)?.(cidr)
  }

  // ——— for nodes

  /** A machine is plugged in. */
  join(end: NodeEnd): void {
    this.#nodes.set(end.name, end)
    this.#router.remap()
  }
  leave(name: string): void {
    this.#nodes.delete(name)
    this.#waiting.delete(name)
    this.#router.remap()
  }
  attach(node: string, podUid: string): string | null {
    return this.#addresses.attach(node, podUid)
  }
  detach(podUid: string): void {
    this.#addresses.detach(podUid)
  }
  onRange(node: string, ready: (range: string) => void): void {
    this.#waiting.set(node, ready)
    const known = this.#addresses.range(node)
    if (known) ready(known)
  }
  serviceEnv(namespace: string): Record<string, string> {
    const version = this.#table.versionOf(namespace) + this.#table.versionOf('default')
    const known = this.#envs.get(namespace)
    if (known?.version === version) return known.env
    const api = this.#table.see('default/kubernetes', 0)?.service
    const env = { ...serviceEnv(api ? [api] : []), ...serviceEnv(this.#table.inNamespace(namespace)) }
    this.#envs.set(namespace, { version, env })
    return env
  }

  /** A request (or a datagram) from a pod; its walk is kept as a flight. */
  fetch(from: Sender, host: string, port: number, request: HttpRequest): HttpOutcome {
    // Programs that ask each other in a ring would never be done.
    if (this.#nested >= MOST_NESTED) return { ok: false, why: 'timeout' }
    const { origin, name } = this.#originOf(from)
    this.#nested += 1
    try {
      const walk = this.#router.walk(origin, host, port, request)
      this.#record(name, walk)
      return walk.outcome
    } finally {
      this.#nested -= 1
    }
  }
  /** What a container's resolver finds. */
  lookUp(from: Sender, name: string, type: string): Answer {
    const { origin } = this.#originOf(from)
    return this.#lookUp(origin, name, type as RecordType)
  }

  #originOf({ node, podUid, ip, namespace }: Sender): { origin: Origin; name: string } {
    const name = podUid === '' ? '' : (this.#nodes.get(node)?.podName(podUid) ?? '')
    const label = name === '' ? `node ${node}` : `pod ${name}`
    return { origin: { node, ip, namespace, label, ...(podUid === '' ? {} : { podUid }) }, name }
  }

  #namespaceAt(ip: string): string | undefined {
    const found = this.#addresses.at(ip)
    return found && this.#nodes.get(found.node)?.pod(found.uid)?.metadata.namespace
  }

  #lookUp(origin: Origin, name: string, type: RecordType): Answer {
    const pod = origin.podUid === undefined ? undefined : this.#nodes.get(origin.node)?.pod(origin.podUid)
    const configuration = pod ? configurationOf(pod, origin.ip) : configurationIn(origin.node === '' ? '' : origin.namespace)
    return lookUp(name, type, configuration, (server, full, what) => this.#query(origin, server, full, what))
  }

  /** A question travels like any datagram: to the Service of the cluster's DNS, and on to one of its pods. */
  #query(origin: Origin, server: string, name: string, type: RecordType): DnsReply | null {
    if (server === HOST_DNS) return resolveOutside(name, type)
    const question: HttpRequest = { method: '', transport: 'UDP', path: '', body: `${name} ${type}`, times: 0 }
    const packet = this.#router.begin(origin, server, DNS_PORT, question)
    const { outcome } = this.#router.to(packet, server, DNS_PORT)
    if (!outcome.ok) return null
    return answerBy(outcome.reply.body, name, type, {
      cluster: (full, what, upstream) => this.#records.answer(full, what, upstream),
      outside: resolveOutside,
      ask: (next, full, what) => (this.#nested < MOST_NESTED ? this.#onward(origin, next, full, what) : null),
      from: origin.ip,
      random: () => this.#world.random('dns log'),
      log: (body) => this.#tell(origin, String(outcome.reply.message), { ...question, path: 'log', body }),
    })
  }

  #tell(origin: Origin, ip: string, said: HttpRequest): void {
    this.#router.to(this.#router.begin(origin, ip, DNS_PORT, said), ip, DNS_PORT)
  }

  /** A name server asks another one; those outside of the cluster know what everybody knows. */
  #onward(origin: Origin, server: string, name: string, type: RecordType): DnsReply | null {
    if (isOutside(server)) return resolveOutside(name, type)
    this.#nested += 1
    try {
      return this.#query(origin, server, name, type)
    } finally {
      this.#nested -= 1
    }
  }

  #resolve({ origin, walk }: Packet, host: string): string | null {
    const answer = this.#lookUp(origin, host, 'A')
    walk.service = answer.service
    if (answer.addresses.length === 0) {
      walk.hops.push({ at: 'dns', did: answer.rcode === 'TIMEOUT' ? 'was silent' : 'found nothing', why: answer.why })
      walk.outcome = { ok: false, why: 'no such host' }
      return null
    }
    const [first = ''] = answer.addresses
    const ip = answer.addresses.length > 1 ? this.#world.random('dns').pick(answer.addresses) : first
    if (ip !== host) walk.hops.push({ at: 'dns', did: `${host} is ${ip}`, why: answer.why })
    return ip
  }

  // ——— for the API server and the page

  /** A request that somebody at the API server sends on to a Service (`services/NAME:PORT/proxy`). */
  walkFrom(origin: Origin, host: string, port: number, request: HttpRequest): Walk {
    const walk = this.#router.walk(origin, host, port, request)
    this.#record(origin.label, walk)
    return walk
  }

  /** So many visitors per second come to a Service; zero ends it. */
  traffic(namespace: string, service: string, perSecond: number): void {
    this.#traffic.set(namespace, service, perSecond)
  }
  /** Many visitors at once, told by at least `walks` of them, and one for each endpoint there is; how many were lost. */
  crowd(key: string, requests: number, walks: number, patienceMs: number): number {
    const seen = this.#table.see(key, 0)
    const ends = seen ? usable(targets(seen, seen.service?.spec.ports?.[0]?.name ?? '')).length : 0
    return this.#traffic.crowd(key, requests, ends * Math.ceil(walks / Math.max(1, ends)) || walks, patienceMs)
  }
  sources(): Source[] {
    return this.#traffic.all()
  }
  flightsSince(seq: number): Flight[] {
    const first = this.#flights[0]?.seq ?? 0
    return this.#flights.slice(Math.max(0, seq + 1 - first))
  }

  /** One visitor: through a node that its load balancer believes to be well. */
  #visit({ namespace, service }: Source, times: number, turn?: number): Walk | null {
    const seen = this.#table.see(`${namespace}/${service}`, 0)
    const spec = seen?.service?.spec
    const port = spec?.ports?.[0]
    if (!seen || !spec || !port) return null
    const balancer = balancerOf(seen)
    const nodes = [...this.#nodes.values()].filter(({ name }) => this.#isReady(name) && (!balancer || balancer.sendsTo(name)))
    const end = nodes.length > 0 ? this.#world.random('visitors').pick(nodes) : undefined
    if (!end) return null
    const origin: Origin = { node: end.name, ip: OUTSIDE, namespace, label: 'visitor' }
    const request: HttpRequest = {
      method: 'GET',
      path: '/',
      headers: { 'user-agent': 'Mozilla/5.0' },
      times,
      ...(turn === undefined ? {} : { turn }),
    }
    const walk = port.nodePort
      ? this.#router.walk(origin, end.ip, port.nodePort, request)
      : this.#router.walk(origin, spec.clusterIP ?? '', port.port, request)
    if (balancer) walk.hops.splice(1, 0, balancer.hop(end.name, nodes.length))
    this.#record('visitor', walk)
    return walk
  }

  #isReady(name: string): boolean {
    const node = this.#informers.cache<Node>('nodes').get('', name)
    return node !== undefined && isTrue(node, 'Ready')
  }

  #record(from: string, walk: Walk): void {
    this.#flightSeq += 1
    const flight = {
      seq: this.#flightSeq,
      at: this.#world.now,
      from,
      service: walk.service,
      pod: walk.pod,
      node: walk.node,
      status: walk.outcome.ok ? walk.outcome.reply.status : 0,
      ms: walk.ms,
      hops: walk.hops,
    }
    // Frozen: snapshots share it.
    this.#flights.push(Object.freeze(flight))
    if (this.#flights.length > FLIGHTS * 2) this.#flights = this.#flights.slice(-FLIGHTS)
  }

  due(what: string, data: any): void {
    if (what === 'visit') this.#traffic.tick(data)
  }
  save(): unknown {
    return {
      addresses: this.#addresses.save(),
      table: this.#table.save(),
      affinity: this.#router.proxy.save(),
      policies: this.#policies?.save() ?? null,
      traffic: this.#traffic.save(),
      flights: this.#flights,
      flightSeq: this.#flightSeq,
    }
  }
  load(saved: any): void {
    this.#addresses.load(saved.addresses)
    this.#table.load(saved.table)
    this.#router.proxy.load(saved.affinity)
    this.#policies?.load(saved.policies)
    for (const each of this.#forwarders.values()) each.forget()
    this.#traffic.load(saved.traffic)
    this.#flights = saved.flights
    this.#flightSeq = saved.flightSeq
  }
}

export const createNetwork = (options: NetworkOptions): Network => new Network(options)
