/** Lesson 7.4: a running container gets more memory: at once, and as soon as there is room. */
import type { AnyObject } from '#api/meta.ts'
import { allOf, answered, anyOf, born, both, eventually, held, never, now, obj, refused } from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'

const memory = (size: string) => ({ cpu: '200m', memory: size })
const pod = (size: string): AnyObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'cache', labels: { app: 'cache' } },
    spec: {
      containers: [{ name: 'redis', image: 'redis:7', resources: { requests: memory(size), limits: memory(size) } }],
    },
  }) as unknown as AnyObject
const batch = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'batch', labels: { app: 'batch' } },
  spec: {
    replicas: 5,
    selector: { matchLabels: { app: 'batch' } },
    template: {
      metadata: { labels: { app: 'batch' } },
      spec: {
        terminationGracePeriodSeconds: 3,
        containers: [{ name: 'batch', image: 'nginx:1.27', resources: { requests: { cpu: '50m', memory: '1Gi' } } }],
      },
    },
  },
} as unknown as AnyObject

const UNITS: Readonly<Record<string, number>> = { Mi: 1, Gi: 1024 }
const cache = obj('pod/cache')
/** In MiB; what it has, not what it should have. */
const has = cache.path('status.containerStatuses.0.resources.limits.memory').map((size) => {
  const [, number = '', unit = ''] = /^(\d+)([MG]i)$/.exec(String(size)) ?? []
  return Number(number) * (UNITS[unit] ?? 0)
})
const again = born('pods', { is: ({ metadata }) => metadata.name === 'cache' }, () => true)
const same = allOf(never(again), now(cache.path('status.containerStatuses.0.restartCount').is(0)))
const pending = cache
  .path('status.conditions')
  .map((all: { type: string; reason?: string }[] | undefined) => all?.find(({ type }) => type === 'PodResizePending')?.reason)
const deferred = pending.is('Deferred')

const resize = (requests: string, limits = requests, road = '--subresource resize'): string =>
  `kubectl patch pod cache ${road} -p '${JSON.stringify({
    spec: { containers: [{ name: 'redis', resources: { requests: { memory: requests }, limits: { memory: limits } } }] },
  })}'`
const anew = (size: string): Deed[] => [
  { write: 'cache.json', text: JSON.stringify(pod(size)) },
  'kubectl replace --force -f cache.json',
]
const guess: Deed = { answer: 'guess', is: 'goes_on' }
const guess2: Deed = { answer: 'guess2', is: 'waits' }

export default lesson({
  start: { objects: [pod('256Mi'), batch], warmUp: 20_000 },
  steps: [
    {
      id: 'grow',
      goals: { guess: answered('guess'), grown: now(has.atLeast(512)), same },
      hints: {
        road: anyOf(refused('learner', 'patch', 'pods/cache'), refused('learner', 'update', 'pods/cache')),
        class: refused('learner', 'patch|update', 'pods/cache/resize'),
        little: now(
          both(
            has.atLeast(1),
            has.map((n) => n !== 256 && n < 512),
          ),
        ),
        anew: again,
      },
      chain: {
        asked: { who: 'learner', verb: 'patch|update|apply', object: 'pods/cache/resize' },
        done: { who: 'kubelet', verb: 'patch', object: 'pods/cache/status' },
      },
      solution: [guess, resize('512Mi')],
      second: [guess, resize('600Mi'), { wait: 3000 }],
      wrong: [
        { name: 'takes the plain road', deeds: [guess, resize('512Mi', '512Mi', '')], raises: 'road' },
        { name: 'raises only the limit', deeds: [guess, resize('256Mi', '512Mi')], raises: 'class' },
        { name: 'gives it a little more', deeds: [guess, resize('300Mi')], raises: 'little' },
        { name: 'makes it anew', deeds: [guess, ...anew('512Mi')], raises: 'anew' },
      ],
    },
    {
      id: 'wait',
      goals: { guess2: answered('guess2'), deferred: eventually(deferred), large: now(has.atLeast(4096)), same2: same },
      hints: {
        full: held(deferred, 15_000),
        never: refused('learner', 'patch|update', 'pods/cache/resize'),
        anew2: again,
      },
      solution: [guess2, resize('4Gi'), { wait: 3000 }, 'kubectl scale deployment batch --replicas=3', { wait: 10_000 }],
      second: [guess2, resize('4Gi'), { wait: 3000 }, 'kubectl delete deployment batch'],
      wrong: [
        { name: 'only waits', deeds: [guess2, resize('4Gi')], raises: 'full' },
        { name: 'asks for more than the machine has', deeds: [guess2, resize('64Gi')], raises: 'never' },
        { name: 'makes it anew', deeds: [guess2, ...anew('4Gi')], raises: 'anew2' },
      ],
    },
  ],
})
