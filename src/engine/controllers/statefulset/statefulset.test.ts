import { describe, expect, it } from 'vitest'
import type { Pod, StatefulSet } from '#api/kinds.ts'
import { FakeApi } from '../../testing/fake-api.ts'
import { statefulSet } from './index.ts'

class Story {
  readonly api = new FakeApi()
  constructor(replicas: number, spec: Partial<StatefulSet['spec']> = {}) {
    this.api.run(statefulSet)
    const template = { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'db', image: 'db:1' }] } }
    const base = {
      replicas,
      selector: { matchLabels: { app: 'db' } },
      serviceName: 'db',
      template,
      updateStrategy: { type: 'RollingUpdate' },
    }
    this.api.create<StatefulSet>('statefulsets.apps', {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'db', namespace: 'default' },
      spec: { ...base, ...spec },
    })
    this.api.after(1)
  }
  get pods(): Pod[] {
    return this.api.list<Pod>('pods')
  }
  /** `db-0 db-1!`: the Pods in order; `!` marks those being deleted, `?` those not ready. */
  get state(): string {
    return this.pods
      .map((pod) => `${pod.metadata.name}${pod.metadata.deletionTimestamp ? '!' : pod.status?.phase === 'Running' ? '' : '?'}`)
      .sort()
      .join(' ')
  }
  /** The next thing happens: waiting Pods become ready, or deleted ones vanish. */
  next(): this {
    for (const pod of this.pods) {
      if (pod.metadata.deletionTimestamp) this.api.delete('pods', 'default', pod.metadata.name, { gracePeriodSeconds: 0 })
      else if (pod.status?.phase !== 'Running') {
        const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: this.api.world.timestamp() }]
        const bound = this.api.update<Pod>('pods', { ...pod, spec: { ...pod.spec, nodeName: 'node-1' } })
        this.api.update<Pod>('pods', { ...bound, status: { phase: 'Running', conditions } }, { subresource: 'status' })
      }
    }
    this.api.after(1)
    return this
  }
  change(spec: Partial<StatefulSet['spec']>): this {
    const now = this.api.get<StatefulSet>('statefulsets.apps', 'default', 'db')
    this.api.update<StatefulSet>('statefulsets.apps', { ...now, spec: { ...now.spec, ...spec } })
    this.api.after(1)
    return this
  }
  image(image: string): this {
    return this.change({ template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'db', image }] } } })
  }
  get status() {
    return this.api.get<StatefulSet>('statefulsets.apps', 'default', 'db').status
  }
  get images(): string {
    return this.pods.map((pod) => pod.spec.containers[0]?.image).join()
  }
}

describe('the StatefulSet controller', () => {
  it('starts Pods one after the other, each with its name', () => {
    const story = new Story(3)
    expect(story.state).toBe('db-0?')
    expect(story.next().state).toBe('db-0 db-1?')
    expect(story.next().state).toBe('db-0 db-1 db-2?')
    story.next()
    expect(story.status).toMatchObject({
      replicas: 3,
      readyReplicas: 3,
      currentReplicas: 3,
      updatedReplicas: 3,
      availableReplicas: 3,
    })
    expect(story.pods[0]?.spec).toMatchObject({ hostname: 'db-0', subdomain: 'db' })
    expect(story.pods[0]?.metadata.labels).toMatchObject({
      'apps.kubernetes.io/pod-index': '0',
      'statefulset.kubernetes.io/pod-name': 'db-0',
    })
    expect(story.api.list('events').map((event) => event['message'])).toContain('Create Pod db-0 in StatefulSet db successful')
  })

  it('scales down from the top, one at a time', () => {
    const story = new Story(3).next().next().next().change({ replicas: 1 })
    expect(story.state).toBe('db-0 db-1 db-2!')
    expect(story.next().state).toBe('db-0 db-1!')
    expect(story.next().state).toBe('db-0')
  })

  it('updates from the top, waiting for each, and stops at the partition', () => {
    const story = new Story(2).next().next().image('db:2')
    expect(story.state).toBe('db-0 db-1!')
    expect(story.next().state).toBe('db-0 db-1?')
    expect(story.next().state).toBe('db-0! db-1')
    story.next().next()
    expect(story.images).toBe('db:2,db:2')
    expect(story.status?.currentRevision).toBe(story.status?.updateRevision)
    story
      .change({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } })
      .image('db:3')
      .next()
      .next()
      .next()
    expect(story.pods.map((pod) => `${pod.metadata.name} ${pod.spec.containers[0]?.image}`).sort()).toEqual([
      'db-0 db:2',
      'db-1 db:3',
    ])
    expect(story.status?.currentRevision).not.toBe(story.status?.updateRevision)
  })

  it('starts and stops all at once when told so', () => {
    const story = new Story(3, { podManagementPolicy: 'Parallel' })
    expect(story.state).toBe('db-0? db-1? db-2?')
    expect(story.next().change({ replicas: 0 }).state).toBe('db-0! db-1! db-2!')
  })

  it.each(['Parallel', 'OrderedReady'])('is not overwhelmed by a number nobody can mean (%s)', (podManagementPolicy) => {
    const story = new Story(2_147_483_647, { podManagementPolicy })
    expect(story.pods.length).toBeGreaterThan(0)
    expect(story.pods.length).toBeLessThan(100)
  })

  it('gives each Pod its claim, and lets go of it only when the policy says so', () => {
    const volumeClaimTemplates = [{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' } }]
    const story = new Story(2, {
      volumeClaimTemplates,
      persistentVolumeClaimRetentionPolicy: { whenScaled: 'Delete', whenDeleted: 'Retain' },
    })
    story.next().next()
    expect(story.api.list('persistentvolumeclaims').map(({ metadata }) => metadata.name)).toEqual(['data-db-0', 'data-db-1'])
    expect(story.pods[1]?.spec.volumes).toEqual([{ name: 'data', persistentVolumeClaim: { claimName: 'data-db-1' } }])
    story.change({ replicas: 1 })
    expect(story.api.get('persistentvolumeclaims', 'default', 'data-db-1').metadata.ownerReferences).toMatchObject([
      { kind: 'Pod', name: 'db-1' },
    ])
    expect(story.api.get('persistentvolumeclaims', 'default', 'data-db-0').metadata.ownerReferences ?? []).toEqual([])
  })

  it('goes back to an old revision instead of making a new one', () => {
    const story = new Story(1).next().image('db:2').next().next().image('db:1').next().next()
    const revisions = story.api.list('controllerrevisions.apps').map((each) => each['revision'])
    expect(revisions.sort()).toEqual([2, 3])
    expect(story.images).toBe('db:1')
  })
})
