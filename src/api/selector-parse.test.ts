import { describe, expect, it } from 'vitest'
import { matches } from './selector.ts'
import { parseFieldSelector, parseLabelSelector } from './selector-parse.ts'

const picks = (text: string, labels: Record<string, string>): boolean => {
  const selector = parseLabelSelector(text)
  if (typeof selector === 'string') throw new Error(selector)
  return matches(selector, labels)
}

describe('label selectors', () => {
  it('read equality, sets, presence and numbers', () => {
    expect(picks('a=b, c in (d,e), f, !g, n>1,n<11', { a: 'b', c: 'e', f: '', n: '10' })).toBe(true)
    expect(picks('a!=b', {})).toBe(true)
    expect(picks('tier in (front,)', { tier: '' })).toBe(true)
  })
  it('take `in` for a word where no operator may stand', () => expect(picks('in in (notin)', { in: 'notin' })).toBe(true))
  it.each([
    ['tier in front', "unable to parse requirement: found 'front' expected: '('"],
    ['a b=c', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['a,', "found '', expected: identifier after ','"],
    ['a=b c', "found 'c', expected: ',' or 'end of string'"],
    ['=a', "found '=', expected: !, identifier, or 'end of string'"],
    ['n>x', `unable to parse requirement: values[0]: Invalid value: "x": for 'Gt', 'Lt' operators, the value must be an integer`],
  ])('refuse %s', (text, words) => expect(parseLabelSelector(text)).toBe(words))
  it('name the value that is none', () =>
    expect(parseLabelSelector('a=b/c')).toMatch(/requirement: values\[0\]\[a\]: Invalid value: "b\/c": a valid label must/))
})

describe('field selectors', () => {
  it('read terms in order, with escapes', () =>
    expect(parseFieldSelector('b!=1,a==x\\,y')).toEqual([
      { field: 'a', value: 'x,y', equal: true },
      { field: 'b', value: '1', equal: false },
    ]))
  it('refuse what has no operator', () =>
    expect(parseFieldSelector('metadata.name')).toBe("invalid selector: 'metadata.name'; can't understand 'metadata.name'"))
})
