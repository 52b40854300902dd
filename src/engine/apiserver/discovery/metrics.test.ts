/** What the API server counts of itself. */
import { expect, test } from 'vitest'
import { deployment } from '../../testing/builders.ts'
import { TestCluster } from '../../testing/test-cluster.ts'

function value(t: TestCluster, sample: string): number {
  const text = String(t.request('GET', '/metrics').body)
  const line = text.split('\n').find((each) => each.startsWith(`${sample} `))
  return line === undefined ? Number.NaN : Number(line.slice(sample.length))
}
const pods = (code: number, scope: string, verb: string): string =>
  `apiserver_request_total{code="${code}",component="apiserver",dry_run="",group="",resource="pods",scope="${scope}",subresource="",verb="${verb}",version="v1"}`

test('requests are counted by what was asked and how it was answered, those of the components too', () => {
  const t = new TestCluster({ nodes: 1 })
  t.create(deployment('web', 2))
  t.run(20)
  t.request('GET', '/api/v1/namespaces/default/pods/nobody')
  t.request('GET', '/api/v1/namespaces/default/pods')
  expect(value(t, pods(404, 'resource', 'GET'))).toBe(1)
  expect(value(t, pods(200, 'namespace', 'LIST'))).toBe(1)
  expect(value(t, pods(201, 'resource', 'POST'))).toBe(2)
  expect(t.request('DELETE', '/metrics').body).toBe('metrics reset\n')
  expect(value(t, pods(201, 'resource', 'POST'))).toBeNaN()
})

test('stored objects are counted, and the build is named', () => {
  const t = new TestCluster({ nodes: 1 })
  t.create(deployment('web', 2))
  t.run(20)
  expect(value(t, 'apiserver_storage_objects{resource="pods"}')).toBe(2)
  expect(value(t, 'apiserver_resource_objects{group="apps",resource="deployments"}')).toBe(1)
  expect(String(t.request('GET', '/metrics').body)).toContain('git_version="v1.36.3"')
})
