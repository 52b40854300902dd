/** mongosh, and the old shell mongo: expressions from the command line, from what comes in, or from a prompt. */
import type { Host } from '../programs/program.ts'
import type { Prompt } from '../prompts.ts'
import { called, type Link, send } from './mongo-calls.ts'
import { PORT } from './mongo-server.ts'
import type { Doc } from './mongo-values.ts'
import { chainsOf, MongoError, refused, Unfinished } from './mongo-words.ts'

type Ended = { out: string; code: number }

interface Options {
  link: Link
  scripts: readonly string[]
  quiet: boolean
  shell: boolean
  wrong?: string
}

const NAMES: Readonly<Record<string, string>> = {
  '-u': '--username',
  '-p': '--password',
  '--eval': '--eval',
  '--host': '--host',
  '--port': '--port',
  '--username': '--username',
  '--password': '--password',
  '--authenticationDatabase': '--authenticationDatabase',
  '--authenticationMechanism': '--authenticationMechanism',
}
const ADDRESS = /^mongodb:\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^/?,:]+)(?::(\d+))?(?:\/([^?]*))?(?:\?(.*))?$/

/** Without its `%20`s; what is no such is meant as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // Whoever types addresses makes mistakes.
    return text
  }
}

/** An address, a database, or both: what stands alone on the command line. */
function addressOf(word: string): Record<string, string> | null {
  if (/\.js$/.test(word)) return null
  const plain = /[:./]/.test(word) ? `mongodb://${word}` : `mongodb://127.0.0.1/${word}`
  const found = ADDRESS.exec(/^mongodb(\+srv)?:/.test(word) ? word : plain)
  if (!found) return null
  const [, username, password, host, port, db, query] = found
  const asked = Object.fromEntries((query ?? '').split('&').map((each) => each.split('=', 2)))
  if (asked['tls'] === 'true' || asked['ssl'] === 'true' || asked['replicaSet']) return null
  const parts = { '--username': username, '--password': password, '--host': host, '--port': port, db }
  const named = { ...parts, '--authenticationDatabase': asked['authSource'] }
  const entries = Object.entries(named).flatMap(([name, text]) => (text ? [[name, decoded(text)]] : []))
  return Object.fromEntries(entries) as Record<string, string>
}

function optionsOf(argv: readonly string[]): Options {
  const given: Record<string, string> = {}
  const scripts: string[] = []
  const flags = { quiet: false, shell: false }
  const rest = argv.slice(1)
  let wrong: string | undefined
  while (rest.length > 0) {
    const word = rest.shift() as string
    const [long = '', ...after] = word.startsWith('--') ? word.split('=') : [word.slice(0, 2), word.slice(2)]
    const name = word.startsWith('-') ? NAMES[long] : undefined
    if (name) {
      const text = after.join('=') || (rest.shift() ?? '')
      if (name === '--eval') scripts.push(text)
      else given[name] = text
    } else if (word === '--quiet' || word === '--shell') flags[word === '--quiet' ? 'quiet' : 'shell'] = true
    else if (word === '--norc') continue
    else {
      const address = word.startsWith('-') ? null : addressOf(word)
      if (address) Object.assign(given, address)
      else wrong ??= word
    }
  }
  const [to = '127.0.0.1', port] = (given['--host'] ?? '').split(':')
  const user = given['--username']
  if (user !== undefined && given['--password'] === undefined) wrong ??= '-u without -p'
  const how = given['--authenticationMechanism']
  if (how !== undefined && !how.startsWith('SCRAM-SHA-')) wrong ??= `--authenticationMechanism ${how}`
  const source = given['--authenticationDatabase'] ?? given['db'] ?? 'admin'
  const link: Link = {
    host: to || '127.0.0.1',
    port: Number(port ?? given['--port'] ?? PORT),
    db: given['db'] ?? 'test',
    old: /(^|\/)mongo$/.test(argv[0] ?? ''),
    ...(user === undefined ? {} : { login: { user, password: given['--password'] ?? '', source } }),
  }
  return { link, scripts, ...flags, ...(wrong === undefined ? {} : { wrong }) }
}

/** Reaches the server and logs in. */
const connect = (host: Host, link: Link): string => String((send(host, link, 'admin', { name: 'buildInfo' }) as Doc)['version'])

const SHELL = '2.5.8'

function banner(link: Link, version: string): string {
  const who = link.login ? '<credentials>@' : ''
  const db = link.db === 'test' ? '' : link.db
  const source = link.login ? `&authSource=${link.login.source}` : ''
  const address = `mongodb://${who}${link.host}:${link.port}/${db}?directConnection=true`
  if (link.old) return `MongoDB shell version v${version}\nconnecting to: ${address}\nMongoDB server version: ${version}\n`
  return `Connecting to:\t\t${address}&serverSelectionTimeoutMS=2000${source}&appName=mongosh+${SHELL}\nUsing MongoDB:\t\t${version}\nUsing Mongosh:\t\t${SHELL}\n\nFor mongosh info see: https://www.mongodb.com/docs/mongodb-shell/\n\n`
}

// ——— what is said to it

const size = (bytes: number): string => `${(bytes / 1024).toFixed(2)} KiB`

/** `use X` and `show X` are the shell's own; undefined: it is none of them. */
function own(text: string, link: Link, host: Host): { link: Link; out: string } | undefined {
  const [, word, name = ''] = /^\s*(use|show)\s+([^\s;]+)\s*;?\s*$/.exec(text) ?? []
  if (word === 'use') {
    const same = name === link.db && !link.old
    return { link: { ...link, db: name }, out: `${same ? 'already on' : 'switched to'} db ${name}\n` }
  }
  if (word === 'show' && (name === 'collections' || name === 'tables')) {
    const names = send(host, link, link.db, { name: 'listCollections' }) as readonly string[]
    return { link, out: names.map((each) => `${each}\n`).join('') }
  }
  if (word === 'show' && (name === 'dbs' || name === 'databases')) {
    const found = send(host, link, 'admin', { name: 'listDatabases' }) as unknown as { name: string; sizeOnDisk: number }[]
    const rows = found.map((each) => [
      each.name,
      link.old ? `${(each.sizeOnDisk / 2 ** 30).toFixed(3)}GB` : size(each.sizeOnDisk),
    ])
    const [left, right] = [0, 1].map((i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)))
    return { link, out: rows.map(([a = '', b = '']) => `${a.padEnd(left ?? 0)}  ${b.padStart(right ?? 0)}\n`).join('') }
  }
  if (word !== undefined) throw refused(`${word} ${name}`)
  return undefined
}

/** Only what comes last is shown, and what is printed. */
function evaluated(text: string, link: Link, host: Host): { link: Link; out: string } {
  const done = own(text, link, host)
  if (done) return done
  const chains = chainsOf(text, host.now)
  const outs = chains.map((chain, i) => {
    const out = called(chain, link, host)
    return chain.print || i === chains.length - 1 ? out : ''
  })
  return { link, out: outs.join('') }
}

const problem = ({ kind, message, codeName }: MongoError, code: boolean, old: boolean): string => {
  if (old) return `uncaught exception: ${kind === 'SyntaxError' ? kind : 'Error'}: ${message}\n`
  return `${kind}${code && codeName !== undefined ? `[${codeName}]` : ''}: ${message}\n`
}

const caught = (error: unknown): MongoError => {
  if (error instanceof MongoError) return error
  throw error
}

export function mongoShell(argv: readonly string[], host: Host): Ended {
  const { link, scripts, quiet, wrong } = optionsOf(argv)
  const failed = (message: string, code = 1): Ended => {
    host.out(message, link.old ? 'stdout' : 'stderr')
    return { out: '', code }
  }
  if (argv[1] === '--version') return { out: `${link.old ? `MongoDB shell version v${host.tag}` : SHELL}\n`, code: 0 }
  if (wrong !== undefined)
    return failed(
      `${argv[0]}: ${wrong}: this simulated mongosh knows --eval, --quiet, --host, --port, -u with -p, --authenticationDatabase, and mongodb://[user:password@]host:port/db of one server without TLS\n`,
    )
  try {
    const version = connect(host, link)
    if (link.old && !quiet) host.out(banner(link, version))
  } catch (error) {
    const { kind, message } = caught(error)
    if (!link.old) return failed(`${kind}: ${message}\n`)
    const why =
      kind === 'MongoServerError'
        ? message
        : `couldn't connect to server ${link.host}:${link.port}, connection attempt failed: ${message}`
    return failed(
      `Error: ${why} :\nconnect@src/mongo/shell/mongo.js:372:17\n@(connect):2:6\nexception: connect failed\nexiting with code 1\n`,
    )
  }
  let now = link
  for (const script of scripts)
    try {
      const done = evaluated(script, now, host)
      now = done.link
      host.out(done.out)
    } catch (error) {
      return failed(problem(caught(error), false, link.old), link.old ? 252 : 1)
    }
  return { out: '', code: 0 }
}

interface Talk {
  link: Link
  /** Lines of an expression that has not ended. */
  begun: string
}

export const mongoPrompt: Prompt<Talk> = {
  begin(argv, host) {
    const { link, scripts, quiet, shell, wrong } = optionsOf(argv)
    if (argv[1] === '--version' || wrong !== undefined || (scripts.length > 0 && !shell)) return null
    try {
      const version = connect(host, link)
      let out = quiet ? '' : banner(link, version)
      let now = link
      for (const script of scripts) {
        const done = evaluated(script, now, host)
        now = done.link
        out += done.out
      }
      // The banner is there for who pipes lines in, too.
      if (host.terminal === null) host.out(out)
      return { state: { link: now, begun: '' }, out }
    } catch (error) {
      caught(error)
      // The refusal is told as for an expression.
      return null
    }
  },
  ask: ({ link, begun }) => (begun !== '' ? '... ' : link.old ? '> ' : `${link.db}> `),
  line(line, state, host) {
    const { link, begun } = state
    // mongosh shows its prompts to who pipes lines in, too.
    const prompt = host.terminal === null && !link.old ? mongoPrompt.ask(state) : ''
    if (begun === '' && /^\s*(exit|quit)\s*(\(\s*\))?\s*;?\s*$/.test(line)) return { state, out: prompt, code: 0 }
    const text = `${begun}${begun === '' ? '' : '\n'}${line}`
    try {
      const done = evaluated(text, link, host)
      return { state: { link: done.link, begun: '' }, out: prompt + done.out }
    } catch (error) {
      if (error instanceof Unfinished && line.trim() !== '') return { state: { link, begun: text }, out: prompt }
      return { state: { link, begun: '' }, out: prompt + problem(caught(error), true, link.old) }
    }
  },
  end: (state, host) => ({ out: host.terminal !== null ? '\n' : state.link.old ? 'bye\n' : mongoPrompt.ask(state), code: 0 }),
}
