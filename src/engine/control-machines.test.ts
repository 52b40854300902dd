/** A control plane of three machines: what goes on while one of them, or a process on it, is gone, and what stops when two are. */
import { describe, expect, it } from 'vitest'
import { Cluster } from './cluster.ts'
import { deployment } from './testing/builders.ts'
import { TestCluster } from './testing/test-cluster.ts'

const three = (): TestCluster => new TestCluster({ controlPlanes: 3 })
const turn = (t: TestCluster, component: string, on: boolean): void => t.cluster.fault({ kind: 'component', component, on })
const lease = (t: TestCluster, name: string) => t.get('leases.coordination.k8s.io', name, 'kube-system')?.['spec']
const leaderOf = (t: TestCluster, name: string): string => lease(t, name)?.holderIdentity.split('_')[0]
const status = (t: TestCluster): number => t.request('GET', '/api/v1/pods').status
const ready = (t: TestCluster): number => t.readyPods({ app: 'web' }).length
const addresses = (t: TestCluster): string[] =>
  t.get('endpoints', 'kubernetes')?.['subsets'][0].addresses.map(({ ip }: { ip: string }) => ip)

describe('a control plane of three machines', () => {
  it('has three of everything, of which one controller manager and one scheduler lead', () => {
    const t = three().run(20)
    const names = t.all('leases.coordination.k8s.io').filter(({ metadata }) => metadata.namespace === 'kube-system')
    expect(names.map(({ metadata }) => metadata.labels?.['kubernetes.io/hostname'] ?? metadata.name).sort()).toEqual([
      'control-plane-1',
      'control-plane-2',
      'control-plane-3',
      'kube-controller-manager',
      'kube-scheduler',
    ])
    expect([leaderOf(t, 'kube-controller-manager'), leaderOf(t, 'kube-scheduler')]).toEqual([
      'control-plane-1',
      'control-plane-1',
    ])
    expect(addresses(t)).toEqual(['172.18.255.1', '172.18.255.2', '172.18.255.3'])
  })

  it('goes on when the machine that leads loses its power: another one leads within a lease and a try', () => {
    const t = three().run(20)
    turn(t, 'control-plane-1', false)
    t.run(3)
    expect(status(t)).toBe(200)
    t.create(deployment('web', 2))
    t.run(8)
    expect(ready(t)).toBe(0)
    t.run(15)
    expect(ready(t)).toBe(2)
    expect(leaderOf(t, 'kube-scheduler')).toMatch(/^control-plane-[23]$/)
    expect(lease(t, 'kube-scheduler').leaseTransitions).toBe(1)
    expect(addresses(t)).toEqual(['172.18.255.2', '172.18.255.3'])
    turn(t, 'control-plane-1', true)
    t.run(30)
    expect(addresses(t)).toHaveLength(3)
    expect(leaderOf(t, 'kube-scheduler')).not.toBe('control-plane-1')
  })

  it('has no memory while etcd elects a new leader, a second or two', () => {
    const t = three().run(20)
    turn(t, 'etcd-control-plane-1', false)
    expect(t.request('GET', '/api/v1/pods').body).toMatchObject({ code: 500, message: 'etcdserver: request timed out' })
    t.run(2)
    expect(status(t)).toBe(200)
  })

  it('does not notice a member of etcd that only follows', () => {
    const t = three().run(20)
    turn(t, 'etcd-control-plane-3', false)
    expect(status(t)).toBe(200)
    expect(t.cluster.broken().components).toEqual(['etcd-control-plane-3'])
  })

  it('stands still without a majority, though Pods run; with it again it goes on', () => {
    const t = three()
    t.create(deployment('web', 2))
    t.run(20)
    turn(t, 'control-plane-1', false)
    turn(t, 'control-plane-2', false)
    t.run(60)
    expect(status(t)).toBe(500)
    turn(t, 'control-plane-2', true)
    t.run(60)
    expect([status(t), ready(t)]).toEqual([200, 2])
    t.patch('deployments.apps', 'web', { spec: { replicas: 4 } })
    expect(ready(t.run(20))).toBe(4)
  })

  it('lets a leader whose API server is gone give up after ten seconds', () => {
    const t = three().run(20)
    turn(t, 'kube-apiserver-control-plane-1', false)
    t.run(8)
    expect(leaderOf(t, 'kube-controller-manager')).toBe('control-plane-1')
    t.run(12)
    expect(leaderOf(t, 'kube-controller-manager')).toMatch(/^control-plane-[23]$/)
  })

  it('is the same after saving, loading and reliving', () => {
    const t = three().run(20)
    turn(t, 'control-plane-1', false)
    t.run(5)
    const other = Cluster.load(t.cluster.save())
    other.run(40_000)
    t.run(40)
    expect(other.save()).toBe(t.cluster.save())
    expect(Cluster.replay(t.cluster.session()).save()).toBe(t.cluster.save())
  })
})
