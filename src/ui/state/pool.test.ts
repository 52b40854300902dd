import { expect, it } from 'vitest'
import type { Node, Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { podTotals } from '#api/pod-resources.ts'
import type { Change, Mirror } from '#client/mirror.ts'
import { machine, podOf } from '../testing/shop.ts'
import { amount, asks } from './asks.ts'
import { closedOff, createPool, largestPiece } from './pool.ts'

function world() {
  const all: Record<string, Map<string, AnyObject>> = { nodes: new Map(), pods: new Map() }
  const readers: ((changes: Change[]) => void)[] = []
  const mirror = {
    all: (id: string) => all[id] ?? new Map(),
    subscribe: (reader: (changes: Change[]) => void) => {
      readers.push(reader)
      return () => {}
    },
  } as unknown as Mirror
  const put = (id: 'nodes' | 'pods', key: string, after?: AnyObject): void => {
    const before = all[id]?.get(key)
    if (after) all[id]?.set(key, after)
    else all[id]?.delete(key)
    for (const tell of readers) tell([{ id, key, before, after }])
  }
  return { all, mirror, put }
}

const sample = (i: number): AnyObject =>
  podOf('web', 'default', `p${i}`, ['', 'a', 'b'][i % 3] ?? '', i % 5 === 4 ? 'Pending' : 'Ready')

it('is at any time what a count of everything would be', () => {
  const { all, mirror, put } = world()
  put('nodes', 'a', machine('a', 'z'))
  put('pods', 'default/p0', sample(0))
  const { pool } = createPool(mirror)
  // As a list of all would be counted.
  const anew = () => createPool(mirror).pool
  const steps = [1, 2, 3, 1, 4, 2, 0, 5, 7, 3, 9, 8, 1]
  for (const [at, i] of steps.entries()) {
    const key = `default/p${i}`
    if (all['pods']?.has(key)) put('pods', key, at % 2 ? undefined : sample(i + 1))
    else put('pods', key, sample(i))
    if (at === 4) put('nodes', 'b', machine('b', 'z'))
    if (at === 9) put('nodes', 'a')
    const whole = anew()
    for (const what of ['cpu', 'memory', 'pods'] as const) {
      expect(pool.asked[what]).toBeCloseTo(whole.asked[what], 6)
      expect(pool.waiting[what]).toBeCloseTo(whole.waiting[what], 6)
      expect(pool.room[what]).toBe(whole.room[what])
    }
  }
})

it('counts what the mirror held before it told', () => {
  const { mirror, put } = world()
  put('nodes', 'a', machine('a', 'z'))
  const { pool } = createPool(mirror)
  // The batch that was on its way brings it once more.
  put('nodes', 'a', machine('a', 'z'))
  expect(pool.room).toMatchObject({ cpu: 2, memory: 4 * 2 ** 30, pods: 110 })
})

it('knows the largest piece, and the machines that take nobody', () => {
  const { mirror, put } = world()
  const kept = machine('m', 'z') as unknown as Node
  kept.spec = { ...kept.spec, taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] }
  put('nodes', 'm', kept as unknown as AnyObject)
  for (const name of ['a', 'b']) put('nodes', name, machine(name, 'z'))
  put('pods', 'default/p1', sample(1))
  const { pool } = createPool(mirror)
  expect(largestPiece(pool)).toMatchObject({ name: 'b', cpu: 2 })
  expect(closedOff(pool)).toEqual({ count: 1, cpu: 2, memory: 4 * 2 ** 30 })
})

it('counts a Pod as the scheduler does: steps of its beginning, sidecars, the Pod’s own amounts, overhead', () => {
  const c = (cpu: string, more: object = {}) => ({ name: 'c', resources: { requests: { cpu } }, ...more })
  const specs = [
    { containers: [c('100m'), c('200m')] },
    { containers: [c('100m')], initContainers: [c('1'), c('50m', { restartPolicy: 'Always' }), c('960m')] },
    { containers: [c('100m')], resources: { requests: { cpu: '500m' } }, overhead: { cpu: '10m' } },
  ] as unknown as Pod['spec'][]
  for (const spec of specs) {
    expect(asks({ spec } as Pod, 'cpu')).toBeCloseTo(amount(podTotals(spec, 'requests')['cpu']), 9)
  }
})
