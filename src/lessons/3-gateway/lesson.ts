/** Lesson 3.9: a Gateway with a proxy of its own, and a route that shares its requests by weight. */
import type { AnyObject } from '#api/meta.ts'
import { after, answer, answered, both, count, eventually, now, obj, once, one, traffic } from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'

const LOOP = 'while true; do curl -s -m 2 -o /dev/null -w "%{http_code}\\n" http://edge-nginx/; sleep 0.3; done'

const version = (name: string, image: string): AnyObject[] =>
  [
    { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { selector: { app: name }, ports: [{ port: 80 }] } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, labels: { app: name } },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'web', image }] } },
      },
    },
  ] as unknown as AnyObject[]

const customers = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'customers' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'customers' } },
    template: {
      metadata: { labels: { app: 'customers' } },
      spec: { containers: [{ name: 'curl', image: 'curlimages/curl:8.14.1', command: ['sh', '-c', LOOP] }] },
    },
  },
} as unknown as AnyObject

const gateway = (cls: string, listener = '{name: http, port: 80, protocol: HTTP}'): string =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: edge\nspec:\n  gatewayClassName: ${cls}\n  listeners:\n    - ${listener}\n`
const BEGINNING = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: edge
spec:
  gatewayClassName: ""
  listeners: []
`
const backend = (name: string, weight?: number): string =>
  `{name: ${name}, port: 80${weight === undefined ? '' : `, weight: ${weight}`}}`
const route = (parent: string, ...backends: string[]): string =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata:\n  name: shop\nspec:\n  parentRefs:\n    - name: ${parent}\n  rules:\n    - backendRefs:\n${backends.map((each) => `        - ${each}\n`).join('')}`
const write = (name: string, text: string): Deed[] => [{ write: name, text }, `kubectl apply -f ${name}`]

const edge = obj('gateway/edge')
const listeners = edge.path('spec.listeners').map((found: { port: number; protocol: string }[] | undefined) => found ?? [])
const shop = one('httproutes')
const said = (type: string) =>
  shop
    .path('status.parents.0.conditions')
    .map((found: { type: string; status: string }[] | undefined) => found?.find((each) => each.type === type)?.status)
const weights = shop
  .path('spec.rules.0.backendRefs')
  .map((found: { weight?: number }[] | undefined) => (found ?? []).map(({ weight = 1 }) => weight))
const mostToCanary = shop.path('spec.rules.0.backendRefs').map((found: { name: string; weight?: number }[] | undefined) => {
  const [web, canary] = ['web', 'canary'].map((name) => found?.find((each) => each.name === name))
  return web !== undefined && canary !== undefined && (canary.weight ?? 1) > (web.weight ?? 1)
})
const isStranger = (each: AnyObject): boolean =>
  (each['spec'].parentRefs ?? []).every(({ name }: { name: string }) => name !== 'edge')
const pods = answer('pods', ['any'])
const programmed = edge.condition('Programmed').is('True')
const resolved = said('ResolvedRefs').is('True')

export default lesson({
  start: { objects: [...version('web', 'nginx:1.28'), ...version('canary', 'nginx:1.29'), customers], warmUp: 40_000 },
  files: { 'manifest.yaml': BEGINNING },
  steps: [
    {
      id: 'gate',
      goals: {
        guess: answered('guess'),
        accepted: now(edge.condition('Accepted').is('True')),
        programmed: now(both(programmed, obj('deployment/edge-nginx').path('status.readyReplicas').is(1))),
        answered: once(
          traffic('edge-nginx')
            .where(({ status }) => status === 404)
            .atLeast(0.01, 10),
        ),
      },
      hints: {
        class: now(both(edge.exists(), edge.path('spec.gatewayClassName').isNot('nginx'))),
        port: now(
          both(
            programmed,
            listeners.map((found) => found.every(({ port }) => port !== 80)),
          ),
        ),
        protocol: now(listeners.map((found) => found.some(({ protocol }) => protocol !== 'HTTP'))),
      },
      chain: {
        written: { who: 'learner', verb: 'create|patch|apply', object: 'gateways' },
        service: { who: 'nginx-gateway', verb: 'create', object: 'services/edge-nginx' },
        proxy: { who: 'nginx-gateway', verb: 'create', object: 'deployments/edge-nginx' },
      },
      solution: [{ answer: 'guess', is: 'own' }, ...write('manifest.yaml', gateway('nginx')), { wait: 30_000 }],
      second: [
        { answer: 'guess', is: 'server' },
        ...write(
          'edge.json',
          JSON.stringify({
            apiVersion: 'gateway.networking.k8s.io/v1',
            kind: 'Gateway',
            metadata: { name: 'edge' },
            spec: {
              gatewayClassName: 'nginx',
              listeners: [{ name: 'web', port: 80, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'All' } } }],
            },
          }),
        ),
        { wait: 30_000 },
      ],
      wrong: [
        { name: 'misspells the class', deeds: write('manifest.yaml', gateway('ngnix')), raises: 'class' },
        {
          name: 'listens on another port',
          deeds: [...write('manifest.yaml', gateway('nginx', '{name: http, port: 8080, protocol: HTTP}')), { wait: 10_000 }],
          raises: 'port',
        },
        {
          name: 'takes any connection',
          deeds: write('manifest.yaml', gateway('nginx', '{name: http, port: 80, protocol: TCP}')),
          raises: 'protocol',
        },
      ],
    },
    {
      id: 'share',
      goals: {
        attached: now(said('Accepted').is('True')),
        resolved: now(resolved),
        tenth: after(
          eventually(
            both(
              resolved,
              weights.map(([first, second]) => first !== second),
            ),
          ),
          traffic(['web', 'canary'])
            .where(({ service }) => service === 'default/canary')
            .between(0.05, 0.15, 200),
        ),
        pods,
      },
      hints: {
        even: now(
          both(
            resolved,
            weights.map((found) => found.length > 1 && found.every((each) => each === found[0])),
          ),
        ),
        most: now(both(resolved, mostToCanary)),
        rules: now(shop.path('spec.rules').map((found: unknown[] | undefined) => (found?.length ?? 0) > 1)),
        unresolved: now(said('ResolvedRefs').is('False')),
        parent: now(count('httproutes', { is: isStranger }).atLeast(1)),
        pods: pods.wrong(),
      },
      chain: {
        route: { who: 'learner', verb: 'create|patch|apply', object: 'httproutes' },
        told: { who: 'nginx-gateway', verb: 'update', object: 'httproutes/@route/status' },
      },
      solution: [{ answer: 'pods', is: 'any' }, ...write('route.yaml', route('edge', backend('web', 90), backend('canary', 10)))],
      second: [
        { answer: 'pods', is: 'any' },
        ...write('route.yaml', route('edge', backend('web', 9))),
        `kubectl patch httproute shop --type=json -p '[{"op":"add","path":"/spec/rules/0/backendRefs/-","value":{"name":"canary","port":80}}]'`,
      ],
      wrong: [
        {
          name: 'leaves the weights out',
          deeds: write('route.yaml', route('edge', backend('web'), backend('canary'))),
          raises: 'even',
        },
        {
          name: 'misspells a Service',
          deeds: write('route.yaml', route('edge', backend('web', 90), backend('canery', 10))),
          raises: 'unresolved',
        },
        {
          name: 'gives the canary the most',
          deeds: write('route.yaml', route('edge', backend('web', 10), backend('canary', 90))),
          raises: 'most',
        },
        {
          name: 'writes two rules',
          deeds: write(
            'route.yaml',
            `${route('edge', backend('web', 90))}    - backendRefs:\n        - ${backend('canary', 10)}\n`,
          ),
          raises: 'rules',
        },
        {
          name: 'names another gate',
          deeds: write('route.yaml', route('gate', backend('web', 90), backend('canary', 10))),
          raises: 'parent',
        },
        { name: 'counts pods', deeds: [{ answer: 'pods', is: 'ten' }], raises: 'pods' },
      ],
    },
  ],
})
