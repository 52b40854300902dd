import { describe, expect, it } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { Cluster } from './cluster.ts'
import { deployment } from './testing/builders.ts'
import { TestCluster } from './testing/test-cluster.ts'

const component = (t: TestCluster, name: string, on: boolean): void => t.cluster.fault({ kind: 'component', component: name, on })
const readiness = (t: TestCluster, node: string): string =>
  t.get('nodes', node)?.['status'].conditions.find((each: { type: string }) => each.type === 'Ready').status
const ready = (t: TestCluster): number => t.readyPods({ app: 'web' }).length

describe('parts of the control plane', () => {
  it('lead by a lease, and say so', () => {
    const t = new TestCluster()
    const all = t.all('leases.coordination.k8s.io').filter(({ metadata }) => metadata.namespace === 'kube-system')
    const [identity, ...leases] = all
    expect(identity).toMatchObject({
      metadata: { name: 'apiserver-wlv32tlttr4jl3gtroqexyxapa', labels: { 'kubernetes.io/hostname': 'vm' } },
      spec: { leaseDurationSeconds: 3600 },
    })
    expect(leases.map(({ metadata }) => metadata.name)).toEqual(['kube-controller-manager', 'kube-scheduler'])
    expect(t.events('LeaderElection').map((event) => event['message'])).toEqual(
      leases.map((lease) => `${lease['spec'].holderIdentity} became leader`),
    )
  })

  it('leave the leases of parts that run elsewhere to these, and write those of nodes for them', () => {
    const cluster = new Cluster({ seed: '1', nodes: 1, without: ['controller-manager', 'scheduler'] })
    cluster.run(60_000)
    const leases = cluster.server.readAll('leases.coordination.k8s.io')
    expect(leases.map(({ metadata }) => metadata.name)).toEqual(['node-1', 'apiserver-wlv32tlttr4jl3gtroqexyxapa'])
    expect(cluster.world.now - Date.parse(leases[0]?.['spec'].renewTime)).toBeLessThanOrEqual(20_000)
  })

  it('and nodes renew their leases, as anybody sees who looks, without a write', () => {
    const t = new TestCluster()
    const age = (namespace: string, name: string): number => {
      const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${name}`
      const { spec } = t.request('GET', path).body as { spec: { renewTime: string } }
      return t.cluster.world.now - Date.parse(spec.renewTime)
    }
    const version = () => t.get('leases.coordination.k8s.io', 'node-1', 'kube-node-lease')?.metadata.resourceVersion
    const before = version()
    t.run(600)
    expect(age('kube-system', 'kube-scheduler')).toBeLessThanOrEqual(2000)
    expect(age('kube-node-lease', 'node-1')).toBeLessThanOrEqual(10_000)
    expect(version()).toBe(before)
    component(t, 'kube-scheduler', false)
    t.run(100)
    expect(age('kube-system', 'kube-scheduler')).toBeGreaterThan(90_000)
  })

  it('without a scheduler Pods wait; a new one begins when the lease of the old one has run out', () => {
    const t = new TestCluster()
    component(t, 'kube-scheduler', false)
    t.create(deployment('web', 2))
    t.run(60)
    expect(t.pods({ app: 'web' }).map((pod) => pod.spec.nodeName)).toEqual([undefined, undefined])
    component(t, 'kube-scheduler', true)
    expect(ready(t.run(15))).toBe(2)
    expect(t.get('leases.coordination.k8s.io', 'kube-scheduler', 'kube-system')?.['spec'].leaseTransitions).toBe(1)
  })

  it('of the manager, one controller can be missing', () => {
    const t = new TestCluster()
    component(t, 'replicaset-controller', false)
    t.create(deployment('web', 2))
    t.run(20)
    expect([t.all('replicasets.apps').length, t.pods({ app: 'web' }).length]).toEqual([1, 0])
    component(t, 'replicaset-controller', true)
    expect(ready(t.run(20))).toBe(2)
  })

  it('that are stopped are no longer healthy for those who still ask for component statuses', () => {
    const t = new TestCluster()
    const told = (): string[] =>
      (t.request('GET', '/api/v1/componentstatuses').body as { items: AnyObject[] }).items.map((each) => {
        const { status, message } = each['conditions'][0]
        return `${each.metadata.name} ${status} ${message}`
      })
    component(t, 'kube-scheduler', false)
    expect(told()).toEqual([
      'controller-manager True ok',
      'etcd-0 True ok',
      'scheduler False Get "https://127.0.0.1:10259/healthz": dial tcp 127.0.0.1:10259: connect: connection refused',
    ])
    component(t, 'kube-scheduler', true)
    component(t, 'kube-controller-manager', false)
    expect(told().map((each) => each.split(' ')[1])).toEqual(['False', 'True', 'True'])
  })

  it('are known by name', () => {
    const t = new TestCluster()
    expect(() => component(t, 'kube-wizard', false)).toThrow(/^there is no component kube-wizard; there are kube-apiserver, etcd/)
  })

  it('an API server that is down refuses connections, and Pods go on', () => {
    const t = new TestCluster()
    t.create(deployment('web', 2))
    t.run(20)
    const { session } = t.cluster.watch({ method: 'GET', path: '/api/v1/pods?watch=1' })
    component(t, 'kube-apiserver', false)
    const [pod] = t.pods({ app: 'web' })
    t.cluster.fault({ kind: 'container-kill', namespace: 'default', pod: pod?.metadata.name ?? '', container: 'web' })
    expect([t.request('GET', '/api/v1/pods').status, session?.ended]).toEqual([0, true])
    t.run(120)
    expect(t.get('pods', pod?.metadata.name ?? '')?.['status'].containerStatuses[0].restartCount).toBe(0)
    component(t, 'kube-apiserver', true)
    t.run(20)
    expect(t.get('pods', pod?.metadata.name ?? '')?.['status'].containerStatuses[0].restartCount).toBe(1)
    expect(['node-1', 'node-2', 'node-3'].map((node) => readiness(t, node))).toEqual(['True', 'True', 'True'])
    expect([t.request('GET', '/api/v1/pods').status, ready(t)]).toEqual([200, 2])
  })

  it('an etcd that is down leaves the API server without memory', () => {
    const t = new TestCluster()
    component(t, 'etcd', false)
    expect(t.request('GET', '/api/v1/pods').body).toMatchObject({ code: 500, message: 'etcdserver: request timed out' })
    expect(t.request('GET', '/version').status).toBe(200)
    component(t, 'etcd', true)
    expect(t.request('GET', '/api/v1/pods').status).toBe(200)
  })
})

describe('machines', () => {
  it('that are cut off are taken for lost, though their Pods go on; and come back as they are', () => {
    const t = new TestCluster()
    t.create(deployment('web', 3))
    t.run(20)
    const victim = t.pods({ app: 'web' })[0]
    const node = victim?.spec.nodeName ?? ''
    t.cluster.fault({ kind: 'node-link', node, on: false })
    t.run(60)
    expect([readiness(t, node), ready(t)]).toEqual(['Unknown', 2])
    t.cluster.fault({ kind: 'node-link', node, on: true })
    t.run(30)
    expect([readiness(t, node), ready(t)]).toEqual(['True', 3])
    expect(t.pods({ app: 'web' }).map(({ metadata }) => metadata.uid)).toContain(victim?.metadata.uid)
  })

  it('with a full disk are tainted', () => {
    const t = new TestCluster()
    t.cluster.fault({ kind: 'node-disk', node: 'node-2', full: true })
    t.run(10)
    expect(t.get('nodes', 'node-2')?.['spec'].taints).toMatchObject([
      { key: 'node.kubernetes.io/disk-pressure', effect: 'NoSchedule' },
    ])
    t.cluster.fault({ kind: 'node-disk', node: 'node-2', full: false })
    expect(t.run(280).get('nodes', 'node-2')?.['spec'].taints).toHaveLength(1)
    expect(t.run(40).get('nodes', 'node-2')?.['spec'].taints).toBeUndefined()
  })

  it('cannot pull from a registry that is down', () => {
    const t = new TestCluster()
    t.cluster.fault({ kind: 'registry', registry: 'docker.io', state: 'down' })
    t.create(deployment('web', 1))
    t.run(60)
    expect(t.events('Failed')[0]?.['message']).toBe(
      'Failed to pull image "nginx:1.27": failed to pull and unpack image "docker.io/library/nginx:1.27": failed to resolve reference "docker.io/library/nginx:1.27": failed to do request: Head "https://registry-1.docker.io/v2/library/nginx/manifests/1.27": dial tcp: i/o timeout',
    )
    t.cluster.fault({ kind: 'registry', registry: 'docker.io', state: 'well' })
    expect(ready(t.run(400))).toBe(1)
  })
})

it('after a jump of the clock everything that was due is done', () => {
  const t = new TestCluster()
  const before = t.cluster.now
  t.create({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'tick' },
    spec: {
      schedule: '* * * * *',
      jobTemplate: {
        spec: {
          template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox:1.36', command: ['true'] }] } },
        },
      },
    },
  })
  t.run(5).cluster.fault({ kind: 'clock-jump', ms: 3_600_000 })
  t.run(30)
  expect(t.cluster.now - before).toBe(3_635_000)
  expect(t.all('jobs.batch')).toHaveLength(1)
})

it('a life with faults is lived again byte for byte, and saved in the middle of them', () => {
  const t = new TestCluster()
  t.create(deployment('web', 3))
  t.run(20)
  component(t, 'kube-apiserver', false)
  t.cluster.fault({ kind: 'node-link', node: 'node-1', on: false })
  t.run(5)
  const loaded = TestCluster.of(Cluster.load(t.cluster.save()))
  for (const each of [t, loaded]) {
    each.run(30)
    component(each, 'kube-apiserver', true)
    each.cluster.fault({ kind: 'clock-jump', ms: 5000 })
    component(each, 'kube-scheduler', false)
    each.run(70)
    component(each, 'kube-scheduler', true)
    each.cluster.fault({ kind: 'node-link', node: 'node-1', on: true })
    each.run(60)
  }
  expect(loaded.cluster.save()).toBe(t.cluster.save())
  expect(Cluster.replay(t.cluster.session()).save()).toBe(t.cluster.save())
})
