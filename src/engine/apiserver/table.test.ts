import { expect, it } from 'vitest'
import { catalogueSchemas } from '../resources/catalogue/index.ts'
import { TestCluster } from '../testing/test-cluster.ts'
import { finish } from './schema/finish.ts'

const TABLE = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' }
const cluster = new TestCluster({ nodes: 0 })
const tableOf = (method: string, path: string, body?: unknown): any => cluster.request(method, path, body, TABLE).body

it.each([
  ['io.k8s.api.core.v1.Pod', { metadata: {}, spec: { containers: null }, status: {} }],
  ['io.k8s.api.core.v1.LimitRange', { metadata: {}, spec: { limits: null } }],
  ['io.k8s.api.discovery.v1.EndpointSlice', { metadata: {}, addressType: '', endpoints: null, ports: null }],
  ['io.k8s.api.storage.v1.VolumeAttachment', { spec: { attacher: '', source: {}, nodeName: '' }, status: { attached: false } }],
  ['io.k8s.api.core.v1.ConfigMap', {}],
])('shows an empty %s as Go prints it', (definition, recorded) => {
  expect({ metadata: {}, ...finish({}, definition, catalogueSchemas()) }).toEqual({ metadata: {}, ...recorded })
})

it('has no list of rows for kinds without printers, when there is nothing to show', () => {
  expect(tableOf('GET', '/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles').rows).toBeNull()
  expect(tableOf('GET', '/api/v1/configmaps?labelSelector=none%3Dx').rows).toEqual([])
})

it('gives addresses a cell more than it names', () => {
  const table = tableOf('GET', '/apis/networking.k8s.io/v1/ipaddresses')
  expect(table.columnDefinitions.map((c: any) => c.name)).toEqual(['Name', 'ParentRef'])
  expect(table.rows[0].cells).toHaveLength(3)
})

it('keeps what a DaemonSet has in a field of its own out of its metadata', () => {
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } }
  const body = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'd' },
    spec: { selector: { matchLabels: { a: 'b' } }, template },
  }
  const table = tableOf('POST', '/apis/apps/v1/namespaces/default/daemonsets?dryRun=All', body)
  expect(table.rows[0].object.metadata.annotations).toBeUndefined()
})

it('prints the selector of a binding’s parameters as Go does', () => {
  const body = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'b' },
    spec: {
      policyName: 'p',
      validationActions: ['Deny'],
      paramRef: { selector: { matchLabels: { a: 'b' } }, parameterNotFoundAction: 'Deny' },
    },
  }
  const path = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings?dryRun=All'
  expect(tableOf('POST', path, body).rows[0].cells[2]).toBe(
    '&LabelSelector{MatchLabels:map[string]string{a: b,},MatchExpressions:[]LabelSelectorRequirement{},}',
  )
})
