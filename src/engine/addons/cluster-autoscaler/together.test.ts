import { describe, expect, it } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { deployment, service } from '../../testing/builders.ts'
import { autoscaled, messages, withNodes, workers } from './testing/autoscaled.ts'

const scaler: AnyObject = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'web' },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    minReplicas: 1,
    maxReplicas: 8,
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } }],
  },
}

const busy = deployment('web', 1, 'registry.k8s.io/hpa-example', {
  template: {
    metadata: { labels: { app: 'web' } },
    spec: {
      containers: [
        {
          name: 'web',
          image: 'registry.k8s.io/hpa-example',
          ports: [{ containerPort: 80 }],
          resources: { requests: { cpu: '1200m' } },
        },
      ],
    },
  },
})

describe('both autoscalers', () => {
  it('make Pods for the load and machines for the Pods, and take both away after it', () => {
    const t = autoscaled({ addons: ['metrics-server', 'cluster-autoscaler'], nodes: 1 }).run(60)
    withNodes(t, '--nodes=0:5:workers', '--scale-down-delay-after-add=2m', '--scale-down-unneeded-time=2m')
    t.run(60)
    t.create(busy)
    t.create(service('web', 'web'))
    t.create(scaler)
    t.run(60)
    t.cluster.fault({ kind: 'traffic', namespace: 'default', service: 'web', perSecond: 300 })
    t.run(400)
    const pods = t.readyPods({ app: 'web' }).length
    expect(pods).toBeGreaterThan(3)
    expect(workers(t).length).toBeGreaterThan(0)
    expect(messages(t, 'TriggeredScaleUp').length).toBeGreaterThan(0)
    t.cluster.fault({ kind: 'traffic', namespace: 'default', service: 'web', perSecond: 0 })
    t.run(1500)
    expect(t.readyPods({ app: 'web' }).length).toBe(1)
    expect(workers(t)).toEqual([])
  })
})
