/** postgres: a database on port 5432 that insists on a password. */
import { image } from '../image.ts'
import { dashTime } from '../web.ts'
import { psqlClient } from './sql-client.ts'

const NO_PASSWORD = `Error: Database is uninitialized and superuser password is not specified.
       You must specify POSTGRES_PASSWORD to a non-empty value for the
       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".

       You may also use "POSTGRES_HOST_AUTH_METHOD=trust" to allow all
       connections without a password. This is *not* recommended.

       See PostgreSQL documentation about "trust":
       https://www.postgresql.org/docs/current/auth-trust.html
`

export const postgres = image({
  name: 'postgres',
  also: ['postgresql'],
  sizeMb: 160,
  system: 'debian',
  extras: ['bash', 'getent'],
  entrypoint: ['docker-entrypoint.sh'],
  command: ['postgres'],
  env: { PGDATA: '/var/lib/postgresql/data' },
  start(host) {
    if (!host.env['POSTGRES_PASSWORD'] && host.env['POSTGRES_HOST_AUTH_METHOD'] !== 'trust') {
      host.out(NO_PASSWORD, 'stderr')
      host.exit(1)
      return null
    }
    const line = (text: string): void => host.out(`${dashTime(host.now)}.000 UTC [1] LOG:  ${text}\n`, 'stderr')
    line('listening on IPv4 address "0.0.0.0", port 5432')
    line('database system is ready to accept connections')
    return null
  },
  commands: {
    pg_isready: () => ({ out: '/var/run/postgresql:5432 - accepting connections\n', code: 0 }),
    psql: psqlClient,
  },
  listens: () => [5432],
  memoryMi: () => 40,
})
