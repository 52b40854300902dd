/** Lesson 7.3: a waiting pod makes the cluster-autoscaler rent a machine, and an empty machine is given back. */
import type { AnyObject } from '#api/meta.ts'
import { after, answered, audit, both, count, event, eventually, held, not, now, obj } from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'render', labels: { app: 'render' } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'render' } },
    template: {
      metadata: { labels: { app: 'render' } },
      spec: {
        terminationGracePeriodSeconds: 3,
        containers: [{ name: 'render', image: 'nginx:1.27', resources: { requests: { cpu: '2500m' } } }],
      },
    },
  },
} as unknown as AnyObject

const render = obj('deployment/render')
const replicas = render.path('spec.replicas').map((n) => Number(n ?? 0))
const ready = render.path('status.readyReplicas').map((n) => Number(n ?? 0))
/** The cloud names its machines after their group; those that were there, and those that one adds, are called otherwise. */
const rented = count('nodes', { is: ({ metadata }) => metadata.name.startsWith('workers-') })
const own = count('nodes', { is: ({ metadata }) => !metadata.name.startsWith('workers-') })

const scale = (to: number): string => `kubectl scale deployment render --replicas=${to}`
const guess: Deed = { answer: 'guess', is: 'pending' }
const guess2: Deed = { answer: 'guess2', is: 'ten' }

export default lesson({
  start: { objects: [deployment], warmUp: 30_000 },
  steps: [
    {
      id: 'buy',
      goals: {
        guess: answered('guess'),
        triggered: event('TriggeredScaleUp', 'pod/render-*'),
        ready: after(eventually(rented.atLeast(1)), eventually(both(ready.atLeast(3), replicas.is(3)))),
      },
      hints: {
        byhand: now(both(own.atLeast(3), rented.is(0))),
        huge: event('NotTriggerScaleUp', 'pod/render-*'),
        many: now(replicas.atLeast(4)),
      },
      chain: {
        waits: { who: 'scheduler', verb: 'patch', object: 'pods/render-*/status' },
        placed: { who: 'scheduler', verb: 'create', object: 'pods/render-*/binding' },
      },
      solution: [guess, scale(3), { wait: 80_000 }],
      second: [guess, `kubectl patch deployment render -p '{"spec":{"replicas":3}}'`, 'sleep 80'],
      wrong: [
        { name: 'adds a machine by hand', deeds: [guess, { fault: { kind: 'node-add' } }, scale(3)], raises: 'byhand' },
        {
          name: 'asks for more than any machine has',
          deeds: [guess, 'kubectl set resources deployment render --requests=cpu=20'],
          raises: 'huge',
        },
        { name: 'asks for many more', deeds: [guess, scale(6)], raises: 'many' },
      ],
    },
    {
      id: 'back',
      goals: {
        guess2: answered('guess2'),
        fewer: now(both(replicas.is(2), ready.is(2))),
        gone: after(event('ScaleDown', 'node/workers-*'), eventually(rented.is(0))),
      },
      hints: {
        deleted: audit('learner', 'delete', 'nodes'),
        needed: held(both(replicas.atLeast(3), not(rented.is(0))), 20_000),
        none: now(both(render.exists(), replicas.is(0))),
      },
      solution: [guess2, scale(2), { wait: 660_000 }],
      second: [guess2, `kubectl patch deployment render -p '{"spec":{"replicas":2}}'`, { wait: 500_000 }],
      wrong: [
        { name: 'deletes the entry', deeds: [guess2, scale(2), 'kubectl delete node workers-1'], raises: 'deleted' },
        { name: 'waits without giving anything up', deeds: [guess2, { wait: 30_000 }], raises: 'needed' },
        { name: 'ends all of them', deeds: [guess2, scale(0)], raises: 'none' },
      ],
    },
  ],
})
