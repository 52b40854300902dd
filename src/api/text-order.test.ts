import { expect, it } from 'vitest'
import { byBytes } from './text-order.ts'

it('puts what UTF-8 writes with four bytes after what it writes with three', () => {
  expect(['\u{1f600}', '\uff5e', 'b', 'ab', 'a', ''].sort(byBytes)).toEqual(['', 'a', 'ab', 'b', '\uff5e', '\u{1f600}'])
})
