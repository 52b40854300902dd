import { describe, expect, it } from 'vitest'
import { Cluster } from '../../cluster.ts'
import { deployment, service } from '../../testing/builders.ts'
import { TestCluster } from '../../testing/test-cluster.ts'
import { isKept, written } from './books.ts'
import { visitorsAt } from './curve.ts'

const HOUR = 3600
const IMAGE = 'registry.k8s.io/hpa-example'

/** A shop of so many copies, and a day that may begin. */
function shop(copies: number, more: object = {}): TestCluster {
  const t = new TestCluster({ nodes: 3, addons: ['busy-day'] })
  const container = { name: 'web', image: IMAGE, readinessProbe: { httpGet: { path: '/', port: 80 } } }
  t.create(
    deployment('shop', copies, IMAGE, {
      template: { metadata: { labels: { app: 'shop' } }, spec: { containers: [container] } },
      ...more,
    }),
  )
  t.create(service('shop', 'shop'))
  t.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'day' }, data: { release: `${IMAGE}:v2` } } as never)
  return t.run(60)
}
const open = (t: TestCluster): TestCluster => {
  t.patch('configmaps', 'day', { metadata: { labels: { doors: 'open' } } })
  return t
}
const books = (t: TestCluster): Record<string, string> => t.get('configmaps', 'day')?.['data']

describe('a busy day', () => {
  it('begins when somebody opens the doors, and not before', () => {
    const t = shop(2).run(HOUR)
    expect(books(t)).toEqual({ release: `${IMAGE}:v2` })
    open(t).run(600)
    expect(Number(books(t)['visitors'])).toBeGreaterThan(10_000)
    expect(t.cluster.visitors()[0]).toMatchObject({ service: 'shop', lost: 0 })
  })

  it('has few visitors at night, some at noon, and a crowd from 18:00 on', () => {
    const at = (hour: number): number => Math.round(visitorsAt(hour * HOUR * 1000, 0.5))
    expect([at(3), at(12), at(17.9), at(18.1), at(19), at(23.9)]).toEqual([60, 500, 547, 2011, 2200, 163])
  })

  it('takes a machine with copies in the morning, brings it back after two hours, and counts who was lost', () => {
    const t = open(shop(3)).run(7.9 * HOUR)
    expect([t.cluster.machines.off(), books(t)['lost']]).toEqual([[], '0'])
    t.run(3.2 * HOUR)
    expect(t.cluster.machines.off()).toHaveLength(1)
    expect(Number(books(t)['lost'])).toBeGreaterThan(1000)
    t.run(2.1 * HOUR)
    expect(t.cluster.machines.off()).toEqual([])
  })

  it('has a colleague who releases an image in the afternoon that nobody has pushed', () => {
    const t = open(shop(3)).run(16.1 * HOUR)
    const images = t.all<any>('pods').map(({ spec, status }) => [spec.containers[0].image, status.phase])
    expect(images).toContainEqual([`${IMAGE}:v2`, 'Pending'])
  })

  it('loses what is more than the machines can do', () => {
    const t = open(shop(3)).run(18 * HOUR)
    const before = Number(books(t)['lost'])
    t.run(1.5 * HOUR)
    // 2,000 to 2,200 a second cost 16 to 18 CPUs; three machines have 12.
    const lost = (Number(books(t)['lost']) - before) / (1.4 * HOUR * 2150)
    expect(lost).toBeGreaterThan(0.25)
    expect(lost).toBeLessThan(0.5)
  })

  it('counts machine-hours, and closes the books at 24:00', () => {
    const t = open(shop(2)).run(24 * HOUR + 60)
    expect(books(t)).toMatchObject({ time: '24:00', machineHours: '72.0', score: '0' })
    const closed = books(t)
    expect(books(t.run(HOUR))).toEqual(closed)
  })

  it('is the same day again, from its session or from half of it', () => {
    const t = open(shop(3)).run(14 * HOUR)
    const half = Cluster.load(t.cluster.save())
    t.run(6 * HOUR)
    half.run(6 * HOUR * 1000)
    expect(half.save()).toBe(t.cluster.save())
    expect(Cluster.replay(t.cluster.session()).save()).toBe(t.cluster.save())
  })
})

describe('the books', () => {
  const terms = { perMillion: 999_000, machineHours: 100 }
  const day = { began: 0, ticks: 0, visitors: 1_000_000, lost: 1000, machineMs: 80 * HOUR * 1000 }

  it('say 99.9 % only where it was reached', () => {
    expect(isKept(day, terms)).toBe(true)
    expect(isKept({ ...day, lost: 1001 }, terms)).toBe(false)
    expect(written({ ...day, lost: 1001 }, 0, false, terms)['answered']).toBe('99.899 %')
  })

  it('give points for what is left of the budget and of the errors, and none to who keeps one only', () => {
    const score = (more: object): string | undefined => written({ ...day, ...more }, 86_400_000, true, terms)['score']
    expect(score({})).toBe('60')
    expect(score({ lost: 0 })).toBe('85')
    expect(score({ lost: 0, machineMs: 50 * HOUR * 1000 })).toBe('100')
    expect(score({ lost: 2000 })).toBe('0')
    expect(score({ machineMs: 101 * HOUR * 1000 })).toBe('0')
  })
})
