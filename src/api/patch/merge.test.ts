import fc from 'fast-check'
import { expect, it } from 'vitest'
import { applyMergePatch, createMergePatch } from './merge.ts'
import type { Dict } from './parts.ts'

it('removes by null, merges objects, replaces the rest', () => {
  const base = { a: { x: 1, y: 2 }, list: [1, 2], gone: true }
  expect(applyMergePatch(base, { a: { y: null, z: 3 }, list: [3], gone: null, nothing: null })).toEqual({
    a: { x: 1, z: 3 },
    list: [3],
  })
})

it('adds objects without their nulls', () => {
  expect(applyMergePatch({}, { a: { b: null, c: { d: null } }, e: [{ f: null }] })).toEqual({ a: { c: {} }, e: [{}] })
})

it('returns the same object when nothing changes, and shares the rest', () => {
  const base = { a: { x: [1] }, b: { y: 1 } }
  expect(applyMergePatch(base, { a: { x: [1] }, b: {}, c: null })).toBe(base)
  expect((applyMergePatch(base, { b: { y: 2 } }) as typeof base).a).toBe(base.a)
})

it('keeps __proto__ an ordinary key', () => {
  const next = applyMergePatch({}, JSON.parse('{"__proto__": {"polluted": 1}}')) as object
  expect(Object.hasOwn(next, '__proto__')).toBe(true)
  expect(({} as Dict)['polluted']).toBeUndefined()
})

const object = fc.dictionary(
  fc.constantFrom('a', 'b', 'c'),
  fc.oneof(fc.integer(), fc.string(), fc.dictionary(fc.constantFrom('x', 'y'), fc.integer())),
)

it('leads from any object to any other', () => {
  fc.assert(
    fc.property(object, object, (from, to) => {
      expect(applyMergePatch(from, createMergePatch(from, to))).toEqual(to)
    }),
  )
})
