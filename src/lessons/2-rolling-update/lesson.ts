/** Lesson 2.3: a rolling update within a budget: never fewer than three, never more than four. */
import type { AnyObject } from '#api/meta.ts'
import { always, answered, anyOf, both, either, eventually, held, list, not, now, obj, refused } from '../checks.ts'
import { lesson } from '../lesson.ts'

const deployment: AnyObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: {
    replicas: 3,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 2, maxUnavailable: 1 } },
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        containers: [
          {
            name: 'web',
            image: 'nginx:1.27',
            readinessProbe: { httpGet: { path: '/', port: 80 }, initialDelaySeconds: 3, periodSeconds: 2 },
          },
        ],
      },
    },
  },
} as unknown as AnyObject

const web = obj('deployment/web')
const image = web.path('spec.template.spec.containers.0.image')
const surge = web.path('spec.strategy.rollingUpdate.maxSurge')
const missing = web.path('spec.strategy.rollingUpdate.maxUnavailable')
/** Pods on their way out don't count. */
const alive = list('pods', { labels: 'app=web' }).map((pods) => pods.filter((pod) => !pod.metadata.deletionTimestamp).length)
const enough = web.path('status.availableReplicas').map((n) => Number(n ?? 0) >= 3)
const updated = held(
  both(image.is('nginx:1.28'), web.path('status.updatedReplicas').is(3), web.path('status.replicas').is(3), enough),
  5000,
)

/** Of three: a number, or a percentage. */
function podsOf(value: unknown, round: (n: number) => number): number {
  const [, percent] = /^(\d+)%$/.exec(String(value)) ?? []
  return percent === undefined ? Number(value ?? Number.NaN) : round((Number(percent) * 3) / 100)
}

const strategy = (maxSurge: number, maxUnavailable: number): string =>
  `kubectl patch deployment web -p '{"spec":{"strategy":{"rollingUpdate":{"maxSurge":${maxSurge},"maxUnavailable":${maxUnavailable}}}}}'`

export default lesson({
  start: { objects: [deployment], warmUp: 60_000 },
  steps: [
    {
      id: 'budget',
      goals: {
        guess: answered('guess'),
        surge: now(surge.map((value) => podsOf(value, Math.ceil) === 1)),
        missing: now(missing.map((value) => podsOf(value, Math.floor) === 0)),
      },
      hints: {
        early: eventually(image.is('nginx:1.28')),
        zero: anyOf(
          now(surge.map((value) => podsOf(value, Math.ceil) === 0)),
          refused('learner', 'patch|update|apply', 'deployments/web'),
        ),
        wide: now(
          both(
            web.path('metadata.generation').atLeast(2),
            either(
              surge.map((value) => podsOf(value, Math.ceil) > 1),
              missing.map((value) => podsOf(value, Math.floor) > 0),
            ),
          ),
        ),
        recreate: now(web.path('spec.strategy.type').is('Recreate')),
      },
      solution: [{ answer: 'guess', is: 'five' }, strategy(1, 0)],
      second: [{ answer: 'guess', is: 'four' }, strategy(2, 0), strategy(1, 0)],
      wrong: [
        {
          name: 'rolls out before the budget is set',
          deeds: [{ answer: 'guess', is: 'four' }, 'kubectl set image deployment/web web=nginx:1.28'],
          raises: 'early',
        },
        { name: 'allows more of both', deeds: [{ answer: 'guess', is: 'four' }, strategy(3, 1)], raises: 'wide' },
        { name: 'wants neither', deeds: [{ answer: 'guess', is: 'four' }, strategy(0, 0)], raises: 'zero' },
        { name: 'allows one fewer, and none more', deeds: [{ answer: 'guess', is: 'four' }, strategy(0, 1)], raises: 'zero' },
        {
          name: 'recreates',
          deeds: [
            { answer: 'guess', is: 'four' },
            `kubectl patch deployment web -p '{"spec":{"strategy":{"type":"Recreate","rollingUpdate":null}}}'`,
          ],
          raises: 'recreate',
        },
      ],
    },
    {
      id: 'roll',
      goals: { updated, never_fewer: always(enough), never_more: always(alive.atMost(4)) },
      hints: {
        fewer: eventually(not(enough)),
        scaled: now(both(web.exists(), not(web.path('spec.replicas').is(3)))),
        image: now(both(web.exists(), image.isNot('nginx:1.27'), image.isNot('nginx:1.28'))),
      },
      chain: {
        wished: { who: 'learner', verb: 'patch|update|apply', object: 'deployments/web' },
        made: { who: 'deployment-controller', verb: 'create', object: 'replicasets' },
        first: { who: 'replicaset-controller', verb: 'create', object: 'pods' },
        last: { who: 'replicaset-controller', verb: 'delete', object: 'pods' },
      },
      solution: ['kubectl set image deployment/web web=nginx:1.28', 'kubectl rollout status deployment/web'],
      second: [
        `kubectl patch deployment web -p '{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"nginx:1.28"}]}}}}'`,
      ],
      wrong: [
        { name: 'kills a pod on the way', deeds: ['kubectl delete pods -l app=web --wait=false'], raises: 'fewer' },
        { name: 'asks for a fourth', deeds: ['kubectl scale deployment web --replicas=4'], raises: 'scaled' },
        { name: 'takes another version', deeds: ['kubectl set image deployment/web web=nginx:1.26'], raises: 'image' },
      ],
    },
  ],
})
