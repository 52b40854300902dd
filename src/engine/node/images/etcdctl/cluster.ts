/** etcdctl's commands about the cluster: members, endpoints, compaction, snapshots and the like. */
import { hexId } from '../../../machinery/etcd-identity.ts'
import { jsonText } from '../../../machinery/etcd-json.ts'
import { METHODS, type Said } from '../../../machinery/etcd-messages.ts'
import { logLine, textOut, wordsOf } from './client.ts'
import { CODES, Exit, wrong } from './command-line.ts'
import { asked, type Command, ended, failed, flagOf, isSet, lateness, type Run, type Turn, took } from './run.ts'
import { headerFields, humanBytes, shown, table, unsupported } from './show.ts'

const MEMBERS = ['ID', 'STATUS', 'NAME', 'PEER ADDRS', 'CLIENT ADDRS', 'IS LEARNER']

const memberRow = ({ ID, name = '', peerURLs = [], clientURLs = [], isLearner = false }: Said): string[] => [
  hexId(ID),
  name === '' ? 'unstarted' : 'started',
  name,
  peerURLs.join(','),
  clientURLs.join(','),
  String(isLearner),
]

function memberFields({ ID, name = '', peerURLs = [], clientURLs = [], isLearner = false }: Said, hex: boolean): string {
  const url = (kind: string) => (each: string) => `"${kind}" : ${JSON.stringify(each)}\n`
  return `"ID" : ${hex ? hexId(ID) : ID}\n"Name" : ${JSON.stringify(name)}\n${peerURLs.map(url('PeerURL')).join('')}${clientURLs.map(url('ClientURL')).join('')}"IsLearner" : ${isLearner}\n\n`
}

/** With `--hex` ids are texts in JSON. */
const hexIds = (json: string): string =>
  json.replace(/"(cluster_id|member_id|ID)":(\d+)/g, (_all, name, id) => `"${name}":"${hexId(id)}"`)

const memberList: Command = (run) => {
  const { look } = run
  const said = asked(run, 'Cluster/MemberList', { linearizable: flagOf(run, 'consistency') !== 's' })
  const members: Said[] = said['members'] ?? []
  if (look.format === 'table') return ended(table(MEMBERS, members.map(memberRow)))
  if (look.format === 'fields')
    return ended(headerFields(said['header'], look.hex) + members.map((each) => memberFields(each, look.hex)).join(''))
  const out = shown('Cluster/MemberList', said, look, () => members.map((each) => `${memberRow(each).join(', ')}\n`).join(''))
  return ended(look.format === 'json' && look.hex ? hexIds(out) : out)
}

// ——— endpoints

function endpointsOf(run: Run): readonly string[] {
  if (!isSet(run, 'cluster')) return run.client.endpoints
  const said = asked(
    run,
    'Cluster/MemberList',
    { linearizable: true },
    (words) => `failed to fetch endpoints from etcd cluster member list: ${words}`,
  )
  return (said['members'] ?? []).flatMap(({ clientURLs = [] }: Said) => clientURLs)
}

interface Health {
  endpoint: string
  health: boolean
  took: string
  error: string
}

/** A time that was given to something, and was over a little later. */
const seconds = (ms: number, host: Run['host']): string => `${(ms / 1000 + host.random(900_000) / 1e9).toFixed(9)}s`

const health: Command = (run) => {
  const { client, look, host } = run
  let err = ''
  let lateMs = 0
  const list = endpointsOf(run).map((endpoint): Health => {
    const answer = client.ask(endpoint, 'KV/Range', { key: 'health' })
    if ('said' in answer) return { endpoint, health: true, took: took(host), error: '' }
    err += client.logged(endpoint, 'KV/Range', answer, 'client')
    lateMs = Math.max(lateMs, lateness(run, answer))
    return { endpoint, health: false, took: lateMs > 0 ? seconds(lateMs, host) : took(host), error: wordsOf(answer) }
  })
  const healthy = list.every((each) => each.health)
  const { out, words } = healthText(list, look.format)
  if (healthy) return ended(out + words)
  throw new Exit(CODES.error, `${err}${words}Error: unhealthy cluster\n`, out, lateMs)
}

/** `words`: what the simple format says, of the sick on the other stream. */
function healthText(list: readonly Health[], format: string): { out: string; words: string } {
  const rows = list.map(({ endpoint, health, took, error }) => [endpoint, String(health), took, error])
  if (format === 'table') return { out: table(['ENDPOINT', 'HEALTH', 'TOOK', 'ERROR'], rows), words: '' }
  if (format === 'json') {
    const out = list.map(({ error, ...rest }) => JSON.stringify({ ...rest, ...(error ? { error } : {}) })).join(',')
    return { out: `[${out}]\n`, words: '' }
  }
  if (format === 'fields') {
    const out = rows.map(
      ([endpoint, is, took, error]) => `"Endpoint" : "${endpoint}"\n"Health" : ${is}\n"Took" : ${took}\n"Error" : ${error}\n\n`,
    )
    return { out: out.join(''), words: '' }
  }
  if (format !== 'simple') throw unsupported(format)
  const line = ({ endpoint, health, took, error }: Health): string =>
    health
      ? `${endpoint} is healthy: successfully committed proposal: took = ${took}\n`
      : `${endpoint} is unhealthy: failed to commit proposal: ${error}\n`
  const sound = list.filter(({ health }) => health).map(line)
  const sick = list.filter(({ health }) => !health).map(line)
  return sick.length > 0 ? { out: sound.join(''), words: sick.join('') } : { out: '', words: sound.join('') }
}

/** Asks every endpoint, one after the other; `of` begins what is said of those that do not answer. */
function each(
  run: Run,
  method: string,
  request: Said,
  of: string,
): { found: [string, Said][]; err: string; lateMs: number; words: string } {
  const result = { found: [] as [string, Said][], err: '', lateMs: 0, words: '' }
  for (const endpoint of endpointsOf(run)) {
    const answer = run.client.ask(endpoint, method, request)
    if ('said' in answer) result.found.push([endpoint, answer.said[0] ?? {}])
    else {
      result.words = wordsOf(answer)
      result.err += `${run.client.logged(endpoint, method, answer)}Failed to get the ${of} of endpoint ${endpoint} (${result.words})\n`
      result.lateMs += lateness(run, answer)
    }
  }
  return result
}

const finished = (out: string, { err, lateMs }: { err: string; lateMs: number }): Turn => {
  if (err === '') return ended(out)
  throw new Exit(CODES.error, err, out, lateMs)
}

const STATUS = [
  'ENDPOINT',
  'ID',
  'VERSION',
  'STORAGE VERSION',
  'DB SIZE',
  'IN USE',
  'PERCENTAGE NOT IN USE',
  'QUOTA',
  'IS LEADER',
  'IS LEARNER',
  'RAFT TERM',
  'RAFT INDEX',
  'RAFT APPLIED INDEX',
  'ERRORS',
  'DOWNGRADE TARGET VERSION',
  'DOWNGRADE ENABLED',
]

function statusRow(endpoint: string, said: Said): string[] {
  const { header, dbSize = 0, dbSizeInUse = 0, leader, errors = [], downgradeInfo = {} } = said
  return [
    endpoint,
    hexId(header.member_id),
    said['version'],
    said['storageVersion'],
    humanBytes(dbSize),
    humanBytes(dbSizeInUse),
    `${100 - Math.floor((dbSizeInUse * 100) / Math.max(1, dbSize))}%`,
    humanBytes(said['dbSizeQuota'] ?? 0),
    String(header.member_id === leader),
    String(said['isLearner'] ?? false),
    String(said['raftTerm'] ?? 0),
    String(said['raftIndex'] ?? 0),
    String(said['raftAppliedIndex'] ?? 0),
    errors.join(', '),
    downgradeInfo.targetVersion ?? '',
    String(downgradeInfo.enabled ?? false),
  ]
}

function statusFields(endpoint: string, said: Said): string {
  const number = (name: string): string => String(said[name] ?? 0)
  const { header, downgradeInfo = {}, isLearner = false, errors = [] } = said
  return `${headerFields(header)}"Version" : "${said['version']}"\n"StorageVersion" : "${said['storageVersion']}"\n"DBSize" : ${number('dbSize')}\n"DBSizeInUse" : ${number('dbSizeInUse')}\n"DBSizeQuota" : ${number('dbSizeQuota')}\n"Leader" : ${number('leader')}\n"IsLearner" : ${isLearner}\n"RaftIndex" : ${number('raftIndex')}\n"RaftTerm" : ${number('raftTerm')}\n"RaftAppliedIndex" : ${number('raftAppliedIndex')}\n"Errors" : [${errors.join(' ')}]\n"Endpoint" : "${endpoint}"\n"DowngradeTargetVersion" : "${downgradeInfo.targetVersion ?? ''}"\n"DowngradeEnabled" : ${downgradeInfo.enabled ?? false}\n\n`
}

/** `[{"Endpoint":…,"Status":…}]`. An empty message that is there is printed, too. */
const listed = (found: readonly (readonly [string, Said])[], method: string, name: string): string =>
  `[${found
    .map(([endpoint, said]) => {
      const text = jsonText((METHODS[method] as (typeof METHODS)[string]).gives, said, 'go')
      return `{"Endpoint":"${endpoint}","${name}":${text}}`
    })
    .join(',')}]\n`

const status: Command = (run) => {
  const { format } = run.look
  const all = each(run, 'Maintenance/Status', {}, 'status')
  const rows = all.found.map(([endpoint, said]) => statusRow(endpoint, said))
  if (format === 'table') return finished(table(STATUS, rows), all)
  if (format === 'json') return finished(listed(all.found, 'Maintenance/Status', 'Status'), all)
  if (format === 'fields') return finished(all.found.map(([endpoint, said]) => statusFields(endpoint, said)).join(''), all)
  if (format !== 'simple') throw unsupported(format)
  return finished(rows.map((row) => `${row.join(', ')}\n`).join(''), all)
}

const hashKv: Command = (run) => {
  const { format } = run.look
  const all = each(run, 'Maintenance/HashKV', { revision: Number(flagOf(run, 'rev')) }, 'hash')
  if (all.err !== '') all.err += `Error: ${all.words}\n`
  const rows = all.found.map(([endpoint, said]) => [endpoint, String(said['hash'] ?? 0), String(said['hash_revision'] ?? 0)])
  if (format === 'table') return finished(table(['ENDPOINT', 'HASH', 'HASH REVISION'], rows), all)
  if (format === 'json') return finished(listed(all.found, 'Maintenance/HashKV', 'HashKV'), all)
  if (format === 'fields') {
    const fields = all.found.map(
      ([endpoint, said]) =>
        `${headerFields(said['header'])}"Endpoint" : "${endpoint}"\n"Hash" : ${said['hash']}\n"HashRevision" : ${said['hash_revision']}\n\n`,
    )
    return finished(fields.join(''), all)
  }
  if (format !== 'simple') throw unsupported(format)
  return finished(rows.map((row) => `${row.join(', ')}\n`).join(''), all)
}

// ——— the rest

const compaction: Command = (run) => {
  const [word] = run.line.args
  if (run.line.args.length !== 1 || word === undefined) throw wrong(CODES.arguments, 'compaction command needs 1 argument')
  if (!/^[-+]?\d+$/.test(word)) throw wrong(CODES.error, `strconv.ParseInt: parsing ${JSON.stringify(word)}: invalid syntax`)
  asked(run, 'KV/Compact', { revision: Number(word), physical: isSet(run, 'physical') })
  return ended(`compacted revision ${Number(word)}\n`)
}

const defrag: Command = (run) => {
  let [out, err, lateMs] = ['', '', 0]
  for (const endpoint of endpointsOf(run)) {
    const answer = run.client.ask(endpoint, 'Maintenance/Defragment', {})
    if ('said' in answer) out += `Finished defragmenting etcd member[${endpoint}]. took ${took(run.host)}\n`
    else {
      lateMs += lateness(run, answer)
      const logged = run.client.logged(endpoint, 'Maintenance/Defragment', answer)
      err += `${logged}Failed to defragment etcd member[${endpoint}]. took ${seconds(lateMs, run.host)}. (${wordsOf(answer)})\n`
    }
  }
  return finished(out, { err, lateMs })
}

const alarms =
  (action: string): Command =>
  (run) =>
    ended(shown('Maintenance/Alarm', asked(run, 'Maintenance/Alarm', { action }), run.look))

const isLeader = ({ header, leader }: Said): boolean => header.member_id === leader

const moveLeader: Command = (run) => {
  const [word] = run.line.args
  if (run.line.args.length !== 1 || word === undefined) throw wrong(CODES.arguments, 'move-leader command needs 1 argument')
  if (!/^[0-9a-fA-F]+$/.test(word))
    throw wrong(CODES.arguments, `strconv.ParseUint: parsing ${JSON.stringify(word)}: invalid syntax`)
  const target = String(BigInt(`0x${word}`))
  const { client } = run
  // The one of the endpoints that leads is asked.
  const statuses = client.endpoints.map((each): [string, Said] => {
    const answer = client.ask(each, 'Maintenance/Status', {})
    if (!('said' in answer)) throw failed(run, 'Maintenance/Status', answer)
    return [each, answer.said[0] ?? {}]
  })
  const [endpoint, said] = statuses.find(([, each]) => isLeader(each)) ?? []
  if (!endpoint || !said) throw wrong(CODES.arguments, `no leader endpoint given at [${client.endpoints.join(' ')}]`)
  const leader = said['leader']
  const answer = client.ask(endpoint, 'Maintenance/MoveLeader', { targetID: target })
  if (!('said' in answer)) throw failed(run, 'Maintenance/MoveLeader', answer)
  return ended(
    shown('Maintenance/MoveLeader', {}, run.look, () => `Leadership transferred from ${hexId(leader)} to ${hexId(target)}\n`),
  )
}

const directoryOf = (path: string): string => (path.startsWith('/') ? path : `/${path}`).replace(/\/[^/]*$/, '') || '/'

const snapshotSave: Command = (run) => {
  const { host, line, client } = run
  const [path] = line.args
  if (line.args.length !== 1 || path === undefined) throw wrong(CODES.arguments, 'snapshot save expects one argument <filename>')
  const full = path.startsWith('/') ? path : `/${path}`
  if (!host.files.isDirectory(directoryOf(path)))
    throw wrong(CODES.interrupted, `could not open ${path}.part (open ${path}.part: no such file or directory)`)
  const log = (caller: string, msg: string, more: object = {}): string => logLine(host, { level: 'info', caller, msg, ...more })
  const began = log('snapshot/v3_snapshot.go:83', 'created temporary db file', { path: `${path}.part` })
  const answer = client.call('Maintenance/Snapshot', {})
  if (!('said' in answer)) {
    const why =
      'why' in answer
        ? `rpc error: code = DeadlineExceeded desc = latest balancer error: connection error: desc = "${answer.why}"`
        : answer.message
    const line = {
      level: 'error',
      logger: 'client',
      caller: 'v3@v3.6.7/retry_interceptor.go:130',
      msg: 'streamer failed to create ClientStream',
      error: why,
    }
    throw new Exit(CODES.interrupted, `${began}${logLine(host, line)}Error: ${wordsOf(answer)}\n`, '', lateness(run, answer))
  }
  const blob: string = answer.said[0]?.['blob'] ?? ''
  host.files.write(full, textOut(blob))
  const [endpoint] = client.endpoints
  const client3 = (place: number, msg: string): string =>
    logLine(host, { level: 'info', logger: 'client', caller: `v3@v3.6.7/maintenance.go:${place}`, msg })
  const err = [
    began,
    client3(236, 'opened snapshot stream; downloading'),
    log('snapshot/v3_snapshot.go:96', 'fetching snapshot', { endpoint }),
    client3(302, 'completed snapshot read; closing'),
    log('snapshot/v3_snapshot.go:111', 'fetched snapshot', {
      endpoint,
      size: humanBytes(blob.length),
      took: took(host),
      'etcd-version': '3.6.0',
    }),
    log('snapshot/v3_snapshot.go:121', 'saved', { path }),
  ]
  return { out: `Snapshot saved at ${path}\nServer version 3.6.0\n`, err: err.join(''), code: 0 }
}

export const clusterCommands: Record<string, Command> = {
  'member list': memberList,
  'endpoint health': health,
  'endpoint status': status,
  'endpoint hashkv': hashKv,
  compaction,
  defrag,
  'alarm list': alarms('GET'),
  'alarm disarm': alarms('DEACTIVATE'),
  'move-leader': moveLeader,
  'snapshot save': snapshotSave,
}
