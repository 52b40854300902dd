/** etcdctl in a Pod of etcd, in virtual time: beside what the real one said to a real etcd, and what it does while time passes. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Cluster } from '../../../cluster.ts'
import { TestCluster } from '../../../testing/test-cluster.ts'

const IMAGE = 'quay.io/coreos/etcd:v3.6.7'

function withEtcd(command = ['etcd']): TestCluster {
  const t = new TestCluster({ nodes: 1 })
  t.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'etcd', namespace: 'default' },
    spec: { containers: [{ name: 'etcd', image: IMAGE, command }] },
  })
  return t.run(20)
}

/** A command in the Pod that goes on for some seconds. */
class Running {
  readonly #session
  out = ''
  err = ''
  code: number | null = null

  constructor(t: TestCluster, argv: readonly string[], stdin: string | null = '', pod = 'namespaces/default/pods/etcd') {
    const words = argv.map((word) => `&command=${encodeURIComponent(word)}`).join('')
    const path = `/api/v1/${pod}/exec?stdin=true&stdout=true&stderr=true${words}`
    this.#session = t.cluster.open({ method: 'GET', path })
    if (stdin) this.#session.send(0, stdin)
    if (stdin !== null) this.#session.close(0)
  }

  look(): this {
    for (const event of this.#session.take()) {
      if (!('data' in event)) continue
      if (event.channel === 1) this.out += event.data
      if (event.channel === 2) this.err += event.data
      if (event.channel === 3) this.code = /"Success"/.test(event.data) ? 0 : Number(/"message":"(\d+)"/.exec(event.data)?.[1])
    }
    return this
  }
}

function etcdctl(t: TestCluster, line: string, stdin = ''): string {
  const { out, err } = new Running(t, ['etcdctl', ...line.split(' ')], stdin).look()
  return out + err
}

/** What depends on clocks, addresses in memory and chance. */
const plain = (text: string): string =>
  text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/0x[0-9a-f]+\//g, '0x/')
    .replace(/694d[0-9a-f]{12}/g, 'LEASE')
    .replace(/7587\d{15}/g, 'LEASE')
    .replace(/\b\d+\.?\d*ms/g, 'TOOK')
    .replace(/\b1\.\d+s\b/g, 'TOOK')
    .replace(/(remaining\(|"ttl":|"TTL" : )(59|60)/g, '$160')
    .replace(/-{8,}/g, '--')
    .replace(/ {2,}/g, ' ')

test('every command says what the real etcdctl 3.6 said to a real etcd', () => {
  const t = withEtcd()
  const recorded: { argv: (string | { stdin: string })[]; out: string; err: string; code: number }[] = JSON.parse(
    readFileSync(new URL('recorded.json', import.meta.url), 'utf8'),
  )
  let lease = '0'
  for (const { argv, ...real } of recorded) {
    const words = argv.flatMap((word) => (typeof word === 'string' ? word.replace('LEASE', lease) : []))
    const stdin = argv.flatMap((word) => (typeof word === 'string' ? [] : word.stdin)).join('')
    const running = new Running(t, ['etcdctl', ...words], stdin)
    t.run(/127.0.0.1:9|https|b3/.test(words.join(' ')) ? 3 : 0.01)
    const { out, err, code } = running.look()
    lease = /^lease (\w+) granted/.exec(out)?.[1] ?? lease
    const [ours, theirs] = [{ out, err, code }, real].map((each) => ({ ...each, out: plain(each.out), err: plain(each.err) }))
    expect(ours, `etcdctl ${words.join(' ')}`).toEqual(theirs)
  }
})

test('a watch tells of each change as it comes, until it is stopped', () => {
  const t = withEtcd()
  const watch = new Running(t, ['etcdctl', 'watch', 'foo', '--prefix', '--prev-kv'], null)
  etcdctl(t, 'put foo1 a')
  t.run(1)
  expect(watch.look().out).toBe('PUT\nfoo1\na\n')
  etcdctl(t, 'put foo1 b')
  etcdctl(t, 'put other b')
  etcdctl(t, 'del foo1')
  t.run(1)
  expect(watch.look().out).toBe('PUT\nfoo1\na\nPUT\nfoo1\na\nfoo1\nb\nDELETE\nfoo1\nb\nfoo1\n\n')
  expect(watch.code).toBeNull()
})

test('a watch from a revision begins with history', () => {
  const t = withEtcd()
  etcdctl(t, 'put a 1')
  etcdctl(t, 'put a 2')
  const watch = new Running(t, ['etcdctl', 'watch', 'a', '--rev=2'], null)
  t.run(1)
  expect(watch.look().out).toBe('PUT\na\n1\nPUT\na\n2\n')
  etcdctl(t, 'compaction 3')
  expect(etcdctl(t, 'watch a --rev=2')).toContain('required revision has been compacted')
})

test('a lease takes its keys with it when its time is over, unless it is kept alive', () => {
  const t = withEtcd()
  const grant = (): string => /lease (\w+) granted/.exec(etcdctl(t, 'lease grant 10'))?.[1] as string
  const [short, kept] = [grant(), grant()]
  etcdctl(t, `put gone 1 --lease=${short}`)
  etcdctl(t, `put stays 1 --lease=${kept}`)
  const alive = new Running(t, ['etcdctl', 'lease', 'keep-alive', kept], null)
  t.run(30)
  expect(etcdctl(t, 'get --from-key a --keys-only')).toBe('stays\n\n')
  expect(alive.look().out).toMatch(/keepalived with TTL\(10\)\n/)
  expect(etcdctl(t, `lease timetolive ${short}`)).toBe(`lease ${short} already expired\n`)
})

test('what a snapshot holds can be read back', () => {
  const t = withEtcd()
  etcdctl(t, 'put a 1')
  etcdctl(t, 'snapshot save /s.db')
  const hash = Number(etcdctl(t, 'endpoint hashkv').split(', ')[1]).toString(16)
  expect(new Running(t, ['etcdutl', 'snapshot', 'status', '/s.db', '-w', 'table']).look().out).toContain(
    `| ${hash} |        2 |          1 |`,
  )
})

test('keys are there after the world was put away', () => {
  const t = withEtcd()
  etcdctl(t, 'put a 1')
  const again = TestCluster.of(Cluster.load(t.cluster.save()))
  expect(etcdctl(again, 'get a')).toBe('a\n1\n')
})

test('who has no certificate waits for an etcd that asks for one, and is told why', () => {
  const flags = ['--listen-client-urls=https://127.0.0.1:2379', '--client-cert-auth=true', '--trusted-ca-file=/ca.crt']
  const t = withEtcd(['etcd', ...flags])
  const asking = new Running(t, ['etcdctl', '--endpoints=https://127.0.0.1:2379', 'get', 'a'])
  t.run(4)
  expect(asking.look().code).toBeNull()
  t.run(2)
  expect(asking.look().err).toContain('remote error: tls: certificate required')
  expect(asking.err).toMatch(/Error: context deadline exceeded\n$/)
})
