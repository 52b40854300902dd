/** Lesson 2.7: names that last, an order that counts, and a disk that waits for its pod. */
import type { AnyObject } from '#api/meta.ts'
import { after, answered, audit, born, both, count, eventually, held, not, now, obj, order } from '../checks.ts'
import { lesson } from '../lesson.ts'

const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'db' },
  spec: { clusterIP: 'None', selector: { app: 'db' }, ports: [{ port: 6379 }] },
} as unknown as AnyObject
const statefulSet = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'db' },
  spec: {
    serviceName: 'db',
    replicas: 2,
    selector: { matchLabels: { app: 'db' } },
    template: {
      metadata: { labels: { app: 'db' } },
      spec: { containers: [{ name: 'redis', image: 'redis:7', volumeMounts: [{ name: 'data', mountPath: '/data' }] }] },
    },
    volumeClaimTemplates: [
      { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
    ],
  },
} as unknown as AnyObject

const db = obj('statefulset/db')
const ready = db.path('status.readyReplicas').map((n) => Number(n ?? 0))
const pod = (n: number) => obj(`pod/db-${n}`)
const isUp = (n: number) => pod(n).condition('Ready').is('True')
const claim = (n: number) => obj(`persistentvolumeclaim/data-db-${n}`)
const claims = count('persistentvolumeclaims')
const killed = audit('learner', 'delete', 'pods/db-1')

export default lesson({
  start: { objects: [service, statefulSet], warmUp: 60_000 },
  steps: [
    {
      id: 'same',
      goals: {
        guess: answered('guess'),
        killed,
        back: after(killed, born('pods', { is: ({ metadata }) => metadata.name === 'db-1' })),
      },
      hints: {
        other: audit('learner', 'delete', 'pods/db-0'),
        scaled: now(db.path('spec.replicas').map((n) => n !== undefined && n !== 2)),
        gone: eventually(not(db.exists())),
      },
      chain: {
        deleted: { who: 'learner', verb: 'delete', object: 'pods/db-1' },
        again: { who: 'statefulset-controller', verb: 'create', object: 'pods/db-1' },
      },
      solution: [{ answer: 'guess', is: 'same' }, 'kubectl delete pod db-1'],
      second: [{ answer: 'guess', is: 'new' }, 'kubectl delete pods db-1 --grace-period=1'],
      wrong: [
        {
          name: 'kills the first',
          deeds: [{ answer: 'guess', is: 'same' }, 'kubectl delete pod db-0 --wait=false'],
          raises: 'other',
        },
        {
          name: 'scales instead',
          deeds: [{ answer: 'guess', is: 'same' }, 'kubectl scale statefulset db --replicas=1'],
          raises: 'scaled',
        },
        {
          name: 'deletes all of it',
          deeds: [{ answer: 'guess', is: 'same' }, 'kubectl delete statefulset db'],
          raises: 'gone',
        },
      ],
    },
    {
      id: 'order',
      goals: {
        four: order(eventually(isUp(2)), eventually(isUp(3)), eventually(both(ready.is(4), db.path('spec.replicas').is(4)))),
        guess2: answered('guess2'),
        one: after(eventually(ready.is(4)), held(both(ready.is(1), pod(0).exists(), pod(1).exists().is(false)), 3000)),
        disks: after(
          eventually(both(ready.is(1), db.path('spec.replicas').is(1))),
          now(both(claims.atLeast(4), claim(3).exists())),
        ),
      },
      hints: {
        zero: eventually(db.path('spec.replicas').is(0)),
        few: now(both(db.path('spec.replicas').is(1), claims.atMost(3))),
        many: now(db.path('spec.replicas').map((n) => n > 4)),
        lost: after(eventually(claims.atLeast(4)), eventually(claims.atMost(3))),
      },
      solution: [
        'kubectl scale statefulset db --replicas=4',
        'kubectl rollout status statefulset/db',
        { answer: 'guess2', is: 'stay' },
        'kubectl scale statefulset db --replicas=1',
      ],
      second: [
        { answer: 'guess2', is: 'go' },
        `kubectl patch statefulset db -p '{"spec":{"replicas":4}}'`,
        { wait: 60_000 },
        `kubectl patch statefulset db -p '{"spec":{"replicas":1}}'`,
      ],
      wrong: [
        { name: 'goes down at once', deeds: ['kubectl scale statefulset db --replicas=1'], raises: 'few' },
        { name: 'asks for five', deeds: ['kubectl scale statefulset db --replicas=5'], raises: 'many' },
        {
          name: 'goes down to nothing',
          deeds: ['kubectl scale statefulset db --replicas=4', { wait: 60_000 }, 'kubectl scale statefulset db --replicas=0'],
          raises: 'zero',
        },
        {
          name: 'deletes the disks',
          deeds: [
            'kubectl scale statefulset db --replicas=4',
            'kubectl rollout status statefulset/db',
            'kubectl scale statefulset db --replicas=1',
            { wait: 20_000 },
            'kubectl delete pvc data-db-3 data-db-2',
          ],
          raises: 'lost',
        },
      ],
    },
  ],
})
