import { expect, test } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { Cluster } from '../cluster.ts'
import { deployment, service } from '../testing/builders.ts'

const POST = (path: string, body: AnyObject) => ({ method: 'POST', path, body })

function shop(): Cluster {
  const cluster = new Cluster({ nodes: 3, addons: ['dns'] })
  cluster.run(20_000)
  cluster.request(POST('/apis/apps/v1/namespaces/default/deployments', deployment('web', 3)))
  cluster.request(POST('/api/v1/namespaces/default/services', service('web', 'web')))
  cluster.settle()
  return cluster
}

/** Requests from a machine straight to the pods of another. */
function ask(cluster: Cluster, from: string, to: string, times = 1) {
  const pods = cluster.request({ method: 'GET', path: '/api/v1/namespaces/default/pods' }).body as { items: AnyObject[] }
  const pod = pods.items.find((each) => each['spec'].nodeName === to)
  const origin = { node: from, ip: '10.244.0.99', namespace: 'default', label: 'test' }
  const ip: string = pod?.['status'].podIP
  return Array.from({ length: times }, () => cluster.machines.network.walkFrom(origin, ip, 80, { method: 'GET', path: '/' }))
}

test('a cut wire loses what would cross it, both ways, and nothing else; mended, all is well', () => {
  const cluster = shop()
  cluster.fault({ kind: 'wire', a: 'node-2', b: 'node-1', ms: 0, loss: 100 })
  const [there] = ask(cluster, 'node-1', 'node-2')
  expect(there?.outcome).toEqual({ ok: false, why: 'timeout' })
  expect(there?.hops.at(-1)).toEqual({ at: 'link node-1 – node-2', did: 'lost it', why: 'the link is cut' })
  expect(ask(cluster, 'node-2', 'node-1')[0]?.outcome.ok).toBe(false)
  expect(ask(cluster, 'node-1', 'node-3')[0]?.outcome.ok).toBe(true)
  expect(ask(cluster, 'node-1', 'node-1')[0]?.outcome.ok).toBe(true)
  cluster.fault({ kind: 'wire', a: 'node-1', b: 'node-2', ms: 0, loss: 0 })
  expect(ask(cluster, 'node-1', 'node-2')[0]?.outcome.ok).toBe(true)
  expect(cluster.broken().wires).toEqual([])
})

test('a slow wire is late on the way there and on the way back', () => {
  const cluster = shop()
  const [fast] = ask(cluster, 'node-1', 'node-2')
  cluster.fault({ kind: 'wire', a: 'node-1', b: 'node-2', ms: 150, loss: 0 })
  const [slow] = ask(cluster, 'node-1', 'node-2')
  expect((slow?.ms ?? 0) - (fast?.ms ?? 0)).toBe(300)
})

test('a wire that loses packets makes TCP wait and send again', () => {
  const cluster = shop()
  cluster.fault({ kind: 'wire', a: 'node-1', b: 'node-2', ms: 0, loss: 50 })
  const walks = ask(cluster, 'node-1', 'node-2', 200)
  const late = walks.filter((walk) => walk.outcome.ok && walk.ms > 190).length
  expect(late).toBeGreaterThan(60)
  expect(walks.filter((walk) => !walk.outcome.ok).length).toBeLessThan(20)
})

test('what was broken is known, and survives being saved', () => {
  const cluster = shop()
  cluster.fault({ kind: 'wire', a: 'node-1', b: 'node-3', ms: 20, loss: 5 })
  cluster.fault({ kind: 'component', component: 'kube-scheduler', on: false })
  cluster.fault({ kind: 'node-link', node: 'node-2', on: false })
  cluster.fault({ kind: 'node-kubelet', node: 'node-3', on: false })
  cluster.fault({ kind: 'node-disk', node: 'node-1', full: true })
  cluster.fault({ kind: 'registry', registry: 'docker.io', state: 'slow' })
  const broken = {
    components: ['kube-scheduler'],
    cut: ['node-2'],
    kubelets: ['node-3'],
    disks: ['node-1'],
    plugins: [],
    registries: [{ registry: 'docker.io', state: 'slow' }],
    wires: [{ a: 'node-1', b: 'node-3', ms: 20, loss: 5 }],
  }
  expect(cluster.broken()).toEqual(broken)
  expect(Cluster.load(cluster.save()).broken()).toEqual(broken)
})

test('a wire leads from one machine to another, and neither loses nor delays more than there is', () => {
  const cluster = shop()
  const wire = { kind: 'wire', a: 'node-1', b: 'node-2', ms: 0, loss: 0 } as const
  expect(() => cluster.fault({ ...wire, b: 'node-9' })).toThrow('there is no machine node-9')
  expect(() => cluster.fault({ ...wire, b: 'node-1' })).toThrow('from one machine to another')
  expect(() => cluster.fault({ ...wire, loss: 101 })).toThrow('0 to 100')
})
