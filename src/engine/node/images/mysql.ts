/** mysql and mariadb: a database on port 3306 that insists on a password option. */
import { image } from '../image.ts'
import { dashTime } from '../web.ts'
import { mysqlClient } from './sql-client.ts'

export const mysql = image({
  name: 'mysql',
  also: ['mariadb'],
  sizeMb: 240,
  extras: ['bash', 'getent'],
  entrypoint: ['docker-entrypoint.sh'],
  command: ['mysqld'],
  words: ['mariadbd'],
  start(host) {
    const given = ['MYSQL_ROOT_PASSWORD', 'MYSQL_ALLOW_EMPTY_PASSWORD', 'MYSQL_RANDOM_ROOT_PASSWORD', 'MARIADB_ROOT_PASSWORD']
    if (!given.some((name) => host.env[name])) {
      const note = `${dashTime(host.now)}+00:00`
      host.out(
        `${note} [ERROR] [Entrypoint]: Database is uninitialized and password option is not specified\n    You need to specify one of the following as an environment variable:\n    - MYSQL_ROOT_PASSWORD\n    - MYSQL_ALLOW_EMPTY_PASSWORD\n    - MYSQL_RANDOM_ROOT_PASSWORD\n`,
        'stderr',
      )
      host.exit(1)
      return null
    }
    host.out(`${dashTime(host.now)} 0 [System] [MY-010931] [Server] /usr/sbin/mysqld: ready for connections.\n`, 'stderr')
    return null
  },
  commands: {
    mysqladmin: () => ({ out: 'mysqld is alive\n', code: 0 }),
    'mariadb-admin': () => ({ out: 'mysqld is alive\n', code: 0 }),
    mysql: mysqlClient,
    mariadb: mysqlClient,
  },
  listens: () => [3306],
  memoryMi: () => 350,
})
