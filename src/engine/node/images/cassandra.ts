/** Cassandra: members of a ring that find each other by their seeds and gossip; looked at with nodetool. */
import type { HttpReply, HttpRequest } from '../../machinery/http.ts'
import { image } from '../image.ts'
import type { Host } from '../programs/program.ts'
import { type Members, merged, RING, statusTable } from './cassandra-ring.ts'

/** Plain data, saved with the world. */
interface State {
  hostId: string
  members: Members
  drained: boolean
}

const GOSSIP = 7000
const JMX = 7199
const CQL = 9042
const KIND = 'x-cassandra'
/** It waits so long for the schema and its ranges before it takes part. */
const JOINING_MS = 10_000
const EARLY_MS = 2000
const TICK_MS = 8000

const say = (host: Host, text: string): void => host.out(`INFO  ${text}\n`)
const dataOf = (host: Host): string =>
  host.env['CASSANDRA_DATA'] ?? (host.files.isDirectory('/cassandra_data') ? '/cassandra_data' : '/var/lib/cassandra')

function identity(host: Host): string {
  const path = `${dataOf(host)}/host_id`
  const kept = host.files.read(path)?.trim()
  if (kept) return kept
  const digits = (count: number): string => Array.from({ length: count }, () => host.random(16).toString(16)).join('')
  const made = `${digits(8)}-${digits(4)}-4${digits(3)}-${'89ab'[host.random(4)]}${digits(3)}-${digits(12)}`
  host.files.write(path, `${made}\n`)
  return made
}

function start(host: Host): State {
  const hostId = identity(host)
  const count = Number(host.env['CASSANDRA_NUM_TOKENS'] ?? 32)
  const own = {
    address: host.podIp,
    hostId,
    dc: host.env['CASSANDRA_DC'] ?? 'datacenter1',
    rack: host.env['CASSANDRA_RACK'] ?? 'rack1',
    load: 65 + host.random(4000) / 100,
    tokens: Array.from({ length: count }, () => host.random(RING)),
    joined: false,
    seen: host.now,
    began: host.now,
  }
  say(host, `Cassandra version: 3.11.2`)
  say(host, `Starting Messaging Service on /${host.podIp}:${GOSSIP} (eth0)`)
  host.wake(0)
  return { hostId, members: { [hostId]: own }, drained: false }
}

/** Tells whom it knows of what it knows, and learns from them. */
function wake(state: State, host: Host): State {
  const own = state.members[state.hostId]
  if (!own) return state
  const seeds = (host.env['CASSANDRA_SEEDS'] ?? '')
    .split(',')
    .flatMap((name) => (name.trim() === '' ? [] : host.resolve(name.trim())))
  const known = Object.values(state.members).map(({ address }) => address)
  let members: Members = { ...state.members, [state.hostId]: { ...own, seen: host.now } }
  let heard = 0
  for (const address of new Set([...seeds, ...known])) {
    if (address === host.podIp) continue
    const outcome = host.fetch(address, GOSSIP, {
      method: 'POST',
      path: '/',
      headers: { [KIND]: 'gossip' },
      body: JSON.stringify(members),
    })
    if (!outcome.ok || !outcome.reply.headers?.[KIND]) continue
    members = merged(members, JSON.parse(outcome.reply.body) as Members)
    heard++
  }
  const isSeed = seeds.includes(host.podIp) || seeds.length === 0
  const joins = !own.joined && host.now - own.began >= JOINING_MS && (isSeed || heard > 0)
  if (joins) {
    say(host, `Node /${host.podIp} state jump to NORMAL`)
    say(host, `Starting listening for CQL clients on /0.0.0.0:${CQL} (unencrypted)...`)
  }
  const joined = own.joined || joins
  host.wake(joined ? TICK_MS : EARLY_MS)
  return { ...state, members: { ...members, [state.hostId]: { ...own, joined, seen: host.now } } }
}

function http(request: HttpRequest, state: State, host: Host): [HttpReply, State] {
  const kind = request.headers?.[KIND]
  const answer = (body: string): HttpReply => ({ status: 200, headers: { [KIND]: '1' }, body })
  const own = state.members[state.hostId]
  const now = own ? { ...state, members: { ...state.members, [state.hostId]: { ...own, seen: host.now } } } : state
  if (kind === 'gossip') {
    const members = merged(now.members, JSON.parse(request.body ?? '{}') as Members)
    return [answer(JSON.stringify(members)), { ...now, members }]
  }
  if (kind === 'status') return [answer(statusTable(now.members, host.now)), now]
  if (kind !== 'drain') return [{ status: 400, body: '' }, state]
  say(host, 'DRAINED')
  return [answer(''), { ...now, drained: true }]
}

const HELP = `usage: nodetool [(-h <host> | --host <host>)] [(-p <port> | --port <port>)] <command> [<args>]

The most commonly used nodetool commands are:
    drain      Drain the node (stop accepting writes and flush all tables)
    help       Display help information
    status     Print cluster information (state, load, IDs, ...)
    version    Print cassandra version
`

function nodetool(argv: readonly string[], host: Host): { out: string; code: number } {
  const failed = (text: string, code: number): { out: string; code: number } => {
    host.out(text, 'stderr')
    return { out: '', code }
  }
  const name = argv[1] ?? 'help'
  if (name === 'help') return { out: HELP, code: 0 }
  if (name !== 'status' && name !== 'drain' && name !== 'version')
    return failed(`nodetool: ${name} is not supported here: status, drain and version are\n`, 1)
  const outcome = host.fetch('127.0.0.1', JMX, {
    method: 'POST',
    path: '/',
    headers: { [KIND]: name === 'drain' ? 'drain' : 'status' },
    body: '',
  })
  if (!outcome.ok)
    return failed(
      `nodetool: Failed to connect to '127.0.0.1:${JMX}' - ConnectException: 'Connection refused (Connection refused)'.\n`,
      1,
    )
  return { out: name === 'version' ? 'ReleaseVersion: 3.11.2\n' : outcome.reply.body, code: 0 }
}

const READY = `#!/bin/bash
# Ready is who is up and normal in its own eyes.
if [[ $(nodetool status | grep $POD_IP) == *"UN"* ]]; then
  exit 0
else
  exit 1
fi
`

export const cassandra = image<State>({
  name: 'cassandra',
  sizeMb: 150,
  extras: ['bash', 'getent'],
  entrypoint: ['/run.sh'],
  words: ['docker-entrypoint.sh', 'cassandra'],
  files: { '/ready-probe.sh': READY },
  start,
  wake,
  http,
  commands: { nodetool },
  listens: ({ drained, members, hostId }) => [GOSSIP, JMX, ...(!drained && members[hostId]?.joined ? [CQL] : [])],
  onTerm: 143,
  memoryMi: () => 900,
})
