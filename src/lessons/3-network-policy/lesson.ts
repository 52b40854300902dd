/** Lesson 3.10: all doors shut, then exactly those open that are needed, DNS among them. */
import type { AnyObject } from '#api/meta.ts'
import { after, answered, anyOf, both, count, eventually, held, list, not, now, reach, reaches } from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'

const NAMES = ['web', 'api', 'db']
const LOOP = 'while true; do for to in web api db; do wget -q -O - -T 1 http://$to >/dev/null 2>&1; done; sleep 1; done'

const part = (name: string): AnyObject[] =>
  [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { selector: { app: name }, ports: [{ port: 80 }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, labels: { app: name } },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } },
          spec: {
            containers: [
              { name: 'server', image: 'nginx:1.27' },
              { name: 'caller', image: 'busybox:1.36', command: ['sh', '-c', LOOP] },
            ],
          },
        },
      },
    },
  ] as unknown as AnyObject[]

interface Rules {
  ingress?: unknown
  egress?: unknown
}
const select = (app: string): unknown => (app === '' ? {} : { matchLabels: { app } })
const policy = (name: string, app: string, rules: Rules, types = Object.keys(rules)): string =>
  JSON.stringify({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name },
    spec: {
      podSelector: select(app),
      policyTypes: types.map((type) => (type === 'ingress' ? 'Ingress' : type === 'egress' ? 'Egress' : type)),
      ...rules,
    },
  })
const peer = (app: string): unknown => ({ podSelector: select(app) })
const into = (to: string, from: string): string => policy(`into-${to}`, to, { ingress: [{ from: [peer(from)] }] })
const outOf = (from: string, to: string): string => policy(`out-of-${from}`, from, { egress: [{ to: [peer(to)] }] })
const PORTS = ['UDP', 'TCP'].map((protocol) => ({ protocol, port: 53 }))
const SYSTEM = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }
const DNS = policy('dns', '', { egress: [{ to: [SYSTEM], ports: PORTS }] })
const SHUT = policy('shut', '', {}, ['Ingress', 'Egress'])
const apply = (...policies: string[]): Deed[] => [
  { write: 'doors.yaml', text: policies.join('\n---\n') },
  'kubectl apply -f doors.yaml',
]
const WAYS = [into('api', 'web'), into('db', 'api'), outOf('web', 'api'), outOf('api', 'db')]

const BEGINNING = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: shut
spec:
  podSelector: {}
  policyTypes: []
`

type Spec = { podSelector?: object; policyTypes?: string[]; egress?: unknown[]; ingress?: unknown[] }
const specOf = (object: AnyObject): Spec => object['spec'] as Spec
const isShut = (object: AnyObject, ...types: string[]): boolean =>
  Object.keys(specOf(object).podSelector ?? {}).length === 0 && types.every((type) => specOf(object).policyTypes?.includes(type))
const policies = count('networkpolicies')
const shutBoth = count('networkpolicies', { is: (object) => isShut(object, 'Ingress', 'Egress') }).atLeast(1)
const shutIn = count('networkpolicies', { is: (object) => isShut(object, 'Ingress') }).atLeast(1)
const shutOut = count('networkpolicies', { is: (object) => isShut(object, 'Egress') }).atLeast(1)
const dnsOpen = list('networkpolicies').map((all) =>
  all.some((each) => /"port":53/.test(JSON.stringify(specOf(each).egress ?? []))),
)
const hasEgress = count('networkpolicies', { is: (object) => (specOf(object).egress ?? []).length > 0 })
const hasIngress = count('networkpolicies', { is: (object) => (specOf(object).ingress ?? []).length > 0 })
const nobody = reaches({ web: [], api: [], db: [] })
const backwards = anyOf(reach('db-*', 'api'), reach('db-*', 'web'), reach('api-*', 'web'))
const shut = both(shutIn, shutOut)

export default lesson({
  start: { objects: NAMES.flatMap(part), warmUp: 50_000 },
  files: { 'manifest.yaml': BEGINNING },
  steps: [
    {
      id: 'deny',
      goals: { guess: answered('guess'), shut: after(eventually(shut), nobody) },
      hints: {
        half: now(both(shutIn, not(shutOut))),
        out: now(both(shutOut, not(shutIn))),
        some: now(both(policies.atLeast(1), not(shutIn), not(shutOut))),
      },
      chain: { written: { who: 'learner', verb: 'create|patch|apply', object: 'networkpolicies' } },
      solution: [{ answer: 'guess', is: 'dns_no' }, ...apply(SHUT), { wait: 20_000 }],
      second: [
        { answer: 'guess', is: 'dns_yes' },
        ...apply(policy('in', '', {}, ['Ingress']), policy('out', '', {}, ['Egress'])),
        { wait: 20_000 },
      ],
      wrong: [
        { name: 'shuts one side only', deeds: apply(policy('shut', '', {}, ['Ingress'])), raises: 'half' },
        { name: 'shuts only the way out', deeds: apply(policy('shut', '', {}, ['Egress'])), raises: 'out' },
        { name: 'shuts in only one of them', deeds: apply(policy('shut', 'db', {}, ['Ingress', 'Egress'])), raises: 'some' },
      ],
    },
    {
      id: 'open',
      goals: {
        exact: after(
          eventually(both(hasEgress.atLeast(1), hasIngress.atLeast(1))),
          reaches({ web: ['api'], api: ['db'], db: [] }),
        ),
      },
      hints: {
        ends: held(both(hasIngress.atLeast(1), hasEgress.is(0)), 2000),
        window: held(both(hasIngress.atLeast(1), hasEgress.atLeast(1), not(dnsOpen)), 2000),
        wide: reach('web-*', 'db'),
        back: backwards,
        lifted: now(both(not(shut), not(shutBoth))),
      },
      chain: { allowed: { who: 'learner', verb: 'create|patch|apply', object: 'networkpolicies' } },
      solution: [...apply(DNS, ...WAYS), { wait: 20_000 }],
      second: [
        ...apply(
          DNS,
          into('db', 'api'),
          outOf('web', 'api'),
          policy('api', 'api', { ingress: [{ from: [peer('web')] }], egress: [{ to: [peer('db')], ports: [{ port: 80 }] }] }),
        ),
        { wait: 20_000 },
      ],
      wrong: [
        { name: 'opens one end only', deeds: apply(into('api', 'web'), into('db', 'api')), raises: 'ends' },
        { name: 'forgets the names', deeds: apply(...WAYS), raises: 'window' },
        {
          name: 'lets everybody into everything',
          deeds: apply(DNS, policy('open', '', { ingress: [{}], egress: [{}] })),
          raises: 'wide',
        },
      ],
    },
  ],
})
