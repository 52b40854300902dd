/** The service table: every Service with its endpoints, in versions. A node's proxy sees it as it was one lag ago. */
import type { EndpointSlice, Service } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import type { Cache, Informers } from '../machinery/informer.ts'
import type { World } from '../sim/world.ts'

export interface Target {
  ip: string
  port: number
  node: string
  /** `namespace/name` of the pod, when an endpoint belongs to one. */
  pod: string
  ready: boolean
  /** Still answers although it is on its way out. */
  serving: boolean
  terminating: boolean
  hostname: string
  /** For whom it is meant, by topology; absent: for all. */
  zones?: readonly string[]
  nodes?: readonly string[]
}

/** One version of one Service; null: there is none. */
export interface Version {
  /** When it came into the table. */
  at: number
  service: Service | null
  slices: EndpointSlice[]
}

/** No proxy is later than this; older versions are forgotten. */
export const LONGEST_LAG_MS = 10_000

const SERVICE_NAME = 'kubernetes.io/service-name'

const owner = (slice: EndpointSlice): string => `${slice.metadata.namespace}/${slice.metadata.labels?.[SERVICE_NAME] ?? ''}`

export class ServiceTable {
  readonly #world: World
  readonly #services: Cache<Service>
  readonly #slices: Cache<EndpointSlice>
  #versions = new Map<string, Version[]>()
  /** Cluster addresses of now and of the last moments: a Service's address outlives it in the proxies. */
  #byIp = new Map<string, string>()
  #byNodePort = new Map<string, string>()
  readonly #counts = new Map<string, number>()

  constructor(world: World, informers: Informers) {
    this.#world = world
    this.#services = informers.cache<Service>('services')
    this.#slices = informers.cache<EndpointSlice>('endpointslices.discovery.k8s.io')
    informers.index('endpointslices.discovery.k8s.io', 'service', (object) => [owner(object as unknown as EndpointSlice)])
    informers.on('services', (_change, object) => {
      const { namespace = '' } = object.metadata
      this.#counts.set(namespace, this.versionOf(namespace) + 1)
      this.#renew(keyOf(object.metadata))
    })
    informers.on('endpointslices.discovery.k8s.io', (_change, object, old) => {
      const key = owner(object as unknown as EndpointSlice)
      this.#renew(key)
      const before = old ? owner(old as unknown as EndpointSlice) : key
      if (before !== key) this.#renew(before)
    })
  }

  #renew(key: string): void {
    const now = this.#world.now
    const service = this.#services.byKey(key) ?? null
    const version: Version = { at: now, service, slices: service ? this.#slices.by('service', key) : [] }
    const list = this.#versions.get(key) ?? []
    const kept = list.slice(this.#firstNeeded(list)).filter((v) => v.at < now)
    kept.push(version)
    this.#versions.set(key, kept)
    this.#index(key, service)
  }

  /** The newest version that every proxy has applied is the oldest still needed. */
  #firstNeeded(list: readonly Version[]): number {
    const applied = this.#world.now - LONGEST_LAG_MS
    let first = 0
    while (first + 1 < list.length && (list[first + 1] as Version).at <= applied) first += 1
    return first
  }

  #index(key: string, service: Service | null): void {
    for (const ip of service?.spec.clusterIPs ?? (service?.spec.clusterIP ? [service.spec.clusterIP] : [])) {
      if (ip !== 'None' && ip !== '') this.#byIp.set(ip, key)
    }
    for (const ip of service?.spec.externalIPs ?? []) this.#byIp.set(ip, key)
    for (const { ip, ipMode } of service?.status?.loadBalancer?.ingress ?? [])
      if (ip && ipMode !== 'Proxy') this.#byIp.set(ip, key)
    for (const { nodePort, protocol = 'TCP' } of service?.spec.ports ?? []) {
      if (nodePort) this.#byNodePort.set(`${protocol}/${nodePort}`, key)
    }
    const health = service?.spec.healthCheckNodePort
    if (health) this.#byNodePort.set(`health/${health}`, key)
  }

  /** The Service as a proxy or resolver knows it that is `lagMs` behind. */
  see(key: string, lagMs: number): Version | undefined {
    const list = this.#versions.get(key)
    if (!list) return undefined
    const until = this.#world.now - lagMs
    for (let i = list.length - 1; i >= 0; i--) if ((list[i] as Version).at <= until) return list[i]
    return undefined
  }

  /** `namespace/name` of the Service that has or had this cluster address. */
  byIp(ip: string): string | undefined {
    return this.#byIp.get(ip)
  }
  /** `health`: the port by which balancers ask whether the node has endpoints. */
  byNodePort(protocol: 'TCP' | 'UDP' | 'SCTP' | 'health', port: number): string | undefined {
    return this.#byNodePort.get(`${protocol}/${port}`)
  }
  /** Counts up whenever a Service of the namespace changes. */
  versionOf(namespace: string): number {
    return this.#counts.get(namespace) ?? 0
  }
  inNamespace(namespace: string): Iterable<Service> {
    return this.#services.inNamespace(namespace)
  }

  save(): unknown {
    const versions: [string, Version[]][] = []
    for (const [key, list] of this.#versions) {
      const recent = this.#recent(list)
      if (recent.length > 1 || (recent[0]?.at ?? 0) > 0) versions.push([key, recent])
    }
    return {
      versions: versions.sort(([a], [b]) => (a < b ? -1 : 1)),
      byIp: [...this.#byIp],
      byNodePort: [...this.#byNodePort],
    }
  }
  /** What every proxy has applied counts as old as the world; that there was no Service then need not be known. */
  #recent(list: readonly Version[]): Version[] {
    const [oldest, ...rest] = list.slice(this.#firstNeeded(list))
    if (!oldest || oldest.at > this.#world.now - LONGEST_LAG_MS) return oldest ? [oldest, ...rest] : []
    return oldest.service ? [{ ...oldest, at: 0 }, ...rest] : rest
  }
  /** The caches must have been loaded before: what is old enough follows from them. */
  load(saved: any): void {
    this.#versions = new Map()
    for (const service of this.#services.all()) {
      const key = keyOf(service.metadata)
      this.#versions.set(key, [{ at: 0, service, slices: this.#slices.by('service', key) }])
    }
    for (const [key, list] of saved.versions) this.#versions.set(key, list)
    this.#byIp = new Map(saved.byIp)
    this.#byNodePort = new Map(saved.byNodePort)
  }
}

const PROXY_NAME = 'service.kubernetes.io/service-proxy-name'
const HEADLESS = 'service.kubernetes.io/headless'
const proxied = new WeakMap<Version, Version>()

/** What kube-proxy watches of it: no Service that names another proxy, no slices that are labelled headless. */
export function forProxies(version: Version): Version {
  let seen = proxied.get(version)
  if (!seen) {
    const others = version.service?.metadata.labels?.[PROXY_NAME] !== undefined
    const slices = version.slices.filter(({ metadata }) => metadata.labels?.[HEADLESS] === undefined)
    const same = !others && slices.length === version.slices.length
    proxied.set(version, (seen = same ? version : { ...version, service: others ? null : version.service, slices }))
  }
  return seen
}

const flattened = new WeakMap<Version, Map<string, Target[]>>()

/** The endpoints behind a port of a Service, by the port's name. */
export function targets(version: Version, portName: string): Target[] {
  let byPort = flattened.get(version)
  if (!byPort) flattened.set(version, (byPort = new Map()))
  let list = byPort.get(portName)
  if (!list) {
    list = version.slices.flatMap((slice) => sliceTargets(slice, portName))
    byPort.set(portName, list)
  }
  return list
}

function sliceTargets(slice: EndpointSlice, portName: string): Target[] {
  const bare = (slice.ports ?? []).length === 0 && portName === ''
  const port = bare ? { port: 0 } : (slice.ports ?? []).find((p) => (p.name ?? '') === portName)
  if (!port || (!bare && !port.port)) return []
  return (slice.endpoints ?? []).flatMap((endpoint) =>
    endpoint.addresses.slice(0, 1).map((ip) => ({
      ip,
      port: port.port ?? 0,
      node: endpoint.nodeName ?? '',
      pod: endpoint.targetRef?.kind === 'Pod' ? `${endpoint.targetRef.namespace}/${endpoint.targetRef.name}` : '',
      ready: endpoint.conditions?.ready !== false,
      serving: endpoint.conditions?.serving ?? endpoint.conditions?.ready !== false,
      terminating: endpoint.conditions?.terminating ?? false,
      hostname: endpoint.hostname ?? '',
      ...(endpoint.hints?.forZones ? { zones: endpoint.hints.forZones.map(({ name }) => name) } : {}),
      ...(endpoint.hints?.forNodes ? { nodes: endpoint.hints.forNodes.map(({ name }) => name) } : {}),
    })),
  )
}

/** Those that get traffic: the ready ones, else the terminating ones that still serve (kube-proxy's CategorizeEndpoints). */
export function usable(list: readonly Target[]): Target[] {
  let open = usableOf.get(list)
  if (!open) {
    open = list.filter((t) => t.ready)
    if (open.length === 0) open = list.filter((t) => t.serving && t.terminating)
    usableOf.set(list, open)
  }
  return open
}

const usableOf = new WeakMap<readonly Target[], Target[]>()

/** All addresses of a Service, for headless names: ready ones, or all when it says so. */
export function addressesOf(version: Version): Target[] {
  const seen = new Map<string, Target>()
  const names = new Set(version.slices.flatMap((slice) => (slice.ports ?? []).map((p) => p.name ?? '')))
  for (const name of names.size > 0 ? names : ['']) {
    for (const target of targets(version, name)) {
      if (target.ready || version.service?.spec.publishNotReadyAddresses) seen.set(target.ip, target)
    }
  }
  return [...seen.values()]
}
