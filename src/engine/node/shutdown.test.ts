import { expect, test } from 'vitest'
import type { Node, Pod } from '#api/kinds.ts'
import { TestCluster } from '../testing/test-cluster.ts'

function pod(cluster: TestCluster, name: string, more: object = {}): void {
  const script = 'trap "sleep 4; exit 0" TERM; while :; do sleep 1; done'
  const spec = { containers: [{ name: 'm', image: 'busybox:1.36', command: ['sh', '-c', script] }], nodeName: 'node-1', ...more }
  cluster.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec } as never)
}

const ready = (cluster: TestCluster) =>
  (cluster.get<Node>('nodes', 'node-1') as Node).status?.conditions?.find(({ type }) => type === 'Ready')
const status = (cluster: TestCluster, name: string) => (cluster.get<Pod>('pods', name) as Pod).status

test('a machine that shuts down ends its pods first, those that are needed last', () => {
  const cluster = new TestCluster({ nodes: 1 })
  pod(cluster, 'usual')
  pod(cluster, 'needed', { priorityClassName: 'system-node-critical' })
  cluster.settle()
  cluster.cluster.fault({ kind: 'node-power', node: 'node-1', on: false, graceSeconds: 30 })
  cluster.run(2)
  expect(ready(cluster)).toMatchObject({ status: 'False', reason: 'KubeletNotReady', message: 'node is shutting down' })
  pod(cluster, 'late')
  cluster.run(5)
  expect(status(cluster, 'late')).toMatchObject({
    phase: 'Failed',
    reason: 'NodeShutdown',
    message: 'Pod was rejected: Pod was rejected as the node is shutting down.',
  })
  expect(status(cluster, 'usual')).toMatchObject({
    phase: 'Failed',
    reason: 'Terminated',
    message: 'Pod was terminated in response to imminent node shutdown.',
  })
  expect(status(cluster, 'usual')?.conditions?.find(({ type }) => type === 'DisruptionTarget')).toMatchObject({
    status: 'True',
    reason: 'TerminationByKubelet',
  })
  expect(status(cluster, 'needed')?.containerStatuses?.[0]?.state?.running).toBeDefined()
  cluster.run(10)
  expect(status(cluster, 'needed')?.phase).toBe('Failed')
  cluster.cluster.fault({ kind: 'node-power', node: 'node-1', on: true })
  cluster.run(5)
  expect(ready(cluster)?.status).toBe('True')
})
