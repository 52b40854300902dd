/** MongoDB in a cluster: what its shells print, who may speak with it, and what outlives a container. */
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { Cluster } from '../cluster.ts'
import { pod, service } from '../testing/builders.ts'
import { TestCluster } from '../testing/test-cluster.ts'
import { inspected, type Value } from './images/mongo-values.ts'

const ROOT = [
  { name: 'MONGO_INITDB_ROOT_USERNAME', value: 'root' },
  { name: 'MONGO_INITDB_ROOT_PASSWORD', value: 'secret' },
]

function database(image: string, env: { name: string; value: string }[] = [], more: AnyObject = {} as AnyObject): TestCluster {
  const t = new TestCluster({ addons: ['dns'] }).run(15)
  t.create(pod('db', '', { containers: [{ name: 'db', image, env, ...more }], volumes: [{ name: 'data', emptyDir: {} }] }))
  t.create(service('mongo', 'db', 27_017))
  return t.run(30)
}

/** What a command prints on both streams. */
function run(t: TestCluster, name: string, ...words: string[]): string {
  const query = words.map((word) => `command=${encodeURIComponent(word)}`).join('&')
  const path = `/api/v1/namespaces/default/pods/${name}/exec?stdout=true&stderr=true&${query}`
  const events = t.cluster.open({ method: 'GET', path }).take()
  return events.flatMap((event) => ('data' in event && event.channel < 3 ? event.data : [])).join('')
}
const shell =
  (t: TestCluster, ...options: string[]) =>
  (text: string): string =>
    run(t, 'db', 'mongosh', ...options, '--quiet', '--eval', text)
const log = (t: TestCluster): string => String(t.request('GET', '/api/v1/namespaces/default/pods/db/log').body)

test('mongod says in JSON that it listens', () => {
  const lines = log(database('mongo:7')).trim().split('\n')
  const [address, waiting] = lines.slice(-2).map((line) => JSON.parse(line) as AnyObject)
  expect(address).toMatchObject({ s: 'I', c: 'NETWORK', id: 23015, ctx: 'listener', msg: 'Listening on' })
  expect(waiting).toMatchObject({ id: 23016, msg: 'Waiting for connections', attr: { port: 27017, ssl: 'off' } })
  expect(lines.at(-1)).toMatch(
    /^\{"t":\{"\$date":"[-\d]+T[:\d]+\.\d{3}\+00:00"\},"s":"I", {2}"c":"NETWORK", {2}"id":23016, {3}"ctx"/,
  )
})

test('mongosh keeps documents and prints as Node.js does', () => {
  const t = database('mongo:8.0')
  const sh = shell(t)
  expect(sh('db.runCommand({ping: 1})')).toBe('{ ok: 1 }\n')
  expect(sh("db.adminCommand('ping')")).toBe('{ ok: 1 }\n')
  expect(sh("db.adminCommand('ping').ok")).toBe('1\n')
  expect(sh('db.version()')).toBe('8.0.13\n')
  expect(sh("db.things.insertOne({name: 'cup', price: 4.5})")).toMatch(
    /^\{\n {2}acknowledged: true,\n {2}insertedId: ObjectId\('[0-9a-f]{24}'\)\n\}\n$/,
  )
  expect(sh("db.things.insertMany([{_id: 1, name: 'pen', tags: ['a', 'b']}, {_id: 2, \"price\": -1}])")).toBe(
    "{ acknowledged: true, insertedIds: { '0': 1, '1': 2 } }\n",
  )
  expect(sh('db.things.find({_id: {$gte: 1}})')).toBe("[ { _id: 1, name: 'pen', tags: [ 'a', 'b' ] }, { _id: 2, price: -1 } ]\n")
  expect(sh("db.things.findOne({tags: 'b'})")).toBe("{ _id: 1, name: 'pen', tags: [ 'a', 'b' ] }\n")
  expect(sh("db.things.findOne({name: 'nothing'})")).toBe('null\n')
  expect(sh('db.things.countDocuments()')).toBe('3\n')
  expect(sh('db.things.updateOne({_id: 2}, {$set: {"size.x": 3}})')).toBe(
    '{\n  acknowledged: true,\n  insertedId: null,\n  matchedCount: 1,\n  modifiedCount: 1,\n  upsertedCount: 0\n}\n',
  )
  expect(sh('db.things.find({"size.x": 3}).sort({_id: -1}).limit(1)')).toBe('[ { _id: 2, price: -1, size: { x: 3 } } ]\n')
  expect(sh('db.things.insertOne({_id: 1})')).toBe(
    'MongoServerError: E11000 duplicate key error collection: test.things index: _id_ dup key: { _id: 1 }\n',
  )
  expect(sh('show collections')).toBe('things\n')
  expect(sh('show dbs')).toBe('admin   40.00 KiB\nconfig  60.00 KiB\nlocal   40.00 KiB\ntest     8.00 KiB\n')
  expect(sh('db.things.deleteOne({_id: 1}); db.things.deleteMany({})')).toBe('{ acknowledged: true, deletedCount: 2 }\n')
  expect(sh('db.things.drop()')).toBe('true\n')
  expect(sh('show collections')).toBe('')
})

test('lines that come in are answered one by one', () => {
  const t = database('mongo:8')
  const script = 'use shop\ndb.c.insertOne({\n_id: 1})\ndb.c.find()\n'
  expect(run(t, 'db', 'sh', '-c', `printf '${script.replaceAll('\n', '\\n')}' | mongosh --quiet`)).toBe(
    'test> switched to db shop\nshop> ... { acknowledged: true, insertedId: 1 }\nshop> [ { _id: 1 } ]\nshop> ',
  )
  expect(run(t, 'db', 'mongosh', 'shop', '--eval', 'db.c.countDocuments()')).toBe('1\n')
})

test('what the shell does not know is refused', () => {
  const sh = shell(database('mongo:8'))
  for (const each of ['rs.status()', 'db.c.aggregate([])', 'db.c.find({}, {a: 1})', 'db.c.find({a: process})', '1 + 1'])
    expect(sh(each)).toMatch(/^Error: .*: this simulated mongosh knows /)
  expect(sh('db.c.find({a: 1')).toMatch(/^SyntaxError: /)
  expect(sh('db.c.insertOne({a: 1}); db.c.find({a: {$near: 1}})')).toMatch(
    /^MongoServerError: \$near: this simulated mongod knows/,
  )
})

test('another Pod asks over a Service, and is told when nobody answers', () => {
  const t = database('mongo:8')
  t.create(pod('asker', 'mongo:8'))
  t.run(20)
  shell(t)("db.getSiblingDB('shop').c.insertOne({_id: 'x'})")
  expect(run(t, 'asker', 'mongosh', 'mongodb://mongo:27017/shop', '--eval', 'db.c.find()')).toBe("[ { _id: 'x' } ]\n")
  expect(run(t, 'asker', 'mongosh', '--host', 'mongo', '--eval', 'show dbs')).toContain('shop ')
  expect(run(t, 'asker', 'mongosh', '--host', 'nobody', '--eval', 'db')).toBe('MongoNetworkError: getaddrinfo ENOTFOUND nobody\n')
  expect(run(t, 'asker', 'mongosh', '--port', '27018', '--eval', 'db')).toBe(
    'MongoNetworkError: connect ECONNREFUSED 127.0.0.1:27018\n',
  )
})

test('a root user makes everybody log in', () => {
  const t = database('mongo:6', ROOT)
  expect(shell(t)('db.c.find()')).toBe('MongoServerError: Command find requires authentication\n')
  expect(shell(t)('db.runCommand({ping: 1}).ok')).toBe('1\n')
  expect(shell(t, '-u', 'root', '-p', 'wrong')('db.c.find()')).toBe('MongoServerError: Authentication failed.\n')
  expect(shell(t, '-u', 'root', '-p', 'secret', '--authenticationDatabase', 'admin', 'shop')('db')).toBe('shop\n')
  expect(shell(t, 'mongodb://root:secret@localhost:27017/shop')('db')).toBe('MongoServerError: Authentication failed.\n')
  expect(shell(t, 'mongodb://root:secret@localhost:27017/shop?authSource=admin')('db')).toBe('shop\n')
  expect(run(t, 'db', 'sh', '-c', 'mongo --eval db')).toContain('not found')
})

test('a user without a password is none: the entrypoint says so and ends', () => {
  const t = database('mongo:8', ROOT.slice(0, 1))
  expect(log(t)).toContain("error: missing 'MONGO_INITDB_ROOT_USERNAME' or 'MONGO_INITDB_ROOT_PASSWORD'\n       both must be")
  const [status] = t.get('pods', 'db')?.['status'].containerStatuses ?? []
  expect((status.lastState.terminated ?? status.state.terminated).exitCode).toBe(1)
})

test('the old shell prints in its own way', () => {
  const t = database('mongo:4.4')
  const sh = (text: string): string => run(t, 'db', 'mongo', '--quiet', '--eval', text)
  expect(sh('db.c.insertOne({_id: 1, a: "x"})')).toBe('{ "acknowledged" : true, "insertedId" : 1 }\n')
  expect(sh('db.c.find()')).toBe('{ "_id" : 1, "a" : "x" }\n')
})

test('documents outlive the container on a volume, and the world that is put away', () => {
  const t = database('mongo:8', ROOT, { volumeMounts: [{ name: 'data', mountPath: '/data/db' }] } as unknown as AnyObject)
  shell(t, '-u', 'root', '-p', 'secret')('db.c.insertOne({_id: 1})')
  run(t, 'db', 'sh', '-c', 'kill 1')
  t.run(60)
  expect(t.get('pods', 'db')?.['status'].containerStatuses[0].restartCount).toBe(1)
  const later = TestCluster.of(Cluster.load(t.cluster.save()))
  expect(shell(later, '-u', 'root', '-p', 'secret')('db.c.find()')).toBe('[ { _id: 1 } ]\n')
})

test('values are shown as Node.js shows them', () => {
  const values: Value[] = [
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100, 2000],
    { a: { b: { c: { d: 1 } } }, "it's": 'a "b"', 'x-y': "it's", e: [], f: {} },
    Array.from({ length: 20 }, (_, i) => `name ${i}`),
    [
      { a: 'x'.repeat(50), b: [1, 2] },
      { a: 'x'.repeat(30), b: 'y'.repeat(30) },
    ],
    { list: [{ a: 1 }, { a: { b: { c: {} } } }], text: 'a\nb' },
  ]
  for (const value of values) expect(inspected(value)).toBe(inspect(value, { depth: 6 }))
})
