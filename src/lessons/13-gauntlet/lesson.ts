/** Lesson 13.3: twelve faults, one at a time, in an order that follows from the seed: each is named, mended, and nothing else changed. */
import type { AnyObject } from '#api/meta.ts'
import { allOf, answer, both, held, not, now, obj, reach, Value } from '../checks.ts'
import { type Deed, type Happening, lesson, pick, type Step } from '../lesson.ts'

const CONTAINER = { name: 'web', image: 'nginx:1.27', readinessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 2 } }
const pods = (container: object, more: object = {}): unknown => ({
  spec: { template: { spec: { containers: [{ ...CONTAINER, ...container }], ...more } } },
})
const ports = (port: number, targetPort: number): unknown => ({ spec: { ports: [{ port, targetPort }] } })
const letsIn = (app: string): unknown => ({ spec: { ingress: [{ from: [{ podSelector: { matchLabels: { app } } }] }] } })

const [DEPLOYMENT, SERVICE, POLICY] = ['deployments/shop', 'services/shop', 'networkpolicies/shop']
/** What is changed, as merge patches. */
const TROUBLES: Readonly<Record<string, readonly [object: string, patch: unknown]>> = {
  selector: [SERVICE, { spec: { selector: { app: 'shopp' } } }],
  target: [SERVICE, ports(80, 8080)],
  door: [SERVICE, ports(8080, 80)],
  policy: [POLICY, letsIn('customer')],
  probe: [DEPLOYMENT, pods({ readinessProbe: { httpGet: { path: '/healthz', port: 80 }, periodSeconds: 2 } })],
  image: [DEPLOYMENT, pods({ image: 'nginx:nope' })],
  command: [DEPLOYMENT, pods({ command: ['nginxx', '-g', 'daemon off;'] })],
  replicas: [DEPLOYMENT, { spec: { replicas: 0 } }],
  node: [DEPLOYMENT, pods({}, { nodeSelector: { disk: 'fast' } })],
  cpu: [DEPLOYMENT, pods({ resources: { requests: { cpu: '64' } } })],
  config: [DEPLOYMENT, pods({ envFrom: [{ configMapRef: { name: 'settings' } }] })],
  root: [DEPLOYMENT, pods({}, { securityContext: { runAsNonRoot: true } })],
}
const KINDS = Object.keys(TROUBLES)

/** All of them, each once: every turn takes the one that the seed picks of those that are left. */
function orderOf(seed: string): string[] {
  const left = [...KINDS]
  return KINDS.map((_, turn) => left.splice(pick(`${seed} ${turn}`, left.length), 1)[0] as string)
}
const happens =
  (turn: number) =>
  (seed: string): readonly Happening[] => {
    const [object, patch] = TROUBLES[orderOf(seed)[turn] as string] as readonly [string, unknown]
    return [{ after: 0, object, patch }]
  }

const named = (kind: string, apiVersion: string, spec: object): AnyObject =>
  ({ apiVersion, kind, metadata: { name: 'shop', labels: { app: 'shop' } }, spec }) as unknown as AnyObject
const CALLS = 'while true; do wget -qO- -T 2 http://$SHOP_SERVICE_HOST >/dev/null; sleep 2; done'
const objects = [
  named('Service', 'v1', { selector: { app: 'shop' }, ports: [{ port: 80, targetPort: 80 }] }),
  named('Deployment', 'apps/v1', {
    replicas: 2,
    strategy: { type: 'Recreate' },
    selector: { matchLabels: { app: 'shop' } },
    template: {
      metadata: { labels: { app: 'shop' } },
      spec: { terminationGracePeriodSeconds: 1, containers: [CONTAINER] },
    },
  }),
  named('NetworkPolicy', 'networking.k8s.io/v1', {
    podSelector: { matchLabels: { app: 'shop' } },
    ingress: [{ from: [{ podSelector: { matchLabels: { app: 'caller' } } }] }],
  }),
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'caller', labels: { app: 'caller' } },
    spec: { containers: [{ name: 'caller', image: 'busybox:1.36', command: ['sh', '-c', CALLS] }] },
  } as unknown as AnyObject,
]

const service = obj('service/shop')
const deployment = obj('deployment/shop')
const policy = obj('networkpolicy/shop')
const of = (value: Value<AnyObject | undefined>, find: (spec: any) => unknown) =>
  value.map((object) => (object === undefined ? undefined : find(object['spec'])))
const pod = (find: (spec: any) => unknown) => of(deployment, ({ template }) => find(template.spec))
const web = (find: (container: any) => unknown) => pod(({ containers }) => find(containers[0]))

/** Whether each thing is as it was, by the name of its fault; none has two. */
const WELL: Readonly<Record<string, Value<boolean>>> = {
  selector: of(service, (spec) => JSON.stringify(spec.selector)).is('{"app":"shop"}'),
  target: of(service, (spec) => String(spec.ports[0].targetPort)).is('80'),
  door: of(service, (spec) => spec.ports.length === 1 && spec.ports[0].port).is(80),
  policy: of(policy, (spec) => JSON.stringify(spec.ingress)).is(
    JSON.stringify([{ from: [{ podSelector: { matchLabels: { app: 'caller' } } }] }]),
  ),
  probe: web((it) => it.readinessProbe?.httpGet?.path).is('/'),
  image: web((it) => it.image).is('nginx:1.27'),
  command: web((it) => (it.command ?? it.args) === undefined).is(true),
  replicas: of(deployment, (spec) => spec.replicas).is(2),
  node: pod((spec) => (spec.nodeSelector ?? spec.affinity ?? spec.nodeName) === undefined).is(true),
  cpu: web((it) => Object.keys(it.resources ?? {}).length).is(0),
  config: web((it) => (it.envFrom ?? it.env) === undefined).is(true),
  root: both(
    pod((spec) => Object.keys(spec.securityContext ?? {}).length).is(0),
    web((it) => it.securityContext === undefined).is(true),
  ),
}
/** Somebody else's: one more policy, or a ConfigMap to please the pods. */
const others = new Value(['networkpolicies', 'configmaps', 'deployments', 'services'], (view) =>
  ['networkpolicies', 'configmaps', 'deployments', 'services'].some((word) =>
    view
      .all(word)
      .some(
        ({ metadata }) => metadata.namespace === 'default' && !['shop', 'kubernetes', 'kube-root-ca.crt'].includes(metadata.name),
      ),
  ),
)
const whole = both(...Object.values(WELL), not(others))
const found = new Value(whole.needs, (view) => KINDS.find((kind) => !WELL[kind]?.read(view)))

const DIAGNOSE = `set -- $(kubectl get service shop -o jsonpath='{.spec.selector.app} {.spec.ports[0].targetPort} {.spec.ports[0].port}')
d=$(kubectl get deployment shop -o jsonpath='{.spec.replicas} {.spec.template.spec}')
if [ $1 != shop ]; then echo selector
elif [ $2 != 80 ]; then echo target
elif [ $3 != 80 ]; then echo door
else case "$d" in
0*) echo replicas;; *healthz*) echo probe;; *nope*) echo image;; *nginxx*) echo command;; *nodeSelector*) echo node;;
*'"64"'*) echo cpu;; *envFrom*) echo config;; *runAsNonRoot*) echo root;; *) echo policy;;
esac; fi`
const merge = (what: string, patch: unknown): string => `kubectl patch ${what} --type=merge -p '${JSON.stringify(patch)}'`
const MENDED = pods({}, { nodeSelector: null, securityContext: null }) as { spec: object }
const MEND = [
  merge('service shop', { spec: { selector: { app: 'shop' }, ports: [{ port: 80, targetPort: 80 }] } }),
  merge('networkpolicy shop', letsIn('caller')),
  merge('deployment shop', { spec: { ...MENDED.spec, replicas: 2 } }),
].join('\n')
const ARRIVES = 'sleep 6'
const solution: Deed[] = [{ answer: 'cause', from: DIAGNOSE }, `${MEND}\n${ARRIVES}`]

const step = (turn: number): Step => {
  const cause = answer('cause', found)
  const answered = reach('caller', 'shop')
  return {
    id: `t${turn + 1}`,
    happens: happens(turn),
    goals: { cause, answered, only: now(whole) },
    hints: { cause: cause.wrong(), early: now(found.is(undefined)), more: allOf(held(not(whole), 10_000), answered) },
    solution,
    wrong: [],
  }
}
const [first, ...rest] = KINDS.map((_, turn) => step(turn)) as [Step, ...Step[]]

export default lesson({
  start: { objects, warmUp: 20_000 },
  steps: [
    {
      ...first,
      second: [{ answer: 'cause', is: 'root' }, { answer: 'cause', from: DIAGNOSE }, MEND, ARRIVES],
      wrong: [
        { name: 'guesses', deeds: [{ answer: 'cause', is: 'replicas' }], raises: 'cause' },
        { name: 'mends without naming it', deeds: [MEND, { wait: 8000 }], raises: 'early' },
        {
          name: 'tears more down than is broken',
          deeds: [{ answer: 'cause', from: DIAGNOSE }, 'kubectl delete networkpolicy shop', MEND, { wait: 20_000 }],
          raises: 'more',
        },
      ],
    },
    ...rest,
  ],
})
