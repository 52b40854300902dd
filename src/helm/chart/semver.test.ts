import { describe, expect, it } from 'vitest'
import { isInRange } from './semver.ts'

const CASES: [range: string, version: string, suits: boolean][] = [
  ['>=1.24.0-0', 'v1.36.3', true],
  ['>=1.30-0', '1.29.1', false],
  ['^1.2.3', '1.9.0', true],
  ['^1.2.3', '2.0.0', false],
  ['^0.2.3', '0.2.9', true],
  ['^0.2.3', '0.3.0', false],
  ['~1.2', '1.2.8', true],
  ['~1.2', '1.3.0', false],
  ['1.x', '1.7.2', true],
  ['*', '3.1.4', true],
  ['>1.2 <3 || 5', '2.9.9', true],
  ['>1.2 <3 || 5', '5.4.0', true],
  ['>1.2, <3', '3.0.0', false],
  ['1.2 - 1.4', '1.3.9', true],
  ['>=1.0.0', '1.1.0-alpha', false],
  ['!=1.2.3', '1.2.3', false],
  ['nonsense', '1.0.0', false],
]

describe('a range of versions', () => {
  for (const [range, version, suits] of CASES)
    it(`${range} ${suits ? 'takes' : 'refuses'} ${version}`, () => expect(isInRange(range, version)).toBe(suits))
})
