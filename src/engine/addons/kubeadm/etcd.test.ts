/** etcdctl in the static Pod of a control plane: it sees the cluster's own store, when it shows a certificate. */
import { expect, test } from 'vitest'
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
