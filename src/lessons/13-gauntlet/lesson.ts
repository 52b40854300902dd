/** Lesson 13.3: twelve faults, one at a time, in an order that follows from the seed: each is named, mended, and nothing else changed. */
import type { AnyObject } from '#api/meta.ts'
import type { TraceLine } from '#api/request.ts'
import type { View } from '../check/moment.ts'
import { allOf, answer, both, type Check, held, not, now, obj, reach, tally, Value } from '../checks.ts'
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

/** As they are to be, in the order of `objects`. */
const MENDED = pods({}, { nodeSelector: null, securityContext: null }) as { spec: object }
const IN_ORDER: readonly (readonly [object: string, patch: unknown])[] = [
  [SERVICE, { spec: { selector: { app: 'shop' }, ports: [{ port: 80, targetPort: 80 }] } }],
  [DEPLOYMENT, { spec: { ...MENDED.spec, replicas: 2 } }],
  [POLICY, letsIn('caller')],
]

/** All of them, each once: every turn takes the one that the seed picks of those that are left. */
function orderOf(seed: string): string[] {
  const left = [...KINDS]
  return KINDS.map((_, turn) => left.splice(pick(`${seed} ${turn}`, left.length), 1)[0] as string)
}
/** Whatever was left of the turn before is put in order, and the next thing changed. */
const happens =
  (turn: number) =>
  (seed: string): readonly Happening[] => {
    const [object, patch] = TROUBLES[orderOf(seed)[turn] as string] as readonly [string, unknown]
    const order =
      turn === 0
        ? []
        : IN_ORDER.map(([what, well], i) => ({ after: 0, object: what, patch: well, made: objects[i] as AnyObject }))
    return [...order, { after: 0, object, patch }]
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
const needs = [...new Set(Object.values(WELL).flatMap((well) => well.needs))]
const brokenIn = (view: View): string[] => KINDS.filter((kind) => !WELL[kind]?.read(view))
/** What is broken: one thing, or more where somebody has broken more. */
const found = new Value(needs, brokenIn)
const isWhole = found.map((kinds) => kinds.length === 0)

/** What was broken when the step began is well again, whatever else is not. */
const mended: Check<readonly string[]> = {
  needs,
  since: 'step',
  begin: brokenIn,
  take: (kinds, _moment, view) => (kinds.length > 0 ? kinds : brokenIn(view)),
  verdict: (kinds, view) => (kinds.length > 0 && kinds.every((kind) => WELL[kind]?.read(view)) ? 'met' : 'open'),
}

/** Writes that are no part of it: events, and what goes through a pod. */
const ASIDE = /^events|\/(exec|attach|portforward|proxy)$/
/** Whether this is a change of the learner's to something that was not broken. */
function isNeedless({ by, verb, resource, name, code }: TraceLine, view: View): boolean {
  if (by.startsWith('system:') || code >= 400 || !/^(create|update|patch|apply|delete)/.test(verb) || ASIDE.test(resource))
    return false
  const [plural = ''] = resource.split(/[./]/)
  return verb === 'delete' || !brokenIn(view).some((kind) => TROUBLES[kind]?.[0] === `${plural}/${name}`)
}
const needless = tally<number>({
  needs,
  begin: () => 0,
  take: (sum, moment, view) => (moment.kind === 'trace' && isNeedless(moment.line, view) ? sum + 1 : sum),
  text: String,
})
const time = tally<{ from: number; ms: number }>({
  needs: [],
  begin: ({ now: from }) => ({ from, ms: 0 }),
  take: ({ from }, _moment, view) => ({ from, ms: view.now - from }),
  text: ({ ms }) => `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, '0')}`,
})

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
const MEND = IN_ORDER.map(([what, patch]) => merge(what.replace('/', ' '), patch)).join('\n')
const ARRIVES = 'sleep 6'
const solution: Deed[] = [{ answer: 'cause', from: DIAGNOSE }, `${MEND}\n${ARRIVES}`]

const step = (turn: number): Step => {
  const cause = answer('cause', found)
  const answered = reach('caller', 'shop')
  return {
    id: `t${turn + 1}`,
    happens: happens(turn),
    goals: { cause, answered, mended },
    hints: { cause: cause.wrong(), early: now(isWhole), more: allOf(held(not(isWhole), 10_000), answered) },
    solution,
    wrong: [],
  }
}
const [first, ...rest] = KINDS.map((_, turn) => step(turn)) as [Step, ...Step[]]

export default lesson({
  start: { objects, warmUp: 20_000 },
  board: { time, needless },
  steps: [
    {
      ...first,
      second: [{ answer: 'cause', is: 'root' }, { answer: 'cause', from: DIAGNOSE }, MEND, ARRIVES],
      wrong: [
        { name: 'guesses', deeds: [{ answer: 'cause', is: 'replicas' }], raises: 'cause' },
        { name: 'mends without naming it', deeds: [MEND, { wait: 8000 }], raises: 'early' },
        {
          name: 'finds a way around it',
          deeds: [{ answer: 'cause', from: DIAGNOSE }, 'kubectl create configmap settings', { wait: 20_000 }],
          raises: 'more',
        },
      ],
    },
    ...rest,
  ],
})
