import { describe, expect, it } from 'vitest'
import type { Node } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { Cluster } from '../../index.ts'
import { pod } from '../../testing/builders.ts'
import { TestCluster } from '../../testing/test-cluster.ts'
import { asking, autoscaled, logOf, messages, withNodes, workers } from './testing/autoscaled.ts'

/** The first three machines are full of one Deployment, two more have another's Pods. */
function grown(annotations: Record<string, string> = {}): TestCluster {
  const t = autoscaled().run(30)
  t.create(asking('old', 6, '1500m'))
  t.run(10).create(asking('web', 4, '1500m', annotations))
  return t.run(150)
}

const taints = (t: TestCluster, node: string): string[] =>
  (t.get<Node>('nodes', node)?.spec.taints ?? []).map(({ key, effect }) => `${key}:${effect}`)

const CANDIDATE = 'DeletionCandidateOfClusterAutoscaler:PreferNoSchedule'
const annotation = (word: string) => `cluster-autoscaler.kubernetes.io/${word}`

/** A Pod that keeps a place on the machine, of 10 % of it. */
const small = (name: string, node: string, more: Record<string, unknown> = {}) => ({
  ...pod(name, 'nginx:1.27', {
    nodeSelector: { 'kubernetes.io/hostname': node },
    containers: [{ name: 'web', image: 'nginx:1.27', resources: { requests: { cpu: '400m' } } }],
  }),
  ...more,
})

const budget = (minAvailable: number): AnyObject => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'web' },
  spec: { minAvailable, selector: { matchLabels: { app: 'web' } } },
})

describe('scaling down', () => {
  it('marks a machine that is hardly used, and removes it after ten minutes', () => {
    const t = grown()
    expect(workers(t)).toEqual(['workers-1', 'workers-2'])
    t.patch('deployments.apps', 'web', { spec: { replicas: 0 } })
    t.run(20)
    expect(taints(t, 'workers-1')).toEqual([CANDIDATE])
    t.run(570)
    expect(messages(t, 'ScaleDownEmpty')).toEqual([])
    t.run(30)
    expect(messages(t, 'ScaleDownEmpty').sort()).toEqual([
      'Scale-down: empty node workers-1 removed',
      'Scale-down: empty node workers-2 removed',
      'Scale-down: removing empty node "workers-1"',
      'Scale-down: removing empty node "workers-2"',
    ])
    t.run(120)
    expect(workers(t)).toEqual([])
    expect(messages(t, 'DeletingNode')).toContain('Deleting node workers-1 because it does not exist in the cloud provider')
  })

  it('drains machines whose Pods have room elsewhere, one after the other', () => {
    const t = grown()
    t.patch('deployments.apps', 'web', { spec: { replicas: 2 } })
    t.delete('deployments.apps', 'old')
    t.run(1500)
    expect(workers(t)).toEqual([])
    expect(t.readyPods({ app: 'web' }).length).toBe(2)
    const told = messages(t, 'ScaleDown')
    expect(told).toContain('deleting pod for node scale down')
    expect(told).toContain('marked the node as toBeDeleted/unschedulable')
    const begun = told.filter((text) =>
      /^Scale-down: removing node workers-\d, utilization: \{0\.375 0 0 0 cpu 0\.375\}, pods to reschedule: web-\S+$/.test(text),
    )
    const ended = told.filter((text) => /^Scale-down: node workers-\d removed with drain$/.test(text))
    expect([begun.length > 0, begun.length]).toEqual([true, ended.length])
  })

  it('waits ten minutes after a scale-up', () => {
    const t = autoscaled().run(30)
    withNodes(t, '--nodes=0:5:workers', '--scale-down-unneeded-time=1m')
    t.run(60)
    t.create(asking('web', 10, '1500m'))
    t.run(120)
    t.delete('deployments.apps', 'web')
    t.run(440)
    expect(workers(t)).toEqual(['workers-1', 'workers-2'])
    expect(logOf(t)).toContain('scaleDownForbidden=false scaleDownInCooldown=true')
    t.run(200)
    expect(workers(t)).toEqual([])
  })

  it('keeps machines for Pods whose budget allows no disruption', () => {
    const t = grown()
    t.create(budget(2))
    t.patch('deployments.apps', 'web', { spec: { replicas: 2 } })
    t.delete('deployments.apps', 'old')
    t.run(1500)
    const kept = workers(t)
    expect(kept.length).toBeGreaterThan(0)
    expect(logOf(t)).toContain('not enough pod disruption budget to move default/web-')
    t.patch('poddisruptionbudgets.policy', 'web', { spec: { minAvailable: 1 } })
    t.run(1800)
    expect(workers(t)).toEqual([])
  })

  it('keeps a machine for Pods that nobody would make again, or that must not be evicted', () => {
    const t = grown()
    t.patch('deployments.apps', 'web', { spec: { replicas: 0 } })
    t.create(small('single', 'workers-1'))
    t.run(1000)
    expect(workers(t)).toEqual(['workers-1'])
    expect(logOf(t)).toContain('Node workers-1 cannot be removed: default/single is not replicated')
    t.patch('pods', 'single', { metadata: { annotations: { [annotation('safe-to-evict')]: 'true' } } })
    t.run(1200)
    expect(workers(t)).toEqual(['workers-1'])
    expect(logOf(t)).toContain('can reschedule only 0 out of 1 pods')
  })

  it('respects the annotation that a node is to stay', () => {
    const t = grown()
    t.patch('nodes', 'workers-2', { metadata: { annotations: { [annotation('scale-down-disabled')]: 'true' } } })
    t.patch('deployments.apps', 'web', { spec: { replicas: 0 } })
    t.run(900)
    expect(workers(t)).toEqual(['workers-2'])
    expect(logOf(t)).toContain('Skipping workers-2 from delete consideration - the node is marked as no scale down')
  })

  it('respects a Pod that says it is not safe to evict', () => {
    const t = grown({ [annotation('safe-to-evict')]: 'false' })
    t.patch('deployments.apps', 'web', { spec: { replicas: 2 } })
    t.delete('deployments.apps', 'old')
    t.run(1500)
    expect(workers(t).length).toBeGreaterThan(0)
    expect(logOf(t)).toContain('pod annotated as not safe to evict present: web-')
    expect(messages(t, 'ScaleDown').filter((text) => text.startsWith('deleting pod'))).toEqual([])
  })

  it('leaves as many machines as the group must have', () => {
    const t = grown()
    withNodes(t, '--nodes=1:5:workers')
    t.patch('deployments.apps', 'web', { spec: { replicas: 0 } })
    t.run(1200)
    expect(workers(t).length).toBe(1)
    expect(logOf(t)).toMatch(/Skipping workers-\d - node group min size reached \(current: 1, min: 1\)/)
  })

  it('begins anew when its process dies while it drains: the mark is taken back', () => {
    const t = grown()
    t.patch('deployments.apps', 'web', { spec: { replicas: 2 } })
    t.delete('deployments.apps', 'old')
    const isMarked = () => workers(t).some((node) => taints(t, node).includes('ToBeDeletedByClusterAutoscaler:NoSchedule'))
    for (let i = 0; i < 1000 && !isMarked(); i++) t.run(1)
    const [own] = t.readyPods({ app: 'cluster-autoscaler' })
    t.cluster.fault({ kind: 'container-kill', namespace: 'kube-system', pod: own?.metadata.name ?? '', container: '' })
    t.run(40)
    expect(isMarked()).toBe(false)
    expect(messages(t, 'ClusterAutoscalerCleanup')[0]).toMatch(
      /^removed ToBeDeletedByClusterAutoscaler taint from node workers-\d$/,
    )
    t.run(1500)
    expect(workers(t)).toEqual([])
  })

  it('does nothing while its machine has no power', () => {
    const t = autoscaled().run(30)
    const [own] = t.readyPods({ app: 'cluster-autoscaler' })
    t.cluster.fault({ kind: 'node-power', node: own?.spec.nodeName ?? '', on: false })
    t.create(asking('web', 8, '1500m'))
    t.run(30)
    expect(messages(t, 'TriggeredScaleUp')).toEqual([])
    t.run(600)
    expect(workers(t)).not.toEqual([])
    expect(t.readyPods({ app: 'web' }).length).toBe(8)
  })

  it('goes on from a world that was saved while a machine left, and lets go of all that the machine was', () => {
    const t = grown()
    t.patch('deployments.apps', 'web', { spec: { replicas: 0 } })
    t.run(620)
    const copy = TestCluster.of(Cluster.load(t.cluster.save()))
    for (const each of [t, copy]) each.run(200)
    expect(copy.cluster.save()).toBe(t.cluster.save())
    expect(workers(copy)).toEqual([])
    const again = Cluster.load(copy.cluster.save())
    expect(again.save()).toBe(copy.cluster.save())
    expect(again.machines.roster().map(({ name }) => name)).toEqual(['node-1', 'node-2', 'node-3'])
  })

  it('takes its mark back when the machine is needed again', () => {
    const t = grown()
    t.patch('deployments.apps', 'web', { spec: { replicas: 0 } })
    t.run(60)
    expect(taints(t, 'workers-1')).toEqual([CANDIDATE])
    t.patch('deployments.apps', 'web', { spec: { replicas: 4 } })
    t.run(60)
    expect(taints(t, 'workers-1')).toEqual([])
    expect(workers(t).length).toBe(2)
  })
})
