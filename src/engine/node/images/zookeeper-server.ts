/** A ZooKeeper server: alone, or one of an ensemble that elects a leader and writes what most of them have. */
import { bytesOf } from '#api/bytes.ts'
import type { HttpReply, HttpRequest } from '../../machinery/http.ts'
import type { Host } from '../programs/program.ts'
import { dashTime } from '../web.ts'
import { kept as packed, readKept } from './kept.ts'
import { CLOSED, said, speak } from './protocol.ts'
import {
  apply,
  type Change,
  childrenOf,
  emptyTree,
  later,
  nodeAt,
  type Tree,
  type Why,
  type Znode,
  type Zxid,
} from './zookeeper-tree.ts'
import { words } from './zookeeper-words.ts'

export type Role = 'standalone' | 'leading' | 'following' | 'looking'

/** Plain data, saved with the world. */
export interface ZooState {
  settings: Settings
  role: Role
  /** The id of the one that leads. */
  leader: number
  zxid: Zxid
  tree: Tree
  /** Requests that it has taken and answered. */
  requests: number
}

export interface Settings {
  myid: number
  clientPort: number
  dataDir: string
  dataLogDir: string
  /** By id. */
  servers: Readonly<Record<string, { name: string; peer: number; election: number }>>
}

/** The protocol, and what it is called on files. */
export const ZOO = 'zookeeper'
/** Servers ask each other in it, and clients a server. */
export type Said = { peer: Told } | { client: Question }

export type Look = { op: 'get' | 'stat' | 'ls'; path: string }
export type Question = Change | Look
const isLook = (question: Question): question is Look => ['get', 'stat', 'ls'].includes(question.op)
export type Answer =
  | { node: Znode; children: string[] }
  | { path: string }
  | { why: Why | 'ConnectionLoss' }
  /** Only the leader takes changes. */
  | { leader: string; port: number }

type Peer = { id: number; role: Role; zxid: Zxid }
type Told = { ask: 'vote' } | { ask: 'tree' } | { ask: 'write'; zxid: Zxid; tree: Tree }

const LOOK_MS = 1000
const TICK_MS = 5000

type Teller = Pick<ZooState, 'settings'>
const log = (host: Host, { settings }: Teller, where: string, text: string, level = 'INFO '): void =>
  host.out(
    `${dashTime(host.now)},${String(host.now % 1000).padStart(3, '0')} [myid:${settings.myid || ''}] - ${level} [${where}] - ${text}\n`,
  )
const peerThread = ({ settings }: ZooState): string => `QuorumPeer[myid=${settings.myid}]/0:0:0:0:0:0:0:0:${settings.clientPort}`

function settingsOf(host: Host): Settings | string {
  const file = host.argv.find((word) => word.endsWith('.cfg')) ?? '/conf/zoo.cfg'
  const text = host.files.read(file)
  if (text === undefined) return file
  const rows = text.split('\n').flatMap((line) => {
    const [, key = '', value = ''] = /^\s*([\w.]+)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    return key === '' ? [] : [[key, value] as const]
  })
  const given = new Map(rows)
  const dataDir = given.get('dataDir') ?? '/data'
  const servers = Object.fromEntries(
    rows.flatMap(([key, value]) => {
      const id = /^server\.(\d+)$/.exec(key)?.[1]
      const [name = '', peer = '2888', election = '3888'] = value.split(';')[0]?.split(':') ?? []
      return id === undefined ? [] : [[id, { name, peer: Number(peer), election: Number(election) }]]
    }),
  )
  return {
    myid: Number(host.files.read(`${dataDir}/myid`)?.trim() || 0),
    clientPort: Number(given.get('clientPort') ?? 2181),
    dataDir,
    dataLogDir: given.get('dataLogDir') ?? dataDir,
    servers,
  }
}

const journal = ({ dataLogDir }: Settings): string => `${dataLogDir}/version-2/log.1`

export function start(host: Host): ZooState | null {
  const settings = settingsOf(host)
  if (typeof settings === 'string') {
    host.out(
      `Invalid config, exiting abnormally\norg.apache.zookeeper.server.quorum.QuorumPeerConfig$ConfigException: Error processing ${settings}\n`,
      'stderr',
    )
    host.exit(2)
    return null
  }
  const old = host.files.read(journal(settings))
  const found = old === undefined ? { zxid: { epoch: 0, counter: 0 }, tree: emptyTree() } : readKept<Journal>(ZOO, old)
  if (!found) return spoilt(old ?? '', settings, host)
  const { zxid, tree } = found
  const alone = Object.keys(settings.servers).length < 2
  const state: ZooState = { settings, role: alone ? 'standalone' : 'looking', leader: 0, zxid, tree, requests: 0 }
  log(host, state, 'main:QuorumPeerConfig@134', `Reading configuration from: ${host.argv.at(-1)}`)
  log(host, state, 'main:NIOServerCnxnFactory@89', `binding to port 0.0.0.0/0.0.0.0:${settings.clientPort}`)
  if (alone) return { ...state, zxid: later(zxid, { epoch: 0, counter: 0 }) ? zxid : { epoch: 0, counter: 0 } }
  log(host, state, peerThread(state), 'LOOKING')
  host.wake(0)
  return state
}

interface Journal {
  zxid: Zxid
  tree: Tree
}
/** `ZKLG`, with which a journal begins. */
const MAGIC = 1_514_884_167

/** Somebody else has written into the journal. */
function spoilt(content: string, settings: Settings, host: Host): null {
  const magic = [0, 1, 2, 3].reduce((sum, i) => (sum << 8) | (bytesOf(content.slice(0, 4))[i] ?? 0), 0)
  const why = `java.io.IOException: Transaction log: ${journal(settings)} has invalid magic number ${magic} != ${MAGIC}`
  const where = 'main:QuorumPeer'
  log(host, { settings }, `${where}@557`, `Unable to load database on disk\n${why}`, 'ERROR')
  log(host, { settings }, `${where}Main@92`, `Unexpected exception, exiting abnormally\n${why}`, 'ERROR')
  host.exit(1)
  return null
}

export const listens = ({ settings: { clientPort, servers, myid }, role }: ZooState): number[] => {
  const own = servers[myid]
  return [clientPort, ...(own ? [own.election, ...(role === 'leading' ? [own.peer] : [])] : [])]
}

// ——— the ensemble

function tell<A>(host: Host, { settings }: ZooState, id: string, told: Told): A | null {
  const server = settings.servers[id]
  if (!server) return null
  const heard = speak<A>(host, server.name, server.election, ZOO, { peer: told } satisfies Said)
  return 'message' in heard ? heard.message : null
}

const others = ({ settings: { servers, myid } }: ZooState): string[] => Object.keys(servers).filter((id) => Number(id) !== myid)
const isMost = ({ settings: { servers } }: ZooState, count: number): boolean => count > Object.keys(servers).length / 2

/** Looks around: who leads, or who shall. */
function elect(state: ZooState, host: Host): ZooState {
  const peers = others(state).flatMap((id) => tell<Peer>(host, state, id, { ask: 'vote' }) ?? [])
  if (!isMost(state, peers.length + 1)) return looking(state, host)
  const leader = peers.find(({ role }) => role === 'leading')
  if (leader && state.role !== 'leading') return follow(state, host, leader)
  if (state.role === 'leading') return state
  const best = peers.every(({ id, zxid }) => later(state.zxid, zxid) || (!later(zxid, state.zxid) && state.settings.myid > id))
  if (!best) return looking(state, host)
  const epoch = Math.max(state.zxid.epoch, ...peers.map(({ zxid }) => zxid.epoch)) + 1
  log(host, state, `${peerThread(state)}:QuorumPeer@865`, 'LEADING')
  return { ...state, role: 'leading', leader: state.settings.myid, zxid: { epoch, counter: 0 } }
}

function looking(state: ZooState, host: Host): ZooState {
  if (state.role !== 'looking') log(host, state, `${peerThread(state)}:QuorumPeer@774`, 'LOOKING')
  return { ...state, role: 'looking', leader: 0 }
}

function follow(state: ZooState, host: Host, { id }: Peer): ZooState {
  if (state.role === 'following' && state.leader === id) return state
  const got = tell<{ zxid: Zxid; tree: Tree }>(host, state, String(id), { ask: 'tree' })
  if (!got) return looking(state, host)
  log(host, state, `${peerThread(state)}:QuorumPeer@853`, 'FOLLOWING')
  return kept({ ...state, ...got, role: 'following', leader: id }, host)
}

export function wake(state: ZooState, host: Host): ZooState {
  if (state.role === 'standalone') return state
  const next = elect(state, host)
  host.wake(next.role === 'looking' ? LOOK_MS : TICK_MS)
  return next
}

function kept(state: ZooState, host: Host): ZooState {
  host.files.write(journal(state.settings), packed(ZOO, { zxid: state.zxid, tree: state.tree } satisfies Journal))
  return state
}

/** What another server of the ensemble wants. */
function peered(told: Told, state: ZooState, host: Host): [unknown, ZooState] {
  if (told.ask === 'vote') return [{ id: state.settings.myid, role: state.role, zxid: state.zxid } satisfies Peer, state]
  if (told.ask === 'tree') return [{ zxid: state.zxid, tree: state.tree }, state]
  return [{}, kept({ ...state, zxid: told.zxid, tree: told.tree }, host)]
}

/** Writes a change where most of the ensemble have it. */
function write(change: Change, state: ZooState, host: Host): [Answer, ZooState] {
  const zxid = { ...state.zxid, counter: state.zxid.counter + 1 }
  const changed = apply(state.tree, change, zxid, host.now)
  if ('why' in changed) return [changed, { ...state, zxid }]
  const next = { ...state, zxid, tree: changed.tree }
  if (state.role === 'leading') {
    const have = others(state).filter((id) => tell(host, state, id, { ask: 'write', zxid, tree: changed.tree }))
    if (!isMost(state, have.length + 1)) return [{ why: 'ConnectionLoss' }, looking(state, host)]
  }
  return [{ path: changed.path }, kept(next, host)]
}

function answered(question: Question, before: ZooState, host: Host): [Answer, ZooState] {
  const state = before.role === 'standalone' ? before : elect(before, host)
  if (state.role === 'looking') return [{ why: 'ConnectionLoss' }, state]
  if (isLook(question)) {
    const node = nodeAt(state.tree, question.path)
    return [node ? { node, children: childrenOf(state.tree, question.path) } : { why: 'NoNode' }, state]
  }
  if (state.role !== 'following') return write(question, state, host)
  const leader = state.settings.servers[state.leader]
  return [leader ? { leader: leader.name, port: state.settings.clientPort } : { why: 'ConnectionLoss' }, state]
}

export function http(request: HttpRequest, state: ZooState, host: Host): [HttpReply, ZooState] {
  if (request.protocol !== ZOO) {
    strange(request.method, state, host)
    return [CLOSED, state]
  }
  const asked = request.message as Said
  const [answer, next] =
    'peer' in asked ? peered(asked.peer, state, host) : answered(asked.client, { ...state, requests: state.requests + 1 }, host)
  return [said(ZOO, answer), next]
}

/** Four bytes that are no word are how long a packet is. */
function strange(input: string, state: ZooState, host: Host): void {
  const [a = 0, b = 0, c = 0, d = 0] = bytesOf(`${input} `)
  const length = (a << 24) | (b << 16) | (c << 8) | d
  if (length >= 0 && length <= MOST_BYTES) return
  const why = `Exception causing close of session 0x0 due to java.io.IOException: Len error ${length}`
  log(host, state, `NIOServerCxn.Factory:0.0.0.0/0.0.0.0:${state.settings.clientPort}:NIOServerCnxn@373`, why, 'WARN ')
}
const MOST_BYTES = 1_048_575

/** Four-letter words. */
export function text(input: string, state: ZooState, host: Host): [string, ZooState] {
  const word = input.trim()
  const port = 32_768 + host.random(28_000)
  const factory = `NIOServerCxn.Factory:0.0.0.0/0.0.0.0:${state.settings.clientPort}`
  log(host, state, `${factory}:NIOServerCnxnFactory@192`, `Accepted socket connection from /127.0.0.1:${port}`)
  const answer = words(word, state)
  if (answer === undefined) {
    if (input.length >= 4) strange(input, state, host)
    return ['', state]
  }
  log(host, state, `${factory}:NIOServerCnxn@883`, `Processing ${word} command from /127.0.0.1:${port}`)
  const thread = `Thread-${state.requests}:NIOServerCnxn@1044`
  log(host, state, thread, `Closed socket connection for client /127.0.0.1:${port} (no session established for client)`)
  return [answer, { ...state, requests: state.requests + 1 }]
}
