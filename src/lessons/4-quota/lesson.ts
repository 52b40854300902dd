/** Lesson 4.4: pods that a quota does not let in, and a LimitRange that speaks for those who say nothing. */
import type { AnyObject } from '#api/meta.ts'
import { after, answer, answered, both, count, event, eventually, held, not, now, obj } from '../checks.ts'
import { type Deed, lesson, pick, type Start } from '../lesson.ts'

const CPUS = ['1', '900m', '1200m'] as const
const namespace = 'team'

const deployment = (name: string, replicas: number, container: object): AnyObject =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      replicas,
      strategy: { type: 'Recreate' },
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { terminationGracePeriodSeconds: 1, containers: [{ name, ...container }] },
      },
    },
  }) as unknown as AnyObject

const start = (seed: string): Start => ({
  objects: [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'budget', namespace },
      spec: { hard: { 'requests.cpu': CPUS[pick(seed, CPUS.length)] ?? '1', 'requests.memory': '1Gi' } },
    } as unknown as AnyObject,
    deployment('api', 3, { image: 'nginx:1.27' }),
  ],
  warmUp: 40_000,
})

const HELPER = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: helper
  namespace: team
spec:
  selector:
    matchLabels:
      app: helper
  template:
    metadata:
      labels:
        app: helper
    spec:
      containers:
        - name: helper
          image: busybox:1.36
          command: [sleep, "86400"]
`
const RANGE = `apiVersion: v1
kind: LimitRange
metadata:
  name: usual
  namespace: team
spec:
  limits:
    - type: Container
`

const api = obj('deployment/team/api')
const helper = obj('deployment/team/helper')
const budget = obj('resourcequota/team/budget')
/** Spent by the quantity as it was first written: a quota has no generation. */
const kept = both(
  budget.path('spec.hard').map((hard: Record<string, string> | undefined) => {
    return CPUS.some((cpu) => cpu === hard?.['requests.cpu']) && hard?.['requests.memory'] === '1Gi'
  }),
  count('resourcequotas', { namespace }).is(1),
)
const why = answer('why', ['silent'])
const three = both(
  api.path('spec.replicas').is(3),
  api.path('status.availableReplicas').is(3),
  api.path('status.updatedReplicas').is(3),
)
const saysNothing = helper
  .path('spec.template.spec.containers.0.resources')
  .map((resources: { requests?: object; limits?: object } | undefined) => !resources?.requests && !resources?.limits)
const isThere = count('limitranges', { namespace }).atLeast(1)

const set = (what: string, name = 'api'): string => `kubectl -n team set resources deployment ${name} ${what}`
const range = (what: string): Deed => ({ write: 'limits.yaml', text: `${RANGE}      ${what}\n` })
const [applied, helped] = ['kubectl apply -f limits.yaml', 'kubectl apply -f helper.yaml']
const guess: Deed = { answer: 'guess', is: 'nothing' }

export default lesson({
  start,
  files: { 'limits.yaml': RANGE, 'helper.yaml': HELPER },
  steps: [
    {
      id: 'budget',
      goals: { why, three: eventually(both(three, kept)), kept: now(kept) },
      hints: {
        why: why.wrong(),
        exceeded: event('FailedCreate', 'replicaset/api-*', /exceeded quota/),
        half: event('FailedCreate', 'replicaset/api-*', /must specify requests\.memory|must specify requests\.cpu for: api$/),
        quota: now(not(kept)),
        fewer: now(api.path('spec.replicas').map((replicas) => replicas < 3)),
      },
      chain: {
        wished: { who: 'learner', verb: 'patch|update|apply', object: 'deployments/api' },
        made: { who: 'deployment-controller', verb: 'create', object: 'replicasets' },
        asked: { who: 'replicaset-controller', verb: 'create', object: 'pods/api-*' },
      },
      solution: [
        'kubectl -n team describe replicaset',
        'kubectl -n team describe quota',
        { answer: 'why', is: 'silent' },
        set('--requests=cpu=200m,memory=128Mi'),
      ],
      second: [
        { answer: 'why', is: 'silent' },
        range('defaultRequest: {cpu: 250m, memory: 100Mi}'),
        applied,
        'kubectl -n team rollout restart deployment api',
      ],
      wrong: [
        { name: 'believes that it is spent', deeds: [{ answer: 'why', is: 'spent' }], raises: 'why' },
        {
          name: 'asks for too much',
          deeds: [{ answer: 'why', is: 'silent' }, set('--requests=cpu=500m,memory=128Mi')],
          raises: 'exceeded',
        },
        { name: 'says only one of them', deeds: [{ answer: 'why', is: 'silent' }, set('--requests=cpu=200m')], raises: 'half' },
        {
          name: 'takes the budget away',
          deeds: [{ answer: 'why', is: 'silent' }, 'kubectl -n team delete quota budget'],
          raises: 'quota',
        },
        {
          name: 'raises the budget',
          deeds: [
            { answer: 'why', is: 'silent' },
            `kubectl -n team patch quota budget -p '{"spec":{"hard":{"requests.cpu":"4"}}}'`,
            set('--requests=cpu=1,memory=128Mi'),
          ],
          raises: 'quota',
        },
        {
          name: 'makes do with one',
          deeds: [
            { answer: 'why', is: 'silent' },
            'kubectl -n team scale deployment api --replicas=1',
            set('--requests=cpu=500m,memory=128Mi'),
          ],
          raises: 'fewer',
        },
      ],
    },
    {
      id: 'usual',
      goals: {
        guess: answered('guess'),
        helps: held(both(helper.path('status.availableReplicas').atLeast(1), saysNothing, kept), 5000),
        plain: now(both(helper.exists(), saysNothing)),
        kept: now(kept),
      },
      hints: {
        written: now(both(helper.exists(), not(saysNothing))),
        elsewhere: now(both(count('limitranges').atLeast(1), not(isThere))),
        exceeded: event('FailedCreate', 'replicaset/helper-*', /exceeded quota/),
        half: event(
          'FailedCreate',
          'replicaset/helper-*',
          /must specify requests\.memory|must specify requests\.cpu for: helper$/,
        ),
        patience: after(
          event('FailedCreate', 'replicaset/helper-*', /must specify/),
          held(both(isThere, helper.exists(), not(helper.path('status.replicas').atLeast(1))), 8000),
        ),
        quota: now(not(kept)),
      },
      solution: [guess, range('defaultRequest: {cpu: 50m, memory: 32Mi}'), applied, helped],
      second: [
        { answer: 'guess', is: 'changed' },
        helped,
        { wait: 5000 },
        range('default: {cpu: 100m, memory: 64Mi}'),
        applied,
        'kubectl -n team rollout restart deployment helper',
      ],
      wrong: [
        {
          name: 'writes it into the Deployment',
          deeds: [guess, helped, set('--requests=cpu=50m,memory=32Mi', 'helper')],
          raises: 'written',
        },
        {
          name: 'puts it elsewhere',
          deeds: [
            guess,
            {
              write: 'limits.yaml',
              text: `${RANGE.replace('  namespace: team\n', '')}      defaultRequest: {cpu: 50m, memory: 32Mi}\n`,
            },
            applied,
            helped,
          ],
          raises: 'elsewhere',
        },
        {
          name: 'fills in too much',
          deeds: [guess, range('defaultRequest: {cpu: 800m, memory: 32Mi}'), applied, helped],
          raises: 'exceeded',
        },
        { name: 'fills in only one', deeds: [guess, range('defaultRequest: {cpu: 50m}'), applied, helped], raises: 'half' },
        {
          name: 'comes too late, and waits',
          deeds: [helped, { wait: 90_000 }, range('defaultRequest: {cpu: 50m, memory: 32Mi}'), applied],
          raises: 'patience',
        },
        { name: 'takes the budget away', deeds: [guess, 'kubectl -n team delete quota budget', helped], raises: 'quota' },
      ],
    },
  ],
})
