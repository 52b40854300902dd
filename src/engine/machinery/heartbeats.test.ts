import { expect, test } from 'vitest'
import { World } from '../sim/world.ts'
import { Heartbeats } from './heartbeats.ts'

const world = () => new World({ seed: '1', epoch: 0 })

test('a beating node has renewed at its phase and every period since', () => {
  const beats = new Heartbeats(world())
  beats.beat('a', 1000, 10_000)
  expect(beats.lastRenew('a', 500)).toBeUndefined()
  expect(beats.lastRenew('a', 1000)).toBe(1000)
  expect(beats.lastRenew('a', 35_000)).toBe(31_000)
  expect(beats.lastRenew('b', 0)).toBeUndefined()
})

test('silence keeps the last renewal, and a new life goes on from it', () => {
  const beats = new Heartbeats(world())
  const told: [string, number][] = []
  beats.onSilent((node, last) => told.push([node, last]))
  beats.beat('a', 0, 10_000)
  beats.silence('a', 25_000)
  expect(told).toEqual([['a', 20_000]])
  expect(beats.lastRenew('a', 90_000)).toBe(20_000)
  beats.beat('a', 95_000)
  expect(beats.lastRenew('a', 94_000)).toBe(20_000)
  expect(beats.lastRenew('a', 96_000)).toBe(95_000)
})
