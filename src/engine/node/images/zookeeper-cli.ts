/** zkCli.sh: a session with a server, and one command in it. */
import { wordsOfTime } from '#api/time.ts'
import type { Host } from '../programs/program.ts'
import { flag } from '../web.ts'
import { speak } from './protocol.ts'
import { type Answer, type Question, type Said, ZOO } from './zookeeper-server.ts'
import { hex, type Znode } from './zookeeper-tree.ts'

/** `Thu Dec 08 15:13:30 UTC 2016`. */
function javaTime(ms: number): string {
  const { weekday, day, month, year, clock } = wordsOfTime(ms)
  return `${weekday} ${month} ${day} ${clock} UTC ${year}`
}

const statOf = (node: Znode, children: number): string =>
  `cZxid = ${hex(node.created)}\nctime = ${javaTime(node.ctime)}\nmZxid = ${hex(node.modified)}\nmtime = ${javaTime(node.mtime)}\npZxid = ${hex(node.children)}\ncversion = ${node.cversion}\ndataVersion = ${node.version}\naclVersion = 0\nephemeralOwner = 0x0\ndataLength = ${node.data.length}\nnumChildren = ${children}\n`

const TROUBLES = {
  NodeExists: (path: string) => `Node already exists: ${path}\n`,
  NoNode: (path: string) => `Node does not exist: ${path}\n`,
  NotEmpty: (path: string) => `Node not empty: ${path}\n`,
  BadVersion: (path: string) => `version No is not valid : ${path}\n`,
  BadArguments: (path: string) => `Command failed: java.lang.IllegalArgumentException: Invalid path string "${path}"\n`,
}

const USAGE = `ZooKeeper -server host:port cmd args
\tstat path [watch]
\tset path data [version]
\tls path [watch]
\tdelete path [version]
\tget path [watch]
\tcreate [-s] [-e] path data acl
\tquit 
`

type Ended = { out: string; code: number }

export function zkCli(argv: readonly string[], host: Host): Ended {
  const server = flag(argv, 'server') ?? 'localhost:2181'
  const at = argv.indexOf('-server')
  const words = at < 0 ? argv.slice(1) : argv.slice(at + 2)
  const [to = 'localhost', port = '2181'] = (server.split(',')[0] ?? '').split(':')
  const ask = (question: Question): Answer => asked(host, to, Number(port), question)
  if (words.length === 0) {
    host.out('zkCli.sh: a prompt is not supported here: give the command behind it\n', 'stderr')
    return { out: '', code: 1 }
  }
  const began = ask({ op: 'session' })
  if ('why' in began) {
    const lost = `KeeperErrorCode = ConnectionLoss for ${words.find((word) => word.startsWith('/')) ?? '/'}`
    host.out(`Exception in thread "main" org.apache.zookeeper.KeeperException$ConnectionLossException: ${lost}\n`, 'stderr')
    return { out: `Connecting to ${to}:${port}\n`, code: 1 }
  }
  const done = command(words, ask)
  ask({ op: 'session' })
  return {
    out: `Connecting to ${to}:${port}\n\nWATCHER::\n\nWatchedEvent state:SyncConnected type:None path:null\n${done.out}`,
    code: done.code,
  }
}

/** One question, passed on to the leader where only that one answers it. */
function asked(host: Host, to: string, port: number, question: Question): Answer {
  const heard = speak<Answer>(host, to, port, ZOO, { client: question } satisfies Said)
  if (!('message' in heard)) return { why: 'ConnectionLoss' }
  const answer = heard.message
  return 'leader' in answer ? asked(host, answer.leader, answer.port, question) : answer
}

function command(words: readonly string[], ask: (question: Question) => Answer): Ended {
  const [name = '', ...rest] = words
  const flags = rest.filter((word) => /^-[sew]$/.test(word))
  const [path = '', data = '', version = '-1'] = rest.filter((word) => !flags.includes(word))
  const question = questionOf(name, path, data, version, flags)
  if (question === null || path === '') return { out: USAGE, code: 0 }
  if (flags.includes('-e')) return { out: 'zkCli.sh: -e is not supported here\n', code: 1 }
  const answer = ask(question)
  if ('why' in answer) {
    const why = answer.why === 'ConnectionLoss' ? `KeeperErrorCode = ConnectionLoss for ${path}\n` : TROUBLES[answer.why](path)
    return { out: why, code: 0 }
  }
  if ('path' in answer) {
    if (question.op === 'create') return { out: `Created ${answer.path}\n`, code: 0 }
    const after = question.op === 'set' ? ask({ op: 'stat', path }) : answer
    return { out: 'node' in after ? statOf(after.node, after.children.length) : '', code: 0 }
  }
  if (!('node' in answer)) return { out: '', code: 0 }
  const { node, children } = answer
  if (name === 'ls') return { out: `[${children.join(', ')}]\n`, code: 0 }
  const own = name === 'get' ? `${node.data}\n` : name === 'ls2' ? `[${children.join(', ')}]\n` : ''
  return { out: `${own}${statOf(node, children.length)}`, code: 0 }
}

function questionOf(name: string, path: string, data: string, version: string, flags: readonly string[]): Question | null {
  if (name === 'create') return { op: 'create', path, data, sequential: flags.includes('-s') }
  if (name === 'set') return { op: 'set', path, data, version: Number(version) }
  if (name === 'delete' || name === 'rmr') return { op: 'delete', path, version: Number(data || -1) }
  if (name === 'ls' || name === 'ls2') return { op: 'ls', path }
  return name === 'get' || name === 'stat' ? { op: name, path } : null
}
