/** Lesson 11.1: a change to one Deployment is felt half a minute later in another; logs and events lead back to it. */
import type { AnyObject } from '#api/meta.ts'
import { allOf, answer, answered, audit, both, not, now, obj, Value } from '../checks.ts'
import { lesson } from '../lesson.ts'

const WELL = 'redis:7.4'
/** So often it tries, 10 s apart, before it gives up: so long it lives on what it remembers. */
const TRIES = 4

const LOOP = `touch /tmp/ready; tries=0
while true; do
  if nc -z -w 1 $CACHE_SERVICE_HOST 6379 2>/dev/null
  then tries=0; [ -e /tmp/ready ] || touch /tmp/ready
  else
    tries=$((tries + 1))
    if [ $tries -lt ${TRIES} ]; then echo "cache:6379 does not answer, serving what I remember"
    else echo "cache:6379 does not answer, and what I remember is too old"; rm -f /tmp/ready; fi
  fi
  sleep 10
done`
const PROBE = { exec: { command: ['cat', '/tmp/ready'] }, periodSeconds: 10 }

const deployment = (name: string, replicas: number, container: object, strategy: string): AnyObject =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: { app: name } },
    spec: {
      replicas,
      strategy: { type: strategy },
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { terminationGracePeriodSeconds: 5, containers: [{ name, ...container }] },
      },
    },
  }) as unknown as AnyObject

const objects = [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'cache' },
    spec: { selector: { app: 'cache' }, ports: [{ port: 6379 }] },
  } as unknown as AnyObject,
  deployment('cache', 1, { image: WELL }, 'Recreate'),
  deployment('shop', 1, { image: 'busybox:1.36', command: ['sh', '-c', LOOP], readinessProbe: PROBE }, 'RollingUpdate'),
]
const typo = {
  object: 'deployments/cache',
  patch: { spec: { template: { spec: { containers: [{ name: 'cache', image: 'redis:7.4.100' }] } } } },
}

const STORY = ['F', 'B', 'D', 'C', 'E', 'A']
const story = answer(
  'order',
  ['', ' ', ',', ', ', '-', ' > '].map((between) => STORY.join(between)),
)
const root = answer('root', ['image'])
const begins = new Value([], ({ answers }) => /^\W*a/i.test(answers['order'] ?? ''))

const shop = obj('deployment/shop')
const cache = obj('deployment/cache')
const kept = shop.path('spec.template.spec.containers.0.readinessProbe').exists()
const isBack = cache.path('status.availableReplicas').atLeast(1)
const changed = cache.path('metadata.generation').atLeast(3)

export default lesson({
  start: { objects, faults: [{ after: 25_000, ...typo }], warmUp: 60_000 },
  steps: [
    {
      id: 'story',
      goals: { guess: answered('guess'), order: story, root },
      hints: { symptom: allOf(story.wrong(), now(begins)), order: allOf(story.wrong(), now(not(begins))), root: root.wrong() },
      solution: [
        { answer: 'guess', is: 'other' },
        'kubectl logs deployment/shop --timestamps --tail=5',
        'kubectl events',
        { answer: 'order', is: STORY.join('') },
        { answer: 'root', is: 'image' },
      ],
      second: [
        { answer: 'root', is: 'registry' },
        { answer: 'root', is: 'image' },
        { answer: 'order', is: STORY.join(', ').toLowerCase() },
        { answer: 'guess', is: 'log' },
      ],
      wrong: [
        { name: 'begins with what was noticed', deeds: [{ answer: 'order', is: 'AFBDCE' }], raises: 'symptom' },
        { name: 'lets the new pod come first', deeds: [{ answer: 'order', is: 'DFBCEA' }], raises: 'order' },
        {
          name: 'blames the probe',
          deeds: [
            { answer: 'guess', is: 'own' },
            { answer: 'order', is: STORY.join('') },
            { answer: 'root', is: 'probe' },
          ],
          raises: 'root',
        },
      ],
    },
    {
      id: 'mend',
      goals: {
        ready: now(both(isBack, shop.path('status.readyReplicas').is(1), shop.path('status.updatedReplicas').is(1))),
        kept: now(kept),
      },
      hints: {
        probe: now(both(shop.exists(), not(kept))),
        restart: allOf(audit('learner', 'patch|update', 'deployments/shop'), now(both(kept, not(isBack)))),
        still: now(both(changed, not(isBack))),
      },
      chain: {
        changed: { who: 'learner', verb: 'patch|update', object: 'deployments/cache' },
        made: { who: 'replicaset-controller', verb: 'create', object: 'pods/cache-*' },
        ready: { who: 'kubelet', verb: 'patch', object: 'pods/shop-*/status' },
      },
      solution: ['kubectl rollout undo deployment cache', { wait: 10_000 }],
      second: [`kubectl set image deployment/cache cache=${WELL}`, { wait: 10_000 }],
      wrong: [
        {
          name: 'takes the probe away',
          deeds: [
            `kubectl patch deployment shop -p '{"spec":{"template":{"spec":{"containers":[{"name":"shop","readinessProbe":null}]}}}}'`,
          ],
          raises: 'probe',
        },
        { name: 'starts the shop anew', deeds: ['kubectl rollout restart deployment shop'], raises: 'restart' },
        { name: 'misspells it again', deeds: ['kubectl set image deployment/cache cache=redis:7.4.101'], raises: 'still' },
      ],
    },
  ],
})
