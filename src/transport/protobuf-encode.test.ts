import { describe, expect, it } from 'vitest'
import { decodeBytes, encodeBytes } from '#api/base64.ts'
import { TestCluster } from '#engine/testing/test-cluster.ts'
import recorded from './protobuf.recorded.json' with { type: 'json' }
import { decodeProtobuf } from './protobuf.ts'
import { encodeFrame, encodeProtobuf } from './protobuf-encode.ts'

const PROTOBUF = 'application/vnd.kubernetes.protobuf'

describe('protobuf answers', () => {
  it.each(recorded)('writes the very bytes that a real API server wrote: $0', (_kind, base64) => {
    const bytes = decodeBytes(base64 as string) as Uint8Array
    expect(encodeBytes(encodeProtobuf(decodeProtobuf(bytes)))).toBe(base64)
  })

  it('frames an event of a watch with its length', () => {
    const object = encodeProtobuf({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } })
    const frame = encodeFrame('ADDED', object)
    expect([...frame.subarray(0, 11)]).toEqual([0, 0, 0, frame.length - 4, 10, 5, ...new TextEncoder().encode('ADDED')])
    expect(decodeProtobuf(frame.subarray(15))).toMatchObject({ kind: 'ConfigMap', metadata: { name: 'a' } })
  })

  it('has no form for kinds of the users’ own', () => {
    const gear = { apiVersion: 'example.com/v1', kind: 'Gear', metadata: { name: 'g' } }
    expect(() => encodeProtobuf(gear)).toThrow('does not implement the protobuf marshalling interface')
  })
})

describe('media types', () => {
  const cluster = new TestCluster({ nodes: 0 })
  cluster.cluster.server.protobuf = encodeProtobuf
  const get = (path: string, accept: string) => {
    const { status, headers, body } = cluster.request('GET', path, undefined, { accept })
    const read = body instanceof Uint8Array ? decodeProtobuf(body) : body
    return { status, type: headers['content-type'], body: read as any }
  }

  it('gives protobuf to whoever prefers it, refusals and discovery among it', () => {
    expect(get('/api/v1/namespaces/default', `application/json;q=0.5,${PROTOBUF}`)).toMatchObject({
      type: PROTOBUF,
      body: { kind: 'Namespace', metadata: { name: 'default' } },
    })
    expect(get('/api/v1/namespaces', PROTOBUF)).toMatchObject({ type: PROTOBUF, body: { kind: 'NamespaceList' } })
    expect(get('/api/v1/namespaces/none', PROTOBUF)).toMatchObject({ status: 404, type: PROTOBUF, body: { reason: 'NotFound' } })
    expect(get('/apis/apps/v1', PROTOBUF)).toMatchObject({ type: PROTOBUF, body: { kind: 'APIResourceList' } })
    expect(get('/api/v1/namespaces/default', `${PROTOBUF};q=0.5,application/json`).type).toBe('application/json')
  })

  it('has metadata alone in protobuf, but no Tables', () => {
    const as = (kind: string): string => `${PROTOBUF};as=${kind};v=v1;g=meta.k8s.io`
    expect(get('/api/v1/namespaces/default', as('PartialObjectMetadata'))).toMatchObject({
      type: PROTOBUF,
      body: { kind: 'PartialObjectMetadata', metadata: { name: 'default' } },
    })
    expect(get('/api/v1/namespaces/default', as('Table')).status).toBe(406)
    expect(get('/api/v1/namespaces/default', `${as('Table')},application/json`).body.kind).toBe('Namespace')
  })

  it('speaks no CBOR, as a real server whose gates are left alone', () => {
    expect(get('/api/v1/namespaces/default', 'application/cbor').status).toBe(406)
    expect(get('/api/v1/namespaces/default', 'application/cbor,application/json').type).toBe('application/json')
    const headers = { 'content-type': 'application/apply-patch+cbor', accept: 'application/cbor' }
    const path = '/api/v1/namespaces/default/configmaps/a?fieldManager=x'
    expect(cluster.request('PATCH', path, '', headers).status).toBe(415)
  })
})
