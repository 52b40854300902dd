/** OpenAPI v2 as client-go reads it: the same document as the JSON, as gnostic's messages. */
import { expect, test } from 'vitest'
import { textOf } from '#api/bytes.ts'
import { TestCluster } from '../../testing/test-cluster.ts'

type Fields = Map<number, (Uint8Array | number)[]>

/** The fields of a message: bytes, or a number. */
function fieldsOf(bytes: Uint8Array): Fields {
  const all: Fields = new Map()
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++] as number
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }
  while (at < bytes.length) {
    const tag = varint()
    let value: Uint8Array | number
    if (tag % 8 === 0) value = varint()
    else {
      const length = tag % 8 === 1 ? 8 : varint()
      value = bytes.subarray(at, at + length)
      at += length
    }
    const field = Math.floor(tag / 8)
    all.set(field, [...(all.get(field) ?? []), value])
  }
  expect(at).toBe(bytes.length)
  return all
}
const messages = (fields: Fields, field: number): Fields[] =>
  (fields.get(field) ?? []).map((bytes) => fieldsOf(bytes as Uint8Array))
const texts = (fields: Fields | undefined, field: number): string[] =>
  (fields?.get(field) ?? []).map((bytes) => textOf(bytes as Uint8Array))
/** A list of named messages. */
const byName = (fields: Fields | undefined, field: number): Record<string, Fields> =>
  Object.fromEntries(
    (fields ? messages(fields, field) : []).map((each) => [texts(each, 1)[0] as string, messages(each, 2)[0] as Fields]),
  )

const group = 'stable.example.com'
const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `foos.${group}` },
  spec: {
    group,
    names: { plural: 'foos', singular: 'foo', kind: 'Foo', listKind: 'FooList' },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            required: ['spec'],
            properties: {
              spec: { type: 'object', properties: { bars: { type: 'array', items: { type: 'string', maxLength: 300 } } } },
            },
          },
        },
      },
    ],
  },
}

test('every definition, path and operation is there, custom kinds with their schema', () => {
  const cluster = new TestCluster({ nodes: 0 })
  cluster.create(definition)
  cluster.run(5)
  const asked = (accept: string) => cluster.request('GET', '/openapi/v2', undefined, { accept }).body
  const json = asked('application/json') as Record<string, any>
  const document = fieldsOf(asked('application/com.github.proto-openapi.spec.v2.v1.0+protobuf') as Uint8Array)
  expect(texts(document, 1)).toEqual(['2.0'])
  const definitions = byName(messages(document, 9)[0], 1)
  expect(Object.keys(definitions)).toEqual(Object.keys(json['definitions']))
  for (const [name, schema] of Object.entries<any>(json['definitions'])) {
    const properties = byName(messages(definitions[name] as Fields, 25)[0], 1)
    expect(Object.keys(properties)).toEqual(Object.keys(schema.properties ?? {}))
  }
  const foo = definitions['com.example.stable.v1.Foo'] as Fields
  expect(texts(foo, 19)).toEqual(['spec'])
  const kinds = byName(foo, 31)['x-kubernetes-group-version-kind']
  expect(JSON.parse(texts(kinds, 2)[0] as string)).toEqual([{ group, kind: 'Foo', version: 'v1' }])
  const spec = byName(messages(foo, 25)[0], 1)['spec'] as Fields
  const bars = byName(messages(spec, 25)[0], 1)['bars'] as Fields
  expect(messages(bars, 22).map((type) => texts(type, 1))).toEqual([['array']])
  const item = messages(messages(bars, 23)[0] as Fields, 1)[0] as Fields
  expect([item.get(11), texts(messages(item, 22)[0], 1)]).toEqual([[300], ['string']])
  const paths = byName(messages(document, 8)[0], 2)
  expect(Object.keys(paths)).toEqual(Object.keys(json['paths']))
  const patch = messages(paths['/api/v1/namespaces/{namespace}/pods/{name}'] as Fields, 8)[0] as Fields
  expect(texts(patch, 5)).toEqual(['patchCoreV1NamespacedPod'])
  expect(Object.keys(byName(patch, 13))).toContain('x-kubernetes-group-version-kind')
})
