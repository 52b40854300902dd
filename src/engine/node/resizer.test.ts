import { expect, test } from 'vitest'
import type { Pod } from '#api/kinds.ts'
import { TestCluster } from '../testing/test-cluster.ts'

/** A cluster of one machine with a running pod `p` that asks for this. */
function withPod(requests: object, container: object = {}): TestCluster {
  const cluster = new TestCluster({ nodes: 1 })
  const main = { name: 'main', image: 'nginx:1.27', resources: { requests }, ...container }
  cluster.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default' },
    spec: { containers: [main] },
  } as never)
  return cluster.settle()
}

function resize(cluster: TestCluster, requests: object): void {
  const body = { spec: { containers: [{ name: 'main', resources: { requests } }] } }
  const type = { 'content-type': 'application/strategic-merge-patch+json' }
  const answer = cluster.request('PATCH', '/api/v1/namespaces/default/pods/p/resize', body, type)
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
}

const pod = (cluster: TestCluster): Pod => cluster.get<Pod>('pods', 'p') as Pod
const of = (cluster: TestCluster) => pod(cluster).status?.containerStatuses?.[0]
const condition = (cluster: TestCluster, type: string) => pod(cluster).status?.conditions?.find((c) => c.type === type)

test('a container gets what it asks for while it runs', () => {
  const cluster = withPod({ cpu: '100m' })
  const id = of(cluster)?.containerID
  resize(cluster, { cpu: '200m' })
  cluster.settle()
  expect(of(cluster)).toMatchObject({
    containerID: id,
    restartCount: 0,
    allocatedResources: { cpu: '200m' },
    resources: { requests: { cpu: '200m' } },
  })
  expect(condition(cluster, 'PodResizeInProgress')).toBeUndefined()
  expect(cluster.events('ResizeStarted')[0]?.['message']).toBe(
    'Pod resize started: {"containers":[{"name":"main","resources":{"requests":{"cpu":"200m"}}}],"generation":2}',
  )
  expect(cluster.events('ResizeCompleted')).toHaveLength(1)
})

test('a container sees in its control group what it has been given', () => {
  const cluster = withPod({ cpu: '100m', memory: '64Mi' }, { image: 'busybox:1.36', command: ['sleep', '1000'] })
  const cat = (path: string) => {
    const url = `/api/v1/namespaces/default/pods/p/exec?stdout=true&command=cat&command=${path}`
    const [, out] = cluster.cluster.open({ method: 'GET', path: url }).take()
    return out && 'data' in out ? out.data : ''
  }
  const group = (name: string) => cat(`/sys/fs/cgroup/${name}`)
  expect([group('cpu.max'), group('cpu.weight'), group('memory.max')]).toEqual(['max 100000\n', '17\n', 'max\n'])
  expect(cat('/proc/1/oom_score_adj')).toBe('993\n')
  resize(cluster, { cpu: '1' })
  cluster.settle()
  expect(group('cpu.weight')).toBe('100\n')
})

test('a container that wants to be restarted for it is', () => {
  const cluster = withPod({ memory: '32Mi' }, { resizePolicy: [{ resourceName: 'memory', restartPolicy: 'RestartContainer' }] })
  resize(cluster, { memory: '64Mi' })
  cluster.settle()
  expect(of(cluster)).toMatchObject({ restartCount: 1, resources: { requests: { memory: '64Mi' } } })
  expect(cluster.events('Killing')[0]?.['message']).toBe('Container main resize requires restart')
})

test('without room it is deferred, and granted when there is', () => {
  const cluster = withPod({ cpu: '1' })
  const big = { name: 'big', image: 'nginx:1.27', resources: { requests: { cpu: '2' } } }
  cluster.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'other', namespace: 'default' },
    spec: { containers: [big] },
  } as never)
  cluster.settle()
  resize(cluster, { cpu: '3' })
  cluster.settle()
  expect(condition(cluster, 'PodResizePending')).toMatchObject({
    status: 'True',
    reason: 'Deferred',
    message: expect.stringMatching(/^Node didn't have enough resource: cpu, requested: 3000, used: 2\d*, capacity: \d+$/),
  })
  expect(of(cluster)?.allocatedResources).toEqual({ cpu: '1' })
  cluster.delete('pods', 'other')
  cluster.run(40).settle()
  expect(condition(cluster, 'PodResizePending')).toBeUndefined()
  expect(of(cluster)?.allocatedResources).toEqual({ cpu: '3' })
})
