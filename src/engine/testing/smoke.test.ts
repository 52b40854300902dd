import { describe, expect, it } from 'vitest'
import { TestCluster } from './test-cluster.ts'

describe('the shortest life', () => {
  it('of a Deployment: its Pods become Ready, and go with it', () => {
    const cluster = new TestCluster({ seed: 'smoke', nodes: 2 }).cluster
    cluster.run(20_000)
    const containers = [{ name: 'web', image: 'nginx:1.27' }]
    const template = { metadata: { labels: { app: 'web' } }, spec: { containers } }
    const spec = { replicas: 2, selector: { matchLabels: { app: 'web' } }, template }
    const body = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec }
    const path = '/apis/apps/v1/namespaces/default/deployments'
    expect(cluster.request({ method: 'POST', path, body }).status).toBe(201)
    cluster.run(30_000)
    expect(cluster.read('deployments.apps', 'default', 'web')?.['status']).toMatchObject({ readyReplicas: 2 })
    expect(cluster.request({ method: 'DELETE', path: `${path}/web` }).status).toBe(200)
    cluster.run(60_000)
    expect(cluster.server.readAll('replicasets.apps', 'default')).toEqual([])
    expect(cluster.server.readAll('pods', 'default')).toEqual([])
  })
})
