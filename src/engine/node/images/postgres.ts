/** postgres: databases on port 5432, that insist on a password. */
import { image } from '../image.ts'
import { http, POSTGRES, type PostgresState, start } from './postgres-server.ts'
import { text } from './postgres-wire.ts'
import { CLOSED } from './protocol.ts'
import { pgIsReady, psqlClient, psqlPrompt } from './psql.ts'

export const postgres = image<PostgresState | null>({
  name: 'postgres',
  also: ['postgresql'],
  sizeMb: 160,
  system: 'debian',
  extras: ['bash', 'getent'],
  entrypoint: ['docker-entrypoint.sh'],
  command: ['postgres'],
  env: { PGDATA: '/var/lib/postgresql/data' },
  start,
  speaks: POSTGRES,
  text,
  http: (request, state, host) => (state ? http(request, state, host) : [CLOSED, state]),
  commands: { pg_isready: pgIsReady, psql: psqlClient },
  prompts: { psql: psqlPrompt },
  listens: (state) => (state ? [5432] : []),
  memoryMi: () => 40,
})
