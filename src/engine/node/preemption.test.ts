import { expect, it } from 'vitest'
import { TestCluster } from '../testing/test-cluster.ts'

const big = (name: string, priorityClassName: string): any => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { priorityClassName, containers: [{ name: 'main', image: 'nginx:1.27', resources: { requests: { cpu: '3' } } }] },
})

const priority = (name: string, value: number): any => ({
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name },
  value,
})

it('lets the winner of a preemption in as soon as the containers of the one that had to go have ended', () => {
  const cluster = new TestCluster({ nodes: 1 })
  for (const each of [priority('low', 1), priority('high', 9), big('loser', 'low')]) cluster.create(each)
  cluster.run(5)
  cluster.create(big('winner', 'high'))
  cluster.run(40)
  expect(cluster.pods().map(({ metadata, status }) => [metadata.name, status?.phase])).toEqual([['winner', 'Running']])
})
