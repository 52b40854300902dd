import { expect, test } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { deployment, service } from '../testing/builders.ts'
import { TestCluster } from '../testing/test-cluster.ts'

const backend = (name: string) => ({ service: { name, port: { number: 80 } } })
const path = (at: string, pathType: string, name: string) => ({ path: at, pathType, backend: backend(name) })

function routed(spec: Record<string, unknown>): TestCluster {
  const t = new TestCluster({ addons: ['ingress', 'cloud'] })
  for (const name of ['web', 'api']) {
    t.create(deployment(name, 1))
    t.create(service(name, name))
  }
  t.create(service('gone', 'gone'))
  t.create({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'shop' },
    spec: { ingressClassName: 'nginx', ...spec },
  } as unknown as AnyObject)
  return t.run(60)
}

const OUTSIDE = { node: 'node-1', ip: '203.0.113.7', namespace: '', label: 'visitor' }

function ask(t: TestCluster, host: string, at = '/', port = 80) {
  const own = t.get('services', 'ingress-nginx-controller', 'ingress-nginx') as AnyObject
  const { ip } = own['status'].loadBalancer.ingress[0]
  const request = { method: 'GET', path: at, headers: { host } }
  const { outcome, hops, service: to } = t.cluster.machines.network.walkFrom(OUTSIDE, ip, port, request)
  return { status: outcome.ok ? outcome.reply.status : outcome.why, to, why: hops.map(({ why }) => why), outcome }
}

test('requests go where host and path say, exact paths first, then the longest', () => {
  const paths = [path('/', 'Prefix', 'web'), path('/api', 'Prefix', 'api'), path('/api/one', 'Exact', 'web')]
  const t = routed({ rules: [{ host: 'shop.example', http: { paths } }] })
  expect(ask(t, 'shop.example')).toMatchObject({ status: 200, to: 'default/web' })
  expect(ask(t, 'shop.example', '/api/x').to).toBe('default/api')
  expect(ask(t, 'shop.example', '/api/one').to).toBe('default/web')
  expect(ask(t, 'shop.example', '/apix').to).toBe('default/web')
  expect(ask(t, 'other.example').status).toBe(404)
  expect(ask(t, 'shop.example').why).toContain('Ingress default/shop: shop.example/')
  expect(t.get('ingresses.networking.k8s.io', 'shop')?.['status'].loadBalancer.ingress).toEqual([{ ip: '198.51.100.10' }])
  expect(t.events('Sync')).toHaveLength(1)
})

test('a Service without pods is unavailable, a default backend takes the rest, TLS redirects', () => {
  const rules = [
    { host: 'gone.example', http: { paths: [path('/', 'Prefix', 'gone')] } },
    { host: 'safe.example', http: { paths: [path('/', 'Prefix', 'web')] } },
    { host: '*.wild.example', http: { paths: [path('/', 'Prefix', 'api')] } },
  ]
  const t = routed({ rules, defaultBackend: backend('api'), tls: [{ hosts: ['safe.example'], secretName: 'safe' }] })
  expect(ask(t, 'gone.example').status).toBe(503)
  expect(ask(t, 'nobody.example')).toMatchObject({ status: 200, to: 'default/api' })
  expect(ask(t, 'a.wild.example').to).toBe('default/api')
  expect(ask(t, 'safe.example', '/x').outcome).toMatchObject({
    reply: { status: 308, headers: { location: 'https://safe.example/x' } },
  })
  expect(ask(t, 'safe.example', '/', 443)).toMatchObject({ status: 200, to: 'default/web' })
})
