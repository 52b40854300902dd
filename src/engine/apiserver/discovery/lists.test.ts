import { expect, test } from 'vitest'
import { utf8 } from '#api/base64.ts'
import { hex, sha256 } from '#api/sha256.ts'
import { genericResources } from '../../resources/generic.ts'
import { aggregated, coreVersions, groupList, groupOf, resourceList } from './lists.ts'

const resources = genericResources(new Set())

test('SHA-256 is SHA-256', () => {
  expect(hex(sha256(utf8('abc')))).toBe('BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD')
})

test('/api and /apis', () => {
  expect(coreVersions(resources, 'a:1')).toMatchObject({ kind: 'APIVersions', versions: ['v1'] })
  const { groups } = groupList(resources) as { groups: { name: string }[] }
  expect(groups.map((g) => g.name).slice(0, 3)).toEqual(['apiregistration.k8s.io', 'apps', 'events.k8s.io'])
})

test('a group prefers its first version', () => {
  expect(groupOf(resources, 'autoscaling')).toMatchObject({
    preferredVersion: { groupVersion: 'autoscaling/v2', version: 'v2' },
    versions: [{ version: 'v2' }, { version: 'v1' }],
  })
  expect(groupOf(resources, 'nothing')).toBeUndefined()
})

test('resources with subresources and hashes as Kubernetes computes them', () => {
  expect(resourceList(resources, 'policy/v1')).toEqual({
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: 'policy/v1',
    resources: [
      {
        name: 'poddisruptionbudgets',
        singularName: 'poddisruptionbudget',
        namespaced: true,
        kind: 'PodDisruptionBudget',
        verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
        shortNames: ['pdb'],
        storageVersionHash: 'EVWiDmWqyJw=',
      },
      {
        name: 'poddisruptionbudgets/status',
        singularName: '',
        namespaced: true,
        kind: 'PodDisruptionBudget',
        verbs: ['get', 'patch', 'update'],
      },
    ],
  })
})

test('aggregated, the core stands alone', () => {
  const core = aggregated(resources, true) as { items: { metadata: object; versions: { resources: object[] }[] }[] }
  expect(core.items.map((g) => g.metadata)).toEqual([{}])
  expect(core.items[0]?.versions[0]?.resources[0]).toEqual({
    resource: 'bindings',
    responseKind: { group: '', kind: 'Binding', version: '' },
    scope: 'Namespaced',
    singularResource: 'binding',
    verbs: ['create'],
  })
})
