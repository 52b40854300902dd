import { describe, expect, it } from 'vitest'
import type { Pod, ReplicaSet } from '#api/kinds.ts'
import { fail } from '#api/status.ts'
import { FakeApi } from '../testing/fake-api.ts'
import { replicaSet } from './replicaset.ts'

const set = (replicas: number, spec: Partial<ReplicaSet['spec']> = {}): ReplicaSet => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
    ...spec,
  },
})

function ready(api: FakeApi, pod: Pod, value = true): void {
  const lastTransitionTime = api.world.timestamp()
  const conditions = [{ type: 'Ready', status: value ? 'True' : 'False', lastTransitionTime }]
  const now = api.get<Pod>('pods', 'default', pod.metadata.name)
  api.update<Pod>('pods', { ...now, spec: { ...now.spec, nodeName: 'node-1' } })
  const bound = api.get<Pod>('pods', 'default', pod.metadata.name)
  api.update<Pod>('pods', { ...bound, status: { phase: 'Running', conditions } }, { subresource: 'status' })
}
const pods = (api: FakeApi): Pod[] => api.list<Pod>('pods')
const statusOf = (api: FakeApi) => api.get<ReplicaSet>('replicasets.apps', 'default', 'web').status
const resize = (api: FakeApi, replicas: number): void => {
  const old = api.get<ReplicaSet>('replicasets.apps', 'default', 'web')
  api.update<ReplicaSet>('replicasets.apps', { ...old, spec: { ...old.spec, replicas } })
}

describe('the ReplicaSet controller', () => {
  it('makes as many Pods as asked for, and counts them as they become ready', () => {
    const api = new FakeApi()
    api.run(replicaSet)
    api.create('replicasets.apps', set(3))
    api.after(1)
    expect(pods(api)).toHaveLength(3)
    expect(statusOf(api)).toMatchObject({ replicas: 3, fullyLabeledReplicas: 3, observedGeneration: 1, terminatingReplicas: 0 })
    for (const pod of pods(api)) ready(api, pod)
    api.after(1)
    expect(statusOf(api)).toMatchObject({ readyReplicas: 3, availableReplicas: 3 })
  })

  it('replaces a Pod as soon as its deletion begins, and counts it as terminating until it is gone', () => {
    const api = new FakeApi()
    api.run(replicaSet)
    api.create('replicasets.apps', set(2))
    api.after(1)
    for (const pod of pods(api)) ready(api, pod)
    const name = pods(api)[0]?.metadata.name ?? ''
    api.delete('pods', 'default', name)
    api.after(1)
    expect(pods(api)).toHaveLength(3)
    expect(statusOf(api)).toMatchObject({ replicas: 2, terminatingReplicas: 1 })
    api.delete('pods', 'default', name, { gracePeriodSeconds: 0 })
    api.after(1)
    expect(statusOf(api)).toMatchObject({ replicas: 2, terminatingReplicas: 0 })
  })

  it('gives up Pods that are not ready before ready ones', () => {
    const api = new FakeApi()
    api.run(replicaSet)
    api.create('replicasets.apps', set(3))
    api.after(1)
    const keep = pods(api)[1] as Pod
    ready(api, keep)
    resize(api, 1)
    api.after(1)
    expect(pods(api).map((pod) => pod.metadata.name)).toEqual([keep.metadata.name])
  })

  it('adopts matching orphans and lets go of Pods whose labels no longer match', () => {
    const api = new FakeApi()
    api.run(replicaSet)
    api.create('pods', { metadata: { name: 'orphan', namespace: 'default', labels: { app: 'web' } }, spec: { containers: [] } })
    api.create('replicasets.apps', set(2))
    api.after(1)
    expect(pods(api)).toHaveLength(2)
    const orphan = api.get<Pod>('pods', 'default', 'orphan')
    expect(orphan.metadata.ownerReferences).toMatchObject([
      { kind: 'ReplicaSet', name: 'web', controller: true, blockOwnerDeletion: true },
    ])
    api.patch('pods', 'default', 'orphan', 'merge', { metadata: { labels: { app: 'other' } } })
    api.after(1)
    expect(api.get<Pod>('pods', 'default', 'orphan').metadata.ownerReferences).toEqual([])
    expect(pods(api)).toHaveLength(3)
    expect(statusOf(api)).toMatchObject({ replicas: 2, fullyLabeledReplicas: 2 })
  })

  it('lets go of a Pod whose labels were changed while it was being adopted', () => {
    const api = new FakeApi()
    api.run(replicaSet)
    const owner = api.create<ReplicaSet>('replicasets.apps', set(1))
    const stray: Pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'stray', namespace: 'default', labels: { app: 'db' } },
      spec: { containers: [{ name: 'web', image: 'nginx' }] },
    }
    const made = api.create<Pod>('pods', stray)
    api.after(1)
    const { uid = '' } = owner.metadata
    const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid, controller: true }]
    api.update<Pod>('pods', { ...made, metadata: { ...made.metadata, ownerReferences } })
    api.after(1)
    expect(api.get<Pod>('pods', 'default', 'stray').metadata.ownerReferences ?? []).toEqual([])
    expect(statusOf(api)).toMatchObject({ replicas: 1 })
  })

  it('counts a Pod as available only after minReadySeconds', () => {
    const api = new FakeApi()
    api.run(replicaSet)
    api.create('replicasets.apps', set(1, { minReadySeconds: 10 }))
    api.after(1)
    ready(api, pods(api)[0] as Pod)
    api.after(5)
    expect(statusOf(api)).toMatchObject({ readyReplicas: 1 })
    expect(statusOf(api)?.availableReplicas).toBeUndefined()
    api.after(6)
    expect(statusOf(api)).toMatchObject({ availableReplicas: 1 })
  })

  it('starts slowly, says why it cannot create Pods, and recovers', () => {
    const api = new FakeApi()
    api.run(replicaSet)
    api.refuse = (line) => {
      if (line.startsWith('create pods')) throw fail(403, 'Forbidden', 'pods "web-" is forbidden: exceeded quota')
    }
    api.create('replicasets.apps', set(5))
    api.after(0.01)
    expect(statusOf(api)?.conditions).toMatchObject([
      { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'pods "web-" is forbidden: exceeded quota' },
    ])
    api.refuse = () => {}
    api.after(60)
    expect(pods(api)).toHaveLength(5)
    expect(statusOf(api)?.conditions).toBeUndefined()
    expect(
      api.list('events').some((event) => event['message'] === 'Error creating: pods "web-" is forbidden: exceeded quota'),
    ).toBe(true)
  })

  it('asks no more often than its client may: thirty requests at once, then twenty a second', () => {
    const api = new FakeApi()
    api.run(replicaSet)
    api.create('replicasets.apps', set(200))
    api.after(1)
    expect(pods(api).length).toBeGreaterThan(45)
    expect(pods(api).length).toBeLessThan(52)
    api.after(5)
    expect(pods(api).length).toBeGreaterThan(145)
    expect(pods(api).length).toBeLessThan(152)
    // The status waits until all that this look at it began is done.
    expect(statusOf(api)?.['replicas'] ?? 0).toBe(0)
    api.after(5)
    expect(statusOf(api)).toMatchObject({ replicas: 200 })
    resize(api, 0)
    api.after(5)
    const left = pods(api).filter((pod) => !pod.metadata.deletionTimestamp).length
    expect(left).toBeGreaterThan(60)
    expect(left).toBeLessThan(80)
  })

  it('shows between two portions of five hundred how many there were before the second', () => {
    const api = new FakeApi()
    api.run(replicaSet)
    api.create('replicasets.apps', set(600))
    const seen: unknown[] = []
    for (let i = 0; i < 400; i++) {
      api.after(0.1)
      const replicas = statusOf(api)?.['replicas']
      if (replicas !== seen.at(-1)) seen.push(replicas)
    }
    expect(seen).toEqual([0, 500, 600])
  })

  it('makes and unmakes thousands in portions, with few status writes', () => {
    const api = new FakeApi()
    api.run(replicaSet)
    api.create('replicasets.apps', set(2000))
    api.after(120)
    expect(pods(api)).toHaveLength(2000)
    api.log.length = 0
    for (const pod of pods(api)) ready(api, pod)
    api.after(30)
    expect(statusOf(api)).toMatchObject({ replicas: 2000, readyReplicas: 2000 })
    expect(api.log.filter((line) => line.startsWith('update replicasets.apps/status')).length).toBeLessThan(40)
    resize(api, 10)
    api.after(120)
    expect(pods(api).filter((pod) => !pod.metadata.deletionTimestamp)).toHaveLength(10)
    expect(statusOf(api)).toMatchObject({ replicas: 10, terminatingReplicas: 1990 })
  })
})
