import { expect, test } from 'vitest'
import { Query } from '#api/query.ts'
import { ApiError } from '#api/status.ts'
import { catalogueSchemas } from '../../resources/catalogue/index.ts'
import { genericResources } from '../../resources/generic.ts'
import type { Call } from '../call.ts'
import type { ApiServer } from '../server.ts'
import { documentFor } from './documents.ts'

const server = {
  world: { seed: 1 },
  resources: genericResources(new Set()),
  schemas: catalogueSchemas(),
  descriptions: null,
} as unknown as ApiServer

function get(url: string, headers: Record<string, string> = {}, method = 'GET') {
  const [path = '', query] = url.split('?')
  const call = { request: { method, path: url, headers }, path, query: new Query(query), accepts: { pretty: false } }
  try {
    return documentFor(call as unknown as Call, server)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { status: error.code, headers: {} as Record<string, string>, body: error.status }
  }
}
const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

test('discovery has two forms', () => {
  expect(get('/apis').body).toMatchObject({ kind: 'APIGroupList' })
  const whole = get('/apis', { accept: `${AGGREGATED},application/json` })
  expect(whole.headers['content-type']).toBe(AGGREGATED)
  expect(get('/apis', { accept: AGGREGATED, 'if-none-match': whole.headers['etag'] ?? '' }).status).toBe(304)
  expect(get('/apis', { accept: AGGREGATED.replace('v2', 'v2beta1') }).status).toBe(406)
  expect(get('/api/v1', { accept: 'text/html' }).body).toMatchObject({ reason: 'NotAcceptable' })
})

test('what is not there is missing in two ways', () => {
  expect(get('/apis/nothing').body).toBe('404 page not found\n')
  expect(get('/apis/apps/v9').body).toMatchObject({ reason: 'NotFound', details: {} })
  expect(get('/version', {}, 'POST').status).toBe(405)
})

test('health', () => {
  expect(get('/healthz', {}, 'POST').body).toBe('ok')
  expect(get('/livez?verbose&exclude=etcd').body).toContain('[+]etcd excluded: ok\n')
  expect(get('/livez?verbose&exclude=mood').body).toContain('cannot be excluded: no matches for "mood"\nlivez check passed')
  expect(get('/readyz/ping').body).toBe('ok')
  expect(get('/livez/mood').status).toBe(404)
})

test('OpenAPI documents stand under their hash', () => {
  const { paths } = JSON.parse(String(get('/openapi/v3').body))
  const url = paths['apis/apps/v1'].serverRelativeURL
  expect(url).toMatch(/^\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]{128}$/)
  expect(get(url).headers['cache-control']).toBe('public, immutable')
  expect(get('/openapi/v3/apis/apps/v1?hash=ABC')).toMatchObject({ status: 301, headers: { location: url } })
  expect(get('/openapi/v3/apis/nothing/v1').status).toBe(404)
  expect(get('/openapi/v2', { accept: 'application/xml' }).status).toBe(406)
})

test('the paths', () => {
  const { paths } = get('/').body as { paths: string[] }
  expect(paths.slice(0, 3)).toEqual(['/.well-known/openid-configuration', '/api', '/api/v1'])
})

test('publishes the key that tokens name', () => {
  const keys = get('/openid/v1/jwks', { accept: '*/*' })
  expect(keys.headers['content-type']).toBe('application/jwk-set+json')
  expect(keys.body).toMatchObject({ keys: [{ kty: 'RSA', use: 'sig', alg: 'RS256' }] })
  expect(get('/openid/v1/jwks', { accept: 'application/json' }).body).toMatchObject({
    message: '406: Not Acceptable\n\nAvailable representations: application/jwk-set+json',
  })
})
