/** What is sent to servers in containers, said to their clients, typed at them, or written into their files, stops nobody but them. */
import { expect, test } from 'vitest'
import { pod } from '../testing/builders.ts'
import { TestCluster } from '../testing/test-cluster.ts'
import { kept, readKept } from './images/kept.ts'

type Env = Record<string, string>

/** Pods by name; the one called `box` has curl and nc. */
function world(pods: Record<string, { image: string; env?: Env; command?: string[]; args?: string[] }>): TestCluster {
  const t = new TestCluster({ addons: ['dns'] }).run(15)
  for (const [name, { env = {}, ...more }] of Object.entries(pods)) {
    const list = Object.entries(env).map(([key, value]) => ({ name: key, value }))
    t.create(pod(name, '', { containers: [{ name: 'it', env: list, ...more }] }))
  }
  t.create(pod('box', '', { containers: [{ name: 'it', image: 'nicolaka/netshoot', command: ['sleep', '100000'] }] }))
  return t.run(60)
}

const ipOf = (t: TestCluster, name: string): string => t.get('pods', name)?.['status']?.podIP ?? ''
const logOf = (t: TestCluster, name: string): string =>
  String(t.request('GET', `/api/v1/namespaces/default/pods/${name}/log`).body)

/** What a command says on both streams, with its exit code where that is not 0; `NAME.ip` in it is a pod's address. */
function run(t: TestCluster, name: string, ...words: string[]): string {
  const meant = words.map((word) => word.replace(/\b([a-z]+)\.ip\b/g, (_all, of: string) => ipOf(t, of)))
  const query = meant.map((word) => `&command=${encodeURIComponent(word)}`).join('')
  const stream = t.cluster.open({
    method: 'GET',
    path: `/api/v1/namespaces/default/pods/${name}/exec?stdout=true&stderr=true${query}`,
  })
  t.run(1)
  const events = stream.take()
  const text = events.flatMap((event) => ('data' in event && event.channel < 3 ? event.data : [])).join('')
  const status = events.flatMap((event) => ('data' in event && event.channel === 3 ? event.data : [])).join('')
  const code = /"ExitCode","message":"(\d+)"/.exec(status)?.[1]
  return code === undefined ? text : `${text}(exit ${code})`
}
const sh = (t: TestCluster, script: string): string => run(t, 'box', 'sh', '-c', script)

const POSTGRES = { image: 'postgres:17', env: { POSTGRES_PASSWORD: 'x' } }
const MYSQL = { image: 'mysql:8', env: { MYSQL_ROOT_PASSWORD: 'x' } }
const MONGO = { image: 'mongo:8' }
const REDIS = { image: 'redis:7' }
const ZOOKEEPER = { image: 'zookeeper:3.4' }
const ALL = { postgres: POSTGRES, mysql: MYSQL, mongo: MONGO, redis: REDIS, zookeeper: ZOOKEEPER }
const PORTS = { postgres: 5432, mysql: 3306, mongo: 27_017, redis: 6379, zookeeper: 2181 }
const EMPTY = 'curl: (52) Empty reply from server\n(exit 52)'

test('no header makes an HTTP request one of a database’s own clients', () => {
  const t = world(ALL)
  for (const [name, port] of Object.entries(PORTS))
    for (const body of [
      '{',
      'null',
      '{}',
      '[]',
      '{"command":{"name":"find","collection":"a"}}',
      '{"user":"postgres","sql":"SELECT 1"}',
    ]) {
      const headers = ['protocol', 'x-protocol', `x-${name}`].flatMap((each) => ['-H', `${each}: ${name}`])
      expect(run(t, 'box', 'curl', '-sS', ...headers, '-d', body, `${name}.ip:${port}`)).toBe(EMPTY)
    }
  for (const [name, client] of Object.entries({
    postgres: ['psql', '-U', 'postgres', '-tAc', 'SELECT 1'],
    mysql: ['mysql', '-px', '-N', '-e', 'SELECT 1'],
    mongo: ['mongosh', '--quiet', '--eval', 'db.hello().isWritablePrimary'],
    redis: ['redis-cli', 'ping'],
    zookeeper: ['zkCli.sh', 'ls', '/'],
  }))
    expect(run(t, name, ...client)).toMatch(/^1\n|\n1\n|true|PONG|\[zookeeper\]/)
})

test('PostgreSQL closes a connection that does not begin as its protocol does, and logs why', () => {
  const t = world({ postgres: POSTGRES })
  expect(run(t, 'box', 'curl', '-sS', 'postgres.ip:5432')).toBe(EMPTY)
  expect(sh(t, 'echo hello there | nc postgres.ip 5432; printf ab | nc postgres.ip 5432; nc postgres.ip 5432 < /dev/null')).toBe(
    '',
  )
  expect(logOf(t, 'postgres').match(/LOG: {2}in(valid length of|complete) startup packet/g)).toEqual([
    'LOG:  invalid length of startup packet',
    'LOG:  invalid length of startup packet',
    'LOG:  incomplete startup packet',
  ])
  expect(sh(t, "printf '\\0\\0\\0\\010\\004\\322\\026\\057' | nc postgres.ip 5432")).toBe('N')
})

test('Redis answers commands typed at its port, and hangs up on browsers', () => {
  const t = world({ redis: REDIS })
  expect(sh(t, 'printf \'PING\\r\\nset a "x y"\\nget a\\nget b\\nrpush l 1 2\\nlrange l 0 -1\\n\' | nc redis.ip 6379')).toBe(
    '+PONG\r\n+OK\r\n$3\r\nx y\r\n$-1\r\n:2\r\n*2\r\n$1\r\n1\r\n$1\r\n2\r\n',
  )
  expect(sh(t, "printf '*2\\r\\n$3\\r\\nGET\\r\\n$1\\r\\na\\r\\n' | nc redis.ip 6379")).toBe('$3\r\nx y\r\n')
  expect(sh(t, 'echo foo bar | nc redis.ip 6379')).toBe("-ERR unknown command 'foo', with args beginning with: 'bar' \r\n")
  expect(sh(t, "echo 'get \"a' | nc redis.ip 6379")).toBe('-ERR Protocol error: unbalanced quotes in request\r\n')
  expect(sh(t, "printf '*x\\r\\n' | nc redis.ip 6379")).toBe('-ERR Protocol error: invalid multibulk length\r\n')
  expect(sh(t, "printf '*1\\r\\n:1\\r\\n' | nc redis.ip 6379")).toBe("-ERR Protocol error: expected '$', got ':'\r\n")
  expect(run(t, 'box', 'curl', '-sS', 'redis.ip:6379')).toBe(EMPTY)
  expect(logOf(t, 'redis')).toContain('# Possible SECURITY ATTACK detected. It looks like somebody is sending POST or Host:')
})

test('MySQL greets whoever connects, mongod and ZooKeeper know a stranger by its first bytes', () => {
  const t = world({ mysql: MYSQL, mongo: MONGO, zookeeper: ZOOKEEPER })
  expect(sh(t, 'nc mysql.ip 3306 < /dev/null')).toMatch(/^.\0\0\0\n8\.4\.\d+\0.*caching_sha2_password\0$/s)
  expect(sh(t, 'echo hello | nc mysql.ip 3306')).toContain('#08S01Got packets out of order')
  const words = 'It looks like you are trying to access MongoDB over HTTP on the native driver port.\n'
  expect(run(t, 'box', 'curl', '-sS', 'mongo.ip:27017')).toBe(words)
  expect(sh(t, 'echo hello | nc mongo.ip 27017')).toBe('')
  expect(sh(t, 'echo what is this | nc zookeeper.ip 2181; echo ruok | nc zookeeper.ip 2181')).toBe('imok')
  expect(logOf(t, 'zookeeper')).toContain('Exception causing close of session 0x0 due to java.io.IOException: Len error')
})

test('clients say in their own words that a web server is not theirs', () => {
  const t = world({ ...ALL, web: { image: 'nginx:1.27' } })
  expect(run(t, 'postgres', 'psql', '-h', 'web.ip', '-p', '80', '-c', 'SELECT 1')).toMatch(
    /^psql: error: connection to server at "[\d.]+", port 80 failed: received invalid response to SSL negotiation: H\n\(exit 2\)$/,
  )
  expect(run(t, 'postgres', 'pg_isready', '-h', 'web.ip', '-p', '80')).toContain(':80 - no response\n(exit 2)')
  expect(run(t, 'redis', 'redis-cli', '-h', 'web.ip', '-p', '80', 'ping')).toBe(
    'Error: Protocol error, got "H" as reply type byte\n(exit 1)',
  )
  expect(run(t, 'mysql', 'mysql', '-h', 'web.ip', '-P', '80', '-e', 'SELECT 1')).toBe(
    "ERROR 2013 (HY000): Lost connection to MySQL server at 'reading initial communication packet', system error: 0\n(exit 1)",
  )
  expect(run(t, 'mongo', 'mongosh', '--port', '80', '--host', 'web.ip', '--eval', '1')).toBe(
    'MongoServerSelectionError: Invalid message size: 1347703880, max allowed: 67108864\n(exit 1)',
  )
  expect(run(t, 'zookeeper', 'zkCli.sh', '-server', 'web.ip:80', 'ls', '/')).toContain('KeeperErrorCode = ConnectionLoss for /')
})

test('nor does it help a client that a database of another kind answers, the API server, the kubelet, or somebody by hand', () => {
  const fake = (text: string): { image: string; command: string[] } => ({
    image: 'busybox:1.36',
    command: ['sh', '-c', `while true; do printf '${text}' | nc -l -p 7777 >> /heard; done`],
  })
  const t = world({
    ...ALL,
    nobody: fake(''),
    some: fake('{"answer":{"rows":1}}'),
    pong: fake('+PONG\\r\\n'),
    nest: fake('*1\\r\\n'.repeat(3000)),
  })
  const clients = (host: string, port: string): Record<string, string[]> => ({
    postgres: ['psql', '-h', host, '-p', port, '-c', 'SELECT 1'],
    mysql: ['mysql', '-h', host, '-P', port, '-e', 'SELECT 1'],
    mongo: ['mongosh', '--host', host, '--port', port, '--eval', 'db.a.find()'],
    redis: ['redis-cli', '-h', host, '-p', port, 'ping'],
    zookeeper: ['zkCli.sh', '-server', `${host}:${port}`, 'ls', '/'],
  })
  const kubernetes = t.get('services', 'kubernetes')?.['spec'].clusterIP
  const node = t.get('pods', 'box')?.['status']?.hostIP ?? ''
  const others = [
    [kubernetes, '443'],
    [node, '10250'],
    [node, '10256'],
    ['nobody.ip', '7777'],
    ['some.ip', '7777'],
    ['nest.ip', '7777'],
  ]
  for (const [host = '', port = ''] of [...others, ...Object.entries(PORTS).map(([name, port]) => [`${name}.ip`, String(port)])])
    for (const [name, words] of Object.entries(clients(host, port))) {
      if (host !== `${name}.ip`) expect(run(t, name, ...words), `${name} at ${host}`).toContain('(exit ')
    }
  expect(run(t, 'redis', 'redis-cli', '-h', 'pong.ip', '-p', '7777', 'ping')).toBe('PONG\n')
  expect(run(t, 'pong', 'cat', '/heard')).toBe('*1\r\n$4\r\nping\r\n')
  expect(sh(t, 'echo lives')).toBe('lives\n')
})

test('who passes requests on, or probes, finds that a database says nothing', () => {
  const t = world(ALL)
  const path = '/api/v1/namespaces/default/pods/postgres:5432/proxy/x'
  expect(t.request('GET', path).body).toMatchObject({ code: 503, message: 'error trying to reach service: EOF' })
  const livenessProbe = { httpGet: { path: '/', port: 5432 }, periodSeconds: 1 }
  t.create(
    pod('probed', '', {
      containers: [{ name: 'it', image: 'postgres:17', env: [{ name: 'POSTGRES_PASSWORD', value: 'x' }], livenessProbe }],
    }),
  )
  t.run(30)
  expect(t.events('Unhealthy').map(({ ['message']: message }) => message)).toContainEqual(
    `Liveness probe failed: Get "http://${ipOf(t, 'probed')}:5432/": EOF`,
  )
  const forward = t.cluster.open({ method: 'GET', path: '/api/v1/namespaces/default/pods/redis/portforward?ports=6379' })
  forward.send(0, 'PING\r\n')
  t.run(1)
  expect(
    forward
      .take()
      .flatMap((event) => ('data' in event && event.channel === 0 ? event.data : []))
      .join(''),
  ).toContain('+PONG\r\n')
})

const SPOILT: [name: string, of: { image: string; env?: Env }, script: string, says: string, code: number][] = [
  [
    'a short control file',
    POSTGRES,
    'mkdir global; echo 17 > PG_VERSION; echo nonsense > global/pg_control',
    'PANIC:  could not read file "global/pg_control": read 9 of 296',
    134,
  ],
  [
    'another control file',
    POSTGRES,
    `mkdir global; echo 17 > PG_VERSION; echo ${'nonsense'.repeat(99)} > global/pg_control`,
    'FATAL:  incorrect checksum in control file',
    1,
  ],
  ['no control file', POSTGRES, 'echo 17 > PG_VERSION', 'postgres: could not find the database system', 2],
  ['no version', POSTGRES, 'echo ha > PG_VERSION', 'FATAL:  "/data" is not a valid data directory', 1],
  [
    'pages of something else',
    MYSQL,
    'echo "{}" > ibdata1',
    "[ERROR] [MY-012263] [InnoDB] The Auto-extending innodb_system data file './ibdata1' is of a different size 0 pages",
    1,
  ],
  ['a file of something else', MONGO, 'echo "null" > WiredTiger.wt', '"msg":"Fatal assertion","attr":{"msgid":28595', 14],
  ['an empty file', MONGO, 'touch WiredTiger.wt', 'WiredTiger.wt does not appear to be a WiredTiger file', 14],
  [
    'a journal of something else',
    ZOOKEEPER,
    'mkdir version-2; echo "[]" > version-2/log.1',
    'Unable to load database on disk',
    1,
  ],
  [
    'a host id of something else',
    { image: 'cassandra:v13' },
    'echo ha > host_id',
    'CorruptSSTableException: Corrupted: /var/lib/cassandra/host_id',
    100,
  ],
  [
    'too many tokens wanted',
    { image: 'cassandra:v13', env: { CASSANDRA_NUM_TOKENS: '1e9' } },
    'true',
    'A maximum number of 1536 tokens per node is supported',
    3,
  ],
]
const FOLDERS: Record<string, string> = {
  'mysql:8': '/var/lib/mysql',
  'mongo:8': '/data/db',
  'zookeeper:3.4': '/datalog',
  'cassandra:v13': '/var/lib/cassandra',
}

for (const [what, { image, env = {} }, script, says, code] of SPOILT)
  test(`${image} finds ${what} among its data, says so, and ends with ${code}`, () => {
    const t = new TestCluster({ addons: ['dns'] }).run(15)
    const mount = { name: 'data', mountPath: FOLDERS[image] ?? '/data' }
    const list = Object.entries({ ...env, PGDATA: '/data' }).map(([name, value]) => ({ name, value }))
    t.create(
      pod('db', '', {
        restartPolicy: 'Never',
        volumes: [{ name: 'data', emptyDir: {} }],
        initContainers: [
          {
            name: 'hand',
            image: 'busybox:1.36',
            command: ['sh', '-c', script],
            workingDir: mount.mountPath,
            volumeMounts: [mount],
          },
        ],
        containers: [{ name: 'it', image, env: list, volumeMounts: [mount] }],
      }),
    )
    t.run(60)
    expect(logOf(t, 'db')).toContain(says)
    expect(t.get('pods', 'db')?.['status']?.containerStatuses?.[0]?.state.terminated?.exitCode).toBe(code)
  })

test('what is kept in files is read again, unless somebody has changed it or it is of another kind', () => {
  const value = { text: 'a\nb', list: [1, null] }
  const content = kept('mongo', value)
  expect(readKept('mongo', content)).toEqual(value)
  for (const other of [
    '',
    'null',
    '{}',
    content.replace('list', 'lost'),
    `${content}\n`,
    content.slice(0, -2),
    kept('mysql', value),
  ])
    expect(readKept('mongo', other)).toBeUndefined()
})

const deep = (open: string, close: string, times = 30_000): string => `${open.repeat(times)}${close.repeat(times)}`
const psql = (sql: string): string[] => ['psql', '-U', 'postgres', '-tAc', sql]
const mysql = (sql: string): string[] => ['mysql', '-px', '-N', '-e', sql]
const mongosh = (script: string): string[] => ['mongosh', '--quiet', '--eval', script]
const STACK = 'ERROR:  stack depth limit exceeded\nHINT:  Increase the configuration parameter "max_stack_depth"'
const OVERRUN = 'ERROR 1436 (HY000) at line 1: Thread stack overrun:'
const NESTED = 'MongoServerError: BSONObj exceeds maximum nested object depth'

const TYPED: [what: string, of: keyof typeof ALL, words: string[], says: string][] = [
  ['brackets', 'postgres', psql(`SELECT ${deep('(', ')').replace('()', '(1)')}`), STACK],
  ['signs', 'postgres', psql(`SELECT ${'- '.repeat(30_000)}1`), STACK],
  ['a long sum', 'postgres', psql(`SELECT 1${'+1'.repeat(30_000)}`), STACK],
  [
    'an open quote',
    'postgres',
    psql("SELECT 'x"),
    `ERROR:  unterminated quoted string at or near "'x"\nLINE 1: SELECT 'x\n               ^\n`,
  ],
  ['open quotes', 'postgres', psql(`SELECT ${"' x\\".repeat(100_000)}`), 'ERROR:  unterminated quoted string'],
  ['digits', 'postgres', psql('SELECT round(1.5, 1000)'), '1.5\n'],
  [
    'a number',
    'postgres',
    psql(`CREATE TABLE n (i int); INSERT INTO n VALUES (${'9'.repeat(400)})`),
    'ERROR:  integer out of range\n',
  ],
  [
    'percents in an address',
    'postgres',
    ['psql', 'postgres://%zz@postgres.ip/a'],
    'psql: error: invalid percent-encoded token: "%zz"\n(exit 2)',
  ],
  ['brackets', 'mysql', mysql(`SELECT ${deep('(', ')').replace('()', '(1)')}`), OVERRUN],
  ['what every object has', 'postgres', psql('CREATE TABLE o (a __proto__)'), 'ERROR:  type "__proto__" does not exist\n'],
  ['much', 'mysql', mysql(`SELECT LENGTH(CONCAT(${Array(99).fill("REPEAT('x', 16000000)").join()}))`), 'NULL\n'],
  ['refusals', 'mysql', mysql(`SELECT ${'NOT '.repeat(30_000)}1`), OVERRUN],
  ['functions', 'mysql', mysql(`SELECT ${deep('ABS(', ')').replace('()', '(1)')}`), OVERRUN],
  ['digits before the point', 'mysql', mysql('SELECT ROUND(1234, -2)'), '1200\n'],
  ['lists', 'mongo', mongosh(`db.a.insertOne({a:${deep('[', ']')}})`), NESTED],
  ['conditions', 'mongo', mongosh(`db.a.find({$and:${deep('[{$and:', '}]', 10_000)}})`), NESTED],
  [
    'fewer conditions',
    'mongo',
    mongosh(`db.a.insertOne({});db.a.find(${deep('{$and:[', ']}', 99).replace('[]', '[{}]')})`),
    '_id',
  ],
  [
    'a document',
    'mongo',
    mongosh(`db.a.insertOne(${deep('{a:', '}', 190).replace(':}', ':1}')})`),
    'because it exceeds 180 levels of nesting',
  ],
  [
    'a path',
    'mongo',
    mongosh(`db.a.insertOne({});db.a.updateOne({},{$set:{'${'a.'.repeat(30_000)}a':1}})`),
    'Document exceeds maximum nested object depth of 180',
  ],
  ['a number', 'mongo', mongosh('db.a.insertOne({a: 1e999})'), 'Error: Infinity: this simulated mongosh knows'],
  ['prints', 'mongo', mongosh('print('.repeat(30_000)), 'Error: print(print(…)): this simulated mongosh knows'],
  [
    'percents in an address',
    'mongo',
    ['mongosh', 'mongodb://%zz:x@mongo.ip', '--eval', '1'],
    'MongoServerError: Authentication failed.',
  ],
  ['a range upside down', 'redis', ['redis-cli', 'keys', '[z-a]'], '\n'],
  ['a bracket', 'redis', ['redis-cli', 'config', 'get', '['], '\n'],
  ['many stars', 'redis', ['redis-cli', 'keys', `${'*a'.repeat(60)}b`], '\n'],
  ['a quote', 'redis', ['sh', '-c', `printf 'set ${'a'.repeat(2000)} "x' | redis-cli`], 'Invalid argument(s)\n'],
  ['what every object has', 'zookeeper', ['zkCli.sh', 'get', 'constructor'], 'Node does not exist: constructor'],
]
test('what is typed at clients is refused where it is too deep or too odd, in the words of their servers', () => {
  const t = world(ALL)
  run(t, 'redis', 'redis-cli', 'set', 'a'.repeat(2000), '1')
  for (const [what, of, words, says] of TYPED) expect(run(t, of, ...words), `${what}, typed at ${of}`).toContain(says)
  expect(sh(t, 'echo lives')).toBe('lives\n')
})

test('webhooks refuse what is no review, and panic where Go would', () => {
  const agnhost = (...args: string[]) => ({ image: 'registry.k8s.io/e2e-test-images/agnhost:2.57', args })
  const t = world({ hook: agnhost('webhook', '--port=8443'), crd: agnhost('crd-conversion-webhook', '--port=8443') })
  const send = (to: string, body: string): string =>
    run(t, 'box', 'curl', '-sS', '-d', body, `${to}:8443/${to === 'crd.ip' ? 'crdconvert' : 'pods'}`)
  expect(send('hook.ip', '{')).toContain("Request could not be decoded: couldn't get version/kind; json parse error:")
  expect(send('hook.ip', '{}')).toBe("Request could not be decoded: Object 'Kind' is missing in '{}'\n")
  expect(send('hook.ip', deep('[', ']'))).toContain('Request could not be decoded')
  const review = '"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"'
  expect(send('hook.ip', `{${review}}`)).toBe(EMPTY)
  for (const object of [
    '5',
    '{"spec":{"containers":7}}',
    '{"spec":{"containers":[null]}}',
    '{"spec":{"containers":[{"name":{}}]}}',
  ])
    expect(send('hook.ip', `{${review},"request":{"uid":"u","object":${object}}}`)).toContain('json: cannot unmarshal')
  expect(send('crd.ip', 'null')).toContain('failed to deserialize body (null) with error')
  const conversion = '"apiVersion":"apiextensions.k8s.io/v1","kind":"ConversionReview"'
  expect(send('crd.ip', `{${conversion}}`)).toBe(EMPTY)
  const wanted = '"uid":"u","desiredAPIVersion":"stable.example.com/v2"'
  expect(send('crd.ip', `{${conversion},"request":{${wanted},"objects":[5]}}`)).toContain('failed to unmarshall object (5)')
  const odd = '{"apiVersion":"stable.example.com/v1","hostPort":{"toString":1}}'
  expect(send('crd.ip', `{${conversion},"request":{${wanted},"objects":[${odd}]}}`)).toBe(EMPTY)
})
