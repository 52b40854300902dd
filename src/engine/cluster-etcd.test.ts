/** The cluster's etcd, as its clients see it: Kubernetes' keys in their stored form, and keys of their own beside them. */

import { expect, test } from 'vitest'
import { decodeText, encodeText } from '#api/base64.ts'
import { decodeProtobuf } from '#transport/protobuf.ts'
import { encodeProtobuf } from '#transport/protobuf-encode.ts'
import { EtcdForwarder, type EtcdHost, etcdOf } from './cluster-etcd.ts'
import { bytesOf } from './machinery/etcd-bytes.ts'
import { protobufWriter } from './stored-form.ts'
import { boat, boats, boatVersion } from './testing/custom.ts'
import { TestCluster } from './testing/test-cluster.ts'

const end = (prefix: string): string => prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)

function etcd(t: TestCluster) {
  const call = (method: string, request: object): any => etcdOf(t.cluster).kv.call(method, request)
  return {
    call,
    keys: (prefix: string): string[] =>
      (call('KV/Range', { key: prefix, range_end: end(prefix), keys_only: true }).kvs ?? []).map(
        ({ key }: { key: string }) => key,
      ),
    value: (key: string): string => call('KV/Range', { key }).kvs[0]?.value,
    events: (prefix: string, from: number): any[] =>
      etcdOf(t.cluster)
        .kv.events({ key: prefix, range_end: end(prefix), start_revision: from })
        .flatMap((each) => each['events']),
  }
}

const configMap = (name: string, data: object) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data,
})

function made(): TestCluster {
  const t = new TestCluster({ nodes: 1 })
  t.cluster.server.protobuf = encodeProtobuf
  return t
}

test('keys are called as a real API server calls them', () => {
  const t = made()
  const { keys } = etcd(t)
  expect(keys('/registry/minions/')).toEqual(['/registry/minions/node-1'])
  expect(keys('/registry/services/')).toEqual([
    '/registry/services/endpoints/default/kubernetes',
    '/registry/services/specs/default/kubernetes',
  ])
  expect(keys('/registry/apiregistration.k8s.io/apiservices/v1.')[0]).toBe('/registry/apiregistration.k8s.io/apiservices/v1.')
  expect(keys('/registry/leases/kube-node-lease/')).toEqual(['/registry/leases/kube-node-lease/node-1'])
  expect(keys('/registry/priorityclasses/')).toHaveLength(2)
  expect(keys('/')).toEqual([...keys('/')].sort())
})

test('an object is stored as protobuf, without its revision, which the key has', () => {
  const t = made()
  const { metadata } = t.create(configMap('c1', { a: 'b' }))
  const { kvs } = etcd(t).call('KV/Range', { key: '/registry/configmaps/default/c1' })
  expect(kvs[0]).toMatchObject({ mod_revision: Number(metadata.resourceVersion), version: 1, lease: '0' })
  expect(kvs[0].value.slice(0, 4)).toBe('k8s\0')
  const stored = decodeProtobuf(bytesOf(kvs[0].value)) as any
  expect(stored).toMatchObject({ kind: 'ConfigMap', data: { a: 'b' }, metadata: { name: 'c1', uid: metadata.uid } })
  expect(stored.metadata.resourceVersion ?? '').toBe('')
})

test('where the API server speaks no protobuf, what is stored is written by whom the host has brought', () => {
  const t = new TestCluster({ nodes: 1 })
  const { value } = etcd(t)
  expect(JSON.parse(value('/registry/namespaces/default')).kind).toBe('Namespace')
  protobufWriter.provide(encodeProtobuf)
  expect(value('/registry/namespaces/default').slice(0, 4)).toBe('k8s\0')
})

test('a range at a revision shows what was there, with its revisions', () => {
  const t = made()
  const first = Number(t.create(configMap('c1', { a: '1' })).metadata.resourceVersion)
  t.patch('configmaps', 'c1', { data: { a: '2' } })
  const { call } = etcd(t)
  const key = '/registry/configmaps/default/c1'
  expect(call('KV/Range', { key }).kvs[0]).toMatchObject({ create_revision: first, version: 2 })
  expect(call('KV/Range', { key, revision: first }).kvs[0]).toMatchObject({
    create_revision: first,
    mod_revision: first,
    version: 1,
  })
  expect(() => call('KV/Range', { key, revision: 1 })).toThrow('etcdserver: mvcc: required revision has been compacted')
})

test('nobody but the API server writes below /registry; who deletes there really does', () => {
  const t = made()
  t.create(configMap('c1', { a: '1' }))
  const { call, events } = etcd(t)
  const key = '/registry/configmaps/default/c1'
  expect(() => call('KV/Put', { key, value: 'x' })).toThrow('etcdserver: permission denied')
  const { revision } = call('KV/DeleteRange', { key }).header
  expect(t.get('configmaps', 'c1')).toBeUndefined()
  expect(events('/registry/configmaps/', revision)).toEqual([{ type: 'DELETE', kv: { key, mod_revision: revision } }])
})

test('keys of one’s own have revisions, history and leases in the same store, and Kubernetes does not see them', () => {
  const t = made()
  const { call, keys, events } = etcd(t)
  const { ID, TTL } = call('Lease/LeaseGrant', { TTL: 10 })
  expect(TTL).toBe(10)
  const { revision } = call('KV/Put', { key: 'mine', value: '1', lease: ID }).header
  expect(call('KV/Put', { key: 'mine', value: '2', lease: ID, prev_kv: true }).prev_kv).toMatchObject({
    value: '1',
    version: 1,
    mod_revision: revision,
  })
  expect(call('Lease/LeaseTimeToLive', { ID, keys: true })).toMatchObject({ grantedTTL: 10, keys: ['mine'] })
  t.run(11)
  expect(keys('m')).toEqual([])
  expect(events('m', revision).map(({ type = 'PUT' }) => type)).toEqual(['PUT', 'PUT', 'DELETE'])
})

test('a transaction writes only when what it compares holds', () => {
  const { call, value } = etcd(made())
  const txn = (version: number) => ({
    compare: [{ target: 'VERSION', key: 'lock', version }],
    success: [{ request_put: { key: 'lock', value: 'mine' } }],
    failure: [{ request_range: { key: 'lock' } }],
  })
  expect(call('KV/Txn', txn(0)).succeeded).toBe(true)
  expect(call('KV/Txn', txn(0))).toMatchObject({ succeeded: false, responses: [{ response_range: { count: 1 } }] })
  expect(value('lock')).toBe('mine')
})

test('custom objects and definitions are stored as JSON', () => {
  const t = made()
  t.create(boats(boatVersion()))
  t.run(5).create(boat('anna'))
  const { keys, value } = etcd(t)
  const [custom = ''] = keys('/registry/crafts.example.com/')
  expect(custom).toBe('/registry/crafts.example.com/boats/default/anna')
  expect(Object.keys(JSON.parse(value(custom)))).toEqual(['apiVersion', 'kind', 'metadata', 'spec'])
  const [definition = ''] = keys('/registry/apiextensions.k8s.io/')
  expect(JSON.parse(value(definition))).toMatchObject({
    apiVersion: 'apiextensions.k8s.io/v1beta1',
    spec: { preserveUnknownFields: false },
  })
  expect(value(definition).startsWith('{"kind":"CustomResourceDefinition","apiVersion"')).toBe(true)
})

const HOSTS: EtcdHost[] = [
  { name: 'control-plane', ip: '172.18.0.1', started: true },
  { name: 'control-plane-2', ip: '172.18.0.2', started: true, leader: true },
  { name: 'control-plane-3', ip: '172.18.0.3', started: true },
]

function forwarded(t: TestCluster, hosts: EtcdHost[], pod: string, path: string, body: object): any {
  const told = { status: 200, body: 'its own' }
  const of = {
    metadata: { name: pod, namespace: 'kube-system' },
    spec: { containers: [{ image: 'registry.k8s.io/etcd:3.6.7-0' }] },
  } as any
  const route = new EtcdForwarder({ server: t.cluster.server, members: () => hosts }).route(
    { method: 'POST', path, body: JSON.stringify(body) },
    { pod: of, port: 2379, told },
  )
  return route.reply.body === told.body ? told.body : JSON.parse(route.reply.body)
}

test('the Pod of a member answers for the cluster, and no other Pod', () => {
  const t = made()
  const key = encodeText('/registry/minions/node-1')
  const { kvs } = forwarded(t, HOSTS, 'etcd-control-plane', '/v3/kv/range', { key, keys_only: true })
  expect(decodeText(kvs[0].key)).toBe('/registry/minions/node-1')
  expect(forwarded(t, HOSTS, 'etcd-elsewhere', '/v3/kv/range', { key })).toBe('its own')
  const { members } = forwarded(t, HOSTS, 'etcd-control-plane', '/v3/cluster/member/list', {})
  expect(members.map(({ name, clientURLs }: any) => `${name} ${clientURLs}`)).toContain('control-plane-2 https://172.18.0.2:2379')
  const { leader } = forwarded(t, HOSTS, 'etcd-control-plane', '/v3/maintenance/status', {})
  expect(leader).toBe(members[1].ID)
})

test('members without a majority have no leader, and agree on nothing', () => {
  const t = made()
  const hosts = HOSTS.map((host, i) => ({ ...host, started: i === 0 }))
  expect(forwarded(t, hosts, 'etcd-control-plane', '/v3/kv/range', { key: 'YQ==' })).toEqual({
    code: 14,
    message: 'etcdserver: request timed out',
  })
  const status = forwarded(t, hosts, 'etcd-control-plane', '/v3/maintenance/status', {})
  expect([status.leader, status.errors]).toEqual([undefined, ['etcdserver: no leader']])
})
