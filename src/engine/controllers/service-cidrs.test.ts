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

const range = (name: string, ...cidrs: string[]) =>
  ({ apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR', metadata: { name }, spec: { cidrs } }) as unknown as AnyObject

it('lets a range go that nobody needs, ten seconds after it was told to', () => {
  const t = new TestCluster()
  t.create(range('more', '10.200.0.0/16'))
  expect(ready(t.run(1), 'more')).toMatchObject({ status: 'True' })
  t.delete(CIDRS, 'more')
  expect(t.run(9).get(CIDRS, 'more')).toBeDefined()
  expect(t.run(2).get(CIDRS, 'more')).toBeUndefined()
})

it('lets a range go when another takes its addresses in', () => {
  const t = new TestCluster()
  t.create(range('small', '10.200.0.0/28'))
  t.run(1)
  t.create(asking('a', '10.200.0.3'))
  t.delete(CIDRS, 'small')
  expect(ready(t.run(1), 'small')).toMatchObject({ status: 'False', reason: 'Terminating' })
  t.create(range('large', '10.200.0.0/24'))
  expect(t.run(11).get(CIDRS, 'small')).toBeUndefined()
  expect(t.get('services', 'a')?.['spec'].clusterIP).toBe('10.200.0.3')
})

const asking = (name: string, clusterIP: string) => {
  const made = service(name, name) as unknown as AnyObject
  return { ...made, spec: { ...made['spec'], clusterIP } } as never
}
const PATH = '/api/v1/namespaces/default/services'
const refused = (t: TestCluster, name: string, ip: string) =>
  (t.request('POST', PATH, asking(name, ip)).body as AnyObject)['message']

it('gives Services addresses from every range that is ready, and from no other', () => {
  const t = new TestCluster()
  const network = 'the provided network does not match the current range'
  expect(refused(t, 'a', '10.200.0.2')).toMatch(`failed to allocate IP 10.200.0.2: ${network}`)
  t.create(range('more', '10.200.0.0/28'))
  t.run(1)
  expect(refused(t, 'a', '10.200.0.2')).toBeUndefined()
  expect(refused(t, 'b', '10.200.0.2')).toMatch('failed to allocate IP 10.200.0.2: provided IP is already allocated')
  // The last of a range is nobody's.
  expect(refused(t, 'b', '10.200.0.15')).toMatch(network)
  const made = Array.from({ length: 40 }, (_, i) => t.create(service(`s${i}`, 'x')) as unknown as AnyObject)
  const homes = new Set(made.map((each) => each['spec'].clusterIP.split('.')[1]))
  expect([...homes].sort()).toEqual(['200', '96'])
})

it('gives nobody an address that somebody has put aside', () => {
  const t = new TestCluster()
  const parentRef = { resource: 'services', namespace: 'default', name: 'other' }
  t.create({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IPAddress',
    metadata: { name: '10.96.7.7' },
    spec: { parentRef },
  } as never)
  expect(refused(t, 'a', '10.96.7.7')).toMatch('provided IP is already allocated')
})
