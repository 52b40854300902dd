import { describe, expect, it } from 'vitest'
import { compileRegexp, findAll, Regexp } from './index.ts'

describe('matching', () => {
  it.each([
    ['^a+$', 'aaa', true],
    ['^[[:alpha:]_]+\\d{2,3}$', 'ab_12', true],
    ['(?i)HELLO', 'say hello', true],
    ['^(?:a|b)*c\\z', 'ababc', true],
    ['\\bcat\\b', 'concat', false],
    ['^\\p{Lu}', 'Ö', true],
    ['a.c', 'a\nc', false],
    ['(?s)a.c', 'a\nc', true],
    ['^\\Qa.b\\E$', 'a.b', true],
    ['[^a-c]', 'abc', false],
    ['x{0}y', 'y', true],
  ])('%s in %j: %s', (pattern, text, holds) => expect(new Regexp(pattern).test(text)).toBe(holds))

  it('finds the leftmost match as a backtracking search would', () => {
    expect(findAll(new Regexp('a+?|b+'), 'aabbb')).toEqual(['a', 'a', 'bbb'])
    expect(findAll(new Regexp('a*'), 'baac')).toEqual(['', 'aa', ''])
  })

  it('tells what groups have taken', () => {
    expect(new Regexp('(a+)(b)?(?:c)(?P<rest>.*)').groups('xaacdd')).toEqual(['aacdd', 'aa', '', 'dd'])
    expect(new Regexp('(a|ab)(c|bcd)').groups('abcd')).toEqual(['abcd', 'a', 'bcd'])
    expect(new Regexp('(?:(a)|b)*').groups('ab')).toEqual(['ab', 'a'])
    expect(new Regexp('a(b)').groups('ac')).toBe(null)
  })

  it('never takes long', () => {
    expect(new Regexp('^(a+)+$').test(`${'a'.repeat(5000)}b`)).toBe(false)
    expect(new Regexp('(x+x+)+y').test('x'.repeat(2000))).toBe(false)
  })
})

describe('refusals', () => {
  it.each([
    ['(', 'missing closing ): `(`'],
    [')', 'unexpected ): `)`'],
    ['[a', 'missing closing ]: `[a`'],
    ['*', 'missing argument to repetition operator: `*`'],
    ['a**', 'invalid nested repetition operator: `**`'],
    ['a{1001}', 'invalid repeat count: `{1001}`'],
    ['[z-a]', 'invalid character class range: `z-a`'],
    ['\\q', 'invalid escape sequence: `\\q`'],
    ['(?=a)', 'invalid or unsupported Perl syntax: `(?=`'],
    ['a\\', 'trailing backslash at end of expression: ``'],
  ])('%s', (pattern, words) => expect(compileRegexp(pattern)).toBe(`error parsing regexp: ${words}`))
})
