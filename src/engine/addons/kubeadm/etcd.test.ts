/** etcdctl in the static Pod of a control plane: it sees the cluster's own store, when it shows a certificate. */
import { describe, expect, test } from 'vitest'
import { TestCluster } from '../../testing/test-cluster.ts'

const PKI = '/etc/kubernetes/pki/etcd'
const PAPERS = [`--cacert=${PKI}/ca.crt`, `--cert=${PKI}/server.crt`, `--key=${PKI}/server.key`]

function etcdctl(t: TestCluster, pod: string, words: readonly string[], seconds = 1): string {
  const query = ['etcdctl', ...words].map((word) => `&command=${encodeURIComponent(word)}`).join('')
  const path = `/api/v1/namespaces/kube-system/pods/${pod}/exec?stdout=true&stderr=true${query}`
  const session = t.cluster.open({ method: 'GET', path })
  t.run(seconds)
  return session
    .take()
    .flatMap((event) => ('data' in event && event.channel < 3 ? event.data : []))
    .join('')
}

const cluster = (controlPlanes: number): TestCluster => new TestCluster({ addons: ['kubeadm'], nodes: 1, controlPlanes }).run(60)

test('the cluster’s objects are the keys, and a watch tells when one is made', () => {
  const t = cluster(1)
  const pod = 'etcd-control-plane'
  expect(etcdctl(t, pod, [...PAPERS, 'get', '/registry/minions', '--prefix', '--keys-only'])).toBe(
    '/registry/minions/control-plane\n\n/registry/minions/node-1\n\n',
  )
  t.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c1', namespace: 'default' }, data: { a: 'b' } })
  const key = '/registry/configmaps/default/c1'
  const { revision } = JSON.parse(etcdctl(t, pod, [...PAPERS, 'get', key, '-w', 'json'])).header
  expect(etcdctl(t, pod, [...PAPERS, 'watch', key, `--rev=${revision}`]).startsWith(`PUT\n${key}\n`)).toBe(true)
  expect(etcdctl(t, pod, [...PAPERS, 'del', key])).toBe('1\n')
  expect(t.get('configmaps', 'c1')).toBeUndefined()
})

test('whoever shows no certificate is sent away', () => {
  const t = cluster(1)
  expect(etcdctl(t, 'etcd-control-plane', [...PAPERS.slice(0, 1), 'get', 'a'], 6)).toContain('tls: certificate required')
})

test('three members are one store, with one leader', () => {
  const t = cluster(3)
  expect(etcdctl(t, 'etcd-control-plane-2', [...PAPERS, 'put', 'mine', '1'])).toBe('OK\n')
  expect(etcdctl(t, 'etcd-control-plane-3', [...PAPERS, 'get', 'mine'])).toBe('mine\n1\n')
  const status = etcdctl(t, 'etcd-control-plane-1', [...PAPERS, 'endpoint', 'status', '--cluster', '-w', 'json'])
  const members: any[] = JSON.parse(status.replace(/:(\d{16,})/g, ':"$1"'))
  expect(new Set(members.map(({ Status }) => Status.leader)).size).toBe(1)
  expect(members.map(({ Status }) => Status.header.member_id)).toContain(members[0].Status.leader)
})

describe('members that are cut off', () => {
  const t = cluster(3)
  t.cluster.fault({ kind: 'partition', machines: ['control-plane-1'] })
  t.run(4)
  const lost = etcdctl(t, 'etcd-control-plane-1', [...PAPERS, 'put', 'mine', 'lost'], 6)
  etcdctl(t, 'etcd-control-plane-2', [...PAPERS, 'put', 'mine', 'kept'])
  const at = (pod: number, ...words: string[]): string => etcdctl(t, `etcd-control-plane-${pod}`, [...PAPERS, ...words], 6)

  test('take no writes: the client waits for five seconds, and gives up', () => {
    expect(lost).toContain('rpc error: code = DeadlineExceeded desc = context deadline exceeded')
    expect(lost).toMatch(/\nError: context deadline exceeded\n$/)
    expect(at(1, 'endpoint', 'health')).toContain('is unhealthy: failed to commit proposal: context deadline exceeded')
  })

  test('know no leader, and an older term than the others', () => {
    const status = (pod: number) => at(pod, 'endpoint', 'status').split(', ')
    expect([status(1)[8], status(1)[10], status(1)[13]]).toEqual(['false', '2', 'etcdserver: no leader'])
    expect([status(2)[10], status(2)[13]]).toEqual(['3', ''])
    expect(Number(status(1)[11])).toBeLessThan(Number(status(2)[11]))
  })

  test('answer what need not be agreed on, as they knew it', () => {
    expect(at(1, 'get', 'mine')).toContain('Error: context deadline exceeded')
    expect(at(1, 'get', 'mine', '--consistency=s')).toBe('')
    expect(at(2, 'get', 'mine', '--consistency=s')).toBe('mine\nkept\n')
    expect(at(1, 'member', 'list', '--consistency=s').split('\n')).toHaveLength(4)
  })

  test('forget on their return what they could not agree on', () => {
    t.cluster.fault({ kind: 'partition', machines: [] })
    t.run(2)
    expect(at(1, 'get', 'mine')).toBe('mine\nkept\n')
  })
})

test('the leader hands its office over to whom it is told, in a new term', () => {
  const t = cluster(3)
  const members = etcdctl(t, 'etcd-control-plane-1', [...PAPERS, 'member', 'list']).split('\n')
  const id = (i: number): string => members.find((line) => line.includes(`control-plane-${i},`))?.split(',')[0] ?? ''
  const move = (pod: number, to: string): string => etcdctl(t, `etcd-control-plane-${pod}`, [...PAPERS, 'move-leader', to])
  expect(move(2, id(3))).toBe('Error: no leader endpoint given at [127.0.0.1:2379]\n')
  expect(move(1, 'abc')).toMatch(/Error: etcdserver: bad leader transferee\n$/)
  expect(move(1, id(3))).toBe(`Leadership transferred from ${id(1)} to ${id(3)}\n`)
  const [leads, , term] = etcdctl(t, 'etcd-control-plane-3', [...PAPERS, 'endpoint', 'status'])
    .split(', ')
    .slice(8)
  expect([leads, term]).toEqual(['true', '3'])
})
