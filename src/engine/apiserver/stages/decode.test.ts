import { describe, expect, it } from 'vitest'
import { TestCluster } from '../../testing/test-cluster.ts'

const cluster = new TestCluster({ nodes: 0 })
cluster.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } })

const patch = (type: string, fieldValidation: string, body: string): any =>
  cluster.request('PATCH', `/api/v1/namespaces/default/configmaps/a?fieldManager=m&fieldValidation=${fieldValidation}`, body, {
    'content-type': `application/${type}`,
  })

describe('keys that stand twice in a patch', () => {
  const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  foo: a\n  foo: b\n'

  it('are refused in an apply that is strict, and warned of else', () => {
    expect(patch('apply-patch+yaml', 'Strict', yaml).body.message).toBe(
      'error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  line 6: key "foo" already set in map',
    )
    expect(patch('apply-patch+yaml', 'Warn', yaml)).toMatchObject({
      status: 200,
      headers: { warning: '299 - "line 6: key \\"foo\\" already set in map"' },
    })
    expect(patch('apply-patch+yaml', 'Ignore', yaml).headers.warning).toBeUndefined()
  })

  it('are refused or warned of in other patches, too', () => {
    const json = '{"data":{"a":"1","a":"2"}}'
    const strict = patch('strategic-merge-patch+json', 'Strict', json)
    expect(strict).toMatchObject({ status: 422, body: { reason: 'Invalid' } })
    expect(strict.body.message).toBe(
      ' "" is invalid: patch: Invalid value: "map[data:map[a:2]]": strict decoding error: duplicate field "data.a"',
    )
    expect(patch('merge-patch+json', 'Warn', json)).toMatchObject({
      status: 200,
      headers: { warning: '299 - "duplicate field \\"data.a\\""' },
    })
  })
})
