/** etcdutl in a Pod of etcd: beside what the real one said of the same snapshot, and an etcd that starts from what it has restored. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Disk } from '#posix/disk.ts'
import { readFile, removePath } from '#posix/disk-paths.ts'
import { TestCluster } from '../../../testing/test-cluster.ts'

const IMAGE = 'quay.io/coreos/etcd:v3.6.7'

/** What lies below /data on the machine is mounted where `mounts` say. */
function etcdPod(t: TestCluster, name: string, command: readonly string[], mounts: Readonly<Record<string, string>>): void {
  const places = Object.entries(mounts).map(([mountPath, path], i) => ({ name: `v${i}`, mountPath, path }))
  const volumeMounts = places.map(({ name, mountPath }) => ({ name, mountPath }))
  const volumes = places.map(({ name, path }) => ({ name, hostPath: { path: `/data/${path}` } }))
  const spec = { containers: [{ name: 'etcd', image: IMAGE, command, volumeMounts }], volumes }
  t.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec } as never)
  t.run(20)
}

const host = (t: TestCluster): Disk =>
  new Disk((t.cluster.machines.contents.of('node-1', {} as never, { name: '', hostPath: { path: '/' } } as never) as any).files)

function run(t: TestCluster, line: string, pod = 'etcd'): { out: string; err: string; code: number } {
  const words = line.split(' ').filter(Boolean)
  const query = words.map((word) => `&command=${encodeURIComponent(word)}`).join('')
  const path = `/api/v1/namespaces/default/pods/${pod}/exec?stdout=true&stderr=true${query}`
  const session = t.cluster.open({ method: 'GET', path })
  const answer = { out: '', err: '', code: -1 }
  for (const event of session.take()) {
    if (!('data' in event)) continue
    if (event.channel === 1) answer.out += event.data
    if (event.channel === 2) answer.err += event.data
    if (event.channel === 3) answer.code = /"Success"/.test(event.data) ? 0 : Number(/"message":"(\d+)"/.exec(event.data)?.[1])
  }
  return answer
}

/** What depends on clocks, addresses in memory, and the form of the file: its sum goes over all that is in it. */
const plain = (text: string): string =>
  text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/Logger: 0x[0-9a-f]+/g, 'Logger: 0x')
    .replace(/"(hash|size|totalSize)"( :|:) ?\d+/gi, '$1')
    .replace(/\b[0-9a-f]{7,8}(,| \|)/g, 'HASH$1')
    .replace(/\b\d+(\.\d)? kB/g, 'SIZE')

/** The store that the real one's snapshot was taken of, and the files that lay beside it. */
function prepared(): TestCluster {
  const t = new TestCluster({ nodes: 1 })
  etcdPod(t, 'first', ['etcd'], { '/disk': '' })
  for (const line of ['put a 1', 'put b 2', 'put a 3', 'del b', 'snapshot save disk/s.db']) run(t, `etcdctl ${line}`, 'first')
  const saved = readFile(host(t), '/data/s.db') ?? ''
  for (const [name, text] of Object.entries({ text: 'hello\n', nohash: saved.slice(0, -64), file: '', 'dir/x': '' }))
    t.cluster.machines.contents.place('node-1', `/data/${name}`, text)
  removePath(host(t), '/data/dir/x')
  etcdPod(t, 'etcd', ['etcd'], Object.fromEntries(['s.db', 'text', 'nohash', 'file', 'dir'].map((name) => [`/${name}`, name])))
  return t
}

test('every command says what the real etcdutl 3.6 said', () => {
  const t = prepared()
  const recorded: { argv: string[]; out: string; err: string; code: number }[] = JSON.parse(
    readFileSync(new URL('recorded-etcdutl.json', import.meta.url), 'utf8'),
  )
  for (const { argv, ...real } of recorded) {
    const ours = run(t, `etcdutl ${argv.join(' ')}`)
    const [a, b] = [ours, real].map((each) => ({ ...each, out: plain(each.out), err: plain(each.err) }))
    expect(a, `etcdutl ${argv.join(' ')}`).toEqual(b)
  }
})

test('a snapshot that was changed is refused, and one whose directory cannot be written to', () => {
  const t = prepared()
  const saved = readFile(host(t), '/data/s.db') ?? ''
  t.cluster.machines.contents.place('node-1', '/data/bad.db', saved.replace('"revision":5', '"revision":6'))
  const bad = run(t, 'etcdutl snapshot restore disk/bad.db --data-dir d', 'first')
  expect(bad.err).toMatch(/\nError: expected sha256 \[\d+( \d+){31}\], got \[\d+( \d+){31}\]\n$/)
  expect(run(t, 'etcdutl snapshot restore disk/bad.db --data-dir e --skip-hash-check', 'first').code).toBe(0)
  expect(run(t, 'etcdutl snapshot restore disk/s.db --data-dir disk/s.db/d', 'first').err).toMatch(
    /Error: mkdir .*: not a directory\n$/,
  )
})

test('an etcd that starts in the directory has the keys of the snapshot, and revisions go on from there', () => {
  const t = prepared()
  run(t, 'etcdutl snapshot restore disk/s.db --data-dir disk/new --bump-revision 1000 --mark-compacted', 'first')
  etcdPod(t, 'again', ['etcd', '--data-dir=/disk/new'], { '/disk': '' })
  expect(run(t, 'etcdctl get a', 'again').out).toBe('a\n3\n')
  expect(run(t, 'etcdctl get b', 'again').out).toBe('')
  expect(run(t, 'etcdctl get a --rev 4', 'again').err).toContain('mvcc: required revision has been compacted')
  run(t, 'etcdctl put a 4', 'again')
  expect(run(t, 'etcdctl get a -w json', 'again').out).toContain('"revision":1006')
})
