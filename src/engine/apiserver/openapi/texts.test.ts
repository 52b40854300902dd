import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { catalogueSchemas } from '../../resources/catalogue/index.ts'
import { genericResources } from '../../resources/generic.ts'
import { documentV2 } from './v2.ts'
import { documentV3 } from './v3.ts'

const texts = JSON.parse(readFileSync(new URL('../../../transport/openapi-texts.json', import.meta.url), 'utf8'))
const resources = genericResources(new Set())
const schemas = catalogueSchemas()

it('says of operations what a real server says', () => {
  const { paths } = documentV3('api/v1', resources, schemas, texts) as any
  const told = (path: string, method: string): string => paths[`/api/v1${path}`][method].description
  expect(told('/namespaces/{namespace}/events', 'post')).toBe('create an Event')
  expect(told('/namespaces/{namespace}/endpoints/{name}', 'delete')).toBe('delete Endpoints')
  expect(told('/componentstatuses', 'get')).toBe('list objects of kind ComponentStatus')
  expect(told('/namespaces/{namespace}/pods/{name}/exec', 'post')).toBe('connect POST requests to exec of Pod')
  expect(told('/namespaces/{namespace}/pods/{name}/log', 'get')).toBe('read log of the specified Pod')
  expect(told('/namespaces/{namespace}/pods/{name}/eviction', 'post')).toBe('create eviction of a Pod')
})

it('names the parameters of version 2 by the hashes that a real server gives them', () => {
  const { paths, parameters } = documentV2(resources, schemas, texts) as any
  const refs = paths['/api/v1/componentstatuses'].parameters.map(({ $ref }: { $ref: string }) => $ref)
  const recorded = [
    'allowWatchBookmarks-HC2hJt-J',
    'continue-QfD61s0i',
    'fieldSelector-xIcQKXFG',
    'labelSelector-5Zw57w4C',
    'limit-1NfNmdNH',
  ]
  expect(refs.slice(0, 5)).toEqual(recorded.map((name) => `#/parameters/${name}`))
  expect(parameters['limit-1NfNmdNH']).toMatchObject({ name: 'limit', in: 'query', type: 'integer' })
})
