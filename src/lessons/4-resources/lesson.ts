/** Lesson 4.3: a container that is killed for its limit, and the class that follows from requests and limits. */
import type { AnyObject } from '#api/meta.ts'
import { after, answer, answered, anyOf, audit, both, event, held, list, not, now, obj, refused } from '../checks.ts'
import { lesson, pick, type Start } from '../lesson.ts'

const NEEDS = ['150M', '170M', '190M'] as const
const TIGHT = '100Mi'

interface Resources {
  requests?: { cpu?: string; memory?: string }
  limits?: { cpu?: string; memory?: string }
}
interface Ended {
  terminated?: { reason?: string }
}

const deployment = (need: string): AnyObject =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'press', labels: { app: 'press' } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'press' } },
      template: {
        metadata: { labels: { app: 'press' } },
        spec: {
          terminationGracePeriodSeconds: 1,
          containers: [
            {
              name: 'press',
              image: 'polinux/stress:1.0.4',
              command: ['stress'],
              args: ['--vm', '1', '--vm-bytes', need, '--vm-hang', '1'],
              resources: { requests: { memory: '50Mi' }, limits: { memory: TIGHT } },
            },
          ],
        },
      },
    },
  }) as unknown as AnyObject

const start = (seed: string): Start => ({ objects: [deployment(NEEDS[pick(seed, NEEDS.length)] ?? '150M')], warmUp: 45_000 })

const press = obj('deployment/press')
const resources = press
  .path('spec.template.spec.containers.0.resources')
  .map((value: Resources | undefined): Resources => value ?? {})
const limit = resources.map(({ limits }) => limits?.memory)
const pods = list('pods', { labels: 'app=press' })
const statusOf = (pod: AnyObject) => pod['status']?.containerStatuses?.[0]
const wasKilled = (pod: AnyObject): boolean =>
  [statusOf(pod)?.state, statusOf(pod)?.lastState].some((state?: Ended) => state?.terminated?.reason === 'OOMKilled')
const limitOf = (pod: AnyObject): string | undefined => pod['spec']?.containers[0].resources?.limits?.memory
/** Killed with a limit that the learner has set. */
const killedAgain = pods.map((all) => all.some((pod) => wasKilled(pod) && limitOf(pod) !== TIGHT))
const runs = both(
  press.path('status.updatedReplicas').is(1),
  press.path('status.replicas').is(1),
  press.path('status.availableReplicas').is(1),
  pods.map((all) => all.every((pod) => statusOf(pod)?.restartCount === 0 && pod['status'].phase === 'Running')),
)
const hasAll = resources.map(({ limits }) => limits?.cpu !== undefined && limits.memory !== undefined)
/** Of memory; what is not requested is taken from the limit. */
const samePart = resources.map(
  ({ requests, limits }) => limits?.memory !== undefined && limits.memory === (requests?.memory ?? limits.memory),
)
const qos = pods.map((all) => all.map((pod) => pod['status']?.qosClass).join())
const why = answer('why', ['limit'])
const changed = audit('learner', 'patch|update|apply', 'deployments/press')
const unchanged = limit.is(TIGHT)

const set = (what: string): string => `kubectl set resources deployment press ${what}`
const patch = (change: object): string =>
  `kubectl patch deployment press -p '${JSON.stringify({
    spec: { template: { spec: { containers: [{ name: 'press', resources: change }] } } },
  })}'`

export default lesson({
  start,
  steps: [
    {
      id: 'killed',
      goals: { why, limited: now(both(limit.exists(), not(unchanged))), stays: held(both(runs, limit.exists()), 60_000) },
      hints: {
        why: why.wrong(),
        again: anyOf(
          audit('learner', 'delete|deletecollection', 'pods/press-*'),
          now(both(unchanged, press.path('spec.template.metadata.annotations').exists())),
        ),
        small: now(killedAgain),
        request: now(both(unchanged, not(resources.map(({ requests }) => requests?.memory).is('50Mi')))),
        none: now(both(press.exists(), not(limit.exists()))),
        pending: event('FailedScheduling', 'pod/press-*', /Insufficient memory/),
        refused: refused('learner', 'patch|update|apply', 'deployments/press'),
      },
      chain: {
        wished: { who: 'learner', verb: 'patch|update|apply', object: 'deployments/press' },
        asked: { who: 'replicaset-controller', verb: 'create', object: 'pods/press-*' },
        placed: { who: 'scheduler', verb: 'create', object: 'pods/@asked/binding' },
        started: { who: 'kubelet', verb: 'patch', object: 'pods/@asked/status' },
      },
      solution: [
        'kubectl logs deployment/press',
        'kubectl describe pod -l app=press',
        { answer: 'why', is: 'limit' },
        set('--limits=memory=300Mi'),
      ],
      second: [{ answer: 'why', is: 'limit' }, patch({ requests: null, limits: { memory: '0.25Gi' } })],
      wrong: [
        { name: 'blames the program', deeds: [{ answer: 'why', is: 'error' }], raises: 'why' },
        { name: 'blames the machine', deeds: [{ answer: 'why', is: 'machine' }], raises: 'why' },
        { name: 'only starts it again', deeds: ['kubectl rollout restart deployment/press'], raises: 'again' },
        {
          name: 'deletes the pod',
          deeds: [{ answer: 'why', is: 'limit' }, 'kubectl delete pods -l app=press --wait=false'],
          raises: 'again',
        },
        { name: 'raises it too little', deeds: [{ answer: 'why', is: 'limit' }, set('--limits=memory=140Mi')], raises: 'small' },
        {
          name: 'raises the request',
          deeds: [{ answer: 'why', is: 'limit' }, set('--requests=memory=100Mi')],
          raises: 'request',
        },
        { name: 'raises the request above the limit', deeds: [set('--requests=memory=300Mi')], raises: 'refused' },
        { name: 'takes the limit away', deeds: [{ answer: 'why', is: 'limit' }, patch({ limits: null })], raises: 'none' },
        {
          name: 'wants a whole rack',
          deeds: [{ answer: 'why', is: 'limit' }, patch({ requests: null, limits: { memory: '900Gi' } })],
          raises: 'pending',
        },
      ],
    },
    {
      id: 'class',
      goals: {
        guess: answered('guess'),
        guaranteed: now(qos.is('Guaranteed')),
        runs: held(both(qos.is('Guaranteed'), runs), 10_000),
      },
      hints: {
        cpu: after(changed, now(both(samePart, not(hasAll)))),
        lower: after(changed, now(both(hasAll, qos.is('Burstable')))),
        bare: now(qos.is('BestEffort')),
        tight: now(killedAgain),
        pod: refused('learner', 'patch|update|apply', 'pods/press-*'),
      },
      solution: [{ answer: 'guess', is: 'burstable' }, set('--limits=cpu=200m,memory=300Mi --requests=cpu=200m,memory=300Mi')],
      second: [{ answer: 'guess', is: 'guaranteed' }, patch({ requests: null, limits: { memory: '400Mi', cpu: '0.5' } })],
      wrong: [
        { name: 'leaves out the processor', deeds: [set('--limits=memory=300Mi --requests=memory=300Mi')], raises: 'cpu' },
        {
          name: 'requests less',
          deeds: [set('--limits=cpu=200m,memory=300Mi --requests=cpu=100m,memory=300Mi')],
          raises: 'lower',
        },
        { name: 'takes all away', deeds: [patch({ requests: null, limits: null })], raises: 'bare' },
        {
          name: 'saves too much',
          deeds: [set('--limits=cpu=100m,memory=120Mi --requests=cpu=100m,memory=120Mi')],
          raises: 'tight',
        },
        {
          name: 'changes the pod',
          deeds: ['kubectl set resources pods -l app=press --limits=cpu=200m,memory=300Mi --requests=cpu=200m,memory=300Mi'],
          raises: 'pod',
        },
      ],
    },
  ],
})
