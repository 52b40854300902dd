/** The law of the engine, proved with a whole cluster: seed and inputs decide every byte. */
import { describe, expect, it } from 'vitest'
import { Cluster } from '../cluster.ts'
import { Random } from '../sim/random.ts'
import { daemonSet, deployment, job, service, statefulSet } from './builders.ts'

const SECONDS = 90
const APPS = '/apis/apps/v1/namespaces/default'
const MERGE = { 'content-type': 'application/merge-patch+json' }

/** What happens at which second. */
const LIFE: Record<number, (cluster: Cluster) => void> = {
  1: (c) => {
    const post = (path: string, body: unknown) => c.request({ method: 'POST', path, body })
    post(`${APPS}/deployments`, deployment('web', 4, 'nginx:1.26'))
    post(`${APPS}/statefulsets`, statefulSet('state', 2))
    post(`${APPS}/daemonsets`, daemonSet('agent'))
    post('/apis/batch/v1/namespaces/default/jobs', job('task', 3, 'sleep 2; echo done'))
    post('/api/v1/namespaces/default/services', service('web', 'web'))
  },
  5: (c) => c.fault({ kind: 'traffic', namespace: 'default', service: 'web', perSecond: 5 }),
  8: (c) => {
    const spec = { replicas: 6, template: { spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] } } }
    c.request({ method: 'PATCH', path: `${APPS}/deployments/web`, headers: MERGE, body: { spec } })
  },
  10: (c) => c.fault({ kind: 'node-power', node: 'node-2', on: false }),
  15: (c) => c.fault({ kind: 'node-add', name: 'spare' }),
  70: (c) => c.fault({ kind: 'node-power', node: 'node-2', on: true }),
  75: (c) => void c.request({ method: 'DELETE', path: `${APPS}/statefulsets/state` }),
}

/** Lives on until `end` (simulated ms since the beginning), letting time pass as `pass` does it. */
function live(cluster: Cluster, end = SECONDS * 1000, pass = (c: Cluster, ms: number): void => c.run(ms)): Cluster {
  for (;;) {
    const now = cluster.world.now - cluster.world.epoch
    const next = Object.keys(LIFE).find((second) => Number(second) * 1000 > now)
    const until = Math.min(end, next === undefined ? end : Number(next) * 1000)
    if (until > now) pass(cluster, until - now)
    if (until >= end) return cluster
    LIFE[Number(next)]?.(cluster)
  }
}

const born = (seed = 'law'): Cluster => new Cluster({ seed })
const whole = live(born())
const text = whole.save()

/** Not the texts themselves: a failure would print megabytes. */
const sameWorld = (cluster: Cluster): boolean => cluster.save() === text

describe('a cluster', () => {
  it('lives the same life from the same seed and inputs, byte for byte', () => {
    expect(sameWorld(live(born()))).toBe(true)
    expect(sameWorld(live(born('another')))).toBe(false)
  })

  it('goes on identically after saving and loading, wherever it is cut', () => {
    const dice = Random.seeded('law', 'cuts')
    for (let i = 0; i < 8; i++) {
      const cut = dice.below(SECONDS * 1000)
      const loaded = Cluster.load(live(born(), cut).save())
      expect(sameWorld(live(loaded)), `cut at ${cut} ms`).toBe(true)
    }
  })

  it('goes on identically when it is cut in the middle of a moment', () => {
    const first = live(born(), 8_001)
    for (let steps = 0; steps < 25; steps++) first.world.step()
    expect(first.world.nextDue()?.at).toBe(first.world.now)
    expect(sameWorld(live(Cluster.load(first.save())))).toBe(true)
  })

  it('does not care how its time is sliced', () => {
    const dice = Random.seeded('law', 'slices')
    const slowly = (c: Cluster, ms: number): void => {
      for (let left = ms; left > 0; ) {
        const slice = Math.min(left, 1 + dice.below(500))
        c.run(slice)
        left -= slice
      }
    }
    expect(sameWorld(live(born(), undefined, slowly))).toBe(true)
  })

  it('does not care who reads meanwhile', () => {
    const nosy = (c: Cluster, ms: number): void => {
      c.request({ method: 'GET', path: '/api/v1/pods?limit=2' })
      c.watch({ method: 'GET', path: '/api/v1/pods?watch=1' })
      c.save()
      c.run(ms)
    }
    expect(sameWorld(live(born(), undefined, nosy))).toBe(true)
  })

  it('is lived again by whoever has its session', () => {
    expect(sameWorld(Cluster.replay(JSON.parse(JSON.stringify(whole.session()))))).toBe(true)
  })

  it('is lived again from a session that was saved and loaded on the way', () => {
    const loaded = live(Cluster.load(live(born(), 20_000).save()))
    expect(sameWorld(Cluster.replay(loaded.session()))).toBe(true)
  })
})
