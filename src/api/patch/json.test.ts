import { expect, it } from 'vitest'
import { ApiError } from '../status.ts'
import { applyJsonPatch, jsonPatchProblems } from './json.ts'

const base = { metadata: { labels: { x: '1' }, annotations: { keep: 'me' } }, spec: { args: ['x', 'y'], n: null } }
const refusal = (patch: unknown): ApiError => {
  try {
    applyJsonPatch(base, patch)
  } catch (error) {
    if (error instanceof ApiError) return error
  }
  throw new Error('not refused')
}

it('does every operation, in order', () => {
  const next = applyJsonPatch(base, [
    { op: 'test', path: '/metadata/labels/x', value: '1' },
    { op: 'add', path: '/metadata/labels/new~1key', value: 'v' },
    { op: 'copy', from: '/metadata/labels/x', path: '/metadata/labels/copy' },
    { op: 'move', from: '/metadata/annotations/keep', path: '/metadata/annotations/kept' },
    { op: 'replace', path: '/spec/args/1', value: 'z' },
    { op: 'add', path: '/spec/args/0', value: 'first' },
    { op: 'add', path: '/spec/args/-', value: 'last' },
    { op: 'remove', path: '/spec/n' },
  ])
  expect(next).toEqual({
    metadata: { labels: { x: '1', 'new/key': 'v', copy: '1' }, annotations: { kept: 'me' } },
    spec: { args: ['first', 'x', 'z', 'last'] },
  })
  expect(base.spec.args).toEqual(['x', 'y'])
})

it('answers every failure with the same 422', () => {
  const failures = [
    { op: 'test', path: '/metadata/labels/x', value: '2' },
    { op: 'remove', path: '/metadata/labels/nothing' },
    { op: 'replace', path: '/nowhere/else', value: 1 },
    { op: 'add', path: '/data/x', value: 1 },
    { op: 'add', path: '/spec/args/9', value: 1 },
    { op: 'add', path: '/spec/args/one', value: 1 },
    { op: 'shuffle', path: '/metadata' },
    { op: 'move', from: '/metadata/nothing', path: '/metadata/labels/a' },
    { path: '/metadata' },
    { op: 'add', value: 1 },
  ]
  for (const op of failures) {
    const { code, reason, message } = refusal([op])
    expect([code, reason, message]).toEqual([422, 'Invalid', 'the server rejected our request due to an error in our request'])
  }
})

it('refuses what is no list of operations', () => {
  expect(refusal({ op: 'add' }).message).toBe(
    'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
  )
  expect(refusal([{ op: 1 }]).code).toBe(400)
})

it('takes the liberties that the real one takes', () => {
  expect(applyJsonPatch(base, [{ op: 'replace', path: '/metadata/name', value: 'n' }])).toHaveProperty('metadata.name', 'n')
  expect(applyJsonPatch(base, [{ op: 'test', path: '/metadata/nothing', value: null }])).toBe(base)
  expect(applyJsonPatch(base, [{ op: 'replace', path: '/spec/args/-1', value: 'z' }])).toHaveProperty('spec.args', ['x', 'z'])
})

it('shares what stays the same', () => {
  const next = applyJsonPatch(base, [{ op: 'replace', path: '/spec/n', value: 1 }]) as typeof base
  expect(next.metadata).toBe(base.metadata)
  expect(applyJsonPatch(base, [{ op: 'replace', path: '/spec/args', value: ['x', 'y'] }])).toBe(base)
})

it('treats __proto__ as a key like any other', () => {
  const next = applyJsonPatch(base, [{ op: 'add', path: '/__proto__', value: { polluted: true } }]) as object
  expect(Object.getPrototypeOf(next)).toBe(Object.prototype)
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

it('names fields of operations that nobody knows', () => {
  expect(jsonPatchProblems([{ op: 'add', path: '/a', vale: 1 }])).toEqual(['json patch unknown field "[0].vale"'])
})
