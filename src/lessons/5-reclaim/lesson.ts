/** Lesson 5.4: disks that grow under a running database, and one that outlives its claim. */
import type { AnyObject } from '#api/meta.ts'
import { answered, anyOf, audit, both, count, either, eventually, held, never, not, now, obj, one, refused } from '../checks.ts'
import { lesson } from '../lesson.ts'

const objects = [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'db' },
    spec: { clusterIP: 'None', selector: { app: 'db' }, ports: [{ port: 6379 }] },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db' },
    spec: {
      serviceName: 'db',
      replicas: 2,
      selector: { matchLabels: { app: 'db' } },
      template: {
        metadata: { labels: { app: 'db' } },
        spec: {
          terminationGracePeriodSeconds: 1,
          containers: [{ name: 'redis', image: 'redis:7', volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
        },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { storageClassName: 'disk', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      ],
    },
  },
] as unknown as AnyObject[]

const claim = (n: number) => obj(`persistentvolumeclaim/data-db-${n}`)
const volume = (n: number) => one('persistentvolumes', { is: ({ spec }: AnyObject) => spec.claimRef?.name === `data-db-${n}` })
const has = (n: number, size: string) => claim(n).path('status.capacity.storage').is(size)
const asks = (n: number, size: string) => claim(n).path('spec.resources.requests.storage').is(size)
const policy = (n: number) => volume(n).path('spec.persistentVolumeReclaimPolicy')
const isMarked = (n: number) => claim(n).path('metadata.deletionTimestamp').exists()
const claims = count('persistentvolumeclaims')
const killed = anyOf(audit('learner', 'delete|deletecollection', 'pods/db-*'), audit('learner', 'create', 'pods/db-*/eviction'))

const grow = (names: string, size: string): string =>
  `kubectl patch pvc ${names} -p '{"spec":{"resources":{"requests":{"storage":"${size}"}}}}'`
const named = (n: number): string => `$(kubectl get pvc data-db-${n} -o jsonpath='{.spec.volumeName}')`
const set = (n: number, what: string): string =>
  `kubectl patch pv ${named(n)} -p '{"spec":{"persistentVolumeReclaimPolicy":"${what}"}}'`
const [down, let_go] = ['kubectl delete statefulset db', 'kubectl delete persistentvolumeclaims data-db-0 data-db-1']

export default lesson({
  start: { objects, warmUp: 45_000 },
  steps: [
    {
      id: 'grow',
      goals: { guess: answered('guess'), grown: now(both(has(0, '2Gi'), has(1, '2Gi'))), same: never(killed) },
      hints: {
        template: refused('learner', 'patch|update|apply', 'statefulsets/db'),
        shrunk: refused('learner', 'patch|update|apply', 'persistentvolumeclaims/data-db-*'),
        one: held(either(both(asks(0, '2Gi'), asks(1, '1Gi')), both(asks(1, '2Gi'), asks(0, '1Gi'))), 8000),
        volume: audit('learner', 'patch|update|apply', 'persistentvolumes'),
        killed,
      },
      chain: {
        asked: { who: 'learner', verb: 'patch|update|apply', object: 'persistentvolumeclaims' },
        larger: { who: 'csi-disk-controller', verb: 'patch|update', object: 'persistentvolumes' },
        done: { who: 'csi-disk-controller', verb: 'patch|update', object: 'persistentvolumeclaims/*/status' },
      },
      solution: [
        'kubectl get persistentvolumeclaims',
        { answer: 'guess', is: 'nothing' },
        grow('data-db-0 data-db-1', '2Gi'),
        { wait: 20_000 },
        'kubectl get persistentvolumeclaims',
      ],
      second: [{ answer: 'guess', is: 'restart' }, grow('data-db-1', '2Gi'), grow('data-db-0', '2Gi')],
      wrong: [
        {
          name: 'changes the template',
          deeds: [
            `kubectl patch statefulset db --type=json -p '[{"op":"replace","path":"/spec/volumeClaimTemplates/0/spec/resources/requests/storage","value":"2Gi"}]'`,
          ],
          raises: 'template',
        },
        { name: 'wants less', deeds: [grow('data-db-0', '500Mi')], raises: 'shrunk' },
        { name: 'forgets the second', deeds: [{ answer: 'guess', is: 'nothing' }, grow('data-db-0', '2Gi')], raises: 'one' },
        {
          name: 'writes it on the volume',
          deeds: [`kubectl patch pv ${named(0)} -p '{"spec":{"capacity":{"storage":"2Gi"}}}'`],
          raises: 'volume',
        },
        {
          name: 'starts the pods again',
          deeds: [{ answer: 'guess', is: 'restart' }, grow('data-db-0 data-db-1', '2Gi'), 'kubectl delete pod db-0 --wait=false'],
          raises: 'killed',
        },
      ],
    },
    {
      id: 'keep',
      goals: {
        guess2: answered('guess2'),
        gone: now(both(not(obj('statefulset/db').exists()), claims.is(0))),
        released: now(volume(0).path('status.phase').is('Released')),
        freed: now(both(claims.is(0), not(volume(1).exists()))),
      },
      hints: {
        lost: eventually(not(volume(0).exists())),
        both: now(both(volume(1).path('status.phase').is('Released'), policy(1).is('Retain'))),
        used: held(either(isMarked(0), isMarked(1)), 6000),
        wrong: now(both(policy(1).is('Retain'), policy(0).is('Delete'))),
      },
      chain: {
        told: { who: 'learner', verb: 'patch|update|apply', object: 'persistentvolumes' },
        let: { who: 'learner', verb: 'delete|deletecollection', object: 'persistentvolumeclaims/data-db-0' },
        free: { who: 'persistent-volume-binder', verb: 'patch|update', object: 'persistentvolumes/*/status' },
      },
      solution: [
        'kubectl get persistentvolumes',
        { answer: 'guess2', is: 'claims' },
        set(0, 'Retain'),
        down,
        { wait: 5000 },
        let_go,
        { wait: 8000 },
        'kubectl get persistentvolumes',
      ],
      second: [
        { answer: 'guess2', is: 'nothing' },
        set(0, 'Retain'),
        `kubectl patch statefulset db -p '{"spec":{"persistentVolumeClaimRetentionPolicy":{"whenDeleted":"Delete"}}}'`,
        { wait: 3000 },
        down,
      ],
      wrong: [
        { name: 'deletes first', deeds: [{ answer: 'guess2', is: 'claims' }, down, { wait: 5000 }, let_go], raises: 'lost' },
        {
          name: 'keeps both',
          deeds: [{ answer: 'guess2', is: 'claims' }, set(0, 'Retain'), set(1, 'Retain'), down, { wait: 5000 }, let_go],
          raises: 'both',
        },
        { name: 'keeps the other one', deeds: [set(1, 'Retain')], raises: 'wrong' },
        {
          name: 'deletes the claims under the pods',
          deeds: [{ answer: 'guess2', is: 'disks' }, set(0, 'Retain'), `${let_go} --wait=false`],
          raises: 'used',
        },
      ],
    },
  ],
})
