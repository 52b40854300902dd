import { describe, expect, it } from 'vitest'
import type { Node, Pod, Taint } from '#api/kinds.ts'
import { Heartbeats } from '../../machinery/heartbeats.ts'
import { FakeApi } from '../../testing/fake-api.ts'
import { nodeIpam } from './ipam.ts'
import { nodeLifecycle } from './lifecycle.ts'
import { podGc } from './pod-gc.ts'
import { taintEviction } from './taint-eviction.ts'

class Machines {
  readonly api = new FakeApi()
  readonly heartbeats = new Heartbeats(this.api.world)
  constructor(names: string[]) {
    this.api.run(
      nodeLifecycle({
        heartbeats: this.heartbeats,
        served: () => [],
        undiscovered: () => [],
        probe: () => null,
        authority: { certificate: '', key: '' },
        checkPolicy: () => [],
        hosts: [],
        serving: () => [],
        legacyToken: () => '',
      }),
      taintEviction,
      podGc,
      nodeIpam,
    )
    for (const name of names) this.add(name)
    this.api.after(10)
  }
  add(name: string): void {
    const time = this.api.world.timestamp()
    const condition = (type: string, status: string) => ({
      type,
      status,
      reason: 'Kubelet',
      message: '',
      lastHeartbeatTime: time,
      lastTransitionTime: time,
    })
    const conditions = [
      condition('MemoryPressure', 'False'),
      condition('DiskPressure', 'False'),
      condition('PIDPressure', 'False'),
      condition('Ready', 'True'),
    ]
    const labels = { 'topology.kubernetes.io/zone': `zone-${name}`, 'kubernetes.io/os': 'linux' }
    this.api.create('nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec: {}, status: { conditions } })
    this.heartbeats.beat(name, this.api.world.now + 1000)
  }
  pod(name: string, nodeName: string, tolerationSeconds?: number): void {
    const toleration = { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds }
    const tolerations = tolerationSeconds === undefined ? [] : [toleration]
    const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: this.api.world.timestamp() }]
    this.api.create('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default' },
      spec: { nodeName, containers: [], tolerations },
      status: { phase: 'Running', conditions },
    })
  }
  ready(name: string): void {
    const node = this.node(name)
    const conditions =
      node.status?.conditions?.map((each) => ({ ...each, status: each.type === 'Ready' ? 'True' : 'False' })) ?? []
    this.api.update<Node>('nodes', { ...node, status: { ...node.status, conditions } }, { subresource: 'status' })
  }
  node(name: string): Node {
    return this.api.get<Node>('nodes', '', name)
  }
  taints(name: string): string {
    return (this.node(name).spec.taints ?? [])
      .map(({ key, effect }) => `${key.replace('node.kubernetes.io/', '')}:${effect}`)
      .join()
  }
  taint(name: string, taints: Taint[]): void {
    const node = this.node(name)
    this.api.update<Node>('nodes', { ...node, spec: { ...node.spec, taints } })
  }
  condition(name: string, type = 'Ready'): string {
    const found = this.node(name).status?.conditions?.find((each) => each.type === type)
    return `${found?.status} ${found?.reason}`
  }
  events(reason: string): string[] {
    return this.api
      .list('events')
      .filter((each) => each['reason'] === reason)
      .map((each) => each['message'])
  }
  getPod(name: string): Pod {
    return this.api.get<Pod>('pods', 'default', name)
  }
}

describe('nodes', () => {
  it('are registered, labelled, and given a range of addresses each', () => {
    const machines = new Machines(['a', 'b'])
    expect(machines.events('RegisteredNode')).toEqual([
      'Node a event: Registered Node a in Controller',
      'Node b event: Registered Node b in Controller',
    ])
    expect(machines.node('a').spec.podCIDR).toBe('10.244.0.0/24')
    expect(machines.node('b').spec.podCIDRs).toEqual(['10.244.1.0/24'])
    expect(machines.node('a').metadata.labels?.['beta.kubernetes.io/os']).toBe('linux')
  })

  it('that come many at once get their ranges at the pace of one client: thirty, then twenty a second', () => {
    const machines = new Machines(Array.from({ length: 130 }, (_, i) => `m${i}`))
    machines.api.after(10)
    const ranges = () => machines.api.list<Node>('nodes').flatMap(({ spec }) => spec.podCIDR ?? [])
    expect(ranges().length).toBe(130)
    for (let i = 0; i < 130; i++) machines.add(`n${i}`)
    machines.api.after(2.02)
    expect(ranges().length).toBe(130 + 30 + 40)
    machines.api.after(3)
    expect(new Set(ranges()).size).toBe(260)
  })

  it('that change before they are seen to have a range do not get another', () => {
    const machines = new Machines(['a'])
    for (let i = 0; i < 20; i++) {
      machines.add(`n${i}`)
      for (let change = 0; change < 5; change++) {
        machines.api.patch('nodes', '', `n${i}`, 'merge', { metadata: { labels: { change: `${change}` } } })
        machines.api.after(0.002)
      }
    }
    machines.api.after(1)
    expect(machines.node('n19').spec.podCIDR).toBe('10.244.20.0/24')
  })

  it('turn Unknown when their kubelet is silent for 50 s, are tainted, lose their Pods, and come back', () => {
    const machines = new Machines(['a', 'b'])
    machines.pod('web', 'a', 5)
    machines.api.after(1)
    machines.heartbeats.silence('a', machines.api.world.now)
    machines.api.after(44)
    expect(machines.condition('a')).toBe('True Kubelet')
    machines.api.after(12)
    expect(machines.condition('a')).toBe('Unknown NodeStatusUnknown')
    expect(machines.condition('a', 'DiskPressure')).toBe('Unknown NodeStatusUnknown')
    expect(machines.taints('a')).toBe('unreachable:NoSchedule,unreachable:NoExecute')
    expect(machines.events('NodeNotReady')).toEqual(['Node a status is now: NodeNotReady', 'Node is not ready'])
    expect(machines.getPod('web').status?.conditions?.[0]?.status).toBe('False')
    machines.api.after(5)
    expect(machines.getPod('web').metadata.deletionTimestamp).toBeDefined()
    expect(machines.getPod('web').status?.conditions?.[0]).toMatchObject({
      type: 'DisruptionTarget',
      reason: 'DeletionByTaintManager',
    })
    expect(machines.events('TaintManagerEviction')).toEqual(['Marking for deletion Pod default/web'])
    machines.heartbeats.beat('a', machines.api.world.now)
    machines.ready('a')
    machines.api.after(6)
    expect(machines.taints('a')).toBe('')
  })

  it('are not evicted from when all of them fall silent, for then the trouble may be ours', () => {
    const machines = new Machines(['a', 'b'])
    machines.heartbeats.silence('a', machines.api.world.now)
    machines.heartbeats.silence('b', machines.api.world.now)
    machines.api.after(80)
    expect(machines.condition('a')).toBe('Unknown NodeStatusUnknown')
    expect(machines.taints('a')).toBe('unreachable:NoSchedule')
    expect(machines.taints('b')).toBe('unreachable:NoSchedule')
  })

  it('that nobody ever reported turn Unknown after a minute', () => {
    const machines = new Machines(['a', 'b', 'c'])
    machines.api.create('nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'paper' }, spec: {} })
    machines.api.after(70)
    expect(machines.condition('paper')).toBe('Unknown NodeStatusNeverUpdated')
  })

  it('are tainted when cordoned', () => {
    const machines = new Machines(['a'])
    machines.api.patch('nodes', '', 'a', 'merge', { spec: { unschedulable: true } })
    machines.api.after(1)
    expect(machines.taints('a')).toBe('unschedulable:NoSchedule')
    machines.api.patch('nodes', '', 'a', 'merge', { spec: { unschedulable: null } })
    machines.api.after(1)
    expect(machines.taints('a')).toBe('')
  })

  it('drive out Pods that do not tolerate a taint, and let the others be', () => {
    const machines = new Machines(['a'])
    machines.pod('shy', 'a')
    machines.pod('patient', 'a', 60)
    machines.taint('a', [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }])
    machines.api.after(1)
    expect(machines.getPod('shy').metadata.deletionTimestamp).toBeDefined()
    expect(machines.getPod('patient').metadata.deletionTimestamp).toBeUndefined()
    machines.taint('a', [])
    machines.api.after(90)
    expect(machines.getPod('patient').metadata.deletionTimestamp).toBeUndefined()
    expect(machines.events('TaintManagerEviction')).toEqual([
      'Marking for deletion Pod default/shy',
      'Cancelling deletion of Pod default/patient',
    ])
  })

  it('that are deleted lose their Pods after the quarantine', () => {
    const machines = new Machines(['a', 'b'])
    machines.pod('left', 'a')
    machines.api.delete('nodes', '', 'a')
    machines.api.after(30)
    expect(machines.getPod('left').status?.phase).toBe('Running')
    machines.api.after(60)
    expect(machines.api.list('pods')).toEqual([])
    expect(machines.events('RemovingNode')).toEqual(['Node a event: Removing Node a from Controller'])
  })
})
