/** What does not fit where it is applied, in the converter's words. */
import { expect, it } from 'vitest'
import { TestCluster } from '../../testing/test-cluster.ts'

it('a port that is neither a number nor a name is refused outside of its struct', () => {
  const cluster = new TestCluster({ nodes: 0 })
  const apply = (targetPort: unknown): any =>
    cluster.request(
      'PATCH',
      '/api/v1/namespaces/default/services/s?fieldManager=me',
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { ports: [{ port: 80, targetPort }] } },
      { 'content-type': 'application/apply-patch+yaml' },
    ).body
  const refused = (kind: string): string =>
    `failed to convert new object (/s; /v1, Kind=Service) to proper version: unable to convert unstructured object to /v1, Kind=Service: json: cannot unmarshal ${kind} into Go value of type int32`
  expect(apply({ a: 1 }).message).toBe(refused('object'))
  expect(apply('web').spec.ports[0].targetPort).toBe('web')
})

it('a number beyond 32 bits leaves its lower half in a strategic patch, and is refused in the others', () => {
  const cluster = new TestCluster({ nodes: 0 })
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } }
  const spec = { replicas: 0, selector: { matchLabels: { a: 'b' } }, template }
  cluster.create({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, spec } as never)
  const patch = (type: string, replicas: number): any =>
    cluster.request(
      'PATCH',
      '/apis/apps/v1/namespaces/default/deployments/d',
      { spec: { replicas } },
      { 'content-type': `application/${type}-patch+json` },
    )
  expect(patch('strategic-merge', 2 ** 32 + 2).body.spec.replicas).toBe(2)
  expect(patch('strategic-merge', 2 ** 31).body.message).toContain(
    'Invalid value: -2147483648: must be greater than or equal to 0',
  )
  expect(patch('merge', 2 ** 32 + 2).body.message).toContain('cannot unmarshal number 4294967298 into Go struct field')
})
