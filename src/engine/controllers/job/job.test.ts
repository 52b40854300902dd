import { describe, expect, it } from 'vitest'
import type { Job, Pod } from '#api/kinds.ts'
import { FakeApi } from '../../testing/fake-api.ts'
import { job } from './index.ts'
import { formatIndexes, parseIndexes } from './indexes.ts'
import { ttlAfterFinished } from './ttl.ts'

class Work {
  readonly api = new FakeApi()
  constructor(spec: Partial<Job['spec']> = {}) {
    this.api.run(job, ttlAfterFinished)
    const template = { metadata: { labels: { job: 'work' } }, spec: { restartPolicy: 'Never', containers: [{ name: 'work' }] } }
    const base = {
      parallelism: 1,
      completions: 1,
      backoffLimit: 6,
      completionMode: 'NonIndexed',
      selector: { matchLabels: { job: 'work' } },
      template,
    }
    this.api.create<Job>('jobs.batch', {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'work', namespace: 'default' },
      spec: { ...base, ...spec },
    })
    this.api.after(0.5)
  }
  get pods(): Pod[] {
    return this.api.list<Pod>('pods')
  }
  get running(): Pod[] {
    return this.pods.filter((pod) => pod.status?.phase === 'Pending' && !pod.metadata.deletionTimestamp)
  }
  end(pod: Pod | undefined, exitCode: number): this {
    const phase = exitCode === 0 ? 'Succeeded' : 'Failed'
    const terminated = { exitCode, finishedAt: this.api.world.timestamp() }
    const containerStatuses = [{ name: 'work', ready: false, restartCount: 0, image: '', imageID: '', state: { terminated } }]
    const now = this.api.get<Pod>('pods', 'default', pod?.metadata.name ?? '')
    this.api.update<Pod>('pods', { ...now, status: { phase, containerStatuses } }, { subresource: 'status' })
    return this
  }
  after(seconds: number): this {
    this.api.after(seconds)
    return this
  }
  change(spec: Partial<Job['spec']>): this {
    const now = this.api.get<Job>('jobs.batch', 'default', 'work')
    this.api.update<Job>('jobs.batch', { ...now, spec: { ...now.spec, ...spec } })
    return this.after(3)
  }
  get status() {
    return this.api.get<Job>('jobs.batch', 'default', 'work').status
  }
  get conditions(): string[] {
    return (this.status?.conditions ?? []).map(({ type, status, reason }) => `${type}=${status} ${reason}`)
  }
  get reasons(): string[] {
    return this.api.list('events').map((event) => event['reason'])
  }
}

describe('the Job controller', () => {
  it('runs Pods until enough have succeeded, and counts each once', () => {
    const work = new Work({ completions: 3, parallelism: 2 })
    expect(work.running).toHaveLength(2)
    for (let i = 0; i < 3; i++) work.end(work.running[0], 0).after(3)
    expect(work.running).toHaveLength(0)
    expect(work.status).toMatchObject({ succeeded: 3, ready: 0, terminating: 0, uncountedTerminatedPods: {} })
    expect(work.status?.active).toBeUndefined()
    expect(work.conditions).toEqual(['SuccessCriteriaMet=True CompletionsReached', 'Complete=True CompletionsReached'])
    expect(work.pods.every((pod) => pod.metadata.finalizers?.length === 0)).toBe(true)
    expect(work.reasons).toEqual(['SuccessfulCreate', 'SuccessfulCreate', 'SuccessfulCreate', 'Completed'])
  })

  it('tries again after 10 s, then 20 s, and gives up at the limit', () => {
    const work = new Work({ backoffLimit: 2 })
    work.end(work.running[0], 1).after(8)
    expect(work.running).toHaveLength(0)
    work.after(4)
    expect(work.running).toHaveLength(1)
    work.end(work.running[0], 1).after(17)
    expect(work.running).toHaveLength(0)
    work.after(6)
    work.end(work.running[0], 1).after(5)
    expect(work.status).toMatchObject({ failed: 3 })
    expect(work.conditions).toEqual(['FailureTarget=True BackoffLimitExceeded', 'Failed=True BackoffLimitExceeded'])
    expect(work.reasons.at(-1)).toBe('BackoffLimitExceeded')
  })

  it('fails at once when the failure policy says so, and does not count what it ignores', () => {
    const rules = [
      { action: 'Ignore', onExitCodes: { operator: 'In', values: [7] } },
      { action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } },
    ]
    const work = new Work({ podFailurePolicy: { rules } })
    work.end(work.running[0], 7).after(15)
    expect(work.status?.failed).toBeUndefined()
    work.end(work.running[0], 42).after(3)
    expect(work.conditions).toEqual(['FailureTarget=True PodFailurePolicy', 'Failed=True PodFailurePolicy'])
    expect(work.status?.conditions?.[1]?.message).toMatch(
      /^Container work for pod default\/work-\w+ failed with exit code 42 matching FailJob rule at index 1$/,
    )
  })

  it('stops what is late', () => {
    const work = new Work({ activeDeadlineSeconds: 6 }).after(10)
    expect(work.pods).toHaveLength(0)
    expect(work.conditions).toEqual(['FailureTarget=True DeadlineExceeded', 'Failed=True DeadlineExceeded'])
  })

  it('is suspended and resumed', () => {
    const work = new Work({ suspend: true }).after(2)
    expect(work.pods).toHaveLength(0)
    expect(work.conditions).toEqual(['Suspended=True JobSuspended'])
    expect(work.status?.startTime).toBeUndefined()
    work.change({ suspend: false })
    expect(work.running).toHaveLength(1)
    expect(work.conditions).toEqual(['Suspended=False JobResumed'])
    work.change({ suspend: true })
    expect(work.pods).toHaveLength(0)
    expect(work.status?.failed).toBeUndefined()
  })

  it('gives every Pod of an Indexed Job a number, and lets each number fail on its own', () => {
    const work = new Work({
      completionMode: 'Indexed',
      completions: 3,
      parallelism: 3,
      backoffLimitPerIndex: 1,
      backoffLimit: 100,
    })
    expect(work.pods.map((pod) => pod.spec.hostname)).toEqual(['work-0', 'work-1', 'work-2'])
    const [zero, one, two] = work.pods
    work.end(zero, 0).end(one, 1).end(two, 0).after(15)
    expect(work.status?.completedIndexes).toBe('0,2')
    const again = work.running[0]
    expect(again?.metadata.annotations).toMatchObject({
      'batch.kubernetes.io/job-completion-index': '1',
      'batch.kubernetes.io/job-index-failure-count': '1',
    })
    work.end(again, 1).after(3)
    expect(work.status).toMatchObject({ completedIndexes: '0,2', failedIndexes: '1', succeeded: 2, failed: 2 })
    expect(work.conditions).toEqual(['FailureTarget=True FailedIndexes', 'Failed=True FailedIndexes'])
  })

  it('is deleted some time after its end', () => {
    const work = new Work({ ttlSecondsAfterFinished: 5 })
    work.end(work.running[0], 0).after(4)
    expect(work.conditions).toHaveLength(2)
    work.after(6)
    expect(work.api.log.some((line) => line === 'delete jobs.batch default/work Foreground')).toBe(true)
  })

  it('writes sets of indexes in short', () => {
    expect(formatIndexes(new Set([0, 1, 3, 4, 5, 9]))).toBe('0,1,3-5,9')
    expect([...parseIndexes('0,1,3-5,9', 5)]).toEqual([0, 1, 3, 4])
  })
})
