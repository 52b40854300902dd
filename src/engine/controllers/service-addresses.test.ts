import { expect, it } from 'vitest'
import { service } from '../testing/builders.ts'
import { TestCluster } from '../testing/test-cluster.ts'

const ADDRESSES = 'ipaddresses.networking.k8s.io'
const holders = (t: TestCluster) => t.all(ADDRESSES).map(({ metadata, spec }) => `${metadata.name} ${spec.parentRef.name}`)

it('a Service has an IPAddress for its cluster address for as long as it is there', () => {
  const t = new TestCluster()
  expect(holders(t)).toEqual(['10.96.0.1 kubernetes'])
  const ip = t.create(service('web', 'web'))['spec'].clusterIP
  t.run(1)
  expect(holders(t)).toContain(`${ip} web`)
  t.delete(ADDRESSES, ip)
  t.run(1)
  expect(holders(t)).toContain(`${ip} web`)
  t.delete('services', 'web')
  t.run(1)
  expect(holders(t)).toEqual(['10.96.0.1 kubernetes'])
})
