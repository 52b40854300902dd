/** Containers that want more of a machine's processors than it has: shares by what was asked for, limits, and requests that wait. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Pod } from '#api/kinds.ts'
import { TestCluster } from '../testing/test-cluster.ts'
import type { CpuClaim } from './cpu-scarcity.ts'
import { cpuShares } from './cpu-shares.ts'

const claim = (id: string, asks: number, wants: number, more: Partial<CpuClaim> = {}): CpuClaim => ({
  id,
  pod: id,
  quality: asks > 0 ? 'Burstable' : 'BestEffort',
  asks,
  wants,
  most: 4000,
  ...more,
})
const granted = (milli: number, ...claims: CpuClaim[]) =>
  Object.fromEntries([...cpuShares.granted(milli, claims)].map(([id, part]) => [id, Math.round(part)]))

describe('processors', () => {
  it('are shared by what was asked for', () => {
    expect(granted(4000, claim('a', 3000, 9000), claim('b', 1000, 9000))).toEqual({ a: 3000, b: 1000 })
  })

  it('are left to others by whoever wants less than its share', () => {
    expect(granted(4000, claim('a', 3000, 1000), claim('b', 500, 9000), claim('c', 500, 200))).toEqual({
      a: 1000,
      b: 2800,
      c: 200,
    })
  })

  it('are next to nothing for those that asked for nothing, be they ever so many', () => {
    const many = Array.from({ length: 10 }, (_, i) => claim(`n${i}`, 0, 1000))
    const { a = 0, n0 = 0 } = granted(4000, claim('a', 100, 9000), ...many)
    expect(a).toBeGreaterThan(3900)
    expect(n0).toBeLessThan(10)
  })

  it('are shared within a pod by its containers, and a guaranteed pod stands beside the classes', () => {
    const shares = granted(
      3000,
      claim('a1', 500, 5000, { pod: 'a', quality: 'Guaranteed' }),
      claim('a2', 500, 5000, { pod: 'a', quality: 'Guaranteed' }),
      claim('b', 1000, 5000),
      claim('c', 1000, 5000),
    )
    expect(shares).toEqual({ a1: 500, a2: 500, b: 1000, c: 1000 })
  })
})

describe('on a machine with too little of them', () => {
  let cluster: TestCluster
  const create = (name: string, image: string, args: string[], resources: object) =>
    cluster.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default', labels: { app: name } },
      spec: { containers: [{ name: 'main', image, ...(args.length > 0 ? { args } : {}), resources }] },
    } as never)
  const noisy = (resources: object) => create('noisy', 'polinux/stress', ['--cpu', '8'], resources)
  const waits = () => {
    const times = cluster.cluster
      .flights(0)
      .slice(-20)
      .map(({ ms }) => ms)
    return times.reduce((sum, ms) => sum + ms, 0) / times.length
  }
  const usage = (name: string) => {
    const uid = cluster.get<Pod>('pods', name)?.metadata.uid ?? ''
    return Math.round(cluster.cluster.machines.node('node-1')?.usage(uid)?.[0]?.cpuMilli ?? 0)
  }

  beforeEach(() => {
    cluster = new TestCluster({ nodes: 1 })
    create('till', 'registry.k8s.io/hpa-example', [], { requests: { cpu: '50m' } })
    cluster.create({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'till', namespace: 'default' },
      spec: { selector: { app: 'till' }, ports: [{ port: 80 }] },
    } as never)
    cluster.settle()
    cluster.cluster.fault({ kind: 'traffic', namespace: 'default', service: 'till', perSecond: 5 })
    cluster.run(40)
  })

  it('requests wait for a neighbour that asked for much, and none is given more than there is', () => {
    expect(waits()).toBeLessThan(20)
    noisy({ requests: { cpu: '3' } })
    cluster.run(60)
    expect(waits()).toBeGreaterThan(200)
    expect(usage('noisy')).toBeGreaterThan(3800)
    expect(usage('noisy') + usage('till')).toBeLessThan(4000)
  })

  it('a limit fences the neighbour', () => {
    noisy({ requests: { cpu: '2' }, limits: { cpu: '2' } })
    cluster.run(60)
    expect(usage('noisy')).toBe(2000)
    expect(waits()).toBeLessThan(20)
  })

  it('a neighbour that asked for nothing gets what is left', () => {
    noisy({})
    cluster.run(60)
    expect(waits()).toBeLessThan(40)
    expect(usage('noisy')).toBeGreaterThan(3800)
  })

  it('when the neighbour has gone, all is as it was; what it was given counts as its processor time', () => {
    noisy({ requests: { cpu: '3' } })
    cluster.run(60)
    const seconds = () =>
      Number(/^container_cpu_usage_seconds_total\{container="main",namespace="default",pod="noisy"\} (\S+)/m.exec(page())?.[1])
    const page = () => String(cluster.request('GET', '/api/v1/nodes/node-1/proxy/metrics/resource').body)
    const before = seconds()
    cluster.run(30)
    expect((seconds() - before) / 30).toBeCloseTo(3.9, 0)
    cluster.request('DELETE', '/api/v1/namespaces/default/pods/noisy?gracePeriodSeconds=0')
    cluster.run(60)
    expect(waits()).toBeLessThan(20)
  })
})
