import { expect, it } from 'vitest'
import { plotOf } from './plot.ts'

const readings = [
  { at: 0, value: 0 },
  { at: 50, value: 1 },
  { at: 100, value: 0.5 },
]

it('draws from the left to now, with the most near the top', () => {
  const { line, area, end, top } = plotOf(readings, 0, 100, [])
  expect(top).toBeCloseTo(1.12)
  expect(line).toBe('M0.00 100.00L50.00 10.71L100.00 55.36')
  expect(area.startsWith('M0.00 100L')).toBe(true)
  expect(end).toEqual({ x: 100, y: expect.closeTo(55.36, 1) })
})

it('makes room for what was asked for, not for a limit far above', () => {
  const { heightOf, top } = plotOf(readings, 0, 100, [2, 500])
  expect(top).toBeCloseTo(2.9)
  expect(heightOf(2)).toBeCloseTo(31, 1)
  expect(heightOf(500)).toBeNull()
})

it('stands with a single point, and with none', () => {
  expect(plotOf([{ at: 5, value: 3 }], 5, 5, []).end.x).toBe(100)
  expect(plotOf([], 0, 0, []).line).toBe('')
})
