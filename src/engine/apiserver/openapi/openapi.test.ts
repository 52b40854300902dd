import { expect, test } from 'vitest'
import { catalogueSchemas } from '../../resources/catalogue/index.ts'
import { genericResources } from '../../resources/generic.ts'
import { definitionsOf } from '../custom/definitions.ts'
import { resource } from '../resource.ts'
import { documentV2 } from './v2.ts'
import { documentNames, documentV3 } from './v3.ts'

const schemas = catalogueSchemas()
const resources = genericResources(new Set())
type Node = Record<string, any>
const apps = documentV3('apis/apps/v1', resources, schemas) as Node

test('every reference in every document has its definition', () => {
  for (const name of documentNames(resources)) {
    const document = documentV3(name, resources, schemas) as Node
    const refs = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, ref]) => ref as string)
    expect(
      refs.filter((ref) => !document['components'].schemas[ref]),
      name,
    ).toEqual([])
  }
})

test('what kubectl looks for when it validates and patches', () => {
  const patch = apps['paths']['/apis/apps/v1/namespaces/{namespace}/deployments/{name}'].patch
  expect(patch['x-kubernetes-group-version-kind']).toEqual({ group: 'apps', kind: 'Deployment', version: 'v1' })
  expect(patch.parameters.map((p: Node) => p['name'])).toEqual(['dryRun', 'fieldManager', 'fieldValidation', 'force'])
  expect(Object.keys(patch.requestBody.content)).toContain('application/apply-patch+yaml')
  expect(apps['components'].schemas['io.k8s.api.apps.v1.Deployment']['x-kubernetes-group-version-kind']).toEqual([
    { group: 'apps', kind: 'Deployment', version: 'v1' },
  ])
})

test('parameters that all operations share stand at the path', () => {
  const names = (path: string) => apps['paths'][`/apis/apps/v1${path}`].parameters.map((p: Node) => p['name'])
  expect(names('/namespaces/{namespace}/deployments/{name}')).toEqual(['name', 'namespace', 'pretty'])
  expect(names('/deployments')).toContain('labelSelector')
})

test('operations are named as Kubernetes names them', () => {
  const ids = (name: string) =>
    [...JSON.stringify(documentV3(name, resources, schemas)).matchAll(/"operationId":"(\w+)"/g)].map((m) => m[1])
  expect(ids('apis/rbac.authorization.k8s.io/v1')).toContain('deleteRbacAuthorizationV1CollectionNamespacedRole')
  expect(ids('api/v1')).toEqual(
    expect.arrayContaining([
      'connectCoreV1PostNamespacedPodExec',
      'watchCoreV1PodListForAllNamespaces',
      'replaceCoreV1NamespaceFinalize',
    ]),
  )
})

test('descriptions are laid over when they are there', () => {
  const texts = { 'io.k8s.api.apps.v1.Deployment': { '': 'Rolls.', spec: 'What is wanted.' } }
  const deployment = (documentV3('apis/apps/v1', resources, schemas, texts) as Node)['components'].schemas[
    'io.k8s.api.apps.v1.Deployment'
  ]
  expect(deployment.description).toBe('Rolls.')
  expect(deployment.properties.spec.description).toBe('What is wanted.')
})

test('custom kinds get paths, lists and their own schema', () => {
  const own = catalogueSchemas()
  const kind = { group: 'example.com', version: 'v1', kind: 'Boat', listKind: 'BoatList', plural: 'boats', selectable: [] }
  const schema = { type: 'object', properties: { spec: { type: 'object', properties: { sails: { type: 'integer' } } } } }
  for (const [name, made] of definitionsOf({ ...kind, name: 'com.example.v1.Boat', schema })) own.set(name, made)
  const boats = resource({
    group: 'example.com',
    version: 'v1',
    kind: 'Boat',
    plural: 'boats',
    scope: 'Namespaced',
    schema: 'com.example.v1.Boat',
    custom: true,
  })
  const document = documentV3('apis/example.com/v1', [...resources, boats], own) as Node
  const item = document['paths']['/apis/example.com/v1/namespaces/{namespace}/boats/{name}']
  expect(Object.keys(item.patch.requestBody.content)).not.toContain('application/strategic-merge-patch+json')
  expect(document['components'].schemas['com.example.v1.BoatList'].properties.items.items.$ref).toBe(
    '#/components/schemas/com.example.v1.Boat',
  )
  expect(Object.keys(item.patch.responses), 'creation by an apply is not told').toEqual(['200', '401'])
  expect(Object.keys(document['paths']), 'nor the discovery document').not.toContain('/apis/example.com/v1/')
  const options = document['components'].schemas['io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions']
  expect(options['x-kubernetes-group-version-kind'], 'a kind of all groups names them all').toContainEqual({
    group: 'apps',
    kind: 'DeleteOptions',
    version: 'v1',
  })
})

test('a kind in small letters begins with a capital where nothing stands before it', () => {
  const small = resource({
    group: 'example.com',
    version: 'v1',
    kind: 'boat',
    plural: 'boats',
    scope: 'Namespaced',
    schema: 'com.example.v1.boat',
    custom: true,
  })
  const paths = (documentV3('apis/example.com/v1', [...resources, small], schemas) as Node)['paths']
  expect(paths['/apis/example.com/v1/boats'].get.operationId).toBe('listExampleComV1BoatForAllNamespaces')
  expect(paths['/apis/example.com/v1/namespaces/{namespace}/boats'].get.operationId).toBe('listExampleComV1Namespacedboat')
})

test('dashes of a version are left out of the names of operations', () => {
  const old = resource({
    group: 'pxc.example.com',
    version: 'v1-10-0',
    kind: 'Boat',
    plural: 'boats',
    scope: 'Cluster',
    schema: 'com.example.v1-10-0.Boat',
    custom: true,
  })
  const { get } = (documentV3('apis/pxc.example.com/v1-10-0', [...resources, old], schemas) as Node)['paths'][
    '/apis/pxc.example.com/v1-10-0/boats'
  ]
  expect(get.operationId).toBe('listPxcExampleComV1100Boat')
  expect(get.tags).toEqual(['pxcExampleCom_v1100'])
})

test('version 2 holds everything at once', () => {
  const document = documentV2(resources, schemas) as Node
  expect(Object.keys(document['definitions']).length).toBeGreaterThan(500)
  expect(document['paths']['/api/v1/pods'].get.produces).toContain('application/json;stream=watch')
})
