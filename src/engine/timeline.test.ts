import { beforeEach, describe, expect, it } from 'vitest'
import { Cluster, Timeline } from './index.ts'

const MERGE = { 'content-type': 'application/merge-patch+json' }
const scale = (replicas: number) => ({
  method: 'PATCH',
  path: '/apis/apps/v1/namespaces/default/deployments/shop',
  headers: MERGE,
  body: { spec: { replicas } },
})

function pass(timeline: Timeline, ms: number): void {
  const end = timeline.now + ms
  for (let at = timeline.nextAt(); at !== null && at <= end; at = timeline.nextAt()) timeline.step()
  timeline.skipTo(end)
}

const replicas = (timeline: Timeline): number => timeline.cluster.read('deployments.apps', 'default', 'shop')?.['spec'].replicas

describe('a timeline', () => {
  let timeline: Timeline
  /** The world as text at every second. */
  let seen: Map<number, string>

  beforeEach(() => {
    timeline = new Timeline(new Cluster({ seed: 'past', scene: 'shop' }))
    seen = new Map()
    for (let second = 0; second <= 30; second++) {
      if (second === 5) timeline.cluster.request(scale(5))
      if (second === 12) timeline.cluster.fault({ kind: 'node-power', node: 'node-2', on: false })
      if (second === 20) timeline.cluster.request(scale(2))
      if (second % 3 === 1) seen.set(timeline.cluster.elapsed, timeline.cluster.save())
      pass(timeline, 1000)
    }
  })

  it('shows every moment of the past as it was, in any order, and returns to an untouched present', () => {
    const now = timeline.cluster.save()
    for (const elapsed of [...seen.keys()].sort((a, b) => ((a * 7919) % 101) - ((b * 7919) % 101))) {
      timeline.seek(elapsed)
      expect(timeline.cluster.elapsed).toBe(elapsed)
      expect(timeline.cluster.save() === seen.get(elapsed)).toBe(true)
    }
    timeline.resume()
    expect(timeline.present).toBeNull()
    expect(timeline.cluster.save() === now).toBe(true)
  })

  it('lives the past through again, and arrives in the present', () => {
    const now = timeline.cluster.save()
    timeline.seek(timeline.cluster.elapsed - 28_000)
    expect(replicas(timeline)).toBe(3)
    pass(timeline, 27_999)
    expect(timeline.present).not.toBeNull()
    expect(replicas(timeline)).toBe(2)
    pass(timeline, 1)
    expect(timeline.present).toBeNull()
    expect(timeline.cluster.save() === now).toBe(true)
  })

  it('forks: what came later never happened, until it is rejoined', () => {
    const now = timeline.cluster.save()
    timeline.seek(timeline.cluster.elapsed - 15_000)
    timeline.fork()
    expect(timeline.branch).toBe(1)
    pass(timeline, 20_000)
    expect(replicas(timeline)).toBe(5)
    const twin = Cluster.replay(timeline.cluster.session())
    expect(twin.save() === timeline.cluster.save()).toBe(true)
    timeline.rejoin()
    expect(timeline.cluster.save() === now).toBe(true)
  })

  it('undoes one deed after the other, exactly', () => {
    const before = [...seen.values()][0]
    expect(timeline.undo()?.text).toContain('PATCH')
    expect(replicas(timeline)).toBe(5)
    expect(timeline.undo()?.text).toBe('node-power')
    expect(timeline.undo()?.text).toContain('PATCH')
    expect(replicas(timeline)).toBe(3)
    expect(timeline.undo()).toBeNull()
    const first = [...seen.keys()][0] ?? 0
    timeline.seek(first)
    expect(timeline.cluster.save() === before).toBe(true)
  })

  it('takes what follows a mark for one deed, even without time between two', () => {
    timeline.cluster.mark('first')
    timeline.cluster.request(scale(4))
    timeline.cluster.request(scale(6))
    timeline.cluster.mark('second')
    timeline.cluster.request(scale(7))
    timeline.cluster.mark('nothing came of it')
    expect(
      timeline
        .deeds()
        .map((deed) => deed.text)
        .slice(-2),
    ).toEqual(['first', 'second'])
    expect(timeline.undo()?.text).toBe('second')
    expect(replicas(timeline)).toBe(6)
    expect(timeline.undo()?.text).toBe('first')
    expect(replicas(timeline)).toBe(2)
  })
})

it('keeps few moments on the way of a long jump, and shows what lies between them all the same', () => {
  const [timeline, witness] = [0, 1].map(() => new Timeline(new Cluster({ seed: 'far', scene: 'shop' }))) as [Timeline, Timeline]
  const moment = Cluster.prototype.moment
  let kept = 0
  Cluster.prototype.moment = function counted(this: Cluster) {
    kept += 1
    return moment.call(this)
  }
  try {
    timeline.run(600_000)
  } finally {
    Cluster.prototype.moment = moment
  }
  expect(kept).toBeLessThan(40)
  const then = timeline.cluster.elapsed - 171_000
  witness.cluster.run(then - witness.cluster.elapsed)
  timeline.seek(then)
  expect(timeline.cluster.save()).toBe(witness.cluster.save())
})
