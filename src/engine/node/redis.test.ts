/** Redis in a cluster: what is set is there for everybody who asks, also after the world was put away, and at the followers. */
import { expect, test } from 'vitest'
import { Cluster } from '../cluster.ts'
import { deployment, service } from '../testing/builders.ts'
import { TestCluster } from '../testing/test-cluster.ts'

const REDIS = 'redis:8.2'

function put(t: TestCluster, name: string, replicas: number, ...args: string[]): void {
  const made = deployment(name, replicas, REDIS)
  if (args.length > 0) made['spec'].template.spec.containers[0].args = args
  t.create(made)
  t.create(service(name, name, 6379))
}

/** Runs a command in a Pod whose name begins so; what comes on both streams. */
function inPod(t: TestCluster, begin: string, line: string, tty = false): string {
  const [pod] = t.pods().filter(({ metadata }) => metadata.name.startsWith(begin))
  const words = line.match(/'[^']*'|\S+/g)?.map((word) => `&command=${encodeURIComponent(word.replaceAll("'", ''))}`) ?? []
  const query = `stdout=true&stderr=${!tty}&tty=${tty}${words.join('')}`
  const path = `/api/v1/namespaces/default/pods/${pod?.metadata.name}/exec?${query}`
  const session = t.cluster.open({ method: 'GET', path })
  return session
    .take()
    .flatMap((event) => ('data' in event && event.channel < 3 ? event.data : []))
    .join('')
    .replaceAll('\r\n', '\n')
}

function started(...parts: [name: string, replicas: number, ...args: string[]][]): TestCluster {
  const t = new TestCluster({ addons: ['dns'] }).run(15)
  for (const part of parts) put(t, ...part)
  return t.run(20)
}

test('what is set is told in redis’ own words: for people on a terminal, bare elsewhere', () => {
  const t = started(['cache', 1])
  const cli = (line: string, tty = true): string => inPod(t, 'cache', `redis-cli ${line}`, tty)
  expect(cli('set a 1')).toBe('OK\n')
  expect(cli('incr a')).toBe('(integer) 2\n')
  expect(cli('incr a', false)).toBe('3\n')
  expect(cli('get a')).toBe('"3"\n')
  expect(cli('get nothing')).toBe('(nil)\n')
  expect(cli('get nothing', false)).toBe('\n')
  expect(cli('lpush l x y z')).toBe('(integer) 3\n')
  expect(cli('lrange l 0 -1')).toBe('1) "z"\n2) "y"\n3) "x"\n')
  expect(cli("hset h name 'John Doe' age 3")).toBe('(integer) 2\n')
  expect(cli('hgetall h', false)).toBe('name\nJohn Doe\nage\n3\n')
  expect(cli('keys [ah]')).toBe('1) "a"\n2) "h"\n')
  expect(cli('incr l')).toBe('(error) WRONGTYPE Operation against a key holding the wrong kind of value\n')
  expect(cli('get')).toBe("(error) ERR wrong number of arguments for 'get' command\n")
  expect(cli('nope x')).toBe("(error) ERR unknown command 'nope', with args beginning with: 'x' \n")
  expect(cli('zadd z 1 a')).toBe("(error) ERR the command 'zadd' is not supported by this simulation of Redis\n")
  expect(cli('del a nothing')).toBe('(integer) 1\n')
  expect(cli('info keyspace', false)).toContain('db0:keys=2,expires=0')
  expect(cli('flushall')).toBe('OK\n')
  expect(cli('keys *')).toBe('(empty array)\n')
})

test('a key goes when its time has come', () => {
  const t = started(['cache', 1])
  inPod(t, 'cache', 'redis-cli set a 1 EX 60')
  expect(inPod(t, 'cache', 'redis-cli ttl a')).toBe('60\n')
  t.run(61)
  expect(inPod(t, 'cache', 'redis-cli ttl a')).toBe('-2\n')
  expect(inPod(t, 'cache', 'redis-cli exists a')).toBe('0\n')
})

test('one asks another by its Service; what is missing cannot be reached', () => {
  const t = started(['cache', 1], ['asker', 1])
  expect(inPod(t, 'asker', 'redis-cli -h cache set a 1')).toBe('OK\n')
  expect(inPod(t, 'cache', 'redis-cli get a')).toBe('1\n')
  expect(inPod(t, 'asker', 'redis-cli get a')).toBe('\n')
  expect(inPod(t, 'asker', 'redis-cli -p 7000 ping')).toBe('Could not connect to Redis at 127.0.0.1:7000: Connection refused\n')
  expect(inPod(t, 'asker', 'redis-cli -h nobody ping')).toBe(
    'Could not connect to Redis at nobody:6379: Name or service not known\n',
  )
})

test('followers have what the leader was told, and take no writes', () => {
  const t = started(['leader', 1], ['follower', 2, '--replicaof', 'leader', '6379'])
  inPod(t, 'leader', 'redis-cli set a 1')
  expect(inPod(t, 'follower', 'redis-cli get a')).toBe('1\n')
  expect(inPod(t, 'follower', 'redis-cli set a 2')).toBe("READONLY You can't write against a read only replica.\n")
  expect(inPod(t, 'leader', 'redis-cli info replication')).toContain('connected_slaves:2')
})

test('what is in it comes back with the world; a new Pod begins empty', () => {
  const t = started(['cache', 1])
  inPod(t, 'cache', 'redis-cli set a 1')
  const later = TestCluster.of(Cluster.load(t.cluster.save()))
  expect(inPod(later, 'cache', 'redis-cli get a')).toBe('1\n')
  later.request(
    'DELETE',
    `/api/v1/namespaces/default/pods/${later.pods().find((p) => p.metadata.name.startsWith('cache'))?.metadata.name}`,
  )
  later.run(40)
  expect(inPod(later, 'cache', 'redis-cli get a')).toBe('\n')
})

test('a password is asked for where one was set', () => {
  const t = started(['cache', 1, '--requirepass', 'secret'])
  expect(inPod(t, 'cache', 'redis-cli get a')).toBe('NOAUTH Authentication required.\n')
  expect(inPod(t, 'cache', 'redis-cli --no-auth-warning -a secret set a 1')).toBe('OK\n')
  expect(inPod(t, 'cache', 'redis-cli --no-auth-warning -a wrong get a')).toBe(
    'AUTH failed: WRONGPASS invalid username-password pair or user is disabled.\nNOAUTH Authentication required.\n',
  )
})

test('its client answers probes', () => {
  const t = new TestCluster()
  const made = deployment('cache', 1, REDIS)
  const probe = (...command: string[]) => ({ exec: { command }, periodSeconds: 1 })
  made['spec'].template.spec.containers[0].readinessProbe = probe('redis-cli', 'ping')
  t.create(made)
  t.run(15)
  expect(t.readyPods({ app: 'cache' })).toHaveLength(1)
})
