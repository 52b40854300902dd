import { expect, it } from 'vitest'
import { TestCluster } from '../../testing/test-cluster.ts'

it('a Job whose Pods are refused tries again after one second, then after two, four and so on', () => {
  const cluster = new TestCluster()
  const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'none' }, spec: { hard: { pods: '0' } } }
  cluster.request('POST', '/api/v1/namespaces/default/resourcequotas', quota)
  cluster.run(2)
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] } }
  const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'pi' }, spec: { template } }
  cluster.request('POST', '/apis/batch/v1/namespaces/default/jobs', job)
  const refusals = () => cluster.events('FailedCreate').length
  const seen = [0.5, 1, 2, 4, 8].map((seconds) => {
    cluster.run(seconds)
    return refusals()
  })
  expect(seen).toEqual([1, 2, 3, 4, 5])
})
