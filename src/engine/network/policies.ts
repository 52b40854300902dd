/** NetworkPolicies as the machines' network plugin enforces them, and why a packet is let through or dropped. */

import { contains, parseCidr, parseIp } from '#api/ip.ts'
import type { Namespace, Pod } from '#api/kinds.ts'
import type { AnyObject, LabelSelector } from '#api/meta.ts'
import { selects } from '#api/selector.ts'
import type { Cache, Informers } from '../machinery/informer.ts'
import { fnv1a } from '../sim/random.ts'
import type { World } from '../sim/world.ts'
import type { Protocol } from './packet.ts'

type Direction = 'Ingress' | 'Egress'

interface PortRule {
  protocol?: string
  port?: number | string
  endPort?: number
}

interface Peer {
  podSelector?: LabelSelector
  namespaceSelector?: LabelSelector
  ipBlock?: { cidr: string; except?: string[] }
}

interface Rule {
  from?: Peer[]
  to?: Peer[]
  ports?: PortRule[]
}

interface PolicySpec {
  podSelector?: LabelSelector
  policyTypes?: Direction[]
  ingress?: Rule[]
  egress?: Rule[]
}

/** One end of a packet: an address, and the pod that has it (none on the machines' own network). */
export interface End {
  readonly ip: string
  readonly pod: Pod | null
}

/** Where a packet goes, after all translation. */
export interface Aim {
  readonly port: number
  readonly protocol: Protocol
}

/** Versions of a namespace's policies; a machine enforces what it has heard of. */
interface Version {
  at: number
  policies: AnyObject[]
}

const POLICIES = 'networkpolicies.networking.k8s.io'
const LONGEST_LAG_MS = 1000
const lagOf = (node: string): number => 100 + (fnv1a(`policies/${node}`) % 400)

export class Policies {
  readonly #world: World
  readonly #cache: Cache<AnyObject>
  readonly #namespaces: Cache<Namespace>
  #versions = new Map<string, Version[]>()

  constructor(world: World, informers: Informers) {
    this.#world = world
    this.#cache = informers.cache<AnyObject>(POLICIES)
    this.#namespaces = informers.cache<Namespace>('namespaces')
    informers.on(POLICIES, (_change, { metadata }) => this.#renew(metadata.namespace ?? ''))
  }

  #renew(namespace: string): void {
    const { now } = this.#world
    const version = { at: now, policies: [...this.#cache.inNamespace(namespace)] }
    const recent = this.#recent(namespace).filter(({ at }) => at < now)
    this.#versions.set(namespace, [...recent, version])
  }

  /** Those that some machine may not have left behind yet. */
  #recent(namespace: string): Version[] {
    const list = this.#versions.get(namespace) ?? []
    const applied = list.findLastIndex(({ at }) => at <= this.#world.now - LONGEST_LAG_MS)
    return list.slice(Math.max(0, applied))
  }

  #on(node: string, namespace: string): AnyObject[] {
    const until = this.#world.now - lagOf(node)
    return this.#versions.get(namespace)?.findLast(({ at }) => at <= until)?.policies ?? []
  }

  /** Null: it passes. Else which policies keep it back. */
  refuses(direction: Direction, node: string, subject: Pod, peer: End, aim: Aim, target: Pod | null): string | null {
    const { namespace = '' } = subject.metadata
    const blocking: string[] = []
    for (const policy of this.#on(node, namespace)) {
      const spec = policy['spec'] as PolicySpec
      if (!typesOf(spec).includes(direction) || !selects(spec.podSelector ?? {}, subject.metadata.labels)) continue
      const rules = (direction === 'Ingress' ? spec.ingress : spec.egress) ?? []
      if (rules.some((rule) => this.#allows(rule, direction, namespace, peer, aim, target))) return null
      blocking.push(policy.metadata.name)
    }
    if (blocking.length === 0) return null
    const { name } = subject.metadata
    const what = direction === 'Ingress' ? `lets this in to pod ${name}` : `lets this out of pod ${name}`
    const which =
      blocking.length === 1 ? `NetworkPolicy ${blocking[0]} selects it` : `NetworkPolicies ${blocking.join(', ')} select it`
    return `no rule ${what} (${which})`
  }

  #allows(rule: Rule, direction: Direction, namespace: string, peer: End, aim: Aim, target: Pod | null): boolean {
    const peers = (direction === 'Ingress' ? rule.from : rule.to) ?? []
    const ports = rule.ports ?? []
    if (ports.length > 0 && !ports.some((port) => portMatches(port, aim, target))) return false
    return peers.length === 0 || peers.some((each) => this.#isPeer(each, namespace, peer))
  }

  #isPeer({ podSelector, namespaceSelector, ipBlock }: Peer, namespace: string, { ip, pod }: End): boolean {
    if (ipBlock) return inBlock(ip, ipBlock)
    if (!pod) return false
    const { metadata } = pod
    const there = metadata.namespace ?? ''
    if (namespaceSelector) {
      if (!selects(namespaceSelector, this.#namespaces.get('', there)?.metadata.labels)) return false
    } else if (there !== namespace) return false
    return !podSelector || selects(podSelector, metadata.labels)
  }

  save(): unknown {
    const versions: [string, Version[]][] = []
    for (const namespace of [...this.#versions.keys()].sort()) {
      const recent = this.#recent(namespace)
      if (recent.length > 1 || (recent[0]?.at ?? 0) > this.#world.now - LONGEST_LAG_MS) versions.push([namespace, recent])
    }
    return versions
  }
  /** The caches must have been loaded before. */
  load(saved: any): void {
    this.#versions = new Map()
    for (const { metadata } of this.#cache.all()) {
      const { namespace = '' } = metadata
      if (!this.#versions.has(namespace)) {
        this.#versions.set(namespace, [{ at: 0, policies: [...this.#cache.inNamespace(namespace)] }])
      }
    }
    for (const [namespace, versions] of saved ?? []) this.#versions.set(namespace, versions)
  }
}

/** Absent types: always Ingress, and Egress when it has such rules (the API server fills them in). */
const typesOf = ({ policyTypes, egress }: PolicySpec): readonly Direction[] =>
  policyTypes ?? (egress ? ['Ingress', 'Egress'] : ['Ingress'])

function inBlock(text: string, { cidr, except = [] }: { cidr: string; except?: string[] }): boolean {
  const ip = parseIp(text)
  const holds = (block: string): boolean => {
    const parsed = parseCidr(block)
    return ip !== null && parsed !== null && contains(parsed, ip)
  }
  return holds(cidr) && !except.some(holds)
}

function portMatches({ protocol = 'TCP', port, endPort }: PortRule, aim: Aim, target: Pod | null): boolean {
  if (protocol !== aim.protocol) return false
  if (port === undefined) return true
  if (typeof port === 'number') return endPort === undefined ? port === aim.port : port <= aim.port && aim.port <= endPort
  // A name is one of the target's own ports.
  return (target?.spec.containers ?? []).some((container) =>
    container.ports?.some(
      (each) => each.name === port && each.containerPort === aim.port && (each.protocol ?? 'TCP') === protocol,
    ),
  )
}
