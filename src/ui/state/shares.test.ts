import { expect, it } from 'vitest'
import type { Flight } from '#api/request.ts'
import { createShares, rowsOf } from './shares.ts'

const flight = (seq: number, at: number, pod: string, status = 200): Flight => ({
  seq,
  at,
  from: 'visitor',
  service: 'default/shop',
  pod,
  node: 'node-1',
  status,
  ms: 1,
  hops: [],
})

it('counts each request once, by the Pod that answered', () => {
  const shares = createShares()
  const first = [flight(1, 1000, 'default/a'), flight(2, 1500, 'default/b'), flight(3, 2000, 'default/a')]
  shares.take(first, false)
  shares.take([...first, flight(4, 2500, '', 0), flight(5, 2600, 'default/b', 503)], false)
  expect(Object.fromEntries(shares.inAll('default/shop'))).toEqual({
    'default/a': { answered: 2, lost: 0 },
    'default/b': { answered: 1, lost: 1 },
    '': { answered: 0, lost: 1 },
  })
  expect(shares.missed).toBe(0)
  expect(shares.since).toBe(1000)
})

it('lets the last minute go on, and keeps the whole', () => {
  const shares = createShares()
  for (let s = 0; s < 600; s += 1) shares.take([flight(s + 1, s * 1000, s % 3 === 0 ? 'default/a' : 'default/b')], false)
  const minute = rowsOf(shares.lastMinute('default/shop', 599_000), [{ pod: 'default/a' }, { pod: 'default/b' }])
  expect(minute).toMatchObject({ answered: 60, lost: 0 })
  expect(minute.rows.map(({ answered }) => answered)).toEqual([20, 40])
  expect(shares.inAll('default/shop').get('default/a')?.answered).toBe(200)
  expect(rowsOf(shares.lastMinute('default/shop', 700_000), []).answered).toBe(0)
})

it('begins anew with another life, and says what it did not see', () => {
  const shares = createShares()
  shares.take([flight(1, 1000, 'default/a'), flight(90, 2000, 'default/a')], false)
  expect(shares.missed).toBe(88)
  shares.take([flight(4, 500, 'default/b')], true)
  expect([...shares.inAll('default/shop').keys()]).toEqual(['default/b'])
  expect(shares.missed).toBe(0)
})

it('shows who has answered nothing yet, and who answered and is gone', () => {
  const shares = createShares()
  shares.take([flight(1, 1000, 'default/old'), flight(2, 1100, 'default/a'), flight(3, 1200, 'default/a')], false)
  const { rows } = rowsOf(shares.inAll('default/shop'), [{ pod: 'default/a' }, { pod: 'default/new' }])
  expect(rows.map(({ pod, here, answered }) => [pod, here, answered])).toEqual([
    ['default/a', true, 2],
    ['default/new', true, 0],
    ['default/old', false, 1],
  ])
  expect(rows.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1)
})
