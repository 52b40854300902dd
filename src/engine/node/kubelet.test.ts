import { expect, test } from 'vitest'
import { TestCluster } from '../testing/test-cluster.ts'
import { FakeNodes } from './testing/fake-nodes.ts'

test('a node registers, gets ready, and holds a lease', () => {
  const nodes = new FakeNodes()
  const node: any = nodes.get('nodes', '', 'node-1')
  expect(node.metadata.labels['kubernetes.io/hostname']).toBe('node-1')
  expect(node.status.conditions.map((c: any) => `${c.type}=${c.status} ${c.reason}`)).toEqual([
    'MemoryPressure=False KubeletHasSufficientMemory',
    'DiskPressure=False KubeletHasNoDiskPressure',
    'PIDPressure=False KubeletHasSufficientPID',
    'Ready=True KubeletReady',
  ])
  expect(nodes.get('leases.coordination.k8s.io', 'kube-node-lease', 'node-1').metadata.name).toBe('node-1')
  expect(nodes.heartbeats.lastRenew('node-1', nodes.world.now + 60_000)).toBeGreaterThan(nodes.world.now + 50_000)
})

test('a pod gets from Pending to Running in three patches, and costs nothing after that', () => {
  const nodes = new FakeNodes()
  nodes.pod('web', {})
  nodes.after(3)
  expect(nodes.phase('web')).toBe('Running')
  expect(nodes.condition('web', 'Ready')).toBe('True')
  expect(nodes.patches.length).toBe(3)
  expect(nodes.events('web')).toEqual([
    'Pulling: Pulling image "nginx:1.27"',
    'Pulled: Successfully pulled image "nginx:1.27" in 900ms (900ms including waiting). Image size: 60012345 bytes.',
    'Created: Container created',
    'Started: Container started',
  ])
  nodes.after(20)
  const steps = nodes.world.steps
  nodes.after(3600)
  expect(nodes.world.steps).toBe(steps)
})

test('a deleted pod is told, ends, and leaves', () => {
  const nodes = new FakeNodes()
  nodes.pod('web', {})
  nodes.after(3)
  nodes.delete('pods', 'default', 'web')
  nodes.after(0.1)
  expect(nodes.phase('web')).toBe('Succeeded')
  nodes.after(2)
  expect(nodes.exists('web')).toBe(false)
  expect(nodes.events('web')).toContain('Killing: Stopping container app')
  expect([...nodes.node.kubelet.records.values()]).toEqual([])
})

test('a process that ignores TERM is killed at the end of its grace', () => {
  const nodes = new FakeNodes()
  nodes.pod('deaf', { image: 'busybox:1.36', command: ['sleep', '1000'], terminationGracePeriodSeconds: 3 })
  nodes.after(3)
  nodes.delete('pods', 'default', 'deaf')
  nodes.after(2.5)
  expect(nodes.phase('deaf')).toBe('Running')
  nodes.after(0.7)
  expect(nodes.read('deaf').status?.containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(137)
})

test('a container that crashes is started again at once, then after 10 s, and says so', () => {
  const nodes = new FakeNodes()
  nodes.pod('crash', { image: 'busybox:1.36', command: ['sh', '-c', 'echo hi; sleep 2; exit 3'] })
  nodes.after(4.5)
  const restarted = nodes.read('crash').status?.containerStatuses?.[0]
  expect(restarted?.restartCount).toBe(1)
  expect(restarted?.state?.running).toBeDefined()
  expect(restarted?.lastState?.terminated?.exitCode).toBe(3)
  nodes.after(2.5)
  expect(nodes.read('crash').status?.containerStatuses?.[0]?.state?.terminated?.reason).toBe('Error')
  expect(nodes.events('crash').at(-1)).toMatch(/^BackOff: Back-off restarting failed container app in pod crash_default\(/)
  nodes.after(14)
  expect(nodes.read('crash').status?.containerStatuses?.[0]?.restartCount).toBe(2)
  expect(nodes.patches.some((p) => p.containerStatuses?.[0]?.state?.waiting?.reason === 'CrashLoopBackOff')).toBe(true)
})

test('a container with another image has not failed yet: it is started at once, and its own failures count', () => {
  const t = new TestCluster({ nodes: 1 })
  const containers = [{ name: 'app', image: 'busybox:1.36', command: ['sh', '-c', 'sleep 2; exit 3'] }]
  t.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'crash', namespace: 'default' }, spec: { containers } } as never)
  const status = () => (t.pods()[0] as any).status.containerStatuses?.[0]
  const held = () => String(status()?.state?.waiting?.message)
  for (let i = 0; i < 300 && !held().startsWith('back-off 1m20s restarting'); i++) t.run(1)
  expect(held()).toContain('back-off 1m20s restarting failed container=app')
  const image = [{ op: 'replace', path: '/spec/containers/0/image', value: 'busybox:1.37' }]
  t.request('PATCH', '/api/v1/namespaces/default/pods/crash', image, { 'content-type': 'application/json-patch+json' })
  t.run(3)
  expect(status()).toMatchObject({ imageID: expect.stringContaining('sha256'), image: 'docker.io/library/busybox:1.37' })
  const times = status().restartCount
  expect([t.run(5), status().restartCount, t.run(15), status().restartCount].filter((n) => n !== t)).toEqual([times, times + 1])
})

test('nobody has a registry on the machine itself', () => {
  const nodes = new FakeNodes()
  nodes.pod('own', { image: 'localhost:5000/shop:1' })
  nodes.after(2)
  expect(nodes.events('own')[1]).toBe(
    'Failed: Failed to pull image "localhost:5000/shop:1": failed to pull and unpack image "localhost:5000/shop:1": failed to resolve reference "localhost:5000/shop:1": failed to do request: Head "http://localhost:5000/v2/shop/manifests/1": dial tcp 127.0.0.1:5000: connect: connection refused',
  )
})

test('an image that is not there shows ErrImagePull, then ImagePullBackOff', () => {
  const nodes = new FakeNodes()
  nodes.pod('typo', { image: 'nginx:nope' })
  nodes.after(2)
  const waiting = () => nodes.read('typo').status?.containerStatuses?.[0]?.state?.waiting
  expect(waiting()?.reason).toBe('ErrImagePull')
  nodes.after(16)
  expect(nodes.patches.map((p) => p.containerStatuses?.[0].state.waiting?.reason)).toContain('ImagePullBackOff')
  expect(nodes.events('typo').slice(0, 5)).toEqual([
    'Pulling: Pulling image "nginx:nope"',
    'Failed: Failed to pull image "nginx:nope": rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:nope": failed to resolve reference "docker.io/library/nginx:nope": docker.io/library/nginx:nope: not found',
    'Failed: Error: ErrImagePull',
    'BackOff: Back-off pulling image "nginx:nope"',
    'Failed: Error: ImagePullBackOff',
  ])
})

test('a pod that is done is Completed, one that failed for good is Failed', () => {
  const nodes = new FakeNodes()
  nodes.pod('done', { image: 'busybox:1.36', command: ['true'], restartPolicy: 'Never' })
  nodes.pod('broken', { image: 'busybox:1.36', command: ['sh', '-c', 'exit 7'], restartPolicy: 'Never' })
  nodes.after(5)
  expect(nodes.phase('done')).toBe('Succeeded')
  expect(nodes.phase('broken')).toBe('Failed')
  expect(nodes.read('done').status?.conditions?.map((c) => `${c.type}=${c.status} ${c.reason ?? ''}`)).toEqual([
    'PodReadyToStartContainers=False ',
    'Initialized=True PodCompleted',
    'Ready=False PodCompleted',
    'ContainersReady=False PodCompleted',
    'PodScheduled=True ',
  ])
})

test('two pods cannot have one host port, until the first has gone', () => {
  const nodes = new FakeNodes()
  const wants = {
    containers: [{ name: 'app', image: 'nginx:1.27', ports: [{ containerPort: 80, hostPort: 8080, protocol: 'TCP' }] }],
  }
  nodes.pod('first', wants as any)
  nodes.pod('second', wants as any)
  nodes.after(3)
  expect(nodes.read('second').status).toMatchObject({
    phase: 'Failed',
    reason: 'NodePorts',
    message: "Pod was rejected: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
  })
  nodes.delete('pods', 'default', 'first', { gracePeriodSeconds: 0 })
  nodes.after(3)
  nodes.pod('third', wants as any)
  nodes.after(3)
  expect(nodes.phase('third')).toBe('Running')
})
