/** The letters at the end of names that kubectl makes up. */
import { expect, test } from 'vitest'
import { suffix } from './suffix.ts'

test('five safe letters, also of a moment between two milliseconds', () => {
  for (const moment of [0, 1_764_540_000_000, 1_764_540_000_000.437, 17.999]) {
    expect(suffix(moment)).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{5}$/)
  }
})
