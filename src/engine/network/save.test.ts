import { expect, test } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { Cluster } from '../cluster.ts'
import { deployment, service } from '../testing/builders.ts'
import { TestCluster } from '../testing/test-cluster.ts'

test('a saved network goes on as it would have', () => {
  const t = new TestCluster({ addons: ['dns', 'policy', 'ingress', 'cloud'] })
  t.create(deployment('web', 3))
  t.create({
    ...service('web', 'web'),
    spec: { selector: { app: 'web' }, sessionAffinity: 'ClientIP', ports: [{ port: 80 }] },
  } as AnyObject)
  t.create({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'none' },
    spec: { podSelector: {} },
  } as AnyObject)
  t.run(30).cluster.fault({ kind: 'traffic', namespace: 'default', service: 'web', perSecond: 5 })
  t.run(3)
  t.create({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'all' },
    spec: { podSelector: {}, ingress: [{}] },
  } as AnyObject)
  t.cluster.run(100)
  const text = t.cluster.save()
  const copy = Cluster.load(text)
  expect(copy.save()).toBe(text)
  t.run(30)
  copy.run(30_000)
  expect(copy.save()).toBe(t.cluster.save())
})
