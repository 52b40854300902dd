/** A control plane whose etcd is restored from a snapshot: what was deleted is there again, what came later is gone, and the cluster goes on. */
import { describe, expect, test } from 'vitest'
import { Cluster } from '../../cluster.ts'
import { deployment } from '../../testing/builders.ts'
import { TestCluster } from '../../testing/test-cluster.ts'

const PKI = '/etc/kubernetes/pki/etcd'
const PAPERS = `--cacert=${PKI}/ca.crt --cert=${PKI}/server.crt --key=${PKI}/server.key`
const MANIFEST = '/etc/kubernetes/manifests/etcd.yaml'

const cluster = (controlPlanes = 1): TestCluster => new TestCluster({ addons: ['kubeadm'], nodes: 2, controlPlanes }).run(60)
const hosts = (t: TestCluster): string[] => t.cluster.faults.machines.hosts.slice()

function etcd(t: TestCluster, line: string, host = hosts(t)[0], seconds = 1): string {
  const query = line
    .split(' ')
    .filter(Boolean)
    .map((word) => `&command=${encodeURIComponent(word)}`)
    .join('')
  const path = `/api/v1/namespaces/kube-system/pods/etcd-${host}/exec?stdout=true&stderr=true${query}`
  const session = t.cluster.open({ method: 'GET', path })
  t.run(seconds)
  return session
    .take()
    .flatMap((event) => ('data' in event && event.channel < 3 ? event.data : []))
    .join('')
}

/** What somebody does with the manifest, on the machine itself. */
function edit(t: TestCluster, host: string, change: (text: string) => string): void {
  const { contents } = t.cluster.machines
  const disk: any = contents.of(host, {} as never, { name: '', hostPath: { path: MANIFEST } } as never)
  contents.place(host, MANIFEST, change(disk.files.nodes[disk.root].data))
  t.cluster.machines.node(host)?.kubelet.statics.look()
}

const moved = (text: string): string => text.replace('path: /var/lib/etcd\n', 'path: /var/lib/etcd/new\n')
const back = (text: string): string => text.replace('path: /var/lib/etcd/new\n', 'path: /var/lib/etcd\n')

const namespaced = (kind: string, name: string, namespace: string, more: object = {}) =>
  ({ apiVersion: 'v1', kind, metadata: { name, namespace }, ...more }) as never
const settings = (name: string, namespace = 'shop') => namespaced('ConfigMap', name, namespace, { data: { a: 'b' } })
const shopPods = (t: TestCluster) => t.all('pods').filter(({ metadata }) => metadata.namespace === 'shop')
const status = (t: TestCluster): number => t.request('GET', '/api/v1/pods').status

function withShop(t: TestCluster): TestCluster {
  t.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } } as never)
  t.create({ ...deployment('web', 2), metadata: { name: 'web', namespace: 'shop' } } as never)
  t.create(settings('settings'))
  return t.run(30)
}

const save = (t: TestCluster, host?: string): string => etcd(t, `etcdctl ${PAPERS} snapshot save /var/lib/etcd/s.db`, host)
const restore = (t: TestCluster, host?: string, flags = ''): string =>
  etcd(t, `etcdutl snapshot restore /var/lib/etcd/s.db --data-dir /var/lib/etcd/new ${flags}`, host)
const namespaces = (t: TestCluster): string[] => t.all('namespaces').map(({ metadata }) => metadata.name)

describe('a deleted namespace', () => {
  const t = withShop(cluster())
  const before = new Map(shopPods(t).map((pod) => [pod.metadata.name, pod.metadata.uid]))
  save(t)
  const revision = t.cluster.server.store.revision
  t.request('DELETE', '/api/v1/namespaces/shop')
  t.create(settings('later', 'default'))
  t.create({ ...deployment('later', 1) })
  t.run(60)
  const gone = namespaces(t)
  restore(t)
  edit(t, 'control-plane', moved)
  const meanwhile = Array.from({ length: 20 }, () => status(t.run(0.5)))
  t.run(90)

  test('is gone first, and while etcd starts again nobody is answered', () => {
    expect(gone).not.toContain('shop')
    expect(meanwhile.some((code) => code !== 200)).toBe(true)
  })

  test('comes back with all that was in it, and what came after the snapshot is gone', () => {
    expect(namespaces(t)).toContain('shop')
    expect(t.get('configmaps', 'settings', 'shop')?.['data']).toEqual({ a: 'b' })
    expect(t.get('configmaps', 'later')).toBeUndefined()
    expect(t.all('pods').filter(({ metadata }) => metadata.name.startsWith('later'))).toEqual([])
  })

  test('runs again: its Pods are the same objects, in containers that the kubelets have started anew', () => {
    const pods = shopPods(t)
    expect(new Map(pods.map((pod) => [pod.metadata.name, pod.metadata.uid]))).toEqual(before)
    expect(pods.map((pod) => pod['status'].phase)).toEqual(['Running', 'Running'])
    expect(pods.every((pod) => pod['status'].containerStatuses[0].ready)).toBe(true)
    for (const pod of pods) {
      const record = t.cluster.machines.node(pod['spec'].nodeName)?.kubelet.recordOf(pod.metadata.uid ?? '')
      expect(Object.values(record?.slots ?? {})[0]?.current).toBeTruthy()
    }
  })

  test('revisions go on from the snapshot’s, and a watch from before is told that it is too old', () => {
    expect(t.cluster.server.store.revision).toBeGreaterThan(revision)
    const watch = t.cluster.watch({ method: 'GET', path: `/api/v1/namespaces?watch=true&resourceVersion=${revision - 5}` })
    const [event] = watch.session?.take() ?? []
    expect(event?.object).toMatchObject({ code: 410, reason: 'Expired' })
    expect(event?.object).toHaveProperty('message', expect.stringMatching(/^too old resource version: \d+ \(\d+\)$/))
  })

  test('the cluster goes on: it scales, and nodes are ready', () => {
    t.request(
      'PATCH',
      '/apis/apps/v1/namespaces/shop/deployments/web',
      { spec: { replicas: 3 } },
      { 'content-type': 'application/merge-patch+json' },
    )
    t.run(30)
    expect(shopPods(t).filter((pod) => pod['status'].phase === 'Running')).toHaveLength(3)
    const ready = t.all('nodes').map((node) => node['status'].conditions.find((each: any) => each.type === 'Ready').status)
    expect(ready).toEqual(['True', 'True', 'True'])
    expect(
      t
        .all('nodes')
        .flatMap((node) => node['spec'].taints ?? [])
        .map(({ key }: any) => key),
    ).toEqual(['node-role.kubernetes.io/control-plane'])
  })

  test('is gone again once the manifest names the old directory', () => {
    edit(t, 'control-plane', back)
    t.run(90)
    expect(namespaces(t)).not.toContain('shop')
    expect(t.get('configmaps', 'later')).toBeDefined()
    expect(shopPods(t)).toEqual([])
  })

  test('and all of that survives saving and loading', () => {
    const loaded = TestCluster.of(Cluster.load(t.cluster.save()))
    edit(loaded, 'control-plane', moved)
    loaded.run(90)
    expect(namespaces(loaded)).toContain('shop')
  })
})

test('raised revisions are later than any that a client has seen', () => {
  const t = withShop(cluster())
  save(t)
  t.create(settings('later', 'default'))
  restore(t, undefined, '--bump-revision 1000000 --mark-compacted')
  const seen = t.cluster.server.store.revision
  edit(t, 'control-plane', moved)
  t.run(60)
  expect(t.cluster.server.store.revision).toBeGreaterThan(1_000_000)
  expect(t.get('configmaps', 'later')).toBeUndefined()
  const watch = t.cluster.watch({ method: 'GET', path: `/api/v1/configmaps?watch=true&resourceVersion=${seen}` })
  expect(watch.session?.take()[0]?.object).toMatchObject({ code: 410 })
})

test('an empty directory is an empty cluster, in which an API server makes what every cluster has', () => {
  const t = withShop(cluster())
  edit(t, 'control-plane', (text) => text.replace('path: /var/lib/etcd\n', 'path: /var/lib/nowhere\n'))
  t.run(60)
  expect(status(t)).toBe(200)
  expect(namespaces(t).toSorted()).toEqual(['default', 'kube-node-lease', 'kube-public', 'kube-system'])
  expect(shopPods(t)).toEqual([])
  edit(t, 'control-plane', (text) => text.replace('path: /var/lib/nowhere\n', 'path: /var/lib/etcd\n'))
  t.run(90)
  expect(namespaces(t)).toContain('shop')
  expect(shopPods(t).filter((pod) => pod['status'].phase === 'Running')).toHaveLength(2)
})

test('of three members two must have the restored data before anybody is served from it', () => {
  const t = withShop(cluster(3))
  save(t)
  t.request('DELETE', '/api/v1/namespaces/shop')
  t.run(40)
  const addresses = t.cluster.faults.machines.addresses()
  const peers = addresses.map(({ name, ip }) => `${name}=https://${ip}:2380`).join(',')
  const { contents } = t.cluster.machines
  const from: any = contents.of('control-plane-1', {} as never, { name: '', hostPath: { path: '/var/lib/etcd/s.db' } } as never)
  for (const { name, ip } of addresses) {
    contents.place(name, '/var/lib/etcd/s.db', from.files.nodes[from.root].data)
    const flags = `--name ${name} --initial-cluster ${peers} --initial-advertise-peer-urls https://${ip}:2380`
    expect(restore(t, name, flags)).toContain('restored snapshot')
  }
  edit(t, 'control-plane-1', moved)
  t.run(40)
  expect(namespaces(t)).not.toContain('shop')
  edit(t, 'control-plane-2', moved)
  t.run(60)
  expect(namespaces(t)).toContain('shop')
  edit(t, 'control-plane-3', moved)
  t.run(60)
  expect(etcd(t, `etcdctl ${PAPERS} endpoint health --cluster`, 'control-plane-3').match(/is healthy/g)).toHaveLength(3)
  expect(t.cluster.faults.machines.ring?.view().leader).not.toBe('')
})
