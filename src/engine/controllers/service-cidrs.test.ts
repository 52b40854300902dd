import { expect, it } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { service } from '../testing/builders.ts'
import { TestCluster } from '../testing/test-cluster.ts'

const CIDRS = 'servicecidrs.networking.k8s.io'
const ready = (t: TestCluster, name: string): AnyObject => t.get(CIDRS, name)?.['status'].conditions[0]

it('makes the range of the cluster ready, and keeps it while Services have addresses from it', () => {
  const t = new TestCluster()
  t.create(service('web', 'web'))
  expect(ready(t, 'kubernetes')).toMatchObject({ status: 'True', reason: '', message: 'Kubernetes Service CIDR is ready' })
  t.delete(CIDRS, 'kubernetes')
  expect(ready(t.run(5), 'kubernetes')).toMatchObject({ status: 'False', reason: 'Terminating' })
  expect(t.get(CIDRS, 'kubernetes')?.metadata.finalizers).toEqual(['networking.k8s.io/service-cidr-finalizer'])
})

it('lets a range go that nobody needs', () => {
  const t = new TestCluster()
  t.create({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'ServiceCIDR',
    metadata: { name: 'more' },
    spec: { cidrs: ['10.200.0.0/16'] },
  } as unknown as AnyObject)
  expect(ready(t.run(1), 'more')).toMatchObject({ status: 'True' })
  t.delete(CIDRS, 'more')
  expect(t.run(1).get(CIDRS, 'more')).toBeUndefined()
})
