/** Lesson 2.10: deletions that wait: a finalizer holds a namespace, and orphans stay behind on purpose. */
import type { AnyObject } from '#api/meta.ts'
import { after, answer, audit, both, count, eventually, held, not, now, obj } from '../checks.ts'
import { lesson } from '../lesson.ts'

const FINALIZER = 'example.com/cleanup'

const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'old' } } as AnyObject
const held_back = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'records', namespace: 'old', finalizers: [FINALIZER] },
  data: { kept: 'since 2019' },
} as unknown as AnyObject
const other = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'notes', namespace: 'old' },
  data: {},
} as unknown as AnyObject
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] } },
  },
} as unknown as AnyObject

const old = obj('namespace/old')
const records = obj('configmap/old/records')
const pinned = answer(
  'pinned',
  ['', 'configmap/', 'configmaps/', 'cm/', 'configmap ', 'configmaps ', 'old/'].map((before) => `${before}records`),
)
const web = obj('deployment/web')
const pods = count('pods', { labels: 'app=web', is: ({ metadata }) => !metadata.deletionTimestamp })
const marked = old.path('metadata.deletionTimestamp').exists()

export default lesson({
  start: { objects: [namespace, held_back, other, deployment], warmUp: 40_000 },
  steps: [
    {
      id: 'stuck',
      goals: {
        asked: eventually(marked),
        pinned,
        freed: after(eventually(marked), eventually(both(not(old.exists()), not(records.exists())))),
      },
      hints: {
        pinned: pinned.wrong(),
        early: now(both(records.exists(), not(marked), records.path('metadata.finalizers').exists().is(false))),
        forced: now(both(not(old.exists()), records.exists())),
        again: after(eventually(marked), held(marked, 45_000)),
      },
      chain: {
        wished: { who: 'learner', verb: 'delete', object: 'namespaces/old' },
        emptied: { who: 'namespace-controller', verb: 'delete', object: 'configmaps/records' },
        freed: { who: 'learner', verb: 'patch|update|apply', object: 'configmaps/records' },
      },
      solution: [
        'kubectl delete namespace old --wait=false',
        { wait: 8000 },
        'kubectl get namespace old -o yaml',
        { answer: 'pinned', is: 'records' },
        `kubectl patch configmap records -n old --type=merge -p '{"metadata":{"finalizers":null}}'`,
      ],
      second: [
        'kubectl delete namespace old --wait=false',
        { answer: 'pinned', is: 'configmap/records' },
        `kubectl patch configmap records -n old --type=json -p '[{"op":"remove","path":"/metadata/finalizers"}]'`,
      ],
      wrong: [
        {
          name: 'blames the other one',
          deeds: ['kubectl delete namespace old --wait=false', { answer: 'pinned', is: 'notes' }],
          raises: 'pinned',
        },
        {
          name: 'frees it before the question is asked',
          deeds: [`kubectl patch configmap records -n old --type=merge -p '{"metadata":{"finalizers":null}}'`],
          raises: 'early',
        },
        {
          name: 'forces it out',
          deeds: [
            'kubectl delete namespace old --wait=false',
            { wait: 5000 },
            `kubectl get namespace old -o json | sed 's/"kubernetes"//' | kubectl replace --raw /api/v1/namespaces/old/finalize -f -`,
          ],
          raises: 'forced',
        },
        {
          name: 'only deletes again',
          deeds: [
            'kubectl delete namespace old --wait=false',
            { answer: 'pinned', is: 'records' },
            'kubectl delete namespace old --wait=false',
            { wait: 60_000 },
          ],
          raises: 'again',
        },
      ],
    },
    {
      id: 'orphans',
      goals: {
        away: eventually(not(web.exists())),
        kept: after(audit('learner', 'delete', 'deployments/web'), held(both(not(web.exists()), pods.is(2)), 10_000)),
      },
      hints: {
        taken: eventually(both(not(web.exists()), pods.is(0))),
        scaled: now(both(web.exists(), web.path('spec.replicas').isNot(2))),
      },
      solution: ['kubectl delete deployment web --cascade=orphan', 'kubectl get replicasets,pods'],
      second: ['kubectl delete deployments -l app=web --cascade=orphan'],
      wrong: [
        { name: 'takes all with it', deeds: ['kubectl delete deployment web'], raises: 'taken' },
        { name: 'scales it to nothing', deeds: ['kubectl scale deployment web --replicas=0'], raises: 'scaled' },
      ],
    },
  ],
})
