/** etcd's own clients at the bridge: gRPC frames made by hand, over HTTP/2 without TLS, and the JSON gateway. */
import { type ClientHttp2Session, connect } from 'node:http2'
import type { AddressInfo, Server } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromBytes, latin1, methodOf, type Said, toBytes } from '#engine/cluster-etcd.ts'
import { serveEtcd } from './bridge-etcd.ts'
import { TestCluster } from './engine/testing/test-cluster.ts'
import { encodeProtobuf } from './transport/protobuf-encode.ts'

let t: TestCluster
let server: Server
let client: ClientHttp2Session
let port = 0

beforeAll(async () => {
  t = new TestCluster({ nodes: 1 })
  t.cluster.server.protobuf = encodeProtobuf
  server = serveEtcd(t.cluster, 0, () => {})
  await new Promise((listening) => server.once('listening', listening))
  port = (server.address() as AddressInfo).port
  client = connect(`http://127.0.0.1:${port}`)
})
afterAll(() => {
  client.close()
  server.close()
})

const typeOf = (name: string) => methodOf(name) as NonNullable<ReturnType<typeof methodOf>>

function frame(name: string, said: Said): Buffer {
  const bytes = Buffer.from(toBytes(typeOf(name).takes, said), 'latin1')
  const head = Buffer.alloc(5)
  head.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([head, bytes])
}

/** All whole messages in what has come. */
function read(name: string, bytes: Buffer): Said[] {
  const found: Said[] = []
  for (let at = 0; at + 5 <= bytes.length; ) {
    const end = at + 5 + bytes.readUInt32BE(at + 1)
    found.push(fromBytes(typeOf(name).gives, latin1(bytes.subarray(at + 5, end))))
    at = end
  }
  return found
}

function open(path: string) {
  const stream = client.request({
    ':method': 'POST',
    ':path': `/etcdserverpb.${path}`,
    'content-type': 'application/grpc',
    te: 'trailers',
  })
  const state = { bytes: Buffer.alloc(0), status: '', message: '' }
  const note = (headers: Record<string, unknown>): void => {
    state.status = String(headers['grpc-status'] ?? state.status)
    state.message = String(headers['grpc-message'] ?? state.message)
  }
  stream.on('response', note)
  stream.on('trailers', note)
  stream.on('data', (chunk: Buffer) => {
    state.bytes = Buffer.concat([state.bytes, chunk])
  })
  return { stream, state, ended: new Promise((ended) => stream.once('close', ended)) }
}

async function call(name: string, said: Said): Promise<{ said: Said; status: string; message: string }> {
  const { stream, state, ended } = open(name)
  stream.end(frame(name, said))
  await ended
  return { said: read(name, state.bytes)[0] ?? {}, status: state.status, message: state.message }
}

test('a range of keys comes as one message, and a good status after it', async () => {
  const { said, status } = await call('KV/Range', { key: '/registry/minions/', range_end: '/registry/minions0' })
  expect(status).toBe('0')
  expect(said['kvs'].map(({ key, value }: Said) => `${key} ${value.slice(0, 3)}`)).toEqual(['/registry/minions/node-1 k8s'])
})

test('refusals have etcd’s code and words, and unknown methods gRPC’s', async () => {
  expect(await call('KV/Range', {})).toMatchObject({ status: '3', message: 'etcdserver: key is not provided' })
  const { stream, state, ended } = open('Auth/AuthEnable')
  stream.end(Buffer.alloc(5))
  await ended
  expect(state.status).toBe('12')
})

test('a watch is told of what the API server writes, and of what is deleted behind its back', async () => {
  const name = 'Watch/Watch'
  const { stream, state, ended } = open(name)
  stream.write(
    frame(name, { create_request: { key: '/registry/configmaps/default/', range_end: '/registry/configmaps/default0' } }),
  )
  await expect.poll(() => read(name, state.bytes).length).toBe(1)
  t.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c1', namespace: 'default' }, data: { a: 'b' } })
  await call('KV/DeleteRange', { key: '/registry/configmaps/default/c1' })
  await expect.poll(() => read(name, state.bytes).length).toBe(3)
  const events = read(name, state.bytes).flatMap((each) => each['events'] ?? [])
  expect(events.map(({ type = 'PUT', kv }: Said) => `${type} ${kv.key}`)).toEqual([
    'PUT /registry/configmaps/default/c1',
    'DELETE /registry/configmaps/default/c1',
  ])
  expect(t.get('configmaps', 'c1')).toBeUndefined()
  stream.end()
  await ended
  expect(state.status).toBe('0')
})

test('members and status are told', async () => {
  const { said } = await call('Cluster/MemberList', { linearizable: true })
  const status = await call('Maintenance/Status', {})
  expect(said['members']).toHaveLength(1)
  expect(status.said).toMatchObject({ leader: said['members'][0].ID, version: '3.6.7' })
})

test('the JSON gateway is at the same port', async () => {
  const body = JSON.stringify({ key: Buffer.from('mine').toString('base64'), value: Buffer.from('1').toString('base64') })
  const url = `http://127.0.0.1:${port}/v3/kv`
  await fetch(`${url}/put`, { method: 'POST', body })
  const { kvs } = (await (
    await fetch(`${url}/range`, { method: 'POST', body: JSON.stringify({ key: 'bWluZQ==' }) })
  ).json()) as any
  expect(kvs).toMatchObject([{ key: 'bWluZQ==', value: 'MQ==', version: '1' }])
})
