/** mysqld: databases on a port, kept in its data directory; a replica asks its source for what it has not. */
import { byteLength } from '#api/bytes.ts'
import type { HttpReply, HttpRequest } from '../../machinery/http.ts'
import type { Host } from '../programs/program.ts'
import { dashTime } from '../web.ts'
import { kept as packed, readKept } from './kept.ts'
import { CLOSED, said, speak } from './protocol.ts'
import { type Answer, run, type Session, WRITES } from './sql-run.ts'
import type { World } from './sql-select.ts'
import { type Cell, freshStore, type Store } from './sql-store.ts'
import { SqlError } from './sql-words.ts'

/** Plain data, saved with the world. */
export interface MysqlState {
  store: Store
  serverId: number
  readOnly: boolean
  source?: { host: string; running: boolean }
}

/** The protocol, and what it is called on files. */
export const MYSQL = 'mysql'
export const PORT = 3306
export interface Asked {
  user: string
  password?: string
  db?: string
  sql: string
}
/** A replica asks for all, unless it is at this version. */
interface Dump {
  dump: number
}
export interface Trouble {
  code: number
  state: string
  message: string
}
export type Told = { db?: string; answer: Answer } | { trouble: Trouble }

const DATA = '/var/lib/mysql'
/** Stands for the tables' files. */
const FILE = `${DATA}/ibdata1`
const FOLLOW_MS = 1000

const isMaria = ({ repository }: Host): boolean => repository.includes('mariadb')
export function versionOf(host: Host): string {
  const tag = /^\d+(\.\d+)*/.exec(host.tag)?.[0]
  if (isMaria(host)) return `${tag ?? '11.8.2'}-MariaDB`
  return { '5.7': '5.7.44', '8': '8.4.6', '8.0': '8.0.43', '8.4': '8.4.6', '9': '9.4.0' }[tag ?? '9'] ?? tag ?? '9.4.0'
}

const OPTIONS = ['ROOT_PASSWORD', 'ALLOW_EMPTY_PASSWORD', 'RANDOM_ROOT_PASSWORD']
const given = (host: Host, name: string): string | undefined =>
  host.env[`MYSQL_${name}`] || (isMaria(host) ? host.env[`MARIADB_${name}`] : undefined) || undefined

/** What `[mysqld]` sections say. */
function configured(host: Host): Map<string, string> {
  const settings = new Map<string, string>()
  for (const folder of ['/etc/mysql/conf.d', '/etc/mysql/mysql.conf.d', '/etc/my.cnf.d'])
    for (const name of host.files.list(folder) ?? [])
      for (const line of (host.files.read(`${folder}/${name}`) ?? '').split('\n')) {
        const [, key = '', value = 'ON'] = /^\s*([\w-]+)\s*(?:=\s*(.*?))?\s*$/.exec(line) ?? []
        if (key !== '') settings.set(key.replaceAll('-', '_'), value)
      }
  return settings
}

export function start(host: Host): MysqlState | null {
  const note = (text: string): void => host.out(`${dashTime(host.now)}+00:00 ${text}\n`, 'stderr')
  const old = host.files.read(FILE)
  if (old === undefined && !OPTIONS.some((name) => given(host, name))) {
    const prefix = isMaria(host) ? 'MARIADB' : 'MYSQL'
    note(
      `[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified\n    You need to specify one of the following as an environment variable:\n${OPTIONS.map((name) => `    - ${prefix}_${name}\n`).join('')}`.trimEnd(),
    )
    host.exit(1)
    return null
  }
  const settings = configured(host)
  const found = old === undefined ? initialized(host) : readKept<Pick<MysqlState, 'store' | 'source'>>(MYSQL, old)
  if (!found) {
    for (const line of spoilt(byteLength(old ?? ''), isMaria(host))) note(line)
    host.exit(1)
    return null
  }
  const state: MysqlState = {
    ...found,
    serverId: Number(settings.get('server_id') ?? 1),
    readOnly: settings.has('super_read_only') || settings.has('read_only'),
  }
  if (old === undefined) note('[Note] [Entrypoint]: MySQL init process done. Ready for start up.')
  const where = `port: ${PORT}  MySQL Community Server - GPL.`
  note(
    `0 [System] [MY-010931] [Server] /usr/sbin/mysqld: ready for connections. Version: '${versionOf(host)}'  socket: '/var/run/mysqld/mysqld.sock'  ${where}`,
  )
  if (state.source?.running) host.wake(FOLLOW_MS)
  return kept(state, host)
}

const PAGE = 16_384
const PAGES_A_MB = 64

/** What InnoDB says of a file that is not as it has left it. */
function spoilt(bytes: number, maria: boolean): string[] {
  const pages = Math.floor(bytes / PAGE / PAGES_A_MB) * PAGES_A_MB
  const size = (file: string): string => `The Auto-extending ${file} './ibdata1' is of a different size ${pages} pages`
  if (maria)
    return [
      `0 [ERROR] InnoDB: ${size('data file')} than specified by innodb_data_file_path`,
      '0 [ERROR] InnoDB: Plugin initialization aborted with error Generic error',
      "0 [ERROR] Plugin 'InnoDB' registration as a STORAGE ENGINE failed.",
      '0 [ERROR] Unknown/unsupported storage engine: InnoDB',
      '0 [ERROR] Aborting',
    ]
  return [
    `1 [ERROR] [MY-012263] [InnoDB] ${size('innodb_system data file')} (rounded down to MB) than specified in the .cnf file: initial 768 pages, max 0 (relevant if non-zero) pages!`,
    '1 [ERROR] [MY-012930] [InnoDB] Plugin initialization aborted with error Generic error.',
    '1 [ERROR] [MY-010334] [Server] Failed to initialize DD Storage Engine',
    '0 [ERROR] [MY-010020] [Server] Data Dictionary initialization failed.',
    '0 [ERROR] [MY-010119] [Server] Aborting',
  ]
}

function initialized(host: Host): { store: Store } {
  const users: Record<string, string> = {
    root: given(host, 'ROOT_PASSWORD') ?? (given(host, 'RANDOM_ROOT_PASSWORD') ? String(host.random(2 ** 31)) : ''),
  }
  const [user, password, database] = [given(host, 'USER'), given(host, 'PASSWORD'), given(host, 'DATABASE')]
  if (user && password) users[user] = password
  return { store: freshStore(users, database ? [database] : []) }
}

function kept(state: MysqlState, host: Host): MysqlState {
  const { store, source } = state
  host.files.write(`${DATA}/mysql/db.opt`, '')
  host.files.write(FILE, packed(MYSQL, { store, ...(source ? { source } : {}) }))
  return state
}

/** A replica has what its source has. */
export function wake(state: MysqlState, host: Host): MysqlState {
  if (!state.source?.running) return state
  host.wake(FOLLOW_MS)
  const store = dump(host, state.source.host, state.store.version)
  return store ? kept({ ...state, store }, host) : state
}

/** All that a server has, if it is another version than this. */
export function dump(host: Host, from: string, version: number): Store | null {
  const heard = speak<Store | null>(host, from, PORT, MYSQL, { dump: version } satisfies Dump)
  return 'message' in heard ? heard.message : null
}

const isKnown = ({ store }: MysqlState, { user, password = '' }: Asked): boolean =>
  Object.hasOwn(store.users, user) && store.users[user] === password

export function http(request: HttpRequest, state: MysqlState, host: Host): [HttpReply, MysqlState] {
  if (request.protocol !== MYSQL) return [CLOSED, state]
  const asked = request.message as Asked | Dump
  if ('dump' in asked) return [said(MYSQL, asked.dump === state.store.version ? null : state.store), state]
  const [told, next] = answered(
    asked,
    state,
    host,
    !request.from || [host.podIp, '127.0.0.1'].includes(request.from) ? 'localhost' : request.from,
  )
  return [said(MYSQL, told), next]
}

function answered(asked: Asked, state: MysqlState, host: Host, from: string): [Told, MysqlState] {
  try {
    if (!isKnown(state, asked)) {
      const using = asked.password === undefined ? 'NO' : 'YES'
      throw new SqlError(1045, '28000', `Access denied for user '${asked.user}'@'${from}' (using password: ${using})`)
    }
    if (state.readOnly && WRITES.test(asked.sql))
      throw new SqlError(
        1290,
        'HY000',
        'The MySQL server is running with the --super-read-only option so it cannot execute this statement',
      )
    const { store, source } = state
    const session: Session = { store, ...(source ? { source } : {}), ...(asked.db === undefined ? {} : { db: asked.db }) }
    const { session: after, answer } = run(asked.sql, session, worldOf(asked, state, host, from))
    const told: Told = { answer, ...(after.db === undefined ? {} : { db: after.db }) }
    if (after.store === store && after.source === source) return [told, state]
    if (after.source?.running) host.wake(FOLLOW_MS)
    const { source: _before, ...others } = state
    return [told, kept({ ...others, store: after.store, ...(after.source ? { source: after.source } : {}) }, host)]
  } catch (error) {
    if (!(error instanceof SqlError)) throw error
    const { code, state: sqlState, message } = error
    return [{ trouble: { code, state: sqlState, message } }, state]
  }
}

function worldOf({ user, db }: Asked, { serverId, readOnly }: MysqlState, host: Host, from: string): World {
  const variables: Readonly<Record<string, Cell>> = {
    server_id: serverId,
    hostname: host.hostname,
    version: versionOf(host),
    port: PORT,
    read_only: readOnly ? 1 : 0,
    super_read_only: readOnly ? 1 : 0,
  }
  const functions: Readonly<Record<string, Cell>> = {
    NOW: dashTime(host.now),
    CURDATE: dashTime(host.now).slice(0, 10),
    UNIX_TIMESTAMP: Math.floor(host.now / 1000),
    VERSION: versionOf(host),
    DATABASE: db ?? null,
    USER: `${user}@${from}`,
    CURRENT_USER: `${user}@%`,
    CONNECTION_ID: 8,
  }
  return {
    variable(name) {
      if (Object.hasOwn(variables, name)) return variables[name] ?? null
      throw new SqlError(1193, 'HY000', `Unknown system variable '${name}'`)
    },
    call: (name) => (Object.hasOwn(functions, name) ? functions[name] : undefined),
  }
}
