import { expect, test } from 'vitest'
import { TestCluster } from '../testing/test-cluster.ts'

/** A pod whose Secret does not exist, some seconds after it was placed. */
function waiting(hostNetwork: boolean) {
  const cluster = new TestCluster()
  const containers = [{ name: 'main', image: 'nginx', volumeMounts: [{ name: 'v', mountPath: '/x' }] }]
  const spec = { hostNetwork, containers, volumes: [{ name: 'v', secret: { secretName: 'none' } }] }
  cluster.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'default' }, spec } as never)
  cluster.run(5)
  return cluster.get('pods', 'p')?.['status'] as { phase: string; hostIP: string; podIP?: string; podIPs?: object[] }
}

test('a pod on its machine’s network shows the machine’s address while it still waits for its volumes', () => {
  const { phase, hostIP, podIP, podIPs } = waiting(true)
  expect([phase, podIP, podIPs]).toEqual(['Pending', hostIP, [{ ip: hostIP }]])
})

test('a pod with a network of its own has no address before its sandbox is there', () => {
  const { phase, podIP } = waiting(false)
  expect([phase, podIP]).toEqual(['Pending', undefined])
})
