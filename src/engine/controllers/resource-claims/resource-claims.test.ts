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

const CLAIMS = '/apis/resource.k8s.io/v1/namespaces/default/resourceclaims'
const ADMIN = 'admin access to devices requires the `resource.kubernetes.io/admin-access: true` label on the containing namespace'

it('grants the access of administrators only where the namespace has the label for it', () => {
  const t = new TestCluster()
  const spec = { devices: { requests: [{ name: 'r', exactly: { deviceClassName: 'a', adminAccess: true } }] } }
  const claim = { ...group, kind: 'ResourceClaim', metadata: { name: 'a' }, spec }
  const forms = { ...group, kind: 'ResourceClaimTemplate', metadata: { name: 'a' }, spec: { spec } }
  expect(() => t.create(claim as never)).toThrow(`spec.devices.requests[0].adminAccess: Forbidden: ${ADMIN}`)
  expect(() => t.create(forms as never)).toThrow(`spec.devices.requests[0].adminAccess: Forbidden: ${ADMIN}`)
  const labels = { 'resource.kubernetes.io/admin-access': 'true' }
  t.request('PATCH', '/api/v1/namespaces/default', { metadata: { labels } }, { 'content-type': 'application/merge-patch+json' })
  expect(() => [t.create(claim as never), t.create(forms as never)]).not.toThrow()
})

it('lets only those write what is allocated who may bind, and of devices only what their drivers may', () => {
  const t = new TestCluster()
  const spec = { devices: { requests: [{ name: 'r', exactly: { deviceClassName: 'a' } }] } }
  t.create({ ...group, kind: 'ResourceClaim', metadata: { name: 'a' }, spec } as never)
  const role = (name: string, ...rules: object[]) => {
    const rbac = 'rbac.authorization.k8s.io'
    const of = rules.map((rule) => ({ apiGroups: ['resource.k8s.io'], ...rule }))
    t.create({ apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name }, rules: of } as never)
    const subjects = [{ kind: 'ServiceAccount', name: 'driver', namespace: 'default' }]
    const roleRef = { apiGroup: rbac, kind: 'ClusterRole', name }
    t.create({ apiVersion: `${rbac}/v1`, kind: 'ClusterRoleBinding', metadata: { name }, subjects, roleRef } as never)
  }
  role('status', { resources: ['resourceclaims/status'], verbs: ['patch'] })
  const driver = { 'impersonate-user': 'system:serviceaccount:default:driver' }
  const onNode = (node: string) => ({ ...driver, 'impersonate-extra-authentication.kubernetes.io%2Fnode-name': node })
  const patch = (status: object, who: Record<string, string>) => {
    const headers = { 'content-type': 'application/merge-patch+json', ...who }
    const { status: code, body } = t.request('PATCH', `${CLAIMS}/a/status`, { status }, headers)
    return code === 200 ? 'done' : `${code} ${(body as { message?: string }).message}`
  }
  const device = { driver: 'gpu.example.com', pool: 'node-1', device: 'gpu-0' }
  const matchFields = [{ key: 'metadata.name', operator: 'In', values: ['node-1'] }]
  const results = [{ request: 'r', ...device }]
  const allocation = { devices: { results }, nodeSelector: { nodeSelectorTerms: [{ matchFields }] } }
  expect(patch({ allocation }, driver)).toBe(
    '422 ResourceClaim.resource.k8s.io "a" is invalid: status.allocation: Forbidden: changing status.allocation or status.reservedFor ' +
      'requires resource="resourceclaims/binding", verb="patch" permission: resourceclaims.resource.k8s.io is forbidden: ' +
      'User "system:serviceaccount:default:driver" cannot patch resource "resourceclaims/binding" in API group "resource.k8s.io" at the cluster scope',
  )
  expect(patch({ allocation }, {})).toBe('done')
  const devices = [{ ...device, data: { a: 1 } }]
  const refused = (verbs: string, first: string) =>
    `422 ResourceClaim.resource.k8s.io "a" is invalid: status.devices: Forbidden: changing status.devices requires resource="resourceclaims/driver", ` +
    `verb="[${verbs}]" permission: resourceclaims.resource.k8s.io "gpu.example.com" is forbidden: User "system:serviceaccount:default:driver" ` +
    `cannot ${first} resource "resourceclaims/driver" in API group "resource.k8s.io" in the namespace "default"`
  expect(patch({ devices }, onNode('node-1'))).toBe(
    refused('associated-node:patch arbitrary-node:patch', 'associated-node:patch'),
  )
  role('own', { resources: ['resourceclaims/driver'], verbs: ['associated-node:patch'], resourceNames: ['gpu.example.com'] })
  expect(patch({ devices }, onNode('node-2'))).toBe(refused('arbitrary-node:patch', 'arbitrary-node:patch'))
  expect(patch({ devices }, onNode('node-1'))).toBe('done')
})
