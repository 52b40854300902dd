/** Lesson 3.2: a Service with a steady address, and the list of ready pods behind it. */
import type { AnyObject } from '#api/meta.ts'
import { after, answered, both, count, either, eventually, held, list, never, not, now, obj, traffic } from '../checks.ts'
import { lesson } from '../lesson.ts'

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        containers: [
          {
            name: 'web',
            image: 'nginx:1.27',
            ports: [{ containerPort: 80 }],
            readinessProbe: { httpGet: { path: '/index.html', port: 80 }, periodSeconds: 2, failureThreshold: 1 },
          },
        ],
      },
    },
  },
} as unknown as AnyObject

const web = obj('service/web')
const target = web.path('spec.ports.0.targetPort')
type Endpoint = { conditions?: { ready?: boolean } }
const endpoints = list('endpointslices', { labels: 'kubernetes.io/service-name=web' }).map((slices) =>
  slices.flatMap((slice) => (slice['endpoints'] ?? []) as Endpoint[]),
)
const all = endpoints.map((each) => each.length)
const ready = endpoints.map((each) => each.filter(({ conditions }) => conditions?.ready !== false).length)
const isOther = ({ metadata }: AnyObject): boolean => metadata.name !== 'kubernetes' && metadata.name !== 'web'
const restarted = count('pods', { is: (pod) => (pod['status']?.containerStatuses?.[0]?.restartCount ?? 0) > 0 })
const deletedOne = count('pods', { is: ({ metadata }) => metadata.deletionTimestamp !== undefined })
const two = both(all.is(3), ready.is(2))
const threeWanted = obj('deployment/web').path('spec.replicas').is(3)
const first = "$(kubectl get pods -o jsonpath='{.items[0].metadata.name}')"
const second = "$(kubectl get pods -o jsonpath='{.items[1].metadata.name}')"
const breakPage = (pod: string): string => `kubectl exec ${pod} -- rm /usr/share/nginx/html/index.html`

export default lesson({
  start: {
    objects: [deployment],
    faults: [{ after: 30_000, fault: { kind: 'traffic', namespace: 'default', service: 'web', perSecond: 10 } }],
    warmUp: 1000,
  },
  steps: [
    {
      id: 'expose',
      goals: {
        guess: answered('guess'),
        service: now(web.exists()),
        three: now(ready.is(3)),
        served: after(eventually(both(ready.is(3), web.path('spec.ports.0.port').is(80))), traffic('web').ok().atLeast(0.9, 20)),
      },
      hints: {
        port: now(both(web.exists(), web.path('spec.ports.0.port').isNot(80))),
        name: now(both(not(web.exists()), count('services', { is: isOther }).atLeast(1))),
        target: now(both(web.exists(), not(either(target.is(80), target.exists().is(false))))),
        headless: now(web.path('spec.clusterIP').is('None')),
        empty: held(both(web.exists(), all.is(0)), 3000),
      },
      chain: {
        made: { who: 'learner', verb: 'create|patch|apply', object: 'services/web' },
        listed: { who: 'endpointslice-controller', verb: 'create', object: 'endpointslices' },
      },
      solution: [{ answer: 'guess', is: 'controller' }, 'kubectl expose deployment web --port=80', 'kubectl get endpointslices'],
      second: [{ answer: 'guess', is: 'kubelets' }, 'kubectl create service clusterip web --tcp=80:80'],
      wrong: [
        {
          name: 'exposes another port',
          deeds: [{ answer: 'guess', is: 'controller' }, 'kubectl expose deployment web --port=8080 --target-port=80'],
          raises: 'port',
        },
        {
          name: 'aims at another port',
          deeds: [{ answer: 'guess', is: 'controller' }, 'kubectl expose deployment web --port=80 --target-port=8080'],
          raises: 'target',
        },
        {
          name: 'calls it otherwise',
          deeds: [{ answer: 'guess', is: 'controller' }, 'kubectl expose deployment web --name=shop --port=80'],
          raises: 'name',
        },
        {
          name: 'makes it headless',
          deeds: [{ answer: 'guess', is: 'controller' }, 'kubectl create service clusterip web --tcp=80 --clusterip=None'],
          raises: 'headless',
        },
        {
          name: 'selects nobody',
          deeds: [
            { answer: 'guess', is: 'controller' },
            `kubectl expose deployment web --port=80 --dry-run=client -o yaml | sed 's/app: web/app: shop/' | kubectl apply -f -`,
          ],
          raises: 'empty',
        },
      ],
    },
    {
      id: 'ready',
      goals: {
        what: answered('what'),
        two: now(two),
        by_two: after(eventually(two), traffic('web').ok().atLeast(0.9, 30)),
        calm: never(eventually(restarted.atLeast(1))),
      },
      hints: {
        killed: eventually(both(deletedOne.atLeast(1), threeWanted)),
        fewer: now(not(threeWanted)),
        more: now(both(all.is(3), ready.atMost(1))),
      },
      chain: {
        unready: { who: 'kubelet', verb: 'patch', object: 'pods/web-*/status' },
        noted: { who: 'endpointslice-controller', verb: 'update', object: 'endpointslices' },
      },
      solution: [{ answer: 'what', is: 'rests' }, breakPage('deploy/web')],
      second: [{ answer: 'what', is: 'restarted' }, `kubectl exec ${second} -- sh -c 'rm /usr/share/nginx/html/index.html'`],
      wrong: [
        {
          name: 'deletes a pod',
          deeds: [{ answer: 'what', is: 'rests' }, `kubectl delete pod ${first} --wait=false`],
          raises: 'killed',
        },
        { name: 'takes one away', deeds: ['kubectl scale deployment web --replicas=2'], raises: 'fewer' },
        { name: 'breaks two of them', deeds: [breakPage(first), breakPage(second)], raises: 'more' },
      ],
    },
  ],
})
