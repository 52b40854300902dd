/** Lesson 2.5: a Service that turns from one version to the other, and a tenth of the customers for a third. */
import type { AnyObject } from '#api/meta.ts'
import { after, answered, audit, both, eventually, not, now, obj, traffic } from '../checks.ts'
import { lesson } from '../lesson.ts'

const deployment = (name: string, labels: Record<string, string>, image: string, replicas: number): AnyObject =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: 'web',
              image,
              ports: [{ containerPort: 80 }],
              readinessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 2 },
            },
          ],
        },
      },
    },
  }) as unknown as AnyObject

const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { selector: { app: 'web', version: 'blue' }, ports: [{ port: 80 }] },
} as unknown as AnyObject

const web = obj('service/web')
const version = web.path('spec.selector.version')
const app = web.path('spec.selector.app')
const blue = obj('deployment/blue')
const green = obj('deployment/green')
const canary = obj('deployment/canary')
const replicas = (deploy: typeof green) => deploy.path('status.readyReplicas').map((n) => Number(n ?? 0))
const isCanary = ({ pod }: { pod: string }): boolean => /(^|\/)canary-/.test(pod)
const switched = eventually(version.is('green'))

export default lesson({
  start: {
    objects: [
      deployment('blue', { app: 'web', version: 'blue' }, 'nginx:1.27', 3),
      deployment('green', { app: 'web', version: 'green' }, 'nginx:1.28', 3),
      service,
    ],
    faults: [{ after: 40_000, fault: { kind: 'traffic', namespace: 'default', service: 'web', perSecond: 20 } }],
    warmUp: 10_000,
  },
  steps: [
    {
      id: 'switch',
      goals: {
        guess: answered('guess'),
        switched,
        served: after(
          switched,
          traffic('web')
            .where(({ pod }) => /(^|\/)green-/.test(pod))
            .atLeast(0.99, 100),
        ),
        unbroken: after(switched, traffic('web').ok().atLeast(1, 100)),
      },
      hints: {
        nobody: now(both(web.exists(), version.isNot('blue'), version.isNot('green'), version.exists())),
        both: now(both(app.is('web'), version.exists().is(false))),
        image: eventually(both(blue.exists(), blue.path('spec.template.spec.containers.0.image').isNot('nginx:1.27'))),
        deleted: eventually(both(version.is('blue'), not(blue.path('status.readyReplicas').exists()))),
        labels: audit('learner', 'patch|update|apply', 'pods'),
      },
      chain: {
        turned: { who: 'learner', verb: 'patch|update|apply', object: 'services/web' },
        listed: { who: 'endpointslice-controller', verb: 'update', object: 'endpointslices' },
      },
      solution: [{ answer: 'guess', is: 'at_once' }, `kubectl patch service web -p '{"spec":{"selector":{"version":"green"}}}'`],
      second: [{ answer: 'guess', is: 'slowly' }, 'kubectl set selector service web app=web,version=green'],
      wrong: [
        {
          name: 'misspells the version',
          deeds: [{ answer: 'guess', is: 'at_once' }, `kubectl patch service web -p '{"spec":{"selector":{"version":"gren"}}}'`],
          raises: 'nobody',
        },
        {
          name: 'leaves the version out',
          deeds: [{ answer: 'guess', is: 'at_once' }, `kubectl patch service web -p '{"spec":{"selector":{"version":null}}}'`],
          raises: 'both',
        },
        {
          name: 'takes blue away',
          deeds: [{ answer: 'guess', is: 'later' }, 'kubectl delete deployment blue'],
          raises: 'deleted',
        },
        {
          name: 'labels the pods',
          deeds: [{ answer: 'guess', is: 'at_once' }, 'kubectl label pods -l version=blue version=green --overwrite'],
          raises: 'labels',
        },
        {
          name: 'rolls blue out anew',
          deeds: [{ answer: 'guess', is: 'at_once' }, 'kubectl set image deployment/blue web=nginx:1.28'],
          raises: 'image',
        },
      ],
    },
    {
      id: 'canary',
      goals: {
        nine: now(both(replicas(green).is(9), replicas(canary).is(1))),
        open: now(both(app.is('web'), version.is('green'), canary.path('spec.template.metadata.labels.version').is('green'))),
        share: after(
          eventually(both(replicas(green).is(9), replicas(canary).is(1))),
          traffic('web').where(isCanary).between(0.07, 0.13, 800),
        ),
      },
      hints: {
        alone: now(both(replicas(canary).atLeast(1), canary.path('spec.template.metadata.labels.version').isNot('green'))),
        many: now(both(replicas(canary).atLeast(1), not(green.path('spec.replicas').is(9)))),
      },
      solution: [
        'kubectl scale deployment green --replicas=9',
        { write: 'canary.yaml', text: canaryManifest('green') },
        'kubectl apply -f canary.yaml',
        { wait: 60_000 },
      ],
      second: [
        { write: 'canary.yaml', text: canaryManifest('green') },
        'kubectl create -f canary.yaml',
        `kubectl patch deployment green -p '{"spec":{"replicas":9}}'`,
        { wait: 60_000 },
      ],
      wrong: [
        {
          name: 'gives the canary a label of its own',
          deeds: [
            'kubectl scale deployment green --replicas=9',
            { write: 'canary.yaml', text: canaryManifest('yellow') },
            'kubectl apply -f canary.yaml',
          ],
          raises: 'alone',
        },
        {
          name: 'leaves green at three',
          deeds: [{ write: 'canary.yaml', text: canaryManifest('green') }, 'kubectl apply -f canary.yaml'],
          raises: 'many',
        },
      ],
    },
  ],
})

/** One pod of the next version that the Service takes for one of its own. */
function canaryManifest(label: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: canary
spec:
  replicas: 1
  selector:
    matchLabels:
      app: web
      version: ${label}
      track: canary
  template:
    metadata:
      labels:
        app: web
        version: ${label}
        track: canary
    spec:
      containers:
        - name: web
          image: nginx:1.29
          readinessProbe:
            httpGet:
              path: /
              port: 80
            periodSeconds: 2
`
}
