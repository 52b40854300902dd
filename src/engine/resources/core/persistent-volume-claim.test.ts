/** Where a claim's first contents come from. */
import { expect, it } from 'vitest'
import { TestCluster } from '../../testing/test-cluster.ts'

const PATH = '/api/v1/namespaces/default/persistentvolumeclaims?dryRun=All'

const made = (dataSource: object): any =>
  new TestCluster({ nodes: 0 }).request('POST', PATH, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'copy' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, dataSource },
  }).body

it('a claim that names another without a group is a clone, and says so in both fields', () => {
  const source = { kind: 'PersistentVolumeClaim', name: 'first' }
  for (const sent of [source, { ...source, apiGroup: null }, { ...source, apiGroup: '' }]) {
    expect(made(sent).spec).toMatchObject({ dataSource: source, dataSourceRef: source })
  }
  expect(made({ kind: 'Secret', name: 'x' }).spec).not.toHaveProperty('dataSource')
})
