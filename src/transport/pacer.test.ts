/** How wall time becomes simulated time. */
import { expect, it } from 'vitest'
import { type Paced, Pacer } from './pacer.ts'

/** A world in which nothing is due. */
function idle(): Paced & { now: number } {
  const life = { now: 0, steps: 0, nextAt: () => null, step: () => false, skipTo: (time: number) => void (life.now = time) }
  return life
}

/** The world's clock after a pause of the machine that it runs on. */
function clockAfter(pauseMs: number, catchUpMs?: number): number {
  const life = idle()
  let wall = 0
  const pacer = new Pacer(life, { now: () => wall, later: () => () => undefined }, 1, catchUpMs)
  wall += pauseMs
  pacer.catchUp()
  return life.now
}

it('does not make up for a closed lid', () => {
  expect(clockAfter(500)).toBe(500)
  expect(clockAfter(3_600_000)).toBe(1000)
})

it('makes up for what was missed where others compare clocks, within a limit', () => {
  expect(clockAfter(20_000, 60_000)).toBe(20_000)
  expect(clockAfter(3_600_000, 60_000)).toBe(60_000)
})
