/** Lesson 3.6: a Service without an address, whose name stands for its pods, each with a name of its own. */
import type { AnyObject } from '#api/meta.ts'
import { answer, answered, both, count, held, lookup, now, obj, refused } from '../checks.ts'
import { lesson } from '../lesson.ts'

const labels = { app: 'db' }
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'db' },
  spec: { selector: labels, ports: [{ port: 6379 }] },
}
const MANIFEST = (extra = '', app = 'db'): string => `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
${extra}  selector:
    app: ${app}
  ports:
    - port: 6379
`
const objects = [
  service,
  {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db' },
    spec: {
      serviceName: 'db',
      replicas: 3,
      podManagementPolicy: 'Parallel',
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'redis', image: 'redis:7' }] } },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'caller', labels: { app: 'caller' } },
    spec: { containers: [{ name: 'caller', image: 'busybox:1.36', command: ['sleep', '86400'] }] },
  },
] as unknown as AnyObject[]

const FULL = 'db.default.svc.cluster.local'
const db = obj('service/db')
const isHeadless = db.path('spec.clusterIP').is('None')
const address = obj('pod/db-0').path('status.podIP')
const stands = answer('stands', ['service'])
const named = count('endpointslices', { labels: 'kubernetes.io/service-name=db', is: hasEndpoints })
const recreate = (text: string) => ['kubectl delete service db', { write: 'service.yaml', text }, 'kubectl apply -f service.yaml']

export default lesson({
  start: { objects, warmUp: 45_000 },
  files: { 'service.yaml': MANIFEST() },
  steps: [
    {
      id: 'ask',
      goals: { stands },
      hints: { stands: stands.wrong() },
      solution: [`kubectl exec caller -- nslookup ${FULL}`, 'kubectl get service db', { answer: 'stands', is: 'service' }],
      wrong: [{ name: 'takes it for the first', deeds: [{ answer: 'stands', is: 'first' }], raises: 'stands' }],
    },
    {
      id: 'headless',
      goals: {
        guess: answered('guess'),
        none: now(isHeadless),
        three: now(lookup(FULL, 'caller').map((found) => found?.split(',').length === 3)),
        zero: now(both(isHeadless, lookup(`db-0.${FULL}`, 'caller').sameAs(address))),
      },
      hints: {
        same: held(both(db.exists(), isHeadless.is(false), young()), 1000),
        nobody: held(both(isHeadless, named.is(0)), 3000),
        refused: refused('learner', 'patch|update|apply', 'services/db'),
        leftover: refused('learner', 'create', 'services'),
      },
      chain: {
        deleted: { who: 'learner', verb: 'delete', object: 'services/db' },
        made: { who: 'learner', verb: 'create|patch|apply', object: 'services/db' },
        listed: { who: 'endpointslice-controller', verb: 'create|update', object: 'endpointslices' },
      },
      solution: [{ answer: 'guess', is: 'program' }, ...recreate(MANIFEST('  clusterIP: None\n')), { wait: 10_000 }],
      second: [
        { answer: 'guess', is: 'proxy' },
        'kubectl delete service db',
        'kubectl create service clusterip db --clusterip=None --tcp=6379',
        { wait: 10_000 },
      ],
      wrong: [
        { name: 'forgets the line', deeds: [{ answer: 'guess', is: 'program' }, ...recreate(MANIFEST())], raises: 'same' },
        {
          name: 'selects nobody',
          deeds: [{ answer: 'guess', is: 'program' }, ...recreate(MANIFEST('  clusterIP: None\n', 'database'))],
          raises: 'nobody',
        },
        {
          name: 'takes the old YAML for it',
          deeds: [`kubectl get service db -o yaml | sed 's/clusterIP: 10.*/clusterIP: None/' | kubectl replace --force -f -`],
          raises: 'leftover',
        },
        {
          name: 'tries to change it in place',
          deeds: [`kubectl patch service db -p '{"spec":{"clusterIP":"None","clusterIPs":["None"]}}'`],
          raises: 'refused',
        },
      ],
    },
  ],
})

function hasEndpoints(slice: AnyObject): boolean {
  return ((slice['endpoints'] ?? []) as unknown[]).length > 0
}

/** Made by the learner, not found here at the beginning: applied, so with the annotation of what was applied. */
function young() {
  return db.map((object) => object?.metadata.annotations?.['kubectl.kubernetes.io/last-applied-configuration'] !== undefined)
}
