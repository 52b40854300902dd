/** Static pods, as a real kubelet's audit log shows them. */
import { expect, test } from 'vitest'
import type { Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { Cluster } from '../cluster.ts'
import { TestCluster } from '../testing/test-cluster.ts'

const manifest = (image = 'nginx:1.27'): AnyObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', labels: { app: 'static' } },
    spec: { terminationGracePeriodSeconds: 3, containers: [{ name: 'web', image }] },
  }) as unknown as AnyObject

const put = ({ cluster }: TestCluster, content: AnyObject | null): void =>
  cluster.fault({ kind: 'node-manifest', node: 'node-1', file: 'web.yaml', manifest: content })

const mirror = (cluster: TestCluster): Pod | undefined =>
  cluster.get<AnyObject>('pods', 'web-node-1') as unknown as Pod | undefined

test('a manifest on a machine runs there, and a mirror pod shows it', () => {
  const cluster = new TestCluster()
  put(cluster, manifest())
  cluster.run(10)
  const { metadata, spec, status } = mirror(cluster) as Pod
  expect(metadata.labels).toMatchObject({ app: 'static' })
  const { 'kubernetes.io/config.hash': hash, ...annotations } = metadata.annotations ?? {}
  expect(hash).toMatch(/^[0-9a-f]{32}$/)
  expect(annotations).toMatchObject({ 'kubernetes.io/config.mirror': hash, 'kubernetes.io/config.source': 'file' })
  expect(metadata.ownerReferences).toMatchObject([{ apiVersion: 'v1', controller: true, kind: 'Node', name: 'node-1' }])
  expect(spec).toMatchObject({ nodeName: 'node-1', tolerations: [{ operator: 'Exists', effect: 'NoExecute' }] })
  expect(spec['serviceAccountName']).toBeUndefined()
  expect(status?.phase).toBe('Running')
  expect(status?.['observedGeneration']).toBeUndefined()
  expect(cluster.events('Started').map(({ involvedObject }) => involvedObject.uid)).toEqual([hash])
})

test('deleting the mirror pod ends nothing: it is made again', () => {
  const cluster = new TestCluster()
  put(cluster, manifest())
  cluster.run(10)
  const before = mirror(cluster) as Pod
  cluster.delete('pods', 'web-node-1')
  cluster.run(3)
  const after = mirror(cluster) as Pod
  expect(after.metadata.uid).not.toBe(before.metadata.uid)
  expect(after.status?.containerStatuses).toEqual(before.status?.containerStatuses)
  expect(cluster.events('Killing')).toEqual([])
})

test('a changed manifest replaces the pod, a removed one ends it', () => {
  const cluster = new TestCluster()
  put(cluster, manifest())
  cluster.run(10)
  put(cluster, manifest('nginx:1.28'))
  cluster.run(10)
  expect(mirror(cluster)?.spec.containers[0]?.image).toBe('nginx:1.28')
  expect(mirror(cluster)?.status?.phase).toBe('Running')
  put(cluster, null)
  cluster.run(10)
  expect(mirror(cluster)).toBeUndefined()
  expect(cluster.events('Killing')).toHaveLength(2)
})

test('it survives saving and loading, and the loss of power', () => {
  const cluster = new TestCluster()
  put(cluster, manifest())
  cluster.run(10)
  const loaded = TestCluster.of(Cluster.load(cluster.cluster.save()))
  for (const on of [false, true]) {
    loaded.cluster.fault({ kind: 'node-power', node: 'node-1', on })
    loaded.run(30)
  }
  expect(mirror(loaded)?.status).toMatchObject({ phase: 'Running', containerStatuses: [{ restartCount: 1 }] })
})
