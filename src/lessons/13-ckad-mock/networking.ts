/** Services and networking: 20 of the hundred. */
import { both, held, list, not, now, obj } from '../checks.ts'
import { applied, deployment, object, service } from '../exam-objects.ts'
import type { Step } from '../lesson.ts'

// ——— a Service that leads nowhere

type Slice = { ports?: { port: number }[]; endpoints?: { conditions?: { ready?: boolean } }[] }
const readyAt = (where: string, name: string, port: number) =>
  list('endpointslices', { namespace: where, labels: `kubernetes.io/service-name=${name}` }).map(
    (found) =>
      (found as unknown as Slice[])
        .filter(({ ports }) => ports?.some((each) => each.port === port))
        .flatMap(({ endpoints = [] }) => endpoints.filter(({ conditions }) => conditions?.ready)).length,
  )
const store = obj('service/pine/store')
const works = readyAt('pine', 'store', 80).is(2)
const selects = readyAt('pine', 'store', 8080).atLeast(1)
const fix = (spec: unknown): string => `kubectl patch service store -n pine -p '${JSON.stringify({ spec })}'`
const TARGET = { ports: [{ port: 8000, targetPort: 80 }] }
const lost: Step = {
  id: 'service',
  weight: 6,
  goals: { ready: now(works), port: now(both(store.path('spec.ports.0.port').is(8000), works)) },
  hints: { half: held(selects, 2000), moved: now(store.path('spec.ports.0.port').isNot(8000)) },
  solution: [fix({ selector: { app: 'store' }, ...TARGET })],
  second: ['kubectl set selector service store -n pine app=store', fix(TARGET)],
  wrong: [
    { name: 'only mends the selector', deeds: ['kubectl set selector service store -n pine app=store'], raises: 'half' },
    {
      name: 'makes it anew on another port',
      deeds: ['kubectl delete service store -n pine', 'kubectl expose deployment store -n pine --port=80'],
      raises: 'moved',
    },
  ],
}

// ——— who may call the database

const policies = list('networkpolicies', { namespace: 'quince' }).map((all) => all as unknown as { spec: Policy }[])
interface Policy {
  podSelector?: { matchLabels?: Record<string, string> }
  policyTypes?: string[]
  ingress?: {
    from?: { podSelector?: { matchLabels?: Record<string, string> } }[]
    ports?: { port?: number | string; protocol?: string }[]
  }[]
}
const forDb = policies.map((all) =>
  all.map(({ spec }) => spec).filter(({ podSelector }) => podSelector?.matchLabels?.['app'] === 'db'),
)
const onlyApi = forDb.map(
  (all) =>
    all.length > 0 &&
    all.every(({ ingress = [] }) =>
      ingress.every(
        ({ from = [] }) => from.length > 0 && from.every(({ podSelector }) => podSelector?.matchLabels?.['app'] === 'api'),
      ),
    ) &&
    all.some(({ ingress = [] }) => ingress.length > 0),
)
const onlyPort = forDb.map((all) =>
  all.some(
    ({ ingress = [] }) =>
      ingress.length > 0 && ingress.every(({ ports = [] }) => ports.length === 1 && Number(ports[0]?.port) === 6379),
  ),
)
const open = policies.map((all) => all.some(({ spec }) => Object.keys(spec.podSelector?.matchLabels ?? {}).length === 0))
const policy = (podSelector: unknown, from: unknown[], ports: unknown[] = [{ port: 6379 }]) =>
  applied(
    object('networking.k8s.io/v1', 'NetworkPolicy', 'db', 'quince', {
      spec: { podSelector, policyTypes: ['Ingress'], ingress: [{ from, ports }] },
    }),
  )
const DB = { matchLabels: { app: 'db' } }
const API = { podSelector: { matchLabels: { app: 'api' } } }
const walls: Step = {
  id: 'walls',
  weight: 8,
  goals: { only: now(both(onlyApi, not(open))), port: now(both(both(onlyApi, onlyPort), not(open))) },
  hints: {
    everybody: now(open),
    anywhere: now(forDb.map((all) => all.some(({ ingress = [] }) => ingress.some(({ from = [] }) => from.length > 1)))),
  },
  solution: [policy(DB, [API])],
  second: [policy(DB, [API], [{ port: 6379, protocol: 'TCP' }]), 'kubectl get networkpolicies -n quince'],
  wrong: [
    { name: 'walls in every Pod of the namespace', deeds: [policy({}, [API])], raises: 'everybody' },
    {
      name: 'lets the web in, too',
      deeds: [policy(DB, [API, { podSelector: { matchLabels: { app: 'web' } } }])],
      raises: 'anywhere',
    },
  ],
}

// ——— two paths

interface Path {
  path: string
  pathType: string
  backend: { service?: { name: string; port: { number?: number } } }
}
const gate = obj('ingress/rowan/gate')
const paths = gate
  .path('spec.rules')
  .map((rules: { host?: string; http?: { paths: Path[] } }[] | undefined) =>
    (rules ?? []).filter(({ host }) => host === 'shop.example.com').flatMap(({ http }) => http?.paths ?? []),
  )
const leads = (path: string, to: string) =>
  paths.map((all) =>
    all.some(
      (each) =>
        each.path === path &&
        each.pathType === 'Prefix' &&
        each.backend.service?.name === to &&
        each.backend.service.port.number === 80,
    ),
  )
const rule = (host: string, ...rules: string[]): string =>
  `kubectl create ingress gate -n rowan ${rules.map((each) => `--rule="${host}${each}"`).join(' ')}`
const gates: Step = {
  id: 'gate',
  weight: 6,
  goals: { root: now(leads('/', 'web')), api: now(leads('/api', 'api')) },
  hints: {
    exact: now(paths.map((all) => all.some(({ pathType }) => pathType === 'Exact'))),
    host: now(
      both(
        gate.exists(),
        paths.map((all) => all.length === 0),
      ),
    ),
  },
  solution: [rule('shop.example.com', '/*=web:80', '/api*=api:80')],
  second: [rule('shop.example.com', '/api*=api:80', '/*=web:80')],
  wrong: [
    { name: 'means these paths exactly', deeds: [rule('shop.example.com', '/=web:80', '/api=api:80')], raises: 'exact' },
    { name: 'names another host', deeds: [rule('example.com', '/*=web:80', '/api*=api:80')], raises: 'host' },
  ],
}

export const networking: readonly Step[] = [lost, walls, gates]

export const networkingObjects = [
  deployment('pine', 'store', { replicas: 2 }),
  service('pine', 'store', { app: 'stores' }, [{ port: 8000, targetPort: 8080 }]),
  service('rowan', 'web', { app: 'web' }),
  service('rowan', 'api', { app: 'api' }),
]
