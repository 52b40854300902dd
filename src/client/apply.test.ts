import { expect, it } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { LAST_APPLIED, lastApplied, patchFor, withLastApplied } from './apply.ts'

const config = (data: Record<string, string>): AnyObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'c', namespace: 'default' },
  data,
})

it('writes the manifest into its annotation, keys sorted, HTML escaped, with a line break', () => {
  const { annotations } = withLastApplied(config({ b: '<&>', a: '1' })).metadata
  expect(annotations?.[LAST_APPLIED]).toBe(
    '{"apiVersion":"v1","data":{"a":"1","b":"\\u003c\\u0026\\u003e"},"kind":"ConfigMap","metadata":{"annotations":{},"name":"c","namespace":"default"}}\n',
  )
})

it('deletes what was applied before and is no longer, and leaves what others added', () => {
  const before = withLastApplied(config({ a: '1', b: '2' }))
  const current = { ...before, data: { ...before['data'], theirs: 'x' } }
  const { patch } = patchFor(current, withLastApplied(config({ a: '9' })), undefined, true)
  expect(patch['data']).toEqual({ a: '9', b: null })
})

it('has nothing to say about what is as it should be', () => {
  const applied = withLastApplied(config({ a: '1' }))
  expect(patchFor(applied, withLastApplied(config({ a: '1' })), undefined, true).patch).toEqual({})
  expect(lastApplied(applied)['data']).toEqual({ a: '1' })
})

it('refuses to turn one object into another', () => {
  const applied = withLastApplied(config({}))
  const other = { ...config({}), kind: 'Secret' }
  expect(() => patchFor(applied, other, undefined, true)).toThrow('At least one of apiVersion, kind and name was changed')
})
