/** CPU time as the kubelet counts it: it grows with what is done, and never falls. */
import { beforeEach, describe, expect, it } from 'vitest'
import { TestCluster } from '../testing/test-cluster.ts'

let cluster: TestCluster
const begin = (resources: object = {}) => {
  cluster = new TestCluster({ nodes: 1 })
  const spec = { containers: [{ name: 'main', image: 'registry.k8s.io/e2e-test-images/resource-consumer:1.13', resources }] }
  cluster.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'busy', namespace: 'default' }, spec } as never)
  cluster.settle()
}
const POD = '/api/v1/namespaces/default/pods/busy:8080/proxy'
const work = (millicores: number, durationSec: number) =>
  cluster.request('POST', `${POD}/ConsumeCPU?millicores=${millicores}&durationSec=${durationSec}`)
const page = (path: string) => String(cluster.request('GET', `/api/v1/nodes/node-1/proxy/${path}`).body)
const seconds = (whose: 'container' | 'pod' | 'node') =>
  Number(new RegExp(`^${whose}_cpu_usage_seconds_total(?:\\{.*\\})? (\\S+)`, 'm').exec(page('metrics/resource'))?.[1])
const grown = (whose: 'container' | 'pod' | 'node', forSeconds: number) => {
  const before = seconds(whose)
  cluster.run(forSeconds)
  return seconds(whose) - before
}

describe('CPU time', () => {
  beforeEach(() => begin())

  it('grows by the load, and stays when the load has ended', () => {
    work(500, 60)
    expect(grown('container', 30)).toBeCloseTo(15, 0)
    expect(grown('container', 60)).toBeCloseTo(15, 0)
    expect(grown('container', 60)).toBeCloseTo(0.06, 2)
  })

  it('is told alike by every page', () => {
    work(500, 60)
    cluster.run(90)
    const [pod] = JSON.parse(page('stats/summary')).pods
    expect(pod.cpu.usageCoreNanoSeconds / 1e9).toBeCloseTo(seconds('container'), 5)
    expect(Number(/^container_cpu_usage_seconds_total\{container="main".* (\S+) \d+$/m.exec(page('metrics/cadvisor'))?.[1])).toBe(
      seconds('container'),
    )
  })

  it('begins anew with a container, but not for its pod and its machine', () => {
    work(800, 20)
    cluster.run(30)
    const [pod, node] = [seconds('pod'), seconds('node')]
    expect(pod).toBeGreaterThan(15)
    cluster.cluster.fault({ kind: 'container-kill', namespace: 'default', pod: 'busy', container: 'main' })
    cluster.run(20)
    expect(seconds('container')).toBeLessThan(1)
    expect(seconds('pod')).toBeGreaterThan(pod)
    expect(seconds('node')).toBeGreaterThan(node)
    cluster.request('DELETE', '/api/v1/namespaces/default/pods/busy')
    cluster.run(60)
    expect(seconds('node')).toBeGreaterThan(node)
  })

  it('grows by what each request costs', () => {
    const before = seconds('container')
    for (let i = 0; i < 1000; i++) cluster.request('GET', `${POD}/metrics`)
    expect(seconds('container') - before).toBeCloseTo(0.3, 2)
    expect(grown('container', 60)).toBeCloseTo(0.06, 2)
  })
})

describe('CPU time of a container with a limit', () => {
  beforeEach(() => begin({ limits: { cpu: '200m' } }))

  it('grows no faster than the limit', () => {
    work(1000, 60)
    expect(grown('container', 60)).toBeCloseTo(12, 1)
  })

  it('grows by its requests as far as the limit allows', () => {
    const before = seconds('container')
    for (let i = 0; i < 20_000; i++) cluster.request('GET', `${POD}/metrics`)
    expect(seconds('container') - before).toBeCloseTo(3, 0)
  })
})
