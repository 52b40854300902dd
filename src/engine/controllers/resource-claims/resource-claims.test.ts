import { expect, it } from 'vitest'
import { TestCluster } from '../../testing/test-cluster.ts'

const group = { apiVersion: 'resource.k8s.io/v1' }
const template = {
  ...{ ...group, kind: 'ResourceClaimTemplate', metadata: { name: 'gpu' } },
  spec: { spec: { devices: { requests: [{ name: 'one', exactly: { deviceClassName: 'gpu' } }] } } },
}
const pod = {
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'trainer' } },
  spec: {
    resourceClaims: [{ name: 'mine', resourceClaimTemplateName: 'gpu' }],
    containers: [{ name: 'c', image: 'nginx:1.27', resources: { claims: [{ name: 'mine' }] } }],
  },
}

it('a Pod gets the claims that it asks for by template, and waits for devices', () => {
  const t = new TestCluster()
  t.create({ ...group, kind: 'DeviceClass', metadata: { name: 'gpu' }, spec: {} } as never)
  t.create(pod as never)
  t.run(3)
  expect(t.events('FailedResourceClaimCreation')[0]?.['message']).toBe(
    'PodResourceClaim mine: resource claim template "gpu": resourceclaimtemplate.resource.k8s.io "gpu" not found',
  )
  t.create(template as never)
  t.run(3)
  const [claim] = t.all('resourceclaims.resource.k8s.io')
  expect(claim?.metadata.name).toMatch(/^trainer-mine-.{5}$/)
  expect(claim?.metadata.ownerReferences?.[0]).toMatchObject({ kind: 'Pod', name: 'trainer', controller: true })
  const [told] = t.pods()
  expect(told?.status?.resourceClaimStatuses).toEqual([{ name: 'mine', resourceClaimName: claim?.metadata.name }])
  expect(t.events('FailedScheduling').at(-1)?.['message']).toContain('3 cannot allocate all claims.')
  t.delete('pods', 'trainer')
  t.run(60)
  expect(t.all('resourceclaims.resource.k8s.io')).toEqual([])
})

it('refuses claims that make no sense, in the words of the real server', () => {
  const t = new TestCluster()
  const claim = (request: object) => () =>
    t.create({ ...group, kind: 'ResourceClaim', metadata: { name: 'a' }, spec: { devices: { requests: [request] } } } as never)
  expect(claim({ name: 'r' })).toThrow('Required value: exactly one of `exactly` or `firstAvailable` is required')
  expect(claim({ name: 'r', exactly: { deviceClassName: 'a', count: -1 } })).toThrow(
    'exactly.count: Invalid value: -1: must be greater',
  )
  const odd = { name: 'r', exactly: { deviceClassName: 'a', selectors: [{ cel: { expression: '1' } }] } }
  expect(claim(odd)).toThrow('must evaluate to bool or the unknown type, not int')
  expect(claim({ name: 'r', exactly: { deviceClassName: 'a' } })).not.toThrow()
})
