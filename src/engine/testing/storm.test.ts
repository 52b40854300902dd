import { describe, expect, it } from 'vitest'
import { storm } from './storm.ts'

describe('a storm', () => {
  it.each(['1', '3', '4', '179', '335'])('of seed %s breaks no invariant', (seed) => {
    expect(storm({ seed, steps: 60 }).problems).toEqual([])
  })

  it.each(['1', '11', '17'])('of seed %s is the same life when it is saved and loaded on the way', (seed) => {
    expect(storm({ seed, steps: 60, reload: true }).problems).toEqual([])
  })
})
