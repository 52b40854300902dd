import { describe, expect, it } from 'vitest'
import { careful } from './careful.ts'

const longest = { longest: true }

describe('a careful expression', () => {
  it('is an ordinary one where nothing can take long', () => {
    expect(careful('a|b').constructor).toBe(RegExp)
    expect(careful('(a)\\1*').exec('aaa')?.[0]).toBe('aaa')
    expect(() => careful('(')).toThrow(SyntaxError)
  })

  it.each([
    ['(a|a)*c', 'a'.repeat(5000)],
    ['(a*)*b', 'a'.repeat(200_000)],
    ['(a?){50}a{60}b', 'a'.repeat(100)],
    [`${'a?'.repeat(40)}${'a'.repeat(40)}b`, 'a'.repeat(60)],
    ['^[^]*a[^]*a[^]*a[^]*a[^]*b$', 'a'.repeat(20_000)],
    ['x.*y', 'x'.repeat(200_000)],
    ['(?<!\\w)(?:(a+)+)(?!\\w)', `${'a'.repeat(5000)}b`],
  ])('soon finds that %s does not match', (source, text) => expect(careful(source).test(text)).toBe(false))

  it('takes the longest match from the leftmost place, where that is asked for', () => {
    expect(careful('a|ab').exec('xab')?.[0]).toBe('a')
    expect(careful('a|ab', '', longest).exec('xab')).toMatchObject({ 0: 'ab', index: 1, input: 'xab' })
    expect(careful('(a|ab)(c|bcd)?', '', longest).exec('abcd')).toMatchObject({ 0: 'abcd', 1: 'a', 2: 'bcd' })
    expect(careful('a?(ab)?', '', longest).exec('ab')?.[0]).toBe('ab')
    expect(careful('foo|foobar', 'i', longest).exec('FooBar')?.[0]).toBe('FooBar')
  })

  it('does all that an ordinary one does, with the same results', () => {
    const text = 'aab b ab aaab\nxaby'.repeat(3)
    for (const source of [
      '(a+)+b',
      '(a|b)*',
      '(?:a*b?)*',
      '(?<first>a)(?<rest>(?:a|b)*)',
      '^(a|x)+',
      '\\b(?:a|b)+\\b',
      '(a)|(b)+',
    ]) {
      for (const flags of ['g', 'gm', 'gi', 'gs', 'gu']) {
        const [one, other] = [careful(source, flags), new RegExp(source, flags)]
        expect(one.constructor).not.toBe(RegExp)
        const all = (expression: RegExp) => [...text.matchAll(expression)].map((m) => [m.index, ...m, { ...m.groups }])
        expect(all(one)).toEqual(all(other))
        expect(text.replace(one, '<$&>')).toBe(text.replace(other, '<$&>'))
        expect(text.search(one)).toBe(text.search(other))
      }
      expect(text.match(careful(source))).toEqual(text.match(new RegExp(source)))
      expect('xabyaabz'.split(careful(source))).toEqual('xabyaabz'.split(new RegExp(source)))
      expect(text.split(careful(source), 3)).toEqual(text.split(new RegExp(source), 3))
    }
  })

  it('refuses what would take too long even so', () => {
    expect(() => careful('(a{500}|b){1,9}').test('a'.repeat(5_000_000))).toThrow(RangeError)
  })
})
