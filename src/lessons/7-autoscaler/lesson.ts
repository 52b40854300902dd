/** Lesson 7.1: a rule that scales by measured CPU, and a wave of visitors that comes and goes. */
import type { AnyObject } from '#api/meta.ts'
import { after, answered, anyOf, audit, both, eventually, held, list, not, now, obj, one, traffic } from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        terminationGracePeriodSeconds: 5,
        containers: [
          {
            name: 'web',
            image: 'registry.k8s.io/hpa-example',
            ports: [{ containerPort: 80 }],
            resources: { requests: { cpu: '16m' } },
          },
        ],
      },
    },
  },
} as unknown as AnyObject
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
} as unknown as AnyObject

const visitors = (perSecond: number) => ({ kind: 'traffic', namespace: 'default', service: 'web', perSecond }) as const

interface Metric {
  resource?: { name: string; target: { averageUtilization?: number } }
}
const scales = (object: AnyObject): boolean => {
  const { kind, name } = object['spec'].scaleTargetRef
  return kind === 'Deployment' && name === 'web'
}
const rule = one('horizontalpodautoscalers', { namespace: 'default', is: scales })
const any = list('horizontalpodautoscalers', { namespace: 'default' })
const target = rule
  .path('spec.metrics')
  .map((all: Metric[] | undefined) => all?.find(({ resource }) => resource?.name === 'cpu')?.resource?.target.averageUtilization)
const bounds = both(rule.path('spec.minReplicas').is(2), rule.path('spec.maxReplicas').is(10))
const web = obj('deployment/web')
const ready = web.path('status.readyReplicas').map((n) => Number(n ?? 0))
const peak = both(ready.atLeast(6), rule.path('status.desiredReplicas').atLeast(6))

const autoscale = (what: string, cpu = 50, min = 2, max = 10): string =>
  `kubectl autoscale deployment ${what} --cpu=${cpu}% --min=${min} --max=${max}`
const MANIFEST = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: shop
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: web
  minReplicas: 2
  maxReplicas: 10
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: 50
`
const guess: Deed = { answer: 'guess', is: 'request' }
const wave: Deed[] = [
  { answer: 'guess2', is: 'eight' },
  { fault: visitors(8) },
  { wait: 90_000 },
  'sleep 15',
  { fault: visitors(0) },
  { wait: 310_000 },
]

export default lesson({
  start: { objects: [deployment, service], faults: [{ after: 20_000, fault: visitors(1) }], warmUp: 30_000 },
  steps: [
    {
      id: 'rule',
      goals: {
        guess: answered('guess'),
        target: now(target.is(50)),
        bounds: now(bounds),
        measured: now(both(rule.condition('ScalingActive').is('True'), ready.atLeast(2))),
      },
      hints: {
        nobody: now(any.map((all) => all.length > 0 && !all.some(scales))),
        bounds: now(both(rule.exists(), not(bounds))),
        percent: now(both(rule.exists(), target.isNot(50))),
        byhand: now(
          both(
            web.path('spec.replicas').map((n) => n > 1),
            any.map((all) => all.length === 0),
          ),
        ),
      },
      chain: {
        written: { who: 'learner', verb: 'create|patch|apply', object: 'horizontalpodautoscalers' },
        scaled: { who: 'horizontal-pod-autoscaler', verb: 'update', object: 'deployments/web/scale' },
      },
      solution: [guess, autoscale('web'), { wait: 30_000 }],
      second: [guess, { write: 'rule.yaml', text: MANIFEST }, 'kubectl apply -f rule.yaml', { wait: 30_000 }],
      wrong: [
        {
          name: 'misspells the Deployment',
          deeds: [guess, { write: 'rule.yaml', text: MANIFEST.replace('name: web', 'name: wbe') }, 'kubectl apply -f rule.yaml'],
          raises: 'nobody',
        },
        { name: 'allows one copy', deeds: [guess, autoscale('web', 50, 1)], raises: 'bounds' },
        { name: 'aims at another target', deeds: [guess, autoscale('web', 80)], raises: 'percent' },
        { name: 'scales by hand', deeds: [guess, 'kubectl scale deployment web --replicas=2'], raises: 'byhand' },
      ],
    },
    {
      id: 'wave',
      goals: {
        guess2: answered('guess2'),
        peak: eventually(peak),
        calm: after(eventually(peak), held(both(web.path('spec.replicas').is(2), web.path('status.replicas').is(2)), 2000)),
      },
      hints: {
        overruled: anyOf(
          audit('learner', 'patch|update', 'deployments/web/*'),
          audit('learner', 'patch|update|apply', 'deployments/web'),
        ),
        gone: now(not(rule.exists())),
        home: after(
          eventually(peak),
          traffic('web')
            .where(() => true)
            .atLeast(1, 300),
        ),
      },
      solution: wave,
      second: [...wave.slice(0, 2), { wait: 60_000 }, { fault: visitors(12) }, { wait: 40_000 }, ...wave.slice(3)],
      wrong: [
        { name: 'scales by hand', deeds: ['kubectl scale deployment web --replicas=8'], raises: 'overruled' },
        { name: 'takes the rule away', deeds: ['kubectl delete hpa --all', ...wave.slice(0, 2)], raises: 'gone' },
        { name: 'keeps the visitors', deeds: wave.slice(0, 4), raises: 'home' },
      ],
    },
  ],
})
