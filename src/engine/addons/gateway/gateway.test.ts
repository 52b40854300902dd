import { beforeAll, describe, expect, test } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { Cluster } from '../../cluster.ts'
import { deployment, service } from '../../testing/builders.ts'
import { TestCluster } from '../../testing/test-cluster.ts'

const API = 'gateway.networking.k8s.io'
const AGNHOST = 'registry.k8s.io/e2e-test-images/agnhost:2.63.0'
const OUTSIDE = { ip: '203.0.113.7', namespace: '', label: 'visitor' }

const gateway = (listeners: object[], more: object = {}): AnyObject =>
  ({
    apiVersion: `${API}/v1`,
    kind: 'Gateway',
    metadata: { name: 'edge' },
    spec: { gatewayClassName: 'nginx', listeners, ...more },
  }) as unknown as AnyObject
const http = (more: object = {}): object => ({ name: 'http', port: 80, protocol: 'HTTP', ...more })
const route = (name: string, rules: object[], more: object = {}): AnyObject =>
  ({
    apiVersion: `${API}/v1`,
    kind: 'HTTPRoute',
    metadata: { name },
    spec: { parentRefs: [{ name: 'edge' }], rules, ...more },
  }) as unknown as AnyObject
const to = (...names: string[]): object[] =>
  names.map((each) => ({ name: each.split('=')[0], port: 80, weight: Number(each.split('=')[1] ?? 1) }))
const under = (value: string, type = 'PathPrefix'): object => ({ path: { type, value } })

/** Web servers that say who they are, before any Gateway. */
function cluster(...names: string[]): TestCluster {
  const t = new TestCluster({ addons: ['gateway', 'cloud'] }).run(25)
  for (const name of names) {
    const server = deployment(name, 1, AGNHOST)
    server['spec'].template.spec.containers[0].args = ['netexec', '--http-port=80']
    t.create(server)
    t.create(service(name, name))
  }
  return t
}

function ask(t: TestCluster, path: string, headers: Record<string, string> = {}, port = 80, method = 'GET') {
  const ip = (t.get(`gateways.${API}`, 'edge') as any).status.addresses[0].value
  const request = { method, path, headers: { host: 'shop.example', ...headers } }
  // The balancer sends to the machine with the proxy: its Service keeps traffic local.
  const node = t.pods({ 'gateway.networking.k8s.io/gateway-name': 'edge' })[0]?.spec.nodeName ?? ''
  const walk = t.cluster.machines.network.walkFrom({ ...OUTSIDE, node }, ip, port, request)
  const reply = walk.outcome.ok ? walk.outcome.reply : { status: 0, body: walk.outcome.why, headers: {} }
  const { status, body } = reply
  return {
    status,
    body,
    headers: reply.headers ?? {},
    to: walk.service.replace('default/', ''),
    why: walk.hops.map(({ why }) => why),
  }
}

const conditions = (list: AnyObject[]): Record<string, string> =>
  Object.fromEntries(list.map(({ type, status, reason, message }: any) => [type, `${status} ${reason}: ${message}`]))
const ofRoute = (t: TestCluster, name: string) =>
  conditions((t.get(`httproutes.${API}`, name) as any).status.parents[0].conditions)
const ofListener = (t: TestCluster, i = 0): Record<string, string | number> => {
  const { conditions: list, attachedRoutes } = (t.get(`gateways.${API}`, 'edge') as any).status.listeners[i]
  return { ...conditions(list), attachedRoutes }
}

describe('a Gateway with routes', () => {
  let t: TestCluster
  beforeAll(() => {
    t = cluster('web', 'api', 'new')
    t.create(gateway([http()]))
    const rewrite = { type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } } }
    const set = { type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'X-Via', value: 'edge' }] } }
    const told = { type: 'ResponseHeaderModifier', responseHeaderModifier: { add: [{ name: 'X-Served', value: 'yes' }] } }
    const redirect = { type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }
    t.create(
      route(
        'shop',
        [
          { matches: [under('/')], backendRefs: to('web=9', 'new=1') },
          { matches: [under('/api')], filters: [rewrite, set, told], backendRefs: to('api') },
          { matches: [under('/old', 'Exact')], filters: [redirect] },
          { matches: [{ ...under('/'), headers: [{ name: 'x-try', value: 'new' }] }], backendRefs: to('new') },
          { matches: [{ ...under('/'), method: 'POST' }], backendRefs: to('api') },
          { matches: [{ ...under('/'), queryParams: [{ name: 'v', value: '2' }] }], backendRefs: to('new') },
        ],
        { hostnames: ['shop.example'] },
      ),
    )
    t.run(40)
  })

  test('is accepted and programmed, has a proxy of its own, and its address', () => {
    const { status } = t.get(`gateways.${API}`, 'edge') as any
    expect(status.addresses).toEqual([{ type: 'IPAddress', value: '198.51.100.10' }])
    expect(conditions(status.conditions)).toEqual({
      Accepted: 'True Accepted: The Gateway is accepted',
      Programmed: 'True Programmed: The Gateway is programmed',
    })
    expect(ofListener(t)).toMatchObject({ ResolvedRefs: 'True ResolvedRefs: All references are resolved', attachedRoutes: 1 })
    expect(ofRoute(t, 'shop')['Accepted']).toBe('True Accepted: The Route is accepted')
    expect(t.get('deployments.apps', 'edge-nginx')?.metadata.ownerReferences?.[0]).toMatchObject({
      kind: 'Gateway',
      name: 'edge',
    })
    const columns = t.request('GET', `/apis/${API}/v1/namespaces/default/gateways`, undefined, {
      accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
    }).body as any
    expect(columns.rows[0].cells).toEqual(['edge', 'nginx', '198.51.100.10', 'True', '40s'])
  })

  test('routes by host, path, header, method and parameter, the most special first', () => {
    expect(ask(t, '/', { host: 'other.example' })).toMatchObject({ status: 404 })
    expect(ask(t, '/api/x').to).toBe('api')
    expect(['web', 'new']).toContain(ask(t, '/apis').to)
    expect(ask(t, '/', { 'x-try': 'new' }).to).toBe('new')
    expect(ask(t, '/hostname', {}, 80, 'POST').to).toBe('api')
    expect(ask(t, '/?v=2').to).toBe('new')
    expect(ask(t, '/api').why).toContain('HTTPRoute default/shop: shop.example/api')
  })

  test('shares requests by weight', () => {
    const served = Array.from({ length: 400 }, () => ask(t, '/').to)
    const share = served.filter((name) => name === 'new').length / served.length
    expect(share).toBeGreaterThan(0.06)
    expect(share).toBeLessThan(0.14)
  })

  test('changes requests and answers on their way, and redirects', () => {
    const header = ask(t, '/api/header?key=x-via')
    expect(header).toMatchObject({ body: 'edge', headers: { 'x-served': 'yes' } })
    expect(ask(t, '/api/hostname').body).toMatch(/^api-/)
    expect(ask(t, '/api/header?key=x-forwarded-for').body).toBe('203.0.113.7')
    expect(ask(t, '/old')).toMatchObject({ status: 301, headers: { location: 'https://shop.example/old' } })
  })
})

test('references that lead nowhere are named, and their share fails', () => {
  const t = cluster('web')
  t.create(gateway([http()]))
  t.create(route('gone', [{ backendRefs: to('nobody') }]))
  t.create(route('port', [{ backendRefs: [{ name: 'web', port: 81 }] }], { hostnames: ['port.example'] }))
  const elsewhere = [{ name: 'web', namespace: 'kube-system', port: 80 }]
  t.create(route('far', [{ backendRefs: elsewhere }], { hostnames: ['far.example'] }))
  t.run(40)
  expect(ofRoute(t, 'gone')['ResolvedRefs']).toBe('False BackendNotFound: spec.rules[0].backendRefs[0].name: Not found: "nobody"')
  expect(ofRoute(t, 'port')['ResolvedRefs']).toBe('False BackendNotFound: No matching port for Service web and port 81')
  expect(ofRoute(t, 'far')['ResolvedRefs']).toContain('Service kube-system/web not permitted by any ReferenceGrant')
  expect(ask(t, '/').status).toBe(500)
  t.create(service('nobody', 'web'))
  t.run(2)
  expect(ofRoute(t, 'gone')['ResolvedRefs']).toContain('True')
  expect(ask(t, '/')).toMatchObject({ status: 200, to: 'nobody' })
})

test('what cannot be done is refused: filters, protocols, kinds, listeners that are not there', () => {
  const t = cluster('web')
  t.create(gateway([http({ hostname: '*.example.com' }), { name: 'raw', port: 9000, protocol: 'TCP' }]))
  const mirror = { type: 'RequestMirror', requestMirror: { backendRef: { name: 'web', port: 80 } } }
  const at = { hostnames: ['a.example.com'] }
  t.create(route('mirror', [{ filters: [mirror], backendRefs: to('web') }], at))
  t.create(route('half', [{ filters: [mirror] }, { backendRefs: to('web'), timeouts: { request: '5s' } }], at))
  t.create(route('else', [{ backendRefs: to('web') }], { hostnames: ['other.org'] }))
  t.create(route('section', [{ backendRefs: to('web') }], { parentRefs: [{ name: 'edge', sectionName: 'https' }] }))
  t.create(route('tcp', [{ backendRefs: to('web') }], { parentRefs: [{ name: 'edge', sectionName: 'raw' }] }))
  t.create({ ...route('calls', []), kind: 'GRPCRoute', spec: { parentRefs: [{ name: 'edge' }] } } as AnyObject)
  t.run(40)
  const supported = '"ResponseHeaderModifier", "RequestHeaderModifier", "RequestRedirect", "URLRewrite"'
  expect(ofRoute(t, 'mirror')['Accepted']).toBe(
    `False UnsupportedValue: All rules are invalid: spec.rules[0].filters[0].type: Unsupported value: "RequestMirror": supported values: ${supported}`,
  )
  expect(ofRoute(t, 'half')['PartiallyInvalid']).toContain(
    'True UnsupportedValue: Dropped Rule(s): spec.rules[0].filters[0].type',
  )
  expect(ofRoute(t, 'half')['Accepted']).toContain(
    'unsupported parameters were ignored: spec.rules[1].timeouts: Forbidden: Timeouts',
  )
  expect(ofRoute(t, 'else')['Accepted']).toContain('False NoMatchingListenerHostname')
  expect(ofRoute(t, 'section')['Accepted']).toContain('False NoMatchingParent')
  expect(ofRoute(t, 'tcp')['Accepted']).toContain('False InvalidListener')
  expect(ofListener(t, 1)['Accepted']).toBe(
    'False UnsupportedProtocol: protocol: Unsupported value: "TCP": supported values: "HTTP", "HTTPS"',
  )
  const calls = (t.get(`grpcroutes.${API}`, 'calls') as any).status.parents[0].conditions
  expect(conditions(calls)['Accepted']).toBe('False NotAllowedByListeners: The Route is not allowed by any listener')
})

test('a secure listener needs its certificate; from elsewhere it needs leave', () => {
  const t = cluster('web')
  const tls = (namespace?: string) => ({
    certificateRefs: [{ kind: 'Secret', name: 'cert', ...(namespace ? { namespace } : {}) }],
  })
  t.create(gateway([{ name: 'https', port: 443, protocol: 'HTTPS', tls: tls('safe') }]))
  t.create(route('shop', [{ backendRefs: to('web') }]))
  t.run(40)
  expect(ofListener(t)['ResolvedRefs']).toBe(
    'False RefNotPermitted: Certificate ref to secret safe/cert not permitted by any ReferenceGrant',
  )
  t.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'safe' } })
  t.create({
    apiVersion: `${API}/v1beta1`,
    kind: 'ReferenceGrant',
    metadata: { name: 'edge', namespace: 'safe' },
    spec: { from: [{ group: API, kind: 'Gateway', namespace: 'default' }], to: [{ group: '', kind: 'Secret' }] },
  } as unknown as AnyObject)
  t.run(2)
  expect(ofListener(t)['ResolvedRefs']).toBe(
    'False InvalidCertificateRef: tls.certificateRefs[0]: Invalid value: {"Namespace":"safe","Name":"cert"}: secret does not exist',
  )
  const pem = (what: string) => btoa(`-----BEGIN ${what}-----\nAAAA\n-----END ${what}-----\n`)
  t.create({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata: { name: 'cert', namespace: 'safe' },
    data: { 'tls.crt': pem('CERTIFICATE'), 'tls.key': pem('PRIVATE KEY') },
  } as unknown as AnyObject)
  t.run(2)
  expect(ofListener(t)).toMatchObject({ Programmed: 'True Programmed: The Listener is programmed', attachedRoutes: 1 })
  expect(ask(t, '/', {}, 443)).toMatchObject({ status: 200, to: 'web' })
})

test('only namespaces that are let in attach; without the controller nothing is programmed', () => {
  const t = cluster('web')
  t.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'guest' } })
  const from = { namespaces: { from: 'Selector', selector: { matchLabels: { edge: 'yes' } } } }
  t.create(gateway([http({ allowedRoutes: from })]))
  const guest = route('guest', [{ backendRefs: to('web') }], { parentRefs: [{ name: 'edge', namespace: 'default' }] })
  t.create({ ...guest, metadata: { name: 'guest', namespace: 'guest' } })
  t.run(40)
  const accepted = () =>
    conditions((t.get(`httproutes.${API}`, 'guest', 'guest') as any).status.parents[0].conditions)['Accepted']
  expect(accepted()).toContain('False NotAllowedByListeners')
  t.request(
    'PATCH',
    '/api/v1/namespaces/guest',
    { metadata: { labels: { edge: 'yes' } } },
    { 'content-type': 'application/merge-patch+json' },
  )
  t.run(2)
  expect(accepted()).toContain('True Accepted')
  t.request(
    'PATCH',
    '/apis/apps/v1/namespaces/nginx-gateway/deployments/nginx-gateway/scale',
    { spec: { replicas: 0 } },
    { 'content-type': 'application/merge-patch+json' },
  )
  t.run(40).create(route('late', [{ backendRefs: to('web') }]))
  expect((t.run(10).get(`httproutes.${API}`, 'late') as any).status).toBeUndefined()
})

test('its world is saved, goes on alike, and is the same after a replay', () => {
  const t = cluster('web', 'new')
  t.create(gateway([http()]))
  t.create(route('shop', [{ backendRefs: to('web=1', 'new=1') }]))
  t.run(40)
  const again = TestCluster.of(Cluster.load(t.cluster.save()))
  for (const each of [t, again]) {
    Array.from({ length: 20 }, () => ask(each, '/'))
    each.delete(`gateways.${API}`, 'edge')
    each.run(40)
  }
  expect(again.get('deployments.apps', 'edge-nginx')).toBeUndefined()
  expect(again.cluster.save() === t.cluster.save()).toBe(true)
})
