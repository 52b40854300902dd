/** Resources that somebody tells of a node, as kubernetes.io's page on extended resources does. */
import { expect, test } from 'vitest'
import { pod } from '../testing/builders.ts'
import { TestCluster } from '../testing/test-cluster.ts'

const DONGLE = 'example.com/dongle'
const JSON_PATCH = { 'content-type': 'application/json-patch+json' }
const at = '/status/capacity/example.com~1dongle'

function cluster(): TestCluster {
  const t = new TestCluster({ nodes: 1 }).run(10)
  t.request('PATCH', '/api/v1/nodes/node-1/status', [{ op: 'add', path: at, value: '4' }], JSON_PATCH)
  return t
}
const given = (t: TestCluster): unknown => t.get('nodes', 'node-1')?.['status'].allocatable[DONGLE]

function asks(name: string, dongles: number) {
  const made = pod(name)
  const amount = { [DONGLE]: String(dongles) }
  made['spec'].containers[0].resources = { requests: amount, limits: amount }
  return made
}

test('what is added to the capacity of a node its kubelet lets Pods have, at its next look', () => {
  const t = cluster()
  expect(given(t)).toBeUndefined()
  t.run(11)
  expect(given(t)).toBe('4')
  t.create(asks('three', 3))
  t.create(asks('two', 2))
  t.run(10)
  expect(t.get('pods', 'three')?.['status'].phase).toBe('Running')
  const pending = t.get('pods', 'two')?.['status'].conditions[0]
  expect(pending?.message).toContain('1 Insufficient example.com/dongle')
})

test('what is taken from the capacity may no longer be had', () => {
  const t = cluster().run(11)
  t.request('PATCH', '/api/v1/nodes/node-1/status', [{ op: 'remove', path: at }], JSON_PATCH)
  t.run(11)
  expect(given(t)).toBeUndefined()
})
