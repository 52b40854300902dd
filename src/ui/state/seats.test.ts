import { expect, it } from 'vitest'
import { createSeats } from './seats.ts'

it('keeps a seat for life and gives a freed one to the next', () => {
  const seats = createSeats()
  for (const uid of ['a', 'b', 'c']) seats.seat('node-1', uid)
  seats.leave('node-1', 'b')
  expect(seats.seat('node-1', 'c')).toBe(2)
  expect(seats.seat('node-1', 'd')).toBe(1)
  expect(seats.row('node-1')).toEqual(['a', 'd', 'c'])
})

it('shrinks when the last ones go', () => {
  const seats = createSeats()
  for (const uid of ['a', 'b', 'c']) seats.seat('n', uid)
  seats.leave('n', 'b')
  seats.leave('n', 'c')
  expect(seats.row('n')).toEqual(['a'])
})
