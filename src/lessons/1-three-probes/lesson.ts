/** Lesson 1.6: a liveness probe that kills a slow starter, the startup probe that saves it, and readiness for customers. */
import type { AnyObject } from '#api/meta.ts'
import { after, allOf, answer, answered, both, eventually, held, not, now, obj, one, traffic } from '../checks.ts'
import { lesson } from '../lesson.ts'

const ask = (extra: Record<string, number> = {}) => ({ httpGet: { path: '/', port: 80 }, ...extra })

const deployment = (name: string, replicas: number, warmUp: number, probes: Record<string, unknown>): AnyObject =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: { app: name } },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          terminationGracePeriodSeconds: 3,
          containers: [
            {
              name: 'web',
              image: 'nginx:1.27',
              command: ['sh', '-c', `sleep ${warmUp}; exec nginx -g "daemon off;"`],
              ports: [{ containerPort: 80 }],
              ...probes,
            },
          ],
        },
      },
    },
  }) as unknown as AnyObject
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'till' },
  spec: { selector: { app: 'till' }, ports: [{ port: 80 }] },
} as unknown as AnyObject

const patch = (name: string, probes: Record<string, unknown>): string =>
  `kubectl patch deployment ${name} -p '${JSON.stringify({ spec: { template: { spec: { containers: [{ name: 'web', ...probes }] } } } })}'`

const CONTAINER = 'spec.template.spec.containers.0'
const slow = obj('deployment/slow')
const startup = slow.path(`${CONTAINER}.startupProbe`)
const liveness = slow.path(`${CONTAINER}.livenessProbe`)
const pod = one('pods', {
  labels: 'app=slow',
  is: ({ metadata, ...rest }) => !metadata.deletionTimestamp && rest['spec'].containers[0].startupProbe !== undefined,
})
const upAndWell = both(pod.condition('Ready').is('True'), pod.path('status.containerStatuses.0.restartCount').is(0))
const isShort = startup.map(
  (p: { failureThreshold?: number; periodSeconds?: number; initialDelaySeconds?: number } | undefined) =>
    p ? (p.failureThreshold ?? 3) * (p.periodSeconds ?? 10) + (p.initialDelaySeconds ?? 0) < 40 : false,
)
const asksRightly = startup.map(
  (p: { httpGet?: { port: unknown; path?: string }; tcpSocket?: { port: unknown }; exec?: unknown } | undefined) =>
    p?.exec !== undefined || ((p?.httpGet ?? p?.tcpSocket)?.port === 80 && (p?.httpGet?.path ?? '/') === '/'),
)
const isLoose = liveness.map(
  (p: { failureThreshold?: number; periodSeconds?: number; initialDelaySeconds?: number } | undefined) =>
    p !== undefined && ((p.failureThreshold ?? 3) !== 3 || (p.periodSeconds ?? 10) !== 5 || (p.initialDelaySeconds ?? 0) > 0),
)
const till = obj('deployment/till')
const readiness = till.path(`${CONTAINER}.readinessProbe`)
const settled = both(
  readiness.exists(),
  till.path('status.updatedReplicas').is(3),
  till.path('status.replicas').is(3),
  till.path('status.availableReplicas').is(3),
)
const who = answer('who', ['kubelet'])
const lost = traffic('till')
  .where(({ status }) => status === 0 || status >= 500)
  .atLeast(0.000001, 20)

const PATIENT = { startupProbe: ask({ periodSeconds: 5, failureThreshold: 12 }) }
const READY = { readinessProbe: ask({ periodSeconds: 2 }) }

export default lesson({
  start: {
    objects: [
      deployment('slow', 1, 40, { livenessProbe: ask({ periodSeconds: 5, failureThreshold: 3 }) }),
      deployment('till', 3, 10, {}),
      service,
    ],
    faults: [{ after: 40_000, fault: { kind: 'traffic', namespace: 'default', service: 'till', perSecond: 10 } }],
    warmUp: 10_000,
  },
  steps: [
    {
      id: 'why',
      goals: { who },
      hints: { who: who.wrong() },
      solution: ['kubectl get pods -l app=slow', 'kubectl describe pod -l app=slow', { answer: 'who', is: 'kubelet' }],
      wrong: [{ name: 'blames the program', deeds: [{ answer: 'who', is: 'program' }], raises: 'who' }],
    },
    {
      id: 'save',
      goals: { ready: eventually(upAndWell), stays: held(upAndWell, 30_000), alive: now(liveness.exists()) },
      hints: {
        gone: now(both(slow.exists(), not(liveness.exists()))),
        short: now(isShort),
        loose: now(both(isLoose, not(startup.exists()))),
        port: now(both(startup.exists(), not(asksRightly))),
        readiness: now(both(slow.path(`${CONTAINER}.readinessProbe`).exists(), not(startup.exists()))),
      },
      chain: {
        changed: { who: 'learner', verb: 'patch|update|apply', object: 'deployments/slow' },
        renewed: { who: 'deployment-controller', verb: 'create', object: 'replicasets' },
        started: { who: 'kubelet', verb: 'patch', object: 'pods/slow-*/status' },
      },
      solution: [patch('slow', PATIENT), { wait: 60_000 }],
      second: [patch('slow', { startupProbe: ask({ periodSeconds: 10, failureThreshold: 9, initialDelaySeconds: 5 }) })],
      wrong: [
        { name: 'takes the liveness probe away', deeds: [patch('slow', { livenessProbe: null })], raises: 'gone' },
        {
          name: 'is patient, but not enough',
          deeds: [patch('slow', { startupProbe: ask({ periodSeconds: 5, failureThreshold: 3 }) })],
          raises: 'short',
        },
        {
          name: 'makes the liveness probe patient',
          deeds: [patch('slow', { livenessProbe: ask({ initialDelaySeconds: 60, periodSeconds: 5, failureThreshold: 3 }) })],
          raises: 'loose',
        },
        {
          name: 'asks at another port',
          deeds: [patch('slow', { startupProbe: { httpGet: { path: '/', port: 8080 }, failureThreshold: 12 } })],
          raises: 'port',
        },
        {
          name: 'takes a readiness probe',
          deeds: [patch('slow', { readinessProbe: ask({ periodSeconds: 5 }) })],
          raises: 'readiness',
        },
      ],
    },
    {
      id: 'ready',
      goals: {
        guess: answered('guess'),
        lost,
        probe: after(lost, now(readiness.exists())),
        kept: after(
          after(lost, eventually(readiness.exists())),
          allOf(eventually(settled), traffic('till').ok().atLeast(0.98, 200)),
        ),
      },
      hints: {
        early: now(both(till.exists(), readiness.exists(), till.path('metadata.generation').is(2))),
        scaled: now(both(till.exists(), not(till.path('spec.replicas').is(3)))),
        live: now(both(till.path(`${CONTAINER}.livenessProbe`).exists(), not(readiness.exists()))),
      },
      solution: [
        { answer: 'guess', is: 'some' },
        'kubectl rollout restart deployment/till',
        { wait: 30_000 },
        patch('till', READY),
        { wait: 30_000 },
      ],
      second: [
        { answer: 'guess', is: 'nothing' },
        'kubectl delete pods -l app=till --wait=false',
        { wait: 30_000 },
        patch('till', { readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 1 } }),
      ],
      wrong: [
        { name: 'gives it the probe at once', deeds: [patch('till', READY)], raises: 'early' },
        { name: 'asks for more pods', deeds: ['kubectl scale deployment till --replicas=5'], raises: 'scaled' },
        {
          name: 'takes the wrong probe',
          deeds: [
            'kubectl rollout restart deployment/till',
            { wait: 30_000 },
            patch('till', { livenessProbe: ask({ initialDelaySeconds: 30 }) }),
          ],
          raises: 'live',
        },
      ],
    },
  ],
})
