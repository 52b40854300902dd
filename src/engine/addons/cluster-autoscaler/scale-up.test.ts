import { describe, expect, it } from 'vitest'
import { parseYaml } from '#api/go-yaml/read.ts'
import { toYaml } from '#api/yaml.ts'
import { deployment, pod } from '../../testing/builders.ts'
import { TestCluster } from '../../testing/test-cluster.ts'
import { asking, autoscaled, command, logOf, messages, statusOf, withNodes, workers } from './testing/autoscaled.ts'

describe('scaling up', () => {
  it('runs as a Pod in kube-system, and tells of itself', () => {
    const t = autoscaled().run(30)
    const own = t.readyPods({ app: 'cluster-autoscaler' })
    expect(own.map(({ metadata }) => metadata.namespace)).toEqual(['kube-system'])
    expect(logOf(t)).toContain('static_autoscaler.go:308] Starting main loop')
    expect(statusOf(t)).toContain('autoscalerStatus: Running')
    const status = parseYaml(statusOf(t)).value
    expect(statusOf(t)).toBe(toYaml(status).replace(/^time: "(.*)"$/m, 'time: $1'))
    expect(t.get('leases.coordination.k8s.io', 'cluster-autoscaler', 'kube-system')?.['spec'].holderIdentity).toBe(
      own[0]?.metadata.name,
    )
  })

  it('adds machines for a Deployment that does not fit', () => {
    const t = autoscaled().run(30)
    t.create(asking('web', 8, '1500m'))
    t.run(20)
    expect(new Set(messages(t, 'TriggeredScaleUp'))).toEqual(new Set(['pod triggered scale-up: [{workers 0->1 (max: 5)}]']))
    expect(messages(t, 'ScaledUpGroup')).toEqual([
      'Scale-up: setting group workers size to 1 instead of 0 (max: 5)',
      'Scale-up: group workers size set to 1 instead of 0 (max: 5)',
    ])
    expect(statusOf(t)).toContain('status: InProgress')
    expect(workers(t)).toEqual([])
    t.run(90)
    expect(workers(t)).toEqual(['workers-1'])
    expect(t.readyPods({ app: 'web' }).length).toBe(8)
    expect(t.get('nodes', 'workers-1')?.metadata.labels?.['cloud.tabernetes.dev/node-group']).toBe('workers')
  })

  it('counts how many machines are needed, and asks once for all', () => {
    const t = autoscaled().run(30)
    t.create(asking('web', 14, '1500m'))
    t.run(120)
    expect(messages(t, 'TriggeredScaleUp')[0]).toBe('pod triggered scale-up: [{workers 0->4 (max: 5)}]')
    expect(workers(t).length).toBe(4)
    expect(t.readyPods({ app: 'web' }).length).toBe(14)
  })

  it('tells a Pod that fits nowhere why no machine would help', () => {
    const t = autoscaled().run(30)
    t.create(asking('huge', 1, '64'))
    t.run(60)
    expect(messages(t, 'NotTriggerScaleUp')).toEqual(["pod didn't trigger scale-up: 1 Insufficient cpu"])
    expect(workers(t)).toEqual([])
    expect(logOf(t)).toContain('predicate "NodeResourcesFit" didn\'t pass (predicateReasons=[Insufficient cpu])')
  })

  it('asks the scheduler’s own filters: labels that no machine has', () => {
    const t = autoscaled().run(30)
    t.create(pod('picky', 'nginx:1.27', { nodeSelector: { disk: 'ssd' } }))
    t.run(60)
    expect(messages(t, 'NotTriggerScaleUp')).toEqual([
      "pod didn't trigger scale-up: 1 node(s) didn't match Pod's node affinity/selector",
    ])
  })

  it('gives one machine to each Pod that wants to be alone', () => {
    const t = autoscaled().run(30)
    const podAntiAffinity = {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'alone' } } },
      ],
    }
    const template = {
      metadata: { labels: { app: 'alone' } },
      spec: { affinity: { podAntiAffinity }, containers: [{ name: 'web', image: 'nginx:1.27' }] },
    }
    t.create(deployment('alone', 5, 'nginx:1.27', { template }))
    t.run(120)
    expect(workers(t)).toEqual(['workers-1', 'workers-2'])
    expect(t.readyPods({ app: 'alone' }).length).toBe(5)
  })

  it('stops at the largest size of the group', () => {
    const t = autoscaled().run(30)
    t.create(asking('web', 30, '1500m'))
    t.run(200)
    expect(workers(t).length).toBe(5)
    expect(t.readyPods({ app: 'web' }).length).toBe(16)
    expect(new Set(messages(t, 'NotTriggerScaleUp'))).toEqual(
      new Set(["pod didn't trigger scale-up: 1 max node group size reached"]),
    )
  })

  it('follows an edit of --nodes', () => {
    const t = autoscaled().run(30)
    withNodes(t, '--nodes=0:1:small')
    t.run(60)
    t.create(asking('web', 14, '1500m'))
    t.run(120)
    expect(workers(t)).toEqual(['small-1'])
    expect(messages(t, 'TriggeredScaleUp')[0]).toBe('pod triggered scale-up: [{small 0->1 (max: 1)}]')
    withNodes(t, '--nodes=0:3:small')
    t.run(240)
    expect(workers(t)).toEqual(['small-1', 'small-2', 'small-3'])
  })

  it('does nothing for expendable Pods', () => {
    const t = autoscaled().run(30)
    t.create({
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: 'filler' },
      value: -11,
    } as any)
    t.create(pod('filler', 'nginx:1.27', { priorityClassName: 'filler', containers: [big('3')] }))
    for (const name of ['a', 'b', 'c']) t.create(pod(name, 'nginx:1.27', { containers: [big('3')] }))
    t.run(60)
    expect([messages(t, 'TriggeredScaleUp'), workers(t)]).toEqual([[], []])
  })

  it('ends with the error of a flag that it does not know', () => {
    const t = autoscaled().run(30)
    command(t, ['./cluster-autoscaler', '--nodes=0:5:workers', '--max-speed=9'])
    t.run(60)
    const failed = t.pods({ app: 'cluster-autoscaler' }).find((each) => each.status?.containerStatuses?.[0]?.restartCount)
    expect(failed?.status?.containerStatuses?.[0]?.lastState?.terminated?.exitCode).toBe(2)
    expect(logOf(t, failed?.metadata.name).trim().split('\n').at(-1)).toBe('unknown flag: --max-speed')
  })

  it('goes on from a saved world as if nothing had happened', () => {
    const t = autoscaled().run(30)
    t.create(asking('web', 14, '1500m'))
    t.run(35)
    const copy = TestCluster.of((t.cluster.constructor as any).load(t.cluster.save()))
    t.run(900)
    copy.run(900)
    expect(copy.cluster.save()).toBe(t.cluster.save())
    expect(workers(copy).length).toBe(4)
  })
})

const big = (cpu: string) => ({ name: 'web', image: 'nginx:1.27', resources: { requests: { cpu } } })
