/** mongod: documents on a port, kept in its data directory, for those that may. */
import { formatTime } from '#api/time.ts'
import type { HttpReply, HttpRequest } from '../../machinery/http.ts'
import type { Host } from '../programs/program.ts'
import { kept, readKept } from './kept.ts'
import { type Command, type Databases, run } from './mongo-store.ts'
import type { Doc, Value } from './mongo-values.ts'
import { MongoError } from './mongo-words.ts'
import { CLOSED, said } from './protocol.ts'

/** Plain data, saved with the world. */
export interface MongoState {
  databases: Databases
  /** Passwords of the users of `admin`. */
  users: Readonly<Record<string, string>>
  /** Who does not log in may do little. */
  auth: boolean
  port: number
  path: string
}

/** The protocol, and what it is called on files. */
export const MONGO = 'mongo'
type Kept = Pick<MongoState, 'databases' | 'users'>
export const PORT = 27_017
export interface Login {
  user: string
  password: string
  source: string
}
export interface Asked {
  db: string
  login?: Login
  command: Command
}
export type Told = { answer: Value } | { error: { kind: string; message: string; codeName?: string } }

/** Stands for the collections' files. */
const FILE = 'WiredTiger.wt'
const MISSING = `
error: missing 'MONGO_INITDB_ROOT_USERNAME' or 'MONGO_INITDB_ROOT_PASSWORD'
       both must be specified for a user to be created

`

export function versionOf({ tag }: Host): string {
  const given = /^\d+(\.\d+)*/.exec(tag)?.[0] ?? '8'
  const latest: Readonly<Record<string, string>> = {
    '4': '4.4.29',
    '4.4': '4.4.29',
    '5': '5.0.31',
    '5.0': '5.0.31',
    '6': '6.0.26',
    '6.0': '6.0.26',
    '7': '7.0.24',
    '7.0': '7.0.24',
    '8': '8.0.13',
    '8.0': '8.0.13',
  }
  return latest[given] ?? given
}

type Attributes = Readonly<Record<string, unknown>>

function log(
  host: Host,
  level: 'I' | 'W' | 'E' | 'F',
  part: string,
  id: number,
  context: string,
  msg: string,
  attr?: Attributes,
): void {
  const time = JSON.stringify({ $date: `${formatTime(host.now).slice(0, 19)}.${String(host.now % 1000).padStart(3, '0')}+00:00` })
  const head = `"s":"${level}",  "c":${`"${part}",`.padEnd(12)}"id":${`${id},`.padEnd(9)}"ctx":"${context}"`
  host.out(`{"t":${time},${head},"msg":${JSON.stringify(msg)}${attr ? `,"attr":${JSON.stringify(attr)}` : ''}}\n`)
}

/** Options that change nothing here. */
const QUIET = /^--(bind_ip_all|ipv6|quiet|logappend|wiredTigerCacheSizeGB|noauth|directoryperdb)(=|$)/

/** It always listens on all addresses. */
const EVERYWHERE = /(^|,)(0\.0\.0\.0|\*|::)(,|$)/

function optionsOf(argv: readonly string[]): { port: number; path: string; auth: boolean; odd: string[] } {
  const options = { port: PORT, path: '/data/db', auth: false, odd: [] as string[] }
  argv.forEach((word, i) => {
    const [name, attached] = word.split('=', 2)
    const value = attached ?? argv[i + 1] ?? ''
    if (name === '--port') options.port = Number(value)
    else if (name === '--dbpath') options.path = value
    else if (name === '--auth') options.auth = true
    else if (name === '--bind_ip' && EVERYWHERE.test(value)) return
    else if (word.startsWith('-') && !QUIET.test(word)) options.odd.push(word)
  })
  return options
}

export function start(host: Host): MongoState | null {
  const { port, path, auth, odd } = optionsOf(host.argv)
  // The variables are the entrypoint's: mongod itself does not know them.
  const entered = /docker-entrypoint/.test(host.argv[0] ?? '')
  const [user = '', password = ''] = entered
    ? ['USERNAME', 'PASSWORD'].map((name) => secret(host, `MONGO_INITDB_ROOT_${name}`))
    : []
  if ((user === '') !== (password === '')) {
    host.out(MISSING, 'stderr')
    host.exit(1)
    return null
  }
  const old = host.files.read(`${path}/${FILE}`)
  const found = old === undefined ? { databases: {}, users: user === '' ? {} : { [user]: password } } : readKept<Kept>(MONGO, old)
  const attr = { pid: 1, port, dbPath: path, architecture: '64-bit', host: host.hostname }
  log(host, 'I', 'CONTROL', 4615611, 'initandlisten', 'MongoDB starting', attr)
  log(host, 'I', 'CONTROL', 23403, 'initandlisten', 'Build Info', { buildInfo: { version: versionOf(host) } })
  if (!found) return spoilt(host)
  const state = { ...found, port, path, auth: auth || user !== '' }
  for (const option of odd)
    log(host, 'W', 'CONTROL', 20_000, 'initandlisten', 'This simulated mongod does not know the option, and goes on without', {
      option,
    })
  for (const script of (old === undefined && entered && host.files.list('/docker-entrypoint-initdb.d')) || [])
    log(host, 'W', 'CONTROL', 20_000, 'initandlisten', 'This simulated image runs no scripts', { script })
  if (!state.auth)
    log(
      host,
      'W',
      'CONTROL',
      22120,
      'initandlisten',
      'Access control is not enabled for the database. Read and write access to data and configuration is unrestricted',
    )
  const withPort = Number.parseInt(versionOf(host), 10) >= 7
  for (const address of [`/tmp/mongodb-${port}.sock`, `0.0.0.0${withPort ? `:${port}` : ''}`])
    log(host, 'I', 'NETWORK', 23015, 'listener', 'Listening on', { address })
  log(host, 'I', 'NETWORK', 23016, 'listener', 'Waiting for connections', { port, ssl: 'off' })
  return write(state, host)
}

/** Somebody else has written into the file. */
function spoilt(host: Host): null {
  const message = `[${Math.floor(host.now / 1000)}:0][1:0x0], file:${FILE}, connection: ${FILE} does not appear to be a WiredTiger file: WT_ERROR: non-specific WiredTiger error`
  const where = { file: 'src/mongo/db/storage/wiredtiger/wiredtiger_kv_engine.cpp', line: 0 }
  const error = 'Location28595: -31802: WT_ERROR: non-specific WiredTiger error'
  log(host, 'E', 'WT', 22435, 'initandlisten', 'WiredTiger error message', { error: -31802, message })
  log(host, 'F', 'ASSERT', 23095, 'initandlisten', 'Fatal assertion', { msgid: 28595, error, ...where })
  log(host, 'F', 'ASSERT', 23096, 'initandlisten', '\n\n***aborting after fassert() failure\n\n')
  host.exit(14)
  return null
}

/** A variable, or the file that its brother names. */
const secret = ({ env, files }: Host, name: string): string =>
  env[name] || (env[`${name}_FILE`] && files.read(env[`${name}_FILE`] as string)?.trimEnd()) || ''

function write(state: MongoState, host: Host): MongoState {
  const { databases, users, path } = state
  host.files.write(`${path}/${FILE}`, kept(MONGO, { databases, users } satisfies Kept))
  return state
}

export function http(request: HttpRequest, state: MongoState, host: Host): [HttpReply, MongoState] {
  if (request.protocol !== MONGO) {
    // Only this method is known to it.
    if (request.method !== 'GET') return [CLOSED, state]
    const body = 'It looks like you are trying to access MongoDB over HTTP on the native driver port.\n'
    return [{ status: 200, headers: { 'content-type': 'text/plain' }, body }, state]
  }
  const [told, next] = answered(request.message as Asked, state, host)
  return [said(MONGO, told), next]
}

/** Whoever has not logged in may say these. */
const FREE = ['ping', 'hello', 'buildInfo']

function answered({ db, login, command }: Asked, state: MongoState, host: Host): [Told, MongoState] {
  try {
    if (
      login &&
      !(login.source === 'admin' && Object.hasOwn(state.users, login.user) && state.users[login.user] === login.password)
    )
      throw new MongoError('MongoServerError', 'Authentication failed.', 'AuthenticationFailed')
    if (state.auth && !login && !FREE.includes(command.name))
      throw new MongoError('MongoServerError', `Command ${command.name} requires authentication`, 'Unauthorized')
    if (!('collection' in command)) return whole(command.name, db, state, host)
    const { answer, collections } = run(command, collectionsOf(state, db), db)
    if (!collections) return [{ answer }, state]
    return [{ answer }, write({ ...state, databases: { ...state.databases, [db]: collections } }, host)]
  } catch (error) {
    if (!(error instanceof MongoError)) throw error
    const { kind, message, codeName } = error
    return [{ error: { kind, message, ...(codeName === undefined ? {} : { codeName }) } }, state]
  }
}

const collectionsOf = ({ databases }: MongoState, db: string) => (Object.hasOwn(databases, db) && databases[db]) || {}

/** What empty databases of the server's own take; a collection and its index have a page each. */
const OWN: Readonly<Record<string, number>> = { admin: 40_960, config: 61_440, local: 40_960 }
const PAGES = 8192

/** Commands that are about no collection. */
function whole(name: string, db: string, state: MongoState, host: Host): [Told, MongoState] {
  if (name === 'buildInfo') return [{ answer: { version: versionOf(host), bits: 64, ok: 1 } }, state]
  if (name === 'hello') return [{ answer: hello(host) }, state]
  if (name === 'listCollections') return [{ answer: Object.keys(collectionsOf(state, db)).sort() }, state]
  if (name === 'listDatabases') {
    const sizes: Record<string, number> = { ...OWN }
    for (const [each, collections] of Object.entries(state.databases)) {
      const size = Object.keys(collections).length * PAGES
      if (size > 0) sizes[each] = (OWN[each] ?? 0) + size
    }
    const names = Object.keys(sizes).sort()
    return [{ answer: names.map((each): Doc => ({ name: each, sizeOnDisk: sizes[each] as number })) }, state]
  }
  if (name === 'dropDatabase') {
    const { [db]: gone, ...databases } = state.databases
    return [{ answer: gone ? { ok: 1, dropped: db } : { ok: 1 } }, gone ? write({ ...state, databases }, host) : state]
  }
  return [{ answer: { ok: 1 } }, state]
}

const hello = (host: Host): Doc => ({
  isWritablePrimary: true,
  maxBsonObjectSize: 16_777_216,
  maxMessageSizeBytes: 48_000_000,
  maxWriteBatchSize: 100_000,
  localTime: { $date: host.now },
  logicalSessionTimeoutMinutes: 30,
  minWireVersion: 0,
  readOnly: false,
  ok: 1,
})
