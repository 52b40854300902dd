/** PostgreSQL in a cluster: psql in its container and from others, in its own words; the data stay where PGDATA is. */
import { expect, test } from 'vitest'
import { pod, service } from '../testing/builders.ts'
import { TestCluster } from '../testing/test-cluster.ts'

const PASSWORD = [{ name: 'POSTGRES_PASSWORD', value: 'secret' }]

function database(env = PASSWORD, image = 'postgres:17', more: object = {}): TestCluster {
  const t = new TestCluster({ addons: ['dns'] }).run(15)
  const made = pod('db', '', { containers: [{ name: 'db', image, env, ...more }] })
  made.metadata.labels = { app: 'db' }
  t.create(made)
  t.create(service('db', 'db', 5432))
  return t.run(30)
}

/** What a command in a pod says on both streams, with its exit code where that is not 0; `input` comes on its standard input. */
function inPod(t: TestCluster, name: string, words: readonly string[], input?: string): string {
  const query = words.map((word) => `&command=${encodeURIComponent(word)}`).join('')
  const stdin = input === undefined ? '' : '&stdin=true'
  const path = `/api/v1/namespaces/default/pods/${name}/exec?stdout=true&stderr=true${stdin}${query}`
  const session = t.cluster.open({ method: 'GET', path })
  if (input !== undefined) {
    session.send(0, input)
    session.close?.(0)
  }
  const events = session.take()
  const text = events.flatMap((event) => ('data' in event && event.channel < 3 ? event.data : [])).join('')
  const status = events.flatMap((event) => ('data' in event && event.channel === 3 ? event.data : [])).join('')
  const code = /exit code (\d+)|"ExitCode","message":"(\d+)"/.exec(status)
  return code ? `${text}(exit ${code[1] ?? code[2]})\n` : text
}

const psql =
  (t: TestCluster) =>
  (sql: string, ...more: string[]) =>
    inPod(t, 'db', ['psql', '-U', 'postgres', ...more, '-c', sql])

test('psql keeps tables, and draws them', () => {
  const sql = psql(database())
  expect(sql('SELECT 1')).toBe(' ?column? \n----------\n        1\n(1 row)\n\n')
  expect(sql('CREATE TABLE users (id SERIAL PRIMARY KEY, name VARCHAR(20) NOT NULL, "On" BOOLEAN DEFAULT true)')).toBe(
    'CREATE TABLE\n',
  )
  expect(sql("INSERT INTO users (name) VALUES ('Ann'), ('bob')")).toBe('INSERT 0 2\n')
  expect(sql('SELECT * FROM users;')).toBe(' id | name | On \n----+------+----\n  1 | Ann  | t\n  2 | bob  | t\n(2 rows)\n\n')
  expect(sql("SELECT count(*) FROM users WHERE name = 'ANN'", '-t')).toBe('     0\n\n')
  expect(sql('SELECT name, id = 1, 7 / 2 FROM users ORDER BY id DESC', '-tA')).toBe('bob|f|3\nAnn|t|3\n')
  expect(sql("UPDATE users SET name = 'Ann' WHERE id = 1; DELETE FROM users WHERE id = 2")).toBe('UPDATE 1\nDELETE 1\n')
  expect(sql('SELECT count(*) AS n FROM users')).toBe(' n \n---\n 1\n(1 row)\n\n')
  expect(sql('SELECT version()', '-tA')).toMatch(/^PostgreSQL 17\.\d+ \(Debian .*\) on x86_64-pc-linux-gnu, compiled by gcc/)
  expect(sql('SELECT current_user')).toBe(' current_user \n--------------\n postgres\n(1 row)\n\n')
  expect(sql('DROP TABLE users; DROP TABLE IF EXISTS users')).toBe(
    'DROP TABLE\nDROP TABLE\nNOTICE:  table "users" does not exist, skipping\n',
  )
})

test('psql says in PostgreSQL’s words what is wrong, and where', () => {
  const sql = psql(database())
  const wrong = (text: string): string => `${text}\n(exit 1)\n`
  sql('CREATE TABLE t (a INT PRIMARY KEY, b VARCHAR(3) NOT NULL)')
  expect(sql('SELECT * FROM x')).toContain(
    'ERROR:  relation "x" does not exist\nLINE 1: SELECT * FROM x\n                      ^\n',
  )
  expect(sql('SELECT c FROM t')).toContain('ERROR:  column "c" does not exist\nLINE 1: SELECT c FROM t\n               ^\n')
  expect(sql('SELEKT 1')).toContain('ERROR:  syntax error at or near "SELEKT"\nLINE 1: SELEKT 1\n        ^\n')
  expect(sql("INSERT INTO t VALUES (1, 'x'); INSERT INTO t VALUES (1, 'y')")).toContain(
    'INSERT 0 1\nERROR:  duplicate key value violates unique constraint "t_pkey"\nDETAIL:  Key (a)=(1) already exists.\n',
  )
  // All of one text holds, or nothing.
  expect(sql('SELECT a FROM t', '-tA')).toBe('')
  expect(sql("INSERT INTO t VALUES (1, 'long')")).toContain('ERROR:  value too long for type character varying(3)\n')
  expect(sql('INSERT INTO t (a) VALUES (1)')).toContain('ERROR:  null value in column "b" of relation "t" violates not-null')
  expect(sql('CREATE TABLE t (a INT)')).toBe(wrong('ERROR:  relation "t" already exists'))
  expect(sql('DROP TABLE x')).toBe(wrong('ERROR:  table "x" does not exist'))
  expect(sql('CREATE TABLE u (a thing)')).toContain('ERROR:  type "thing" does not exist\n')
  expect(sql('SELECT 1 / 0')).toBe(wrong('ERROR:  division by zero'))
  for (const each of [
    'BEGIN',
    'SELECT * FROM t JOIN t ON true',
    'SELECT 1::text',
    'SELECT u.a FROM t u',
    'SELECT * FROM (SELECT 1) AS x',
    'SELECT nope(1)',
    'ALTER TABLE t ADD c INT',
    '\\du',
  ])
    expect(sql(each)).toMatch(/is not supported by this simulation of (PostgreSQL|psql)\n\(exit 1\)\n$/)
})

test('databases are made, listed, and gone', () => {
  const sql = psql(database([...PASSWORD, { name: 'POSTGRES_DB', value: 'shop' }]))
  expect(sql('CREATE DATABASE other')).toBe('CREATE DATABASE\n')
  expect(sql('CREATE DATABASE other')).toContain('ERROR:  database "other" already exists\n')
  expect(sql('CREATE TABLE t (a INT)', '-d', 'other')).toBe('CREATE TABLE\n')
  expect(sql('\\dt', '-d', 'other')).toBe(
    '        List of relations\n Schema | Name | Type  |  Owner   \n--------+------+-------+----------\n public | t    | table | postgres\n(1 row)\n\n',
  )
  expect(sql('\\dt')).toBe('Did not find any relations.\n')
  expect(sql('\\l')).toMatch(/^ +List of databases\n {3}Name {4}\| {2}Owner {3}\| Encoding \| Locale Provider \|/)
  expect(sql('\\l', '-tA')).toContain('shop|postgres|UTF8|libc|en_US.utf8|en_US.utf8|||\n')
  expect(sql('\\conninfo')).toBe(
    'You are connected to database "postgres" as user "postgres" via socket in "/var/run/postgresql" at port "5432".\n',
  )
  expect(sql('DROP DATABASE other')).toBe('DROP DATABASE\n')
  expect(sql('SELECT 1', '-d', 'other')).toBe(
    'psql: error: connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed: FATAL:  database "other" does not exist\n(exit 2)\n',
  )
})

test('others need a password, over a Service', () => {
  const t = database([...PASSWORD, { name: 'POSTGRES_USER', value: 'ann' }])
  t.create(pod('client', '', { containers: [{ name: 'c', image: 'postgres:17', command: ['sleep', '1d'] }] }))
  t.run(20)
  const address = t.get('services', 'db')?.['spec'].clusterIP
  const run = (...words: string[]): string => inPod(t, 'client', words)
  const failed = `psql: error: connection to server at "db" (${address}), port 5432 failed:`
  expect(run('psql', '-h', 'db', '-U', 'ann', '-c', 'SELECT 1')).toBe(`${failed} fe_sendauth: no password supplied\n(exit 2)\n`)
  expect(run('env', 'PGPASSWORD=no', 'psql', '-h', 'db', '-U', 'ann', '-c', 'SELECT 1')).toBe(
    `${failed} FATAL:  password authentication failed for user "ann"\n(exit 2)\n`,
  )
  expect(run('env', 'PGPASSWORD=secret', 'psql', '-hdb', '-Uann', '-tAc', 'select 42')).toBe('42\n')
  expect(run('psql', 'postgresql://ann:secret@db:5432/ann', '-tAc', 'SELECT current_database()')).toBe('ann\n')
  expect(run('psql', '-h', 'nobody', '-c', 'SELECT 1')).toContain('could not translate host name "nobody" to address')
  expect(inPod(t, 'db', ['psql', '-c', 'SELECT 1'])).toContain('FATAL:  role "root" does not exist\n(exit 2)\n')
  expect(run('pg_isready', '-h', 'db')).toBe('db:5432 - accepting connections\n')
  expect(run('pg_isready')).toBe('/var/run/postgresql:5432 - no response\n(exit 2)\n')
})

test('statements come on standard input, and go on after one that fails', () => {
  const t = database()
  const input =
    'CREATE TABLE t (a INT,\n  made TIMESTAMP DEFAULT now());\nSELECT * FROM x;\nINSERT INTO t VALUES (3);\nSELECT a FROM t;\n\\q\n'
  expect(inPod(t, 'db', ['psql', '-U', 'postgres'], input)).toBe(
    'CREATE TABLE\nERROR:  relation "x" does not exist\nLINE 1: SELECT * FROM x;\n                      ^\nINSERT 0 1\n a \n---\n 3\n(1 row)\n\n',
  )
  expect(inPod(t, 'db', ['psql', '-U', 'postgres', '-v', 'ON_ERROR_STOP=1'], 'SELECT * FROM x;\nSELECT 1;\n')).toMatch(
    /\^\n\(exit 3\)\n$/,
  )
})

test('data outlive the container, and PGDATA must be empty or its own', () => {
  const t = new TestCluster().run(15)
  const volumes = [{ name: 'data', emptyDir: {} }]
  const volumeMounts = [{ name: 'data', mountPath: '/var/lib/postgresql/data' }]
  t.create(pod('db', '', { volumes, containers: [{ name: 'db', image: 'postgres:17', env: PASSWORD, volumeMounts }] }))
  t.run(30)
  const sql = psql(t)
  sql('CREATE TABLE t (a INT)')
  inPod(t, 'db', ['kill', '1'])
  t.run(60)
  expect(sql('SELECT * FROM t')).toBe(' a \n---\n(0 rows)\n\n')

  const init = {
    name: 'mkfs',
    image: 'busybox',
    command: ['mkdir', '/data/lost+found'],
    volumeMounts: [{ name: 'data', mountPath: '/data' }],
  }
  const spec = (env: object[]) => ({
    volumes,
    initContainers: [init],
    restartPolicy: 'Never',
    containers: [{ name: 'db', image: 'postgres:17', env, volumeMounts }],
  })
  t.create(pod('lost', '', spec(PASSWORD)))
  t.create(pod('found', '', spec([...PASSWORD, { name: 'PGDATA', value: '/var/lib/postgresql/data/pgdata' }])))
  t.run(40)
  const log = t.cluster.request({ method: 'GET', path: '/api/v1/namespaces/default/pods/lost/log?container=db' }).body
  expect(log).toContain(
    'initdb: error: directory "/var/lib/postgresql/data" exists but is not empty\ninitdb: detail: It contains a lost+found directory, perhaps due to it being a mount point.\n',
  )
  expect(t.get('pods', 'lost')?.['status'].containerStatuses[0].state.terminated.exitCode).toBe(1)
  expect(t.get('pods', 'found')?.['status'].phase).toBe('Running')
})
