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
  patch(cluster, { containers: [{ name: 'main', resources: { requests } }] })
}

function patch(cluster: TestCluster, spec: object, name = 'p'): void {
  const type = { 'content-type': 'application/strategic-merge-patch+json' }
  const answer = cluster.request('PATCH', `/api/v1/namespaces/default/pods/${name}/resize`, { spec }, type)
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
}

function podOf(cluster: TestCluster, name: string, spec: object): void {
  cluster.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec } as never)
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

const SLEEPS = { image: 'busybox:1.36', command: ['sleep', '10000'] }

function cat(cluster: TestCluster, path: string, container = 'main'): string {
  const url = `/api/v1/namespaces/default/pods/p/exec?stdout=true&container=${container}&command=cat&command=${path}`
  const [, out] = cluster.cluster.open({ method: 'GET', path: url }).take()
  return out && 'data' in out ? out.data : ''
}

function run(cluster: TestCluster, command: string): string {
  const url = `/api/v1/namespaces/default/pods/p/exec?stdout=true&stderr=true&container=main&command=sh&command=-c&command=${encodeURIComponent(command)}`
  const session = cluster.cluster.open({ method: 'GET', path: url })
  return session
    .take()
    .map((event) => ('data' in event && event.channel < 3 ? event.data : ''))
    .join('')
}

test('a container sees in its control group what it has been given', () => {
  const cluster = withPod({ cpu: '100m', memory: '64Mi' }, SLEEPS)
  const group = (name: string) => cat(cluster, `/sys/fs/cgroup/${name}`)
  expect([group('cpu.max'), group('cpu.weight'), group('memory.max')]).toEqual(['max 100000\n', '17\n', 'max\n'])
  expect(cat(cluster, '/proc/1/oom_score_adj')).toBe('993\n')
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
  podOf(cluster, 'other', { containers: [{ name: 'big', image: 'nginx:1.27', resources: { requests: { cpu: '2' } } }] })
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

test('a sidecar is resized too, and an init container while it runs', () => {
  const cluster = new TestCluster({ nodes: 1 })
  const resources = (cpu: string) => ({ requests: { cpu }, limits: { cpu } })
  const policy = [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }]
  podOf(cluster, 'p', {
    terminationGracePeriodSeconds: 1,
    initContainers: [
      { name: 'told', ...SLEEPS, restartPolicy: 'Always', resources: resources('100m') },
      { name: 'restarted', ...SLEEPS, restartPolicy: 'Always', resources: resources('100m'), resizePolicy: policy },
      { name: 'init', ...SLEEPS, resources: resources('100m') },
    ],
    containers: [{ name: 'main', ...SLEEPS, resources: resources('100m') }],
  })
  cluster.run(20)
  const names = ['told', 'restarted', 'init']
  patch(cluster, { initContainers: names.map((name) => ({ name, resources: resources('200m') })) })
  cluster.run(20)
  const statuses = pod(cluster).status?.initContainerStatuses?.map((s) => [
    s.name,
    s.restartCount,
    s.resources?.requests?.['cpu'],
  ])
  expect(statuses).toEqual([
    ['told', 0, '200m'],
    ['restarted', 1, '200m'],
    ['init', 0, '200m'],
  ])
  expect(names.map((name) => cat(cluster, '/sys/fs/cgroup/cpu.max', name))).toEqual(Array(3).fill('20000 100000\n'))
  expect(condition(cluster, 'PodResizeInProgress')).toBeUndefined()
})

test("a pod's own limits stand for those that its containers do not name, and can be resized", () => {
  const cluster = new TestCluster({ nodes: 1 })
  const whole = (cpu: string, memory: string) => ({ requests: { cpu, memory }, limits: { cpu, memory } })
  const policy = [{ resourceName: 'memory', restartPolicy: 'RestartContainer' }]
  const env = [{ name: 'MEMORY', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } } }]
  podOf(cluster, 'p', {
    resources: whole('200m', '256Mi'),
    terminationGracePeriodSeconds: 1,
    volumes: [{ name: 'groups', hostPath: { path: '/sys/fs/cgroup' } }],
    containers: [
      { name: 'main', ...SLEEPS, env, volumeMounts: [{ name: 'groups', mountPath: '/groups' }] },
      { name: 'second', ...SLEEPS, resizePolicy: policy },
    ],
  })
  cluster.settle()
  const group = (name: string) => ['cpu.max', 'memory.max'].map((file) => cat(cluster, `/sys/fs/cgroup/${file}`, name))
  expect(group('main')).toEqual(['20000 100000\n', '268435456\n'])
  expect(run(cluster, 'echo $MEMORY')).toBe('256\n')
  const uid = pod(cluster).metadata.uid?.replaceAll('-', '_')
  const place = `/groups/kubepods.slice/kubepods-pod${uid}.slice`
  expect(run(cluster, `find /groups -name '*${uid}*'; cat ${place}/memory.max; ls ${place} | grep -c cri-containerd`)).toBe(
    `${place}\n268435456\n2\n`,
  )
  patch(cluster, { resources: whole('300m', '512Mi') })
  cluster.run(10)
  expect(group('main')).toEqual(['30000 100000\n', '536870912\n'])
  expect(pod(cluster).status).toMatchObject({
    allocatedResources: { cpu: '300m', memory: '512Mi' },
    resources: whole('300m', '512Mi'),
    containerStatuses: [{ restartCount: 0 }, { restartCount: 1 }],
  })
  expect(condition(cluster, 'PodResizeInProgress')).toBeUndefined()
})

test('a limit below what is used is not put in force, and the pod says so until it is taken back', () => {
  const sized = (memory: string) => ({ requests: { memory }, limits: { memory } })
  const cluster = withPod({}, { ...SLEEPS, resources: sized('64Mi') })
  const memory = (amount: string) => patch(cluster, { containers: [{ name: 'main', resources: sized(amount) }] })
  memory('32Mi')
  cluster.run(20)
  expect(cat(cluster, '/sys/fs/cgroup/memory.max')).toBe('33554432\n')
  memory('10Ki')
  cluster.run(60)
  const [why] = [condition(cluster, 'PodResizeInProgress')]
  expect(why).toMatchObject({ reason: 'Error', observedGeneration: 3 })
  expect(why?.message).toMatch(
    /^cannot decrease memory limits: \[attempting to set pod memory limit \(10240\) below current usage \((\d+)\), attempting to set container "main" memory limit \(10240\) below current usage \(\1\)\]$/,
  )
  expect(of(cluster)).toMatchObject({ allocatedResources: { memory: '10Ki' }, resources: sized('32Mi') })
  expect(cat(cluster, '/sys/fs/cgroup/memory.max')).toBe('33554432\n')
  expect(cluster.events('ResizeError')).toHaveLength(1)
  memory('64Mi')
  cluster.run(20)
  expect(condition(cluster, 'PodResizeInProgress')).toBeUndefined()
  expect(of(cluster)).toMatchObject({ resources: sized('64Mi'), restartCount: 0 })
})

test('what waits for room gets it by priority, then by class, as soon as another pod needs less', () => {
  const cluster = new TestCluster({ nodes: 1 })
  const container = (cpu: string, more: object = {}) => ({
    containers: [{ name: 'main', ...SLEEPS, resources: { requests: { cpu }, ...more } }],
  })
  cluster.create({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'high' }, value: 1000 } as never)
  podOf(cluster, 'big', container('2'))
  for (const name of ['plain', 'urgent'])
    podOf(cluster, name, { ...container('100m'), ...(name === 'urgent' ? { priorityClassName: 'high' } : {}) })
  cluster.settle()
  for (const name of ['plain', 'urgent']) patch(cluster, container('2500m'), name)
  cluster.run(10)
  const waits = (name: string) => cluster.get<Pod>('pods', name)?.status?.conditions?.find((c) => c.type === 'PodResizePending')
  expect([waits('plain'), waits('urgent')]).toMatchObject([{ reason: 'Deferred' }, { reason: 'Deferred' }])
  patch(cluster, container('100m'), 'big')
  cluster.run(10)
  expect([waits('plain')?.reason, waits('urgent')?.reason]).toEqual(['Deferred', undefined])
  expect(cluster.get<Pod>('pods', 'urgent')?.status).toMatchObject({ allocatedResources: { cpu: '2500m' } })
})
