/** The PostgreSQL server: databases on a port, kept in PGDATA; who comes from elsewhere needs a password. */
import { byteLength } from '#api/bytes.ts'
import type { HttpReply, HttpRequest } from '../../machinery/http.ts'
import type { Host } from '../programs/program.ts'
import { dashTime } from '../web.ts'
import { kept, readKept } from './kept.ts'
import { type Result, runPostgres } from './postgres-run.ts'
import { notSupported, type Trouble } from './postgres-words.ts'
import { CLOSED, said } from './protocol.ts'
import type { World } from './sql-select.ts'
import type { Cell, Store } from './sql-store.ts'

/** Plain data, saved with the world. */
export interface PostgresState {
  store: Store
  trust: boolean
}

/** The protocol, and what it is called on files. */
export const POSTGRES = 'postgres'
export const PORT = 5432
export interface Asked {
  user: string
  db: string
  /** By the socket or from the container itself. */
  local: boolean
  password?: string
  /** Absent: only whether one may come in. */
  sql?: string
}
export interface Told {
  version: string
  /** Why nobody came in. */
  fatal?: string
  noPassword?: boolean
  results: Result[]
  notices: string[]
  trouble?: Trouble
  databases: string[]
  tables: string[]
  owner: string
}

const RELEASES: Readonly<Record<string, string>> = {
  ...{ '9.6': '9.6.24', 10: '10.23', 11: '11.22', 12: '12.22', 13: '13.22', 14: '14.19' },
  ...{ 15: '15.14', 16: '16.10', 17: '17.6', 18: '18.0' },
}
export function versionOf({ tag }: Host): string {
  const told = /^\d+(\.\d+)*/.exec(tag)?.[0] ?? '17'
  return RELEASES[told] ?? told
}
/** As psql and the server's log give it, with where it was packed. */
export const packedOf = (host: Host): string => {
  const version = versionOf(host)
  return host.tag.includes('alpine') ? version : `${version} (Debian ${version}-1.pgdg13+1)`
}
const fullOf = (host: Host): string =>
  `PostgreSQL ${packedOf(host)} on x86_64-pc-linux-${host.tag.includes('alpine') ? 'musl, compiled by gcc (Alpine 14.2.0) 14.2.0' : 'gnu, compiled by gcc (Debian 14.2.0-19) 14.2.0'}, 64-bit`

const NO_PASSWORD = `Error: Database is uninitialized and superuser password is not specified.
       You must specify POSTGRES_PASSWORD to a non-empty value for the
       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".

       You may also use "POSTGRES_HOST_AUTH_METHOD=trust" to allow all
       connections without a password. This is *not* recommended.

       See PostgreSQL documentation about "trust":
       https://www.postgresql.org/docs/current/auth-trust.html
`

const dataOf = ({ env }: Host): string => env['PGDATA'] || '/var/lib/postgresql/data'
/** Stands for the tables' files, too. */
const CONTROL = 'global/pg_control'
const fileOf = (host: Host): string => `${dataOf(host)}/${CONTROL}`
/** The least that it has in bytes. */
const CONTROL_SIZE = 296
const majorOf = (host: Host): string => versionOf(host).split('.')[0] ?? ''

function failed(host: Host, text: string, code = 1): null {
  host.out(text, 'stderr')
  host.exit(code)
  return null
}

export const logged = (host: Host, text: string, level = 'LOG'): void =>
  host.out(`${dashTime(host.now)}.000 UTC [1] ${level}:  ${text}\n`, 'stderr')

export function start(host: Host): PostgresState | null {
  const trust = host.env['POSTGRES_HOST_AUTH_METHOD'] === 'trust'
  // An empty one is none to the entrypoint.
  const found = host.files.read(`${dataOf(host)}/PG_VERSION`) || undefined
  if (found === undefined && !host.env['POSTGRES_PASSWORD'] && !trust) return failed(host, NO_PASSWORD)
  const store = found === undefined ? initialized(host) : again(host, found.trim())
  if (!store) return null
  logged(host, `starting ${fullOf(host)}`)
  logged(host, 'listening on IPv4 address "0.0.0.0", port 5432')
  logged(host, 'listening on IPv6 address "::", port 5432')
  logged(host, 'listening on Unix socket "/var/run/postgresql/.s.PGSQL.5432"')
  logged(host, 'database system is ready to accept connections')
  return { store, trust }
}

function again(host: Host, major: string): Store | null {
  host.out('\nPostgreSQL Database directory appears to contain a database; Skipping initialization\n\n')
  if (!/^\d+(\.\d+)?$/.test(major)) {
    const detail = `File "${dataOf(host)}/PG_VERSION" does not contain valid data.`
    return fatal(host, `"${dataOf(host)}" is not a valid data directory`, detail, 'You might need to initdb.')
  }
  if (major !== majorOf(host)) {
    const was = `The data directory was initialized by PostgreSQL version ${major}`
    const detail = `${was}, which is not compatible with this version ${packedOf(host)}.`
    return fatal(host, 'database files are incompatible with server', detail)
  }
  const file = fileOf(host)
  const content = host.files.read(file)
  if (content !== undefined) return readKept<Store>(POSTGRES, content) ?? spoilt(host, byteLength(content))
  const where = `Expected to find it in the directory "${dataOf(host)}",\nbut could not open file "${file}"`
  return failed(host, `postgres: could not find the database system\n${where}: ${host.files.unreadable(file)}\n`, 2)
}

function fatal(host: Host, message: string, detail: string, hint?: string): null {
  logged(host, message, 'FATAL')
  logged(host, detail, 'DETAIL')
  if (hint) logged(host, hint, 'HINT')
  host.exit(1)
  return null
}

/** Somebody else has written into the control file. */
function spoilt(host: Host, bytes: number): null {
  const isShort = bytes < CONTROL_SIZE
  if (isShort) logged(host, `could not read file "${CONTROL}": read ${bytes} of ${CONTROL_SIZE}`, 'PANIC')
  else logged(host, 'incorrect checksum in control file', 'FATAL')
  // What panics, aborts.
  host.exit(isShort ? 134 : 1)
  return null
}

const INITDB = `The files belonging to this database system will be owned by user "postgres".
This user must also own the server process.

The database cluster will be initialized with locale "en_US.utf8".
The default database encoding has accordingly been set to "UTF8".
The default text search configuration will be set to "english".

Data page checksums are disabled.

`

function initialized(host: Host): Store | null {
  const data = dataOf(host)
  const there = host.files.list(data) ?? []
  host.out(INITDB)
  if (there.length > 0) return failed(host, notEmpty(host, data, there))
  const owner = host.env['POSTGRES_USER'] || 'postgres'
  const database = host.env['POSTGRES_DB'] || owner
  const names = ['postgres', 'template0', 'template1', ...(database === 'postgres' ? [] : [database])]
  const store: Store = {
    databases: Object.fromEntries(names.map((name) => [name, {}])),
    users: { [owner]: host.env['POSTGRES_PASSWORD'] ?? '' },
    version: 1,
  }
  host.run(['mkdir', '-p', `${data}/base`, `${data}/global`])
  const why = host.files.write(`${data}/PG_VERSION`, `${majorOf(host)}\n`)
  if (why !== '') return failed(host, `initdb: error: could not open file "${data}/PG_VERSION" for writing: ${why}\n`)
  keep(store, host)
  host.out('\nPostgreSQL init process complete; ready for start up.\n\n')
  return store
}

function notEmpty(host: Host, data: string, there: readonly string[]): string {
  const modern = Number(majorOf(host)) >= 15
  const [detail, hint] = modern ? ['initdb: detail: ', 'initdb: hint: '] : ['', '']
  const error = `initdb: error: directory "${data}" exists but is not empty\n`
  if (there.includes('lost+found'))
    return `${error}${detail}It contains a lost+found directory, perhaps due to it being a mount point.\n${hint}Using a mount point directly as the data directory is not recommended.\nCreate a subdirectory under the mount point.\n`
  return `${error}${hint}If you want to create a new database system, either remove or empty\nthe directory "${data}" or run initdb\nwith an argument other than "${data}".\n`
}

function keep(store: Store, host: Host): void {
  host.files.write(fileOf(host), kept(POSTGRES, store))
}

export function http(request: HttpRequest, state: PostgresState, host: Host): [HttpReply, PostgresState] {
  if (request.protocol !== POSTGRES) {
    // The letters of a method are no length that a packet may have.
    logged(host, 'invalid length of startup packet')
    return [CLOSED, state]
  }
  const asked = request.message as Asked
  const { told, store } = answered(asked, state, host)
  if (told.fatal) logged(host, told.fatal, 'FATAL')
  if (told.trouble) logged(host, told.trouble.message, 'ERROR')
  if (store !== state.store) keep(store, host)
  return [said(POSTGRES, told), store === state.store ? state : { ...state, store }]
}

function answered(asked: Asked, { store, trust }: PostgresState, host: Host): { told: Told; store: Store } {
  const { user, db, local, password, sql } = asked
  const [owner = ''] = Object.keys(store.users)
  const none = { version: packedOf(host), results: [], notices: [], databases: [], tables: [], owner }
  const refused = (why: Partial<Told>): { told: Told; store: Store } => ({ told: { ...none, ...why }, store })
  const known = Object.hasOwn(store.users, user)
  if (!local && !trust) {
    if (password === undefined || password === '') return refused({ noPassword: true })
    if (!known || store.users[user] !== password) return refused({ fatal: `password authentication failed for user "${user}"` })
  }
  if (!known) return refused({ fatal: `role "${user}" does not exist` })
  if (!Object.hasOwn(store.databases, db)) return refused({ fatal: `database "${db}" does not exist` })
  if (db === 'template0') return refused({ fatal: 'database "template0" is not currently accepting connections' })
  const ran = sql === undefined ? { store, results: [], notices: [] } : runPostgres(sql, store, db, worldOf(asked, host))
  const { results, notices } = ran
  const trouble = 'trouble' in ran && ran.trouble ? { trouble: ran.trouble } : {}
  const [databases, tables] = [Object.keys(ran.store.databases).sort(), Object.keys(ran.store.databases[db] ?? {}).sort()]
  return { told: { ...none, results, notices, ...trouble, databases, tables }, store: ran.store }
}

function worldOf({ user, db }: Asked, host: Host): World {
  const functions: Readonly<Record<string, Cell>> = {
    NOW: `${dashTime(host.now)}+00`,
    VERSION: fullOf(host),
    CURRENT_DATABASE: db,
    CURRENT_SCHEMA: 'public',
  }
  const theirs = /^(IFNULL|CURDATE|UNIX_TIMESTAMP|DATABASE|USER|CONNECTION_ID)$/
  return {
    variable(name) {
      throw notSupported(`@@${name}`)
    },
    call(name) {
      if (theirs.test(name)) throw notSupported(`${name.toLowerCase()}()`)
      if (name === 'SESSION_USER' || name === 'CURRENT_USER') return user
      return Object.hasOwn(functions, name) ? functions[name] : undefined
    },
  }
}
