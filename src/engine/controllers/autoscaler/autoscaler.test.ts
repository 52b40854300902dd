import { describe, expect, it } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { pod, service } from '../../testing/builders.ts'
import { TestCluster } from '../../testing/test-cluster.ts'

const server = (replicas: number, resources: object = { requests: { cpu: '200m' }, limits: { cpu: '500m' } }): AnyObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'php-apache' },
  spec: {
    replicas,
    selector: { matchLabels: { run: 'php-apache' } },
    template: {
      metadata: { labels: { run: 'php-apache' } },
      spec: {
        containers: [{ name: 'php-apache', image: 'registry.k8s.io/hpa-example', ports: [{ containerPort: 80 }], resources }],
      },
    },
  },
})

const autoscaler = (metrics: unknown[], more: Record<string, unknown> = {}): AnyObject => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'php-apache' },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'php-apache' },
    minReplicas: 1,
    maxReplicas: 10,
    metrics,
    ...more,
  },
})

const utilization = (percent: number) => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: percent } },
})

function walkthrough(): TestCluster {
  const t = new TestCluster({ addons: ['metrics-server', 'dns'] })
  t.create(server(1))
  t.create({ ...service('php-apache', ''), spec: { selector: { run: 'php-apache' }, ports: [{ port: 80 }] } })
  return t
}

const AUTOSCALERS = 'horizontalpodautoscalers.autoscaling'
const replicas = (t: TestCluster): number => t.get('deployments.apps', 'php-apache')?.['spec'].replicas
const condition = (t: TestCluster, type: string): string => {
  const found = t.get(AUTOSCALERS, 'php-apache')?.['status'].conditions.find((each: { type: string }) => each.type === type)
  return found ? `${found.status} ${found.reason}: ${found.message}` : ''
}
const traffic = (t: TestCluster, perSecond: number): void =>
  t.cluster.fault({ kind: 'traffic', namespace: 'default', service: 'php-apache', perSecond })

describe('the autoscaler', () => {
  it('follows the load up, waits five minutes, and follows it down again', () => {
    const t = walkthrough()
    t.create(autoscaler([utilization(50)]))
    t.run(400)
    expect([replicas(t), condition(t, 'ScalingActive')]).toEqual([
      1,
      'True ValidMetricFound: the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)',
    ])
    traffic(t, 60)
    t.run(180)
    const busy = replicas(t)
    expect(busy).toBeGreaterThanOrEqual(4)
    expect(t.events('SuccessfulRescale')[0]?.['message']).toMatch(
      /^New size: [23]; reason: cpu resource utilization \(percentage of request\) above target$/,
    )
    traffic(t, 0)
    t.run(200)
    expect([replicas(t), condition(t, 'AbleToScale')]).toEqual([
      busy,
      'True ScaleDownStabilized: recent recommendations were higher than current one, applying the highest recent recommendation',
    ])
    t.run(240)
    expect(replicas(t)).toBe(1)
    expect(t.events('SuccessfulRescale').at(-1)?.['message']).toBe('New size: 1; reason: All metrics below target')
  })

  it('is driven by a container that asks in a loop, too', () => {
    const t = walkthrough()
    t.create(autoscaler([utilization(50)]))
    t.run(60)
    const command = ['/bin/sh', '-c', 'while sleep 0.01; do wget -q -O- http://php-apache; done']
    t.create(pod('load-generator', 'busybox:1.28', { containers: [{ name: 'web', image: 'busybox:1.28', command }] }))
    t.run(500)
    expect(replicas(t)).toBeGreaterThan(2)
  })

  it('keeps to the pace that its behaviour allows', () => {
    const t = walkthrough()
    const scaleUp = { policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] }
    t.create(autoscaler([utilization(10)], { behavior: { scaleUp } }))
    t.run(400)
    traffic(t, 60)
    t.run(60)
    expect([replicas(t), condition(t, 'ScalingLimited')]).toEqual([
      2,
      'True ScaleUpLimit: the desired replica count is increasing faster than the maximum scale rate',
    ])
    t.run(60)
    expect(replicas(t)).toBe(3)
  })

  it('goes no further than its bounds', () => {
    const t = walkthrough()
    t.create(autoscaler([utilization(5)], { maxReplicas: 3 }))
    t.run(400)
    traffic(t, 60)
    t.run(120)
    expect([replicas(t), condition(t, 'ScalingLimited')]).toEqual([
      3,
      'True TooManyReplicas: the desired replica count is more than the maximum replica count',
    ])
    t.patch(AUTOSCALERS, 'php-apache', { spec: { minReplicas: 5, maxReplicas: 6 } })
    t.run(16)
    expect(t.events('SuccessfulRescale').at(-1)?.['message']).toBe(
      'New size: 5; reason: Current number of replicas below Spec.MinReplicas',
    )
  })

  it('takes averages, and measures of one container', () => {
    const t = walkthrough()
    const target = { type: 'AverageValue', averageValue: '100m' }
    const ofContainer = { type: 'ContainerResource', containerResource: { name: 'cpu', container: 'php-apache', target } }
    t.create(
      autoscaler([
        { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '50Mi' } } },
        ofContainer,
      ]),
    )
    t.run(400)
    traffic(t, 60)
    t.run(180)
    expect(replicas(t)).toBeGreaterThanOrEqual(4)
    const current = t.get(AUTOSCALERS, 'php-apache')?.['status'].currentMetrics
    expect(current[0].resource.current.averageValue).toMatch(/^\d+(Ki|m)?$/)
    expect(current[1].containerResource.current.averageValue).toMatch(/^\d+m$/)
  })

  it('says which request is missing', () => {
    const t = new TestCluster({ addons: ['metrics-server'] })
    t.create(server(1, {}))
    t.create(autoscaler([utilization(50)]))
    t.run(400)
    const [name] = t.pods({ run: 'php-apache' }).map(({ metadata }) => metadata.name)
    expect(condition(t, 'ScalingActive')).toBe(
      `False FailedGetResourceMetric: the HPA was unable to compute the replica count: failed to get cpu utilization: missing request for cpu in container php-apache of Pod ${name}`,
    )
  })

  it('says that nobody serves custom metrics', () => {
    const t = walkthrough()
    const target = { type: 'AverageValue', averageValue: '10' }
    t.create(autoscaler([{ type: 'Pods', pods: { metric: { name: 'packets-per-second' }, target } }]))
    t.run(60)
    expect(condition(t, 'ScalingActive')).toMatch(
      /^False FailedGetPodsMetric: .*unable to get metric packets-per-second: unable to fetch metrics from custom metrics API: no custom metrics API \(custom.metrics.k8s.io\) registered$/,
    )
  })

  it('leaves a target alone that was scaled to nothing', () => {
    const t = walkthrough()
    t.create(autoscaler([utilization(50)]))
    t.patch('deployments.apps', 'php-apache', { spec: { replicas: 0 } })
    t.run(60)
    expect([replicas(t), condition(t, 'ScalingActive')]).toEqual([
      0,
      'False ScalingDisabled: scaling is disabled since the replica count of the target is zero',
    ])
  })
})
