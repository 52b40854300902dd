/** Database clients: probes are answered, and what there is no database for is refused, never taken in silence. */
import { expect, test } from 'vitest'
import { pod } from '../testing/builders.ts'
import { TestCluster } from '../testing/test-cluster.ts'

function database(image: string, env: { name: string; value: string }): (...words: string[]) => string {
  const t = new TestCluster()
  t.create(pod('db', '', { containers: [{ name: 'db', image, env: [env] }] }))
  t.run(30)
  return (...words) => {
    const query = words.map((word) => `command=${encodeURIComponent(word)}`).join('&')
    const path = `/api/v1/namespaces/default/pods/db/exec?stdout=true&stderr=true&${query}`
    const events = t.cluster.open({ method: 'GET', path }).take()
    return events.flatMap((event) => ('data' in event && event.channel < 3 ? event.data : [])).join('')
  }
}

test('mysql selects a number of a server that runs, and refuses what needs a database', () => {
  const run = database('mysql:8.4', { name: 'MYSQL_ROOT_PASSWORD', value: 'x' })
  expect(run('mysql', '-uroot', '-px', '-e', 'SELECT 1')).toBe('1\n1\n')
  expect(run('mysql', '-uroot', '-px', '-e', 'CREATE DATABASE shop')).toMatch(/^mysql: only SELECT of a number is supported here/)
  expect(run('mysql')).toMatch(/^mysql: a prompt is not supported here/)
  expect(run('mysql', '-h', 'nobody', '-e', 'SELECT 1')).toBe("ERROR 2005 (HY000): Unknown MySQL server host 'nobody' (-2)\n")
})

test('psql likewise', () => {
  const run = database('postgres:17', { name: 'POSTGRES_PASSWORD', value: 'x' })
  expect(run('psql', '-U', 'postgres', '-c', 'SELECT 1;')).toBe(' ?column? \n----------\n        1\n(1 row)\n\n')
  expect(run('psql', '-Upostgres', '-tAc', 'select 42')).toBe('42\n')
  expect(run('psql', '-U', 'postgres', '-c', 'CREATE TABLE t (a int)')).toMatch(
    /^psql: only SELECT of a number is supported here/,
  )
})
