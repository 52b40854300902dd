import { describe, expect, it } from 'vitest'
import type { Pod } from '#api/kinds.ts'
import { Cluster } from '../cluster.ts'
import { deployment, pod } from '../testing/builders.ts'
import { TestCluster } from '../testing/test-cluster.ts'

const reasons = (cluster: TestCluster, name: string) =>
  cluster
    .all('events')
    .filter((event) => event['involvedObject'].name.startsWith(name) && event['reason'] === 'FailedScheduling')
    .map((event) => event['message'])

const END = 'no new claims to deallocate, preemption: 0/3 nodes are available:'
const perNode = (pods: Pod[]) => {
  const counts: Record<string, number> = {}
  for (const { spec } of pods) counts[spec.nodeName ?? 'nowhere'] = (counts[spec.nodeName ?? 'nowhere'] ?? 0) + 1
  return counts
}

const template = (name: string, spec: Record<string, unknown>, container: Record<string, unknown> = {}) => ({
  template: {
    metadata: { labels: { app: name } },
    spec: { containers: [{ name: 'web', image: 'nginx:1.27', ...container }], ...spec },
  },
})

describe('in a whole cluster', () => {
  it('a Pod too big for any node waits, and says why', () => {
    const cluster = new TestCluster()
    const containers = [{ name: 'app', image: 'nginx:1.27', resources: { requests: { cpu: '100', memory: '1Ti' } } }]
    cluster.create(pod('both', '', { containers }))
    cluster.run(5)
    const message = `0/3 nodes are available: 3 Insufficient cpu, 3 Insufficient memory. ${END} 3 Preemption is not helpful for scheduling.`
    expect(reasons(cluster, 'both')).toEqual([message])
    expect(cluster.get<Pod>('pods', 'both')?.status?.conditions).toMatchObject([
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message, observedGeneration: 1, lastProbeTime: null },
    ])
  })

  it('when a Pod that has a node goes, one too big is tried again: a second event, about its newer version', () => {
    const cluster = new TestCluster()
    cluster.create(pod('small'))
    const containers = [{ name: 'app', image: 'nginx:1.27', resources: { requests: { cpu: '100' } } }]
    cluster.create(pod('cpu', '', { containers }))
    cluster.run(5)
    expect(reasons(cluster, 'cpu')).toHaveLength(1)
    cluster.request('DELETE', '/api/v1/namespaces/default/pods/small')
    cluster.run(60)
    const [first, second, ...more] = reasons(cluster, 'cpu')
    expect([second, more]).toEqual([first, []])
  })

  it('Pods that avoid each other take a node each, and the fourth waits', () => {
    const cluster = new TestCluster()
    const term = { labelSelector: { matchLabels: { app: 'db' } }, topologyKey: 'kubernetes.io/hostname' }
    const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } }
    cluster.create(deployment('db', 4, '', template('db', { affinity })))
    cluster.settle()
    expect(perNode(cluster.pods({ app: 'db' }))).toEqual({ 'node-1': 1, 'node-2': 1, 'node-3': 1, nowhere: 1 })
    expect(reasons(cluster, 'db')).toEqual([
      `0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules. ${END} 3 No preemption victims found for incoming pod.`,
    ])
  })

  it('Pods that want the same host port take a node each', () => {
    const cluster = new TestCluster()
    cluster.create(deployment('proxy', 4, '', template('proxy', {}, { ports: [{ containerPort: 80, hostPort: 18080 }] })))
    cluster.settle()
    expect(perNode(cluster.pods({ app: 'proxy' }))).toEqual({ 'node-1': 1, 'node-2': 1, 'node-3': 1, nowhere: 1 })
    expect(reasons(cluster, 'proxy')[0]).toContain("3 node(s) didn't have free ports for the requested pod ports.")
  })

  it('Pods are spread evenly over zones, and by default over nodes', () => {
    const cluster = new TestCluster()
    const constraint = { maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: { app: 'web' } } }
    const topologySpreadConstraints = [{ ...constraint, topologyKey: 'kubernetes.io/hostname' }]
    cluster.create(deployment('web', 6, '', template('web', { topologySpreadConstraints })))
    cluster.create(deployment('plain', 6))
    cluster.settle()
    expect(perNode(cluster.pods({ app: 'web' }))).toEqual({ 'node-1': 2, 'node-2': 2, 'node-3': 2 })
    expect(perNode(cluster.pods({ app: 'plain' }))).toEqual({ 'node-1': 2, 'node-2': 2, 'node-3': 2 })
  })

  it('a taint keeps Pods away until it is gone', () => {
    const cluster = new TestCluster()
    cluster.request(
      'PATCH',
      '/api/v1/nodes/node-1',
      { spec: { taints: [{ key: 'team', value: 'blue', effect: 'NoSchedule' }] } },
      merge,
    )
    cluster.create(pod('late', 'nginx:1.27', { nodeSelector: { 'kubernetes.io/hostname': 'node-1' } }))
    cluster.run(5)
    expect(reasons(cluster, 'late')).toEqual([
      `0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) didn't match Pod's node affinity/selector. ${END} 3 Preemption is not helpful for scheduling.`,
    ])
    cluster.request('PATCH', '/api/v1/nodes/node-1', { spec: { taints: null } }, merge)
    cluster.run(15)
    expect(cluster.get<Pod>('pods', 'late')?.spec.nodeName).toBe('node-1')
  })

  it('a more important Pod drives out a lesser one', () => {
    const cluster = new TestCluster()
    for (const [name, value] of [
      ['low', 10],
      ['high', 1000],
    ] as const) {
      cluster.create({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value })
    }
    const containers = [{ name: 'app', image: 'nginx:1.27', ports: [{ containerPort: 80, hostPort: 18081 }] }]
    const spec = { nodeSelector: { 'kubernetes.io/hostname': 'node-1' }, terminationGracePeriodSeconds: 1, containers }
    cluster.create(pod('low', '', { ...spec, priorityClassName: 'low' }))
    cluster.run(10)
    cluster.create(pod('high', '', { ...spec, priorityClassName: 'high' }))
    cluster.run(40)
    expect(cluster.get<Pod>('pods', 'low')).toBeUndefined()
    const high = cluster.get<Pod>('pods', 'high')
    expect([high?.spec.nodeName, high?.status?.phase]).toEqual(['node-1', 'Running'])
    const preempted = cluster.all('events').filter((event) => event['reason'] === 'Preempted')
    expect(preempted.map((event) => event['message'])).toEqual([`Preempted by pod ${high?.metadata.uid} on node node-1`])
  })

  it('a loaded world goes on as the one that was saved', () => {
    const live = new TestCluster()
    live.create(deployment('web', 5))
    live.create(pod('huge', '', { containers: [{ name: 'a', image: 'nginx', resources: { requests: { cpu: '100' } } }] }))
    live.run(1)
    const copy = TestCluster.of(Cluster.load(live.cluster.save()))
    for (const cluster of [live, copy]) {
      cluster.create(deployment('more', 7))
      cluster.run(400)
    }
    const placed = (pods: Pod[]) => pods.map(({ metadata, spec }) => `${metadata.name} on ${spec.nodeName}`).sort()
    expect(placed(copy.pods())).toEqual(placed(live.pods()))
    const saved = ({ cluster }: TestCluster) => JSON.stringify(cluster.controlPlane.scheduler?.save())
    expect(saved(copy)).toBe(saved(live))
  })
})

const merge = { 'content-type': 'application/merge-patch+json' }
