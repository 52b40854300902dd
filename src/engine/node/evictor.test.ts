import { expect, test } from 'vitest'
import type { Node, Pod } from '#api/kinds.ts'
import { TestCluster } from '../testing/test-cluster.ts'

const stress = (name: string, mi: number, spec: object = {}, container: object = {}) =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: {
      containers: [
        {
          name: 'stress',
          image: 'polinux/stress',
          command: ['stress'],
          args: ['--vm', '1', '--vm-bytes', `${mi}M`],
          ...container,
        },
      ],
      ...spec,
    },
  }) as never

const pod = (cluster: TestCluster, name: string) => cluster.get<Pod>('pods', name) as Pod
const pressure = (cluster: TestCluster) =>
  (cluster.get<Node>('nodes', 'node-1') as Node).status?.conditions?.find((c) => c.type === 'MemoryPressure')

test('when memory runs out, who is most above what they asked for has to go', () => {
  const cluster = new TestCluster({ nodes: 1 })
  cluster.create(stress('modest', 3000, {}, { resources: { requests: { memory: '4Gi' } } }))
  cluster.settle()
  cluster.create(stress('greedy', 4800))
  cluster.run(60)
  const { status } = pod(cluster, 'greedy')
  expect(status).toMatchObject({ phase: 'Failed', reason: 'Evicted' })
  expect(status?.message).toMatch(
    /^The node was low on resource: memory\. Threshold quantity: 100Mi, available: \d+Ki\. Container stress was using \d+Ki, request is 0, has larger consumption of memory\. $/,
  )
  expect(status?.conditions?.find((c) => c.type === 'DisruptionTarget')).toMatchObject({
    status: 'True',
    reason: 'TerminationByKubelet',
  })
  expect(pod(cluster, 'modest').status?.phase).toBe('Running')
  expect(pressure(cluster)).toMatchObject({ status: 'True', reason: 'KubeletHasInsufficientMemory' })
  cluster.run(330)
  expect(pressure(cluster)?.status).toBe('False')
})

test('when the disk is full, pods go one by one, and none is taken', () => {
  const cluster = new TestCluster({ nodes: 1 })
  cluster.create(stress('small', 10))
  cluster.create(
    stress('large', 10, { priority: 0 }, { command: ['sh', '-c', 'seq 1 20000; sleep 1000'], image: 'busybox:1.36' }),
  )
  cluster.settle()
  cluster.cluster.fault({ kind: 'node-disk', node: 'node-1', full: true })
  cluster.run(10)
  expect(pod(cluster, 'large').status).toMatchObject({ phase: 'Failed', reason: 'Evicted' })
  expect(pod(cluster, 'large').status?.message).toMatch(
    /^The node was low on resource: ephemeral-storage\. Threshold quantity: \d+, available: \d+Ki\. Container stress was using \d+Ki, request is 0, has larger consumption of ephemeral-storage\. $/,
  )
  expect(pod(cluster, 'small').status?.phase).toBe('Running')
  cluster.run(10)
  expect(pod(cluster, 'small').status?.reason).toBe('Evicted')
  cluster.create(stress('late', 10, { nodeName: 'node-1' }))
  cluster.run(5)
  expect(pod(cluster, 'late').status?.message).toBe('Pod was rejected: The node had condition: [DiskPressure]. ')
})

const diskPressure = (cluster: TestCluster) =>
  (cluster.get<Node>('nodes', 'node-1') as Node).status?.conditions?.find((c) => c.type === 'DiskPressure')
const images = (cluster: TestCluster) =>
  (cluster.get<Node>('nodes', 'node-1') as Node).status?.images?.map(({ names }) => names?.at(-1)) ?? []
const fill = (cluster: TestCluster, full: boolean) => cluster.cluster.fault({ kind: 'node-disk', node: 'node-1', full })
const critical = { priorityClassName: 'system-node-critical' }

test('a full disk is pressure as long as it is full, and for five minutes after; then it takes pods again', () => {
  const cluster = new TestCluster({ nodes: 1 })
  cluster.settle()
  fill(cluster, true)
  cluster.run(400)
  expect(diskPressure(cluster)).toMatchObject({
    status: 'True',
    reason: 'KubeletHasDiskPressure',
    message: 'kubelet has disk pressure',
  })
  fill(cluster, false)
  cluster.run(280)
  expect(diskPressure(cluster)?.status).toBe('True')
  expect(cluster.get<Node>('nodes', 'node-1')?.spec?.taints).toMatchObject([
    { key: 'node.kubernetes.io/disk-pressure', effect: 'NoSchedule' },
  ])
  cluster.create(stress('early', 10, { nodeName: 'node-1' }))
  cluster.run(2)
  expect(pod(cluster, 'early').status).toMatchObject({ phase: 'Failed', reason: 'Evicted' })
  cluster.run(30)
  expect(diskPressure(cluster)).toMatchObject({ status: 'False', reason: 'KubeletHasNoDiskPressure' })
  expect(cluster.get<Node>('nodes', 'node-1')?.spec?.taints).toBeUndefined()
  cluster.create(stress('later', 10))
  cluster.settle()
  expect(pod(cluster, 'later').status?.phase).toBe('Running')
})

test('before a pod goes, images that nobody uses are deleted; those of containers, and those that have just come, stay', () => {
  const cluster = new TestCluster({ nodes: 1 })
  cluster.create(stress('stays', 10, critical))
  cluster.create(stress('goes', 10, critical, { image: 'busybox:1.36', command: ['sleep', '1000'] }))
  cluster.run(430)
  cluster.request('DELETE', '/api/v1/namespaces/default/pods/goes?gracePeriodSeconds=0')
  cluster.create(stress('fresh', 10, critical, { image: 'nginx:1.27', command: ['sleep', '1000'] }))
  cluster.settle()
  cluster.request('DELETE', '/api/v1/namespaces/default/pods/fresh?gracePeriodSeconds=0')
  cluster.run(20)
  expect(images(cluster)).toHaveLength(3)
  fill(cluster, true)
  cluster.run(30)
  expect(images(cluster)).toEqual(expect.arrayContaining(['docker.io/library/nginx:1.27', 'docker.io/polinux/stress:latest']))
  expect(images(cluster)).toHaveLength(2)
  cluster.run(130)
  expect(images(cluster)).toEqual(['docker.io/polinux/stress:latest'])
  expect(pod(cluster, 'stays').status?.phase).toBe('Running')
})

test('images that can not be freed are told of every five minutes, and that it failed again', () => {
  const cluster = new TestCluster({ nodes: 1 })
  cluster.run(280)
  fill(cluster, true)
  cluster.run(30)
  expect(cluster.events('FreeDiskSpaceFailed').map((each) => each['message'])[0]).toMatch(
    /^Failed to garbage collect required amount of images\. Attempted to free \d+ bytes, but only found 0 bytes eligible to free\.$/,
  )
  expect(cluster.events('ImageGCFailed')).toHaveLength(0)
  fill(cluster, false)
  cluster.run(270)
  fill(cluster, true)
  cluster.run(30)
  expect(cluster.events('ImageGCFailed')).toHaveLength(1)
})

test('a kubelet that starts anew has forgotten the pressure, and sees it again if the disk is still full', () => {
  const cluster = new TestCluster({ nodes: 1 })
  const kubelet = (on: boolean) => cluster.cluster.fault({ kind: 'node-kubelet', node: 'node-1', on })
  cluster.settle()
  fill(cluster, true)
  cluster.run(20)
  kubelet(false)
  cluster.run(5)
  kubelet(true)
  expect(diskPressure(cluster)?.status).toBe('False')
  cluster.run(15)
  expect(diskPressure(cluster)?.status).toBe('True')
  fill(cluster, false)
  kubelet(false)
  cluster.run(5)
  kubelet(true)
  cluster.run(30)
  expect(diskPressure(cluster)?.status).toBe('False')
})

test('an empty volume that outgrows its limit takes its pod with it', () => {
  const cluster = new TestCluster({ nodes: 1 })
  const script = 'while true; do echo 0123456789012345678901234567890123456789 >> /data/x; sleep 1; done'
  cluster.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default' },
    spec: {
      containers: [
        { name: 'm', image: 'busybox:1.36', command: ['sh', '-c', script], volumeMounts: [{ name: 'data', mountPath: '/data' }] },
      ],
      volumes: [{ name: 'data', emptyDir: { sizeLimit: '1Ki' } }],
    },
  } as never)
  cluster.run(90)
  expect(pod(cluster, 'p').status).toMatchObject({
    reason: 'Evicted',
    message: 'Usage of EmptyDir volume "data" exceeds the limit "1Ki". ',
  })
})

test('who writes more than the limits allow has to go, be it a container or the pod in all', () => {
  const cluster = new TestCluster({ nodes: 1 })
  const writer = (name: string, limit: string | null) => ({
    name,
    image: 'busybox:1.36',
    command: ['sh', '-c', 'sleep 15; dd if=/dev/zero of=file bs=1M count=6; sleep 10000'],
    ...(limit ? { resources: { limits: { 'ephemeral-storage': limit } } } : {}),
  })
  const create = (name: string, ...containers: object[]) =>
    cluster.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec: { containers } } as never)
  create('one', writer('a', '5Mi'), writer('b', '20Mi'))
  create('all', writer('a', '7Mi'), writer('b', null))
  create('small', writer('a', '7Mi'))
  cluster.run(60)
  const of = (name: string) => [
    pod(cluster, name).status?.phase,
    pod(cluster, name).status?.reason,
    pod(cluster, name).status?.message,
  ]
  expect(of('one')).toEqual(['Failed', 'Evicted', 'Container a exceeded its local ephemeral storage limit "5Mi". '])
  expect(of('all')[2]).toBe('Pod ephemeral local storage usage exceeds the total limit of containers 7Mi. ')
  expect(of('small')[0]).toBe('Running')
})
