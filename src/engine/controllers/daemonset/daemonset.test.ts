import { describe, expect, it } from 'vitest'
import type { ControllerRevision, DaemonSet, Node, Pod, Taint } from '#api/kinds.ts'
import { FakeApi } from '../../testing/fake-api.ts'
import { targetOf } from './fit.ts'
import { daemonSet } from './index.ts'

class Story {
  readonly api = new FakeApi()
  constructor(nodes: number, spec: Partial<DaemonSet['spec']> = {}) {
    this.api.run(daemonSet)
    for (let i = 1; i <= nodes; i++) this.addNode(`node-${i}`)
    const template = { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'agent', image: 'agent:1' }] } }
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } }
    this.api.create<DaemonSet>('daemonsets.apps', {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'agent', namespace: 'default' },
      spec: { selector: { matchLabels: { app: 'agent' } }, template, updateStrategy, ...spec },
    })
    this.api.after(1)
  }
  addNode(name: string, labels: Record<string, string> = {}): void {
    this.api.create<Node>('nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec: {} })
  }
  taint(name: string, taints: Taint[]): this {
    this.api.update<Node>('nodes', { ...this.api.get<Node>('nodes', '', name), spec: { taints } })
    return this.after(1)
  }
  after(seconds: number): this {
    this.api.after(seconds)
    return this
  }
  get set(): DaemonSet {
    return this.api.get<DaemonSet>('daemonsets.apps', 'default', 'agent')
  }
  get pods(): Pod[] {
    return this.api.list<Pod>('pods')
  }
  setImage(image: string): this {
    const { set } = this
    const template = { ...set.spec.template, spec: { containers: [{ name: 'agent', image }] } }
    const metadata = { ...set.metadata, generation: (set.metadata.generation ?? 0) + 1 }
    this.api.update('daemonsets.apps', { ...set, metadata, spec: { ...set.spec, template } })
    return this.after(1)
  }
  /** `node-1 agent:1` of each Pod; `!` marks those being deleted, `?` those not ready. */
  get state(): string[] {
    return this.pods
      .map((pod) => {
        const mark = pod.metadata.deletionTimestamp ? '!' : pod.status?.phase === 'Running' ? '' : '?'
        return `${targetOf(pod)} ${pod.spec.containers[0]?.image}${mark}`
      })
      .sort()
  }
  /** Waiting Pods become ready where they belong, deleted ones vanish. */
  next(): this {
    for (const pod of this.pods) {
      if (pod.metadata.deletionTimestamp) this.api.delete('pods', 'default', pod.metadata.name, { gracePeriodSeconds: 0 })
      else if (pod.status?.phase !== 'Running') {
        const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: this.api.world.timestamp() }]
        const bound = this.api.update<Pod>('pods', { ...pod, spec: { ...pod.spec, nodeName: targetOf(pod) ?? '' } })
        this.api.update<Pod>('pods', { ...bound, status: { phase: 'Running', conditions } }, { subresource: 'status' })
      }
    }
    return this.after(1)
  }
}

describe('daemons', () => {
  it('run on every node, those that come later too', () => {
    const story = new Story(2)
    expect(story.state).toEqual(['node-1 agent:1?', 'node-2 agent:1?'])
    story.addNode('node-3')
    story.after(1).next()
    expect(story.state).toEqual(['node-1 agent:1', 'node-2 agent:1', 'node-3 agent:1'])
    expect(story.set.status).toMatchObject({ desiredNumberScheduled: 3, numberReady: 3, updatedNumberScheduled: 3 })
    expect(story.set.status?.numberUnavailable).toBeUndefined()
  })

  it('come and go with the labels that are asked for', () => {
    const nodeSelector = { agent: 'wanted' }
    const template = {
      metadata: { labels: { app: 'agent' } },
      spec: { nodeSelector, containers: [{ name: 'agent', image: 'agent:1' }] },
    }
    const story = new Story(2, { template })
    expect(story.state).toEqual([])
    const node = story.api.get<Node>('nodes', '', 'node-2')
    const labelled = story.api.update('nodes', { ...node, metadata: { ...node.metadata, labels: nodeSelector } })
    story.after(1).next()
    expect(story.state).toEqual(['node-2 agent:1'])
    story.api.update('nodes', { ...labelled, metadata: { ...labelled.metadata, labels: {} } })
    story.after(1).next()
    expect(story.state).toEqual([])
  })

  it('stay under NoSchedule and leave under NoExecute', () => {
    const story = new Story(1).next()
    story.taint('node-1', [{ key: 'a', effect: 'NoSchedule' }])
    expect(story.state).toEqual(['node-1 agent:1'])
    story.taint('node-1', [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }])
    expect(story.state).toEqual(['node-1 agent:1'])
    story.taint('node-1', [{ key: 'a', effect: 'NoExecute' }])
    expect(story.state).toEqual(['node-1 agent:1!'])
  })

  it('are replaced when they have failed, ever more slowly', () => {
    const story = new Story(1).next()
    const fail = (): void => {
      const [pod] = story.pods
      if (pod) story.api.update('pods', { ...pod, status: { phase: 'Failed' } }, { subresource: 'status' })
    }
    fail()
    story.after(0.2)
    const second = story.pods[0]?.metadata.name
    fail()
    story.after(0.2)
    expect(story.pods[0]?.metadata.name).toBe(second)
    story.after(2)
    expect(story.pods[0]?.metadata.name).not.toBe(second)
    const { reason } = story.api.list<any>('events').find((event) => event.reason === 'FailedDaemonPod')
    expect(reason).toBe('FailedDaemonPod')
  })
})

describe('a new template', () => {
  it('goes round one node at a time', () => {
    const story = new Story(3).next().setImage('agent:2')
    expect(story.state.filter((pod) => pod.endsWith('!'))).toHaveLength(1)
    for (let i = 0; i < 4; i++) {
      story.next()
      expect(story.state.filter((pod) => pod.endsWith('!') || pod.endsWith('?')).length).toBeLessThanOrEqual(1)
    }
    story.next().next()
    expect(story.state).toEqual(['node-1 agent:2', 'node-2 agent:2', 'node-3 agent:2'])
    expect(story.api.list<ControllerRevision>('controllerrevisions.apps').map((each) => each.revision)).toEqual([1, 2])
  })

  it('waits for hands with OnDelete', () => {
    const story = new Story(2, { updateStrategy: { type: 'OnDelete' } }).next().setImage('agent:2')
    expect(story.state).toEqual(['node-1 agent:1', 'node-2 agent:1'])
    const [pod] = story.pods
    story.api.delete('pods', 'default', pod?.metadata.name ?? '')
    story.next().next().next()
    expect(story.state.filter((each) => each.endsWith('agent:2'))).toHaveLength(1)
    expect(story.set.status).toMatchObject({ updatedNumberScheduled: 1, numberReady: 2 })
  })

  it('starts beside the old daemon when it may surge', () => {
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } }
    const story = new Story(2, { updateStrategy }).next().setImage('agent:2')
    expect(story.state).toHaveLength(3)
    expect(story.state.filter((each) => each.endsWith('agent:2?'))).toHaveLength(1)
    for (let i = 0; i < 6; i++) story.next()
    expect(story.state).toEqual(['node-1 agent:2', 'node-2 agent:2'])
  })
})
