/** mysql has a database behind it. */
import { expect, test } from 'vitest'
import { pod } from '../testing/builders.ts'
import { TestCluster } from '../testing/test-cluster.ts'

function database(image: string, env: { name: string; value: string }[], tty = false) {
  const t = new TestCluster()
  t.create(pod('db', '', { containers: [{ name: 'db', image, env }] }))
  t.run(30)
  return (...words: string[]): string => {
    const query = words.map((word) => `command=${encodeURIComponent(word)}`).join('&')
    const path = `/api/v1/namespaces/default/pods/db/exec?stdout=true&stderr=${!tty}&tty=${tty}&${query}`
    const events = t.cluster.open({ method: 'GET', path }).take()
    const text = events.flatMap((event) => ('data' in event && event.channel < 3 ? event.data : [])).join('')
    return text.replaceAll('\r\n', '\n')
  }
}

const ROOT = [{ name: 'MYSQL_ROOT_PASSWORD', value: 'x' }]
/** A client that says its password in a variable, and so without a warning. */
const asRoot = (run: (...words: string[]) => string) => (sql: string) => run('env', 'MYSQL_PWD=x', 'mysql', '-e', sql)

test('mysql keeps tables', () => {
  const sql = asRoot(database('mysql:8.4', ROOT))
  expect(sql('CREATE DATABASE shop; SHOW DATABASES')).toBe('Database\ninformation_schema\nmysql\nperformance_schema\nshop\nsys\n')
  expect(
    sql('CREATE TABLE shop.things (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20) NOT NULL, price DECIMAL(6,2) DEFAULT 1)'),
  ).toBe('')
  expect(sql("INSERT INTO shop.things (name, price) VALUES ('cup', 4.5), ('pen', DEFAULT), ('it''s', 2)")).toBe('')
  expect(sql('SELECT * FROM shop.things ORDER BY price DESC LIMIT 2')).toBe("id\tname\tprice\n1\tcup\t4.50\n3\tit's\t2.00\n")
  expect(sql("UPDATE shop.things SET price = price * 2 WHERE name LIKE 'c%'; SELECT price FROM shop.things WHERE id = 1")).toBe(
    'price\n9.00\n',
  )
  expect(sql('SELECT COUNT(*), MAX(price) AS most FROM shop.things')).toBe('COUNT(*)\tmost\n3\t9\n')
  expect(sql('SELECT price > 5 AS dear, COUNT(*) FROM shop.things GROUP BY price > 5 ORDER BY dear')).toBe(
    'dear\tCOUNT(*)\n0\t2\n1\t1\n',
  )
  expect(sql('DELETE FROM shop.things WHERE id IN (1, 2); SELECT name FROM shop.things')).toBe("name\nit's\n")
  expect(sql('USE shop; SHOW TABLES; DESCRIBE things')).toContain(
    'Tables_in_shop\nthings\nField\tType\tNull\tKey\tDefault\tExtra\nid\tint\tNO\tPRI\tNULL\tauto_increment\n',
  )
})

test('mysql says in its own words what is wrong', () => {
  const run = database('mysql:8.4', ROOT)
  const sql = asRoot(run)
  expect(sql('CREATE DATABASE shop; CREATE TABLE shop.t (a INT PRIMARY KEY); INSERT INTO shop.t VALUES (1)')).toBe('')
  expect(sql('SELECT * FROM shop.nothing')).toBe("ERROR 1146 (42S02) at line 1: Table 'shop.nothing' doesn't exist\n")
  expect(sql('SELECT b FROM shop.t')).toBe("ERROR 1054 (42S22) at line 1: Unknown column 'b' in 'field list'\n")
  expect(sql('INSERT INTO shop.t VALUES (1)')).toBe("ERROR 1062 (23000) at line 1: Duplicate entry '1' for key 't.PRIMARY'\n")
  expect(sql('SELECT * FROM t')).toBe('ERROR 1046 (3D000) at line 1: No database selected\n')
  expect(sql('SELEKT 1')).toMatch(
    /^ERROR 1064 \(42000\) at line 1: You have an error in your SQL syntax; .* near 'SELEKT 1' at line 1\n$/,
  )
  expect(sql('SELECT * FROM shop.t JOIN shop.t')).toMatch(/doesn't yet support 'JOIN'/)
  expect(run('mysql', '-uroot', '-pwrong', '-e', 'SELECT 1')).toContain(
    "ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: YES)\n",
  )
  expect(run('mysql', '-h', 'nobody', '-e', 'SELECT 1')).toBe("ERROR 2005 (HY000): Unknown MySQL server host 'nobody' (-2)\n")
  expect(run('mysqladmin', 'ping')).toBe('mysqld is alive\n')
})

test('mysql draws tables for people', () => {
  const sql = asRoot(database('mysql:5.7', ROOT, true))
  expect(sql('SELECT 1 AS n, NULL, "a" AS text')).toBe(
    '+---+------+------+\n| n | NULL | text |\n+---+------+------+\n| 1 | NULL | a    |\n+---+------+------+\n',
  )
})

test('a replica has what its source has', () => {
  const t = new TestCluster()
  for (const name of ['one', 'two']) t.create(pod(name, '', { containers: [{ name: 'db', image: 'mysql:5.7', env: ROOT }] }))
  t.run(30)
  const sql = (name: string, text: string): string => {
    const words = ['env', 'MYSQL_PWD=x', 'mysql', '-e', text].map((word) => `command=${encodeURIComponent(word)}`).join('&')
    const path = `/api/v1/namespaces/default/pods/${name}/exec?stdout=true&stderr=true&${words}`
    const events = t.cluster.open({ method: 'GET', path }).take()
    return events.flatMap((event) => ('data' in event && event.channel < 3 ? event.data : [])).join('')
  }
  const source = t.get('pods', 'one')?.['status'].podIP
  expect(sql('two', `CHANGE MASTER TO MASTER_HOST='${source}', MASTER_USER='root'; START SLAVE`)).toBe('')
  sql('one', "CREATE DATABASE shop; CREATE TABLE shop.t (a TEXT); INSERT INTO shop.t VALUES ('hello')")
  t.run(3)
  expect(sql('two', 'SELECT * FROM shop.t; SHOW SLAVE STATUS')).toContain('a\nhello\nSlave_IO_State\tMaster_Host')
})

test('what an account may not be given, and a session not be told, is refused', () => {
  const sql = asRoot(database('mysql:8.4', ROOT))
  expect(
    sql("CREATE USER 'ann'@'%' IDENTIFIED BY 'x'; GRANT ALL PRIVILEGES ON *.* TO 'ann'@'%'; FLUSH PRIVILEGES; SET NAMES utf8mb4"),
  ).toBe('')
  expect(sql("GRANT ALL ON *.* TO 'nobody'@'%'")).toMatch(/ERROR 1410 \(42000\).*You are not allowed to create a user with GRANT/)
  for (const each of ["GRANT SELECT ON *.* TO 'ann'@'%'", 'SET GLOBAL read_only = 1', 'FLUSH TABLES', 'RESET MASTER'])
    expect(sql(each)).toMatch(/^ERROR/)
})

test('patterns are no expressions of ours', () => {
  const sql = asRoot(database('mysql:8.4', ROOT))
  expect(sql("SHOW DATABASES LIKE '('")).toBe('')
  expect(sql("SHOW DATABASES LIKE 'S_S'")).toBe('Database (S_S)\nsys\n'.replace(' (S_S)', ''))
  expect(sql("SELECT 'abcabd' LIKE 'a%bd', 'a.c' LIKE 'a_c', 'ab' LIKE 'a_c', '' LIKE '%'")).toMatch(/\n1\t1\t0\t1\n$/)
  expect(sql(`SELECT REPEAT('a', 5000) LIKE '${'%a'.repeat(200)}b'`)).toMatch(/\n0\n$/)
})
