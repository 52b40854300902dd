/** A stand-in cluster for work on the screens: three machines and a shop in plain objects, healed by a few timers. Not Kubernetes. */
import type { AnyObject } from '#api/meta.ts'
import { keyOf } from '#api/meta.ts'
import type {
  ApiRequest,
  ApiResponse,
  Flight,
  SimulationNews,
  SimulationPort,
  SimulationStatus,
  TraceLine,
  Transport,
  WatchEvent,
} from '#api/request.ts'
import { failure } from '#api/status.ts'
import { machine, podOf, replicaSet, service, slice, workload } from './shop.ts'

type Listener = (event: WatchEvent<AnyObject>) => void

export interface FakeCluster extends Transport {
  readonly simulation: SimulationPort
  put(table: string, object: AnyObject): void
  remove(table: string, key: string): void
  get(table: string, key: string): AnyObject | undefined
  trace(line: Partial<TraceLine>): void
}

const PATH = /^\/(?:api\/v1|apis\/[^/]+\/[^/]+)(?:\/namespaces\/([^/]+)(?=\/))?\/([a-z]+)(?:\/([^/?]+))?(?:\/([a-z]+))?$/

export function createFake(shop = true): FakeCluster {
  const tables = new Map<string, Map<string, AnyObject>>()
  const listeners = new Map<string, Set<Listener>>()
  let version = 100
  const tableOf = (id: string) => {
    let table = tables.get(id)
    if (!table) tables.set(id, (table = new Map()))
    return table
  }
  const tell = (id: string, event: WatchEvent<AnyObject>) => {
    for (const listen of listeners.get(id) ?? []) listen(event)
  }
  const put = (id: string, object: AnyObject): void => {
    version += 1
    const uid = object.metadata.uid ?? `uid-${version}`
    const next = { ...object, metadata: { ...object.metadata, uid, resourceVersion: String(version) } }
    const key = keyOf(next.metadata)
    const type = tableOf(id).has(key) ? 'MODIFIED' : 'ADDED'
    tableOf(id).set(key, next)
    tell(id, { type, object: next })
  }
  const remove = (id: string, key: string): void => {
    const object = tableOf(id).get(key)
    tableOf(id).delete(key)
    if (object) tell(id, { type: 'DELETED', object })
  }
  const clock = createClock()
  const cluster: FakeCluster = {
    put,
    remove,
    get: (id, key) => tableOf(id).get(key),
    trace: clock.trace,
    simulation: clock.port,
    request: (request) => Promise.resolve(answer(cluster, tableOf, request, version)),
    watch(request, handlers) {
      const id = PATH.exec(request.path.split('?')[0] ?? '')?.[2] ?? ''
      const listen: Listener = (event) => handlers.onEvents([event])
      const set = listeners.get(id) ?? new Set()
      listeners.set(id, set.add(listen))
      handlers.onOpen?.({ status: 200, headers: {}, body: null })
      return () => set.delete(listen)
    },
  }
  if (shop) openShop(cluster, tableOf, clock)
  return cluster
}

const ok = (body: unknown): ApiResponse => ({ status: 200, headers: {}, body })

function answer(
  cluster: FakeCluster,
  tableOf: (id: string) => Map<string, AnyObject>,
  request: ApiRequest,
  version: number,
): ApiResponse {
  const [, namespace, table = '', name, sub] = PATH.exec(request.path.split('?')[0] ?? '') ?? []
  if (!name) {
    if (request.method === 'POST') {
      const object = request.body as AnyObject
      cluster.put(table, { ...object, metadata: { ...object.metadata, ...(namespace ? { namespace } : {}) } })
      return { status: 201, headers: {}, body: object }
    }
    const items = [...tableOf(table).values()]
    return ok({
      kind: `${items[0]?.kind ?? 'Pod'}List`,
      apiVersion: items[0]?.apiVersion ?? 'v1',
      metadata: { resourceVersion: String(version) },
      items,
    })
  }
  const key = namespace ? `${namespace}/${decodeURIComponent(name)}` : decodeURIComponent(name)
  const object = tableOf(table).get(key)
  if (!object) return { status: 404, headers: {}, body: failure(404, 'NotFound', `${table} "${name}" not found`) }
  if (request.method === 'DELETE' || sub === 'eviction') heal(cluster, object)
  if (request.method === 'PATCH') {
    const patch = request.body as AnyObject
    cluster.put(sub === 'scale' ? table : table, { ...object, spec: { ...object['spec'], ...patch['spec'] } })
  }
  return ok(tableOf(table).get(key) ?? object)
}

let serial = 0
/** A pod goes, and the next one comes through all its states. */
function heal(cluster: FakeCluster, pod: AnyObject): void {
  const { name, namespace = 'default' } = pod.metadata
  cluster.put('pods', { ...pod, metadata: { ...pod.metadata, deletionTimestamp: '2026-11-21T09:00:00Z' } })
  cluster.trace({ by: 'kubernetes-admin', verb: 'delete', resource: 'pods', namespace, name })
  const next = podOf(pod.metadata.labels?.['app'] ?? 'web', namespace, `n${(serial += 1)}x2k`, '', 'Pending')
  setTimeout(() => {
    cluster.trace({
      by: 'replicaset-controller',
      verb: 'create',
      resource: 'pods',
      namespace,
      name: next.metadata.name,
      because: '2 running, 3 wanted',
    })
    cluster.put('pods', next)
  }, 600)
  const step = (ms: number, phase: string): void =>
    void setTimeout(
      () =>
        cluster.put('pods', {
          ...podOf(next.metadata.labels?.['app'] ?? '', namespace, `n${serial}x2k`, pod['spec'].nodeName, phase),
          metadata: { ...next.metadata, uid: cluster.get('pods', keyOf(next.metadata))?.metadata.uid ?? '' },
        }),
      ms,
    )
  step(1400, 'ContainerCreating')
  setTimeout(() => cluster.remove('pods', keyOf(pod.metadata)), 2000)
  step(2600, 'NotReady')
  step(4200, 'Ready')
}

function createClock() {
  const readers = new Set<(news: SimulationNews) => void>()
  let trace: TraceLine[] = []
  let flights: Flight[] = []
  let seq = 0
  const status: SimulationStatus = { now: Date.UTC(2026, 10, 21, 9), elapsed: 0, speed: 1, seed: 'fake', steps: 0 }
  const news = (): void => {
    const batch = { status: { ...status }, trace, flights }
    trace = []
    flights = []
    for (const reader of readers) reader(batch)
  }
  setInterval(() => {
    const ms = typeof status.speed === 'number' ? 50 * status.speed : 0
    status.now += ms
    status.elapsed += ms
    news()
  }, 50)
  const port: SimulationPort = {
    status: async () => ({ ...status }),
    setSpeed: async (speed) => void (status.speed = speed),
    step: async () => ({ ...status, now: (status.now += 100) }),
    advance: async (ms) => ({ ...status, now: (status.now += ms), elapsed: (status.elapsed += ms) }),
    settle: async () => ({ ...status }),
    runUntil: async () => ({ reached: true, what: '', status: { ...status } }),
    fault: async () => {},
    seek: async () => ({ ...status }),
    resume: async () => ({ ...status }),
    fork: async () => ({ ...status }),
    rejoin: async () => ({ ...status }),
    undo: async () => null,
    deeds: async () => [],
    mark: async () => {},
    explain: async () => null,
    session: async () => ({ version: 1, seed: 'fake', epoch: 0, nodes: 3, scene: 'shop', inputs: [], until: status.elapsed }),
    save: async () => '',
    subscribe: (reader) => {
      readers.add(reader)
      return () => readers.delete(reader)
    },
  }
  const line = { seq: 0, at: 0, by: '', verb: '', resource: '', namespace: '', name: '', code: 200, because: '' }
  return {
    port,
    now: () => status.now,
    fly: (flight: Omit<Flight, 'seq' | 'at'>) =>
      status.speed !== 'paused' && flights.push({ ...flight, seq: (seq += 1), at: status.now }),
    trace: (part: Partial<TraceLine>) => void trace.push({ ...line, ...part, seq: (seq += 1), at: status.now }),
  }
}

function openShop(
  cluster: FakeCluster,
  tableOf: (id: string) => Map<string, AnyObject>,
  clock: ReturnType<typeof createClock>,
): void {
  for (const name of ['default', 'kube-system'])
    cluster.put('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name }, status: { phase: 'Active' } })
  for (const [i, zone] of ['a', 'b', 'c'].entries()) cluster.put('nodes', machine(`node-${i + 1}`, `zone-${zone}`))
  const plan: [string, number][] = [
    ['web', 6],
    ['cart', 3],
    ['db', 1],
  ]
  for (const [app, count] of plan) {
    cluster.put('deployments', workload(app, count))
    cluster.put('replicasets', replicaSet(app, count))
    cluster.put('services', service(app))
    for (let i = 0; i < count; i += 1)
      cluster.put('pods', podOf(app, 'default', `${app.slice(0, 1)}${i}k7p`, `node-${(i % 3) + 1}`, 'Ready'))
    cluster.put('endpointslices', slice(app, [...tableOf('pods').values()]))
  }
  cluster.put('pods', podOf('cart', 'default', 'bad1x', 'node-2', 'CrashLoopBackOff'))
  cluster.put('pods', podOf('web', 'default', 'pull9', 'node-3', 'ImagePullBackOff'))
  cluster.put('pods', podOf('web', 'default', 'hun6r', '', 'Pending'))
  cluster.put('pods', podOf('coredns', 'kube-system', 'c0re1', 'node-1', 'Ready'))
  setInterval(() => {
    for (const app of ['web', 'web', 'cart', 'db']) {
      const ready = [...tableOf('pods').values()].filter(
        (p) => p.metadata.labels?.['app'] === app && p['status'].conditions?.[0]?.status === 'True',
      )
      const pod = ready[Math.floor(Math.random() * ready.length)]
      if (!pod || Math.random() < 0.4) continue
      clock.fly({
        from: app === 'db' ? 'cart' : 'outside',
        service: `default/${app}`,
        pod: keyOf(pod.metadata),
        node: pod['spec'].nodeName,
        status: Math.random() < 0.05 ? 503 : 200,
        ms: 12,
        hops: [],
      })
    }
  }, 260)
  setInterval(() => {
    for (const app of ['web', 'cart']) cluster.put('endpointslices', slice(app, [...tableOf('pods').values()]))
  }, 900)
}
