import { expect, it } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { catalogueSchemas } from '../../resources/catalogue/index.ts'
import type { Schema } from '../schema/schema.ts'
import { apply } from './apply.ts'
import { trackUpdate } from './track.ts'

const text: Schema = { type: 'string' }
const spec: Schema = {
  type: 'object',
  properties: {
    free: { type: 'object', preserveUnknown: true },
    list: { type: 'array', items: text },
    set: { type: 'array', listType: 'set', items: text },
    m: { type: 'object', values: text },
    ports: {
      type: 'array',
      listType: 'map',
      listKeys: ['name'],
      items: { type: 'object', required: ['name'], properties: { name: text, v: { type: 'integer' } } },
    },
  },
}
const schemas = catalogueSchemas()
const schema = 'com.example.v1.Thing'
schemas.set(schema, {
  type: 'object',
  properties: { apiVersion: text, kind: text, spec, status: { type: 'object', properties: { a: text } } },
})
const common = { subresource: '', time: '2026-01-01T00:00:00Z', apiVersion: 'example.com/v1', schema, schemas }
const thing = (parts: object): AnyObject => ({ apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 't' }, ...parts })
const made = thing({
  metadata: { name: 't', uid: 'u', labels: { a: 'b' } },
  spec: { free: { x: { y: [1] } }, list: ['a'], set: ['x', 'a'], m: { k: 'v' }, ports: [{ name: 'b', v: 1 }] },
  status: { a: 'x' },
})
const entries = trackUpdate({ ...common, old: null, next: made, manager: 'c' }) ?? []
const live: AnyObject = { ...made, metadata: { ...made.metadata, managedFields: entries } }

it('tracks custom resources by their own schema; without a status subresource status is a field like any other', () => {
  expect(JSON.stringify(entries[0]?.fieldsV1)).toBe(
    JSON.stringify({
      'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } },
      'f:spec': {
        '.': {},
        'f:free': { '.': {}, 'f:x': { '.': {}, 'f:y': {} } },
        'f:list': {},
        'f:m': { '.': {}, 'f:k': {} },
        'f:ports': { '.': {}, 'k:{"name":"b"}': { '.': {}, 'f:name': {}, 'f:v': {} } },
        'f:set': { '.': {}, 'v:"a"': {}, 'v:"x"': {} },
      },
      'f:status': { '.': {}, 'f:a': {} },
    }),
  )
})

it('merges sets, keyed lists and unknown fields, and takes them out again', () => {
  const applied = (parts: object) => thing({ spec: parts })
  const next = apply({
    ...common,
    live,
    kind: 'Thing',
    manager: 'ap',
    force: true,
    applied: applied({ free: { x: { z: 1 } }, set: ['q'], ports: [{ name: 'c' }] }),
  })
  expect(next['spec']).toMatchObject({
    free: { x: { y: [1], z: 1 } },
    set: ['x', 'a', 'q'],
    ports: [{ name: 'b', v: 1 }, { name: 'c' }],
  })
  expect(JSON.stringify(next.metadata.managedFields?.[0]?.fieldsV1)).toBe(
    '{"f:spec":{"f:free":{"f:x":{".":{},"f:z":{}}},"f:ports":{"k:{\\"name\\":\\"c\\"}":{".":{},"f:name":{}}},"f:set":{"v:\\"q\\"":{}}}}',
  )
  const fewer = apply({ ...common, live: next, kind: 'Thing', manager: 'ap', force: false, applied: applied({}) })
  expect(fewer['spec']).toEqual(live['spec'])
  expect(fewer.metadata.managedFields?.[0]?.fieldsV1).toEqual({ 'f:spec': {} })
})
