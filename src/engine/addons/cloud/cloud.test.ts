import { describe, expect, it } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { deployment } from '../../testing/builders.ts'
import { TestCluster } from '../../testing/test-cluster.ts'

const balanced = (name: string, spec: Record<string, unknown> = {}): AnyObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { type: 'LoadBalancer', selector: { app: name }, ports: [{ port: 80 }], ...spec },
})

const ingress = (t: TestCluster, name: string): unknown => t.get('services', name)?.['status'].loadBalancer.ingress
const reasons = (t: TestCluster): string[] =>
  t
    .all('events')
    .filter((event) => event['source']?.component === 'service-controller')
    .map((event) => event['reason'])

describe('the cloud', () => {
  it('gives a Service an address after some seconds, and a finalizer', () => {
    const t = new TestCluster({ addons: ['cloud'] })
    t.create(balanced('web'))
    expect(ingress(t.run(1), 'web')).toBeUndefined()
    expect(ingress(t.run(9), 'web')).toEqual([{ ip: '198.51.100.10', ipMode: 'VIP' }])
    expect(t.get('services', 'web')?.metadata.finalizers).toEqual(['service.kubernetes.io/load-balancer-cleanup'])
    expect(reasons(t)).toEqual(['EnsuringLoadBalancer', 'EnsuredLoadBalancer'])
  })

  it('lets a Service go once its balancer is down', () => {
    const t = new TestCluster({ addons: ['cloud'] })
    t.create(balanced('web'))
    t.run(10).delete('services', 'web')
    expect(t.run(1).get('services', 'web')?.metadata.deletionTimestamp).toBeDefined()
    expect(t.run(3).get('services', 'web')).toBeUndefined()
    expect(reasons(t).slice(2)).toEqual(['DeletingLoadBalancer', 'DeletedLoadBalancer'])
  })

  it('takes the address back when the Service becomes another kind', () => {
    const t = new TestCluster({ addons: ['cloud'] })
    t.create(balanced('web'))
    t.run(10).patch('services', 'web', { spec: { type: 'ClusterIP' } })
    t.run(5)
    expect([ingress(t, 'web'), t.get('services', 'web')?.metadata.finalizers]).toEqual([undefined, undefined])
  })

  it('tells its balancers of new nodes', () => {
    const t = new TestCluster({ addons: ['cloud'] })
    t.create(balanced('web'))
    t.run(10).cluster.fault({ kind: 'node-add' })
    t.run(5)
    expect(reasons(t).at(-1)).toBe('UpdatedLoadBalancer')
  })

  it('leads visitors through the balancer', () => {
    const t = new TestCluster({ addons: ['cloud'] })
    t.create(deployment('web', 2))
    t.create(balanced('web'))
    t.run(30).cluster.fault({ kind: 'traffic', namespace: 'default', service: 'web', perSecond: 2 })
    t.run(5)
    const flight = t.cluster.flights(0).at(-1)
    expect(flight?.hops.map(({ at }) => at.replace(/node-\d|default\/.*/, '…'))).toEqual([
      'visitor',
      'load balancer 198.51.100.10',
      'node …',
      'proxy on …',
      'pod …',
    ])
    expect(flight?.status).toBe(200)
  })

  it('is not there in a bare cluster', () => {
    const t = new TestCluster()
    t.create(balanced('web'))
    expect(ingress(t.run(60), 'web')).toBeUndefined()
  })
})
