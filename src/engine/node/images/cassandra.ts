/** Cassandra: members of a ring that find each other by their seeds and gossip; looked at with nodetool. */
import type { HttpReply, HttpRequest } from '../../machinery/http.ts'
import { image } from '../image.ts'
import type { Host } from '../programs/program.ts'
import { type Members, merged, RING, statusTable } from './cassandra-ring.ts'
import { kept, readKept } from './kept.ts'
import { CLOSED, said, speak } from './protocol.ts'

/** Plain data, saved with the world. */
interface State {
  hostId: string
  members: Members
  drained: boolean
}

const GOSSIP = 7000
const JMX = 7199
const CQL = 9042
/** The protocol, and what it is called on files. */
const CASSANDRA = 'cassandra'
type Said = { gossip: Members } | { tool: 'status' | 'drain' }
/** It waits so long for the schema and its ranges before it takes part. */
const JOINING_MS = 10_000
const EARLY_MS = 2000
const TICK_MS = 8000

const say = (host: Host, text: string): void => host.out(`INFO  ${text}\n`)
const fileOf = (host: Host): string => `${dataOf(host)}/host_id`
const dataOf = (host: Host): string =>
  host.env['CASSANDRA_DATA'] ?? (host.files.isDirectory('/cassandra_data') ? '/cassandra_data' : '/var/lib/cassandra')

/** Undefined: somebody else has written into the file. */
function identity(host: Host): string | undefined {
  const path = fileOf(host)
  const old = host.files.read(path)
  if (old !== undefined) return readKept<string>(CASSANDRA, old)
  const digits = (count: number): string => Array.from({ length: count }, () => host.random(16).toString(16)).join('')
  const made = `${digits(8)}-${digits(4)}-4${digits(3)}-${'89ab'[host.random(4)]}${digits(3)}-${digits(12)}`
  host.files.write(path, kept(CASSANDRA, made))
  return made
}

const MOST_TOKENS = 1536

function failed(host: Host, text: string, code: number): null {
  host.out(`ERROR ${text}\n`, 'stderr')
  host.exit(code)
  return null
}

function start(host: Host): State | null {
  const hostId = identity(host)
  const count = Number(host.env['CASSANDRA_NUM_TOKENS'] ?? 32)
  if (!(count >= 0)) return failed(host, `Invalid yaml: num_tokens: ${host.env['CASSANDRA_NUM_TOKENS']}`, 3)
  if (count > MOST_TOKENS)
    return failed(
      host,
      `Exception encountered during startup: A maximum number of ${MOST_TOKENS} tokens per node is supported`,
      3,
    )
  if (hostId === undefined) {
    const why = `org.apache.cassandra.io.sstable.CorruptSSTableException: Corrupted: ${fileOf(host)}`
    return failed(host, `Exiting forcefully due to file system exception on startup, disk failure policy "stop"\n${why}`, 100)
  }
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
function wake(state: State | null, host: Host): State | null {
  if (!state) return null
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
    const answer = speak<Members>(host, address, GOSSIP, CASSANDRA, { gossip: members } satisfies Said)
    if (!('message' in answer)) continue
    members = merged(members, answer.message)
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

function http(request: HttpRequest, state: State | null, host: Host): [HttpReply, State | null] {
  if (request.protocol !== CASSANDRA || !state) return [CLOSED, state]
  const asked = request.message as Said
  const own = state.members[state.hostId]
  const now = own ? { ...state, members: { ...state.members, [state.hostId]: { ...own, seen: host.now } } } : state
  if ('gossip' in asked) {
    const members = merged(now.members, asked.gossip)
    return [said(CASSANDRA, members), { ...now, members }]
  }
  if (asked.tool === 'status') return [said(CASSANDRA, statusTable(now.members, host.now)), now]
  say(host, 'DRAINED')
  return [said(CASSANDRA, ''), { ...now, drained: true }]
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
  const answer = speak<string>(host, '127.0.0.1', JMX, CASSANDRA, { tool: name === 'drain' ? name : 'status' } satisfies Said)
  if (!('message' in answer))
    return failed(
      `nodetool: Failed to connect to '127.0.0.1:${JMX}' - ConnectException: 'Connection refused (Connection refused)'.\n`,
      1,
    )
  return { out: name === 'version' ? 'ReleaseVersion: 3.11.2\n' : answer.message, code: 0 }
}

const READY = `#!/bin/bash
# Ready is who is up and normal in its own eyes.
if [[ $(nodetool status | grep $POD_IP) == *"UN"* ]]; then
  exit 0
else
  exit 1
fi
`

export const cassandra = image<State | null>({
  name: 'cassandra',
  sizeMb: 150,
  extras: ['bash', 'getent'],
  entrypoint: ['/run.sh'],
  words: ['docker-entrypoint.sh', 'cassandra'],
  files: { '/ready-probe.sh': READY },
  start,
  wake,
  http,
  speaks: CASSANDRA,
  text: (_input, state) => ['', state],
  commands: { nodetool },
  listens: (state) => (state ? [GOSSIP, JMX, ...(!state.drained && state.members[state.hostId]?.joined ? [CQL] : [])] : []),
  onTerm: 143,
  memoryMi: () => 900,
})
