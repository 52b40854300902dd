import { expect, test } from 'vitest'
import { pack, unpack } from './pack.ts'

const stored = (name: string, spec: unknown) => ({ metadata: { name, resourceVersion: '7' }, spec })

test('what is equal is one object again', () => {
  const state = { store: [stored('a', { x: [1] })], cache: [stored('a', { x: [1] }), stored('b', { x: [1] })] }
  const back = unpack(pack(state))
  expect(back).toEqual(state)
  expect(back.cache[0]).toBe(back.store[0])
  expect(back.cache[1].spec).toBe(back.store[0].spec)
})

test('plain state stays apart', () => {
  const back = unpack(pack({ one: [], two: [] }))
  back.one.push(1)
  expect(back.two).toEqual([])
})

test('whatever the keys are', () => {
  const state = { a: { $: 3 }, b: [{ $: { $: [1] } }], c: stored('a', JSON.parse('{"__proto__":{"x":1},"$":5}')) }
  expect(JSON.stringify(unpack(pack(state)))).toBe(JSON.stringify(state))
  expect(pack(unpack(pack(state)))).toBe(pack(state))
})
