import { describe, expect, it } from 'vitest'
import { catalogueSchemas } from '#engine/resources/catalogue/index.ts'
import { decodeProtobuf, isProtobuf, jsonFields, messageNames } from './protobuf.ts'

/** `k8s.io.api.core.v1.Pod` as the published schemas name it. */
const definitionOf = (message: string): string =>
  message
    .replace(/^k8s\.io\./, 'io.k8s.')
    .replace('apiextensions_apiserver', 'apiextensions-apiserver')
    .replace('kube_aggregator', 'kube-aggregator')

/** A message written by hand: [field number, text, bytes or number]. */
function encode(...fields: [number, string | Uint8Array | number][]): Uint8Array {
  const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)])
  const bytes = fields.flatMap(([number, value]) => {
    if (typeof value === 'number') return [...varint(number << 3), ...varint(value)]
    const body = typeof value === 'string' ? new TextEncoder().encode(value) : value
    return [...varint((number << 3) | 2), ...varint(body.length), ...body]
  })
  return Uint8Array.from(bytes)
}

function body(apiVersion: string, kind: string, object: Uint8Array): Uint8Array {
  const unknown = encode([1, encode([1, apiVersion], [2, kind])], [2, object])
  return Uint8Array.from([0x6b, 0x38, 0x73, 0, ...unknown])
}

describe('protobuf', () => {
  it('knows every field of every published type by its name in JSON', () => {
    const schemas = catalogueSchemas()
    const wrong = messageNames().flatMap((name) => {
      const properties = schemas.get(definitionOf(name))?.properties
      if (!properties) return []
      const fields = new Set(jsonFields(name))
      const lacking = Object.keys(properties).filter((key) => !fields.has(key) && key !== 'kind' && key !== 'apiVersion')
      const extra = [...fields].filter((key) => !properties[key])
      return lacking.length + extra.length > 0 ? [`${name}: lacks ${lacking}, has ${extra}`] : []
    })
    expect(wrong).toEqual([])
  })

  it('reads lists that are structs, and names that begin with a capital', () => {
    const extra = encode([1, 'scopes'], [2, encode([1, 'a'], [1, 'b'])])
    const request = encode([1, encode([1, 'csr'])], [2, encode([6, extra])])
    expect(decodeProtobuf(body('certificates.k8s.io/v1', 'CertificateSigningRequest', request))).toMatchObject({
      metadata: { name: 'csr' },
      spec: { extra: { scopes: ['a', 'b'] } },
    })
  })

  it('keeps a version’s schema apart from the $schema of JSON Schema', () => {
    const properties = encode([5, 'object'], [2, 'http://json-schema.org/schema#'])
    const version = encode([1, 'v1'], [2, 1], [4, encode([1, properties])])
    const definition = encode([2, encode([7, version])])
    expect(decodeProtobuf(body('apiextensions.k8s.io/v1', 'CustomResourceDefinition', definition))).toMatchObject({
      spec: {
        versions: [{ name: 'v1', schema: { openAPIV3Schema: { type: 'object', $schema: 'http://json-schema.org/schema#' } } }],
      },
    })
  })

  it('leaves out the zero values of schemas, but not those that mean something', () => {
    const items = encode([1, ''], [4, ''], [5, 'object'], [18, 0], [38, 0])
    const properties = encode([5, 'array'], [24, encode([1, items])])
    const version = encode([1, 'v1'], [4, encode([1, properties])])
    const definition = decodeProtobuf(
      body('apiextensions.k8s.io/v1', 'CustomResourceDefinition', encode([2, encode([7, version])])),
    )
    expect((definition as any).spec.versions[0].schema.openAPIV3Schema.items).toEqual({
      type: 'object',
      'x-kubernetes-preserve-unknown-fields': false,
    })
  })

  it('refuses what is cut short', () => {
    const whole = body('v1', 'ConfigMap', encode([1, encode([1, 'name'])]))
    expect(isProtobuf(whole)).toBe(true)
    expect(() => decodeProtobuf(whole.subarray(0, whole.length - 2))).toThrow('unexpected EOF')
  })
})
