import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { TestCluster } from '../../testing/test-cluster.ts'
import { enableYaml } from '../../yaml.ts'
import { documentV3Protobuf } from './protobuf-v3.ts'

const TYPE = 'application/com.github.proto-openapi.spec.v3.v1.0+protobuf'
it('version 3 comes as protobuf to those who ask for it, under both names', () => {
  enableYaml()
  const t = new TestCluster({ nodes: 0 })
  for (const accept of [TYPE, TYPE.replace('v3.v1', 'v3@v1')]) {
    const { status, headers, body } = t.request('GET', '/openapi/v3/apis/apps/v1', undefined, { accept })
    expect([status, headers['content-type'], body instanceof Uint8Array]).toEqual([200, TYPE, true])
  }
})

/** A document of a real API server, in both forms. */
const recorded = JSON.parse(readFileSync(new URL('../recorded/openapi-v3.json', import.meta.url), 'utf8'))

it('is written as gnostic writes its documents, byte for byte', () => {
  expect(Buffer.from(documentV3Protobuf(recorded.json)).toString('base64')).toBe(recorded.protobuf)
})

it('keeps extensions as YAML, and numbers as doubles', () => {
  enableYaml()
  const schema = { default: 1.5, 'x-kubernetes-group-version-kind': [{ group: 'g', version: 'v1', kind: 'K' }] }
  const written = Buffer.from(documentV3Protobuf({ components: { schemas: { K: schema } } })).toString('latin1')
  expect(written).toContain('- group: g\n  version: v1\n  kind: K\n')
  expect(written).toContain('\x09\0\0\0\0\0\0\xf8\x3f')
})
