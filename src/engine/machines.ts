/** The machines: nodes with their kubelets, the network between them, and the faults that happen to them. */
import type { Node, Taint } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import type { Broken, Fault } from '#api/request.ts'
import { notFound } from '#api/status.ts'
import type { Server } from './apiserver/api-server.ts'
import { API_SERVER } from './machinery/address.ts'
import type { Connect } from './machinery/client.ts'
import type { MakeForwarder } from './machinery/forwarder.ts'
import { Heartbeats } from './machinery/heartbeats.ts'
import type { HttpOutcome, HttpRequest } from './machinery/http.ts'
import type { WatchSource } from './machinery/informer.ts'
import type { Links } from './machinery/links.ts'
import { Registries } from './machinery/registries.ts'
import type { Streams } from './machinery/streams.ts'
import { createNetwork, type Network } from './network/network.ts'
import type { ContainerState } from './node/container.ts'
import type { Context } from './node/context.ts'
import { isSystem } from './node/image-layers.ts'
import { createNode, type SimulatedNode } from './node/node.ts'
import type { UsageSource } from './resources/metrics/usage.ts'
import type { World } from './sim/world.ts'
import { Contents } from './storage/index.ts'

/** What it takes to make the same machine again. */
export interface Machine {
  name: string
  zone: string
  cpu: string
  memory: string
  index: number
  labels?: Record<string, string>
  taints?: Taint[]
  /** An address of its own choice. */
  ip?: string
  /** The version of its kubelet when it was set up. */
  kubelet?: string
  /** Nobody has joined it to the cluster. */
  bare?: boolean
}

/** What addons bring to the network. */
export interface NetworkExtras {
  policies?: boolean
  proxies?: ReadonlyMap<string, MakeForwarder>
}

/** Where requests that are passed on come from. */
const FROM_API_SERVER = { node: '', ip: API_SERVER.ip, namespace: 'default', label: 'kube-apiserver' }

/** A request that a container sends to the API server's address: who it is from is what its token says. */
function askedFromWithin(server: Server, { method, path, headers = {}, body }: HttpRequest): HttpOutcome {
  const answer = server.request({ method, path, headers, ...(body === undefined ? {} : { body }) })
  const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)
  return { ok: true, reply: { status: answer.status, headers: answer.headers, body: text ?? '' } }
}

const ZONES = ['zone-a', 'zone-b', 'zone-c']

export class Machines {
  readonly heartbeats: Heartbeats
  readonly network: Network
  readonly contents: Contents
  readonly registries: Registries
  readonly #world: World
  readonly #connect: Connect
  readonly #source: WatchSource
  readonly #streams: Streams
  readonly #links: Links
  #machines: Machine[] = []
  /** A container of a machine has begun or ended. */
  onContainer: ((machine: string, container: Pick<ContainerState, 'name' | 'podUid' | 'image'>, runs: boolean) => void) | null =
    null
  #nodes = new Map<string, SimulatedNode>()

  constructor(
    world: World,
    connect: Connect,
    source: WatchSource,
    server: Server,
    streams: Streams,
    network: NetworkExtras = {},
  ) {
    this.#world = world
    this.#connect = connect
    this.#source = source
    this.#links = server.links
    this.#streams = streams
    this.heartbeats = new Heartbeats(world)
    this.contents = new Contents(world, source)
    this.registries = new Registries(world)
    this.network = createNetwork({ world, source, connect, ...network })
    source.subscribe('nodes', undefined, (change, object) => {
      if (change === 'modified') this.#nodes.get(object.metadata.name)?.kubelet.status.told(object as AnyObject as Node)
    })
    this.network.apiServer = (request) => askedFromWithin(server, request)
    server.runtime = {
      logs: (namespace, pod, container, options) => {
        const node = server.read('pods', namespace, pod)?.['spec']?.nodeName
        return this.#nodes.get(node)?.logs(namespace, pod, container, options) ?? null
      },
      open: (road) => {
        const node = this.#nodes.get(road.node)
        if (!node) throw notFound({ group: '', resource: 'nodes' }, road.node)
        return node.open(road)
      },
      reach: (ip, port, request) => {
        const { outcome, ms } = this.network.walkFrom(FROM_API_SERVER, ip, port, request)
        return { outcome, ms }
      },
      answerLater: (stream, answer, ms) => streams.answerLater(stream, answer, ms),
    }
  }

  /** Adds a machine and starts its kubelet, which registers the Node. Unless told otherwise it is as large as the one before. */
  add({ name, zone, cpu, memory, labels, taints, ip, index: place, bare, kubelet }: Partial<Machine>): Machine {
    const last = this.#machines.at(-1)
    const index = place ?? (last?.index ?? 0) + 1
    const machine = {
      name: name || this.#freeName(index),
      zone: zone || (ZONES[(index - 1) % ZONES.length] as string),
      cpu: cpu || (last?.cpu ?? '4'),
      memory: memory || (last?.memory ?? '8Gi'),
      index,
      ...(labels ? { labels } : {}),
      ...(taints ? { taints } : {}),
      ...(ip ? { ip } : {}),
      ...((kubelet ?? last?.kubelet) ? { kubelet: kubelet ?? last?.kubelet } : {}),
      ...(bare ? { bare } : {}),
    }
    this.#start(machine)
    return machine
  }

  /** The machine is gone for good; its Node is not. */
  remove(name: string): void {
    this.#nodes.get(name)?.leave()
    this.#nodes.delete(name)
    this.#machines = this.#machines.filter((machine) => machine.name !== name)
  }

  #freeName(index: number): string {
    let name = `node-${index}`
    for (let i = index; this.#nodes.has(name); i++) name = `node-${i}`
    return name
  }

  #start(machine: Machine): void {
    this.#machines.push(machine)
    const { network, heartbeats, contents: storage } = this
    const ports = {
      world: this.#world,
      connect: this.#connect,
      source: this.#source,
      network,
      heartbeats,
      streams: this.#streams,
      storage,
      registries: this.registries,
    }
    const ran: Context['ran'] = (container, runs) => this.onContainer?.(machine.name, container, runs)
    const node = createNode({ ...ports, ...machine, ran })
    this.#nodes.set(machine.name, node)
  }

  node(name: string): SimulatedNode | undefined {
    return this.#nodes.get(name)
  }

  /** What the kubelets tell of their containers. */
  usageSource(): UsageSource {
    return {
      pod: (node, uid) => this.#nodes.get(node)?.usage(uid) ?? null,
      answers: (node) => this.#nodes.get(node)?.kubelet.isPowered ?? false,
    }
  }

  /** The ways to the API server have changed. */
  relinked(): void {
    for (const node of this.#nodes.values()) node.kubelet.relinked()
  }

  fault(fault: Fault): void {
    switch (fault.kind) {
      case 'node-link':
        this.#links.setCut(`kubelet/${fault.node}`, !fault.on)
        return this.#nodes.get(fault.node)?.kubelet.relinked()
      case 'wire':
        return this.network.wires.set(fault)
      case 'node-disk':
        return this.#nodes.get(fault.node)?.disk(fault.full)
      case 'node-plugin':
        return this.#nodes.get(fault.node)?.plugin(fault.on)
      case 'node-manifest':
        return this.#nodes.get(fault.node)?.manifest(fault.file, fault.manifest)
      case 'registry':
        return this.registries.set(fault.registry, fault.state)
      case 'base-image':
        return this.registries.rebuild(fault.base)
      case 'registry-accounts':
        return this.registries.setAccounts(fault.registry, fault.accounts)
      case 'pod-kill': {
        for (const node of this.#nodes.values()) node.killContainers(fault.namespace, fault.pod)
        return
      }
      case 'node-power':
        return this.#nodes.get(fault.node)?.power(fault.on, fault.graceSeconds)
      case 'node-kubelet':
        return this.#nodes.get(fault.node)?.freeze(!fault.on)
      case 'node-add':
        this.add(fault)
        return
      case 'container-kill': {
        for (const node of this.#nodes.values()) node.killContainer(fault.namespace, fault.pod, fault.container)
        return
      }
      case 'traffic':
        return this.network.traffic(fault.namespace, fault.service, fault.perSecond)
    }
  }

  /** Why this fault can't be; null when it can. `others`: what else has wires. */
  refuses(fault: Fault, others: readonly string[]): string | null {
    if (fault.kind === 'base-image' && !isSystem(fault.base)) return `nothing is built on ${fault.base}; there are alpine, debian`
    if (fault.kind !== 'wire') return null
    const unknown = [fault.a, fault.b].find((name) => !this.#nodes.has(name) && !others.includes(name))
    if (unknown !== undefined) return `there is no machine ${unknown}`
    if (fault.a === fault.b) return 'a wire leads from one machine to another'
    if (!(fault.ms >= 0 && fault.ms <= 60_000)) return 'a wire can be late by 0 to 60000 ms'
    return fault.loss >= 0 && fault.loss <= 100 ? null : 'a wire can lose 0 to 100 of 100 packets'
  }

  /** What was broken here, and is so still. */
  broken(): Omit<Broken, 'components'> {
    const names = [...this.#nodes.keys()]
    return {
      cut: names.filter((name) => this.#links.isCut(`kubelet/${name}`)),
      kubelets: [...this.#nodes].filter(([, node]) => node.isFrozen && node.kubelet.status.isRegistered).map(([name]) => name),
      disks: [...this.#nodes].filter(([, node]) => node.isDiskFull).map(([name]) => name),
      plugins: [...this.#nodes].filter(([, node]) => !node.isPluggedIn).map(([name]) => name),
      registries: this.registries.broken(),
      wires: this.network.wires.all(),
    }
  }

  /** Machines without power. */
  off(): string[] {
    return [...this.#nodes].filter(([, node]) => !node.isPowered).map(([name]) => name)
  }

  roster(): Machine[] {
    return this.#machines
  }

  /** Makes the machines of a saved world; their state follows with the world's. */
  restore(machines: Machine[]): void {
    for (const machine of machines) this.#start(machine)
  }
}
