/** What becomes of a new object before anybody looks at it. */
import { expect, it } from 'vitest'
import { TestCluster } from '../../testing/test-cluster.ts'

it('a kind without namespaces forgets the one that was applied', () => {
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'r', namespace: 'shop' } }
  const path = '/apis/rbac.authorization.k8s.io/v1/clusterroles/r?fieldManager=me'
  const headers = { 'content-type': 'application/apply-patch+yaml' }
  const { status, body } = new TestCluster({ nodes: 0 }).request('PATCH', path, role, headers)
  expect(status).toBe(201)
  expect((body as typeof role).metadata).not.toHaveProperty('namespace')
})
