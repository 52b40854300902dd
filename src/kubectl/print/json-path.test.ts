/** kubectl's JSONPath. */
import { expect, it } from 'vitest'
import { jsonPath, pathValues } from './json-path.ts'

const list = {
  items: [
    { metadata: { name: 'a', labels: { 'app.kubernetes.io/name': 'x' } }, spec: { n: 1 }, status: { ready: true } },
    { metadata: { name: 'b' }, spec: { n: 3 } },
  ],
}

it('joins several values with spaces', () => expect(jsonPath('{.items[*].metadata.name}', list)).toBe('a b'))
it('takes what is not in braces as text', () => expect(jsonPath('.items[0].spec', list)).toBe('.items[0].spec'))
it('ranges, with quoted texts between', () => {
  expect(jsonPath('{range .items[*]}{.metadata.name}={.spec.n}{"\\n"}{end}', list)).toBe('a=1\nb=3\n')
})
it('filters', () => expect(jsonPath('{.items[?(@.spec.n>1)].metadata.name}', list)).toBe('b'))
it('filters by what exists', () => expect(jsonPath('{.items[?(@.status)].metadata.name}', list)).toBe('a'))
it('counts from the end', () => expect(jsonPath('{.items[-1].metadata.name}', list)).toBe('b'))
it('searches every level', () => expect(jsonPath('{..n}', list)).toBe('1 3'))
it('reads keys with escaped dots and slashes', () => {
  expect(pathValues('.items[0].metadata.labels.app\\.kubernetes\\.io/name', list)).toEqual(['x'])
})
it('says nothing of what is missing', () => expect(jsonPath('{.nothing.here}', list)).toBe(''))
it('refuses an open brace', () => expect(() => jsonPath('{.items', list)).toThrow('unclosed action'))
it('refuses an index beyond the end', () =>
  expect(() => jsonPath('{.items[5]}', list)).toThrow('array index out of bounds: index 5, length 2'))
