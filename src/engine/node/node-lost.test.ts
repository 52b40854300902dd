import { expect, test } from 'vitest'
import { Cluster } from '../cluster.ts'
import { deployment } from '../testing/builders.ts'

const conditions = (cluster: Cluster, name: string): string[] =>
  ((cluster.read('nodes', '', name) as any).status.conditions as any[]).map((c) => `${c.type}=${c.status} ${c.reason}`)

test.each(['node-kubelet', 'node-power'] as const)('a node that is lost (%s) is found out, and comes back', (kind) => {
  const cluster = new Cluster({ nodes: 3 })
  cluster.run(2000)
  cluster.request({ method: 'POST', path: '/apis/apps/v1/namespaces/default/deployments', body: deployment('web', 3) })
  cluster.settle()
  cluster.fault({ kind, node: 'node-3', on: false })
  cluster.run(60_000)
  expect(conditions(cluster, 'node-3')).toEqual(
    ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'].map((type) => `${type}=Unknown NodeStatusUnknown`),
  )
  cluster.run(330_000)
  const pods = () => cluster.server.readAll('pods', 'default') as any[]
  expect(pods().filter((p) => p.metadata.deletionTimestamp && p.spec.nodeName === 'node-3').length).toBe(1)
  cluster.fault({ kind, node: 'node-3', on: true })
  cluster.run(20_000)
  expect(conditions(cluster, 'node-3').at(-1)).toBe('Ready=True KubeletReady')
  expect(pods().filter((p) => p.metadata.deletionTimestamp)).toEqual([])
  expect((cluster.read('deployments.apps', 'default', 'web') as any).status.readyReplicas).toBe(3)
  expect((cluster.read('nodes', '', 'node-3') as any).spec.taints ?? []).toEqual([])
})
