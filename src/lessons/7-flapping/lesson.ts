/** Lesson 7.2: an autoscaler without patience follows every wave; a window on the way down bridges the pauses. */
import type { AnyObject } from '#api/meta.ts'
import { after, answer, answered, both, eventually, held, not, now, obj } from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'

const workload = (app: string, container: object): AnyObject =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: app, labels: { app } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app } },
      template: {
        metadata: { labels: { app } },
        spec: { terminationGracePeriodSeconds: 2, containers: [{ name: app, ...container }] },
      },
    },
  }) as unknown as AnyObject

const render = workload('render', {
  image: 'registry.k8s.io/e2e-test-images/resource-consumer:1.13',
  ports: [{ containerPort: 8080 }],
  resources: { requests: { cpu: '100m' } },
})
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'render' },
  spec: { selector: { app: 'render' }, ports: [{ port: 80, targetPort: 8080 }] },
} as unknown as AnyObject
/** A minute of work each two minutes. */
const orders = workload('orders', {
  image: 'busybox:1.36',
  command: [
    'sh',
    '-c',
    "sleep 15; while true; do wget -q -O - --post-data 'millicores=300&durationSec=60' http://render/ConsumeCPU; sleep 120; done",
  ],
})
const autoscaler = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'render' },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'render' },
    minReplicas: 1,
    maxReplicas: 8,
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } }],
    behavior: { scaleDown: { stabilizationWindowSeconds: 0 } },
  },
} as unknown as AnyObject

const hpa = obj('horizontalpodautoscaler/render')
const replicas = obj('deployment/render').path('spec.replicas')
const down = hpa.path('spec.behavior.scaleDown')
/** Who takes the behaviour out gets what Kubernetes says then. */
const window = hpa.map((object) => (object ? (object['spec'].behavior?.scaleDown?.stabilizationWindowSeconds ?? 300) : undefined))
const least = hpa.path('spec.minReplicas').map((n) => Number(n ?? 1))
const disabled = down.map((rules) => rules?.selectPolicy === 'Disabled')
const patient = both(hpa.exists(), window.atLeast(120), window.atMost(600), not(disabled), least.atMost(3))
const cause = answer('cause', 'window')

const patch = (spec: object): string => `kubectl patch hpa render -p '${JSON.stringify({ spec })}'`
const wait = (seconds: number): string => patch({ behavior: { scaleDown: { stabilizationWindowSeconds: seconds } } })
const guess: Deed = { answer: 'guess', is: 'later' }

export default lesson({
  start: { objects: [service, render, autoscaler, orders], warmUp: 20_000 },
  steps: [
    {
      id: 'see',
      goals: { seen: after(eventually(replicas.atLeast(4)), eventually(replicas.atMost(2))), cause },
      hints: { cause: cause.wrong() },
      solution: [{ wait: 150_000 }, 'kubectl describe hpa render', { answer: 'cause', is: 'window' }],
      second: ['kubectl get hpa render -o yaml', { answer: 'cause', is: 'window' }, { wait: 150_000 }],
      wrong: [
        { name: 'blames the most', deeds: [{ answer: 'cause', is: 'max' }], raises: 'cause' },
        { name: 'blames the target', deeds: [{ answer: 'cause', is: 'target' }], raises: 'cause' },
      ],
    },
    {
      id: 'calm',
      goals: {
        guess: answered('guess'),
        patient: now(patient),
        steady: after(eventually(patient), held(both(replicas.atLeast(4), patient), 240_000)),
      },
      hints: {
        short: now(
          both(
            window.atLeast(1),
            window.map((seconds) => seconds < 120),
          ),
        ),
        long: now(window.map((seconds) => seconds > 600)),
        floor: now(least.atLeast(4)),
        never: now(disabled),
        upwards: now(hpa.path('spec.behavior.scaleUp.stabilizationWindowSeconds').atLeast(1)),
      },
      solution: [guess, wait(300), { wait: 300_000 }],
      second: [guess, patch({ behavior: null }), { wait: 300_000 }],
      wrong: [
        { name: 'waits too short', deeds: [guess, wait(30)], raises: 'short' },
        { name: 'waits an hour', deeds: [guess, wait(3600)], raises: 'long' },
        { name: 'keeps all of them', deeds: [guess, patch({ minReplicas: 6 })], raises: 'floor' },
        {
          name: 'forbids it for good',
          deeds: [guess, patch({ behavior: { scaleDown: { selectPolicy: 'Disabled' } } })],
          raises: 'never',
        },
        {
          name: 'slows the way up',
          deeds: [guess, patch({ behavior: { scaleUp: { stabilizationWindowSeconds: 300 } } })],
          raises: 'upwards',
        },
      ],
    },
  ],
})
