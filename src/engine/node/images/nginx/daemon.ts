/** nginx by its configuration: read and judged at the start and at each reload, then asked for every request. */
import type { HttpReply, HttpRequest } from '../../../machinery/http.ts'
import type { Host } from '../../programs/program.ts'
import { slashTime } from '../../web.ts'
import { Answering, normalised } from './answer.ts'
import { comeUp } from './boot.ts'
import { all, checkDirective, checkModules, checkWhole, listenOf, passedTo, pattern } from './check.ts'
import type { NginxDaemon, NginxState } from './index.ts'
import { errorLog, firstName, logAccess, logError, writeTo } from './logs.ts'
import { type Addresses, peerOf, upstreamOf } from './proxy.ts'
import { numbered } from './reasons.ts'
import { follows, httpOf, listensOf, namesOf, portsOf, serverFor, serversOf, within } from './site.ts'
import { type Directive, Emerg, emergAt, readConfiguration, type Source } from './syntax.ts'
import { noticesOfStart } from './usual.ts'
import { expand, type Passage } from './variables.ts'

const MAIN = '/etc/nginx/nginx.conf'
function globbed(host: Host, pattern: string): string[] {
  const cut = pattern.lastIndexOf('/')
  const [folder, last] = [pattern.slice(0, cut), pattern.slice(cut + 1)]
  const escaped = last
    .replace(/[.+^$(){}|\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
  const matcher = new RegExp(`^${escaped}$`)
  return (host.files.list(folder) ?? [])
    .filter((name) => matcher.test(name) && (!name.startsWith('.') || last.startsWith('.')))
    .map((name) => `${folder}/${name}`)
}

const sourceOf = (host: Host): Source => ({
  read: (path) => host.files.read(path),
  unreadable: (path) => numbered(host.files.unreadable(path) || 'No such file or directory'),
  glob: (pattern) => globbed(host, pattern),
})

const IP = /^(?:\d+\.){3}\d+$|^\[|^unix:/

/** Addresses are asked for once: who moves is not followed before the next reload. */
function addressesIn(tree: readonly Directive[], host: Host): Addresses {
  const found: Record<string, string[]> = {}
  const ask = (name: string, at: Directive): void => {
    if (IP.test(name)) return
    found[name] ??= host.resolve(name)
    if (found[name].length === 0) throw emergAt(at, `host not found in upstream "${at.name === 'server' ? at.args[0] : name}"`)
  }
  for (const upstream of within(httpOf(tree), 'upstream'))
    for (const server of within(upstream, 'server')) ask(peerOf(server).host, server)
  for (const [directive] of all(tree)) {
    const to = directive.name === 'proxy_pass' ? passedTo(directive) : null
    if (to && !upstreamOf(tree, to.host)) ask(to.host, directive)
  }
  return found
}

function checkCertificates(tree: readonly Directive[], host: Host): void {
  for (const server of serversOf(tree)) {
    const tls = listensOf(server).find((listen) => listenOf(listen).ssl)
    if (!tls) continue
    const certificates = [...within(server, 'ssl_certificate'), ...within(httpOf(tree), 'ssl_certificate')]
    if (certificates.length === 0) throw emergAt(server, 'no "ssl_certificate" is defined for the "listen ... ssl" directive')
    for (const { args } of [...certificates, ...within(server, 'ssl_certificate_key')]) {
      const [given = ''] = args
      const path = given.startsWith('/') ? given : `/etc/nginx/${given}`
      if (given.includes('$') || host.files.read(path) !== undefined) continue
      throw new Emerg(
        `cannot load certificate${args === certificates[0]?.args ? '' : ' key'} "${path}": BIO_new_file() failed (SSL: error:80000002:system library::No such file or directory:calling fopen(${path}, r) error:10000080:BIO routines::no such file)`,
      )
    }
  }
}

/** Reads the whole of it; `warn` hears what does not hinder. Throws {@link Emerg}. */
function read(host: Host, warn: (text: string) => void, file = MAIN): NginxState {
  const tree = readConfiguration(file, sourceOf(host), checkDirective)
  const user = tree.find(({ name }) => name === 'user')
  if (user && host.user !== 0)
    warn(
      `the "user" directive makes sense only if the master process runs with super-user privileges, ignored in ${user.file}:${user.line}`,
    )
  checkWhole(tree)
  const addresses = addressesIn(tree, host)
  checkCertificates(tree, host)
  const seen = new Set<string>()
  for (const server of serversOf(tree))
    for (const listen of listensOf(server))
      for (const name of namesOf(server)) {
        const { address, port } = listenOf(listen)
        const key = `"${name}" on ${address}:${port}`
        if (seen.has(key)) warn(`conflicting server name ${key}, ignored`)
        seen.add(key)
      }
  return { tree, addresses }
}

const FOLDERS = ['client_temp', 'proxy_temp', 'fastcgi_temp', 'uwsgi_temp', 'scgi_temp'].map((name) => `/var/cache/nginx/${name}`)
const NGINX_USER = '101'

/** Others that are called nginx were built to run as anybody: bitnami's, chainguard's. */
const OFFICIAL = /^(?:library|docker\/library|nginx|e2e-test-images)\/nginx$/

/** What the master does before it listens: folders for bodies, logs, its own number. */
function prepare(host: Host, tree: readonly Directive[]): void {
  if (!OFFICIAL.test(host.repository)) return
  const reason = (output: string): string => numbered(output.trim().split(': ').at(-1) ?? '')
  for (const folder of FOLDERS) {
    if (host.files.isDirectory(folder)) continue
    const made = host.run(['mkdir', folder])
    if (made.code !== 0) throw new Emerg(`mkdir() "${folder}" failed (${reason(made.output)})`)
    if (host.user !== 0) continue
    const owned = host.run(['chown', NGINX_USER, folder])
    if (owned.code !== 0) throw new Emerg(`chown("${folder}", ${NGINX_USER}) failed (${reason(owned.output)})`)
  }
  const pid = tree.find(({ name }) => name === 'pid')?.args[0] ?? '/run/nginx.pid'
  const failed = host.files.write(pid, `${host.pid}\n`)
  if (failed !== '') throw new Emerg(`open() "${pid}" failed (${numbered(failed)})`)
}

/** A line before the logs are open goes to standard error twice: with its time, and for whoever typed the command. */
function early(host: Host, level: string, text: string): void {
  host.out(`${slashTime(host.now)} [${level}] ${host.pid}#${host.pid}: ${text}\nnginx: [${level}] ${text}\n`, 'stderr')
}

const wordsOf = (argv: readonly string[], flag: string): string | undefined => argv[argv.indexOf(flag) + 1 || argv.length]

function isDaemon(host: Host, tree: readonly Directive[]): boolean {
  if (/\bdaemon\s+off\s*;/.test(wordsOf(host.argv, '-g') ?? '')) return false
  return tree.find(({ name }) => name === 'daemon')?.args[0] !== 'off'
}

function start(host: Host): NginxState | null {
  if (/docker-entrypoint\.sh$/.test(host.argv[0] ?? '')) comeUp(host)
  try {
    const state = read(host, (text) => early(host, 'warn', text), wordsOf(host.argv, '-c') ?? MAIN)
    checkModules(state.tree)
    prepare(host, state.tree)
    const { path, level } = errorLog([], state.tree)
    if (/^(?:debug|info|notice)$/.test(level)) for (const line of noticesOfStart(host)) writeTo(host, path, line)
    // What goes into the background leaves its container without a first process.
    if (host.argv.join(' ') === host.mainArgv.join(' ') && isDaemon(host, state.tree)) host.exit(0)
    return state
  } catch (error) {
    if (!(error instanceof Emerg)) throw error
    early(host, 'emerg', error.message)
    host.exit(1)
    return null
  }
}

/** With a wrong configuration the old one goes on. */
function reload(state: NginxState | null, host: Host): NginxState | null {
  const { path } = errorLog([], state?.tree ?? [])
  const tell = (level: string, text: string): void =>
    writeTo(host, path, `${slashTime(host.now)} [${level}] ${host.pid}#${host.pid}: ${text}`)
  tell('notice', 'signal 1 (SIGHUP) received, reconfiguring')
  tell('notice', 'reconfiguring')
  try {
    return read(host, (text) => tell('warn', text))
  } catch (error) {
    if (!(error instanceof Emerg)) throw error
    tell('emerg', error.message)
    return state
  }
}

function test(host: Host): { out: string; code: number } {
  const file = wordsOf(host.argv, '-c') ?? MAIN
  const lines: string[] = []
  // Into the error log, which is standard error, and to whoever asked.
  const tell = (level: string, text: string): void =>
    void lines.push(`${slashTime(host.now)} [${level}] 40#40: ${text}`, `nginx: [${level}] ${text}`)
  const done = (code: number): { out: string; code: number } => ({ out: `${lines.join('\n')}\n`, code })
  try {
    const { tree } = read(host, (text) => tell('warn', text), file)
    lines.push(`nginx: the configuration file ${file} syntax is ok`)
    checkModules(tree)
    lines.push(`nginx: configuration file ${file} test is successful`)
    return done(0)
  } catch (error) {
    if (!(error instanceof Emerg)) throw error
    tell('emerg', error.message)
    lines.push(`nginx: configuration file ${file} test failed`)
    return done(1)
  }
}

/** `map` and `geo`: a value by another one, reckoned when it is asked for. */
function madeOf(tree: readonly Directive[], passage: () => Passage): (name: string) => string | undefined {
  const maps = [...within(httpOf(tree), 'map')]
  return (name) => {
    const map = maps.find(({ args }) => args[1] === `$${name}`)
    if (!map) return undefined
    const value = expand(map.args[0] ?? '', passage())
    let standard = ''
    let matched: string | undefined
    for (const row of map.block ?? []) {
      const [to = ''] = row.args
      if (row.name === 'default') standard = to
      else if (row.name.startsWith('~')) {
        const insensitive = row.name.startsWith('~*')
        const found =
          matched === undefined ? pattern(row.name.slice(insensitive ? 2 : 1), insensitive ? 'i' : '', row).exec(value) : null
        if (found) matched = expand(to, { ...passage(), groups: found })
      } else if (row.name.toLowerCase() === value.toLowerCase()) return expand(to, passage())
    }
    return matched ?? expand(standard, passage())
  }
}

function http(request: HttpRequest, state: NginxState, host: Host, port: number): HttpReply {
  const name = (request.headers?.['host'] ?? '').replace(/:\d+$/, '').toLowerCase()
  const server = serverFor(state.tree, port, name)
  if (!server) return { status: 0, body: '' }
  const at: Passage = {
    request,
    host,
    port,
    uri: normalised(request.path),
    args: request.path.split('?').slice(1).join('?'),
    serverName: firstName(server),
    set: new Map(),
    groups: [],
    status: 0,
    sent: 0,
    upstream: '',
    documentRoot: '',
    made: madeOf(state.tree, () => at),
  }
  const answering = new Answering(
    { ...state, tell: (chain, passage, text) => logError(state.tree, chain, passage, text) },
    server,
    at,
  )
  const reply = answering.answer()
  logAccess(state.tree, answering.chain, at)
  // Closed without a word.
  return reply.status === 444 ? { status: 0, body: '' } : reply
}

export const daemon: NginxDaemon = {
  start,
  reload,
  test,
  http,
  dump,
  listens: ({ tree }) => portsOf(tree),
  follows: ({ tree }) => follows(tree),
}

/** `nginx -T`: every file that was read, one after the other. */
function dump(host: Host): string {
  const files = new Map<string, string>()
  const source = sourceOf(host)
  const keep = {
    ...source,
    read: (path: string) => {
      const text = source.read(path)
      if (text !== undefined) files.set(path, text)
      return text
    },
  }
  readConfiguration(MAIN, keep, checkDirective)
  return [...files].map(([path, text]) => `# configuration file ${path}:\n${text}\n`).join('')
}
