/** Lesson 2.1: a Pod leaves its ReplicaSet by a changed label, and comes back by another. */
import type { AnyObject } from '#api/meta.ts'
import { after, answered, both, type Check, count, eventually, held, now, obj } from '../checks.ts'
import { lesson } from '../lesson.ts'

const deployment: AnyObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] } },
  },
} as unknown as AnyObject

const isWeb = ({ metadata }: AnyObject): boolean => metadata.name.startsWith('web-') && !metadata.deletionTimestamp
const isOwned = ({ metadata }: AnyObject): boolean => (metadata.ownerReferences?.length ?? 0) > 0
const orphan = count('pods', { is: (pod) => isWeb(pod) && !isOwned(pod) && pod.metadata.labels?.['app'] !== 'web' })
const owned = count('pods', { is: (pod) => isWeb(pod) && isOwned(pod) })
const outside: Check = eventually(orphan.is(1))
const web = obj('deployment/web')
/** Labels of a pod of the Deployment: `app`, and the hash of its template. */
const hasMore = ({ metadata }: AnyObject): boolean => Object.keys(metadata.labels ?? {}).length > 2

const first = "$(kubectl get pods -l app=web -o jsonpath='{.items[0].metadata.name}')"

export default lesson({
  start: { objects: [deployment], warmUp: 45_000 },
  steps: [
    {
      id: 'out',
      goals: {
        guess: answered('guess'),
        outside,
        replaced: after(outside, now(both(owned.is(3), orphan.is(1), web.path('status.readyReplicas').is(3)))),
      },
      hints: {
        killed: eventually(both(orphan.is(0), web.path('status.readyReplicas').isNot(3))),
        all: now(orphan.atLeast(2)),
        deployment: now(both(web.exists(), web.path('metadata.labels.app').isNot('web'))),
        other: now(both(orphan.is(0), count('pods', { labels: 'app=web', is: hasMore }).atLeast(1))),
      },
      chain: {
        changed: { who: 'learner', verb: 'patch|update|apply', object: 'pods/web-*' },
        asked: { who: 'replicaset-controller', verb: 'create', object: 'pods' },
      },
      solution: [{ answer: 'guess', is: 'four' }, `kubectl label pod ${first} app=quarantine --overwrite`],
      second: [{ answer: 'guess', is: 'three' }, `kubectl label pod ${first} app-`],
      wrong: [
        {
          name: 'deletes a pod',
          deeds: [{ answer: 'guess', is: 'four' }, `kubectl delete pod ${first} --wait=false`],
          raises: 'killed',
        },
        {
          name: 'takes the label off all of them',
          deeds: [{ answer: 'guess', is: 'four' }, 'kubectl label pods -l app=web app=quarantine --overwrite'],
          raises: 'all',
        },
        {
          name: 'labels the Deployment',
          deeds: [{ answer: 'guess', is: 'four' }, 'kubectl label deployment web app=quarantine --overwrite'],
          raises: 'deployment',
        },
        {
          name: 'adds a label of another name',
          deeds: [{ answer: 'guess', is: 'four' }, `kubectl label pod ${first} state=quarantine`],
          raises: 'other',
        },
      ],
    },
    {
      id: 'back',
      goals: { guess2: answered('guess2'), home: after(eventually(orphan.is(0)), held(both(owned.is(3), orphan.is(0)), 5000)) },
      hints: { scaled: now(web.path('spec.replicas').isNot(3)) },
      solution: [{ answer: 'guess2', is: 'deleted' }, 'kubectl label pods -l app!=web app=web --overwrite'],
      second: [
        { answer: 'guess2', is: 'kept' },
        "kubectl label pod $(kubectl get pods -l app!=web -o jsonpath='{.items[0].metadata.name}') app=web --overwrite",
      ],
      wrong: [
        {
          name: 'makes room for four',
          deeds: [{ answer: 'guess2', is: 'kept' }, 'kubectl scale deployment web --replicas=4'],
          raises: 'scaled',
        },
        {
          name: 'asks for two',
          deeds: [{ answer: 'guess2', is: 'kept' }, 'kubectl scale deployment web --replicas=2'],
          raises: 'scaled',
        },
      ],
    },
  ],
})
