import { expect, it } from 'vitest'
import { TestCluster } from '../../testing/test-cluster.ts'

const TABLE = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' }

it('gives tables of what can be listed, and 406 for questions, which have no columns', () => {
  const cluster = new TestCluster({ nodes: 0 })
  expect(cluster.request('GET', '/api/v1/pods', undefined, TABLE)).toMatchObject({ status: 200, body: { kind: 'Table' } })
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { namespace: 'default', verb: 'get', resource: 'pods' } },
  }
  const asked = cluster.request('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', review, TABLE)
  expect(asked).toMatchObject({ status: 406, body: expect.stringContaining('NotAcceptable') })
})
