import { expect, it } from 'vitest'
import { Cluster } from '../../cluster.ts'
import { TestCluster } from '../../testing/test-cluster.ts'

const group = { apiVersion: 'resource.k8s.io/v1' }
const DRIVER = 'gpu.example.com'

const slice = (name: string, devices: object[], where: object) => ({
  ...{ ...group, kind: 'ResourceSlice', metadata: { name } },
  spec: { driver: DRIVER, pool: { name, generation: 1, resourceSliceCount: 1 }, ...where, devices },
})
const gpu = (name: string, memory: string, model = 'a') => ({
  name,
  attributes: { model: { string: model }, index: { int: Number(name.slice(1)) } },
  capacity: { memory: { value: memory } },
})
const claim = (name: string, ...requests: object[]) => ({
  ...{ ...group, kind: 'ResourceClaim', metadata: { name, namespace: 'default' } },
  spec: { devices: { requests } },
})
const exactly = (more: object = {}) => ({ name: 'gpu', exactly: { deviceClassName: 'gpu', ...more } })
const pod = (name: string, ...claims: string[]) => ({
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' } },
  spec: {
    resourceClaims: claims.map((resourceClaimName, i) => ({ name: `c${i}`, resourceClaimName })),
    containers: [{ name: 'c', image: 'nginx:1.27', resources: { claims: claims.map((_, i) => ({ name: `c${i}` })) } }],
  },
})

/** Three nodes, of which the second has two small devices and a large one. */
function stage(): TestCluster {
  const t = new TestCluster()
  const deviceClass = { ...group, kind: 'DeviceClass', metadata: { name: 'gpu' } }
  const selectors = [{ cel: { expression: `device.driver == "${DRIVER}"` } }]
  make(t, { ...deviceClass, spec: { selectors } })
  make(t, slice('node-2', [gpu('g0', '8Gi'), gpu('g1', '8Gi', 'b'), gpu('g2', '40Gi', 'b')], { nodeName: 'node-2' }))
  return t
}
const make = (t: TestCluster, object: object): unknown => t.create(object as never)
const statusOf = (t: TestCluster, name: string): any => t.get('resourceclaims.resource.k8s.io', name)?.['status']
const devicesOf = (t: TestCluster, name: string): string[] =>
  statusOf(t, name)?.allocation?.devices.results.map((each: { device: string }) => each.device)

it('a claim gets the device its expression means, and its Pod goes where that is', () => {
  const t = stage()
  const large = { cel: { expression: `device.capacity["${DRIVER}"].memory.isGreaterThan(quantity("16Gi"))` } }
  make(t, claim('large', exactly({ selectors: [large] })))
  make(t, pod('trainer', 'large'))
  t.run(5)
  expect(t.pods()[0]?.spec.nodeName).toBe('node-2')
  expect(statusOf(t, 'large')).toMatchObject({
    allocation: {
      devices: { results: [{ request: 'gpu', driver: DRIVER, pool: 'node-2', device: 'g2' }] },
      nodeSelector: { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-2'] }] }] },
    },
    reservedFor: [{ resource: 'pods', name: 'trainer' }],
  })
  expect(t.get('resourceclaims.resource.k8s.io', 'large')?.metadata.finalizers).toEqual([
    'resource.kubernetes.io/delete-protection',
  ])
})

it('devices that are taken are not given twice; who waits gets them when they are free', () => {
  const t = stage()
  for (const name of ['a', 'b']) {
    make(t, claim(name, exactly({ count: 2 })))
    make(t, pod(`pod-${name}`, name))
  }
  t.run(5)
  expect(devicesOf(t, 'a')).toEqual(['g0', 'g1'])
  expect(t.events('FailedScheduling').at(-1)?.['message']).toMatch(
    /^0\/3 nodes are available: 3 cannot allocate all claims\. still not schedulable, preemption: /,
  )
  t.delete('pods', 'pod-a')
  t.run(60)
  expect(statusOf(t, 'a')?.allocation).toBeUndefined()
  expect(devicesOf(t, 'b')).toEqual(['g0', 'g1'])
  expect(t.pods()[0]?.spec.nodeName).toBe('node-2')
})

it('alternatives are tried in order, and a constraint holds for all devices of a claim', () => {
  const t = stage()
  const ask = (name: string, count: number) => ({ name, deviceClassName: 'gpu', count })
  make(t, claim('some', { name: 'gpu', firstAvailable: [ask('four', 4), ask('two', 2)] }))
  const alike = claim('alike', exactly({ count: 2 }))
  const constraints = [{ matchAttribute: `${DRIVER}/model` }]
  make(t, { ...alike, spec: { devices: { ...alike.spec.devices, constraints } } })
  make(t, pod('first', 'alike'))
  t.run(5)
  expect(devicesOf(t, 'alike')).toEqual(['g1', 'g2'])
  t.delete('pods', 'first')
  t.run(60)
  make(t, pod('second', 'some'))
  t.run(5)
  expect(statusOf(t, 'some').allocation.devices.results.map((each: { request: string }) => each.request)).toEqual([
    'gpu/two',
    'gpu/two',
  ])
})

it('devices stay taken when the world is saved and loaded', () => {
  const t = stage()
  for (const name of ['a', 'b']) {
    make(t, claim(name, exactly({ count: 2 })))
    make(t, pod(`pod-${name}`, name))
  }
  t.run(5)
  const again = Cluster.load(t.cluster.save())
  // Long enough for those that found no place to be tried again.
  again.run(400_000)
  expect(again.read('resourceclaims.resource.k8s.io', 'default', 'b')?.['status']?.allocation).toBeUndefined()
})
