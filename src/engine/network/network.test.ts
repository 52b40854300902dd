import { expect, test } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { Cluster } from '../cluster.ts'
import { deployment, service } from '../testing/builders.ts'

const POST = (path: string, body: AnyObject) => ({ method: 'POST', path, body })

function shop(replicas = 3, spec: Record<string, unknown> = {}): Cluster {
  const cluster = new Cluster({ nodes: 3, addons: ['dns'] })
  cluster.run(20_000)
  cluster.request(POST('/apis/apps/v1/namespaces/default/deployments', deployment('web', replicas)))
  const web = service('web', 'web')
  cluster.request(POST('/api/v1/namespaces/default/services', { ...web, spec: { ...web['spec'], ...spec } }))
  cluster.settle()
  return cluster
}

const origin = { node: 'node-1', ip: '10.244.0.99', namespace: 'default', label: 'test' }
const get = { method: 'GET', path: '/' }
const ask = (cluster: Cluster, host = 'web', port = 80, from: object = {}) =>
  cluster.machines.network.walkFrom({ ...origin, ...from }, host, port, get)
const addresses = (cluster: Cluster, name: string) =>
  cluster.machines.network.lookUp({ ...origin, podUid: '' }, name, 'A').addresses
const last = (walk: ReturnType<typeof ask>) => walk.hops.at(-1)

test('a request finds its way: name, proxy, endpoint, pod', () => {
  const walk = ask(shop())
  expect(walk.outcome).toMatchObject({ ok: true, reply: { status: 200 } })
  expect(walk.hops.map((hop) => hop.at.split(' ')[0])).toEqual(['test', 'dns', 'proxy', 'pod'])
})

test('requests are spread over the pods, or stay with one by session affinity', () => {
  const spread = shop()
  const pods = new Set(Array.from({ length: 40 }, () => ask(spread).pod))
  expect(pods.size).toBe(3)
  const sticky = shop(3, { sessionAffinity: 'ClientIP' })
  expect(new Set(Array.from({ length: 40 }, () => ask(sticky).pod)).size).toBe(1)
})

test('names: short, with namespace, in full, and unknown ones', () => {
  const cluster = shop(1)
  for (const name of [
    'web',
    'web.default',
    'web.default.svc',
    'web.default.svc.cluster.local',
    'web.default.svc.cluster.local.',
  ]) {
    expect(ask(cluster, name).outcome.ok, name).toBe(true)
  }
  expect(ask(cluster, 'web', 80, { namespace: 'kube-system' }).outcome).toEqual({ ok: false, why: 'no such host' })
  expect(last(ask(cluster, 'nope'))?.why).toBe('NXDOMAIN: no Service is called nope')
})

test('a Service without ready pods refuses, and says why', () => {
  const none = shop(0)
  expect(ask(none).outcome).toEqual({ ok: false, why: 'connection refused' })
  expect(last(ask(none))?.why).toMatch(/has no endpoints/)
})

test('a wrong port is refused', () => {
  expect(last(ask(shop(1), 'web', 81))?.why).toBe('default/web has no such port')
})

test('a pod that does not listen on the target port refuses', () => {
  const walk = ask(shop(1, { ports: [{ port: 80, targetPort: 8080 }] }))
  expect(walk.outcome).toEqual({ ok: false, why: 'connection refused' })
  expect(last(walk)?.why).toBe('nothing in it listens on port 8080')
})

test('a node port works on every node; a headless name gives the pods', () => {
  const cluster = shop(1, { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] })
  for (const ip of ['172.18.0.2', '172.18.0.3', '172.18.0.4']) expect(ask(cluster, ip, 30080).outcome.ok).toBe(true)
  const headless = shop(3, { clusterIP: 'None' })
  expect(addresses(headless, 'web').length).toBe(3)
})

test('requests to a node without power are lost until its pods are known to be gone', () => {
  const cluster = shop(3)
  cluster.fault({ kind: 'node-power', node: 'node-2', on: false })
  const walks = Array.from({ length: 30 }, () => ask(cluster))
  expect(walks.some((w) => !w.outcome.ok && w.outcome.why === 'timeout')).toBe(true)
  cluster.run(60_000)
  expect(Array.from({ length: 30 }, () => ask(cluster)).every((w) => w.outcome.ok)).toBe(true)
})

test('proxies hear of a change a little late', () => {
  const cluster = shop(1)
  cluster.request({ method: 'DELETE', path: '/api/v1/namespaces/default/services/web' })
  const ip = addresses(cluster, 'web')[0] as string
  expect(ip).toBeDefined()
  cluster.run(10)
  expect(ask(cluster, ip).outcome.ok).toBe(true)
  cluster.run(500)
  expect(ask(cluster, ip).outcome.ok).toBe(false)
})

test('visitors are counted, at low and at high rates', () => {
  const cluster = shop()
  cluster.fault({ kind: 'traffic', namespace: 'default', service: 'web', perSecond: 5 })
  cluster.run(10_000)
  expect(cluster.machines.network.sources()[0]).toMatchObject({ served: 50, lost: 0 })
  cluster.fault({ kind: 'traffic', namespace: 'default', service: 'web', perSecond: 2000 })
  cluster.run(1000)
  expect(cluster.machines.network.sources()[0]).toMatchObject({ served: 2050, lost: 0 })
  cluster.fault({ kind: 'traffic', namespace: 'default', service: 'web', perSecond: 0 })
  cluster.run(1000)
  expect(cluster.machines.network.sources()[0]?.served).toBe(2050)
  expect(cluster.flights(0).length).toBeGreaterThan(50)
})
