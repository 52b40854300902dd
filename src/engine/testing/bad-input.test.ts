import { describe, expect, it } from 'vitest'
import { badInput } from './bad-input.ts'

describe('bad input', () => {
  it.each([1])('of seed %s breaks nothing, and is always answered', (seed) => {
    const { problems, statuses } = badInput({ seed, requests: 400, clock: () => process.cpuUsage().user / 1000 })
    expect(problems).toEqual([])
    // It does reach the engine: some of it is even accepted.
    expect(statuses['201']).toBeGreaterThan(3)
    expect(statuses['422']).toBeGreaterThan(30)
  })
})
