/** redis-server: keys and values on a port; a leader tells its replicas of what is written. */
import type { HttpReply, HttpRequest } from '../../machinery/http.ts'
import type { Host } from '../programs/program.ts'
import { dashTime } from '../web.ts'
import { CLOSED, said } from './protocol.ts'
import { REDIS, type Sent, send } from './redis-client.ts'
import { config, type Settings, settingsOf } from './redis-config.ts'
import { type Answer, alive, COMMANDS, type Keys, type Value } from './redis-store.ts'
import { answerBytes, commandsOf } from './redis-wire.ts'

/** Plain data, saved with the world. */
export interface RedisState {
  keys: Keys
  began: number
  /** Addresses of those that follow. */
  replicas: readonly string[]
  /** It has all that its leader has. */
  synced: boolean
  /** What it was told, apart from its defaults. */
  settings?: Settings
  /** When it told of what looked like an attack. */
  warned?: number
}

/** A replica asks its leader once a second until it has all, and looks after it every ten seconds. */
const RETRY_MS = 1000
const LOOK_MS = 10_000

function option({ argv }: Host, ...names: string[]): string[] | null {
  const i = argv.findIndex((word) => names.includes(word))
  return i < 0 ? null : argv.slice(i + 1)
}
export const portOf = (host: Host): number => Number(option(host, '--port')?.[0] ?? 6379)

/** Whom it follows. The guestbook's images say so by what they are. */
function leaderOf(host: Host): { name: string; port: number } | null {
  const given = option(host, '--replicaof', '--slaveof')
  if (given) {
    const [name = '', port = '6379'] = given[0]?.includes(' ') ? given[0].split(' ') : given
    return name.toLowerCase() === 'no' ? null : { name, port: Number(port) }
  }
  const image = host.repository.split('/').at(-1) ?? ''
  if (image === 'gb-redis-follower') return { name: 'redis-leader', port: 6379 }
  return image === 'gb-redisslave' || image === 'redis-slave' ? { name: 'redis-master', port: 6379 } : null
}

const tell = (host: Host, text: string, mark = '*'): void =>
  host.out(`1:${leaderOf(host) ? 'S' : 'M'} ${dashTime(host.now)} ${mark} ${text}\n`)

export function start(host: Host): RedisState {
  host.out(`1:C ${dashTime(host.now)} * oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo\n`)
  tell(host, `Running mode=standalone, port=${portOf(host)}.`)
  tell(host, 'Ready to accept connections tcp')
  if (leaderOf(host)) host.wake(0)
  return { keys: {}, began: host.now, replicas: [], synced: false, settings: settingsOf(host) }
}

export function wake(state: RedisState, host: Host): RedisState {
  const leader = leaderOf(host)
  if (!leader) return state
  if (!state.synced) tell(host, `Connecting to MASTER ${leader.name}:${leader.port}`)
  const password = option(host, '--masterauth')?.[0]
  const sent = { argv: [], replica: `${host.podIp} ${portOf(host)}`, ...(password === undefined ? {} : { password }) }
  const got = send(host, leader.name, leader.port, sent)
  // Another server's answer to PING is a plain status.
  const keys = 'answer' in got && 'keys' in got.answer ? (got.answer.keys as Keys) : null
  host.wake(keys ? LOOK_MS : RETRY_MS)
  if (!keys) {
    const why = 'why' in got ? got.why : 'broken' in got ? got.broken : 'error' in got.answer ? got.answer.error : ''
    tell(host, `Error condition on socket for SYNC: ${why}`)
    return { ...state, synced: false }
  }
  if (!state.synced) tell(host, 'MASTER <-> REPLICA sync: Finished with success')
  return { ...state, keys, synced: true }
}

const NOAUTH: Answer = { error: 'NOAUTH Authentication required.' }
const WRONGPASS: Answer = { error: 'WRONGPASS invalid username-password pair or user is disabled.' }
const READONLY: Answer = { error: "READONLY You can't write against a read only replica." }

export function http(request: HttpRequest, state: RedisState, host: Host): [HttpReply, RedisState] {
  if (request.protocol !== REDIS) return [CLOSED, attacked(state, host, request.from)]
  const sent = request.message as Sent
  if (sent.replica !== undefined) {
    const [answer, next] = followed(sent, sent.replica, state, host)
    return [said(REDIS, answer), next]
  }
  const [answer, next] = answered(sent, state, host)
  return [said(REDIS, answer), next]
}

/** Commands sent by hand. */
export function text(input: string, state: RedisState, host: Host): [string, RedisState] {
  const { commands, error } = commandsOf(input)
  let [now, out] = [state, '']
  for (const argv of commands) {
    const name = argv[0]?.toLowerCase()
    if (name === 'post' || name === 'host:') return ['', attacked(now, host)]
    if (name === 'quit') return [`${out}+OK\r\n`, now]
    const [answer, next] = answered({ argv }, now, host)
    now = next
    out += answerBytes(answer)
  }
  return [error === undefined ? out : `${out}-ERR Protocol error: ${error}\r\n`, now]
}

const WARN_MS = 60_000

/** Web browsers may be led to talk to it: it tells of that, once a minute, and closes. */
function attacked(state: RedisState, host: Host, from = '127.0.0.1'): RedisState {
  if (state.warned !== undefined && host.now - state.warned <= WARN_MS) return state
  const likely = 'This is likely due to an attacker attempting to use Cross Protocol Scripting to compromise your Redis instance.'
  const what = 'It looks like somebody is sending POST or Host: commands to Redis.'
  const port = 32_768 + host.random(28_000)
  tell(host, `Possible SECURITY ATTACK detected. ${what} ${likely} Connection from ${from}:${port} aborted.`, '#')
  return { ...state, warned: host.now }
}

/** What keeps one out; null: nothing. */
function closed(sent: Sent, host: Host): Answer | null {
  const secret = option(host, '--requirepass')?.[0]
  if (secret === undefined || sent.replicated || sent.password === secret) return null
  return sent.password === undefined ? NOAUTH : WRONGPASS
}

/** A replica gets all there is, and is told of writes from now on. */
function followed(sent: Sent, replica: string, state: RedisState, host: Host): [Answer | { keys: Keys }, RedisState] {
  const refused = closed(sent, host)
  if (refused) return [refused, state]
  const keys = alive(state.keys, host.now)
  const replicas = state.replicas.includes(replica) ? state.replicas : [...state.replicas, replica]
  if (replicas !== state.replicas) tell(host, `Replica ${replica.replace(' ', ':')} asks for synchronization`)
  return [{ keys }, { ...state, keys, replicas }]
}

function answered(sent: Sent, state: RedisState, host: Host): [Answer, RedisState] {
  const refused = closed(sent, host)
  if (refused) return [refused, state]
  const keys = alive(state.keys, host.now)
  const [name = '', ...args] = sent.argv
  const lower = name.toLowerCase()
  if (lower === 'info') return [{ text: info(args[0]?.toLowerCase(), keys, state, host) }, state]
  if (lower === 'config') {
    const [answer, settings] = config(args, state.settings ?? {})
    return [answer, { ...state, settings }]
  }
  const command = Object.hasOwn(COMMANDS, lower) ? COMMANDS[lower] : undefined
  if (!command) return [unknown(name, args), state]
  if (args.length < command.least || args.length > (command.most ?? Number.POSITIVE_INFINITY))
    return [{ error: `ERR wrong number of arguments for '${lower}' command` }, state]
  if (command.writes && leaderOf(host) && !sent.replicated) return [READONLY, state]
  const [answer, next = keys] = command.run(args, keys, host.now)
  const changed = { ...state, keys: next }
  return [answer, command.writes && !('error' in answer) ? propagated(sent.argv, changed, host) : changed]
}

/** Tells the replicas; who cannot be reached comes again by itself. */
function propagated(argv: readonly string[], state: RedisState, host: Host): RedisState {
  const replicas = state.replicas.filter((replica) => {
    const [ip = '', port = '6379'] = replica.split(' ')
    return 'answer' in send(host, ip, Number(port), { argv, replicated: true })
  })
  return replicas.length === state.replicas.length ? state : { ...state, replicas }
}

/** Commands that redis has and this one has not. */
const LACKING =
  ' acl auth bgsave bitcount blpop brpop client cluster command copy discard dump eval evalsha exec expireat geoadd getdel getex getrange getset hello hexists hincrby hmget hmset hscan latency lindex linsert lmove lpushx lrem lset ltrim memory monitor move msetnx multi object pexpire pfadd pfcount psetex psubscribe publish pubsub randomkey rename renamenx replicaof restore role rpoplpush rpushx save scan script sdiff select setbit setex setnx setrange shutdown sinter slaveof slowlog smove sort spop srandmember sscan subscribe sunion swapdb time touch unlink unwatch wait watch xadd xlen xrange xread zadd zcard zcount zincrby zrange zrangebyscore zrank zrem zrevrange zscore '

function unknown(name: string, args: readonly string[]): Answer {
  if (LACKING.includes(` ${name.toLowerCase()} `))
    return { error: `ERR the command '${name}' is not supported by this simulation of Redis` }
  const begin = args.map((arg) => `'${arg}' `).join('')
  return { error: `ERR unknown command '${name}', with args beginning with: ${begin}` }
}

function info(section: string | undefined, keys: Keys, { began, replicas, synced }: RedisState, host: Host): string {
  const values: Value[] = Object.values(keys)
  const leader = leaderOf(host)
  const expires = values.filter((value) => value.until !== undefined).length
  const up = Math.floor((host.now - began) / 1000)
  const follows = leader
    ? ['role:slave', `master_host:${leader.name}`, `master_port:${leader.port}`, `master_link_status:${synced ? 'up' : 'down'}`]
    : ['role:master']
  const followers = replicas.map((replica, i) => {
    const [ip, port] = replica.split(' ')
    return `slave${i}:ip=${ip},port=${port},state=online`
  })
  const sections: Record<string, string[]> = {
    Server: [
      `redis_version:${host.env['REDIS_VERSION'] ?? ''}`,
      'redis_mode:standalone',
      'process_id:1',
      `tcp_port:${portOf(host)}`,
      `uptime_in_seconds:${up}`,
      `uptime_in_days:${Math.floor(up / 86_400)}`,
    ],
    Replication: [...follows, `connected_slaves:${replicas.length}`, ...followers],
    Keyspace: values.length > 0 ? [`db0:keys=${values.length},expires=${expires}`] : [],
  }
  return Object.entries(sections)
    .filter(([name]) => section === undefined || section === 'all' || name.toLowerCase() === section)
    .map(([name, lines]) => [`# ${name}`, ...lines].map((line) => `${line}\r\n`).join(''))
    .join('\r\n')
}
