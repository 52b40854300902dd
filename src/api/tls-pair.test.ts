/** What is said of certificates and keys that are none. */
import { expect, it } from 'vitest'
import { pairProblem } from './tls-pair.ts'

const block = (type: string, body: string): string => `-----BEGIN ${type}-----\n${body}\n-----END ${type}-----\n`
const KEY = block('PRIVATE KEY', 'bm90IGEga2V5')

it('a block that is no base64, or has no end, is no block', () => {
  const nothing = 'tls: failed to find any PEM data in certificate input'
  expect(pairProblem(block('CERTIFICATE', '<your-client-certificate>'), KEY)).toBe(nothing)
  expect(pairProblem('-----BEGIN CERTIFICATE-----\nbm90\n', KEY)).toBe(nothing)
  expect(pairProblem(block('CERTIFICATE', 'bm90'), block('PRIVATE KEY', '<key>'))).toBe(
    'tls: failed to find any PEM data in key input',
  )
  expect(pairProblem(block('CERTIFICATE', 'Proc-Type: 4\n\nbm90IGEg\nY2VydA=='), KEY)).toBeNull()
})

it('blocks of other types are named', () => {
  expect(pairProblem(KEY, KEY)).toContain('PEM inputs may have been switched')
  expect(pairProblem(block('X', 'bm90'), KEY)).toContain('after skipping PEM blocks of the following types: [X]')
})
