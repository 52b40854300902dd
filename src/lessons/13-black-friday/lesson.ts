/** Lesson 13.4: a shop's busiest day, 24 hours long: it answers 99.9 % of its visitors, and its machines stay within the budget. */
import type { AnyObject } from '#api/meta.ts'
import { allOf, answer, both, count, eventually, held, isReady, list, not, now, obj, shown, Value } from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'

const GOAL = 0.999
const BUDGET = 100
/** As the books have it when the day is over. */
const END = '24:00'

const labels = { app: 'shop' }
const IMAGE = 'registry.k8s.io/hpa-example'
/** Nobody has pushed it. */
const RELEASE = 'registry.k8s.io/hpa-example:v2'
const objects = [
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'day', labels: { doors: 'closed' } },
    data: { service: 'shop', deployment: 'shop', release: RELEASE },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'shop', labels },
    spec: {
      replicas: 2,
      strategy: { type: 'Recreate' },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 10,
          containers: [
            {
              name: 'web',
              image: IMAGE,
              ports: [{ containerPort: 80 }],
              readinessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 5 },
            },
          ],
        },
      },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'shop', labels },
    spec: { type: 'NodePort', selector: labels, ports: [{ port: 80 }] },
  },
] as unknown as AnyObject[]

/** As many machines may be rented as a day like this needs; and it looks once a minute, which is enough. */
const autoscaler = {
  object: 'deployments/kube-system/cluster-autoscaler',
  patch: {
    spec: {
      template: {
        spec: {
          containers: [
            {
              name: 'cluster-autoscaler',
              image: 'registry.k8s.io/autoscaling/cluster-autoscaler:v1.36.1',
              command: [
                './cluster-autoscaler',
                '--v=1',
                '--cloud-provider=tabernetes',
                '--scan-interval=1m',
                '--skip-nodes-with-local-storage=false',
                '--nodes=0:10:workers',
              ],
              resources: { requests: { cpu: '100m', memory: '600Mi' } },
            },
          ],
        },
      },
    },
  },
}

const books = obj('configmap/day')
const day = books.path('data')
const number = (name: string): Value<number> => day.map((data) => Number(data?.[name] ?? 0))
const isOver = day.map((data) => data?.time === END && data.score !== undefined)
/** Nobody else has written into the books: fields that somebody changes become his. */
const isGenuine = books.map((object) =>
  (object?.metadata.managedFields ?? []).every(
    ({ manager, fieldsV1 }: any) =>
      manager === 'bookkeeper' || !/"f:(lost|visitors|machineHours|time|score)"/.test(JSON.stringify(fieldsV1 ?? {})),
  ),
)
const answered = both(
  number('visitors').map((n) => n > 0),
  new Value(['configmap'], (view) => number('lost').read(view) <= number('visitors').read(view) * (1 - GOAL)),
)
const paid = number('machineHours').atMost(BUDGET)
/** So many visitors come in all, or a few more: what is lost of them is lost. */
const HOPELESS = 45_000

const shop = obj('deployment/shop')
const recreates = shop.path('spec.strategy.type').is('Recreate')
const asks = shop.path('spec.template.spec.containers.0.resources.requests.cpu').exists()
const isShop = (pod: AnyObject): boolean => pod.metadata.labels?.['app'] === 'shop'
const pods = (is: (pod: AnyObject) => boolean) => count('pods', { namespace: 'default', is: (pod) => isShop(pod) && is(pod) })
const stuck = pods(({ status }: any) =>
  (status?.containerStatuses ?? []).some(({ state }: any) => /ImagePull/.test(state?.waiting?.reason ?? '')),
)
const ready = list('pods', { namespace: 'default', is: (pod) => isShop(pod) && isReady(pod) })
const machines = ready.map((all) => new Set(all.map((pod) => pod['spec'].nodeName)).size)

const OPEN = 'kubectl label configmap day doors=open --overwrite'
const PREPARED = `kubectl patch deployment shop -p '${JSON.stringify({
  spec: {
    strategy: { $retainKeys: ['type'], type: 'RollingUpdate' },
    template: {
      spec: {
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'kubernetes.io/hostname',
            whenUnsatisfiable: 'ScheduleAnyway',
            labelSelector: { matchLabels: labels },
          },
        ],
        containers: [
          {
            name: 'web',
            resources: { requests: { cpu: '1800m' } },
            lifecycle: { preStop: { sleep: { seconds: 5 } } },
          },
        ],
      },
    },
  },
})}'`
const BUDGETED = 'kubectl create poddisruptionbudget shop --selector=app=shop --max-unavailable=1'
const scaled = (percent: number, max = 22): string => `kubectl autoscale deployment shop --cpu=${percent}% --min=2 --max=${max}`
const atLeast = (copies: number): string => `kubectl patch hpa shop -p '{"spec":{"minReplicas":${copies}}}'`
/** Who is on call looks after the rollout. */
const LOOK =
  'kubectl get deployment shop -o jsonpath="{.spec.template.spec.containers[0].image}" | grep -q :v2 && kubectl rollout undo deployment shop'
/** Until the books have it so late. */
const clock = day.map(
  (data) =>
    /^(\d+):(\d+)$/
      .exec(data?.time ?? '')
      ?.slice(1)
      .map(Number) ?? [0, 0],
)
const at = (hour: number): Deed => ({ until: clock.map(([h = 0, m = 0]) => h + m / 60 >= hour), every: 300_000 })
const hours = (count: number): Deed => ({ wait: count * 3_600_000 })
const onCall = (...times: number[]): Deed[] => times.flatMap((hour) => [at(hour), LOOK])

const prepare: Deed[] = [PREPARED, BUDGETED, scaled(60), { wait: 90_000 }]
const guess: Deed = { answer: 'guess', is: 'eighteen' }
const cpus = answer('guess', 'eighteen')
const scaleTo = (copies: number): string => `kubectl scale deployment shop --replicas=${copies}`

/** By the clock, without a rule. */
const BY_HAND: Deed[] = [
  ...[at(7), scaleTo(4), at(8), scaleTo(5)],
  ...[...onCall(14, 15, 16, 17), at(17.4), scaleTo(18)],
  ...[at(20.5), scaleTo(8), at(21.5), scaleTo(4), at(22.5), scaleTo(2), at(24)],
]

export default lesson({
  long: true,
  start: { objects, patches: [autoscaler], warmUp: 60_000 },
  board: {
    time: shown(day.map((data) => data?.time)),
    answered: shown(day.map((data) => data?.answered)),
    hours: shown(day.map((data) => (data?.machineHours === undefined ? '' : `${data.machineHours} / ${BUDGET}`))),
    score: shown(day.map((data) => data?.score)),
  },
  steps: [
    {
      id: 'prepare',
      goals: {
        guess: cpus,
        open: eventually(books.path('metadata.labels.doors').is('open')),
      },
      hints: {
        guess: cpus.wrong(),
      },
      solution: [guess, ...prepare, OPEN],
      second: [guess, PREPARED, { wait: 60_000 }, OPEN],
      wrong: [
        { name: 'forgets that a second has a thousand milliseconds', deeds: [{ answer: 'guess', is: 'two' }], raises: 'guess' },
      ],
    },
    {
      id: 'day',
      goals: {
        over: eventually(isOver),
        slo: allOf(eventually(both(isOver, answered)), now(answered)),
        budget: allOf(eventually(both(isOver, paid)), now(paid)),
        genuine: now(isGenuine),
      },
      hints: {
        lost: now(number('lost').atLeast(HOPELESS)),
        dear: now(not(paid)),
        forged: now(not(isGenuine)),
        stuck: held(stuck.atLeast(1), 300_000),
        recreate: now(both(recreates, stuck.atLeast(1))),
        idle: now(both(not(asks), obj('hpa/shop').exists())),
        alone: held(
          both(
            machines.is(1),
            ready.map((all) => all.length > 1),
          ),
          600_000,
        ),
      },
      solution: [...onCall(14, 15, 16, 17), at(17.4), atLeast(18), at(20), atLeast(2), at(24)],
      second: BY_HAND,
      wrong: [
        {
          name: 'takes the rule away and goes home',
          deeds: ['kubectl delete hpa shop', scaleTo(2), hours(12.5)],
          raises: 'lost',
        },
        { name: 'keeps all machines all day', deeds: [atLeast(22), hours(10)], raises: 'dear' },
        { name: 'writes into the books', deeds: [`kubectl patch configmap day -p '{"data":{"lost":"0"}}'`], raises: 'forged' },
        {
          name: 'lets releases take the old copies away first',
          deeds: [
            'kubectl delete hpa shop',
            scaleTo(5),
            `kubectl patch deployment shop -p '{"spec":{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}}'`,
            hours(16.5),
          ],
          raises: 'recreate',
        },
      ],
    },
  ],
})
