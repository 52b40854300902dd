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
