/** What every cluster has comes again: `kubectl delete all --all` must not take the API server's own Service for good. */
import { describe, expect, it } from 'vitest'
import { Cluster } from './cluster.ts'
import { TestCluster } from './testing/test-cluster.ts'

const SLICES = 'endpointslices.discovery.k8s.io'
const there = (t: TestCluster, resource: string, name = 'kubernetes', namespace = 'default') => t.get(resource, name, namespace)
const lose = (t: TestCluster, path: string): void => void expect(t.request('DELETE', path).status).toBe(200)

describe('what every cluster has, once somebody deleted it', () => {
  it('the Service kubernetes is there again within ten seconds, at its own address and with its endpoints', () => {
    const t = new TestCluster().run(25)
    const before = there(t, 'services')
    lose(t, '/api/v1/namespaces/default/services/kubernetes')
    expect(there(t, 'services')).toBeUndefined()
    t.run(11)
    const after = there(t, 'services')
    expect(after?.['spec']).toEqual(before?.['spec'])
    expect(after?.metadata.labels).toEqual({ component: 'apiserver', provider: 'kubernetes' })
    expect(after?.metadata.uid).not.toBe(before?.metadata.uid)
    expect(there(t, 'endpoints')?.['subsets'][0].ports).toEqual([{ name: 'https', port: 6443, protocol: 'TCP' }])
    expect(there(t, SLICES)?.['endpoints']).toHaveLength(1)
  })

  it('so are its endpoints, when only they are deleted', () => {
    const t = new TestCluster().run(25)
    lose(t, '/api/v1/namespaces/default/endpoints/kubernetes')
    lose(t, '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes')
    t.run(11)
    expect(there(t, 'endpoints')?.['subsets'][0].addresses).toHaveLength(1)
    expect(there(t, SLICES)?.['endpoints']).toHaveLength(1)
  })

  it('the namespace of the nodes’ Leases within a minute, and the ConfigMap with the authority at once', () => {
    const t = new TestCluster().run(25)
    lose(t, '/api/v1/namespaces/kube-node-lease')
    lose(t, '/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication')
    t.run(1)
    expect(there(t, 'configmaps', 'extension-apiserver-authentication', 'kube-system')?.['data']['client-ca-file']).toContain(
      'BEGIN',
    )
    t.run(80)
    expect(there(t, 'namespaces', 'kube-node-lease', '')?.['status'].phase).toBe('Active')
  })

  it('also in a world that was saved in between', () => {
    const t = new TestCluster().run(25)
    lose(t, '/api/v1/namespaces/default/services/kubernetes')
    const later = TestCluster.of(Cluster.load(t.cluster.save())).run(11)
    expect(there(later, 'services')?.['spec'].clusterIP).toBe('10.96.0.1')
  })
})

it('what every cluster has belongs to who makes it on a real one', () => {
  const t = new TestCluster({ nodes: 0 })
  const fields = (resource: string, name: string): any[] => t.get(resource, name)?.metadata['managedFields'] as any[]
  const [service] = fields('services', 'kubernetes')
  expect(Object.keys(service.fieldsV1['f:spec'])).toEqual([
    'f:clusterIP',
    'f:internalTrafficPolicy',
    'f:ipFamilyPolicy',
    'f:ports',
    'f:sessionAffinity',
    'f:type',
  ])
  expect(fields('flowschemas.flowcontrol.apiserver.k8s.io', 'catch-all').map(({ manager }) => manager)).toContain(
    'api-priority-and-fairness-config-producer-v1',
  )
})
