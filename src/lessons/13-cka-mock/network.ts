/** Services and networking, and storage: 30 of the hundred. */
import { both, held, list, not, now, obj } from '../checks.ts'
import { applied, deployment, object, POD, shell } from '../exam-objects.ts'
import type { Step } from '../lesson.ts'

// ——— closed, with one door

interface Peer {
  podSelector?: unknown
  namespaceSelector?: { matchLabels?: Record<string, string> }
}
interface Policy {
  podSelector?: { matchLabels?: Record<string, string> }
  policyTypes?: string[]
  ingress?: { from?: Peer[]; ports?: { port?: number | string }[] }[]
}
const policies = list('networkpolicies', { namespace: 'gulf' }).map((all) =>
  (all as unknown as { spec: Policy }[]).map(({ spec }) => spec),
)
const forAll = ({ podSelector }: Policy): boolean => Object.keys(podSelector?.matchLabels ?? {}).length === 0
const closed = policies.map((all) =>
  all.some(
    (policy) => forAll(policy) && (policy.policyTypes ?? ['Ingress']).includes('Ingress') && (policy.ingress ?? []).length === 0,
  ),
)
const door = policies.map((all) =>
  all.some(
    (policy) =>
      policy.podSelector?.matchLabels?.['app'] === 'api' &&
      policy.ingress?.length === 1 &&
      policy.ingress.every(
        ({ from = [], ports = [] }) =>
          from.length === 1 &&
          from[0]?.namespaceSelector?.matchLabels?.['team'] === 'web' &&
          ports.length === 1 &&
          Number(ports[0]?.port) === 80,
      ),
  ),
)
const wide = policies.map((all) => all.some((policy) => forAll(policy) && (policy.ingress ?? []).length > 0))
const inside = policies.map((all) =>
  all.some(({ ingress = [] }) =>
    ingress.some(({ from = [] }) =>
      from.some(({ podSelector, namespaceSelector }) => podSelector !== undefined && namespaceSelector === undefined),
    ),
  ),
)
const policy = (name: string, spec: unknown): string =>
  applied(object('networking.k8s.io/v1', 'NetworkPolicy', name, 'gulf', { spec }))
const DENY = policy('closed', { podSelector: {}, policyTypes: ['Ingress'] })
const allow = (podSelector: unknown, from: unknown, ports: unknown = [{ port: 80 }]): string =>
  policy('door', { podSelector, policyTypes: ['Ingress'], ingress: [{ from: [from], ports }] })
const API = { matchLabels: { app: 'api' } }
const TEAM = { namespaceSelector: { matchLabels: { team: 'web' } } }
const walls: Step = {
  id: 'walls',
  weight: 7,
  goals: { closed: now(both(closed, not(wide))), door: now(both(door, not(wide))) },
  hints: { wide: now(wide), inside: now(inside) },
  solution: [DENY, allow(API, TEAM)],
  second: [
    allow(API, TEAM, [{ port: 80, protocol: 'TCP' }]),
    policy('closed', { podSelector: {}, policyTypes: ['Ingress'], ingress: [] }),
  ],
  wrong: [
    { name: 'opens every Pod to that team', deeds: [allow({}, TEAM)], raises: 'wide' },
    {
      name: 'means Pods of its own namespace',
      deeds: [DENY, allow(API, { podSelector: { matchLabels: { team: 'web' } } })],
      raises: 'inside',
    },
  ],
}

// ——— from outside

type Slice = { ports?: { port: number }[]; endpoints?: { hostname?: string; conditions?: { ready?: boolean } }[] }
const endpoints = (where: string, name: string) =>
  list('endpointslices', { namespace: where, labels: `kubernetes.io/service-name=${name}` }).map((found) =>
    (found as unknown as Slice[])
      .filter(({ ports }) => ports?.some(({ port }) => port === 80))
      .flatMap((slice) => (slice.endpoints ?? []).filter(({ conditions }) => conditions?.ready)),
  )
const portal = obj('service/harbour/portal')
const reaches = endpoints('harbour', 'portal').map((all) => all.length === 2)
const nodePort = portal.path('spec.ports.0.nodePort')
const portalOf = (ports: unknown[], type = 'NodePort') =>
  applied(object('v1', 'Service', 'portal', 'harbour', { spec: { type, selector: { app: 'portal' }, ports } }))
const outside: Step = {
  id: 'outside',
  weight: 6,
  goals: {
    port: now(both(portal.path('spec.type').is('NodePort'), nodePort.is(30123))),
    reaches: now(both(reaches, portal.path('spec.type').is('NodePort'))),
  },
  hints: {
    inner: now(portal.path('spec.type').is('ClusterIP')),
    other: now(both(portal.path('spec.type').is('NodePort'), nodePort.isNot(30123))),
  },
  solution: [portalOf([{ port: 80, nodePort: 30123 }])],
  second: ['kubectl create service nodeport portal -n harbour --tcp=80 --node-port=30123'],
  wrong: [
    { name: 'opens it only inside', deeds: ['kubectl expose deployment portal -n harbour --port=80'], raises: 'inner' },
    {
      name: 'lets the cluster choose the port',
      deeds: ['kubectl expose deployment portal -n harbour --port=80 --type=NodePort'],
      raises: 'other',
    },
  ],
}

// ——— names for each

const ring = obj('service/inlet/ring')
const none = ring.path('spec.clusterIP').is('None')
const named = endpoints('inlet', 'ring').map(
  (all) => all.length === 2 && all.every(({ hostname }) => /^ring-\d$/.test(hostname ?? '')),
)
const ringOf = (selector: Record<string, string>, headless = true) =>
  applied(
    object('v1', 'Service', 'ring', 'inlet', {
      spec: { ...(headless ? { clusterIP: 'None' } : {}), selector, ports: [{ port: 80 }] },
    }),
  )
const names: Step = {
  id: 'names',
  weight: 7,
  goals: { headless: now(none), named: now(both(none, named)) },
  hints: {
    address: now(both(ring.exists(), not(none))),
    nobody: held(
      both(
        none,
        endpoints('inlet', 'ring').map((all) => all.length === 0),
      ),
      3000,
    ),
  },
  solution: [ringOf({ app: 'ring' })],
  second: ['kubectl create service clusterip ring -n inlet --clusterip=None --tcp=80'],
  wrong: [
    { name: 'gives it an address', deeds: [ringOf({ app: 'ring' }, false)], raises: 'address' },
    { name: 'selects nobody', deeds: [ringOf({ app: 'rings' })], raises: 'nobody' },
  ],
}

// ——— a volume by hand

const vault = obj('persistentvolume/vault')
const claim = obj('persistentvolumeclaim/jetty/vault')
const safe = obj('deployment/jetty/safe')
const bound = both(claim.path('status.phase').is('Bound'), claim.path('spec.volumeName').is('vault'))
const uses = safe
  .path(POD)
  .map((spec) =>
    (spec?.volumes ?? []).some(
      (each: { persistentVolumeClaim?: { claimName: string } }) => each.persistentVolumeClaim?.claimName === 'vault',
    ),
  )
const volume = (modes: string[], storageClassName = 'manual') =>
  applied(
    object('v1', 'PersistentVolume', 'vault', null, {
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: modes,
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName,
        hostPath: { path: '/srv/vault' },
      },
    }),
  )
const claimOf = (storageClassName = 'manual') =>
  applied(
    object('v1', 'PersistentVolumeClaim', 'vault', 'jetty', {
      spec: { storageClassName, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '500Mi' } } },
    }),
  )
const storage: Step = {
  id: 'storage',
  weight: 10,
  goals: {
    volume: now(
      both(
        both(vault.path('spec.capacity.storage').is('1Gi'), vault.path('spec.hostPath.path').is('/srv/vault')),
        vault.path('spec.persistentVolumeReclaimPolicy').is('Retain'),
      ),
    ),
    bound: now(bound),
    runs: now(both(bound, both(uses, safe.path('status.availableReplicas').is(1)))),
  },
  hints: {
    mode: held(
      both(both(vault.exists(), claim.exists()), both(not(bound), vault.path('spec.accessModes.0').isNot('ReadWriteOnce'))),
      3000,
    ),
    kind: held(both(claim.exists(), claim.path('spec.storageClassName').isNot('manual')), 3000),
  },
  solution: [volume(['ReadWriteOnce']), claimOf()],
  second: [claimOf(), volume(['ReadWriteOnce', 'ReadWriteMany'])],
  wrong: [
    { name: 'lets it only be read', deeds: [volume(['ReadOnlyMany']), claimOf()], raises: 'mode' },
    { name: 'claims from another class', deeds: [volume(['ReadWriteOnce']), claimOf('fast')], raises: 'kind' },
  ],
}

export const network: readonly Step[] = [walls, outside, names, storage]

export const networkObjects = [
  deployment('harbour', 'portal', { replicas: 2 }),
  object('apps/v1', 'StatefulSet', 'ring', 'inlet', {
    spec: {
      replicas: 2,
      serviceName: 'ring',
      podManagementPolicy: 'Parallel',
      selector: { matchLabels: { app: 'ring' } },
      template: { metadata: { labels: { app: 'ring' } }, spec: { containers: [{ name: 'ring', image: 'nginx:1.27' }] } },
    },
  }),
  deployment('jetty', 'safe', {
    ...shell('sleep 86400'),
    pod: { volumes: [{ name: 'vault', persistentVolumeClaim: { claimName: 'vault' } }] },
  }),
]
