import { describe, expect, it } from 'vitest'
import type { Deployment, Pod, ReplicaSet } from '#api/kinds.ts'
import { FakeApi } from '../../testing/fake-api.ts'
import { replicaSet } from '../replicaset.ts'
import { deployment } from './index.ts'

const make = (replicas: number, spec: Partial<Deployment['spec']> = {}): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default', annotations: { owner: 'team-a' } },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx:1' }] } },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
    progressDeadlineSeconds: 600,
    revisionHistoryLimit: 10,
    ...spec,
  },
})

class Story {
  readonly api = new FakeApi()
  broken = 'nginx:broken'
  constructor(d: Deployment) {
    this.api.run(deployment, replicaSet)
    this.api.create('deployments.apps', d)
  }
  /** Lets time pass; Pods become ready after 100 ms, deleted ones vanish. */
  run(seconds: number): this {
    for (let t = 0; t < seconds; t += 0.1) {
      for (const pod of this.api.list<Pod>('pods')) this.#live(pod)
      this.api.after(0.1)
    }
    return this
  }
  #live(pod: Pod): void {
    const { name } = pod.metadata
    if (pod.metadata.deletionTimestamp) {
      this.api.delete('pods', 'default', name, { gracePeriodSeconds: 0 })
      return
    }
    if (pod.status?.phase === 'Running' || pod.spec.containers[0]?.image === this.broken) return
    const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: this.api.world.timestamp() }]
    const bound = this.api.update<Pod>('pods', { ...pod, spec: { ...pod.spec, nodeName: 'node-1' } })
    this.api.update<Pod>('pods', { ...bound, status: { phase: 'Running', conditions } }, { subresource: 'status' })
  }
  get d(): Deployment {
    return this.api.get<Deployment>('deployments.apps', 'default', 'web')
  }
  get sets(): ReplicaSet[] {
    return this.api.list<ReplicaSet>('replicasets.apps')
  }
  change(spec: Partial<Deployment['spec']>): this {
    this.api.update<Deployment>('deployments.apps', { ...this.d, spec: { ...this.d.spec, ...spec } })
    return this
  }
  image(image: string): this {
    const { template } = this.d.spec
    return this.change({ template: { ...template, spec: { containers: [{ name: 'web', image }] } } })
  }
  /** `Progressing=True NewReplicaSetAvailable`. */
  condition(type: string): string {
    const found = this.d.status?.conditions?.find((c) => c.type === type)
    return found ? `${type}=${found.status} ${found.reason}` : `no ${type}`
  }
  get events(): string[] {
    const short = (text: string) =>
      text.replace(/web-[a-z0-9]+/g, (name) => `rs${1 + this.sets.findIndex((rs) => rs.metadata.name === name)}`)
    return this.api
      .list('events')
      .filter((e) => e['involvedObject'].kind === 'Deployment')
      .map((e) => short(e['message']))
  }
}

describe('the Deployment controller', () => {
  it('counts on from revisions of 64 bits', () => {
    const story = new Story(make(1)).run(1)
    const [rs] = story.sets as [ReplicaSet]
    const annotations = { 'deployment.kubernetes.io/revision': '3546343826724305832' }
    story.api.update<ReplicaSet>('replicasets.apps', { ...rs, metadata: { ...rs.metadata, annotations } })
    story.image('nginx:2').run(2)
    expect(story.d.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('3546343826724305833')
  })

  it('makes one ReplicaSet with revision, sizes and hash, and reports the rollout', () => {
    const story = new Story(make(3)).run(1)
    const [rs] = story.sets
    expect(rs?.metadata.annotations).toEqual({
      owner: 'team-a',
      'deployment.kubernetes.io/revision': '1',
      'deployment.kubernetes.io/desired-replicas': '3',
      'deployment.kubernetes.io/max-replicas': '4',
    })
    expect(rs?.metadata.labels?.['pod-template-hash']).toBe(rs?.metadata.name.slice(4))
    expect(story.events).toEqual(['Scaled up replica set rs1 from 0 to 3'])
    expect(story.d.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('1')
    expect(story.d.status).toMatchObject({
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      terminatingReplicas: 0,
    })
    expect(story.condition('Available')).toBe('Available=True MinimumReplicasAvailable')
    expect(story.condition('Progressing')).toBe('Progressing=True NewReplicaSetAvailable')
  })

  it('rolls within surge and unavailability: up to 2, down to 4, up to 3, …', () => {
    const story = new Story(make(5)).run(1).image('nginx:2').run(5)
    expect(story.events.slice(1, 4)).toEqual([
      'Scaled up replica set rs2 from 0 to 2',
      'Scaled down replica set rs1 from 5 to 4',
      'Scaled up replica set rs2 from 2 to 3',
    ])
    expect(story.sets.map((rs) => rs.spec.replicas)).toEqual([0, 5])
    expect(story.condition('Progressing')).toBe('Progressing=True NewReplicaSetAvailable')
  })

  it('stops at a bad image without losing capacity, times out, and comes back with a rollback', () => {
    const story = new Story(make(4, { progressDeadlineSeconds: 10 })).run(1).image('nginx:broken').run(13)
    expect(story.d.status).toMatchObject({ replicas: 5, updatedReplicas: 2, availableReplicas: 3 })
    expect(story.condition('Progressing')).toBe('Progressing=False ProgressDeadlineExceeded')
    story.image('nginx:1').run(3)
    expect(story.sets.map((rs) => rs.spec.replicas)).toEqual([4, 0])
    expect(story.sets[0]?.metadata.annotations).toMatchObject({
      'deployment.kubernetes.io/revision': '3',
      'deployment.kubernetes.io/revision-history': '1',
    })
    expect(story.condition('Progressing')).toBe('Progressing=True NewReplicaSetAvailable')
  })

  it('scales in proportion during a rollout', () => {
    const story = new Story(make(10, { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } } }))
    story.run(1).image('nginx:broken').run(1)
    expect(story.sets.map((rs) => rs.spec.replicas)).toEqual([8, 5])
    story.change({ replicas: 15 }).run(1)
    expect(story.sets.map((rs) => rs.spec.replicas)).toEqual([11, 7])
  })

  it('recreates: all old Pods go before new ones come', () => {
    const story = new Story(make(2, { strategy: { type: 'Recreate' } })).run(1).image('nginx:2').run(2)
    expect(story.events.slice(1)).toEqual(['Scaled down replica set rs1 from 2 to 0', 'Scaled up replica set rs2 from 0 to 2'])
    expect(story.condition('Progressing')).toBe('Progressing=True NewReplicaSetAvailable')
  })

  it('does nothing with a new template while paused, and goes on when resumed', () => {
    const story = new Story(make(2)).run(1).change({ paused: true }).run(1).image('nginx:2').run(1)
    expect(story.sets).toHaveLength(1)
    expect(story.condition('Progressing')).toBe('Progressing=Unknown DeploymentPaused')
    story.change({ paused: false }).run(3)
    expect(story.sets.map((rs) => rs.spec.replicas)).toEqual([0, 2])
    expect(story.condition('Progressing')).toBe('Progressing=True NewReplicaSetAvailable')
  })

  it('keeps revisionHistoryLimit old ReplicaSets', () => {
    const story = new Story(make(1, { revisionHistoryLimit: 1 })).run(1)
    for (const tag of ['2', '3', '4']) story.image(`nginx:${tag}`).run(3)
    expect(story.sets.map((rs) => rs.metadata.annotations?.['deployment.kubernetes.io/revision'])).toEqual(['3', '4'])
  })

  it('adopts an orphaned ReplicaSet of its template instead of making one', () => {
    const story = new Story(make(2)).run(1)
    const [rs] = story.sets as [ReplicaSet]
    story.api.patch('replicasets.apps', 'default', rs.metadata.name, 'merge', { metadata: { ownerReferences: null } })
    story.run(1)
    expect(story.sets).toHaveLength(1)
    expect(story.sets[0]?.metadata.ownerReferences).toMatchObject([{ kind: 'Deployment', name: 'web' }])
  })
})
