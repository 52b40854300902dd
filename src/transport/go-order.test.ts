/** In which order the fields of an object stand where a person reads it as the API server wrote it. */
import { expect, test } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { inGoOrder } from './go-order.ts'

const text = (object: unknown, isCustom?: (apiVersion: string) => boolean): string =>
  JSON.stringify(inGoOrder(object as AnyObject, isCustom))

test('a built-in object has its fields as its struct has them', () => {
  const map = { data: { b: '1', a: '2' }, metadata: { labels: {}, name: 'm' }, apiVersion: 'v1', kind: 'ConfigMap' }
  expect(text(map)).toBe('{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"m","labels":{}},"data":{"a":"2","b":"1"}}')
})

test('a custom object and its list are sorted by name all through', () => {
  const boat = {
    apiVersion: 'example.com/v1',
    kind: 'Boat',
    metadata: { name: 'b', labels: { z: '1', a: '2' }, generation: 1 },
    spec: { sails: 2, crew: [{ name: 'x', age: 3 }] },
  }
  const own = (apiVersion: string): boolean => apiVersion === 'example.com/v1'
  const sorted =
    '{"apiVersion":"example.com/v1","kind":"Boat","metadata":{"generation":1,"labels":{"a":"2","z":"1"},"name":"b"},"spec":{"crew":[{"age":3,"name":"x"}],"sails":2}}'
  expect(text(boat, own)).toBe(sorted)
  const list = { kind: 'BoatList', apiVersion: 'example.com/v1', metadata: { resourceVersion: '1' }, items: [boat] }
  expect(text(list, own)).toBe(
    `{"apiVersion":"example.com/v1","items":[${sorted}],"kind":"BoatList","metadata":{"resourceVersion":"1"}}`,
  )
  expect(text(boat), 'one of a program that serves its own kinds stays as it was written').toBe(JSON.stringify(boat))
})
