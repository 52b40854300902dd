/** Lesson 2.2: a Deployment owns a ReplicaSet, which owns the Pods: scaling, and who did it. */
import type { AnyObject } from '#api/meta.ts'
import { answer, answered, both, count, eventually, held, not, now, obj, one } from '../checks.ts'
import { lesson } from '../lesson.ts'

const deployment: AnyObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] } },
  },
} as unknown as AnyObject

const web = obj('deployment/web')
const pod = one('pods', { labels: 'app=web' })
const kind = answer('kind', ['ReplicaSet', 'ReplicaSets', 'rs'])
/** As describe writes it, too. */
const set = answer(
  'set',
  pod.path('metadata.ownerReferences.0.name').map((name) => [name, `ReplicaSet/${name}`]),
)
const isAlone = ({ metadata }: AnyObject): boolean => metadata.ownerReferences === undefined
const replicaSet = one('replicasets', { labels: 'app=web' })

export default lesson({
  start: { objects: [deployment], warmUp: 45_000 },
  steps: [
    {
      id: 'five',
      goals: {
        guess: answered('guess'),
        five: now(both(web.path('spec.replicas').is(5), web.path('status.readyReplicas').is(5))),
      },
      hints: {
        by_hand: now(both(count('pods', { is: isAlone }).atLeast(1), web.path('spec.replicas').is(2))),
        second: now(count('deployments').atLeast(2)),
        set: eventually(both(replicaSet.path('spec.replicas').isNot(2), web.path('spec.replicas').is(2))),
        other: now(both(web.exists(), not(web.path('spec.replicas').map((n) => n === 2 || n === 5)))),
      },
      chain: {
        wished: { who: 'learner', verb: 'patch|update|apply', object: 'deployments/web/*' },
        told: { who: 'deployment-controller', verb: 'update', object: 'replicasets' },
        asked: { who: 'replicaset-controller', verb: 'create', object: 'pods' },
      },
      solution: [{ answer: 'guess', is: 'chain' }, 'kubectl scale deployment web --replicas=5'],
      second: [
        { answer: 'guess', is: 'deployment' },
        `kubectl scale deployment/web --replicas=4`,
        'kubectl scale deployment/web --replicas=5',
      ],
      wrong: [
        {
          name: 'starts a pod by hand',
          deeds: [{ answer: 'guess', is: 'chain' }, 'kubectl run web-3 --image=nginx:1.27'],
          raises: 'by_hand',
        },
        {
          name: 'scales the ReplicaSet',
          deeds: [{ answer: 'guess', is: 'chain' }, 'kubectl scale replicaset -l app=web --replicas=5'],
          raises: 'set',
        },
        {
          name: 'makes a second Deployment',
          deeds: [{ answer: 'guess', is: 'chain' }, 'kubectl create deployment web2 --image=nginx:1.27 --replicas=3'],
          raises: 'second',
        },
        {
          name: 'asks for seven',
          deeds: [{ answer: 'guess', is: 'chain' }, 'kubectl scale deployment web --replicas=7'],
          raises: 'other',
        },
      ],
    },
    {
      id: 'owner',
      goals: { kind, set, gone: held(both(not(web.exists()), count('pods', { labels: 'app=web' }).is(0)), 3000) },
      hints: {
        kind: kind.wrong(),
        set: set.wrong(),
        pods: eventually(both(web.exists(), web.path('spec.replicas').is(5), web.path('status.readyReplicas').isNot(5))),
        zero: now(web.path('spec.replicas').is(0)),
      },
      solution: [
        { answer: 'kind', is: 'ReplicaSet' },
        { answer: 'set', from: "kubectl get pods -l app=web -o jsonpath='{.items[0].metadata.ownerReferences[0].name}'" },
        'kubectl delete deployment web',
      ],
      second: [
        { answer: 'set', from: 'kubectl get replicasets -l app=web --no-headers -o custom-columns=N:.metadata.name' },
        { answer: 'kind', is: 'replicaset' },
        'kubectl delete deployments --all',
      ],
      wrong: [
        { name: 'names the Deployment', deeds: [{ answer: 'kind', is: 'Deployment' }], raises: 'kind' },
        { name: 'scales to nothing', deeds: ['kubectl scale deployment web --replicas=0'], raises: 'zero' },
        { name: 'deletes the pods', deeds: ['kubectl delete pods -l app=web --wait=false'], raises: 'pods' },
      ],
    },
  ],
})
